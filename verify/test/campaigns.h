/* verify/test/campaigns.h: synthetic campaigns of every kind whose truth is known, for calibration.c. */
#ifndef CLAIMCHECK_VERIFY_CAMPAIGNS_H
#define CLAIMCHECK_VERIFY_CAMPAIGNS_H

#include "synthetic.h"

typedef struct setting {
    const char *kind, *shape;
    size_t units;
    double at;     /* decades of x; of a probability the true share */
    double sigma;  /* of the noise */
    double effect; /* what a wrong claim is wrong by, and a right one has to spare */
} setting;

/* What is claimed of a campaign: exactly the truth, something wrong by the effect, something right with it to spare. */
typedef enum side { AT_LIMIT, WRONG, RIGHT } side;

typedef struct campaign {
    cc_table *table;
    cc_check check;
    double target; /* what the interval should cover; NaN: the verdict is exact or about something else */
    int no_limit;  /* there is no claim at the limit: rows are right or wrong */
} campaign;

/* The table of this stream with a check that claims `which`. The noise depends on the stream alone. The caller frees the table. */
campaign make_campaign(const setting *s, side which, uint64_t stream);

/* Every setting of the full form; returns their number. */
enum { MOST_SETTINGS = 512 };
size_t all_settings(setting to[MOST_SETTINGS]);

#endif
