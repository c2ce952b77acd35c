/* algorithms/baseline_bilevel/walk.c: the point that every method moves. */
#include "algorithms/baseline_bilevel/baseline.h"

#include "harness/numerics/linalg.h"
#include "problems/bilevel/bilevel.h"

cc_status bilevel_walk_start(cc_run *run, const char *method, bilevel_need need, bilevel_walk *walk)
{
    const unsigned caps = bilevel_caps(run);
    if (bilevel_blocks(run) != 1)
        return cc_fail(run, CC_EINVAL, "%s is for one block; this problem has %zu", method, bilevel_blocks(run));
    if (need == BILEVEL_SMOOTH && caps & BILEVEL_BOX_Y)
        return cc_fail(run, CC_EINVAL, "%s differentiates the lower solution; this lower level has constraints", method);
    if (need == BILEVEL_SMOOTH && !(caps & BILEVEL_LOWER_SC))
        return cc_fail(run, CC_EINVAL, "%s needs a lower level that is strongly convex in y", method);
    walk->dx = bilevel_dx(run), walk->dy = bilevel_dy(run), walk->box_x = (caps & BILEVEL_BOX_X) != 0;
    walk->a = cc_real(run, "a"), walk->b = cc_real(run, "b");
    CC_NEW(run, walk->x, walk->dx + walk->dy);
    walk->y = walk->x + walk->dx;
    bilevel_start(run, walk->x, walk->y);
    return CC_OK;
}

void bilevel_walk_x(cc_run *run, bilevel_walk *walk, double step, const double *d)
{
    cc_axpy(walk->dx, -step, d, walk->x);
    if (walk->box_x) bilevel_proj_x(run, walk->x);
}

cc_status bilevel_walk_end(cc_run *run, const bilevel_walk *walk, cc_status done)
{
    if (done == CC_ENUMERIC || (done == CC_OK && !(cc_norm(walk->dx, walk->x) < 1e4))) return cc_finish(run, "DIVERGED");
    return done;
}

const void *bilevel_walk_candidate(void *state) { return ((bilevel_walk *)state)->x; }
