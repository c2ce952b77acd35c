/* algorithms/18_hessian_spectrum/measures_covariance.c: sample covariances, the random matrices that bulks are compared with. */
#include "algorithms/18_hessian_spectrum/measures.h"

#include <math.h>

#include "algorithms/18_hessian_spectrum/hessian.h"
#include "harness/numerics/linalg.h"

static cc_status covariance_replicate(cc_cell *cell)
{
    cc_run *scope = cc_cell_run(cell);
    const size_t M = (size_t)cc_int(scope, "M"), N = (size_t)cc_int(scope, "N"), least = M < N ? M : N;
    const double rho = cc_real(scope, "rho");
    double *g, *c, *lambda;
    size_t zeros = 0;
    CC_NEW(scope, g, N * M);
    CC_NEW(scope, c, M * M);
    CC_NEW(scope, lambda, M);
    cc_rng rng = cc_stream(scope, 100, 0);
    cc_normal(&rng, N * M, g);
    for (size_t i = 0; i < N; i++)
        for (size_t j = 1; j < M; j++) g[i * M + j] = rho * g[i * M + j - 1] + sqrt(1 - rho * rho) * g[i * M + j];
    cc_syrk_t(N, M, 1 / (double)N, g, 0, c);
    if (cc_syev(M, c, 0, lambda)) return cc_fail(scope, CC_ENUMERIC, "no eigenvalues");
    for (size_t j = 0; j < M; j++) zeros += fabs(lambda[j]) < 1e-10 * lambda[M - 1];
    cc_put(cell, "zeros", (double)zeros);
    cc_put(cell, "zeros_law", (double)(M - least));
    cc_put(cell, "distance", hessian_marchenko_pastur((double)M / (double)N, least, lambda + M - least));
    cc_put(cell, "least", lambda[M - least]);
    cc_put(cell, "top", lambda[M - 1]);
    cc_emit(cell);
    return CC_OK;
}

static cc_status covariance_run(cc_cell *cell) { return cc_each_seed(cell, covariance_replicate); }

const cc_measure hessian_covariance = {
    .id = "spectrum.covariance",
    .run = covariance_run,
    .params = CC_LIST(cc_param, {"M", CC_INT, "600", 1, 20000, .doc = "entries of a vector"},
                      {"N", CC_INT, "300", 1, 100000, .doc = "vectors"},
                      {"rho", CC_REAL, "0", -.99, .99, .doc = "correlation of neighbours in a vector"}),
    .columns = CC_LIST(cc_column, {"zeros", "", "eigenvalues that are 0"}, {"zeros_law", "", "max(0, M - N)"},
                       {"distance", "", "Kolmogorov's, of the others from the law"}, {"least", "", "smallest of the others"},
                       {"top", "", "largest eigenvalue"})};
