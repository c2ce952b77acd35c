/* The names nearest to a misspelt one. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/core/scope.h"

enum { LONGEST = 64 };

/* Damerau-Levenshtein without case; a name that contains the wrong one is near. */
static int distance(const char *a, const char *b)
{
    int rows[3][LONGEST + 1], n = (int)strnlen(a, LONGEST), m = (int)strnlen(b, LONGEST);
    int *before = rows[0], *above = rows[1], *row = rows[2];
    if (n > 2 && strcasestr(b, a)) return 1;
    for (int j = 0; j <= m; j++) above[j] = j, before[j] = 0;
    for (int i = 1; i <= n; i++) {
        row[0] = i;
        for (int j = 1; j <= m; j++) {
            int same = tolower((unsigned char)a[i - 1]) == tolower((unsigned char)b[j - 1]);
            int best = above[j - 1] + !same;
            if (above[j] + 1 < best) best = above[j] + 1;
            if (row[j - 1] + 1 < best) best = row[j - 1] + 1;
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] && before[j - 2] + 1 < best)
                best = before[j - 2] + 1;
            row[j] = best;
        }
        int *spare = before;
        before = above, above = row, row = spare;
    }
    return above[m];
}

typedef struct ranked {
    int distance;
    size_t index;
} ranked;

static int by_distance(const void *a, const void *b)
{
    const ranked *x = a, *y = b;
    return x->distance != y->distance ? x->distance - y->distance : (x->index > y->index) - (x->index < y->index);
}

void cc_suggest(const char *wrong, const char *const *names, size_t n, char *out, size_t size)
{
    ranked *order = calloc(n ? n : 1, sizeof *order);
    size_t shown = n, used = 0;
    out[0] = 0;
    if (!order) return;
    for (size_t i = 0; i < n; i++) order[i] = (ranked){distance(wrong, names[i]), i};
    qsort(order, n, sizeof *order, by_distance);
    if (n > 8)
        for (shown = 1; shown < 5 && order[shown].distance <= order[0].distance + 2; shown++) {}
    for (size_t i = 0; i < shown && used < size; i++)
        used += (size_t)snprintf(out + used, size - used, "%s%s",
                                 i == 0           ? ""
                                 : i + 1 == shown ? " or "
                                                  : ", ",
                                 names[order[i].index]);
    if (shown < n && used < size) snprintf(out + used, size - used, " (of %zu)", n);
    free(order);
}
