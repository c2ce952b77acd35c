/* algorithms/25_learning_to_relax/relax.c: what a user sees of the learners: parameters, variants, probes; and their grid. */
#include "algorithms/25_learning_to_relax/relax.h"

#include <math.h>
#include <stddef.h>

#include "harness/plugin.h"

cc_status relax_grid_init(cc_run *run, relax_grid *grid)
{
    const online_domain domain = online_domain_of(run);
    if (domain.d != 1 || domain.shape != ONLINE_BOX) return cc_fail(run, CC_EINVAL, "a grid of arms needs an interval");
    *grid = (relax_grid){(size_t)cc_int(run, "arms"), cc_real(run, "low"), cc_real(run, "high"), cc_fact(run, "loss_min")};
    if (!(grid->low < grid->high)) return cc_fail(run, CC_EINVAL, "the grid [%g, %g] is empty", grid->low, grid->high);
    if (isnan(grid->offset)) return cc_fail(run, CC_EINVAL, "the problem does not tell its least loss");
    return CC_OK;
}

double relax_grid_point(const relax_grid *grid, size_t i)
{
    return grid->low + (grid->high - grid->low) * (double)i / (double)(grid->arms - 1);
}

size_t relax_draw(cc_rng *rng, size_t arms, const double *p)
{
    double left = cc_uniform(rng);
    size_t i = 0;
    while (i + 1 < arms && (left -= p[i]) >= 0) i++;
    return i;
}

static const cc_param tsallis_params[] = {
    {"low", CC_REAL, "1", -1e12, 1e12, .doc = "least point of the grid"},
    {"high", CC_REAL, "1.95", -1e12, 1e12, .doc = "largest"},
    {"arms", CC_INT, "20", 2, 1e6, .doc = "points of the grid"},
    {"m", CC_INT, "1", 1, 1e4, .doc = "bins of contexts, a learner each; 1: contexts are not looked at"},
    {"norm", CC_CHOICE, "running", .choices = "running fixed", .doc = "what losses are divided by: their mean so far, or K"},
    {"K", CC_REAL, "auto", 0, 1e12, .doc = "range of losses; auto: what the problem tells"},
    {0},
};

static const cc_param chebcb_params[] = {
    {"low", CC_REAL, "1", -1e12, 1e12, .doc = "least point of the grid"},
    {"high", CC_REAL, "1.95", -1e12, 1e12, .doc = "largest"},
    {"arms", CC_INT, "20", 2, 1e6, .doc = "points of the grid"},
    {"m", CC_INT, "6", 1, RELAX_MAX_FEATURES, .doc = "Chebyshev polynomials"},
    {"residual", CC_CHOICE, "last", .choices = "last all",
     .doc = "what is taken off the regression's error: the residual of the arm refitted last, as in the published code, or of all"},
    {0},
};

const cc_algorithm relax_algorithms[] = {
    {.id = "relax.tsallis",
     .family = "online",
     .summary = "Tsallis-INF over a grid of relaxation parameters; with m > 1 one for each bin of contexts (Tsallis-INF-CB)",
     .reference = "Khodak, Chow, Balcan, Talwalkar, ICLR 2024; Zimmert and Seldin, JMLR 2021",
     .params = tsallis_params,
     .variants =
         CC_LIST(cc_variant, {"code", "as published: losses over their running mean", ""},
                 {"theory", "as analysed: losses over their known range", "norm=fixed"}, {"cb", "five bins of contexts", "m=5"}),
     .probes = CC_LIST(cc_probe, {"omega", "", "parameter played last", offsetof(relax_tsallis, x)},
                       {"eta", "", "learning rate", offsetof(relax_tsallis, eta)},
                       {"least_p", "", "least probability that an arm was played with", offsetof(relax_tsallis, least_p)}),
     .init = relax_tsallis_init,
     .step = relax_tsallis_step,
     .candidate = relax_tsallis_candidate},
    {.id = "relax.chebcb",
     .family = "online",
     .summary = "ChebCB: inverse gap weighting over regressions on Chebyshev polynomials of the context",
     .reference = "Khodak, Chow, Balcan, Talwalkar, ICLR 2024",
     .params = chebcb_params,
     .probes = CC_LIST(cc_probe, {"omega", "", "parameter played last", offsetof(relax_chebcb, x)},
                       {"eta", "", "learning rate", offsetof(relax_chebcb, eta)}),
     .init = relax_chebcb_init,
     .step = relax_chebcb_step,
     .candidate = relax_chebcb_candidate},
    {.id = "relax.young",
     .family = "online",
     .summary =
         "the asymptotically optimal omega of every system, from its spectrum: what the contextual learners are held against",
     .reference = "Young, 1954",
     .probes = CC_LIST(cc_probe, {"omega", "", "parameter played last", offsetof(relax_young, x)}),
     .init = relax_young_init,
     .step = relax_young_step,
     .candidate = relax_young_candidate},
    {0},
};
