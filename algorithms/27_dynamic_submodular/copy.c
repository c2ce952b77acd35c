/* copy.c: the structure for one guess g of the optimum; tau = g / (2k).
 *
 * Level i: R_i, the present elements that reach it; B_i, the largest of its buckets of about equal gains over G_{i-1} when it was
 * built; S_i, a uniform sample of B_i; G_i = G_{i-1} + S_i. R_{i+1} are the elements of R_i \ S_i whose gain over G_i is tau or
 * more. A level is rebuilt, with all above it, when half as many elements have come as it was built from, or an eps fraction of B_i
 * has gone. Neither looks at S_i. Elements that have gone stay in G_i until then, and are left out of the answer.
 *
 * Deletions ask no queries; an insertion asks one a level; a reconstruction pays for what it looks at. */
#include <math.h>
#include <string.h>

#include "submodular.h"

static uint64_t *word(ds_copy *c, uint32_t element, size_t bit) { return c->member + element * c->words + bit / 64; }
static void mark(ds_copy *c, uint32_t element, size_t bit) { *word(c, element, bit) |= UINT64_C(1) << (bit % 64); }
static void unmark(ds_copy *c, uint32_t element, size_t bit) { *word(c, element, bit) &= ~(UINT64_C(1) << (bit % 64)); }

/* Gains are at most (1 + eps) g = 2k (1 + eps) tau in a copy that the element belongs to; larger ones share the last bucket. */
static size_t count_buckets(double eps, size_t k) { return (size_t)ceil(log(2 * (double)k * (1 + eps)) / log1p(eps)) + 1; }

cc_status ds_scratch_open(cc_run *run, size_t n, double eps, size_t k, ds_scratch *scratch)
{
    CC_NEW(run, scratch->gain, n);
    CC_NEW(run, scratch->index, n);
    CC_NEW(run, scratch->list, n);
    CC_NEW(run, scratch->count, count_buckets(eps, k));
    return CC_OK;
}

cc_status ds_copy_open(cc_run *run, const ds_rules *rules, ds_bill *bill, ds_scratch *scratch, double guess, uint64_t id,
                       ds_copy *c)
{
    const size_t n = dynset_n(run), k = rules->k;
    *c = (ds_copy){.rules = rules, .bill = bill, .scratch = scratch, .guess = guess, .tau = guess / (2 * (double)k)};
    c->rng = cc_stream(run, DS_SAMPLE, id);
    c->buckets = count_buckets(rules->eps, k);
    c->words = k / 64 + 1;
    CC_NEW(run, c->theta, c->buckets);
    CC_NEW(run, c->level, k + 2);
    CC_NEW(run, c->picked, k);
    CC_NEW(run, c->member, n * c->words);
    for (size_t b = 0; b < c->buckets; b++) c->theta[b] = c->tau * pow(1 + rules->eps, (double)b);
    CC_TRY(ds_nest_open(run, n, k + 2, &c->nest));
    return dynset_chain_open(run, k + 1, &c->chain);
}

size_t ds_bucket(const ds_copy *c, double gain)
{
    size_t low = 0, high = c->buckets; /* theta[low] <= gain < theta[high] */
    while (high - low > 1) {
        const size_t middle = (low + high) / 2;
        *(ds_reaches(gain, c->theta[middle]) ? &low : &high) = middle;
    }
    return low;
}

static cc_status negative(cc_run *run, uint32_t element, double gain)
{
    return cc_fail(run, CC_ENUMERIC, "element %u has the gain %g: f is not monotone", element, gain);
}

/* ---- reconstruction ---- */

/* Gains of the first n elements over G_T. Those of tau or more come to the front; returns how many. */
static cc_status filter(cc_run *run, ds_copy *c, size_t *n)
{
    double *gain = c->scratch->gain;
    uint32_t *order = c->nest.order;
    size_t kept = 0;
    dynset_gains(run, c->chain, c->T, *n, order, gain);
    for (size_t i = 0; i < *n; i++) {
        if (gain[i] < -1e-9 * c->tau) return negative(run, order[i], gain[i]);
        if (!ds_reaches(gain[i], c->tau)) continue;
        const uint32_t swap = order[kept];
        order[kept] = order[i];
        order[i] = swap;
        gain[kept++] = gain[i];
    }
    *n = kept;
    return CC_OK;
}

/* The largest bucket of the first n elements (ties: of larger gains), into the scratch list; returns its index. */
static size_t largest_bucket(ds_copy *c, size_t n, size_t *s)
{
    ds_scratch *x = c->scratch;
    const size_t buckets = c->rules->buckets ? c->buckets : 1;
    size_t best = 0;
    memset(x->count, 0, buckets * sizeof *x->count);
    for (size_t i = 0; i < n; i++) {
        x->index[i] = c->rules->buckets ? (uint16_t)ds_bucket(c, x->gain[i]) : 0;
        x->count[x->index[i]]++;
    }
    for (size_t b = 1; b < buckets; b++)
        if (x->count[b] >= x->count[best]) best = b;
    *s = 0;
    for (size_t i = 0; i < n; i++)
        if (x->index[i] == best) x->list[(*s)++] = c->nest.order[i];
    return best;
}

/* m elements of the bucket in the scratch list, put into the chain's new top. */
static size_t sample(cc_run *run, ds_copy *c, size_t s, double theta, size_t most)
{
    size_t m = 1;
    if (c->rules->sizing == DS_ADAPTIVE) {
        dynset_push(c->chain);
        return ds_sample_adaptive(run, c, s, theta, most);
    }
    if (c->rules->sizing == DS_SAMPLED) m = ds_sample_count(run, c, s, theta, most);
    ds_draw(&c->rng, m, s, c->scratch->list);
    dynset_push(c->chain);
    for (size_t i = 0; i < m; i++) dynset_add(c->chain, c->scratch->list[i]);
    return m;
}

/* Builds level T + 1 from the first n elements, of known gains; n: those that reach the next one, 0 once k are picked. */
static cc_status build_level(cc_run *run, ds_copy *c, size_t *n)
{
    const size_t before = c->level[c->T].picked;
    size_t s;
    const double theta = c->theta[largest_bucket(c, *n, &s)];
    ds_level *level = c->level + c->T + 1;
    for (size_t i = 0; i < s; i++) mark(c, c->scratch->list[i], c->T + 1);
    const size_t m = sample(run, c, s, theta, c->rules->k - before);
    *level = (ds_level){.built = *n, .bucket = s, .picked = before + m, .theta = theta};
    c->nest.size[++c->T] = *n;
    c->bill->levels_built++;
    for (size_t i = 0; i < m; i++) {
        c->picked[before + i] = c->scratch->list[i];
        mark(c, c->scratch->list[i], 0);
    }
    size_t left = 0; /* those not picked go to the front */
    for (size_t i = 0; i < *n; i++) {
        const uint32_t element = c->nest.order[i];
        if (*word(c, element, 0) & 1) continue;
        c->nest.order[i] = c->nest.order[left];
        c->nest.order[left++] = element;
    }
    *n = left;
    if (level->picked == c->rules->k) {
        *n = 0;
        return CC_OK;
    }
    c->bill->refiltered += (double)left;
    return filter(run, c, n);
}

static void forget_levels(ds_copy *c, size_t level, size_t n)
{
    const size_t kept = c->level[level - 1].picked, picked = c->level[c->T].picked, from = level / 64;
    for (size_t i = kept; i < picked; i++) unmark(c, c->picked[i], 0);
    for (size_t i = 0; i < n; i++) {
        uint64_t *bits = c->member + c->nest.order[i] * c->words;
        bits[from] &= (UINT64_C(1) << (level % 64)) - 1;
        for (size_t w = from + 1; w < c->words; w++) bits[w] = 0;
    }
    dynset_cut(c->chain, level - 1);
    c->T = level - 1;
    c->stale = 1;
}

cc_status ds_rebuild(cc_run *run, ds_copy *c, size_t level)
{
    const size_t all = c->nest.size[level], last = c->T;
    size_t n = all;
    forget_levels(c, level, all);
    c->bill->rebuilds++;
    c->bill->built += (double)n;
    CC_TRY(filter(run, c, &n));
    c->nest.size[level] = n; /* if there is no level to build */
    while (n > 0) CC_TRY(build_level(run, c, &n));
    for (size_t i = c->T + 1; i <= last + 1; i++) c->nest.size[i] = 0;
    ds_nest_settle(&c->nest, all, level, c->T);
    if ((double)c->T > c->bill->levels) c->bill->levels = (double)c->T;
    return CC_OK;
}

/* ---- updates ---- */

static cc_status reaches_level(cc_run *run, ds_copy *c, uint32_t element, size_t i, int *yes)
{
    const double gain = dynset_gain(run, c->chain, i - 1, element);
    c->bill->checks++;
    *yes = ds_reaches(gain, c->tau);
    return gain < -1e-9 * c->tau ? negative(run, element, gain) : CC_OK;
}

/* The last of the levels 1 .. most that the element reaches, 0 if none: those are the first ones. */
static cc_status search_depth(cc_run *run, ds_copy *c, uint32_t element, size_t most, size_t *depth)
{
    size_t low = 0, high = most;
    int yes;
    while (low < high) {
        const size_t middle = (low + high + 1) / 2;
        CC_TRY(reaches_level(run, c, element, middle, &yes));
        *(yes ? &low : &high) = yes ? middle : middle - 1;
    }
    *depth = low;
    return CC_OK;
}

cc_status ds_copy_insert(cc_run *run, ds_copy *c, uint32_t element)
{
    if (ds_nest_holds(&c->nest, element)) return cc_fail(run, CC_EINVAL, "element %u is inserted twice", element);
    const size_t most = c->T + (c->level[c->T].picked < c->rules->k); /* a full solution has no level above */
    size_t depth = 0, i = 1;
    int yes = 1;
    if (ds_in_bucket(c, element, 0)) c->stale = 1; /* it was picked, went, and is back */
    if (c->rules->binary) CC_TRY(search_depth(run, c, element, most, &depth));
    for (; i <= most; i++) {
        if (!c->rules->binary) CC_TRY(reaches_level(run, c, element, i, &yes));
        if (c->rules->binary ? i > depth : !yes) break;
        ds_level *level = c->level + i;
        if (i <= c->T && 2 * ++level->inserted < level->built) continue;
        ds_nest_enter(&c->nest, element, i);
        return ds_rebuild(run, c, i);
    }
    ds_nest_enter(&c->nest, element, i - 1);
    return CC_OK;
}

cc_status ds_copy_delete(cc_run *run, ds_copy *c, uint32_t element)
{
    if (!ds_nest_holds(&c->nest, element)) return cc_fail(run, CC_EINVAL, "element %u is deleted but not present", element);
    const size_t depth = c->nest.depth[element];
    if (ds_in_bucket(c, element, 0)) c->stale = 1;
    ds_nest_leave(&c->nest, element);
    for (size_t i = 1; i <= depth; i++) {
        if (!ds_in_bucket(c, element, i)) continue;
        unmark(c, element, i);
        ds_level *level = c->level + i;
        if (!ds_reaches((double)++level->deleted, c->rules->eps * (double)level->bucket) || !c->rules->rebuild) continue;
        for (size_t j = i + 1; j <= depth; j++) unmark(c, element, j);
        return ds_rebuild(run, c, i);
    }
    return CC_OK;
}
