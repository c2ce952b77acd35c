/* problems/bilevel/prepare.c: what several problems do to their data. */
#include <string.h>

#include "problems/bilevel/problems.h"

void bilevel_standardise(const data_table *t)
{
    const size_t k = t->features, n = t->n - (t->n + 2) / 3;
    for (size_t j = 0; j < k; j++) {
        double mean = 0, square = 0;
        for (size_t i = 0; i < t->n; i++)
            if (i % 3) mean += t->a[i * k + j] / (double)n;
        for (size_t i = 0; i < t->n; i++)
            if (i % 3) square += (t->a[i * k + j] - mean) * (t->a[i * k + j] - mean) / (double)n;
        for (size_t i = 0; i < t->n; i++) t->a[i * k + j] = (t->a[i * k + j] - mean) / sqrt(square);
    }
}

static void swap(size_t size, unsigned char *a, unsigned char *b)
{
    for (size_t k = 0; k < size; k++) {
        const unsigned char kept = a[k];
        a[k] = b[k], b[k] = kept;
    }
}

void bilevel_shuffle(const cc_run *scope, size_t n, size_t size, void *label)
{
    unsigned char *at = label;
    cc_rng rng = cc_stream(scope, 16, 0);
    for (size_t i = n; i > 1; i--) swap(size, at + (i - 1) * size, at + (size_t)cc_below(&rng, i) * size);
}
