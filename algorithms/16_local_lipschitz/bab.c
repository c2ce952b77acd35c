/* bab.c: branch and bound: the domain with the greatest bound is split at one unstable neuron, whose derivative is set to 1 and to
 * 0.
 *
 * Class    as backward.c
 * Method   a queue of domains (class, statuses), greatest bound first. A child keeps what its parent knows of the gradients above
 * the split neuron and is bounded from there down; it is never worse than its parent. One step: one batch of domains Guarantee  the
 * greatest bound in the queue, at any time; it falls to the maximum over all patterns of signs that the forward bounds allow. With
 * `exact`, patterns that no point of the box has are dropped as soon as a linear programme sees it: what is left at the end is the
 * constant itself Reference  Shi, Wang, Zhang, Kolter, Hsieh 2022; score "babsr": Bunel et al., Branch and Bound for Piecewise
 * Linear Neural Network Verification, JMLR 21, 2020 */
#include <math.h>
#include <string.h>

#include "lipschitz.h"

enum { STREAM_BRANCH = 1, RANDOM = 2 };

typedef struct bab {
    lip_result result; /* first */
    lip_forward forward;
    int branching, rebound, keep_parent, exact, least, started;
    size_t K, batch, hidden;
    uint64_t nodes, budget, born;
    lip_live net;
    lip_back back;
    lip_cells cells;
    double *z, *h;
    size_t room, used, spare, queued; /* domains; the unused ones are free_list[0 .. spare - 1] */
    lip_domain *domain, **queue, **free_list, **open, **child;
    cc_rng rng;
} bab;

/* ---- domains ---- */

static cc_status alloc_domains(cc_run *run, bab *s)
{
    unsigned char *status;
    double *l, *u;
    const size_t splits = s->budget > s->K ? ((size_t)s->budget + 1 - s->K) / 2 : 0;
    s->room = s->K + splits + 1; /* a split makes two of one, which goes only when both are there */
    CC_NEW(run, s->domain, s->room);
    CC_NEW(run, s->queue, s->room);
    CC_NEW(run, s->free_list, s->room);
    CC_NEW(run, s->open, s->batch);
    CC_NEW(run, s->child, 2 * s->batch + s->K);
    CC_NEW(run, status, s->room * (s->hidden + 1));
    CC_NEW(run, l, s->room * (s->hidden + 1));
    CC_NEW(run, u, s->room * (s->hidden + 1));
    for (size_t k = 0; k < s->room; k++) {
        s->domain[k].s = status + k * (s->hidden + 1);
        s->domain[k].l = l + k * (s->hidden + 1);
        s->domain[k].u = u + k * (s->hidden + 1);
        s->free_list[s->spare++] = &s->domain[s->room - 1 - k];
    }
    return CC_OK;
}

/* The greater bound first (for contrast: the least); of equal ones the older. */
static int before(const bab *s, const lip_domain *a, const lip_domain *b)
{
    if (a->bound == b->bound) return a->born < b->born;
    return s->least ? a->bound < b->bound : a->bound > b->bound;
}

static void enqueue(bab *s, lip_domain *domain)
{
    size_t at = s->queued++;
    domain->born = s->born++;
    for (; at > 0 && before(s, domain, s->queue[(at - 1) / 2]); at = (at - 1) / 2) s->queue[at] = s->queue[(at - 1) / 2];
    s->queue[at] = domain;
}

static lip_domain *dequeue(bab *s)
{
    lip_domain *top = s->queue[0], *last = s->queue[--s->queued];
    size_t at = 0;
    for (size_t next = 1; next < s->queued; next = 2 * at + 1) {
        if (next + 1 < s->queued && before(s, s->queue[next + 1], s->queue[next])) next++;
        if (!before(s, s->queue[next], last)) break;
        s->queue[at] = s->queue[next];
        at = next;
    }
    s->queue[at] = last;
    return top;
}

/* ---- the start ---- */

cc_status lip_bab_init(cc_run *run, void **state)
{
    bab *s;
    CC_NEW(run, s, 1);
    const relu_box *box = relu_box_get(run);
    s->K = box->net.width[box->net.layers];
    for (size_t i = 1; i < box->net.layers; i++) s->hidden += box->net.width[i];
    s->forward = (lip_forward)cc_choice(run, "forward");
    s->branching = cc_choice(run, "branching");
    s->rebound = cc_bool(run, "rebound"), s->keep_parent = cc_bool(run, "keep_parent"), s->exact = cc_bool(run, "exact");
    s->least = cc_choice(run, "first") == 1;
    s->batch = (size_t)cc_int(run, "batch"), s->budget = (uint64_t)cc_int(run, "nodes");
    s->rng = cc_stream(run, STREAM_BRANCH, 0);
    CC_TRY(lip_result_alloc(run, 1, &s->result));
    CC_TRY(lip_live_alloc(run, s->forward, &s->net));
    CC_TRY(lip_back_alloc(run, &s->net, s->K > 2 * s->batch ? s->K : 2 * s->batch, &s->back));
    s->back.rule = LIP_CHORDS, s->back.norm_chord = 1;
    s->back.branching = s->branching == 0 ? LIP_AREA : s->branching == 1 ? LIP_BABSR : LIP_NO_BRANCHING;
    CC_TRY(alloc_domains(run, s));
    *state = s;
    if (!s->exact) return CC_OK;
    CC_TRY(lip_cells_alloc(run, box, &s->cells));
    CC_NEW(run, s->z, s->net.widest * (s->cells.d + 1));
    CC_NEW(run, s->h, s->net.widest * (s->cells.d + 1));
    return CC_OK;
}

static void start(bab *s)
{
    lip_live_run(&s->net, s->forward, 0);
    s->result.unstable = s->net.unstable;
    for (size_t c = 0; c < s->K; c++) {
        s->child[c] = s->free_list[--s->spare];
        lip_domain_root(&s->net, c, s->child[c]);
    }
    lip_back_run(&s->back, s->K, s->child);
    memcpy(s->result.low, s->back.l0, s->K * s->net.m[0] * sizeof(double));
    memcpy(s->result.high, s->back.u0, s->K * s->net.m[0] * sizeof(double));
    for (size_t c = 0; c < s->K; c++) enqueue(s, s->child[c]);
    s->nodes = s->K;
    s->started = 1;
}

/* ---- branching ---- */

static size_t pick_random(bab *s, const lip_domain *domain)
{
    size_t unstable = 0, j = 0;
    for (size_t k = 0; k < s->net.hidden; k++) unstable += domain->s[k] == LIP_UNSTABLE;
    if (unstable == 0) return LIP_NONE;
    for (uint64_t left = cc_below(&s->rng, unstable);; j++)
        if (domain->s[j] == LIP_UNSTABLE && left-- == 0) return j;
}

/* Does some point of the box have the signs that this domain sets? Layers count as far as their inputs are affine. */
static int feasible(bab *s, const lip_domain *domain)
{
    const lip_live *net = &s->net;
    const size_t stride = s->cells.d + 1;
    int affine = 1;
    s->cells.constraints = 0;
    lip_cells_inputs(&s->cells, s->h);
    for (size_t i = 1; i < net->n && affine; i++) {
        lip_cells_layer(&s->cells, net->m[i], net->m[i - 1], net->w[i], net->b[i], s->h, s->z);
        for (size_t j = 0; j < net->m[i]; j++) {
            const size_t at = net->at[i] + j;
            const double *z = s->z + j * stride;
            affine &= domain->s[at] != LIP_UNSTABLE;
            if (domain->s[at] != LIP_UNSTABLE && net->status[at] == LIP_UNSTABLE)
                lip_cells_add(&s->cells, z, domain->s[at] == LIP_ON ? 1 : -1);
            for (size_t k = 0; k < stride; k++) s->h[j * stride + k] = domain->s[at] == LIP_ON ? z[k] : 0;
        }
    }
    return s->cells.constraints == 0 || lip_cells_feasible(&s->cells);
}

static size_t layer_of(const lip_live *net, size_t j)
{
    size_t i = 1;
    while (j >= net->at[i + 1]) i++;
    return i;
}

static lip_domain *make_child(bab *s, const lip_domain *parent, size_t j, lip_status status)
{
    lip_domain *child = s->free_list[--s->spare];
    memcpy(child->s, parent->s, s->net.hidden);
    memcpy(child->l, parent->l, s->net.hidden * sizeof *child->l);
    memcpy(child->u, parent->u, s->net.hidden * sizeof *child->u);
    child->c = parent->c;
    child->bound = s->keep_parent ? parent->bound : INFINITY;
    child->from = s->rebound ? layer_of(&s->net, j) : 1;
    child->s[j] = (unsigned char)status;
    child->pick = LIP_NONE;
    return child;
}

/* The top domains of the queue, at most a batch; none if the greatest is split entirely. */
static size_t take(bab *s)
{
    size_t taken = 0;
    while (taken < s->batch && s->queued > 0 && s->nodes + 2 * taken < s->budget) {
        lip_domain *top = s->queue[0];
        if (s->branching == RANDOM) top->pick = pick_random(s, top);
        if (top->pick == LIP_NONE) break;
        s->open[taken++] = dequeue(s);
    }
    return taken;
}

static size_t split(bab *s, size_t taken)
{
    size_t children = 0;
    for (size_t k = 0; k < taken; k++) {
        for (int on = 0; on < 2; on++) {
            lip_domain *child = make_child(s, s->open[k], s->open[k]->pick, on ? LIP_ON : LIP_OFF);
            if (s->exact && !feasible(s, child))
                s->free_list[s->spare++] = child;
            else
                s->child[children++] = child;
        }
        s->free_list[s->spare++] = s->open[k];
    }
    return children;
}

cc_status lip_bab_step(cc_run *run, void *state)
{
    bab *s = state;
    const uint64_t nodes = s->nodes;
    s->back.flops = 0;
    if (!s->started)
        start(s);
    else {
        const size_t taken = take(s);
        if (taken == 0) return cc_finish(run, s->nodes >= s->budget ? "BUDGET" : s->exact ? "EXACT" : "SPLIT");
        const size_t children = split(s, taken);
        if (children) lip_back_run(&s->back, children, s->child);
        for (size_t k = 0; k < children; k++) enqueue(s, s->child[k]);
        s->nodes += 2 * taken;
    }
    if (s->queued == 0) return cc_fail(run, CC_ENUMERIC, "every domain was found empty");
    s->result.bounds.overall = s->queue[0]->bound;
    s->result.bounds.low = s->result.low, s->result.bounds.high = s->result.high;
    relu_box_report(run, s->back.flops, s->nodes - nodes);
    return CC_OK;
}

/* The Jacobian's bounds are those of the start. */
const void *lip_bab_candidate(void *state)
{
    bab *s = state;
    for (size_t c = 0; s->started && c < s->K; c++) s->result.per_class[c] = 0;
    for (size_t k = 0; k < s->queued; k++) {
        const lip_domain *domain = s->queue[k];
        s->result.per_class[domain->c] = fmax(s->result.per_class[domain->c], domain->bound);
    }
    return &s->result.bounds;
}
