/* verify/curve.h: each unit's y along x in the plane where the claim is a straight line, and the window in which it is one. Shared
 * by exponent and linear_rate. */
#ifndef CLAIMCHECK_VERIFY_CURVE_H
#define CLAIMCHECK_VERIFY_CURVE_H

#include "verify/sample.h"

/* A row of Y for each unit, a column for each x (or bin of x, when there are more than 40), the asymptotic end last. NaN: absent.
 */
typedef struct cc_curve {
    size_t n_units, n_bins;
    double *x;              /* n_bins: in the plane, ascending; negated when x -> 0 is the asymptotic end */
    double *Y;              /* n_units x n_bins */
    unsigned char *cut;     /* n_units x n_bins: Y is only a lower bound */
    double sign;            /* -1: x was negated, slopes change sign */
    double unit;            /* of rounding errors of Y: 1 where Y is a logarithm, besides their share of |Y|; else 0 */
    int pseudo;             /* rows are jackknife pseudo-values of a statistic over units */
    double floor;           /* rows at or below this were left out; 0: none */
    size_t zeros, infinite; /* values left out, and values taken as the largest number */
    size_t off_axis;        /* points left out because their x has no place in the plane: 0, infinity, 1 and less beside logs */
} cc_curve;

typedef struct cc_fit {
    cc_estimate slope;         /* in the sign of x */
    size_t first, last;        /* bins [first, last) */
    double from, to;           /* x of the window, in the plane */
    double middle_x, middle_y; /* the line goes through it */
    int curved;                /* no straight window: the slope is that of the asymptotic third */
    int bend;                  /* then: +1 the slope grows towards the asymptotic end, -1 it falls */
    size_t floor_bins;         /* left out at the end as a plateau */
    int rounding;              /* the plateau is at rounding level */
    int flattens;              /* a falling curve, straight nowhere for long, flattens until its end */
    int is_short;              /* x spans less than a decade and a half: then the asymptotic third must show the same */
    cc_estimate third;
    double drop;     /* of Y over the window, towards the asymptotic end */
    size_t cut_bins; /* left out at the end because runs were cut off there */
    int cut_above;   /* there the lower bounds lie above the line */
} cc_fit;

/* 1 when y is infinite somewhere in more than half of the units; then the result says so: refuted, unless large y is what is
 * claimed. */
int cc_diverges(cc_sample *sample, cc_result *result);

/* The points in the plane of `semilog`, y divided by (log x)^logs. Stops for what cannot be drawn there. */
cc_curve *cc_curve_build(cc_sample *sample, int semilog, double logs);

/* Says how many points and values were left out, and why. */
void cc_curve_left_out(const cc_curve *curve, double logs, cc_result *result);

/* The slope in the window, its interval and p against `is` (in terms of the slope). */
void cc_curve_fit(cc_sample *sample, const cc_curve *curve, const cc_criterion *is, cc_fit *fit);

/* The slope on given bins; and the p-value of "straight" there. */
void cc_curve_slope(cc_sample *sample, const cc_curve *curve, size_t first, size_t last, const cc_criterion *is,
                    cc_estimate *slope);
double cc_curve_straight(cc_sample *sample, const cc_curve *curve, size_t first, size_t last);
/* The p-value of "straight, or bent downwards". */
double cc_curve_concave(cc_sample *sample, const cc_curve *curve, size_t first, size_t last);

/* The least and the largest slope over windows of at least half of the bins, in the sign of x. */
void cc_curve_slopes(const cc_curve *curve, size_t first, size_t last, double *low, double *high);

/* By how much of itself the slope changes over the bins. */
double cc_curve_bend(cc_sample *sample, const cc_curve *curve, size_t first, size_t last);

/* A logarithm of x, in some unit, as a factor of y may feign a slope that the claim does not allow: a refutation of "at most"
 * stands only if the data contradict every such reading. Else 1, with the slope that is left beside it. */
int cc_curve_may_be_slow(cc_sample *sample, const cc_curve *curve, const cc_fit *fit, double *slope);

/* "eps -> 0 by its name": where x goes. */
void cc_curve_direction(const cc_sample *sample, const cc_curve *curve, char *text, size_t size);

/* Says what the window left out, and weakens the verdict where that could hide the asymptotics. */
void cc_fit_report(const cc_sample *sample, const cc_fit *fit, const cc_curve *curve, cc_result *result);
/* The line of the fit as a series. */
void cc_fit_draw(const cc_sample *sample, const cc_fit *fit, double sign, int semilog, double logs, cc_result *result);

#endif
