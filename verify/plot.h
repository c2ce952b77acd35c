/* verify/plot.h: the evidence of a result as a picture. */
#ifndef CLAIMCHECK_VERIFY_PLOT_H
#define CLAIMCHECK_VERIFY_PLOT_H

#include "verify/judge.h"

#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif
#pragma GCC visibility push(default)

/* Draws the series of the result as SVG, on logarithmic axes where the result asks for them; legible on light and dark pages. 0, or
 * -1 when nothing can be drawn or written. */
int cc_plot_svg(FILE *out, const cc_result *result, const char *title);

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif
#endif
