/* problems/ihvp/scripts.c: generated scripts: one window and every kind of question; a stream with questions after each gradient.
 */
#include <math.h>

#include "problems/ihvp/problems.h"

enum { STREAM_ROWS, STREAM_VECTORS, STREAM_ORDER, STREAM_ELEMENTS };

void ihvp_draw(cc_rng *rng, ihvp_law law, size_t n, size_t d, double *rows)
{
    cc_normal(rng, (law == IHVP_REPEATED ? 1 : n) * d, rows);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < d; j++) {
            if (law == IHVP_SPECTRUM && d > 1) rows[i * d + j] *= pow(10, -(double)j / (double)(d - 1)); /* variance 10^-2j/(d-1) */
            if (law == IHVP_REPEATED) rows[i * d + j] = rows[j];
        }
}

static cc_status open_script(cc_run *scope, size_t gradients, size_t lines, ihvp_script **script, double **rows, ihvp_line **line)
{
    ihvp_script *s;
    cc_rng rng = cc_stream(scope, STREAM_ROWS, 0);
    CC_NEW(scope, s, 1);
    s->d = (size_t)cc_int(scope, "d"), s->m = (size_t)cc_int(scope, "m"), s->lambda = cc_real(scope, "lambda");
    if (!gradients) gradients = s->m;
    CC_NEW(scope, *rows, gradients * s->d);
    CC_NEW(scope, *line, lines);
    ihvp_draw(&rng, (ihvp_law)cc_choice(scope, "law"), gradients, s->d, *rows);
    s->line = *line;
    *script = s;
    return CC_OK;
}

/* The rows in another order: the number of the order names its permutation, 0 leaves them as they are drawn. */
static cc_status reorder(cc_run *scope, const ihvp_script *s, double *rows)
{
    const int64_t order = cc_int(scope, "order");
    cc_rng rng = cc_stream(scope, STREAM_ORDER, (uint64_t)order);
    for (size_t i = s->m - 1; order && i > 0; i--) {
        const size_t j = cc_below(&rng, i + 1);
        for (size_t k = 0; k < s->d; k++) {
            const double kept = rows[i * s->d + k];
            rows[i * s->d + k] = rows[j * s->d + k];
            rows[j * s->d + k] = kept;
        }
    }
    return CC_OK;
}

/* Two vectors at large, one in the span of the gradients, everything else once, elements on and off the diagonal. */
cc_status ihvp_batch_create(cc_run *scope, void **instance)
{
    enum { LINES = 10 };
    ihvp_script *s;
    ihvp_line *line;
    double *rows, *x;
    cc_rng vectors = cc_stream(scope, STREAM_VECTORS, 0), elements = cc_stream(scope, STREAM_ELEMENTS, 0);
    CC_TRY(open_script(scope, 0, LINES, &s, &rows, &line));
    CC_NEW(scope, x, 2 * s->d);
    cc_normal(&vectors, 2 * s->d, x);
    CC_TRY(reorder(scope, s, rows));
    const size_t i = cc_below(&elements, s->d), j = cc_below(&elements, s->d), k = cc_below(&elements, s->d);
    const ihvp_line said[LINES] = {{IHVP_BUILD, .rows = rows},
                                   {IHVP_PRODUCT, .x = x},
                                   {IHVP_PRODUCT, .x = x + s->d},
                                   {IHVP_PRODUCT, .x = rows + (s->m / 2) * s->d},
                                   {IHVP_NEWEST},
                                   {IHVP_DIAGONAL},
                                   {IHVP_ELEMENT, .i = i, .j = j},
                                   {IHVP_ELEMENT, .i = j, .j = k},
                                   {IHVP_ELEMENT, .i = k, .j = k},
                                   {IHVP_COLUMN, .j = i}};
    for (size_t l = 0; l < LINES; l++) line[l] = said[l];
    s->lines = LINES;
    *instance = s;
    return ihvp_accept(scope, s);
}

/* After each gradient: its own product, and that of a vector at large. */
cc_status ihvp_stream_create(cc_run *scope, void **instance)
{
    enum { A_GRADIENT = 3 };
    ihvp_script *s;
    ihvp_line *line;
    double *rows, *x;
    cc_rng vectors = cc_stream(scope, STREAM_VECTORS, 0);
    size_t updates = (size_t)cc_int(scope, "updates");
    if (!updates) updates = 3 * (size_t)cc_int(scope, "m") + 5;
    CC_TRY(open_script(scope, updates, A_GRADIENT * updates, &s, &rows, &line));
    CC_NEW(scope, x, updates * s->d);
    cc_normal(&vectors, updates * s->d, x);
    for (size_t t = 0; t < updates; t++) {
        line[A_GRADIENT * t] = (ihvp_line){IHVP_PUSH, .rows = rows + t * s->d};
        line[A_GRADIENT * t + 1] = (ihvp_line){IHVP_NEWEST};
        line[A_GRADIENT * t + 2] = (ihvp_line){IHVP_PRODUCT, .x = x + t * s->d};
    }
    s->lines = A_GRADIENT * updates;
    *instance = s;
    return ihvp_accept(scope, s);
}
