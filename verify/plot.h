/* verify/plot.h: the evidence of a result as a picture. */
#ifndef CLAIMCHECK_VERIFY_PLOT_H
#define CLAIMCHECK_VERIFY_PLOT_H

#include "verify/judge.h"

#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif
#pragma GCC visibility push(default)

/* Draws the series of the result as SVG 1.1: on logarithmic axes where the result asks for them, intervals as bands (as bars where
 * there are few points), the fit dashed; above them the verdict, `title` (the claim) and the estimate, below them the result's
 * message. Legible on light and dark pages, by colour or without. Points that an axis cannot hold (not finite, or not positive on a
 * logarithmic one) are left out. 0, or -1 when no point is left or `out` cannot be written. */
int cc_plot_svg(FILE *out, const cc_result *result, const char *title);

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif
#endif
