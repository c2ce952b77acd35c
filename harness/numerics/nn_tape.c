/* Nodes, recording, memory. */
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "harness/numerics/nn_tape.h"

/* ---- shapes ---- */

nn_shape nn_vec(size_t n) { return (nn_shape){1, {n}}; }
nn_shape nn_mat(size_t rows, size_t columns) { return (nn_shape){2, {rows, columns}}; }
nn_shape nn_cube(size_t a, size_t b, size_t c) { return (nn_shape){3, {a, b, c}}; }
nn_shape nn_img(size_t examples, size_t channels, size_t height, size_t width)
{
    return (nn_shape){4, {examples, channels, height, width}};
}

size_t nn_count(nn_shape s)
{
    size_t n = 1;
    for (int i = 0; i < s.nd; i++) n *= s.d[i];
    return n;
}

int nn_same(nn_shape a, nn_shape b)
{
    if (a.nd != b.nd) return 0;
    for (int i = 0; i < a.nd; i++)
        if (a.d[i] != b.d[i]) return 0;
    return 1;
}

const char *nn_show(nn_shape s, char text[96])
{
    size_t at = 0;
    text[0] = 0;
    for (int i = 0; i < s.nd && at < 90; i++) at += (size_t)snprintf(text + at, 96 - at, i ? " x %zu" : "%zu", s.d[i]);
    return text;
}

nn_shape nn_flat(const nn_tape *t, nn_node x)
{
    nn_shape s = t->node[x].s;
    return nn_mat(t->node[x].n / s.d[s.nd - 1], s.d[s.nd - 1]);
}

/* ---- errors ---- */

nn_node nn_error(nn_tape *t, const char *format, ...)
{
    if (t->status == CC_OK) {
        va_list args;
        va_start(args, format);
        vsnprintf(t->message, sizeof t->message, format, args);
        va_end(args);
        t->status = CC_EINVAL;
    }
    return NN_NONE;
}

cc_status nn_status(const nn_tape *t) { return t->status == CC_OK ? CC_OK : cc_fail(t->run, t->status, "%s", t->message); }

static void no_memory(nn_tape *t)
{
    if (t->status != CC_OK) return;
    t->status = CC_ENOMEM;
    snprintf(t->message, sizeof t->message, "no memory is left for the tape");
}

/* ---- memory: blocks that nn_reset empties ---- */

static void *take(nn_tape *t, size_t bytes)
{
    bytes = (bytes + 63) & ~(size_t)63;
    for (size_t i = 0; i < t->n_blocks; i++)
        if (t->block[i].size - t->block[i].used >= bytes) {
            t->block[i].used += bytes;
            return t->block[i].base + t->block[i].used - bytes;
        }
    size_t size = (size_t)1 << 13;
    if (t->n_blocks > 0) size = 2 * t->block[t->n_blocks - 1].size;
    if (size < bytes) size = bytes;
    char *base = t->n_blocks < NN_CHUNKS ? cc_alloc(t->run, size, 1) : NULL;
    if (!base) {
        no_memory(t);
        return NULL;
    }
    t->block[t->n_blocks++] = (nn_block){base, size, bytes};
    return base;
}

double *nn_take(nn_tape *t, size_t n) { return take(t, n * sizeof(double)); }

/* A table twice as long; the old one stays in the scope. */
static void *longer(nn_tape *t, void *old, size_t n, size_t *room, size_t size)
{
    if (n < *room) return old;
    size_t more = *room ? 2 * *room : 64;
    void *table = cc_alloc(t->run, more, size);
    if (!table) {
        no_memory(t);
        return NULL;
    }
    if (n) memcpy(table, old, n * size);
    *room = more;
    return table;
}

void nn_need_scratch(nn_tape *t, size_t n)
{
    if (n > t->scratch_need) t->scratch_need = n;
}

double *nn_scratch(const nn_tape *t) { return t->scratch; }

cc_status nn_open(cc_run *run, nn_tape **tape)
{
    nn_tape *t;
    CC_NEW(run, t, 1);
    t->run = run;
    *tape = t;
    return CC_OK;
}

void nn_reset(nn_tape *t)
{
    t->n_nodes = t->n_recs = t->params = 0;
    for (size_t i = 0; i < t->n_blocks; i++) t->block[i].used = 0;
    t->flat = (nn_vectors){0};
    t->scratch = t->unit = t->rows = t->fixed = t->krylov = NULL;
    t->scratch_need = t->scratch_room = t->unit_room = t->rows_room = t->fixed_room = t->krylov_room = 0;
    t->forward = t->backward = t->tangent = 0;
    t->status = CC_OK;
}

cc_run *nn_run(const nn_tape *t) { return t->run; }
nn_mode nn_mode_of(const nn_tape *t) { return t->mode; }
uint64_t nn_step_of(const nn_tape *t) { return t->step; }

void nn_set_mode(nn_tape *t, nn_mode mode)
{
    t->mode = mode;
    t->forward = 0;
}

void nn_set_step(nn_tape *t, uint64_t step)
{
    t->step = step;
    t->forward = 0;
}

/* ---- nodes ---- */

static nn_node add_node(nn_tape *t, nn_slot slot, const char *what)
{
    char text[96];
    if (t->status != CC_OK) return NN_NONE;
    slot.n = nn_count(slot.s);
    if (slot.s.nd < 1 || slot.s.nd > 4) return nn_error(t, "%s: %d dimensions; there are 1 to 4", what, slot.s.nd);
    if (slot.n == 0) return nn_error(t, "%s: empty (%s)", what, nn_show(slot.s, text));
    nn_slot *table = longer(t, t->node, t->n_nodes, &t->node_room, sizeof *t->node);
    if (!table) return NN_NONE;
    t->node = table;
    if (slot.kind != NN_VIEW) slot.root = (int)t->n_nodes;
    t->node[t->n_nodes] = slot;
    t->forward = t->backward = t->tangent = 0;
    return (nn_node)t->n_nodes++;
}

nn_node nn_param(nn_tape *t, nn_shape shape)
{
    nn_node x =
        add_node(t, (nn_slot){.kind = NN_PARAM, .s = shape, .offset = t->params, .axis = NN_UNBATCHED, .want = 1}, "parameter");
    if (x != NN_NONE) t->params += t->node[x].n;
    return x;
}

nn_node nn_input(nn_tape *t, nn_shape shape, const double *data)
{
    return add_node(t, (nn_slot){.kind = NN_INPUT, .s = shape, .v = data}, "input");
}

nn_node nn_constant(nn_tape *t, nn_shape shape, const double *data)
{
    return add_node(t, (nn_slot){.kind = NN_INPUT, .s = shape, .v = data, .axis = NN_UNBATCHED}, "constant");
}

nn_node nn_index(nn_tape *t, nn_shape shape, const int *data)
{
    return add_node(t, (nn_slot){.kind = NN_INDEX, .s = shape, .index = data}, "index");
}

int nn_good(nn_tape *t, const char *op, size_t n, const nn_node *x)
{
    if (t->status != CC_OK) return 0;
    for (size_t i = 0; i < n; i++)
        if (x[i] < 0 || (size_t)x[i] >= t->n_nodes) return nn_error(t, "%s: input %zu is no node of this tape", op, i), 0;
    return 1;
}

/* Which dimension of the result counts examples: the one of the inputs that want adjoints, or else of the others. */
static int axis_of(const nn_tape *t, const nn_op *op, nn_shape result, int nin, const nn_node *in)
{
    int axis[2] = {NN_UNBATCHED, NN_UNBATCHED};
    for (int i = 0; i < nin; i++) {
        const nn_slot *x = &t->node[in[i]];
        int *a = &axis[x->want], at = x->axis;
        if (at == NN_UNBATCHED) continue;
        if (at >= 0 && op->flags & NN_ALIGNED) at += result.nd - x->s.nd;
        *a = *a == NN_UNBATCHED || *a == at ? at : NN_MIXED;
    }
    int both = axis[1] != NN_UNBATCHED ? axis[1] : axis[0];
    return both == NN_UNBATCHED || op->flags & NN_ROWWISE ? both : NN_MIXED;
}

nn_node nn_record(nn_tape *t, const nn_op *op, nn_shape shape, int nin, const nn_node *in, nn_rec **rec)
{
    while (nin > 0 && in[nin - 1] == NN_NONE) nin--;
    if (!nn_good(t, op->name, (size_t)nin, in)) return NN_NONE;
    int want = 0;
    for (int i = 0; i < nin; i++) want |= t->node[in[i]].want;
    nn_rec *table = longer(t, t->rec, t->n_recs, &t->rec_room, sizeof *t->rec);
    if (!table) return NN_NONE;
    t->rec = table;
    nn_slot slot = {.kind = NN_RESULT, .s = shape, .axis = axis_of(t, op, shape, nin, in), .want = want};
    slot.own = nn_take(t, nn_count(shape));
    slot.v = slot.own;
    nn_node out = add_node(t, slot, op->name);
    if (out == NN_NONE) return NN_NONE;
    for (int i = 0; i < nin; i++) t->node[in[i]].uses++;
    nn_rec *r = &t->rec[t->n_recs++];
    *r = (nn_rec){.op = op, .tape = t, .nin = nin, .out = out};
    memcpy(r->in, in, (size_t)nin * sizeof *in);
    *rec = r;
    return out;
}

/* ---- views ---- */

static nn_node view(nn_tape *t, nn_node x, size_t offset, nn_shape shape, int axis, const char *what)
{
    nn_slot *from = &t->node[x];
    size_t base = from->kind == NN_VIEW ? from->offset : 0;
    from->uses++;
    return add_node(
        t, (nn_slot){.kind = NN_VIEW, .s = shape, .root = from->root, .offset = base + offset, .axis = axis, .want = from->want},
        what);
}

nn_node nn_reshape(nn_tape *t, nn_node x, nn_shape shape)
{
    char from[96], to[96];
    if (!nn_good(t, "reshape", 1, &x)) return NN_NONE;
    const nn_slot *s = &t->node[x];
    if (nn_count(shape) != s->n) return nn_error(t, "reshape: %s to %s", nn_show(s->s, from), nn_show(shape, to));
    int kept = s->axis == NN_UNBATCHED || nn_same(s->s, shape) || (s->axis == 0 && shape.d[0] == s->s.d[0]);
    return view(t, x, 0, shape, kept ? s->axis : NN_MIXED, "reshape");
}

nn_node nn_part(nn_tape *t, nn_node x, size_t begin, nn_shape shape)
{
    char from[96], to[96];
    if (!nn_good(t, "part", 1, &x)) return NN_NONE;
    const nn_slot *s = &t->node[x];
    if (begin + nn_count(shape) > s->n)
        return nn_error(t, "part: %s from entry %zu of %s", nn_show(shape, to), begin, nn_show(s->s, from));
    return view(t, x, begin, shape, s->axis == NN_UNBATCHED ? s->axis : NN_MIXED, "part");
}

nn_node nn_item(nn_tape *t, nn_node x, size_t i)
{
    char text[96];
    if (!nn_good(t, "item", 1, &x)) return NN_NONE;
    nn_slot s = t->node[x];
    if (s.s.nd < 2 || i >= s.s.d[0]) return nn_error(t, "item: %zu of %s", i, nn_show(s.s, text));
    nn_shape shape = {s.s.nd - 1, {s.s.d[1], s.s.d[2], s.s.d[3]}};
    return view(t, x, i * (s.n / s.s.d[0]), shape, s.axis > 0 ? s.axis - 1 : s.axis == 0 ? NN_MIXED : s.axis, "item");
}

/* ---- looking and feeding ---- */

nn_arg nn_arg_of(const nn_tape *t, nn_node x)
{
    const nn_slot *s = &t->node[x], *root = &t->node[s->root];
    size_t at = s->kind == NN_VIEW ? s->offset : 0;
    return (nn_arg){.s = s->s,
                    .n = s->n,
                    .index = root->index,
                    .v = root->v ? root->v + at : NULL,
                    .t = root->live && root->t ? root->t + at : NULL,
                    .a = root->want && root->reached && root->a ? root->a + at : NULL,
                    .at = root->want && root->reached && root->at ? root->at + at : NULL};
}

size_t nn_step(const nn_tape *t, nn_node x)
{
    const nn_slot *root = &t->node[t->node[x].root];
    return root->kind == NN_PARAM ? t->params : root->n;
}

int nn_is_param(const nn_tape *t, nn_node x) { return t->node[t->node[x].root].kind == NN_PARAM; }

int nn_is_index(const nn_tape *t, nn_node x) { return t->node[x].kind == NN_INDEX; }
int nn_wanted(const nn_tape *t, nn_node x) { return t->node[x].want; }
int nn_counts_examples(const nn_tape *t, nn_node x, int dimension) { return t->node[x].axis == dimension; }

static int known(const nn_tape *t, nn_node x) { return x >= 0 && (size_t)x < t->n_nodes; }

nn_shape nn_shape_of(const nn_tape *t, nn_node x) { return known(t, x) ? t->node[x].s : (nn_shape){0}; }
size_t nn_size(const nn_tape *t, nn_node x) { return known(t, x) ? t->node[x].n : 0; }
size_t nn_params(const nn_tape *t) { return t->params; }
const double *nn_value(const nn_tape *t, nn_node x) { return known(t, x) ? nn_arg_of(t, x).v : NULL; }
const double *nn_adjoint(const nn_tape *t, nn_node x) { return known(t, x) && t->backward ? nn_arg_of(t, x).a : NULL; }

/* A tangent of the first direction to that of direction q. */
static const double *moved(const nn_tape *t, nn_node x, size_t q, const double *first)
{
    return t->tangent && first && q < t->directions ? first + q * nn_step(t, x) : NULL;
}

const double *nn_node_tangent(const nn_tape *t, nn_node x, size_t q)
{
    return known(t, x) ? moved(t, x, q, nn_arg_of(t, x).t) : NULL;
}

const double *nn_adjoint_tangent(const nn_tape *t, nn_node x, size_t q)
{
    return known(t, x) ? moved(t, x, q, nn_arg_of(t, x).at) : NULL;
}

size_t nn_param_offset(const nn_tape *t, nn_node x)
{
    if (!known(t, x) || !nn_is_param(t, x)) return SIZE_MAX;
    return t->node[t->node[x].root].offset + (t->node[x].kind == NN_VIEW ? t->node[x].offset : 0);
}

/* The node, if it is a leaf of this kind that may be fed. */
static nn_slot *leaf(nn_tape *t, nn_node x, nn_kind kind, const char *what)
{
    if (!nn_good(t, what, 1, &x)) return NULL;
    if (t->node[x].kind != kind) return nn_error(t, "%s: node %d is no %s", what, x, kind == NN_INPUT ? "input" : "index"), NULL;
    t->forward = t->backward = t->tangent = 0;
    return &t->node[x];
}

void nn_feed(nn_tape *t, nn_node input, const double *data)
{
    nn_slot *s = leaf(t, input, NN_INPUT, "feed");
    if (s) s->v = data;
}

void nn_feed_index(nn_tape *t, nn_node index, const int *data)
{
    nn_slot *s = leaf(t, index, NN_INDEX, "feed");
    if (s) s->index = data;
}

void nn_feed_rows(nn_tape *t, nn_node input, const double *table, const size_t *rows)
{
    nn_slot *s = leaf(t, input, NN_INPUT, "feed");
    if (!s || (!s->own && !(s->own = nn_take(t, s->n)))) return;
    size_t n = s->s.d[0], row = s->n / n;
    for (size_t i = 0; i < n; i++) memcpy(s->own + i * row, table + rows[i] * row, row * sizeof *table);
    s->v = s->own;
}

void nn_feed_index_rows(nn_tape *t, nn_node index, const int *table, const size_t *rows)
{
    nn_slot *s = leaf(t, index, NN_INDEX, "feed");
    if (!s || (!s->own_index && !(s->own_index = take(t, s->n * sizeof *table)))) return;
    size_t n = s->s.d[0], row = s->n / n;
    for (size_t i = 0; i < n; i++) memcpy(s->own_index + i * row, table + rows[i] * row, row * sizeof *table);
    s->index = s->own_index;
}

void nn_want(nn_tape *t, nn_node input)
{
    nn_slot *s = leaf(t, input, NN_INPUT, "want");
    if (s && s->uses > 0) nn_error(t, "want: node %d is already used", input);
    if (s) s->want = 1;
}

void nn_examples_in(nn_tape *t, nn_node input, int dimension)
{
    if (!nn_good(t, "examples in", 1, &input)) return;
    nn_slot *s = &t->node[input];
    if (s->uses > 0 || dimension < -1 || dimension >= s->s.nd) nn_error(t, "examples in: node %d, dimension %d", input, dimension);
    s->axis = dimension;
}

void nn_feed_tangent(nn_tape *t, nn_node input, const double *data)
{
    int forward = t->forward, backward = t->backward;
    nn_slot *s = leaf(t, input, NN_INPUT, "feed tangent");
    if (s) s->t = data;
    t->forward = forward;
    t->backward = backward;
}

cc_status nn_check_index(const nn_rec *r, const nn_arg *index, size_t below)
{
    if (!index->index) return cc_fail(r->tape->run, CC_EINVAL, "%s: the indices were never fed", r->op->name);
    for (size_t i = 0; i < index->n; i++)
        if (index->index[i] < 0 || (size_t)index->index[i] >= below)
            return cc_fail(r->tape->run, CC_EINVAL, "%s: index %d at %zu is not in 0 .. %zu", r->op->name, index->index[i], i,
                           below - 1);
    return CC_OK;
}
