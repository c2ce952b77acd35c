/* problems/smooth/problems.h: inside the family: what its files share, and what the catalogue lists. */
#ifndef CLAIMCHECK_PROBLEMS_SMOOTH_PROBLEMS_H
#define CLAIMCHECK_PROBLEMS_SMOOTH_PROBLEMS_H

#include "problems/smooth/smooth_problem.h"

extern const cc_family smooth_families[]; /* smooth.c */

/* Slots of the bill, in the order of the family's descriptor. */
enum { N_F, N_G, N_SAMP, N_HVP, N_HESS, N_FWD, N_BWD, N_TLOSS, N_TGRAD, N_TEXP };
/* smooth.c, for samples.c: a point without a pass; refusals. */
smooth_point smooth_scratch(const cc_oracle *o, const double *x);
cc_status smooth_absent(cc_run *run, const char *what);
cc_status smooth_check_ids(cc_run *run, const size_t *ids, size_t b);

/* Each problem: its oracles, and its generator. */
extern const smooth_ops smooth_quad_ops, smooth_nesterov_ops, smooth_logreg_ops, smooth_lse_ops, smooth_polytope_ops,
    smooth_pdiff_ops, smooth_softmax_ops, smooth_cnn_ops;
extern const cc_metric smooth_images_metrics[], smooth_cnn_metrics[];
cc_status smooth_quad_create(cc_run *scope, void **instance);
cc_status smooth_nesterov_create(cc_run *scope, void **instance);
cc_status smooth_logreg_create(cc_run *scope, void **instance);
cc_status smooth_softmax_create(cc_run *scope, void **instance);
cc_status smooth_images_create(cc_run *scope, void **instance);
cc_status smooth_cnn_create(cc_run *scope, void **instance);
cc_status smooth_lse_create(cc_run *scope, void **instance);
cc_status smooth_polytope_create(cc_run *scope, void **instance);
cc_status smooth_pdiff_create(cc_run *scope, void **instance);

/* Powers of residuals, f = scale norm(u(x))^q / q: nls.c has the oracles, the problems below the map u. */
typedef struct smooth_map {
    void (*residual)(const void *instance, const double *x, double *u);                /* u(x), m numbers */
    void (*pull)(const void *instance, const double *x, const double *u, double *out); /* J(x)'u */
    void (*push)(const void *instance, const double *x, const double *v, double *out); /* J(x) v */
    void (*gram)(const void *instance, const double *x, double *h);                    /* J(x)'J(x), lower */
    void (*curvature)(const void *instance, const double *x, const double *u, double a,
                      double *h); /* H += a sum u_i D^2 u_i; NULL: none */
} smooth_map;

/* The first member of every instance of nls.c. */
typedef struct smooth_nls {
    smooth_base base;
    const smooth_map *map;
    size_t m; /* residuals */
    double q, scale;
} smooth_nls;

extern const smooth_ops smooth_nls_ops, smooth_nls_linear_ops;
/* Fills base, map, m and q (the parameter `q` where the problem has it); x* if all(x*) = 1. */
cc_status smooth_nls_setup(cc_run *scope, smooth_nls *nls, const smooth_map *map, size_t d, size_t m, double q, double start);
cc_status smooth_rosen_create(cc_run *scope, void **instance);
cc_status smooth_rosen0_create(cc_run *scope, void **instance);
cc_status smooth_cheb_create(cc_run *scope, void **instance);
cc_status smooth_lin_create(cc_run *scope, void **instance);

/* Landscapes: values of clouds of points. */
extern const smooth_ops smooth_canyon_ops, smooth_rastrigin_ops, smooth_ackley_ops;
extern const cc_metric smooth_landscape_metrics[];
cc_status smooth_canyon_create(cc_run *scope, void **instance);
cc_status smooth_rastrigin_create(cc_run *scope, void **instance);
cc_status smooth_ackley_create(cc_run *scope, void **instance);

/* Networks: network.c has the oracles (network.h), the problems below the data. */
extern const smooth_ops smooth_network_ops;
extern const cc_metric smooth_network_metrics[];
cc_status smooth_net_create(cc_run *scope, void **instance);
cc_status smooth_mf_create(cc_run *scope, void **instance);

/* A vector of n equal numbers; NULL without memory. */
double *smooth_constant(cc_run *scope, size_t n, double value);

#endif
