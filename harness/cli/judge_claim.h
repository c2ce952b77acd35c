/* harness/cli/judge_claim.h: a claim with its controls, judged: the evidence, Holm's correction, and its JSON. */
#ifndef CLAIMCHECK_HARNESS_JUDGE_CLAIM_H
#define CLAIMCHECK_HARNESS_JUDGE_CLAIM_H

#include "harness/cli/evaluate.h"

typedef struct cc_results {
    size_t n;
    cc_result *item;
} cc_results;

typedef struct cc_control_evidence {
    const cc_control *control;
    cc_results checks;
    cc_verdict verdict;
    int ok;                   /* 1: refuted (or shown) as it must, 0: passed, -1: undecided */
    char message[CC_MESSAGE]; /* why there are no checks; "" */
} cc_control_evidence;

typedef struct cc_null_evidence { /* labels of an ordering swapped */
    size_t check;
    cc_result result;
    int ok;
} cc_null_evidence;

typedef struct cc_cell_note { /* a cell without rows; its own copies */
    char arm[64], point[160], cause[32], message[CC_MESSAGE];
} cc_cell_note;

typedef struct cc_evidence {
    const cc_module *module;
    const cc_claim *claim;
    int tier;
    cc_results checks;
    size_t n_controls, n_nulls, n_errors, n_skips, n_cells;
    cc_control_evidence *control;
    cc_null_evidence *null_control;
    cc_cell_note *error, *skip;
    double seconds;          /* spent in the claim's cells and its controls' */
    cc_verdict raw, verdict; /* before and after Holm; of an observation: what its checks say */
    double p, p_holm;        /* the largest of the checks'; NaN: exact, outside Holm */
    int campaign_mark;       /* verified, and survives Holm over the whole campaign */
    char reason[1280];       /* one line for a person: a check's message, and what came of it */
} cc_evidence;

/* Judges one claim on what the store holds, and (keep) writes its derived columns back. Always fills *evidence. */
void cc_judge_claim(cc_work *work, cc_store *store, const cc_asked *asked, int keep, cc_evidence *evidence);
void cc_evidence_clear(cc_evidence *evidence);

/* holm.c: Holm within each paper and over all. A claim that is verified but whose adjusted p is above .05 becomes inconclusive.
 * Claims of these papers that were not asked for count with the p that the store has of them (NULL: they do not), so that asking
 * for one alone does not make it easier. */
cc_status cc_judge_holm(cc_evidence *evidence, size_t n, cc_store *store, char message[CC_MESSAGE]);

/* "verified" .., "observation" (reported without a verdict) or "untestable". */
const char *cc_evidence_verdict(const cc_evidence *evidence);
int cc_evidence_counts(const cc_evidence *evidence); /* 0: an observation or untestable */
/* 1: verified, skipped or without a verdict. */
int cc_evidence_passes(const cc_evidence *evidence);
/* The check that the verdict rests on: the first that has it, else the first; NULL if there is none. */
const cc_result *cc_evidence_main(const cc_evidence *evidence);

/* The checks that a control is judged by: what it shows, its own, or the claim's. */
const cc_check *cc_control_checks(const cc_claim *claim, const cc_control *control);

/* verdict_json.c: what the store keeps; malloc'd, NULL: no memory. */
char *cc_evidence_json(const cc_evidence *evidence);
struct cJSON;
/* {"paper","claim","tier","verdict","estimate",..}: an entry of `verify --json`. */
struct cJSON *cc_evidence_summary(const cc_evidence *evidence);

#endif
