/* harness/cli/work.h: what the words of a command line ask for: claims to be judged, and the parts (cells) that these need. */
#ifndef CLAIMCHECK_HARNESS_WORK_H
#define CLAIMCHECK_HARNESS_WORK_H

#include "harness/cli/cli.h"

/* An experiment as declared, or with a control's overlay. */
typedef struct cc_part {
    const cc_module *module;
    const cc_experiment *experiment;
    char overlay[160];      /* "" or "claim/control" */
    cc_tasks tasks;         /* none: the experiment is not in this tier, or it cannot be planned */
    char wrong[CC_MESSAGE]; /* why it cannot be planned; "" */
} cc_part;

typedef struct cc_asked {
    const cc_module *module;
    const cc_claim *claim;
} cc_asked;

typedef struct cc_work {
    const cc_registry *registry;
    int tier,
        pilot; /* pilot: seeds from 2^31; its parts have overlays that begin with "pilot" and nothing of it is judged for good */
    size_t n_parts, n_claims;
    cc_part *part;
    cc_asked *claim; /* each once, those of a plug-in together */
} cc_work;

/* Adds what the words name: "PAPER", "PAPER.claim", "PAPER.experiment"; none: everything. A plug-in's experiments and figures come
 * with it, a claim's controls with the claim. CC_EINVAL with what is wrong and what is valid. */
cc_status cc_work_select(cc_work *work, char *const *words, size_t n, char message[CC_MESSAGE]);
void cc_work_free(cc_work *work);

/* The part of an experiment ("" or "claim/control" of it); made and planned if it is new. NULL: no memory. */
const cc_part *cc_work_part(cc_work *work, const cc_module *module, const cc_experiment *experiment, const char *overlay,
                            const cc_overlay *change);
/* The part that a claim (control NULL) or one of its controls is judged on; NULL with a message: no such experiment. */
const cc_part *cc_work_part_of(cc_work *work, const cc_asked *asked, const cc_control *control, char message[CC_MESSAGE]);

/* Stores definitions and members. */
cc_status cc_work_define(const cc_work *work, cc_store *store, char message[CC_MESSAGE]);
/* Runs what is missing. Returns an exit code, after telling what went wrong; cells that ended in error are only counted in the
 * report. */
int cc_work_run(const cc_work *work, cc_store *store, const cc_campaign_options *options, cc_campaign_report *report);

/* A plug-in by its id or by the name of its file ("gns", "03_gns"); an experiment of it by id. NULL with a message that suggests.
 */
const cc_module *cc_work_plugin(const cc_registry *registry, const char *name, char message[CC_MESSAGE]);
const cc_experiment *cc_work_experiment(const cc_module *module, const char *id, char message[CC_MESSAGE]);

#endif
