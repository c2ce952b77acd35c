/* dynamic.c: fully dynamic maximisation of a monotone submodular function under a cardinality constraint.
 *
 * Problem    max f(S), |S| <= k, S among the elements present, which come and go; f by value queries.
 * Method     a copy of the levelled structure (copy.c) for each guess g = (1+eps)^p of the optimum; an element belongs to those
 *            with f(e) / (1+eps) <= g <= 2k f(e). The answer is the best of the copies' solutions.
 * Guarantee  E f(S_t) >= (1/2 - 2.5 eps_hat) OPT_t at every t, against deletions that do not look at the answers;
 *            amortised poly(log n, log k, 1/eps) queries for each update (README [1], [4]).
 * Reference  Banihashem, Biabani, Goudarzi, Hajiaghayi, Jabbarzade, Monemizadeh, Dynamic Constrained Submodular Optimization
 *            with Polylogarithmic Update Time, ICML 2023.
 *
 *   paper          here
 *   V_t            present
 *   tau            copy.tau = g / (2k)
 *   R_i, G_i       nest.order[0 .. nest.size[i] - 1]; chain level i, picked[0 .. level[i].picked - 1]
 *   B_i, S_i       bit i of member; picked[level[i-1].picked .. level[i].picked - 1]
 *   eps_hat        rules.eps: eps ("practical"), or eps / 3 ("theory") for guesses, buckets, samples and reconstructions alike
 *   N_s            rules.samples */
#include <math.h>
#include <stddef.h>

#include "submodular.h"

enum { MOST_COPIES = 5000 };

static cc_status read_rules(cc_run *run, ds_dynamic *s)
{
    const double eps = cc_bool(run, "ignore_eps") ? .3 : cc_real(run, "eps");
    const int theory = cc_choice(run, "mode") == 1;
    if (!(eps > 0 && eps < .5)) return cc_fail(run, CC_EINVAL, "eps = %g is not between 0 and 1/2", eps);
    s->rules = (ds_rules){.eps = theory ? eps / 3 : eps,
                          .k = dynset_k(run),
                          .sizing = (ds_sizing)cc_choice(run, "sizing"),
                          .buckets = cc_bool(run, "buckets"),
                          .rebuild = cc_bool(run, "rebuild"),
                          .binary = cc_choice(run, "search") == 1};
    s->samples = theory ? ds_samples_in_theory(s->rules.eps, dynset_n(run), s->rules.k) : (double)cc_int(run, "samples");
    s->rules.samples = (size_t)s->samples;
    return CC_OK;
}

/* Copies for all guesses that any element can matter for. */
static cc_status open_copies(cc_run *run, ds_dynamic *s)
{
    const double guess = cc_real(run, "guess"), least = cc_fact(run, "singleton_min"), most = cc_fact(run, "singleton_max");
    s->all = isnan(guess);
    s->copies = 1;
    if (s->all) {
        s->first = ds_guesses(least, s->rules.eps, s->rules.k).low;
        const double count = (double)(ds_guesses(most, s->rules.eps, s->rules.k).high - s->first + 1);
        if (count > MOST_COPIES)
            return cc_fail(run, CC_EINVAL, "values from %g to %g take %g guesses, more than %d: eps = %g is too small", least, most,
                           count, MOST_COPIES, s->rules.eps);
        s->copies = (size_t)count;
    } else if (!(guess > 0) || isinf(guess))
        return cc_fail(run, CC_EINVAL, "guess = %g is not positive and finite", guess);
    CC_NEW(run, s->copy, s->copies);
    for (size_t p = 0; p < s->copies; p++)
        CC_TRY(ds_copy_open(run, &s->rules, &s->bill, &s->scratch,
                            s->all ? pow(1 + s->rules.eps, (double)(s->first + (long)p)) : guess, p, s->copy + p));
    return CC_OK;
}

cc_status ds_dynamic_init(cc_run *run, void **state)
{
    ds_dynamic *s;
    CC_NEW(run, s, 1);
    CC_TRY(read_rules(run, s));
    CC_NEW(run, s->single, dynset_n(run));
    CC_NEW(run, s->present, dynset_n(run));
    CC_NEW(run, s->answer_list, s->rules.k);
    CC_TRY(ds_scratch_open(run, dynset_n(run), s->rules.eps, s->rules.k, &s->scratch));
    CC_TRY(open_copies(run, s));
    s->best_guess = NAN;
    *state = s;
    return CC_OK;
}

/* The copies that an element belongs to: indices low .. high. */
static ds_range copies_of(const ds_dynamic *s, uint32_t element)
{
    if (!s->all) return (ds_range){0, 0};
    if (!(s->single[element] > 0)) return (ds_range){0, -1};
    const ds_range p = ds_guesses(s->single[element], s->rules.eps, s->rules.k);
    const long last = (long)s->copies - 1;
    return (ds_range){p.low < s->first ? 0 : p.low - s->first, p.high - s->first < last ? p.high - s->first : last};
}

static cc_status insert(cc_run *run, ds_dynamic *s, uint32_t element)
{
    if (s->present[element]) return cc_fail(run, CC_EINVAL, "element %u is inserted twice", element);
    s->present[element] = 1;
    if (s->all) {
        s->single[element] = dynset_gain(run, s->copy->chain, 0, element);
        s->bill.singles++;
        if (s->single[element] < 0)
            return cc_fail(run, CC_ENUMERIC, "f of element %u alone is %g: f is not monotone", element, s->single[element]);
    }
    const ds_range p = copies_of(s, element);
    for (long i = p.low; i <= p.high; i++) CC_TRY(ds_copy_insert(run, s->copy + i, element));
    return CC_OK;
}

static cc_status delete (cc_run *run, ds_dynamic *s, uint32_t element)
{
    if (!s->present[element]) return cc_fail(run, CC_EINVAL, "element %u is deleted but not present", element);
    s->present[element] = 0;
    const ds_range p = copies_of(s, element);
    for (long i = p.low; i <= p.high; i++) CC_TRY(ds_copy_delete(run, s->copy + i, element));
    return CC_OK;
}

/* What is present of G_T. */
static dynset_set survivors(const ds_dynamic *s, const ds_copy *c, uint32_t *list)
{
    size_t n = 0;
    for (size_t i = 0; i < c->level[c->T].picked; i++)
        if (s->present[c->picked[i]]) list[n++] = c->picked[i];
    return (dynset_set){n, list};
}

/* The best copy's solution. A value is asked for again only when its solution has changed. */
static void answer(cc_run *run, ds_dynamic *s)
{
    const ds_copy *best = NULL;
    for (size_t p = 0; p < s->copies; p++) {
        ds_copy *c = s->copy + p;
        const dynset_set set = survivors(s, c, s->answer_list);
        if (c->stale && set.n) {
            c->value = dynset_value(run, set);
            s->bill.answers++;
        }
        c->stale = 0;
        if (set.n && (!best || c->value > best->value)) best = c;
    }
    s->answer = best ? survivors(s, best, s->answer_list) : (dynset_set){0, s->answer_list};
    s->best_guess = best ? best->guess : NAN;
    dynset_show(run, s->answer);
}

cc_status ds_dynamic_step(cc_run *run, void *state)
{
    ds_dynamic *s = state;
    dynset_update u;
    if (!dynset_next(run, &u)) return cc_finish(run, "END");
    CC_TRY(u.insert ? insert(run, s, u.element) : delete (run, s, u.element));
    if (u.ask) answer(run, s);
    return u.last ? cc_finish(run, "END") : CC_OK;
}

const void *ds_dynamic_candidate(void *state) { return &((ds_dynamic *)state)->answer; }

const cc_param ds_dynamic_params[] = {
    {"eps", CC_REAL, "0.3", 0, .5, .doc = "accuracy, between 0 and 1/2"},
    {"mode", CC_CHOICE, "practical", .choices = "practical theory", .doc = "theory: eps / 3 and N_s as the analysis has them"},
    {"samples", CC_INT, "50", 1, 1e9, .doc = "N_s of the practical mode: draws of a mean"},
    {"guess", CC_REAL, "auto", .doc = "of the optimum: one copy, for all elements; auto: a copy for each that matters"},
    {"search", CC_CHOICE, "linear", .choices = "linear binary", .doc = "how an insertion finds its levels"},
    {"sizing", CC_CHOICE, "sampled", .choices = "sampled one adaptive",
     .doc = "of a sample: found beforehand by fresh sets; 1; grown until the bucket shrinks"},
    {"buckets", CC_BOOL, "true", .doc = "sample from the largest bucket of equal gains; false: from all"},
    {"rebuild", CC_BOOL, "true", .doc = "deletions rebuild levels"},
    {"ignore_eps", CC_BOOL, "false", .doc = "use .3, whatever eps is"},
    {0},
};

const cc_variant ds_dynamic_variants[] = {
    {"theory", "eps_hat = eps / 3 and as many draws as the analysis asks for", "mode=theory"},
    {"binary", "levels of an insertion by binary search", "search=binary"},
    {"no_buckets", "samples from all candidates", "buckets=false"},
    {"no_rebuild", "deletions rebuild nothing", "rebuild=false"},
    {"adaptive", "the sample grows until its bucket shrinks", "sizing=adaptive"},
    {"one", "one element a level", "sizing=one"},
    {0},
};

#define COUNT(field, doc)                                                                                                          \
    {                                                                                                                              \
#field, "", doc, offsetof(ds_dynamic, bill.field)                                                                          \
    }

const cc_probe ds_dynamic_probes[] = {
    COUNT(singles, "queries: f({e}) of insertions"),
    COUNT(checks, "queries: levels of insertions"),
    COUNT(built, "queries: candidates of reconstructions"),
    COUNT(refiltered, "queries: what is left after a level's sample"),
    COUNT(means, "means over N_s draws, a query each"),
    COUNT(resampled, "queries of adaptive sizing"),
    COUNT(answers, "queries: values of solutions"),
    COUNT(rebuilds, "reconstructions"),
    COUNT(levels_built, "levels built"),
    COUNT(levels, "the greatest T so far, of any copy"),
    {"N_s", "", "draws of a mean", offsetof(ds_dynamic, samples)},
    {"best_guess", "", "guess of the copy that answered last", offsetof(ds_dynamic, best_guess)},
    {0},
};
