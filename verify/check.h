/* verify/check.h: a criterion, as data. Flat; a field that its kind does not use must stay 0 (cc_check_valid tells).
 *
 * How a check is evaluated, always in this order:
 *   1. `where` keeps rows: conditions joined by blanks, "arm=vr k>=300 hess!=ZERO mu=1,0.5" (= != < <= > >=; = and != take lists).
 *   2. `by` splits the rows: one judgement for each combination of values of these columns; all must hold; the weakest is reported.
 *   3. `over` names the independent unit: NULL is "seed"; several columns may make it ("problem seed"). "" = none: the rows are the
 *      whole population, statements about them are exact, outside Holm.
 *   4. `per_unit` reduces each unit's rows to one number of y at each x (at all, where the kind has no x):
 *      last first max min range sum mean median count.
 *   5. `across` reduces units, at each x: mean median rms max min share.
 *   6. the kind judges.
 *
 * Kinds (y and other are columns; "ratio" means y / other):
 *   bound        y <= other (1 + rel) + abs  in every row, or, with `is` and no `other`, y itself satisfies `is` in every row. One
 * violation refutes. Tightness: the worst ratio and where. With `across` mean/rms/median the statistic over units at each x is
 *                compared instead, through its interval (plus `se` standard errors of slack): verified if the upper end holds
 * everywhere, refuted if somewhere the lower end does not. With across = share: the share of units without a violation must satisfy
 *                `is` (Clopper-Pearson; exact over ""), the bound itself being `other` (required then).
 *   exponent     slope of log y on log x (semilog 1: log y on x; 2: y on log x; 3: y on x), after dividing y by (log x)^logs; `is`
 * judges its interval. Window found when from = to = 0, else from <= x <= to. A `reached` column equal to 0 marks a censored row.
 *                `other`: a second column whose exponent is subtracted, paired by unit.
 *   linear_rate  y decays like rho^x: rho's interval judged by `is` (default: at most 1, exclusive). abs: the noise floor of y (0:
 * found). order        local order p of errors y along x within a unit, log(y3/y2)/log(y2/y1) at the last triple above the floor
 * `abs` (0: 1e-14 of the first y); with semilog = 3: order of a discretisation, slope of log y on log x between the two finest x.
 *   scaling      mean over units of y against other: |mean(y - other)| <= se standard errors + rel |other| + abs at each x, when se
 * > 0; else the ratio y / other (across: default mean) satisfies `is` at each x. ordering     `chain` "a < b < c" of values of
 * column `x` (default "arm"): paired by the other key columns and unit, y_a - y_b + margin < 0 for the median pair (exact sign
 * test; Wilcoxon when n > 12 reported too); margin < 0: a not worse than b by more than |margin|. "s: falling" / "s: rising": y
 * along column s. Over "": every pair. per_unit reduces first; best_over: a tuned axis, its value with the best (least) median y is
 * chosen for each arm before pairing. probability  share of units with y != 0, Clopper-Pearson, judged by `is`. semilog, from..
 * unused. equality     |y - other| <= abs + rel max(|y|, |other|) + se standard errors, in every row; without `other`, against
 * is.low = is.high. Text columns compare exactly. With across = mean the means over units are compared at each x. distribution
 * `law`: "normal" "uniform" "exponential" "chi2(k)" "t(k)" or another column (two samples): Kolmogorov-Smirnov and
 * Anderson-Darling, chi-square for discrete("p1,p2,..") laws given as "discrete(.2,.3,.5)". Verified: not rejected at .05 with
 * power reported; refuted: p < .001. ulp          |y - other| in units in the last place of other <= abs. `is` on an interval:
 * verified when the whole interval is inside, refuted when it is outside, else inconclusive. */
#ifndef CLAIMCHECK_VERIFY_CHECK_H
#define CLAIMCHECK_VERIFY_CHECK_H

#include <stddef.h>

typedef enum cc_kind {
    CC_END,
    CC_KIND_EXPONENT,
    CC_KIND_LINEAR_RATE,
    CC_KIND_ORDER,
    CC_KIND_BOUND,
    CC_KIND_SCALING,
    CC_KIND_ORDERING,
    CC_KIND_PROBABILITY,
    CC_KIND_EQUALITY,
    CC_KIND_DISTRIBUTION,
    CC_KIND_ULP
} cc_kind;

typedef enum cc_relation { CC_ANY, CC_LE, CC_GE, CC_IN } cc_relation;

typedef struct cc_criterion {
    int relation; /* cc_relation */
    double low, high;
} cc_criterion;

/* clang-format off */
#define CC_AT_MOST(v)   { CC_LE, 0, (v) }
#define CC_AT_LEAST(v)  { CC_GE, (v), 0 }
#define CC_WITHIN(a, b) { CC_IN, (a), (b) }
#define CC_EQUALS(v)    { CC_IN, (v), (v) }
/* clang-format on */

typedef struct cc_check {
    cc_kind kind;
    cc_criterion is;
    const char *where, *x, *y, *by;
    const char *over;
    const char *per_unit, *across, *best_over;
    const char *other;
    double rel, abs, se;
    double from, to, logs;
    int semilog;
    const char *chain;
    double margin;
    const char *law;
} cc_check;

/* clang-format off */
#define CC_EXPONENT(...)     { .kind = CC_KIND_EXPONENT, __VA_ARGS__ }
#define CC_LINEAR_RATE(...)  { .kind = CC_KIND_LINEAR_RATE, __VA_ARGS__ }
#define CC_ORDER(...)        { .kind = CC_KIND_ORDER, __VA_ARGS__ }
#define CC_BOUND(...)        { .kind = CC_KIND_BOUND, __VA_ARGS__ }
#define CC_SCALING(...)      { .kind = CC_KIND_SCALING, __VA_ARGS__ }
#define CC_ORDERING(...)     { .kind = CC_KIND_ORDERING, __VA_ARGS__ }
#define CC_PROBABILITY(...)  { .kind = CC_KIND_PROBABILITY, __VA_ARGS__ }
#define CC_EQUALITY(...)     { .kind = CC_KIND_EQUALITY, __VA_ARGS__ }
#define CC_DISTRIBUTION(...) { .kind = CC_KIND_DISTRIBUTION, __VA_ARGS__ }
#define CC_ULP(...)          { .kind = CC_KIND_ULP, __VA_ARGS__ }
/* clang-format on */

#endif
