/* problems/smooth/network.h: inside the family: perceptrons and what makes their data. network.c has the oracles, net.c and mf.c
 * the problems. */
#ifndef CLAIMCHECK_PROBLEMS_SMOOTH_NETWORK_H
#define CLAIMCHECK_PROBLEMS_SMOOTH_NETWORK_H

#include "harness/numerics/mlp.h"
#include "problems/data/data.h"
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

/* shapes.c. Row i: normal noise of deviation `spread` around `separation` times the unit vector of cluster i mod clusters, whose
 * class is the cluster mod classes; x: n x inputs. clusters = 0: one a class. CC_EINVAL: more clusters than inputs or rows. */
typedef struct smooth_clusters_spec {
    size_t n, inputs, clusters, classes;
    double separation, spread;
} smooth_clusters_spec;
cc_status smooth_clusters(cc_run *scope, const smooth_clusters_spec *spec, double *x, int *label);
/* The same around centres that are uniform in [-10, 10]^inputs; `separation` is not used. */
cc_status smooth_blobs(cc_run *scope, const smooth_clusters_spec *spec, double *x, int *label);
/* Rows in turn of two curves in the plane, with normal noise: circles of radius 1 and .7, or half circles that hook into each
 * other. x: n x 2, label: 0 and 1. */
void smooth_curves(cc_run *scope, size_t n, int moons, double noise, double *x, int *label);

/* images.c, by the parameters data, n, tests: training and test images, pixels from 0 to 1. And for a candidate of any problem that
 * says what may be pruned: the share of it that is not zero. */
cc_status smooth_images_load(cc_run *scope, cc_batch *train, cc_batch *test, size_t *inputs);
double smooth_metric_density(const cc_oracle *o, const void *candidate);

/* Means of 4 x 4 pixels, over 255, less each feature's mean, over the deviation of all: n x smooth_pooled_size. */
size_t smooth_pooled_size(const data_images *images);
void smooth_pooled(const data_images *images, double *x);

#endif
