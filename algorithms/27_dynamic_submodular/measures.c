/* measures.c: see measures.h. */
#include "measures.h"

#include <math.h>
#include <string.h>

#include "baselines.h"
#include "harness/measure.h"
#include "problems/dynset/dynset_problem.h"
#include "submodular.h"

/* ---- watch ---- */

enum { MOST_BUCKETS = 4096 }; /* eps >= .002 for k = 1000 */

typedef struct watch {
    cc_run *referee;
    dynset_chain *chain; /* of the referee: built anew from what was picked */
    double *gain;
    size_t *count;
    double structure, counts, fresh, answers; /* violations */
    double levels;                            /* looked at */
} watch;

/* R_{i+1} = {e in R_i : f(e | G_i) >= tau}, and nothing reaches tau above a solution that is not full. */
static void check_structure(watch *w, const ds_copy *c)
{
    dynset_cut(w->chain, 0);
    for (size_t i = 0; i <= c->T; i++) {
        const size_t n = c->nest.size[i];
        if (i) {
            dynset_push(w->chain);
            for (size_t j = c->level[i - 1].picked; j < c->level[i].picked; j++) dynset_add(w->chain, c->picked[j]);
        }
        if (i == c->T && c->level[i].picked == c->rules->k) break;
        dynset_gains(w->referee, w->chain, i, n, c->nest.order, w->gain);
        for (size_t j = 0; j < n; j++) w->structure += (w->gain[j] >= c->tau * (1 - 1e-9)) != (i < c->T && j < c->nest.size[i + 1]);
    }
    for (size_t j = 0; j < c->nest.size[0]; j++) {
        const uint32_t e = c->nest.order[j];
        const size_t depth = c->nest.depth[e];
        w->structure += c->nest.place[e] != j || j >= c->nest.size[depth] || (depth < c->T && j < c->nest.size[depth + 1]);
    }
}

static void check_counts(watch *w, const ds_copy *c)
{
    for (size_t i = 1; i <= c->T; i++) {
        const ds_level *l = c->level + i;
        size_t members = 0;
        for (size_t j = 0; j < c->nest.size[i]; j++) members += (size_t)ds_in_bucket(c, c->nest.order[j], i);
        w->counts += members + l->deleted != l->bucket;
        w->counts += 2 * l->inserted >= (l->built > 1 ? l->built : 1);
        w->counts += (double)l->deleted >= c->rules->eps * (double)l->bucket * (1 - 1e-9);
        w->counts += l->picked <= c->level[i - 1].picked || l->picked - c->level[i - 1].picked > l->bucket;
        w->levels++;
    }
    w->counts += c->level[c->T].picked > c->rules->k;
}

/* A level that nothing has come to or gone from: B_i is the largest bucket of R_i, S_i is part of it. */
static void check_fresh(watch *w, const ds_copy *c, size_t i)
{
    const ds_level *l = c->level + i;
    const double base = log1p(c->rules->eps), last = (double)c->buckets - 1, b = floor(log(l->theta / c->tau) / base + .5);
    size_t members = 0, most = 0;
    if (l->inserted || l->deleted || c->nest.size[i] != l->built) return;
    if (c->buckets > MOST_BUCKETS) return;
    memset(w->count, 0, c->buckets * sizeof *w->count);
    dynset_gains(w->referee, w->chain, i - 1, l->built, c->nest.order, w->gain);
    for (size_t j = 0; j < l->built; j++) {
        const double bucket = fmin(last, floor(log(w->gain[j] / c->tau) / base + 1e-9));
        const int member = ds_in_bucket(c, c->nest.order[j], i);
        w->count[(size_t)fmax(bucket, 0)]++;
        members += (size_t)member;
        w->fresh += member != (fabs(bucket - b) < .5);
    }
    for (size_t j = 0; j < c->buckets; j++) most = w->count[j] > most ? w->count[j] : most;
    w->fresh += members != l->bucket || members != most;
    for (size_t j = c->level[i - 1].picked; j < l->picked; j++)
        w->fresh += !ds_in_bucket(c, c->picked[j], i) || !ds_in_bucket(c, c->picked[j], 0);
}

static void check_answer(watch *w, cc_run *run, const dynset_set *s)
{
    w->answers += s->n > dynset_k(run);
    for (size_t i = 0; i < s->n; i++) {
        w->answers += !dynset_present(run, s->element[i]);
        for (size_t j = 0; j < i; j++) w->answers += s->element[i] == s->element[j];
    }
}

static cc_status watch_look(cc_cell *cell, cc_run *run, const void *state, const void *candidate, void *arg)
{
    watch *w = arg;
    const ds_dynamic *s = state;
    (void)cell;
    for (size_t p = 0; p < s->copies; p++) {
        const ds_copy *c = s->copy + p;
        check_structure(w, c);
        check_counts(w, c);
        for (size_t i = 1; i <= c->T; i++) check_fresh(w, c, i);
    }
    check_answer(w, run, candidate);
    return CC_OK;
}

static cc_status watch_run(cc_cell *cell)
{
    while (cc_replicate(cell)) {
        cc_run *scope = cc_cell_run(cell);
        watch w = {0};
        CC_TRY(cc_referee(cell, NULL, &w.referee));
        CC_TRY(dynset_chain_open(w.referee, dynset_k(w.referee) + 1, &w.chain));
        CC_NEW(scope, w.gain, dynset_n(w.referee));
        CC_NEW(scope, w.count, MOST_BUCKETS);
        CC_TRY(cc_drive(cell, NULL, watch_look, &w));
        cc_put(cell, "structure", w.structure);
        cc_put(cell, "counts", w.counts);
        cc_put(cell, "fresh", w.fresh);
        cc_put(cell, "answers_wrong", w.answers);
        cc_put(cell, "levels_seen", w.levels);
        cc_emit(cell);
    }
    return CC_OK;
}

const cc_measure ds_watch = {
    .id = "submodular.watch",
    .run = watch_run,
    .columns =
        CC_LIST(cc_column, {"structure", "", "elements in a level that they do not reach, or not in one that they do"},
                {"counts", "", "levels that should have been rebuilt, are too large, or whose deletions were miscounted"},
                {"fresh", "", "elements of a new level's bucket or sample that do not belong there"},
                {"answers_wrong", "", "elements of answers that are absent or too many"}, {"levels_seen", "", "levels looked at"}),
};

/* ---- membership ---- */

typedef struct membership {
    size_t groups, size, members;
    int baseline;
    double m, member, whole, rebuilds;
} membership;

/* Of what was picked at the first level, among the bucket's members: how many, one of them at random, how many whole groups. */
static void count_members(cc_cell *cell, membership *a, size_t n, const uint32_t *picked)
{
    cc_rng rng = cc_stream(cc_cell_run(cell), 100, 0);
    double whole = 0;
    size_t m = 0, seen[64] = {0};
    for (size_t i = 0; i < n; i++) {
        if (picked[i] >= a->members) continue;
        if (cc_below(&rng, ++m) == 0) a->member = picked[i];
        if (picked[i] < a->groups * a->size) whole += ++seen[picked[i] / a->size] == a->size;
    }
    a->m = (double)m;
    a->whole = whole;
}

static cc_status membership_look(cc_cell *cell, cc_run *run, const void *state, const void *candidate, void *arg)
{
    membership *a = arg;
    (void)candidate;
    const size_t updates = cc_spent(run, "n_update");
    if (a->baseline) {
        size_t n;
        const uint32_t *picked = ds_lattanzi_picked(state, 0, &n);
        count_members(cell, a, n, picked);
        return CC_OK;
    }
    const ds_copy *c = ((const ds_dynamic *)state)->copy;
    if (updates == a->members) a->rebuilds = c->bill->rebuilds;
    if (updates >= a->members) count_members(cell, a, c->level[1].picked, c->picked);
    return CC_OK;
}

static cc_status membership_run(cc_cell *cell)
{
    while (cc_replicate(cell)) {
        cc_run *scope = cc_cell_run(cell);
        membership a = {.groups = (size_t)cc_int(scope, "groups"), .size = (size_t)cc_int(scope, "mates"), .member = NAN};
        a.members = a.groups * a.size + (size_t)cc_int(scope, "singles");
        a.baseline = cc_choice(scope, "structure") == 1;
        if (a.groups > 64) return cc_fail(scope, CC_EINVAL, "%zu groups; there is room for 64", a.groups);
        CC_TRY(cc_drive(cell, NULL, membership_look, &a));
        cc_put(cell, "m", a.m);
        cc_put(cell, "member", a.member);
        cc_put(cell, "whole", a.whole);
        cc_emit(cell);
    }
    return CC_OK;
}

const cc_measure ds_membership = {
    .id = "submodular.membership",
    .run = membership_run,
    .params = CC_LIST(cc_param, {"structure", CC_CHOICE, "dynamic", .choices = "dynamic lattanzi", .doc = "whose state is read"}),
    .columns = CC_LIST(cc_column, {"m", "", "members of the bucket in the first level's sample"},
                       {"member", "", "one of them, at random"}, {"whole", "", "groups of which all are"}),
};

/* ---- sizes ---- */

/* E[I_t] over groups of `size` elements that cover the same item, and singles: the last element adds nothing if one of its group is
 * among the t - 1 before. */
static double indicator_mean(double groups, double size, double singles, double t)
{
    const double n = groups * size + singles;
    double none = 1; /* C(n - size, t - 1) / C(n - 1, t - 1) */
    for (double j = 1; j < size; j++) none *= fmax(0, n - t + 1 - j) / (n - j);
    return (singles + groups * size * none) / n;
}

static cc_status sizes_run(cc_cell *cell)
{
    while (cc_replicate(cell)) {
        cc_run *scope = cc_cell_run(cell), *run;
        CC_TRY(cc_referee(cell, NULL, &run));
        const double groups = (double)cc_int(scope, "groups"), size = (double)cc_int(scope, "mates"),
                     singles = (double)cc_int(scope, "singles");
        const size_t n = dynset_n(run), k = dynset_k(run);
        const double eps = cc_real(scope, "eps"), theory = ds_samples_in_theory(eps, n, k);
        ds_rules rules = {
            .eps = eps, .k = k, .samples = (size_t)(cc_int(scope, "draws") ? (double)cc_int(scope, "draws") : theory)};
        ds_bill bill = {0};
        ds_scratch scratch;
        ds_copy copy;
        CC_TRY(ds_scratch_open(run, n, eps, k, &scratch));
        CC_TRY(ds_copy_open(run, &rules, &bill, &scratch, 2 * (double)k, cc_seed(scope), &copy));
        for (uint32_t e = 0; e < n; e++) scratch.list[e] = e;
        const double m = (double)ds_sample_count(run, &copy, n, 1, k), before = fmax(1, floor(m / (1 + eps)));
        cc_put(cell, "m", m);
        cc_put(cell, "at_m", m < (double)(k < n ? k : n) ? indicator_mean(groups, size, singles, m) : 0);
        cc_put(cell, "before", indicator_mean(groups, size, singles, before));
        cc_emit(cell);
    }
    return CC_OK;
}

const cc_measure ds_sizes = {
    .id = "submodular.sizes",
    .run = sizes_run,
    .params = CC_LIST(cc_param, {"eps", CC_REAL, "0.2", 0, .5, .doc = "of the sampling"},
                      {"draws", CC_INT, "0", 0, 1e9, .doc = "N_s; 0: as the analysis asks"}),
    .columns = CC_LIST(cc_column, {"m", "", "size of the sample"}, {"at_m", "", "E[I_m]; 0 if m is the largest that is wanted"},
                       {"before", "", "E[I_t] at t = m / (1 + eps), rounded down"}),
};
