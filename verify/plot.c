/* verify/plot.c: SVG, drawn by hand: axes, bands, lines, a legend. */
#include "verify/plot.h"

#include <math.h>
#include <string.h>

enum { WIDTH = 720, HEIGHT = 440, LEFT = 76, RIGHT = 180, TOP = 52, BOTTOM = 78, COLOURS = 6 };

typedef struct axis {
    int is_log;
    double low, high;  /* of the data, after the logarithm */
    double from, size; /* in the picture; size < 0 for y */
} axis;

/* Colours that differ for the colour-blind (Okabe and Ito 2008), lighter ones on a dark page. Plain classes: viewers without CSS
 * variables draw them too. */
static void write_style(FILE *out)
{
    static const char *const light[] = {"#0072b2", "#d55e00", "#009e73", "#cc79a7", "#b58900", "#666666"};
    static const char *const dark[] = {"#56b4e9", "#ff9248", "#3ddbb0", "#f0a3cc", "#f0e442", "#aaaaaa"};
    fputs("<style>\nsvg{font:13px system-ui,sans-serif}text{fill:#222}.paper{fill:#fff}.grid{stroke:#888;stroke-opacity:.35}"
          ".line{fill:none;stroke-width:2}.band{fill-opacity:.18}\n",
          out);
    for (int i = 0; i < COLOURS; i++) fprintf(out, ".s%d{stroke:%s}.f%d{fill:%s}", i, light[i], i, light[i]);
    fputs("\n@media(prefers-color-scheme:dark){text{fill:#e6e6e6}.paper{fill:#16181c}", out);
    for (int i = 0; i < COLOURS; i++) fprintf(out, ".s%d{stroke:%s}.f%d{fill:%s}", i, dark[i], i, dark[i]);
    fputs("}\n</style>\n", out);
}

static double on_axis(const axis *a, double v) { return a->is_log ? log10(v) : v; }
static double place(const axis *a, double v) { return a->from + a->size * (on_axis(a, v) - a->low) / (a->high - a->low); }
static int drawable(const axis *a, double v) { return isfinite(v) && (!a->is_log || v > 0); }

static void escape(FILE *out, const char *text)
{
    for (; *text; text++) {
        if (*text == '<')
            fputs("&lt;", out);
        else if (*text == '>')
            fputs("&gt;", out);
        else if (*text == '&')
            fputs("&amp;", out);
        else if (*text == '"')
            fputs("&quot;", out);
        else if ((unsigned char)*text >= ' ')
            fputc(*text, out);
    }
}

static void include(axis *a, double v)
{
    if (!drawable(a, v)) return;
    a->low = fmin(a->low, on_axis(a, v));
    a->high = fmax(a->high, on_axis(a, v));
}

/* The data's range with a margin; 0: nothing to draw. */
static int fit_axes(const cc_result *r, axis *x, axis *y)
{
    *x = (axis){.is_log = r->log_x, .low = INFINITY, .high = -INFINITY, .from = LEFT, .size = WIDTH - LEFT - RIGHT};
    *y = (axis){.is_log = r->log_y, .low = INFINITY, .high = -INFINITY, .from = HEIGHT - BOTTOM, .size = -(HEIGHT - TOP - BOTTOM)};
    for (size_t i = 0; i < r->n_series; i++)
        for (size_t k = 0; k < r->series[i].n; k++) {
            include(x, r->series[i].x[k]);
            include(y, r->series[i].y[k]);
            if (r->series[i].low) include(y, r->series[i].low[k]), include(y, r->series[i].high[k]);
        }
    for (axis *a = x;; a = y) {
        if (!(a->low <= a->high)) return 0;
        double margin = a->high > a->low ? .04 * (a->high - a->low) : fmax(.5, .1 * fabs(a->low));
        a->low -= margin;
        a->high += margin;
        if (a == y) return 1;
    }
}

/* 1, 2 or 5 times a power of ten, for about five ticks. */
static double tick_step(double range)
{
    double step = pow(10, floor(log10(range / 5))), ratio = range / 5 / step;
    return step * (ratio > 5 ? 10 : ratio > 2 ? 5 : ratio > 1 ? 2 : 1);
}

static void draw_tick(FILE *out, int vertical, double at, double value)
{
    char label[32];
    snprintf(label, sizeof label, "%.4g", value);
    if (vertical)
        fprintf(out,
                "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/><text x=\"%d\" y=\"%.1f\" "
                "text-anchor=\"end\">%s</text>\n",
                LEFT, WIDTH - RIGHT, at, at, LEFT - 8, at + 4, label);
    else
        fprintf(out,
                "<line class=\"grid\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\"/><text x=\"%.1f\" y=\"%d\" "
                "text-anchor=\"middle\">%s</text>\n",
                at, at, TOP, HEIGHT - BOTTOM, at, HEIGHT - BOTTOM + 18, label);
}

static void draw_axis(FILE *out, const axis *a, int vertical)
{
    double range = a->high - a->low, step = a->is_log ? fmax(1, ceil(range / 6)) : tick_step(range);
    if (a->is_log && range < 1)
        step = tick_step(range); /* less than a decade: round values of the logarithm would be odd numbers */
    for (double t = ceil(a->low / step) * step; t <= a->high; t += step) {
        double value = a->is_log ? pow(10, t) : fabs(t) < step * 1e-9 ? 0 : t;
        draw_tick(out, vertical, a->from + a->size * (t - a->low) / range, value);
    }
}

static void draw_band(FILE *out, const cc_series *s, const axis *x, const axis *y, size_t colour)
{
    if (!s->low) return;
    fprintf(out, "<polygon class=\"band f%zu\" points=\"", colour);
    for (size_t k = 0; k < s->n; k++)
        if (drawable(x, s->x[k]) && drawable(y, s->high[k])) fprintf(out, "%.1f,%.1f ", place(x, s->x[k]), place(y, s->high[k]));
    for (size_t k = s->n; k-- > 0;)
        if (drawable(x, s->x[k]) && drawable(y, s->low[k])) fprintf(out, "%.1f,%.1f ", place(x, s->x[k]), place(y, s->low[k]));
    fputs("\"/>\n", out);
}

static void draw_line(FILE *out, const cc_series *s, const axis *x, const axis *y, size_t colour)
{
    fprintf(out, "<polyline class=\"line s%zu\"%s points=\"", colour, strstr(s->name, "fit") ? " stroke-dasharray=\"6 4\"" : "");
    for (size_t k = 0; k < s->n; k++)
        if (drawable(x, s->x[k]) && drawable(y, s->y[k])) fprintf(out, "%.1f,%.1f ", place(x, s->x[k]), place(y, s->y[k]));
    fputs("\"/>\n", out);
    for (size_t k = 0; k < s->n && s->n <= 40 && !strstr(s->name, "fit"); k++)
        if (drawable(x, s->x[k]) && drawable(y, s->y[k]))
            fprintf(out, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" class=\"f%zu\"/>\n", place(x, s->x[k]), place(y, s->y[k]),
                    colour);
}

static void draw_legend(FILE *out, const cc_result *r)
{
    for (size_t i = 0; i < r->n_series && i < 16; i++) {
        int y = TOP + 12 + (int)i * 20;
        char name[25];
        snprintf(name, sizeof name, "%.24s", r->series[i].name);
        fprintf(out, "<line x1=\"%d\" x2=\"%d\" y1=\"%d\" y2=\"%d\" class=\"s%zu\" stroke-width=\"3\"/><text x=\"%d\" y=\"%d\">",
                WIDTH - RIGHT + 12, WIDTH - RIGHT + 32, y, y, i % COLOURS, WIDTH - RIGHT + 38, y + 4);
        escape(out, name);
        fputs("</text>\n", out);
    }
}

static void draw_words(FILE *out, const cc_result *r, const char *title)
{
    char line[200];
    fprintf(out, "<text x=\"%d\" y=\"22\" font-weight=\"600\">", LEFT);
    escape(out, title);
    fprintf(out, "</text>\n<text x=\"%d\" y=\"40\">", LEFT);
    snprintf(line, sizeof line, "%s: %s %.4g [%.4g, %.4g]", cc_verdict_name(r->verdict), r->quantity, r->estimate, r->low, r->high);
    escape(out, line);
    fprintf(out, "</text>\n<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">", (LEFT + WIDTH - RIGHT) / 2, HEIGHT - BOTTOM + 38);
    escape(out, r->x_label);
    fprintf(out, "</text>\n<text transform=\"translate(16 %d) rotate(-90)\" text-anchor=\"middle\">", (TOP + HEIGHT - BOTTOM) / 2);
    escape(out, r->y_label);
    fprintf(out, "</text>\n<text x=\"%d\" y=\"%d\" font-size=\"11\">", LEFT, HEIGHT - 12);
    snprintf(line, sizeof line, "%.110s", r->message);
    escape(out, line);
    fputs("</text>\n", out);
}

int cc_plot_svg(FILE *out, const cc_result *r, const char *title)
{
    axis x, y;
    if (!fit_axes(r, &x, &y)) return -1;
    fprintf(out,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" role=\"img\">\n<title>",
            WIDTH, HEIGHT, WIDTH, HEIGHT);
    escape(out, title);
    fputs("</title>\n", out);
    write_style(out);
    fputs("<rect class=\"paper\" width=\"100%\" height=\"100%\"/>\n", out);
    draw_axis(out, &x, 0);
    draw_axis(out, &y, 1);
    for (size_t i = 0; i < r->n_series; i++) draw_band(out, &r->series[i], &x, &y, i % COLOURS);
    for (size_t i = 0; i < r->n_series; i++) draw_line(out, &r->series[i], &x, &y, i % COLOURS);
    draw_legend(out, r);
    draw_words(out, r, title);
    fputs("</svg>\n", out);
    return ferror(out) ? -1 : 0;
}
