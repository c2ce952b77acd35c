/* problems/ihvp/ihvp.c: scripts as they are read, line by line, and refused. */
#include <math.h>

#include "problems/ihvp/ihvp_problem.h"

static const ihvp_script *script_of(cc_run *run) { return cc_oracle_of(run)->instance; }

size_t ihvp_dim(cc_run *run) { return script_of(run)->d; }
size_t ihvp_window(cc_run *run) { return script_of(run)->m; }
double ihvp_damping(cc_run *run) { return script_of(run)->lambda; }

cc_status ihvp_begin(cc_run *scope, const void *instance, void **env)
{
    const ihvp_script *script = instance;
    ihvp_place *place;
    CC_NEW(scope, place, 1);
    CC_NEW(scope, place->window, script->m);
    if (script->d <= IHVP_DENSE) CC_NEW(scope, place->dense, script->d * (script->d + 2));
    *env = place;
    return CC_OK;
}

/* What the line does to the window. */
static void turn(const ihvp_script *s, ihvp_place *place, const ihvp_line *line)
{
    if (line->ask == IHVP_BUILD || line->ask == IHVP_PUSH) place->judged = 0;
    if (line->ask == IHVP_BUILD) {
        for (size_t i = 0; i < s->m; i++) place->window[i] = line->rows + i * s->d;
        place->newest = s->m - 1;
        place->oldest = 0;
    } else if (line->ask == IHVP_PUSH) {
        place->newest = place->oldest;
        place->window[place->newest] = line->rows;
        place->oldest = (place->newest + 1) % s->m;
    }
}

cc_status ihvp_next(cc_run *run, ihvp_line *line)
{
    const ihvp_script *s = script_of(run);
    const cc_oracle *oracle = cc_oracle_of(run);
    ihvp_place *place = oracle->env;
    *line = place->next < s->lines ? s->line[place->next++] : (ihvp_line){.ask = IHVP_END};
    turn(s, place, line);
    place->last = *line;
    if (line->ask == IHVP_BUILD)
        oracle->count[0] += s->m;
    else if (line->ask == IHVP_PUSH)
        oracle->count[0]++;
    else if (line->ask != IHVP_END)
        oracle->count[1]++;
    return CC_OK;
}

void ihvp_report_words(cc_run *run, size_t words) { cc_oracle_of(run)->count[2] = words; }

static int all_finite(size_t n, const double *x)
{
    for (size_t i = 0; i < n; i++)
        if (!isfinite(x[i])) return 0;
    return 1;
}

static cc_status accept_line(cc_run *scope, const ihvp_script *s, size_t at, int *gradients)
{
    const ihvp_line *line = s->line + at;
    if (line->ask == IHVP_BUILD || line->ask == IHVP_PUSH) {
        *gradients = 1;
        if (!line->rows || !all_finite((line->ask == IHVP_BUILD ? s->m : 1) * s->d, line->rows))
            return cc_fail(scope, CC_EINVAL, "line %zu: a gradient is missing or not finite", at + 1);
    } else if (!*gradients)
        return cc_fail(scope, CC_EINVAL, "line %zu asks before there is a gradient", at + 1);
    if (line->ask == IHVP_PRODUCT && (!line->x || !all_finite(s->d, line->x)))
        return cc_fail(scope, CC_EINVAL, "line %zu: the vector is missing or not finite", at + 1);
    if ((line->ask == IHVP_ELEMENT && line->i >= s->d) ||
        ((line->ask == IHVP_ELEMENT || line->ask == IHVP_COLUMN) && line->j >= s->d))
        return cc_fail(scope, CC_EINVAL, "line %zu: element (%zu, %zu) of a matrix of order %zu", at + 1, line->i, line->j, s->d);
    return CC_OK;
}

cc_status ihvp_accept(cc_run *scope, const ihvp_script *s)
{
    int gradients = 0;
    if (!s->d || !s->m) return cc_fail(scope, CC_EINVAL, "d=%zu and m=%zu; both are at least 1", s->d, s->m);
    if (!(s->lambda > 0) || isinf(s->lambda)) return cc_fail(scope, CC_EINVAL, "lambda=%g is not positive and finite", s->lambda);
    for (size_t at = 0; at < s->lines; at++) CC_TRY(accept_line(scope, s, at, &gradients));
    return CC_OK;
}
