/* algorithms/baseline_bilevel/baseline.c: the plug-in. */
#include "algorithms/baseline_bilevel/baseline.h"

#include "harness/plugin.h"

const cc_plugin cc_plugin_1 = {
    .id = "baseline_bilevel",
    .title = "Baselines for bilevel optimisation",
    .citation = "Dagreou et al., NeurIPS 2022; Chen et al., JMLR 2024",
    .algorithms = CC_LIST(cc_algorithm, {.id = "bilevel.soba",
                                         .family = "bilevel",
                                         .summary = "one stochastic step of y, of the linear system and of x at a time",
                                         .reference = "Dagreou et al., NeurIPS 2022",
                                         .params = bilevel_soba_params,
                                         .variants = bilevel_soba_variants,
                                         .init = bilevel_soba_init,
                                         .step = bilevel_soba_step,
                                         .candidate = bilevel_soba_candidate}),
};
