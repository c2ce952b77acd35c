/* harness/numerics/nn_tape.h: what a tape is. For nn_tape.c, nn_sweep.c and nn_calls.c alone. */
#ifndef CLAIMCHECK_HARNESS_NN_TAPE_H
#define CLAIMCHECK_HARNESS_NN_TAPE_H

#include "harness/numerics/nn_op.h"

enum { NN_CHUNKS = 48, NN_TEXT = 384, NN_UNBATCHED = -1, NN_MIXED = -2 };

typedef enum nn_kind { NN_PARAM, NN_INPUT, NN_INDEX, NN_RESULT, NN_VIEW } nn_kind;

typedef struct nn_slot { /* a node; a view borrows everything from its root */
    nn_kind kind;
    nn_shape s;
    size_t n, offset;  /* of a view in its root, of a parameter in the flat vector */
    int root, axis;    /* axis: the dimension that counts examples, or NN_UNBATCHED, NN_MIXED */
    int uses;          /* operations that read it, or views of it */
    int want, reached; /* adjoints: asked for; computed by the last nn_backward */
    int live, at_live; /* tangent, adjoint tangent: not known to be zero */
    const double *v, *t;
    double *own, *a, *own_t, *at; /* own, own_t: writable v and t of results */
    size_t t_room, at_room;       /* directions that own_t and at have room for */
    const int *index;
    int *own_index;
} nn_slot;

typedef struct nn_block {
    char *base;
    size_t size, used;
} nn_block;

/* What the flat vectors of the last sweeps were. */
typedef struct nn_vectors {
    double *g, *hv, *own_g, *own_hv;
    size_t hv_room; /* directions of own_hv */
} nn_vectors;

struct nn_tape {
    cc_run *run;
    nn_slot *node;
    nn_rec *rec;
    size_t n_nodes, node_room, n_recs, rec_room, params;
    nn_block block[NN_CHUNKS];
    size_t n_blocks;
    nn_vectors flat;
    double *scratch, *unit, *rows; /* of kernels; unit vectors; one parameter's gradients, an example a row */
    double *fixed, *krylov;        /* of nn_fixed.c */
    size_t scratch_need, scratch_room, unit_room, rows_room, fixed_room, krylov_room;
    int forward, backward, tangent; /* done since the last change? */
    size_t directions;              /* of the last tangent sweep */
    int out;                        /* of the last backward sweep */
    nn_mode mode;
    uint64_t step;
    cc_status status;
    char message[NN_TEXT];
};

nn_arg nn_arg_of(const nn_tape *t, nn_node x); /* tangents: of the first direction */
size_t nn_step(const nn_tape *t, nn_node x);   /* from one direction's tangent to the next one's */
int nn_is_param(const nn_tape *t, nn_node x);  /* or a view of one */
/* Adjoints of all nodes that `out` needs; params 0: not of parameters (g is not touched). */
cc_status nn_backward_over(nn_tape *t, nn_node out, const double *seed, double *g, int params);

#endif
