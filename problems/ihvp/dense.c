/* problems/ihvp/dense.c: answers judged: F is formed, factored by LAPACK and solved with. Shares nothing with any algorithm. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/numerics/linalg.h"
#include "problems/ihvp/problems.h"

void ihvp_fisher(size_t d, size_t m, double lambda, const double *const *window, double *fisher)
{
    memset(fisher, 0, d * d * sizeof *fisher);
    for (size_t i = 0; i < m; i++)
        if (window[i]) cc_syr(d, 1 / (double)m, window[i], fisher);
    for (size_t j = 0; j < d; j++) fisher[j * d + j] += lambda;
}

typedef struct judged {
    const ihvp_script *script;
    const ihvp_place *place;
    const ihvp_answer *answer;
    double *factor, *column, *want; /* L L' = F; scratch; the right answer */
} judged;

/* want = F^-1 b */
static void solve(const judged *j, const double *b)
{
    memcpy(j->want, b, j->script->d * sizeof *b);
    cc_potrs(j->script->d, j->factor, j->want);
}

static void solve_unit(const judged *j, size_t at)
{
    memset(j->want, 0, j->script->d * sizeof *j->want);
    j->want[at] = 1;
    cc_potrs(j->script->d, j->factor, j->want);
}

static void solve_diagonal(const judged *j)
{
    for (size_t i = 0; i < j->script->d; i++) {
        solve_unit(j, i);
        j->column[i] = j->want[i];
    }
    memcpy(j->want, j->column, j->script->d * sizeof *j->want);
}

/* An element may be nearly zero: its error is measured in units of sqrt(F^-1_ii F^-1_jj), which bounds it. */
static double element_error(const judged *j)
{
    const ihvp_line *line = &j->place->last;
    solve_unit(j, line->i);
    const double want = j->want[line->j], ii = j->want[line->i];
    solve_unit(j, line->j);
    return fabs(j->answer->values[0] - want) / sqrt(ii * j->want[line->j]);
}

static double vector_error(const judged *j)
{
    double wrong = 0, size = 0;
    for (size_t i = 0; i < j->script->d; i++) {
        wrong += pow(j->answer->values[i] - j->want[i], 2);
        size += pow(j->want[i], 2);
    }
    return size > 0 ? sqrt(wrong / size) : sqrt(wrong);
}

static double error_of(const judged *j)
{
    const ihvp_line *line = &j->place->last;
    const size_t expected = line->ask == IHVP_ELEMENT ? 1 : j->script->d;
    if (j->answer->n != expected) return INFINITY;
    switch (line->ask) {
    case IHVP_ELEMENT:
        return element_error(j);
    case IHVP_PRODUCT:
        solve(j, line->x);
        break;
    case IHVP_NEWEST:
        solve(j, j->place->window[j->place->newest]);
        break;
    case IHVP_DIAGONAL:
        solve_diagonal(j);
        break;
    default:
        solve_unit(j, line->j);
    }
    return vector_error(j);
}

double ihvp_metric_error(const cc_oracle *oracle, const void *candidate)
{
    const ihvp_script *s = oracle->instance;
    ihvp_place *place = oracle->env;
    const ihvp_ask ask = place->last.ask;
    if (!place->dense || ask == IHVP_END || ask == IHVP_BUILD || ask == IHVP_PUSH) return NAN;
    judged j = {s, place, candidate, place->dense, place->dense + s->d * s->d, place->dense + s->d * (s->d + 1)};
    if (!place->judged) {
        ihvp_fisher(s->d, s->m, s->lambda, place->window, place->dense);
        if (cc_potrf(s->d, place->dense)) return NAN;
        place->judged = 1;
    }
    const double error = error_of(&j);
    return isnan(error) ? INFINITY : error; /* an answer that is no number */
}

/* The largest eigenvalue of G G' / m. */
static double largest(const ihvp_script *s, const ihvp_place *place, double *gram, double *w)
{
    for (size_t i = 0; i < s->m; i++)
        for (size_t k = 0; k <= i; k++)
            gram[i * s->m + k] =
                place->window[i] && place->window[k] ? cc_dot(s->d, place->window[i], place->window[k]) / (double)s->m : 0;
    return cc_syev(s->m, gram, 0, w) ? NAN : w[s->m - 1];
}

double ihvp_metric_condition(const cc_oracle *oracle, const void *candidate)
{
    const ihvp_script *s = oracle->instance;
    double *gram = malloc((s->m * s->m + s->m) * sizeof *gram);
    (void)candidate;
    if (!gram) return NAN;
    const double top = largest(s, oracle->env, gram, gram + s->m * s->m);
    free(gram);
    return (s->lambda + top) / s->lambda;
}
