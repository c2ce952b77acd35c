/* lines.c: the two inner loops, eight numbers at a time in the compiler's vector types: signs are random, so a branch would be
 * guessed wrongly half of the time; partial sums have a fixed order, whatever the registers of the machine. */
#include "lipschitz.h"

enum { LANES = 8 };

typedef double pack __attribute__((vector_size(LANES * sizeof(double)), aligned(8)));
typedef int64_t mask __attribute__((vector_size(LANES * sizeof(double)), aligned(8)));

static pack load(const double *at) { return *(const pack *)(const void *)at; }

static pack select(mask which, pack yes, pack no) { return (pack)((which & (mask)yes) | (~which & (mask)no)); }

static double total(pack sum) { return ((sum[0] + sum[4]) + (sum[2] + sum[6])) + ((sum[1] + sum[5]) + (sum[3] + sum[7])); }

double lip_relax(size_t m, const double *a, double sign, lip_lines lines, double *out)
{
    pack sum = {0};
    size_t j = 0;
    for (; j + LANES <= m; j += LANES) {
        const pack x = sign * load(a + j);
        const mask up = x > 0;
        sum += x * select(up, load(lines.qu + j), load(lines.ql + j));
        *(pack *)(void *)(out + j) = x * select(up, load(lines.pu + j), load(lines.pl + j));
    }
    for (; j < m; j++) {
        const double x = sign * a[j];
        sum[j % LANES] += x * (x > 0 ? lines.qu[j] : lines.ql[j]);
        out[j] = x * (x > 0 ? lines.pu[j] : lines.pl[j]);
    }
    return total(sum);
}

double lip_concretise(size_t m, const double *a, double sign, const double *low, const double *high)
{
    pack sum = {0};
    size_t j = 0;
    for (; j + LANES <= m; j += LANES) {
        const pack x = sign * load(a + j);
        sum += x * select(x > 0, load(high + j), load(low + j));
    }
    for (; j < m; j++) {
        const double x = sign * a[j];
        sum[j % LANES] += x * (x > 0 ? high[j] : low[j]);
    }
    return total(sum);
}
