/* verify/ordering.c: a chain of arms, or of the values of a column, paired over units. */
#include "verify/dist.h"
#include "verify/resample.h"
#include "verify/sample.h"
#include "verify/sort.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_ARMS = 64, SWAPS = 400 };

/* The points of one arm, ascending in key: key is the pair's number, or the place in it when rows are paired one by one. */
typedef struct arm {
    char name[64];
    size_t n;
    cc_point *at;
    size_t *key, *unit;
} arm;

/* y_a - y_b + margin of a unit, as an interval where runs were cut off. */
typedef struct pair {
    size_t unit;
    double low, high;
    const cc_point *a;
} pair;

typedef struct chain {
    size_t n_arms;
    arm arms[MOST_ARMS];
} chain;

/* ---- rows of an arm, reduced to one number a key ---- */
static size_t matching_rows(cc_sample *s, int column, const char *value, size_t **rows)
{
    size_t n = 0;
    int text = cc_table_is_text(s->table, (size_t)column);
    char *end = NULL;
    double number = text ? 0 : strtod(value, &end);
    if (!text && (end == value || *end))
        cc_stop(s->pool, "chain: `%s` is no number, and %s holds numbers", value, cc_table_name(s->table, (size_t)column));
    *rows = cc_take(s->pool, s->n_rows, sizeof **rows);
    for (size_t i = 0; i < s->n_rows; i++)
        if (text ? !strcmp(cc_table_text(s->table, s->rows[i], (size_t)column), value)
                 : cc_table_get(s->table, s->rows[i], (size_t)column) == number)
            (*rows)[n++] = s->rows[i];
    return n;
}

/* Keeps, of the tuned axis, the rows of the value with the least median y. */
static size_t keep_best(cc_sample *s, size_t *rows, size_t n, const char *name, cc_result *result)
{
    if (!s->check->best_over || n == 0) return n;
    size_t *id = cc_take(s->pool, n, sizeof *id), *first, best = 0, kept = 0;
    size_t n_values = cc_group(s->pool, s->table, rows, n, s->check->best_over, id, &first);
    double least = INFINITY;
    for (size_t g = 0; g < n_values; g++) {
        cc_sample part = *s;
        part.n = part.missing = 0;
        part.n_rows = 0;
        part.rows = cc_take(s->pool, n, sizeof *part.rows);
        for (size_t i = 0; i < n; i++)
            if (id[i] == g) part.rows[part.n_rows++] = rows[i];
        cc_sample_points(&part);
        double *y = cc_take(s->pool, part.n, sizeof *y);
        for (size_t i = 0; i < part.n; i++) y[i] = part.at[i].censored ? INFINITY : part.at[i].y;
        double median = cc_median(y, part.n);
        if (median < least) least = median, best = g;
    }
    char place[200];
    cc_place(s->table, rows[first[best]], s->check->best_over, place, sizeof place);
    cc_say(result, "%s at its best %s", name, place);
    for (size_t i = 0; i < n; i++)
        if (id[i] == best) rows[kept++] = rows[i];
    return kept;
}

/* Numbers the pairs over all arms, so that equal keys mean equal units and labels. */
static void number_keys(cc_sample *s, size_t *key_of_row)
{
    char columns[400];
    snprintf(columns, sizeof columns, "%s %s", cc_unit_columns(s->check), s->labels ? s->labels : "");
    size_t *id = cc_take(s->pool, s->n_rows, sizeof *id), *first;
    cc_group(s->pool, s->table, s->rows, s->n_rows, columns, id, &first);
    for (size_t i = 0; i < s->n_rows; i++) key_of_row[s->rows[i]] = id[i];
}

static void fill_arm(cc_sample *s, int column, const char *name, const size_t *key_of_row, const size_t *unit_of_row, arm *a,
                     cc_result *result)
{
    size_t *rows, n = matching_rows(s, column, name, &rows);
    if (n == 0) cc_stop(s->pool, "chain: no row has %s = `%s`", cc_table_name(s->table, (size_t)column), name);
    snprintf(a->name, sizeof a->name, "%s", name);
    n = keep_best(s, rows, n, name, result);
    cc_check keyed = *s->check;
    char columns[400];
    snprintf(columns, sizeof columns, "%s %s", cc_unit_columns(s->check), s->labels ? s->labels : "");
    keyed.over = columns;
    cc_sample part = *s;
    part.check = &keyed; /* each key is reduced by itself */
    part.rows = rows, part.n_rows = n, part.n = part.missing = 0;
    cc_sample_points(&part);
    s->missing += part.missing;
    a->n = part.n;
    a->at = part.at;
    a->key = cc_take(s->pool, part.n, sizeof *a->key);
    a->unit = cc_take(s->pool, part.n, sizeof *a->unit);
    for (size_t i = 0; i < part.n; i++) {
        a->key[i] = key_of_row[a->at[i].row];
        a->unit[i] = unit_of_row[a->at[i].row];
    }
}

/* ---- pairs ---- */
static double difference(const cc_sample *s, double a, double b)
{
    if (a == b) return s->check->margin; /* also for equal infinities */
    return a - b + s->check->margin;
}

/* Rows of equal key are paired in their order; keys come in ascending order in both arms. */
static size_t match(cc_sample *s, const arm *a, const arm *b, pair **pairs, size_t *unmatched)
{
    size_t n = 0, i = 0, j = 0;
    *pairs = cc_take(s->pool, a->n + 1, sizeof **pairs);
    *unmatched = 0;
    while (i < a->n && j < b->n) {
        if (a->key[i] != b->key[j]) {
            *unmatched += 1;
            if (a->key[i] < b->key[j])
                i++;
            else
                j++;
            continue;
        }
        const cc_point *p = &a->at[i], *q = &b->at[j];
        double d = difference(s, p->y, q->y);
        (*pairs)[n++] = (pair){a->unit[i], q->censored ? -INFINITY : d, p->censored ? INFINITY : d, p};
        i++, j++;
    }
    *unmatched += a->n - i + b->n - j;
    return n;
}

static int by_unit(const void *a, const void *b)
{
    const pair *p = a, *q = b;
    if (p->unit != q->unit) return p->unit < q->unit ? -1 : 1;
    return (p->a->row > q->a->row) - (p->a->row < q->a->row);
}

/* A unit with several pairs (several points) speaks by the median of its differences: seeds are independent, points are not. */
static size_t reduce_units(cc_sample *s, pair *pairs, size_t n)
{
    size_t kept = 0;
    double *low = cc_take(s->pool, n + 1, sizeof *low), *high = cc_take(s->pool, n + 1, sizeof *high);
    qsort(pairs, n, sizeof *pairs, by_unit);
    for (size_t i = 0, j; i < n; i = j) {
        for (j = i; j < n && pairs[j].unit == pairs[i].unit; j++) low[j - i] = pairs[j].low, high[j - i] = pairs[j].high;
        pairs[kept++] = (pair){pairs[i].unit, cc_median(low, j - i), cc_median(high, j - i), pairs[i].a};
    }
    return kept;
}

/* ---- one link ---- */
typedef struct link {
    cc_verdict verdict;
    size_t n, below, not_below; /* units surely below, surely not */
    double estimate, low, high, p, detectable, wilcoxon;
    const cc_point *worst;
} link;

/* Median of the differences between order statistics whose one-sided levels are alpha: they exclude 0 exactly when the sign test
 * does. */
static void median_interval(cc_sample *s, const pair *pairs, size_t n, link *l)
{
    size_t k = 0;
    double *low = cc_take(s->pool, n, sizeof *low), *high = cc_take(s->pool, n, sizeof *high);
    for (size_t i = 0; i < n; i++) low[i] = pairs[i].low, high[i] = pairs[i].high;
    cc_sort(low, n);
    cc_sort(high, n);
    while (k < (n + 1) / 2 && cc_binomial_cdf(k, n, .5) <= s->alpha) k++;
    double a = cc_quantile_sorted(low, n, .5), b = cc_quantile_sorted(high, n, .5);
    l->estimate = isfinite(a) && isfinite(b) ? (a + b) / 2 : isfinite(a) ? a : isfinite(b) ? b : NAN;
    l->low = k ? low[k - 1] : -INFINITY;
    l->high = k ? high[n - k] : INFINITY;
}

/* The signed-rank p of median difference < 0; ties at 0 count against it. */
static double signed_rank_p(cc_sample *s, const pair *pairs, size_t n)
{
    double above = 0, *sorted = cc_take(s->pool, n, sizeof *sorted);
    if (n > 2000) return NAN;
    for (size_t i = 0; i < n; i++) sorted[i] = pairs[i].high;
    cc_sort(sorted, n);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j <= i; j++) above += !(sorted[i] + sorted[j] < 0);
    return cc_signed_rank_cdf(above, n);
}

/* The share of units below at which n units verify with probability .8. */
static double detectable_share(size_t n, double alpha)
{
    size_t k = 0;
    while (k <= n && cc_binomial_sf(k, n, .5) > alpha) k++;
    if (k > n) return NAN;
    double low = .5, high = 1;
    for (int i = 0; i < 40; i++) {
        double middle = (low + high) / 2;
        if (cc_binomial_sf(k, n, middle) < .8)
            low = middle;
        else
            high = middle;
    }
    return high;
}

static void judge_link(cc_sample *s, const pair *pairs, size_t n, link *l)
{
    *l = (link){.n = n, .p = NAN, .detectable = NAN, .wilcoxon = NAN, .worst = pairs[0].a};
    double most = -INFINITY;
    for (size_t i = 0; i < n; i++) {
        l->below += pairs[i].high < 0;
        l->not_below += pairs[i].low >= 0;
        if (pairs[i].high > most) most = pairs[i].high, l->worst = pairs[i].a;
    }
    if (s->exact) {
        l->estimate = l->low = l->high = most;
        l->verdict = l->not_below ? CC_REFUTED : l->below == n ? CC_VERIFIED : CC_INCONCLUSIVE;
        return;
    }
    median_interval(s, pairs, n, l);
    l->p = cc_binomial_sf(l->below, n, .5);
    double against = cc_binomial_sf(l->not_below, n, .5);
    l->verdict = l->p <= s->alpha ? CC_VERIFIED : against <= s->alpha ? CC_REFUTED : CC_INCONCLUSIVE;
    l->detectable = detectable_share(n, s->alpha);
    if (n > 12) l->wilcoxon = signed_rank_p(s, pairs, n);
}

/* ---- the chain ---- */
static void trim(char *text)
{
    size_t n = strlen(text), lead = strspn(text, " ");
    while (n > lead && text[n - 1] == ' ') n--;
    memmove(text, text + lead, n - lead);
    text[n - lead] = 0;
}

static int compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* "s: falling": the values of s as a chain, the largest first; rising: the least first. */
static size_t names_along(cc_sample *s, int column, int rising, char names[][64])
{
    size_t n = 0;
    if (cc_table_is_text(s->table, (size_t)column)) cc_stop(s->pool, "chain: rising and falling need a column of numbers");
    double *value = cc_take(s->pool, s->n_rows, sizeof *value);
    for (size_t i = 0; i < s->n_rows; i++) {
        double v = cc_table_get(s->table, s->rows[i], (size_t)column);
        if (!isnan(v)) value[n++] = v;
    }
    qsort(value, n, sizeof *value, compare_doubles);
    size_t kept = 0;
    for (size_t i = 0; i < n; i++)
        if (kept == 0 || value[i] > value[kept - 1]) value[kept++] = value[i];
    if (kept > MOST_ARMS)
        cc_stop(s->pool, "chain: %zu values of %s; at most %d", kept, cc_table_name(s->table, (size_t)column), MOST_ARMS);
    for (size_t i = 0; i < kept; i++) snprintf(names[i], 64, "%.17g", value[rising ? i : kept - 1 - i]);
    return kept;
}

/* The names in their claimed order, least first, and the column they are values of. */
static size_t parse_chain(cc_sample *s, char names[][64], int *column)
{
    char text[512], *colon;
    if (strlen(s->check->chain) >= sizeof text) cc_stop(s->pool, "chain: it is longer than %zu characters", sizeof text - 1);
    snprintf(text, sizeof text, "%s", s->check->chain);
    if (!strchr(text, '<') && (colon = strrchr(text, ':'))) {
        *colon = 0;
        trim(text);
        trim(colon + 1);
        int rising = !strcmp(colon + 1, "rising");
        if (!rising && strcmp(colon + 1, "falling")) cc_stop(s->pool, "chain: `%s` is neither rising nor falling", colon + 1);
        *column = cc_need_column(s->pool, s->table, text, "chain");
        return names_along(s, *column, rising, names);
    }
    *column = cc_need_column(s->pool, s->table, s->check->x ? s->check->x : "arm", "x");
    size_t n = 0;
    for (char *save, *item = strtok_r(text, "<", &save); item; item = strtok_r(NULL, "<", &save)) {
        if (n == MOST_ARMS) cc_stop(s->pool, "chain: more than %d members", MOST_ARMS);
        trim(item);
        if (strlen(item) >= sizeof names[0]) cc_stop(s->pool, "chain: `%.20s...` is longer than 63 characters", item);
        snprintf(names[n++], sizeof names[0], "%s", item);
    }
    return n;
}

static chain *build_chain(cc_sample *s, cc_result *result)
{
    char names[MOST_ARMS][64];
    int column;
    chain *c = cc_take(s->pool, 1, sizeof *c);
    c->n_arms = parse_chain(s, names, &column);
    if (c->n_arms < 2)
        cc_stop(s->pool, "chain: `%.80s` needs two members, as in \"a < b\" or \"column: falling\"", s->check->chain);
    size_t rows = cc_table_rows(s->table), *key = cc_take(s->pool, rows, sizeof *key), *unit = cc_take(s->pool, rows, sizeof *unit);
    size_t *id = cc_take(s->pool, s->n_rows, sizeof *id), *first;
    number_keys(s, key);
    s->n_units = cc_group(s->pool, s->table, s->rows, s->n_rows, cc_unit_columns(s->check), id, &first);
    for (size_t i = 0; i < s->n_rows; i++) unit[s->rows[i]] = id[i];
    for (size_t k = 0; k < c->n_arms; k++) fill_arm(s, column, names[k], key, unit, &c->arms[k], result);
    return c;
}

static size_t link_pairs(cc_sample *s, const chain *c, size_t k, pair **pairs, cc_result *result)
{
    size_t unmatched, n = match(s, &c->arms[k], &c->arms[k + 1], pairs, &unmatched);
    if (n == 0) cc_stop(s->pool, "chain: `%s` and `%s` share no unit", c->arms[k].name, c->arms[k + 1].name);
    if (unmatched) cc_say(result, "%zu rows of %s and %s have no partner", unmatched, c->arms[k].name, c->arms[k + 1].name);
    return s->exact ? n : reduce_units(s, *pairs, n);
}

static void draw(const cc_sample *s, const chain *c, cc_result *result)
{
    for (size_t k = 0; k < c->n_arms; k++) {
        const arm *a = &c->arms[k];
        size_t n = a->n > 400 ? 400 : a->n;
        double *y = cc_take(s->pool, a->n, sizeof *y);
        for (size_t i = 0; i < a->n; i++) y[i] = a->at[i].y;
        cc_sort(y, a->n);
        cc_series *series = cc_series_add(result, a->name, n, 0);
        for (size_t i = 0; series && i < n; i++) {
            size_t from = n > 1 ? i * (a->n - 1) / (n - 1) : 0;
            series->x[i] = a->n > 1 ? (double)from / (double)(a->n - 1) : .5;
            series->y[i] = y[from];
        }
    }
    snprintf(result->x_label, sizeof result->x_label, "share of pairs");
    snprintf(result->y_label, sizeof result->y_label, "%s", s->check->y);
}

static void report(cc_sample *s, const chain *c, size_t k, const link *l, cc_result *result)
{
    result->estimate = l->estimate;
    result->low = l->low;
    result->high = l->high;
    result->detectable = l->detectable;
    result->units = s->exact ? 0 : l->n;
    cc_weakest(s, l->worst, result);
    snprintf(result->quantity, sizeof result->quantity, "%s %.48s - %.48s", s->exact ? "largest" : "median", c->arms[k].name,
             c->arms[k + 1].name);
    if (s->exact)
        snprintf(result->method, sizeof result->method, "every pair (%zu)", l->n);
    else if (isnan(l->wilcoxon))
        snprintf(result->method, sizeof result->method, "exact sign test over %zu pairs, order-statistic interval", l->n);
    else
        snprintf(result->method, sizeof result->method,
                 "exact sign test over %zu pairs, order-statistic interval; signed-rank p = %.3g", l->n, l->wilcoxon);
    cc_say(result, "%s below %s in %zu of %zu %s%s", c->arms[k].name, c->arms[k + 1].name, l->below, l->n,
           s->exact ? "pairs" : "units", l->below + l->not_below < l->n ? " (some runs were cut off)" : "");
}

void cc_judge_ordering(cc_sample *s, cc_result *result)
{
    const chain *c = build_chain(s, result);
    cc_verdict verdicts[MOST_ARMS];
    double p = NAN, worst = -1, alpha = s->alpha;
    size_t n_links = c->n_arms - 1;
    link weakest = {0};
    size_t place = 0;
    for (size_t k = 0; k < n_links; k++) {
        pair *pairs;
        link l, strict;
        size_t n = link_pairs(s, c, k, &pairs, result);
        judge_link(s, pairs, n, &l);
        if (l.verdict == CC_REFUTED && n_links > 1 && !s->exact) {
            s->alpha = alpha / (double)n_links; /* one of several links: a refutation must stand among them */
            judge_link(s, pairs, n, &strict);
            s->alpha = alpha;
            if (strict.verdict != CC_REFUTED) l.verdict = CC_INCONCLUSIVE;
        }
        verdicts[k] = l.verdict;
        if (!isnan(l.p)) p = isnan(p) ? l.p : fmax(p, l.p);
        double rank = (l.verdict == CC_REFUTED ? 4 : l.verdict == CC_INCONCLUSIVE ? 2 : 0) + 1 - (double)l.below / (double)l.n;
        if (rank > worst) worst = rank, weakest = l, place = k;
    }
    result->verdict = cc_verdict_all(verdicts, n_links);
    result->p = p;
    report(s, c, place, &weakest, result);
    draw(s, c, result);
}

/* ---- the null control ---- */
/* A link's differences as they are, and with the labels swapped: then they are the negatives, under the same margin. */
typedef struct swappable {
    size_t n, needed; /* so many units below verify the link */
    double *high, *high_swapped;
} swappable;

static swappable take_link(cc_sample *s, const chain *c, size_t k)
{
    pair *pairs;
    cc_result quiet = {0};
    swappable l = {.n = link_pairs(s, c, k, &pairs, &quiet)};
    l.high = cc_take(s->pool, l.n, sizeof *l.high);
    l.high_swapped = cc_take(s->pool, l.n, sizeof *l.high);
    for (size_t i = 0; i < l.n; i++) l.high[i] = pairs[i].high, l.high_swapped[i] = 2 * s->check->margin - pairs[i].low;
    while (l.needed <= l.n && cc_binomial_sf(l.needed, l.n, .5) > s->alpha) l.needed++;
    return l;
}

/* How often the whole chain is verified when each unit's labels are swapped at random. */
static double share_swapped(cc_sample *s)
{
    cc_result quiet = {0};
    const chain *c = build_chain(s, &quiet);
    size_t verified = 0, n_links = c->n_arms - 1;
    swappable *of = cc_take(s->pool, n_links, sizeof *of);
    for (size_t k = 0; k < n_links; k++) of[k] = take_link(s, c, k);
    for (unsigned swap = 0; swap < SWAPS; swap++) {
        size_t held = 0;
        for (size_t k = 0; k < n_links; k++) {
            size_t below = 0;
            for (size_t i = 0; i < of[k].n; i++) {
                int swapped = cc_hash_bits(0x6e756c6cu + k, (uint64_t)swap * of[k].n + i) >> 63 != 0;
                below += (swapped ? of[k].high_swapped[i] : of[k].high[i]) < 0;
            }
            held += below >= of[k].needed;
        }
        verified += held == n_links;
    }
    return (double)verified / SWAPS;
}

/* Every group of `by` by itself; the largest share speaks. Of m groups the largest of m shares has more room to err. */
static void judge_null_groups(cc_sample *s, const size_t *rows, size_t n, cc_result *result)
{
    size_t *id = cc_take(s->pool, n, sizeof *id), *first, n_groups = cc_group(s->pool, s->table, rows, n, s->check->by, id, &first);
    double error = sqrt(s->alpha * (1 - s->alpha) / SWAPS), room = cc_normal_quantile(1 - .00135 / (double)n_groups);
    double allowed = s->alpha + room * error, worst = -1;
    s->rows = cc_take(s->pool, n, sizeof *s->rows);
    for (size_t g = 0; g < n_groups; g++) {
        s->n_rows = s->missing = 0;
        for (size_t i = 0; i < n; i++)
            if (id[i] == g) s->rows[s->n_rows++] = rows[i];
        double share = share_swapped(s);
        if (share <= worst) continue;
        worst = share;
        if (n_groups > 1) cc_place(s->table, rows[first[g]], s->check->by, result->worst, sizeof result->worst);
    }
    result->estimate = result->low = result->high = worst;
    result->rows = n;
    result->verdict = s->check->margin >= 0 && worst > allowed ? CC_VERIFIED : CC_REFUTED;
    snprintf(result->quantity, sizeof result->quantity, "share verified with labels swapped");
    snprintf(result->method, sizeof result->method, "%d random swaps within pairs%s, at most %.3f allowed", SWAPS,
             n_groups > 1 ? " in each group, the worst of them" : "", allowed);
}

int cc_judge_null(const cc_table *table, const cc_check *check, const cc_judge_options *options, cc_result *result)
{
    *result = (cc_result){.verdict = CC_ERROR};
    result->estimate = result->low = result->high = result->p = result->detectable = result->tightness = NAN;
    if (cc_check_valid(check) || check->kind != CC_KIND_ORDERING || (check->over && !*check->over)) return 0;
    cc_pool pool = {0};
    cc_sample s = {.pool = &pool, .table = table, .check = check, .reached = -1, .columns = {-1, -1, -1}};
    s.alpha = options && options->alpha > 0 ? options->alpha : .05;
    s.labels = options ? options->labels : NULL;
    if (setjmp(pool.stop)) {
        snprintf(result->message, sizeof result->message, "%s", pool.message);
    } else {
        size_t *rows, n = cc_where(&pool, table, check->where, &rows);
        if (n == 0) cc_stop(&pool, "no row satisfies `where`");
        s.columns[1] = cc_need_column(&pool, table, check->y, "y");
        judge_null_groups(&s, rows, n, result);
    }
    cc_pool_free(&pool);
    return 1;
}
