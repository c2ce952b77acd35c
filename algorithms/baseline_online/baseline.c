/* algorithms/baseline_online/baseline.c: descriptors of the reference methods. */
#include "algorithms/baseline_online/baseline.h"

#include <stddef.h>

#include "harness/plugin.h"

static const cc_param bandit_params[] = {
    {"arms", CC_INT, "20", 2, 1e6, .doc = "points of the grid"},
    {"low", CC_REAL, "auto", -1e12, 1e12, .doc = "least of them; auto: the domain's least"},
    {"high", CC_REAL, "auto", -1e12, 1e12, .doc = "largest; auto: the domain's largest"},
    {"epsilon", CC_REAL, "5", 0, 1e6, .doc = "epsilon-greedy explores with probability epsilon arms / t"},
    {"confidence", CC_REAL, "2", 0, 1e6, .doc = "UCB1: of the bonus sqrt(confidence ln t / plays)"},
    {0},
};

static const cc_probe bandit_probes[] = {{"x", "", "point played last", offsetof(online_bandit, x)}, {0}};

static const cc_algorithm algorithms[] = {
    {.id = "online.uniform",
     .family = "online",
     .summary = "an arm at random in every round",
     .params = bandit_params,
     .probes = bandit_probes,
     .init = online_bandit_init,
     .step = online_uniform_step,
     .candidate = online_bandit_candidate},
    {.id = "online.greedy",
     .family = "online",
     .summary = "epsilon-greedy with a decreasing epsilon",
     .reference = "Auer, Cesa-Bianchi, Fischer, 2002",
     .params = bandit_params,
     .probes = bandit_probes,
     .init = online_bandit_init,
     .step = online_greedy_step,
     .candidate = online_bandit_candidate},
    {.id = "online.ucb1",
     .family = "online",
     .summary = "upper confidence bounds",
     .reference = "Auer, Cesa-Bianchi, Fischer, 2002",
     .params = bandit_params,
     .probes = bandit_probes,
     .init = online_bandit_init,
     .step = online_ucb_step,
     .candidate = online_bandit_candidate},
    {.id = "online.exp3",
     .family = "online",
     .summary = "exponential weights on estimated losses",
     .reference = "Auer, Cesa-Bianchi, Freund, Schapire, 2002",
     .params = bandit_params,
     .probes = bandit_probes,
     .init = online_bandit_init,
     .step = online_exp3_step,
     .candidate = online_bandit_candidate},
    {.id = "online.fixed",
     .family = "online",
     .summary = "one and the same point",
     .params = CC_LIST(cc_param, {"x", CC_REAL, "0", -1e12, 1e12, .doc = "every coordinate of it"}),
     .init = online_fixed_init,
     .step = online_fixed_step,
     .candidate = online_point_candidate},
    {.id = "online.descent",
     .family = "online",
     .summary = "projected gradient descent, steps rate D / (G sqrt(t))",
     .reference = "Zinkevich, 2003",
     .params = CC_LIST(cc_param, {"rate", CC_REAL, "1", 0, 1e6, .unit = "D/G", .doc = "first step"}),
     .init = online_descent_init,
     .step = online_descent_step,
     .candidate = online_point_candidate},
    {0},
};

const cc_plugin cc_plugin_1 = {
    .id = "baseline_online",
    .title = "Reference methods for online learning",
    .algorithms = algorithms,
};
