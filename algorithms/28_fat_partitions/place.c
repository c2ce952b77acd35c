/* place.c: embeddings to compare with: points on a line, on a grid or at random, and classical scaling. */
#include "partitions.h"

#include <lapacke.h>
#include <math.h>

typedef struct place {
    const tree_data *tree;
    size_t d;
    int rule;
    double *point;
    tree_layout layout;
} place;

static cc_status open(cc_run *run, place *s)
{
    s->tree = tree_get(run);
    s->d = (size_t)cc_int(run, "d");
    if (!s->tree->label) return cc_fail(run, CC_EINVAL, "the tree has no labels: it is no ultrametric");
    CC_NEW(run, s->point, s->tree->leaves * s->d);
    return CC_OK;
}

static cc_status finish(cc_run *run, place *s)
{
    s->layout = (tree_layout){.kind = TREE_POINTS, .d = s->d, .point = s->point};
    return cc_finish(run, "LAID_OUT");
}

const void *fp_place_candidate(void *state) { return &((place *)state)->layout; }

/* ---- line, grid, random ---- */

enum { LINE, GRID, RANDOM };

cc_status fp_place_init(cc_run *run, void **state)
{
    place *s;
    CC_NEW(run, s, 1);
    s->rule = cc_choice(run, "rule");
    *state = s;
    return open(run, s);
}

/* Neighbours in depth-first order are as far apart as the ultrametric says: where a later child of v begins, the gap is l(v). */
static void on_a_line(place *s)
{
    const tree_data *t = s->tree;
    const size_t d = s->d;
    for (size_t v = 0; v < t->nodes; v++)
        for (size_t c = v + 1; c < v + t->size[v]; c += t->size[c])
            if (c != v + 1) s->point[t->first[c] * d] = t->label[v];
    for (size_t i = 1; i < t->leaves; i++) s->point[i * d] += s->point[(i - 1) * d];
}

/* Depth-first order, row by row, in the smallest cube that holds all. */
static void on_a_grid(place *s)
{
    const size_t n = s->tree->leaves, d = s->d;
    size_t q = (size_t)pow((double)n, 1 / (double)d);
    while (pow((double)q, (double)d) < (double)n) q++;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0, rest = i; k < d; k++, rest /= q) s->point[i * d + k] = (double)(rest % q);
}

cc_status fp_place_step(cc_run *run, void *state)
{
    place *s = state;
    for (size_t i = 0; i < s->tree->leaves * s->d; i++) s->point[i] = 0;
    if (s->rule == LINE) on_a_line(s);
    if (s->rule == GRID) on_a_grid(s);
    cc_rng rng = cc_stream(run, 0, 0);
    for (size_t i = 0; s->rule == RANDOM && i < s->tree->leaves * s->d; i++) s->point[i] = cc_uniform(&rng);
    return finish(run, s);
}

/* ---- classical scaling: the d greatest eigenvectors of -J D^2 J / 2, scaled by the roots of their eigenvalues. All are computed:
 * routines for a few of them give up on the many-fold eigenvalues of ultrametrics ---- */

typedef struct mds {
    place place;           /* first: candidate */
    double *gram, *values; /* the matrix, then row i the eigenvector of values[i] */
    double *mean, *work;
    lapack_int *iwork, room, iroom;
    int refused; /* too many points for an n x n matrix */
} mds;

cc_status fp_mds_init(cc_run *run, void **state)
{
    mds *s;
    double room;
    lapack_int iroom;
    CC_NEW(run, s, 1);
    CC_TRY(open(run, &s->place));
    const size_t size = s->place.tree->leaves;
    *state = s;
    s->refused = size > (size_t)cc_int(run, "max_points");
    if (s->refused) return CC_OK;
    if (s->place.d > size) return cc_fail(run, CC_EINVAL, "d=%zu is more than the %zu points", s->place.d, size);
    CC_NEW(run, s->gram, size * size);
    CC_NEW(run, s->mean, size);
    CC_NEW(run, s->values, size);
    const lapack_int n = (lapack_int)size;
    LAPACKE_dsyevd_work(LAPACK_COL_MAJOR, 'V', 'L', n, s->gram, n, s->values, &room, -1, &iroom, -1);
    s->room = (lapack_int)room;
    s->iroom = iroom;
    CC_NEW(run, s->work, room);
    CC_NEW(run, s->iwork, iroom);
    return CC_OK;
}

static void fill_gram(mds *s)
{
    const tree_data *t = s->place.tree;
    const size_t n = t->leaves;
    double mean = 0;
    for (size_t i = 0; i < n; i++) s->mean[i] = s->gram[i * n + i] = 0;
    for (size_t v = 0; v < t->nodes; v++)
        for (size_t c = v + 1; c < v + t->size[v]; c += t->size[c])
            for (size_t i = t->first[v]; i < t->first[c]; i++)
                for (size_t j = t->first[c]; j < t->first[c] + t->count[c]; j++)
                    s->gram[i * n + j] = s->gram[j * n + i] = -t->label[v] * t->label[v] / 2;
    for (size_t i = 0; i < n * n; i++) s->mean[i / n] += s->gram[i] / (double)n;
    for (size_t i = 0; i < n; i++) mean += s->mean[i] / (double)n;
    for (size_t i = 0; i < n * n; i++) s->gram[i] += mean - s->mean[i / n] - s->mean[i % n];
}

cc_status fp_mds_step(cc_run *run, void *state)
{
    mds *s = state;
    const size_t size = s->place.tree->leaves, d = s->place.d;
    const lapack_int n = (lapack_int)size;
    if (s->refused) return cc_finish(run, "REFUSED");
    fill_gram(s);
    const lapack_int info =
        LAPACKE_dsyevd_work(LAPACK_COL_MAJOR, 'V', 'L', n, s->gram, n, s->values, s->work, s->room, s->iwork, s->iroom);
    if (info != 0) return cc_fail(run, CC_ENUMERIC, "the eigenvalue routine failed (%d)", (int)info);
    cc_flops((uint64_t)(9 * pow((double)size, 3)));
    for (size_t k = 0; k < d; k++) {
        const size_t row = size - 1 - k;
        for (size_t i = 0; i < size; i++) s->place.point[i * d + k] = sqrt(fmax(s->values[row], 0)) * s->gram[row * size + i];
    }
    return finish(run, &s->place);
}
