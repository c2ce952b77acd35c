/* problems/ihvp/ihvp_problem.h: for authors of scripts. */
#ifndef CLAIMCHECK_PROBLEMS_IHVP_PROBLEM_H
#define CLAIMCHECK_PROBLEMS_IHVP_PROBLEM_H

#include "harness/family.h"
#include "problems/ihvp/ihvp.h"

enum { IHVP_DENSE = 1000 }; /* answers are judged up to this d */

/* An instance: what is said, line by line. `begin` of the cc_problem is ihvp_begin. */
typedef struct ihvp_script {
    size_t d, m, lines;
    double lambda;
    const ihvp_line *line;
} ihvp_script;

/* The environment of a run: where it is, and the window as the lines so far have left it. */
typedef struct ihvp_place {
    size_t next, newest, oldest; /* line; row of the window that came last; row to be replaced */
    const double **window;       /* m rows; NULL: zero */
    ihvp_line last;              /* the line that the candidate answers */
    int judged;                  /* `dense` holds the Cholesky factor of this window's F; for the metrics alone */
    double *dense;               /* d x d and two vectors; NULL when d is above IHVP_DENSE */
} ihvp_place;
CC_FAMILY_API cc_status ihvp_begin(cc_run *scope, const void *instance, void **env);

/* Checks d, m >= 1, lambda > 0 and finite, gradients and vectors finite, element indices below d, and that nothing is asked before
 * the first gradient. CC_EINVAL names the line. */
CC_FAMILY_API cc_status ihvp_accept(cc_run *scope, const ihvp_script *script);

/* How gradients are drawn: NORMAL all independent standard normals; SPECTRUM with variances falling geometrically from 1 to .01
 * over the coordinates; REPEATED one normal vector, again and again. */
typedef enum ihvp_law { IHVP_NORMAL, IHVP_SPECTRUM, IHVP_REPEATED } ihvp_law;
#define IHVP_LAWS "normal spectrum repeated"
CC_FAMILY_API void ihvp_draw(cc_rng *rng, ihvp_law law, size_t n, size_t d, double *rows);

/* F of the window, dense: d x d, lower triangle, out of row pointers (NULL: zero). */
CC_FAMILY_API void ihvp_fisher(size_t d, size_t m, double lambda, const double *const *window, double *fisher);

#endif
