/* problems/finsum_op/game.c: the policeman and the burglar. min over x max over y of y'Ax on two simplices,
 * A_ij = w_j (1 - exp(-0.8 |i - j|)), w_j = |N(0, 1)|: the wealth of house j times the chance to escape a policeman at i.
 * The start is the uniform strategy of both. The solution is not known in closed form (R is NaN); the gap is its certificate. */
#include <math.h>

#include "harness/numerics/linalg.h"
#include "problems/finsum_op/bilinear.h"
#include "problems/finsum_op/problems.h"
#include "problems/finsum_op/simplex.h"
#include "problems/splitmix.h"

static void project(const cc_oracle *o, double eta, const double *u, double *out, double *hint)
{
    const size_t n = ((const bilinear *)o->instance)->n;
    (void)eta;
    finsum_simplex(n, u, out, &hint[0]);
    finsum_simplex(n, u + n, out + n, &hint[1]);
}

double finsum_game_gap(const cc_oracle *o, const void *candidate)
{
    const size_t n = ((const bilinear *)o->instance)->n;
    double *F = ((finsum_env *)o->env)->value, best_y = -INFINITY, best_x = INFINITY;
    finsum_bilinear_full(o, candidate, F);
    for (size_t i = 0; i < n; i++) {
        best_x = fmin(best_x, F[i]);
        best_y = fmax(best_y, -F[n + i]);
    }
    return best_y - best_x;
}

const finsum_ops finsum_game_ops = {
    finsum_bilinear_full, finsum_bilinear_comp, finsum_bilinear_diff, finsum_bilinear_affine_step, project, NULL};

cc_status finsum_game_create(cc_run *scope, void **instance)
{
    const size_t n = (size_t)cc_int(scope, "n");
    uint64_t stream = cc_seed(scope);
    bilinear *p;
    double *a, *w;
    CC_NEW(scope, p, 1);
    CC_NEW(scope, a, n * n);
    CC_NEW(scope, w, n);
    CC_NEW(scope, p->base.u0, 2 * n);
    for (size_t j = 0; j < n; j++) w[j] = fabs(cc_sm64_normal(&stream));
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) a[i * n + j] = w[j] * (1 - exp(-.8 * fabs((double)i - (double)j)));
    for (size_t k = 0; k < 2 * n; k++) p->base.u0[k] = 1 / (double)n;
    p->base.caps = FINSUM_SET;
    p->base.R = NAN;
    CC_TRY(finsum_bilinear_fill(scope, p, n, a, cc_choice(scope, "law") == 0, NAN));
    *instance = p;
    return finsum_publish(scope, &p->base, &finsum_game_ops);
}
