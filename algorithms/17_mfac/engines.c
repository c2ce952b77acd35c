/* algorithms/17_mfac/engines.c: engines made and fed, what is wrong refused; and engines as algorithms that answer a script. */
#include <math.h>

#include "algorithms/17_mfac/mfac.h"
#include "problems/ihvp/ihvp.h"

static const mfac_ops *const kinds[] = {&mfac_static, &mfac_recursion, &mfac_dynamic, &mfac_triangular, &mfac_dense};

cc_status mfac_create(cc_run *run, mfac_kind kind, const mfac_spec *spec, mfac_engine **engine)
{
    if (!spec->m || !spec->d) return cc_fail(run, CC_EINVAL, "m=%zu gradients of R^%zu: both are at least 1", spec->m, spec->d);
    if (!(spec->lambda > 0) || isinf(spec->lambda))
        return cc_fail(run, CC_EINVAL, "lambda=%g is not positive and finite", spec->lambda);
    if (spec->d > SIZE_MAX / sizeof(double) / spec->m || spec->m > SIZE_MAX / sizeof(double) / spec->m)
        return cc_fail(run, CC_EINVAL, "m=%zu gradients of R^%zu are more than an address can hold", spec->m, spec->d);
    CC_NEW(run, *engine, 1);
    **engine = (mfac_engine){.ops = kinds[kind], .spec = *spec, .run = run};
    return kinds[kind]->create(run, *engine);
}

static cc_status check(const mfac_engine *e, size_t n, const double *g)
{
    for (size_t k = 0; k < n; k++)
        if (!isfinite(g[k]))
            return cc_fail(e->run, CC_EINVAL, "gradient %zu has %g at coordinate %zu", k / e->spec.d, g[k], k % e->spec.d);
    return CC_OK;
}

cc_status mfac_build(mfac_engine *e, const double *rows)
{
    CC_TRY(check(e, e->spec.m * e->spec.d, rows));
    return e->ops->build(e, rows);
}

cc_status mfac_push(mfac_engine *e, const double *g)
{
    CC_TRY(check(e, e->spec.d, g));
    return e->ops->push(e, g);
}

/* ---- as algorithms ---- */

typedef struct clerk {
    mfac_engine *engine;
    ihvp_answer answer;
    double *values;
} clerk;

static cc_status start(cc_run *run, mfac_kind kind, mfac_spec spec, void **state)
{
    clerk *s;
    CC_NEW(run, s, 1);
    *state = s;
    spec.m = ihvp_window(run), spec.d = ihvp_dim(run), spec.lambda = ihvp_damping(run);
    CC_NEW(run, s->values, spec.d);
    s->answer.values = s->values;
    CC_TRY(mfac_create(run, kind, &spec, &s->engine));
    ihvp_report_words(run, s->engine->bill.words);
    return CC_OK;
}

cc_status mfac_static_init(cc_run *run, void **state)
{
    const mfac_spec spec = {.storage = (mfac_storage)cc_choice(run, "storage"), .block = (size_t)cc_int(run, "block")};
    return start(run, MFAC_STATIC, spec, state);
}

cc_status mfac_recursion_init(cc_run *run, void **state)
{
    return start(run, MFAC_RECURSION, (mfac_spec){.slip = cc_choice(run, "divide")}, state);
}

cc_status mfac_dynamic_init(cc_run *run, void **state)
{
    const mfac_spec spec = {.storage = (mfac_storage)cc_choice(run, "storage"),
                            .slip = cc_bool(run, "stale"),
                            .naive = cc_choice(run, "solve") == MFAC_SOLVE_NAIVE};
    return start(run, MFAC_DYNAMIC, spec, state);
}

cc_status mfac_triangular_init(cc_run *run, void **state)
{
    return start(run, MFAC_TRIANGULAR, (mfac_spec){.slip = cc_bool(run, "stale")}, state);
}

cc_status mfac_dense_init(cc_run *run, void **state)
{
    return start(run, MFAC_DENSE, (mfac_spec){.block = (size_t)cc_int(run, "block")}, state);
}

static cc_status cannot(cc_run *run, const clerk *s, const char *what)
{
    return cc_fail(run, CC_EINVAL, "the %s engine cannot %s", s->engine->ops->id, what);
}

static cc_status feed(cc_run *run, clerk *s, const ihvp_line *line)
{
    s->answer.n = 0;
    if (line->ask == IHVP_BUILD) return s->engine->ops->build ? mfac_build(s->engine, line->rows) : cannot(run, s, "take a window");
    return s->engine->ops->push ? mfac_push(s->engine, line->rows) : cannot(run, s, "replace a gradient");
}

cc_status mfac_clerk_step(cc_run *run, void *state)
{
    clerk *s = state;
    const mfac_ops *ops = s->engine->ops;
    ihvp_line line;
    CC_TRY(ihvp_next(run, &line));
    s->answer.n = line.ask == IHVP_ELEMENT ? 1 : s->engine->spec.d;
    switch (line.ask) {
    case IHVP_PRODUCT:
        ops->product(s->engine, line.x, s->values);
        return CC_OK;
    case IHVP_NEWEST:
        if (!ops->newest) return cannot(run, s, "say which gradient is the newest");
        ops->newest(s->engine, s->values);
        return CC_OK;
    case IHVP_DIAGONAL:
        if (!ops->diagonal) return cannot(run, s, "give the diagonal");
        ops->diagonal(s->engine, s->values);
        return CC_OK;
    case IHVP_ELEMENT:
        if (!ops->element) return cannot(run, s, "give an element");
        s->values[0] = ops->element(s->engine, line.i, line.j);
        return CC_OK;
    case IHVP_COLUMN:
        if (!ops->column) return cannot(run, s, "give a column");
        ops->column(s->engine, line.j, s->values);
        return CC_OK;
    case IHVP_END:
        return cc_finish(run, "END");
    default:
        return feed(run, s, &line);
    }
}

const void *mfac_clerk_candidate(void *state) { return &((clerk *)state)->answer; }
