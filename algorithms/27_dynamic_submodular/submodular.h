/* submodular.h: the fully dynamic structure, as the files of this folder share it. Symbols are those of dynamic.c's table. */
#ifndef DYNAMIC_SUBMODULAR_H
#define DYNAMIC_SUBMODULAR_H

#include "harness/algorithm.h"
#include "nest.h"
#include "problems/dynset/dynset.h"

enum { DS_SAMPLE = 1, DS_SHUFFLE = 2, DS_CHOICE = 3 }; /* random streams: of copy p, of a baseline's copy p, of random_k */

/* How m is found: by fresh sets beforehand; 1; or while the sample is drawn, which is the gap that the paper closes. */
typedef enum ds_sizing { DS_SAMPLED, DS_ONE, DS_ADAPTIVE } ds_sizing;

/* What all copies go by, and what they count: a double each, since probes are. */
typedef struct ds_rules {
    double eps; /* of the structure: eps, or eps / 3 in theory mode */
    size_t k;
    size_t samples; /* N_s */
    ds_sizing sizing;
    int buckets; /* false: B is all of R */
    int rebuild; /* false: deletions rebuild nothing */
    int binary;  /* the depth of an insertion by binary search */
} ds_rules;

typedef struct ds_bill {
    double singles;    /* f({e}) of insertions */
    double checks;     /* f(e | G_{i-1}) of insertions */
    double built;      /* gains of the candidates of a reconstruction */
    double refiltered; /* gains of what is left after a level's sample */
    double means;      /* calls of ReducedMean: N_s queries each */
    double resampled;  /* gains that adaptive sizing looks at */
    double answers;    /* values of solutions */
    double rebuilds, levels_built;
    double levels; /* the greatest T so far, of any copy */
} ds_bill;

typedef struct ds_level {
    size_t built, inserted; /* R0_i, ins_i; |R_i| is nest.size[i] */
    size_t bucket, deleted; /* s_i, del_i */
    size_t picked;          /* |G_i| */
    double theta;
} ds_level;

/* Work space for elements, shared by all copies. */
typedef struct ds_scratch {
    double *gain;
    uint16_t *index; /* bucket of a candidate */
    uint32_t *list;  /* a bucket */
    size_t *count;   /* of a bucket */
} ds_scratch;

typedef struct ds_copy {
    const ds_rules *rules;
    ds_bill *bill;
    ds_scratch *scratch;
    cc_rng rng;
    double guess, tau;
    size_t buckets; /* theta[b] = tau (1 + eps)^b, b < buckets */
    double *theta;
    size_t T;
    ds_level *level;     /* 1 .. T; level[0]: nothing picked */
    ds_nest nest;        /* R_i; R_0: all elements of the copy */
    uint32_t *picked;    /* G_T; G_i is its beginning */
    size_t words;        /* of `member`, for each element */
    uint64_t *member;    /* bit 0: in G_T; bit i: in B_i */
    dynset_chain *chain; /* G_0 .. G_T */
    int stale;           /* `value` is not that of the present solution */
    double value;
} ds_copy;

/* A gain reaches a threshold, up to a slack for sums that are rounded; so a gain on a boundary stays in one bucket. */
static inline int ds_reaches(double gain, double threshold) { return gain >= threshold * (1 - 1e-9); }

/* copy.c. Positions and elements as in the family. The rules, the bill and the scratch belong to the caller. */
cc_status ds_scratch_open(cc_run *run, size_t n, double eps, size_t k, ds_scratch *scratch);
cc_status ds_copy_open(cc_run *run, const ds_rules *rules, ds_bill *bill, ds_scratch *scratch, double guess, uint64_t id,
                       ds_copy *copy);
size_t ds_bucket(const ds_copy *copy, double gain); /* of a gain >= tau */
/* CC_EINVAL: a double insertion, a deletion of what is absent; CC_ENUMERIC: a negative gain. */
cc_status ds_copy_insert(cc_run *run, ds_copy *copy, uint32_t element);
cc_status ds_copy_delete(cc_run *run, ds_copy *copy, uint32_t element);
cc_status ds_rebuild(cc_run *run, ds_copy *copy, size_t level); /* Construct(level, R_level) */
static inline int ds_in_bucket(const ds_copy *copy, uint32_t element, size_t level)
{
    return copy->member[element * copy->words + level / 64] >> (level % 64) & 1;
}

/* sample.c. A bucket B = list[0 .. s - 1] over the chain's top; most: the largest sample that is wanted. The list is permuted. */
size_t ds_grid(double eps, size_t most, size_t j);                                 /* t_j; `most` from the last point on */
double ds_indicator(cc_run *run, ds_copy *copy, size_t t, size_t s, double theta); /* I_t, over a fresh sample: 0 or 1 */
size_t ds_sample_count(cc_run *run, ds_copy *copy, size_t s, double theta, size_t most);
void ds_draw(cc_rng *rng, size_t m, size_t s, uint32_t *list); /* list[0 .. m - 1] becomes a uniform subset of list[0 .. s - 1] */
/* Adds elements to the chain's top until an eps fraction of the bucket has fallen below theta; returns how many: list[0 .. m - 1].
 */
size_t ds_sample_adaptive(cc_run *run, ds_copy *copy, size_t s, double theta, size_t most);

/* guess.c */
typedef struct ds_range {
    long low, high;
} ds_range;
ds_range ds_guesses(double single, double eps, size_t k); /* p with f(e) / (1 + eps) <= (1 + eps)^p <= 2 k f(e) */
double ds_samples_in_theory(double eps, size_t n, size_t k);

/* dynamic.c: the state of submodular.dynamic */
typedef struct ds_dynamic {
    ds_rules rules;
    ds_bill bill;
    ds_scratch scratch;
    int all;    /* a copy for each guess, else one for the guess that was given */
    long first; /* exponent of copy 0 */
    size_t copies;
    ds_copy *copy;
    double *single; /* f({e}) of present elements */
    uint8_t *present;
    uint32_t *answer_list;
    dynset_set answer;
    double samples;    /* N_s, as a probe */
    double best_guess; /* of the copy that answered last; NaN: none */
} ds_dynamic;

extern const cc_algorithm ds_algorithms[]; /* catalogue.c */

extern const cc_param ds_dynamic_params[];
extern const cc_variant ds_dynamic_variants[];
extern const cc_probe ds_dynamic_probes[];
cc_status ds_dynamic_init(cc_run *run, void **state);
cc_status ds_dynamic_step(cc_run *run, void *state);
const void *ds_dynamic_candidate(void *state);

#endif
