/* catalogue.c: the algorithms of this folder. */
#include "baselines.h"
#include "submodular.h"

#define LATTANZI                                                                                                                   \
    "Lattanzi, Mitrovic, Norouzi-Fard, Tarnawski, Zadimoghaddam, Fully Dynamic Algorithm for Constrained Submodular "              \
    "Optimization, NeurIPS 2020"

const cc_algorithm ds_algorithms[] = {
    {.id = "submodular.dynamic",
     .family = "dynset",
     .summary = "levels of uniform samples, rebuilt by counts: polylogarithmic queries an update",
     .reference = "Banihashem, Biabani, Goudarzi, Hajiaghayi, Jabbarzade, Monemizadeh, ICML 2023",
     .params = ds_dynamic_params,
     .variants = ds_dynamic_variants,
     .probes = ds_dynamic_probes,
     .init = ds_dynamic_init,
     .step = ds_dynamic_step,
     .candidate = ds_dynamic_candidate},
    {.id = "submodular.lattanzi",
     .family = "dynset",
     .summary = "the simple algorithm of the predecessor",
     .reference = LATTANZI,
     .params = ds_lattanzi_params,
     .init = ds_lattanzi_init,
     .step = ds_lattanzi_step,
     .candidate = ds_lattanzi_candidate},
    {.id = "submodular.sieve",
     .family = "dynset",
     .summary = "Sieve-Streaming, rerun when a pick is deleted",
     .reference = "Badanidiyuru, Mirzasoleiman, Karbasi, Krause, KDD 2014; " LATTANZI,
     .init = ds_sieve_init,
     .step = ds_sieve_step,
     .candidate = ds_sieve_candidate},
    {.id = "submodular.greedy",
     .family = "dynset",
     .summary = "lazy greedy from scratch",
     .reference = "Nemhauser, Wolsey, Fisher 1978; Minoux 1978",
     .params = ds_greedy_params,
     .init = ds_greedy_init,
     .step = ds_greedy_step,
     .candidate = ds_greedy_candidate},
    {.id = "submodular.random_k",
     .family = "dynset",
     .summary = "k elements at random",
     .init = ds_random_init,
     .step = ds_random_step,
     .candidate = ds_greedy_candidate},
    {0},
};
