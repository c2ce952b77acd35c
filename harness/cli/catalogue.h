/* harness/cli/catalogue.h: everything that has a name, for `list`, `info` and suggestions. */
#ifndef CLAIMCHECK_HARNESS_CATALOGUE_H
#define CLAIMCHECK_HARNESS_CATALOGUE_H

#include "harness/cli/cli.h"

typedef enum cc_item_kind {
    CC_ITEM_PLUGIN,
    CC_ITEM_FAMILY,
    CC_ITEM_PROBLEM,
    CC_ITEM_ALGORITHM,
    CC_ITEM_EXPERIMENT,
    CC_ITEM_CLAIM,
    CC_ITEM_FIGURE,
    CC_ITEM_BENCH,
    CC_ITEM_KINDS
} cc_item_kind;

typedef struct cc_item {
    cc_item_kind kind;
    const cc_module *module;
    const void *what;    /* cc_plugin, cc_family, .. */
    const char *summary; /* "" if the descriptor has none */
    char name[160];      /* an id; of experiments, claims, figures and benches "paper.id" */
} cc_item;

typedef struct cc_catalogue {
    size_t n;
    cc_item *item; /* by kind, in the order of the plug-ins */
} cc_catalogue;

cc_catalogue cc_catalogue_make(const cc_registry *registry); /* n = 0 and item NULL: no memory */
void cc_catalogue_free(cc_catalogue *catalogue);

const char *cc_item_kind_name(cc_item_kind kind, int plural); /* "claim", "claims" */

#endif
