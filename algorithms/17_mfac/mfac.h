/* algorithms/17_mfac/mfac.h: what the files of this folder share: matrices, engines, pruning. Symbols: see static.c and dynamic.c.
 */
#ifndef CLAIMCHECK_MFAC_H
#define CLAIMCHECK_MFAC_H

#include "harness/plugin.h"

/* ---- matrix.c: rows contiguous, stored in double or float; vectors are double whatever the storage ---- */
typedef enum mfac_storage { MFAC_DOUBLE, MFAC_FLOAT } mfac_storage;
#define MFAC_STORAGES "double float"

/* What an engine has spent: each kernel adds its own flops, each allocation its numbers of 8 bytes. */
typedef struct mfac_bill {
    uint64_t flops;
    size_t words;
} mfac_bill;
void mfac_spend(mfac_bill *bill, uint64_t flops); /* the run's reported work too */
cc_status mfac_words(cc_run *run, mfac_bill *bill, size_t count, double **array);

typedef struct mfac_matrix {
    size_t rows, cols;
    double *wide;             /* rows x cols, or */
    float *narrow, *in, *out; /* the same in float, with panels of the vectors */
    void *panel, *right;      /* in double or float: see kernels.h; a panel of rows, and a triangular matrix that multiplies it */
    mfac_bill *bill;
} mfac_matrix;

/* Zero; CC_EINVAL if BLAS cannot count the entries of a row or column. `factor`: gram and solve will be used. */
cc_status mfac_matrix_init(cc_run *run, mfac_matrix *a, size_t rows, size_t cols, mfac_storage storage, int factor,
                           mfac_bill *bill);
void mfac_matrix_set(mfac_matrix *a, size_t i, const double *row);
double mfac_matrix_at(const mfac_matrix *a, size_t i, size_t j);

/* With B the rows from .. from + count of A: y = alpha B x and y = alpha B'x, added to y if `add`; 2 count cols flops. A float
 * matrix sums panels of floats in double. x and y do not overlap. */
void mfac_times(const mfac_matrix *a, size_t from, size_t count, double alpha, const double *x, int add, double *y);
void mfac_times_t(const mfac_matrix *a, size_t from, size_t count, double alpha, const double *x, int add, double *y);
/* B (cols x rows), C its columns from .. from + count: the lower triangle of CC', count cols (cols + 1) flops; then the rows
 * from .. from + count of A <- C' lower', count cols^2 flops, of the same B; the first always in double. */
void mfac_gram(mfac_matrix *a, size_t from, size_t count, const double *b, double *gram);
void mfac_apply(mfac_matrix *a, size_t from, size_t count, const double *b, const double *lower);
double mfac_row_dot(const mfac_matrix *a, size_t i, size_t j); /* 2 cols flops */
/* In place, of lower triangles: L L' = A, n (n + 1) (2n + 1) / 6 flops, CC_ENUMERIC if there is none; L^-1, n (n^2 + 2) / 3 flops.
 */
cc_status mfac_cholesky(cc_run *run, size_t n, double *a, mfac_bill *bill);
void mfac_invert(size_t n, double *l, mfac_bill *bill);

/* ---- engines ---- */
typedef struct mfac_spec {
    size_t m, d;
    double lambda;
    mfac_storage storage;
    size_t block; /* coordinates of a diagonal block of F; 0 or >= d: all in one. The static and the dense engine */
    int slip;     /* a planted mistake: the recursion divides by i for m; the dynamic engine leaves an old column in S */
    int naive;    /* the dynamic engine: F^-1 g like any other product */
} mfac_spec;

typedef struct mfac_engine mfac_engine;

/* One interface for all. NULL: the engine has no such operation. Vectors have d entries; no call allocates. */
typedef struct mfac_ops {
    const char *id;
    cc_status (*create)(cc_run *run, mfac_engine *e);
    cc_status (*build)(mfac_engine *e, const double *rows); /* the window, m x d */
    cc_status (*push)(mfac_engine *e, const double *g);     /* replaces the oldest */
    void (*product)(mfac_engine *e, const double *x, double *out);
    void (*newest)(mfac_engine *e, double *out); /* F^-1 g, g the last of the window */
    void (*diagonal)(mfac_engine *e, double *out);
    double (*element)(mfac_engine *e, size_t i, size_t j);
    void (*column)(mfac_engine *e, size_t j, double *out);
    void (*shrink)(mfac_engine *e, size_t d); /* d from now on, at most that of before; build comes next */
} mfac_ops;

struct mfac_engine {
    const mfac_ops *ops;
    mfac_spec spec;
    mfac_bill bill;
    cc_run *run;
    void *state;
};

/* In the order of MFAC_ENGINES. */
typedef enum mfac_kind { MFAC_STATIC, MFAC_RECURSION, MFAC_DYNAMIC, MFAC_TRIANGULAR, MFAC_DENSE } mfac_kind;
#define MFAC_ENGINES "static recursion dynamic triangular dense"
extern const mfac_ops mfac_static, mfac_recursion, mfac_dynamic, mfac_triangular, mfac_dense;

/* CC_EINVAL: lambda not positive and finite, m or d 0, m d too large for an address; CC_ENOMEM. */
cc_status mfac_create(cc_run *run, mfac_kind kind, const mfac_spec *spec, mfac_engine **engine);
/* As the operations, gradients checked: CC_EINVAL if one is not finite. */
cc_status mfac_build(mfac_engine *e, const double *rows);
cc_status mfac_push(mfac_engine *e, const double *g);

/* ---- engines.c: an engine that answers a script of the family `ihvp` ---- */
#define MFAC_SOLVES "push naive paper"
enum { MFAC_SOLVE_PUSH, MFAC_SOLVE_NAIVE, MFAC_SOLVE_PAPER }; /* paper: the triangular engine, in the optimiser */
cc_status mfac_static_init(cc_run *run, void **state);
cc_status mfac_recursion_init(cc_run *run, void **state);
cc_status mfac_dynamic_init(cc_run *run, void **state);
cc_status mfac_triangular_init(cc_run *run, void **state);
cc_status mfac_dense_init(cc_run *run, void **state);
cc_status mfac_clerk_step(cc_run *run, void *state);
const void *mfac_clerk_candidate(void *state);

/* ---- obs.c: the optimal brain surgeon on n weights ---- */
void mfac_saliency(size_t n, const double *w, const double *diagonal, double *p); /* diagonal of F^-1 */
/* The first k of `index` (n long, a permutation of 0 .. n - 1 afterwards) are those of the k least p, equal ones by index; O(n) on
 * average. */
void mfac_least(size_t n, const double *p, size_t k, size_t *index);
/* Drops k weights: w (d of the engine) moves and is 0 there. pull and step: room for d each. */
void mfac_operate(mfac_engine *e, const double *diagonal, size_t k, const size_t *drop, double *w, double *pull, double *step);

extern const cc_algorithm mfac_algorithms[];                                       /* algorithms.c */
extern const cc_measure mfac_cost, mfac_precision, mfac_surgery, mfac_convergence; /* measures.c, measures_obs.c */

#endif
