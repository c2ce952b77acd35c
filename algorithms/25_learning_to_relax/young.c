/* algorithms/25_learning_to_relax/young.c: the instance-optimal omega, for those who know the spectrum.
 *
 * The Jacobi matrix of A + c I, A with a constant diagonal, has spectral radius beta(c) = beta(0) diag / (diag + c).
 * Reference  Young, Iterative methods for solving partial difference equations of elliptic type, 1954 */
#include <math.h>

#include "algorithms/25_learning_to_relax/relax.h"

cc_status relax_young_init(cc_run *run, void **state)
{
    relax_young *s;
    double low, high;
    CC_NEW(run, s, 1);
    CC_TRY(online_context_range(run, &low, &high));
    s->diagonal = cc_fact(run, "diagonal"), s->jacobi = cc_fact(run, "jacobi");
    if (!(s->diagonal > 0 && s->jacobi > 0))
        return cc_fail(run, CC_EINVAL, "the problem does not tell its diagonal and Jacobi radius");
    s->x = s->loss = NAN;
    *state = s;
    return CC_OK;
}

cc_status relax_young_step(cc_run *run, void *state)
{
    relax_young *s = state;
    double c;
    CC_TRY(online_context(run, &c));
    s->x = relax_omega_star(s->jacobi * s->diagonal / (s->diagonal + c));
    return online_play(run, &s->x, &s->loss);
}

const void *relax_young_candidate(void *state) { return &((relax_young *)state)->x; }
