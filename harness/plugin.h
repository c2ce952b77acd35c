/* harness/plugin.h: a plug-in is a shared object that exports one data symbol, `cc_plugin_1`; the ABI version is in its name.
 *
 * Found in the build tree, in the install prefix and in CLAIMCHECK_PLUGIN_PATH (folders, separated by colons). Include this;
 * authors of families and problems add harness/family.h, authors of measures harness/measure.h. */
#ifndef CLAIMCHECK_HARNESS_PLUGIN_H
#define CLAIMCHECK_HARNESS_PLUGIN_H

#include "harness/algorithm.h"
#include "harness/claim.h"
#include "harness/run.h"

#ifdef __cplusplus
extern "C" {
#endif

/* One micro-benchmark over Google Benchmark: set up, then `while (cc_loop_next(loop)) work;`. */
typedef struct cc_loop cc_loop;
int cc_loop_next(cc_loop *loop);
int64_t cc_loop_arg(const cc_loop *loop, int i);         /* the i-th range's value */
cc_run *cc_loop_run(cc_loop *loop, const char *problem); /* a scope bound to a problem (NULL: none); freed after the loop */
/* An initialised run of an algorithm: *step* it by cc_loop_step. Specs as on the command line. */
cc_run *cc_loop_start(cc_loop *loop, const char *algorithm, const char *problem);
cc_status cc_loop_step(cc_run *run);
void cc_loop_items(cc_loop *loop, int64_t items); /* items processed in all: a rate is printed */
void cc_loop_counter(cc_loop *loop, const char *name, double value);
void cc_loop_skip(cc_loop *loop, const char *why);

typedef struct cc_bench {
    const char *name;
    void (*body)(cc_loop *loop);
    const char *ranges;     /* "1024..65536*4", several ranges separated by ";" ; NULL: no argument */
    const char *complexity; /* "1" "N" "N^2" "N^3" "lgN" "NlgN" "auto"; NULL: no fit */
} cc_bench;

/* Declared over an experiment. Kinds: curve ecdf box bar scatter heat table path drawing custom (figures.py beside the plug-in). */
typedef struct cc_figure {
    const char *id, *source, *caption, *kind, *experiment, *where;
    const char *x, *y, *by; /* columns; y may name several, separated by blanks */
    const cc_derived *derive;
    const char *options; /* "xscale=log yscale=log band=seed attach=polygons"; see reports/README.md */
} cc_figure;

typedef struct cc_plugin {
    const char *id, *title, *citation;
    const struct cc_family *families;
    const struct cc_problem *problems;
    const cc_algorithm *algorithms;
    const cc_experiment *experiments;
    const cc_claim *claims;
    const cc_figure *figures;
    const cc_bench *benches;
} cc_plugin;

extern __attribute__((visibility("default"))) const cc_plugin cc_plugin_1;

#ifdef __cplusplus
}
#endif
#endif
