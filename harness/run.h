/* harness/run.h: the scope that every piece of plug-in code works in.
 *
 * A `cc_run` is a scope: an arena, a meter, named random streams, parameters and a message. An instance of a problem, an
 * environment, a run of an algorithm and a cell each own one. Whatever cc_alloc gives belongs to the scope and is freed with it. */
#ifndef CLAIMCHECK_HARNESS_RUN_H
#define CLAIMCHECK_HARNESS_RUN_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What a family's library shows to algorithms; everything else in a module is hidden. */
#define CC_FAMILY_API __attribute__((visibility("default")))

typedef struct cc_run cc_run;

/* What a call says. Positive: not an error. Negative: the message of the scope says what was wrong. */
typedef enum cc_status {
    CC_OK = 0,
    CC_DONE = 1,      /* the run has ended by itself (cc_finish names the outcome) */
    CC_SKIP = 2,      /* data absent: the cell is skipped with this reason */
    CC_EINVAL = -1,   /* a wrong parameter or input */
    CC_ENOMEM = -2,   /* no memory left within the cell's limit */
    CC_ENUMERIC = -3, /* not a finite number where one is needed, a factorisation that must exist and does not */
    CC_EDATA = -4,    /* a data file is damaged: wrong digest, truncated, malformed */
    CC_EBUG = -5      /* the plug-in contradicts its own declarations */
} cc_status;

const char *cc_status_name(cc_status status); /* "OK", "EINVAL", .. */

/* Sets the scope's message and returns `why`. */
cc_status cc_fail(cc_run *run, cc_status why, const char *format, ...) __attribute__((format(printf, 3, 4)));
#ifdef __clang_analyzer__ /* which sees a file at a time, and cannot know that `why` comes back */
#define cc_fail(run, why, ...) (cc_fail(run, why, __VA_ARGS__), (why))
#endif

/* Ends the run: returns CC_DONE. The outcome ("SINGULAR", "STALLED", ..; a string constant) is a result, not an error. */
cc_status cc_finish(cc_run *run, const char *outcome);

#define CC_TRY(call)                                                                                                               \
    do {                                                                                                                           \
        cc_status cc_status_ = (call);                                                                                             \
        if (cc_status_ != CC_OK) return cc_status_;                                                                                \
    } while (0)

/* Zeroed, 64-byte aligned memory of the scope, counted in peak_bytes; NULL when none is left. Not for use inside a step. */
void *cc_alloc(cc_run *run, size_t count, size_t size);

#define CC_NEW(run, pointer, count)                                                                                                \
    do {                                                                                                                           \
        (pointer) = cc_alloc((run), (size_t)(count), sizeof *(pointer));                                                           \
        if (!(pointer)) return CC_ENOMEM;                                                                                          \
    } while (0)

/* Values of declared parameters; asking for an undeclared name is a bug of the plug-in: the cell ends as an error that names it. */
double cc_real(const cc_run *run, const char *param);
int64_t cc_int(const cc_run *run, const char *param);
int cc_bool(const cc_run *run, const char *param);
int cc_choice(const cc_run *run, const char *param); /* index in the declared `choices` */
const char *cc_text(const cc_run *run, const char *param);

/* A constant that the problem tells (L, mu); NaN if it does not. That it was used is recorded ("this run knew L"). */
double cc_fact(cc_run *run, const char *name);

/* The run's own bill of a metered counter so far: for budgets in oracle calls. */
uint64_t cc_spent(const cc_run *run, const char *counter);

/* Reported work. The BLAS wrappers of harness/numerics call it; a kernel of one's own does too. */
void cc_flops(uint64_t n);

/* Random numbers: Philox 4x64-10 of (seed, stream, id). The same name gives the same numbers, in any order of use. */
typedef struct cc_rng {
    uint64_t key[2], counter[2], block[4];
} cc_rng;
cc_rng cc_stream(const cc_run *run, uint32_t stream, uint64_t id);
uint64_t cc_bits(cc_rng *rng);                      /* 64 random bits */
double cc_uniform(cc_rng *rng);                     /* in [0, 1), 53 bits */
uint64_t cc_below(cc_rng *rng, uint64_t n);         /* in 0 .. n-1, unbiased; n > 0 */
void cc_normal(cc_rng *rng, size_t n, double *out); /* n independent standard normals; n calls of 1 give the same */
uint64_t cc_seed(const cc_run *run);                /* the cell's seed: for data generators keyed by it */

typedef enum cc_type { CC_REAL, CC_INT, CC_BOOL, CC_CHOICE, CC_TEXT } cc_type;

/* A typed parameter. `value` is the default as text ("1e-3", "true", "chol"); min <= value <= max for CC_REAL and CC_INT when
 * max > min, otherwise unbounded. `choices`: "chol woodbury cg" for CC_CHOICE. CC_REAL takes "auto" (NaN) when `value` is "auto".
 */
typedef struct cc_param {
    const char *name;
    cc_type type;
    const char *value;
    double min, max;
    const char *choices, *unit, *doc;
} cc_param;

typedef struct cc_column {
    const char *name, *unit, *doc;
} cc_column;

/* A zero-terminated list of descriptors. At file scope only: there a compound literal has static storage. */
#define CC_LIST(type, ...)                                                                                                         \
    (const type[])                                                                                                                 \
    {                                                                                                                              \
        __VA_ARGS__, { 0 }                                                                                                         \
    }

#ifdef __cplusplus
}
#endif
#endif
