/* problems/smooth/shapes.c: rows for networks that are made or made smaller: clusters, curves in the plane, pooled images. */
#include <math.h>

#include "problems/smooth/network.h"

enum { STREAM_NOISE = 4, STREAM_CENTRES = 5, POOL = 4, BOX = 10 };

/* Row i: normal noise around the centre of cluster i mod clusters. */
static cc_status around(cc_run *scope, const smooth_clusters_spec *spec, size_t clusters, const double *centre, double *x,
                        int *label)
{
    cc_rng rng = cc_stream(scope, STREAM_NOISE, 0);
    if (clusters > spec->n) return cc_fail(scope, CC_EINVAL, "%zu clusters of %zu rows", clusters, spec->n);
    cc_normal(&rng, spec->n * spec->inputs, x);
    for (size_t i = 0; i < spec->n; i++) {
        const double *c = centre + i % clusters * spec->inputs;
        for (size_t j = 0; j < spec->inputs; j++) x[i * spec->inputs + j] = spec->spread * x[i * spec->inputs + j] + c[j];
        label[i] = (int)(i % clusters % spec->classes);
    }
    return CC_OK;
}

cc_status smooth_clusters(cc_run *scope, const smooth_clusters_spec *spec, double *x, int *label)
{
    const size_t clusters = spec->clusters ? spec->clusters : spec->classes;
    double *centre;
    if (clusters > spec->inputs)
        return cc_fail(scope, CC_EINVAL, "%zu clusters do not fit in %zu inputs: each has an axis of its own", clusters,
                       spec->inputs);
    CC_NEW(scope, centre, clusters * spec->inputs);
    for (size_t c = 0; c < clusters; c++) centre[c * spec->inputs + c] = spec->separation;
    return around(scope, spec, clusters, centre, x, label);
}

cc_status smooth_blobs(cc_run *scope, const smooth_clusters_spec *spec, double *x, int *label)
{
    const size_t clusters = spec->clusters ? spec->clusters : spec->classes;
    cc_rng rng = cc_stream(scope, STREAM_CENTRES, 0);
    double *centre;
    CC_NEW(scope, centre, clusters * spec->inputs);
    for (size_t k = 0; k < clusters * spec->inputs; k++) centre[k] = BOX * (2 * cc_uniform(&rng) - 1);
    return around(scope, spec, clusters, centre, x, label);
}

void smooth_curves(cc_run *scope, size_t n, int moons, double noise, double *x, int *label)
{
    const double pi = acos(-1);
    cc_rng rng = cc_stream(scope, STREAM_NOISE, 0);
    cc_normal(&rng, 2 * n, x);
    for (size_t i = 0; i < n; i++) {
        const size_t second = i % 2, place = i / 2, points = (n + 1 - second) / 2; /* of its curve */
        const double k = (double)place, t = moons ? pi * k / fmax(1, (double)points - 1) : 2 * pi * k / (double)points;
        const double radius = second && !moons ? .7 : 1;
        x[2 * i] = noise * x[2 * i] + (second && moons ? 1 - cos(t) : radius * cos(t));
        x[2 * i + 1] = noise * x[2 * i + 1] + (second && moons ? .5 - sin(t) : radius * sin(t));
        label[i] = (int)second;
    }
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
