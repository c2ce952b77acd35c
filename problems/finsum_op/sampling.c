#include "problems/finsum_op/sampling.h"

#include <math.h>

static cc_status check(cc_run *scope, size_t n, const double *q)
{
    double sum = 0;
    if (n < 1) return cc_fail(scope, CC_EINVAL, "a law over no components");
    for (size_t i = 0; i < n; i++) {
        if (!(q[i] >= 0 && q[i] <= 1)) return cc_fail(scope, CC_EINVAL, "probability %zu is %g", i, q[i]);
        sum += q[i];
    }
    if (!(fabs(sum - 1) <= 1e-9))
        return cc_fail(scope, CC_EINVAL, "the probabilities of %zu components sum to %.12g, not 1", n, sum);
    return CC_OK;
}

cc_status finsum_alias_make(cc_run *scope, size_t n, const double *q, finsum_alias *alias)
{
    size_t *stack, small = 0, large = n; /* indices below their fair share from the left, the others from the right */
    CC_TRY(check(scope, n, q));
    alias->n = n;
    CC_NEW(scope, alias->q, n);
    CC_NEW(scope, alias->keep, n);
    CC_NEW(scope, alias->other, n);
    CC_NEW(scope, stack, n);
    for (size_t i = 0; i < n; i++) {
        alias->q[i] = q[i];
        alias->keep[i] = q[i] * (double)n;
        alias->other[i] = i;
        if (alias->keep[i] < 1)
            stack[small++] = i;
        else
            stack[--large] = i;
    }
    while (small > 0 && large < n) {
        const size_t poor = stack[--small], rich = stack[large];
        alias->other[poor] = rich;
        alias->keep[rich] -= 1 - alias->keep[poor];
        if (alias->keep[rich] < 1) {
            large++;
            stack[small++] = rich;
        }
    }
    while (small > 0) alias->keep[stack[--small]] = 1; /* left over by rounding */
    return CC_OK;
}

size_t finsum_alias_draw(const finsum_alias *alias, cc_rng *rng)
{
    const double x = cc_uniform(rng) * (double)alias->n;
    const size_t i = (size_t)x;
    return x - (double)i < alias->keep[i] ? i : alias->other[i];
}

size_t finsum_law_draw(const finsum_law *law, cc_rng *rng)
{
    if (!law->first) return (size_t)cc_below(rng, law->n);
    const size_t i = finsum_alias_draw(law->first, rng);
    return law->second ? i * law->second->n + finsum_alias_draw(law->second, rng) : i;
}
