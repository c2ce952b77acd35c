/* test_mutate.c: every operator finds something here, and what it makes of it compiles. Read by test_mutate.py, in no build. */
#include <math.h>
#include <stddef.h>
#include <string.h>

typedef struct table {
    size_t n, rows;
    double *x, *y, scale;
} table;

static const double weight[] = {.5, 1, 2e-3};

double blend(const table *t, size_t i, double a, double b) { return t->n > i && a < b ? a * t->x[i] + b / t->y[i] : -a; }

size_t fill(table *t, double low, double high)
{
    size_t done = 0;
    for (size_t i = 0; i + 1 < t->n; i++) {
        t->x[i] = low + (high - low) * (double)i / (double)(t->n - 1), t->y[i] = weight[i % 3];
        if (!(t->x[i] >= low) || isnan(t->y[i])) continue;
        t->scale += pow(t->x[i], t->y[i]);
        done++;
    }
    memcpy(t->y, t->x, t->n * sizeof *t->x);
    do {
        t->rows <<= 1;
    } while (t->rows < t->n && t->rows != 0);
    t->scale = blend(t, done, low, high);
    return done;
}

int order(const int *p, int i, int mask)
{
    switch (p[i] & 3) {
    case 1:
        return p[i + 1] - p[i];
    case 2:
        return p[2 * i] == mask ? -1 : p[i - 1] ^ mask;
    default:
        return i % 7 | 8;
    }
}
