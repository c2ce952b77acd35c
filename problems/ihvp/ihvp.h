/* problems/ihvp/ihvp.h: products with the inverse of a damped empirical Fisher matrix; what an algorithm sees of a script of them.
 *
 *     F = lambda I + (1/m) sum_{i < m} g_i g_i',  g_i in R^d, m the window, lambda > 0
 *
 * A script hands out gradients and asks for F^-1: of a vector, of the newest gradient, its diagonal, one element, one column. One
 * step of an algorithm takes the next line (ihvp_next) and answers it; its candidate is the answer to the last line. In a stream
 * gradients come one by one: the window keeps the last m, and until m have come the others count as zero (the division is by m
 * throughout).
 *
 * Bills: n_gradient gradients handed out, n_answer answers asked for; both metered. Reported: n_word, the numbers (of 8 bytes) that
 * an algorithm keeps. */
#ifndef CLAIMCHECK_PROBLEMS_IHVP_H
#define CLAIMCHECK_PROBLEMS_IHVP_H

#include "harness/run.h"

typedef enum ihvp_ask {
    IHVP_END,      /* the script is over */
    IHVP_BUILD,    /* `rows`: m gradients at once (m x d), the window from now on */
    IHVP_PUSH,     /* `rows`: one gradient, which replaces the oldest */
    IHVP_PRODUCT,  /* F^-1 x */
    IHVP_NEWEST,   /* F^-1 g, g the gradient that came last */
    IHVP_DIAGONAL, /* the diagonal of F^-1 */
    IHVP_ELEMENT,  /* element (i, j) */
    IHVP_COLUMN    /* column j */
} ihvp_ask;

typedef struct ihvp_line {
    ihvp_ask ask;
    const double *rows, *x; /* the instance's */
    size_t i, j;
} ihvp_line;

/* The family's candidate: the answer to the last line; BUILD and PUSH have none (n = 0). */
typedef struct ihvp_answer {
    size_t n; /* d, or 1 for an element */
    const double *values;
} ihvp_answer;

CC_FAMILY_API size_t ihvp_dim(cc_run *run);     /* d */
CC_FAMILY_API size_t ihvp_window(cc_run *run);  /* m */
CC_FAMILY_API double ihvp_damping(cc_run *run); /* lambda */

/* The next line of the script. */
CC_FAMILY_API cc_status ihvp_next(cc_run *run, ihvp_line *line);

CC_FAMILY_API void ihvp_report_words(cc_run *run, size_t words); /* the counter holds what was said last */

#endif
