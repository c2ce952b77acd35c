/* clang-format off */
/* verify/check.h: a criterion, as data. Flat; a field that its kind does not use must stay 0 (cc_check_valid tells).
 *
 * How a check is evaluated, always in this order:
 *   1. `where` keeps rows: conditions joined by blanks, "arm=vr k>=300 hess!=ZERO mu=1,0.5" (= != < <= > >=; = and != take lists).
 *   2. `by` splits the rows: one judgement for each combination of values of these columns. All must hold: the p is the largest,
 *      and to refute one of m groups it takes level alpha / m. The weakest is reported.
 *   3. `over` names the independent unit: NULL is "seed"; several columns may make it ("problem seed"). "" = none: the rows are
 *      the whole population, statements about them are exact, outside Holm (p is NaN).
 *   4. `per_unit` reduces each unit's rows to one number of y, and one of `other`, at each x (at all, where there is no x): last
 *      first max min range sum mean median count. last and first speak of the column `step`, if there is one, else of row order; a
 *      count leaves `other` as it is last. Without it several rows of a unit at one x are an error where units are counted or
 *      averaged, and are all used where rows are (bound without across, equality, ulp, slopes).
 *   5. `across` reduces units, at each x: mean median rms max min share.
 *   6. the kind judges.
 * Rows without a number in y, x or other are left out and counted in the message. +-infinity is a number: it violates bounds;
 * where a slope is asked for, y that becomes infinite in most units refutes it.
 * x = "1/eps" is the reciprocal of a column. A column `reached` that is 0 marks a run that was cut off: its y is only known to be
 * at least what is there. It counts for exponent, bound, scaling and ordering (unless y is `reached` itself): such a row can
 * contradict, never support, an upper bound. To judge the finished runs alone say so: where = "reached=1".
 *
 * Kinds (y and other are columns; `is` on an interval: verified when all of it is inside, refuted when all is outside, else
 * inconclusive):
 *   exponent     slope of log y on log x (semilog 1: log y on x; 2: y on log x; 3: y on x), after dividing y by (log x)^logs; `is`
 *                judges its interval. The window is found when from = to = 0, else it is from <= x <= to (a 0 leaves that side
 *                open). `toward` says where x goes, the asymptotic end; by default its name does: target, eps, epsilon, tol,
 *                tolerance, h and dt go to 0, anything else to infinity. The method of the result says which. abs: the noise floor
 *                of y (0: found). `other`: a second column whose exponent is subtracted, paired by row. With `across` the
 *                statistic over units is fitted. A slope that is too large
 *                is refuted only if one logarithm, in no matter what unit of x, does not explain it, unless `logs` says which
 *                logarithms there are, or `pure` = 1 that there are none.
 *   linear_rate  y decays like rho^x: rho's interval judged by `is` (default: at most 1, exclusive). from, to, toward, abs, across
 *                as above.
 *   order        local order p of errors y along x within a unit, log(y3/y2)/log(y2/y1) at the last triple above the floor `abs`
 *                (0: 1e-14 of the first y) that rounding leaves sharp to .1, else at the last; with semilog = 3: order of a
 *                discretisation, slope of log y on log x between the two finest x (the end of x where y is smaller). One row of a
 *                unit at each x (over "": one row).
 *   bound        y <= other + rel |other| + abs in every row, or, with `is` and no `other`, y itself satisfies `is` in every row.
 *                One violation refutes. Tightness: the worst ratio and where. With `across` mean, rms or median the statistic over
 *                units at each x is compared instead, through its interval (plus `se` standard errors of slack): verified if the
 *                upper end holds everywhere, refuted if somewhere the lower end does not (at level alpha / number of x); max and
 *                min are facts about the units at hand. With across = share: the share of units without a violation must satisfy
 *                `is` (Clopper-Pearson; exact over ""), the bound itself being `other` (required then).
 *   scaling      se > 0: |mean over units of (y - other)| <= se standard errors + rel |other| + abs at each x (15 units at least);
 *                else the ratio y / other (or y; across: default mean) satisfies `is` at each x, through its interval.
 *   ordering     `chain` "a < b < c" of values of column `x` (default "arm"): paired by unit and the judge's label columns; rows
 *                of one arm and key are paired in their order. A unit's difference is the median of its pairs'. Each link: y_a -
 *                y_b + margin < 0 for the median unit (exact sign test at level alpha, ties count against; the signed-rank p is
 *                reported when n > 12); margin < 0: a is not worse than b by |margin| or more. "s: falling" / "s: rising": a chain
 *                of the values of column s. Over "": every pair. per_unit reduces first; best_over: a tuned axis, each arm takes
 *                its value with the least median y before pairing.
 *   probability  share of units with y != 0, Clopper-Pearson, judged by `is`. Units without a number count as either outcome.
 *   equality     |y - other| <= abs + rel max(|y|, |other|) in every row; without `other`, against is.low = is.high. Text columns
 *                compare exactly. With across = mean the interval of the mean difference over units at each x must lie within that
 *                tolerance; with se > 0 the mean difference must be at most tolerance + se standard errors (15 units at least).
 *   distribution `law`: "normal(m,s)" "uniform(a,b)" "exponential(rate)" (arguments default to the standard law) "chi2(k)" "t(k)":
 *                Kolmogorov-Smirnov and Anderson-Darling; "discrete(p0,p1,..)" of the classes 0, 1, ..: chi-square; or another
 *                column (two samples, both tests again). Verified: not rejected at .05, by values enough to reject a shift by
 *                `abs` standard deviations (0: 1, which takes 18 values, or 36 of each of two samples); refuted: p < .001. One
 *                value a unit; over "": every row is an independent draw.
 *   ulp          |y - other| in units in the last place of other <= abs.
 * README.md has the estimators, intervals and what they assume. */
/* clang-format on */
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

/* Where x goes, the asymptotic end. By its name: to 0 when it is target, eps, epsilon, tol, tolerance, h or dt, else to infinity.
 */
typedef enum cc_toward { CC_BY_NAME, CC_TO_INFINITY, CC_TO_ZERO } cc_toward;

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
    int toward; /* cc_toward */
    int pure; /* 1: the claim is about a power of x alone, and a slope that is too large is refuted though a logarithm explained it
               */
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
