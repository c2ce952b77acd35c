/* verify/plot.c: SVG, drawn by hand: words, axes, bands, lines, a legend. */
#include "verify/plot.h"

#include "verify/csv.h"

#include <math.h>
#include <string.h>

enum {
    WIDTH = 760,
    HEIGHT = 480,
    LEFT = 84,
    RIGHT = 176,
    TOP = 88,
    BOTTOM = 92,
    COLOURS = 6,
    IN_LEGEND = 17,
    BARS = 20,
    DOTS = 60
};

static const double MOST = 1e300; /* of a value: its place is still a number */

typedef struct axis {
    int is_log;
    double low, high;  /* of the picture, after the logarithm */
    double from, size; /* in pixels; size < 0 for y */
} axis;

typedef struct ticks {
    double first, step;
    int n;
} ticks;

/* Colours that differ for the colour-blind (Okabe and Ito 2008), lighter ones on a dark page. Plain rules: not every viewer knows
 * variables. */
static const char style[] =
    "<style>\n"
    ".cc text{font:13px system-ui,sans-serif;fill:#222}.cc .small{font-size:11.5px}.cc .bold{font-weight:600}"
    ".cc .paper{fill:#fff}.cc .grid{stroke:#8885;stroke-width:1}.cc .fine{stroke:#8882;stroke-width:1}.cc "
    ".frame{stroke:#888;fill:none}"
    ".cc .line{fill:none;stroke-width:2;stroke-linejoin:round}.cc .bar{stroke-width:1.4}.cc .band{opacity:.2}"
    ".cc .dash{stroke-dasharray:7 4}\n"
    ".cc .verified{fill:#00704f}.cc .refuted{fill:#b3261e}.cc .inconclusive{fill:#8a6100}\n"
    ".cc .s0{stroke:#0072b2}.cc .s1{stroke:#d55e00}.cc .s2{stroke:#009e73}.cc .s3{stroke:#b04c8c}.cc .s4{stroke:#957000}.cc "
    ".s5{stroke:#666}\n"
    ".cc .f0{fill:#0072b2}.cc .f1{fill:#d55e00}.cc .f2{fill:#009e73}.cc .f3{fill:#b04c8c}.cc .f4{fill:#957000}.cc .f5{fill:#666}\n"
    "@media(prefers-color-scheme:dark){\n"
    ".cc text{fill:#e6e6e6}.cc .paper{fill:#16181c}.cc .grid{stroke:#9995}.cc .fine{stroke:#9992}\n"
    ".cc .verified{fill:#3ddbb0}.cc .refuted{fill:#ff8a80}.cc .inconclusive{fill:#ffcc66}\n"
    ".cc .s0{stroke:#56b4e9}.cc .s1{stroke:#ff9248}.cc .s2{stroke:#3ddbb0}.cc .s3{stroke:#f0a3cc}.cc .s4{stroke:#f0e442}.cc "
    ".s5{stroke:#aaa}\n"
    ".cc .f0{fill:#56b4e9}.cc .f1{fill:#ff9248}.cc .f2{fill:#3ddbb0}.cc .f3{fill:#f0a3cc}.cc .f4{fill:#f0e442}.cc .f5{fill:#aaa}\n"
    "}</style>\n";

/* ---- words ---- */

/* Up to n characters of the text, as XML: what is no UTF-8 (a text that was cut) and control characters are left out. The bytes
 * used. */
static size_t write_text(FILE *out, const char *text, size_t n)
{
    const char *c = text;
    for (size_t done = 0; *c && done < n; done++) {
        size_t length = cc_utf8_length(c);
        if (*c == '<')
            fputs("&lt;", out);
        else if (*c == '>')
            fputs("&gt;", out);
        else if (*c == '&')
            fputs("&amp;", out);
        else if (*c == '"')
            fputs("&quot;", out);
        else if (length > 1 || (length == 1 && *c >= ' ' && *c != 0x7f))
            fwrite(c, 1, length, out);
        c += length ? length : 1;
    }
    return (size_t)(c - text);
}

/* How many characters of the text make a line of at most n: cut at a blank if there is one. */
static size_t line_length(const char *text, size_t n)
{
    size_t done = 0, blank = 0;
    for (const char *c = text; *c; done++) {
        size_t length = cc_utf8_length(c);
        if (done == n) return blank > n / 2 ? blank : n;
        if (*c == ' ') blank = done;
        c += length ? length : 1;
    }
    return done;
}

/* At most `lines` lines of at most n characters; what does not fit is left out. */
static void paragraph(FILE *out, const char *text, double x, double y, size_t n, int lines, const char *class)
{
    for (; *text && lines > 0; lines--, y += 16) {
        while (*text == ' ') text++;
        fprintf(out, "<text class=\"%s\" x=\"%.0f\" y=\"%.0f\">", class, x, y);
        text += write_text(out, text, line_length(text, n));
        fputs("</text>\n", out);
    }
}

static void draw_words(FILE *out, const cc_result *r, const char *title)
{
    const char *verdict = cc_verdict_name(r->verdict);
    const char *class = r->verdict == CC_VERIFIED  ? "bold verified"
                        : r->verdict == CC_REFUTED ? "bold refuted"
                                                   : "bold inconclusive";
    char line[240] = "";
    double indent = LEFT + 8.2 * (double)strlen(verdict) + 10;
    fprintf(out, "<text class=\"%s\" x=\"%d\" y=\"24\">%s</text>\n", class, LEFT, verdict);
    paragraph(out, title, indent, 24, (size_t)((WIDTH - 16 - indent) / 7.2), 2, "bold");
    if (!isnan(r->estimate) && r->low < r->high)
        snprintf(line, sizeof line, "%s: %.4g, interval [%.4g, %.4g]", r->quantity, r->estimate, r->low, r->high);
    else if (!isnan(r->estimate))
        snprintf(line, sizeof line, "%s: %.4g", r->quantity, r->estimate);
    paragraph(out, line, LEFT, 62, 96, 1, "small");
    paragraph(out, r->message, LEFT, HEIGHT - 28, 104, 2, "small");
    fprintf(out, "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">", (LEFT + WIDTH - RIGHT) / 2, HEIGHT - BOTTOM + 40);
    write_text(out, r->x_label, 48);
    fprintf(out, "</text>\n<text transform=\"translate(18 %d) rotate(-90)\" text-anchor=\"middle\">", (TOP + HEIGHT - BOTTOM) / 2);
    write_text(out, r->y_label, 48);
    fputs("</text>\n", out);
}

/* ---- axes ---- */

static int drawable(const axis *a, double v) { return fabs(v) <= MOST && (!a->is_log || v > 0); }
static double on_axis(const axis *a, double v) { return a->is_log ? log10(v) : v; }
static double place(const axis *a, double v) { return a->from + a->size * ((on_axis(a, v) - a->low) / (a->high - a->low)); }

static void include(axis *a, double v)
{
    if (!drawable(a, v)) return;
    a->low = fmin(a->low, on_axis(a, v));
    a->high = fmax(a->high, on_axis(a, v));
}

/* A margin; a range that is too small to be divided is widened. */
static int finish_axis(axis *a)
{
    if (!(a->low <= a->high)) return -1;
    double large = fmax(fabs(a->low), fabs(a->high)), range = a->high - a->low;
    int wide = range > 1e-9 * large && range > 1e-290;
    double margin = wide ? .04 * range : a->is_log ? .5 : large > 1e-280 ? .1 * large : 1;
    a->low -= margin;
    a->high += margin;
    return 0;
}

/* The fit is a line through the points, not a series of its own. */
static int is_fit(const cc_series *s)
{
    size_t n = strlen(s->name);
    return n >= 3 && strcmp(s->name + n - 3, "fit") == 0;
}

/* Where the check names no plane: a logarithmic axis for positive values over three decades or more. */
static void choose_plane(const cc_result *r, axis *x, axis *y)
{
    double least[2] = {INFINITY, INFINITY}, most[2] = {0, 0};
    if (r->log_x || r->log_y) return;
    for (size_t i = 0; i < r->n_series; i++) {
        const cc_series *s = &r->series[i];
        if (is_fit(s)) return;
        for (size_t k = 0; k < s->n; k++) {
            least[0] = fmin(least[0], s->x[k]), most[0] = fmax(most[0], s->x[k]);
            least[1] = fmin(least[1], s->y[k]), most[1] = fmax(most[1], s->y[k]);
        }
    }
    x->is_log = least[0] > 0 && most[0] >= 1000 * least[0];
    y->is_log = least[1] > 0 && most[1] >= 1000 * least[1];
}

static int fit_axes(const cc_result *r, axis *x, axis *y)
{
    *x = (axis){.is_log = r->log_x, .low = INFINITY, .high = -INFINITY, .from = LEFT, .size = WIDTH - LEFT - RIGHT};
    *y = (axis){.is_log = r->log_y, .low = INFINITY, .high = -INFINITY, .from = HEIGHT - BOTTOM, .size = -(HEIGHT - TOP - BOTTOM)};
    choose_plane(r, x, y);
    for (size_t i = 0; i < r->n_series; i++)
        for (size_t k = 0; k < r->series[i].n; k++) {
            const cc_series *s = &r->series[i];
            if (!drawable(x, s->x[k]) || !drawable(y, s->y[k])) continue;
            include(x, s->x[k]);
            include(y, s->y[k]);
            if (s->low) include(y, s->low[k]), include(y, s->high[k]);
        }
    return finish_axis(x) || finish_axis(y) ? -1 : 0;
}

/* 1, 2 or 5 times a power of ten, at least `least`, for about five ticks; counted, so that they end. */
static ticks make_ticks(double low, double high, double least)
{
    double range = high - low, power = pow(10, floor(log10(range / 5))), ratio = range / 5 / power;
    double step = fmax(least, power * (ratio > 5 ? 10 : ratio > 2 ? 5 : ratio > 1 ? 2 : 1));
    double first = ceil(low / step), last = floor(high / step);
    return (ticks){first * step, step, last >= first ? (int)fmin(last - first, 20) + 1 : 0};
}

static void draw_grid(FILE *out, const axis *a, double at, const char *class)
{
    double p = a->from + a->size * ((at - a->low) / (a->high - a->low));
    if (a->size < 0)
        fprintf(out, "<line class=\"%s\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>\n", class, LEFT, WIDTH - RIGHT, p, p);
    else
        fprintf(out, "<line class=\"%s\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\"/>\n", class, p, p, TOP, HEIGHT - BOTTOM);
}

/* The value at `at`; a power of ten beyond thousands as such. */
static void draw_label(FILE *out, const axis *a, double at, double step)
{
    double p = a->from + a->size * ((at - a->low) / (a->high - a->low));
    double value = a->is_log ? pow(10, at) : fabs(at) < 1e-9 * step ? 0 : at;
    if (a->size < 0)
        fprintf(out, "<text class=\"small\" x=\"%d\" y=\"%.1f\" text-anchor=\"end\">", LEFT - 8, p + 4);
    else
        fprintf(out, "<text class=\"small\" x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">", p, HEIGHT - BOTTOM + 18);
    if (a->is_log && at == round(at) && fabs(at) > 3)
        fprintf(out, "10<tspan dy=\"-4\" font-size=\"9\">%.0f</tspan>", at);
    else
        fprintf(out, "%.*g", step < 1e-4 * fabs(at) ? 8 : 4, value);
    fputs("</text>\n", out);
}

/* Lines at 2 .. 9 times each power of ten; those at 2 and 5 are labelled where there are hardly any powers. */
static void draw_within_decades(FILE *out, const axis *a)
{
    double range = a->high - a->low;
    int labels = range < 1.6; /* hardly any powers */
    if (range > 6) return;
    for (double decade = floor(a->low); decade < a->high; decade++)
        for (int m = 2; m < 10; m++) {
            double at = decade + log10(m);
            if (at <= a->low || at >= a->high) continue;
            draw_grid(out, a, at, "fine");
            if (labels && (m == 2 || m == 5)) draw_label(out, a, at, 1);
        }
}

/* Less than the half of a decade has its ticks at round values, not at round logarithms. */
static void draw_axis(FILE *out, const axis *a)
{
    const int narrow = a->is_log && a->high - a->low < .5 && a->low > -290;
    const ticks t = narrow ? make_ticks(pow(10, a->low), pow(10, a->high), 0) : make_ticks(a->low, a->high, a->is_log);
    if (a->is_log && !narrow) draw_within_decades(out, a);
    for (int i = 0; i < t.n; i++) {
        double value = t.first + i * t.step, at = narrow ? log10(value) : value;
        draw_grid(out, a, at, "grid");
        draw_label(out, a, at, narrow ? 1 : t.step);
    }
}

/* ---- series ---- */

static int shown(const cc_series *s, size_t k, const axis *x, const axis *y)
{
    return drawable(x, s->x[k]) && drawable(y, s->y[k]);
}

/* An end of an interval that the axis cannot hold is drawn to the edge. */
static double edge(const axis *y, double v, double otherwise) { return drawable(y, v) ? place(y, v) : otherwise; }

static void draw_intervals(FILE *out, const cc_series *s, const axis *x, const axis *y, size_t colour)
{
    const double bottom = HEIGHT - BOTTOM, top = TOP;
    if (!s->low) return;
    if (s->n <= BARS) {
        for (size_t k = 0; k < s->n; k++)
            if (shown(s, k, x, y))
                fprintf(out, "<line class=\"bar s%zu\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\"/>\n", colour,
                        place(x, s->x[k]), place(x, s->x[k]), edge(y, s->low[k], bottom), edge(y, s->high[k], top));
        return;
    }
    fprintf(out, "<polygon class=\"band f%zu\" points=\"", colour);
    for (size_t k = 0; k < s->n; k++)
        if (shown(s, k, x, y)) fprintf(out, "%.1f,%.1f ", place(x, s->x[k]), edge(y, s->high[k], top));
    for (size_t k = s->n; k-- > 0;)
        if (shown(s, k, x, y)) fprintf(out, "%.1f,%.1f ", place(x, s->x[k]), edge(y, s->low[k], bottom));
    fputs("\"/>\n", out);
}

static void draw_series(FILE *out, const cc_series *s, const axis *x, const axis *y, size_t colour)
{
    fprintf(out, "<polyline class=\"line s%zu%s\" points=\"", colour, is_fit(s) ? " dash" : "");
    for (size_t k = 0; k < s->n; k++)
        if (shown(s, k, x, y)) fprintf(out, "%.1f,%.1f ", place(x, s->x[k]), place(y, s->y[k]));
    fputs("\"/>\n", out);
    for (size_t k = 0; k < s->n && s->n <= DOTS && !is_fit(s); k++)
        if (shown(s, k, x, y))
            fprintf(out, "<circle class=\"f%zu\" cx=\"%.1f\" cy=\"%.1f\" r=\"3\"/>\n", colour, place(x, s->x[k]),
                    place(y, s->y[k]));
}

static void draw_legend(FILE *out, const cc_result *r)
{
    const int left = WIDTH - RIGHT + 12;
    size_t n = r->n_series < IN_LEGEND ? r->n_series : IN_LEGEND;
    for (size_t i = 0; i < n; i++) {
        int y = TOP + 8 + (int)i * 18;
        fprintf(out,
                "<line class=\"line s%zu%s\" x1=\"%d\" x2=\"%d\" y1=\"%d\" y2=\"%d\"/><text class=\"small\" x=\"%d\" y=\"%d\">",
                i % COLOURS, is_fit(&r->series[i]) ? " dash" : "", left, left + 24, y, y, left + 30, y + 4);
        write_text(out, r->series[i].name, 21);
        fputs("</text>\n", out);
    }
    if (r->n_series > n)
        fprintf(out, "<text class=\"small\" x=\"%d\" y=\"%d\">and %zu more</text>\n", left + 30, TOP + 12 + (int)n * 18,
                r->n_series - n);
}

int cc_plot_svg(FILE *out, const cc_result *r, const char *title)
{
    axis x, y;
    if (fit_axes(r, &x, &y)) return -1;
    fprintf(out,
            "<svg class=\"cc\" xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" "
            "role=\"img\">\n<title>%s: ",
            WIDTH, HEIGHT, WIDTH, HEIGHT, cc_verdict_name(r->verdict));
    write_text(out, title, 300);
    fprintf(out, "</title>\n%s<rect class=\"paper\" width=\"%d\" height=\"%d\"/>\n", style, WIDTH, HEIGHT);
    draw_axis(out, &x);
    draw_axis(out, &y);
    fprintf(out, "<rect class=\"frame\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"/>\n", LEFT, TOP, WIDTH - LEFT - RIGHT,
            HEIGHT - TOP - BOTTOM);
    for (size_t i = 0; i < r->n_series; i++) draw_intervals(out, &r->series[i], &x, &y, i % COLOURS);
    for (size_t i = 0; i < r->n_series; i++) draw_series(out, &r->series[i], &x, &y, i % COLOURS);
    draw_legend(out, r);
    draw_words(out, r, title);
    fputs("</svg>\n", out);
    return ferror(out) ? -1 : 0;
}
