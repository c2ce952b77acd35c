/* problems/dynset/dynset.c: the metered calls, the environment, chains. */
#include <string.h>

#include "problems/dynset/problems.h"

enum { N_QUERY, N_UPDATE, N_ASK, N_ADD }; /* slots, in the order of the family's counters */

static const dynset_instance *instance_of(const cc_run *run) { return ((const cc_oracle *)(const void *)run)->instance; }
static dynset_env *env_of(const cc_run *run) { return ((const cc_oracle *)(const void *)run)->env; }

size_t dynset_n(cc_run *run) { return instance_of(run)->n; }
size_t dynset_k(cc_run *run) { return instance_of(run)->k; }
int dynset_present(cc_run *run, uint32_t element) { return env_of(run)->present[element]; }

/* ---- the stream ---- */

/* A random element of the last answer; if all of those are gone, of all that are present. */
static uint32_t react(dynset_env *e)
{
    size_t n = 0;
    for (size_t i = 0; i < e->n_shown; i++)
        if (e->present[e->shown[i]]) e->list[n++] = e->shown[i];
    for (uint32_t v = 0, any = n == 0; any && v < e->instance->n; v++)
        if (e->present[v]) e->list[n++] = v;
    return e->list[cc_below(&e->rng, n)];
}

int dynset_next(cc_run *run, dynset_update *update)
{
    dynset_env *e = env_of(run);
    uint64_t *count = cc_oracle_of(run)->count;
    if (e->at == e->instance->updates) return 0;
    *update = e->instance->stream[e->at];
    if (e->instance->adaptive && !update->insert) update->element = react(e);
    update->last = ++e->at == e->instance->updates;
    e->present[update->element] = update->insert;
    e->n_present += update->insert ? 1 : (size_t)-1;
    count[N_UPDATE]++;
    count[N_ASK] += update->ask;
    return 1;
}

void dynset_show(cc_run *run, dynset_set set)
{
    dynset_env *e = env_of(run);
    e->n_shown = set.n < e->instance->k ? set.n : e->instance->k;
    if (e->n_shown) memcpy(e->shown, set.element, e->n_shown * sizeof *set.element);
}

/* ---- chains ---- */

cc_status dynset_chain_make(cc_run *scope, const dynset_instance *instance, size_t levels, dynset_chain **chain)
{
    dynset_chain *c;
    CC_NEW(scope, c, 1);
    *c = (dynset_chain){.f = instance->f, .data = instance->data, .levels = levels};
    c->adds = &c->sink;
    *chain = c;
    return c->f->open(scope, c->data, levels, &c->state);
}

cc_status dynset_chain_open(cc_run *run, size_t levels, dynset_chain **chain)
{
    CC_TRY(dynset_chain_make(run, instance_of(run), levels, chain));
    (*chain)->adds = cc_oracle_of(run)->count + N_ADD;
    return CC_OK;
}

size_t dynset_top(const dynset_chain *chain) { return chain->top; }

void dynset_push(dynset_chain *chain) { chain->f->push(chain->data, chain->state, ++chain->top); }

void dynset_add(dynset_chain *chain, uint32_t element)
{
    ++*chain->adds;
    chain->f->add(chain->data, chain->state, chain->top, element);
}

void dynset_cut(dynset_chain *chain, size_t level)
{
    if (level >= chain->top) return;
    chain->f->cut(chain->data, chain->state, chain->top, level);
    chain->top = level;
}

/* ---- queries ---- */

double dynset_gain(cc_run *run, const dynset_chain *chain, size_t level, uint32_t element)
{
    double gain;
    cc_oracle_of(run)->count[N_QUERY]++;
    chain->f->gains(chain->data, chain->state, level, 1, &element, &gain);
    return gain;
}

double dynset_trial(cc_run *run, dynset_chain *chain, size_t n, const uint32_t *extra, uint32_t element)
{
    const dynset_function *f = chain->f;
    const size_t above = chain->top + 1;
    double gain;
    cc_oracle_of(run)->count[N_QUERY]++;
    *chain->adds += n;
    if (f->trial) return f->trial(chain->data, chain->state, chain->top, n, extra, element);
    f->push(chain->data, chain->state, above);
    for (size_t i = 0; i < n; i++) f->add(chain->data, chain->state, above, extra[i]);
    f->gains(chain->data, chain->state, above, 1, &element, &gain);
    f->cut(chain->data, chain->state, above, chain->top);
    return gain;
}

void dynset_gains(cc_run *run, const dynset_chain *chain, size_t level, size_t n, const uint32_t *element, double *gain)
{
    cc_oracle_of(run)->count[N_QUERY] += n;
    chain->f->gains(chain->data, chain->state, level, n, element, gain);
}

/* Blocks that grow: what is evaluated beyond the first is not looked at, and not billed. */
size_t dynset_first(cc_run *run, const dynset_chain *chain, size_t level, size_t n, const uint32_t *element, double threshold,
                    double *gain)
{
    double block[64];
    for (size_t i = 0, size = 4; i < n; i += size, size = size < 64 ? 2 * size : 64) {
        if (size > n - i) size = n - i;
        chain->f->gains(chain->data, chain->state, level, size, element + i, block);
        for (size_t j = 0; j < size; j++) {
            if (block[j] < threshold && block[j] >= 0) continue;
            cc_oracle_of(run)->count[N_QUERY] += i + j + 1;
            *gain = block[j];
            return i + j;
        }
    }
    cc_oracle_of(run)->count[N_QUERY] += n;
    return n;
}

double dynset_value(cc_run *run, dynset_set set)
{
    dynset_chain *c = env_of(run)->query;
    cc_oracle_of(run)->count[N_QUERY]++;
    dynset_cut(c, 0);
    dynset_push(c);
    for (size_t i = 0; i < set.n; i++) dynset_add(c, set.element[i]);
    return c->f->value(c->data, c->state, 1);
}

/* ---- the environment ---- */

cc_status dynset_begin(cc_run *scope, const void *instance, void **env)
{
    const dynset_instance *p = instance;
    dynset_env *e;
    CC_NEW(scope, e, 1);
    e->instance = p;
    e->rng = cc_stream(scope, 0, 0);
    CC_NEW(scope, e->present, p->n);
    CC_NEW(scope, e->shown, p->k);
    CC_NEW(scope, e->seen, p->n);
    CC_NEW(scope, e->list, p->n);
    CC_NEW(scope, e->gain, p->n);
    CC_TRY(dynset_chain_make(scope, p, 1, &e->query));
    CC_TRY(dynset_chain_make(scope, p, p->k, &e->judge));
    *env = e;
    return CC_OK;
}
