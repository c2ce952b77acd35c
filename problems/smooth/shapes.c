/* problems/smooth/shapes.c: rows for networks that are made or made smaller: equidistant clusters, pooled images. */
#include <math.h>

#include "problems/smooth/network.h"

enum { STREAM_CLUSTERS = 4, POOL = 4 };

cc_status smooth_clusters(cc_run *scope, const smooth_clusters_spec *spec, double *x, int *label)
{
    const size_t clusters = spec->clusters ? spec->clusters : spec->classes;
    cc_rng rng = cc_stream(scope, STREAM_CLUSTERS, 0);
    if (clusters > spec->inputs)
        return cc_fail(scope, CC_EINVAL, "%zu clusters do not fit in %zu inputs: each has an axis of its own", clusters,
                       spec->inputs);
    if (clusters > spec->n) return cc_fail(scope, CC_EINVAL, "%zu clusters of %zu rows", clusters, spec->n);
    cc_normal(&rng, spec->n * spec->inputs, x);
    for (size_t i = 0; i < spec->n; i++) {
        const size_t centre = i % clusters;
        for (size_t j = 0; j < spec->inputs; j++) x[i * spec->inputs + j] *= spec->spread;
        x[i * spec->inputs + centre] += spec->separation;
        label[i] = (int)(centre % spec->classes);
    }
    return CC_OK;
}

size_t smooth_pooled_size(const data_images *images) { return (images->rows / POOL) * (images->cols / POOL); }

void smooth_pooled(const data_images *images, double *x)
{
    const size_t rows = images->rows / POOL, cols = images->cols / POOL, inputs = rows * cols, n = images->n;
    double square = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < inputs; j++) {
            const unsigned char *corner = images->pixels + (i * images->rows + j / cols * POOL) * images->cols + j % cols * POOL;
            double sum = 0;
            for (size_t r = 0; r < POOL; r++)
                for (size_t c = 0; c < POOL; c++) sum += corner[r * images->cols + c];
            x[i * inputs + j] = sum / (POOL * POOL * 255.);
        }
    for (size_t j = 0; j < inputs; j++) {
        double mean = 0;
        for (size_t i = 0; i < n; i++) mean += x[i * inputs + j] / (double)n;
        for (size_t i = 0; i < n; i++) x[i * inputs + j] -= mean, square += x[i * inputs + j] * x[i * inputs + j];
    }
    const double deviation = sqrt(square / (double)(n * inputs));
    for (size_t i = 0; i < n * inputs; i++) x[i] /= deviation;
}
