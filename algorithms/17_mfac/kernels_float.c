/* algorithms/17_mfac/kernels_float.c: kernels.c in float. */
#define MFAC_NARROW
#include "algorithms/17_mfac/kernels.c" /* NOLINT(bugprone-suspicious-include): one text, two types */
