/* problems/bilevel/text.c: learning a representation of text. Which of five licences is a window of words from? The upper level is
 * an encoder (an embedding and an LSTM), the lower level a linear classifier on its last hidden state.
 *
 *   g = mean cross-entropy on training windows + mu |y|^2/2,   f = mean cross-entropy on validation windows
 *
 * x = embedding (vocabulary x E), W_ih (4H x E), W_hh (4H x H), b_ih, b_hh (4H); y = classifier (C x H), its bias (C). Words are
 * lower case; those rarer than the `vocabulary` - 1 most frequent share a token. Windows follow one another within a licence; every
 * third validates. The licences are those of Debian's base system, present wherever Debian is. */
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/numerics/linalg.h"
#include "harness/numerics/nn.h"
#include "problems/bilevel/problems.h"

enum { LICENCES = 5, MOST_WORDS = 8000, WORD = 24, NEWTON = 50 };
static const char *const licences[LICENCES] = {"Apache-2.0", "Artistic", "GFDL-1.3", "GPL-3", "MPL-2.0"};

typedef struct text {
    bilevel_base base;
    size_t steps, vocabulary, E, H;
    int *token[2], *label[2]; /* [0] training, [1] validation: windows x steps, windows */
    double mu;
    /* The tape and what it is fed: mutable, one a process. */
    nn_tape *tape;
    size_t recorded; /* examples */
    nn_node tokens, labels, hidden, loss;
    int *fed, *fed_labels;
    double *w, *v, *g; /* x and y in one vector */
} text;

/* ---- the tape ---- */

/* Records the network for n examples, unless it is. Tokens come step by step: (steps, n). */
static cc_status record(text *p, size_t n)
{
    if (p->recorded == n) return CC_OK;
    nn_tape *t = p->tape;
    nn_reset(t);
    p->recorded = 0;
    const nn_node table = nn_param(t, nn_mat(p->vocabulary, p->E));
    const nn_lstm_weights lstm = {nn_param(t, nn_mat(4 * p->H, p->E)), nn_param(t, nn_mat(4 * p->H, p->H)),
                                  nn_param(t, nn_vec(4 * p->H)), nn_param(t, nn_vec(4 * p->H))};
    const nn_node W = nn_param(t, nn_mat(LICENCES, p->H)), b = nn_param(t, nn_vec(LICENCES));
    p->tokens = nn_index(t, nn_vec(p->steps * n), p->fed);
    p->labels = nn_index(t, nn_vec(n), p->fed_labels);
    const nn_node words = nn_reshape(t, nn_gather(t, table, p->tokens), nn_cube(p->steps, n, p->E));
    p->hidden = nn_lstm(t, words, lstm, NN_NONE, NULL);
    p->loss = nn_mean(t, nn_softmax_loss(t, nn_dense(t, p->hidden, W, b), p->labels));
    CC_TRY(nn_status(t));
    p->recorded = n;
    return CC_OK;
}

/* Feeds the windows of `at` and its x and y (NULL: zero). Nonzero: the tape failed, which its sweeps then say as NaN. */
static int feed(text *p, const bilevel_at *at, int part)
{
    if (record(p, at->b) != CC_OK) return -1;
    for (size_t k = 0; k < at->b; k++) {
        const size_t i = at->ids ? at->ids[k] : k;
        for (size_t s = 0; s < p->steps; s++) p->fed[s * at->b + k] = p->token[part][i * p->steps + s];
        p->fed_labels[k] = p->label[part][i];
    }
    nn_feed_index(p->tape, p->tokens, p->fed);
    nn_feed_index(p->tape, p->labels, p->fed_labels);
    cc_copy(p->base.dx, at->x, p->w);
    if (at->y)
        cc_copy(p->base.dy, at->y, p->w + p->base.dx);
    else
        memset(p->w + p->base.dx, 0, p->base.dy * sizeof *p->w);
    return 0;
}

static text *of(const bilevel_at *at) { return (text *)(uintptr_t)at->instance; }

static void spoil(size_t n, double *v)
{
    for (size_t j = 0; v && j < n; j++) v[j] = NAN;
}

/* Mean cross-entropy; its gradients into gx, gy unless NULL. */
static double cross_entropy(const bilevel_at *at, int part, double *gx, double *gy)
{
    text *p = of(at);
    double value = NAN;
    if (feed(p, at, part) || nn_loss_grad(p->tape, p->loss, p->w, &value, p->g) != CC_OK) spoil(p->base.dx + p->base.dy, p->g);
    if (gx) cc_copy(p->base.dx, p->g, gx);
    if (gy) cc_copy(p->base.dy, p->g + p->base.dx, gy);
    return value;
}

static double f(const bilevel_at *at) { return cross_entropy(at, 1, NULL, NULL); }
static double g(const bilevel_at *at)
{
    return cross_entropy(at, 0, NULL, NULL) + of(at)->mu / 2 * cc_dot(of(at)->base.dy, at->y, at->y);
}
static void upper(const bilevel_at *at, double *fx, double *fy) { cross_entropy(at, 1, fx, fy); }

static void lower(const bilevel_at *at, double *gx, double *gy)
{
    cross_entropy(at, 0, gx, gy);
    if (gy) cc_axpy(of(at)->base.dy, of(at)->mu, at->y, gy);
}

/* One sweep along (0, v) has gxy v in its first part and gyy v in its second. */
static void second_order(const bilevel_at *at, const double *v, double *x_part, double *y_part)
{
    text *p = of(at);
    memset(p->v, 0, p->base.dx * sizeof *p->v);
    cc_copy(p->base.dy, v, p->v + p->base.dx);
    if (feed(p, at, 0) || nn_hvp(p->tape, p->loss, p->w, p->v, p->g) != CC_OK) spoil(p->base.dx + p->base.dy, p->g);
    if (x_part) cc_copy(p->base.dx, p->g, x_part);
    if (!y_part) return;
    cc_copy(p->base.dy, p->g + p->base.dx, y_part);
    cc_axpy(p->base.dy, p->mu, v, y_part);
}

static void hvp(const bilevel_at *at, const double *v, double *out) { second_order(at, v, NULL, out); }
static void jvp(const bilevel_at *at, const double *v, double *out) { second_order(at, v, out, NULL); }

/* ---- the classifier alone: softmax regression on the hidden states ---- */

/* probability[C] of a hidden state */
static void classify(const text *p, const double *y, const double *hidden, double *probability)
{
    double most = -INFINITY, sum = 0;
    for (size_t c = 0; c < LICENCES; c++) {
        probability[c] = cc_dot(p->H, y + c * p->H, hidden) + y[LICENCES * p->H + c];
        most = fmax(most, probability[c]);
    }
    for (size_t c = 0; c < LICENCES; c++) sum += probability[c] = exp(probability[c] - most);
    for (size_t c = 0; c < LICENCES; c++) probability[c] /= sum;
}

static size_t place(const text *p, size_t c, size_t j) { return j < p->H ? c * p->H + j : LICENCES * p->H + c; }

/* Adds one window's gradient to gy and curvature to h (dy x dy, lower). */
static void add_window(const text *p, const double *hidden, const double *q, size_t label, double share, double *gy, double *h)
{
    const size_t dy = p->base.dy;
    for (size_t c = 0; c < LICENCES; c++)
        for (size_t j = 0; j <= p->H; j++) {
            const double a = j < p->H ? hidden[j] : 1;
            const size_t row = place(p, c, j);
            gy[row] += share * (q[c] - (c == label)) * a;
            for (size_t d = 0; d < LICENCES; d++)
                for (size_t k = 0; k <= p->H; k++) {
                    const size_t column = place(p, d, k);
                    if (column <= row) h[row * dy + column] += share * q[c] * ((c == d) - q[d]) * a * (k < p->H ? hidden[k] : 1);
                }
        }
}

/* Newton's method from y = 0 on hidden states that a forward sweep leaves; the loss is strongly convex. */
static int ystar(const bilevel_at *at, double *y)
{
    text *p = of(at);
    const size_t dy = p->base.dy;
    double *gy = at->work, *h = gy + dy, *states = h + dy * dy, q[LICENCES];
    if (feed(p, at, 0) || nn_forward(p->tape, p->w) != CC_OK) return -1;
    cc_copy(at->b * p->H, nn_value(p->tape, p->hidden), states);
    memset(y, 0, dy * sizeof *y);
    for (int k = 0; k < NEWTON; k++) {
        memset(h, 0, dy * dy * sizeof *h);
        for (size_t j = 0; j < dy; j++) gy[j] = p->mu * y[j], h[j * dy + j] = p->mu;
        for (size_t i = 0; i < at->b; i++) {
            classify(p, y, states + i * p->H, q);
            add_window(p, states + i * p->H, q, (size_t)p->label[0][i], 1 / (double)at->b, gy, h);
        }
        if (cc_norm(dy, gy) <= 1e-12) return 0;
        if (cc_potrf(dy, h)) return -1;
        cc_potrs(dy, h, gy);
        cc_axpy(dy, -1, gy, y);
    }
    return -1;
}

const bilevel_ops bilevel_text_ops = {.f = f, .g = g, .upper = upper, .lower = lower, .hvp = hvp, .jvp = jvp, .ystar = ystar};

/* Share of validation windows that y*(x) puts into their licence. */
static double refit_accuracy(const cc_oracle *o, const void *candidate)
{
    text *p = (text *)(uintptr_t)o->instance;
    const bilevel_env *e = o->env;
    double q[LICENCES];
    size_t right = 0;
    if (bilevel_ystar(o, 0, candidate, e->y)) return NAN;
    const bilevel_at at = {p, 0, candidate, NULL, NULL, p->base.n_upper, e->work};
    if (feed(p, &at, 1) || nn_forward(p->tape, p->w) != CC_OK) return NAN;
    const double *states = nn_value(p->tape, p->hidden);
    for (size_t i = 0; i < p->base.n_upper; i++) {
        size_t best = 0;
        classify(p, e->y, states + i * p->H, q);
        for (size_t c = 1; c < LICENCES; c++)
            if (q[c] > q[best]) best = c;
        right += best == (size_t)p->label[1][i];
    }
    return (double)right / (double)p->base.n_upper;
}

const cc_metric bilevel_text_metrics[] = {{"refit_accuracy", "", "of y*(x) on the validation windows", refit_accuracy}, {0}};

/* ---- the instance ---- */

typedef struct word {
    char text[WORD];
    size_t count;
} word;

/* The next word in lower case, letters only, cut to WORD - 1; 0 at the end. */
static int next_word(const char **at, char *out)
{
    size_t n = 0;
    while (**at && !isalpha((unsigned char)**at)) (*at)++;
    for (; isalpha((unsigned char)**at); (*at)++)
        if (n + 1 < WORD) out[n++] = (char)tolower((unsigned char)**at);
    out[n] = 0;
    return n > 0;
}

static int by_text(const void *a, const void *b) { return strcmp(((const word *)a)->text, ((const word *)b)->text); }

static int by_count(const void *a, const void *b)
{
    const word *s = a, *t = b;
    return s->count != t->count ? (s->count < t->count ? 1 : -1) : strcmp(s->text, t->text);
}

static cc_status read_licence(cc_run *scope, const char *name, char **content)
{
    enum { MOST = 1 << 20 };
    char path[96];
    const char *found;
    snprintf(path, sizeof path, "/usr/share/common-licenses/%s", name);
    CC_TRY(cc_data_file(scope, path, NULL, &found));
    CC_NEW(scope, *content, MOST + 1);
    FILE *file = fopen(found, "r");
    if (!file) return cc_fail(scope, CC_EDATA, "%s cannot be opened", found);
    const size_t size = fread(*content, 1, MOST, file);
    fclose(file);
    return size > 0 && strlen(*content) == size ? CC_OK : cc_fail(scope, CC_EDATA, "%s is empty or not text", found);
}

/* words[*n]: those of the first `most` words of all licences, the most frequent first. */
static cc_status count_words(cc_run *scope, char *const *content, size_t most, word *words, size_t *n)
{
    word *all;
    size_t total = 0;
    CC_NEW(scope, all, LICENCES * most);
    for (size_t c = 0; c < LICENCES; c++) {
        const char *at = content[c];
        for (size_t k = 0; k < most; k++, total++)
            if (!next_word(&at, all[total].text))
                return cc_fail(scope, CC_EINVAL, "%s has %zu words; %zu are asked for", licences[c], k, most);
    }
    qsort(all, total, sizeof *all, by_text);
    *n = 0;
    for (size_t k = 0; k < total; k++) {
        if (*n == 0 || strcmp(words[*n - 1].text, all[k].text)) words[(*n)++] = all[k];
        words[*n - 1].count++;
    }
    qsort(words, *n, sizeof *words, by_count);
    return CC_OK;
}

static int token_of(const word *words, size_t known, const char *one)
{
    for (size_t k = 0; k < known; k++)
        if (strcmp(words[k].text, one) == 0) return (int)k;
    return (int)known; /* rare */
}

/* Every third window of a licence validates. */
static cc_status cut_windows(cc_run *scope, text *p, char *const *content, size_t windows)
{
    word *words;
    size_t n = 0, used[2] = {0, 0};
    CC_NEW(scope, words, LICENCES * windows * p->steps);
    CC_TRY(count_words(scope, content, windows * p->steps, words, &n));
    const size_t known = n < p->vocabulary - 1 ? n : p->vocabulary - 1;
    for (size_t c = 0; c < LICENCES; c++) {
        const char *at = content[c];
        for (size_t k = 0; k < windows; k++) {
            const int part = k % 3 == 2;
            char one[WORD];
            for (size_t s = 0; s < p->steps && next_word(&at, one); s++)
                p->token[part][used[part] * p->steps + s] = token_of(words, known, one);
            p->label[part][used[part]++] = (int)c;
        }
    }
    return CC_OK;
}

/* Embeddings normal; weights of the LSTM uniform below 1/sqrt(H). */
static void start(cc_run *scope, const text *p, double *x)
{
    const size_t table = p->vocabulary * p->E;
    cc_rng rng = cc_stream(scope, 17, 0);
    cc_normal(&rng, table, x);
    for (size_t j = table; j < p->base.dx; j++) x[j] = (2 * cc_uniform(&rng) - 1) / sqrt((double)p->H);
}

cc_status bilevel_text_create(cc_run *scope, void **instance)
{
    const size_t windows = (size_t)cc_int(scope, "windows"), H = (size_t)cc_int(scope, "hidden"),
                 E = (size_t)cc_int(scope, "embedding");
    const size_t n_upper = LICENCES * (windows / 3), n_lower = LICENCES * windows - n_upper;
    char *content[LICENCES];
    text *p;
    double *x0, *y0;
    CC_NEW(scope, p, 1);
    p->steps = (size_t)cc_int(scope, "words"), p->vocabulary = (size_t)cc_int(scope, "vocabulary"), p->E = E, p->H = H,
    p->mu = cc_real(scope, "mu");
    const size_t dx = p->vocabulary * E + 4 * H * (E + H + 2), dy = LICENCES * (H + 1);
    for (int part = 0; part < 2; part++) {
        CC_NEW(scope, p->token[part], (part ? n_upper : n_lower) * p->steps);
        CC_NEW(scope, p->label[part], part ? n_upper : n_lower);
    }
    for (size_t c = 0; c < LICENCES; c++) CC_TRY(read_licence(scope, licences[c], &content[c]));
    CC_TRY(cut_windows(scope, p, content, windows));
    if (cc_bool(scope, "shuffle_validation")) bilevel_shuffle(scope, n_upper, sizeof *p->label[1], p->label[1]);
    CC_NEW(scope, p->fed, n_lower * p->steps);
    CC_NEW(scope, p->fed_labels, n_lower);
    CC_NEW(scope, p->w, dx + dy);
    CC_NEW(scope, p->v, dx + dy);
    CC_NEW(scope, p->g, dx + dy);
    CC_NEW(scope, x0, dx);
    CC_NEW(scope, y0, dy);
    p->base = (bilevel_base){.dx = dx,
                             .dy = dy,
                             .m = 1,
                             .caps = BILEVEL_LOWER_SC | BILEVEL_FINITE_SUM,
                             .n_lower = n_lower,
                             .n_upper = n_upper,
                             .work = dy + dy * dy + n_lower * H,
                             .x0 = x0,
                             .y0 = y0};
    start(scope, p, x0);
    CC_TRY(nn_open(scope, &p->tape));
    CC_TRY(record(p, n_lower));
    *instance = p;
    /* hidden states are below 1 in modulus: |(h, 1)|^2 <= H + 1, and the softmax's curvature is at most 1/2 */
    return bilevel_publish(scope, &p->base, &(bilevel_facts){p->mu, p->mu + ((double)H + 1) / 2, NAN, NAN});
}

const cc_param bilevel_text_params[] = {
    {"windows", CC_INT, "80", 6, 10000, .doc = "windows of each of five licences"},
    {"words", CC_INT, "12", 1, 100, .doc = "in a window"},
    {"vocabulary", CC_INT, "300", 2, 10000, .doc = "tokens; the last is for rarer words"},
    {"embedding", CC_INT, "8", 1, 1000, .doc = "numbers a word"},
    {"hidden", CC_INT, "12", 1, 1000, .doc = "state of the LSTM"},
    {"mu", CC_REAL, "0.01", 1e-9, 100, .doc = "weight of |y|^2/2"},
    {"shuffle_validation", CC_BOOL, "false", .doc = "permute the validation labels: nothing can then be learnt"},
    {0},
};
