/* problems/dynset/text.h: instances as text. */
#ifndef CLAIMCHECK_PROBLEMS_DYNSET_TEXT_H
#define CLAIMCHECK_PROBLEMS_DYNSET_TEXT_H

#include "problems/dynset/draft.h"

/* A line of item numbers for each element, at most `first` of them (0: all); '#' begins a comment, blank lines are skipped. `what`
 * names the source in messages. The text is destroyed. */
cc_status dynset_read_sets(dynset_draft *draft, const char *what, char *text, size_t first);

#endif
