/* harness/cli/judged.h: what was judged before is not judged again. The store keeps, of every claim, what its rows said, under a
 * digest of all that this depends on: the program, the plug-in, and each cell of the claim's experiment and of its controls. */
#ifndef CLAIMCHECK_HARNESS_JUDGED_H
#define CLAIMCHECK_HARNESS_JUDGED_H

#include "harness/cli/judge_claim.h"

/* A digest of the program and of the libraries that it has loaded, plug-ins apart. "": they cannot be read, nothing is recalled. */
void cc_judged_program(char hex[65]);

/* The basis of a claim; of a figure's derived columns (one part). `program` as above. CC_OK with hex = "" where there is none. */
cc_status cc_judged_basis(cc_work *work, cc_store *store, const cc_asked *asked, const char *program, char hex[65],
                          char message[CC_MESSAGE]);
cc_status cc_judged_basis_of_part(cc_store *store, const cc_part *part, const char *program, char hex[65],
                                  char message[CC_MESSAGE]);

/* 1 with the evidence as cc_judge_claim left it, if it was kept under this basis; else 0 and *evidence is untouched. */
int cc_judged_recall(cc_store *store, const cc_asked *asked, int tier, const char *basis, cc_evidence *evidence);
/* Keeps evidence before Holm's correction; after an error nothing is kept. */
cc_status cc_judged_keep(cc_store *store, const cc_evidence *evidence, const char *basis, char message[CC_MESSAGE]);

/* 1 if the store's verdict is what this evidence would write: the same judgement after the same correction. */
int cc_judged_is_stored(cc_store *store, const cc_evidence *evidence);

#endif
