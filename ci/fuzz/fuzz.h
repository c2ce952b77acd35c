/* ci/fuzz/fuzz.h: what the targets share. */
#ifndef CLAIMCHECK_FUZZ_H
#define CLAIMCHECK_FUZZ_H

#include "verify/judge.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A broken promise ends the process, as an assertion that no build leaves out. */
static inline void promise(int kept, const char *what)
{
    if (kept) return;
    fprintf(stderr, "broken promise: %s\n", what);
    abort();
}

/* The bytes as a string of their own, exactly as long: what reads past its end is seen. */
static inline char *as_text(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);
    if (!text) abort();
    if (size) memcpy(text, data, size);
    text[size] = 0;
    return text;
}

/* What holds of every result. */
static inline void check_result(const cc_result *r)
{
    int drawable = 1;
    for (size_t i = 0; i < r->n_series; i++) drawable &= r->series[i].n <= 400;
    int kept = r->verdict >= CC_VERIFIED && r->verdict <= CC_ERROR && (r->verdict != CC_ERROR || r->message[0]) &&
               !(r->low > r->high) && !(r->p < 0 || r->p > 1) && drawable;
    if (kept) return;
    fprintf(stderr, "%s: %g [%g, %g], p %g; %s; %s; %s\n", cc_verdict_name(r->verdict), r->estimate, r->low, r->high, r->p,
            r->quantity, r->method, r->message);
    promise(
        0,
        "one of six verdicts, an interval in order, a probability, at most 400 points a series, an error that says what is wrong");
}

#endif
