/* problems/dynset/generated.c: instances from a seed. */
#include <math.h>

#include "problems/dynset/draft.h"
#include "problems/dynset/problems.h"
#include "problems/splitmix.h"

static size_t below(uint64_t *state, size_t n) { return (size_t)(cc_sm64_uniform(state) * (double)n); }

/* ---- coverage with heavy-tailed degrees and popular items ---- */

cc_status dynset_pareto_create(cc_run *scope, void **instance)
{
    const size_t n = (size_t)cc_int(scope, "n"), items = n / 2 + 1;
    uint64_t state = cc_seed(scope);
    dynset_draft draft;
    dynset_instance *p;
    CC_TRY(dynset_draft_open(scope, &draft));
    for (size_t e = 0; e < n; e++) {
        const double u = cc_sm64_uniform(&state), degree = fmin(fmin(200, (double)items), 1 + floor(pow(1 - u, -1 / 1.5)));
        CC_TRY(dynset_draft_element(&draft));
        for (size_t have = 0; have < (size_t)degree;) {
            int fresh;
            CC_TRY(dynset_draft_item(&draft, (size_t)((double)items * pow(cc_sm64_uniform(&state), 1.5)), &fresh));
            have += (size_t)fresh;
        }
    }
    CC_TRY(dynset_draft_close(&draft, items, NULL, INFINITY, &p));
    *instance = p;
    return dynset_finish(scope, p);
}

/* ---- small instances, whose optimum can be found ---- */

enum { COVERAGE, WEIGHTED, SATURATED, FACILITY };

static cc_status small_scores(cc_run *scope, uint64_t *state, size_t n, size_t clients, dynset_instance **p)
{
    dynset_scores *s;
    float *score;
    CC_NEW(scope, s, 1);
    CC_NEW(scope, *p, 1);
    CC_NEW(scope, score, n * clients);
    for (size_t i = 0; i < n * clients; i++) {
        const double u = cc_sm64_uniform(state);
        score[i] = cc_sm64_uniform(state) < .4 ? 0 : dynset_score(u * u);
    }
    *s = (dynset_scores){.n = n, .clients = clients, .score = score};
    **p = (dynset_instance){.f = &dynset_facility, .data = s, .n = n};
    return CC_OK;
}

/* Element e covers an item with a probability of its own, from .02 to .35: a few are large. */
static cc_status small_cover(cc_run *scope, uint64_t *state, int kind, size_t n, size_t items, dynset_instance **p)
{
    double *weight, total = 0;
    dynset_draft draft;
    CC_NEW(scope, weight, items);
    for (size_t i = 0; i < items; i++) total += weight[i] = kind == COVERAGE ? 1 : pow(1 - cc_sm64_uniform(state), -.5);
    CC_TRY(dynset_draft_open(scope, &draft));
    for (size_t e = 0; e < n; e++) {
        const double u = cc_sm64_uniform(state), chance = .02 + .33 * u * u;
        CC_TRY(dynset_draft_element(&draft));
        CC_TRY(dynset_draft_item(&draft, below(state, items), NULL));
        for (size_t i = 0; i < items; i++)
            if (cc_sm64_uniform(state) < chance) CC_TRY(dynset_draft_item(&draft, i, NULL));
    }
    return dynset_draft_close(&draft, items, kind == COVERAGE ? NULL : weight, kind == SATURATED ? total / 3 : INFINITY, p);
}

cc_status dynset_small_create(cc_run *scope, void **instance)
{
    const size_t n = (size_t)cc_int(scope, "n"), items = (size_t)cc_int(scope, "items");
    const int kind = cc_choice(scope, "kind");
    const int64_t number = cc_int(scope, "instance");
    uint64_t state = number < 0 ? cc_seed(scope) : (uint64_t)number * 4 + (uint64_t)kind;
    dynset_instance *p;
    CC_TRY(kind == FACILITY ? small_scores(scope, &state, n, items, &p) : small_cover(scope, &state, kind, n, items, &p));
    p->stream_seed = number < 0 ? cc_seed(scope) : (uint64_t)number; /* the same for each seed: then only answers are random */
    *instance = p;
    return dynset_finish(scope, p);
}

/* ---- modular: private items ---- */

cc_status dynset_modular_create(cc_run *scope, void **instance)
{
    const size_t n = (size_t)cc_int(scope, "n"), heavy = (size_t)cc_int(scope, "heavy");
    double *weight;
    dynset_draft draft;
    dynset_instance *p;
    CC_NEW(scope, weight, n);
    CC_TRY(dynset_draft_open(scope, &draft));
    for (size_t e = 0; e < n; e++) {
        weight[e] = e < heavy ? cc_real(scope, "heavy_weight") : cc_real(scope, "weight");
        CC_TRY(dynset_draft_element(&draft));
        CC_TRY(dynset_draft_item(&draft, e, NULL));
    }
    CC_TRY(dynset_draft_close(&draft, n, weight, INFINITY, &p));
    *instance = p;
    return dynset_finish(scope, p);
}

/* ---- groups whose members cover the same item, singles that cover one of their own ---- */

/* All of them come, then `extra` singles come and the first `gone` elements go, in turn. */
cc_status dynset_groups_create(cc_run *scope, void **instance)
{
    const size_t groups = (size_t)cc_int(scope, "groups"), size = (size_t)cc_int(scope, "mates"),
                 singles = (size_t)cc_int(scope, "singles");
    const size_t extra = (size_t)cc_int(scope, "extra"), gone = (size_t)cc_int(scope, "gone"), members = groups * size + singles;
    dynset_draft draft;
    dynset_instance *p;
    dynset_update *stream;
    size_t t = 0;
    if (gone > members) return cc_fail(scope, CC_EINVAL, "%zu elements go; there are %zu", gone, members);
    CC_NEW(scope, stream, members + extra + gone);
    CC_TRY(dynset_draft_open(scope, &draft));
    for (size_t e = 0; e < members + extra; e++) {
        CC_TRY(dynset_draft_element(&draft));
        CC_TRY(dynset_draft_item(&draft, e < groups * size ? e / size : groups + e - groups * size, NULL));
        if (e < members) stream[t++] = (dynset_update){.element = (uint32_t)e, .insert = 1};
    }
    for (size_t i = 0; i < extra || i < gone; i++) {
        if (i < extra) stream[t++] = (dynset_update){.element = (uint32_t)(members + i), .insert = 1};
        if (i < gone) stream[t++] = (dynset_update){.element = (uint32_t)i};
    }
    if (t) stream[t - 1].ask = 1;
    CC_TRY(dynset_draft_close(&draft, 0, NULL, INFINITY, &p));
    *instance = p;
    return dynset_finish_given(scope, p, t, stream);
}

/* ---- facility location among Gaussian clusters of the plane ---- */

static void points(uint64_t *state, size_t n, size_t clusters, const double *centre, double *xy)
{
    for (size_t i = 0; i < n; i++) {
        const size_t c = below(state, clusters);
        for (size_t j = 0; j < 2; j++) xy[2 * i + j] = centre[2 * c + j] + .05 * cc_sm64_normal(state);
    }
}

cc_status dynset_clusters_create(cc_run *scope, void **instance)
{
    const size_t n = (size_t)cc_int(scope, "n"), clients = (size_t)cc_int(scope, "clients"),
                 clusters = (size_t)cc_int(scope, "clusters");
    uint64_t state = cc_seed(scope);
    dynset_scores *s;
    dynset_instance *p;
    double *centre, *at, *client;
    float *score;
    CC_NEW(scope, s, 1);
    CC_NEW(scope, p, 1);
    CC_NEW(scope, centre, 2 * clusters);
    CC_NEW(scope, at, 2 * n);
    CC_NEW(scope, client, 2 * clients);
    CC_NEW(scope, score, n * clients);
    for (size_t i = 0; i < 2 * clusters; i++) centre[i] = cc_sm64_uniform(&state);
    points(&state, n, clusters, centre, at);
    points(&state, clients, clusters, centre, client);
    for (size_t e = 0; e < n; e++)
        for (size_t i = 0; i < clients; i++) {
            const double dx = at[2 * e] - client[2 * i], dy = at[2 * e + 1] - client[2 * i + 1];
            score[e * clients + i] = dynset_score(exp(-(dx * dx + dy * dy) / .02));
        }
    *s = (dynset_scores){.n = n, .clients = clients, .score = score};
    *p = (dynset_instance){.f = &dynset_facility, .data = s, .n = n, .stream_seed = cc_seed(scope)};
    *instance = p;
    return dynset_finish(scope, p);
}

/* ---- cuts of a random graph ---- */

cc_status dynset_cut_create(cc_run *scope, void **instance)
{
    const size_t n = (size_t)cc_int(scope, "n");
    const double chance = fmin(1, cc_real(scope, "degree") / (double)n);
    uint64_t state = cc_seed(scope);
    dynset_draft draft;
    dynset_instance *p;
    uint8_t *edge;
    CC_NEW(scope, edge, n * n);
    CC_TRY(dynset_draft_open(scope, &draft));
    for (size_t u = 0; u < n; u++)
        for (size_t v = 0; v < u; v++) edge[u * n + v] = edge[v * n + u] = cc_sm64_uniform(&state) < chance;
    for (size_t u = 0; u < n; u++) {
        CC_TRY(dynset_draft_element(&draft));
        for (size_t v = 0; v < n; v++)
            if (edge[u * n + v]) CC_TRY(dynset_draft_item(&draft, v, NULL));
    }
    CC_TRY(dynset_draft_close(&draft, n, NULL, INFINITY, &p));
    p->f = &dynset_cut_function;
    *instance = p;
    return dynset_finish(scope, p);
}
