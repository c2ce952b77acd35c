/* algorithms/baseline_smooth/first_order.c: the gradient method and Nesterov's fast gradient method, both with a search for L.
 *
 * In the metric B a step is T = y - B^-1 grad f(y) / L, accepted when f(T) <= f(y) - ||grad f(y)||^2 / (2 L): the quadratic upper
 * model holds at T. Then L is halved, else doubled (Nesterov, Gradient methods for minimizing composite functions, 2013). */
#include "algorithms/baseline_smooth/baselines.h"

#include "harness/numerics/linalg.h"
#include "problems/smooth/smooth.h"

#include <math.h>

enum { MAX_DOUBLINGS = 60 };

cc_status gradient_init(cc_run *run, void **state)
{
    first_order *s;
    CC_NEW(run, s, 1);
    *state = s;
    s->d = smooth_dim(run), s->L = cc_real(run, "L0"), s->L_min = cc_real(run, "L_min");
    CC_NEW(run, s->x, s->d);
    CC_NEW(run, s->g, s->d);
    CC_NEW(run, s->step, s->d);
    CC_NEW(run, s->next, s->d);
    CC_TRY(smooth_start(run, s->x));
    return smooth_value_grad(run, s->x, &s->f, s->g);
}

/* T = y - B^-1 g / L in s->next, with its value; 1 if the quadratic model holds there. g2 = ||g||^2. */
static cc_status try_step(cc_run *run, first_order *s, const double *y, double f_y, double g2, double *f_T, int *good)
{
    s->trials++;
    for (size_t i = 0; i < s->d; i++) s->next[i] = y[i] - s->step[i] / s->L;
    CC_TRY(smooth_value(run, s->next, f_T));
    *good = *f_T <= f_y - g2 / (2 * s->L);
    return CC_OK;
}

cc_status gradient_step(cc_run *run, void *state)
{
    first_order *s = state;
    smooth_metric_solve(run, s->g, s->step);
    const double g2 = cc_dot(s->d, s->g, s->step);
    if (g2 == 0) return cc_finish(run, "GRADTOL");
    s->trials = 0;
    for (int t = 0; t < MAX_DOUBLINGS; t++, s->L *= 2) {
        double f_T;
        int good;
        CC_TRY(try_step(run, s, s->x, s->f, g2, &f_T, &good));
        if (!good) continue;
        double *x = s->x;
        s->x = s->next, s->next = x, s->f = f_T;
        s->L = fmax(s->L / 2, s->L_min);
        return smooth_grad(run, s->x, s->g);
    }
    return cc_finish(run, "STALLED");
}

cc_status fast_gradient_init(cc_run *run, void **state)
{
    CC_TRY(gradient_init(run, state));
    first_order *s = *state;
    CC_NEW(run, s->y, s->d);
    CC_NEW(run, s->v, s->d);
    cc_copy(s->d, s->x, s->v);
    return CC_OK;
}

/* x <- T, v <- T + (A/a)(T - x), A <- A + a */
static void fast_move(first_order *s, double a, double f_T)
{
    for (size_t i = 0; i < s->d; i++) {
        s->v[i] = s->next[i] + s->A / a * (s->next[i] - s->x[i]);
        s->x[i] = s->next[i];
    }
    s->A += a, s->f = f_T;
    s->L = fmax(s->L / 2, s->L_min);
}

cc_status fast_gradient_step(cc_run *run, void *state)
{
    first_order *s = state;
    s->trials = 0;
    for (int t = 0; t < MAX_DOUBLINGS; t++, s->L *= 2) {
        const double a = (1 + sqrt(1 + 4 * s->A * s->L)) / (2 * s->L); /* L a^2 = A + a */
        double f_y, f_T;
        int good;
        for (size_t i = 0; i < s->d; i++) s->y[i] = (a * s->v[i] + s->A * s->x[i]) / (a + s->A);
        CC_TRY(smooth_value_grad(run, s->y, &f_y, s->g));
        smooth_metric_solve(run, s->g, s->step);
        const double g2 = cc_dot(s->d, s->g, s->step);
        if (g2 == 0) return cc_finish(run, "GRADTOL");
        CC_TRY(try_step(run, s, s->y, f_y, g2, &f_T, &good));
        if (good) {
            fast_move(s, a, f_T);
            return CC_OK;
        }
    }
    return cc_finish(run, "STALLED");
}

const void *first_order_candidate(void *state) { return ((first_order *)state)->x; }
