/* problems/smooth/network.h: inside the family: perceptrons and what makes their data. network.c has the oracles, net.c and mf.c
 * the problems. */
#ifndef CLAIMCHECK_PROBLEMS_SMOOTH_NETWORK_H
#define CLAIMCHECK_PROBLEMS_SMOOTH_NETWORK_H

#include "harness/numerics/mlp.h"
#include "problems/smooth/problems.h"

/* The first member of every instance of a network. The creator fills net, data (without ids, scale 0), factor, l2 and classes. */
typedef struct smooth_network {
    smooth_base base;
    cc_mlp net;
    cc_batch data;
    double factor, l2; /* f = factor times the mean loss + (l2/2) |w|^2 */
    int classes;       /* the outputs say a class */
    cc_mlp_work *work;
} smooth_network;

/* Checks the data and fills work and the sizes of base; then a random start from a stream of the scope. */
cc_status smooth_network_setup(cc_run *scope, smooth_network *network);
void smooth_network_facts(const smooth_network *network, smooth_facts *facts); /* tgt_L, tgt_mu */
cc_status smooth_network_start(cc_run *scope, smooth_network *network, cc_mlp_start how, uint32_t stream);

#endif
