/* harness/core/scope.h: what a cc_run is. Inside core only. */
#ifndef CLAIMCHECK_HARNESS_SCOPE_H
#define CLAIMCHECK_HARNESS_SCOPE_H

#include "harness/core/core.h"

enum { CC_MAX_COUNTERS = 32, CC_MAX_FACTS = 64 };

typedef enum cc_role {
    CC_ROLE_PROBLEM,
    CC_ROLE_ENVIRONMENT,
    CC_ROLE_RUN,
    CC_ROLE_MEASURE
} cc_role; /* separates the random streams */

typedef struct cc_published {
    char name[32];
    double value;
    cc_audience who;
} cc_published;

typedef struct cc_facts {
    size_t n;
    cc_published item[CC_MAX_FACTS];
} cc_facts;

typedef struct cc_chunk { /* one allocation of a scope; the payload follows at 64 bytes */
    struct cc_chunk *next;
} cc_chunk;

struct cc_run {
    cc_oracle oracle; /* first: cc_oracle_of */
    uint64_t counts[CC_MAX_COUNTERS];
    const cc_family *family;
    cc_chunk *chunks;
    uint64_t bytes, limit; /* of this scope; limit 0: none */
    const cc_values *values[3];
    cc_facts *facts;     /* the instance's */
    uint64_t facts_used; /* bit i: fact i was asked for */
    uint64_t seed;
    cc_role role;
    int drew; /* it was asked for a random stream */
    const char *outcome;
    char message[CC_MESSAGE];
    char bug[CC_MESSAGE]; /* an undeclared name was asked for */
};

typedef struct cc_instance {
    cc_run scope;
    cc_facts facts;
    void *instance;
    char *name; /* canonical problem and seed */
    uint64_t used;
} cc_instance;

/* A run of an algorithm on an instance, or (algorithm NULL) just a way to the instance. */
typedef struct cc_session {
    cc_run run; /* first */
    cc_run env;
    cc_instance *instance;
    int owns_instance;
    const cc_algorithm *algorithm;
    void *state;
    uint64_t step;
} cc_session;

void cc_scope_open(cc_run *run, cc_role role, uint64_t seed, uint64_t limit);
void cc_scope_close(cc_run *run);
uint64_t cc_flops_now(void);
void cc_flops_restore(uint64_t n);

/* instances.c: `instances` NULL: the caller owns the result. */
cc_status cc_instance_get(cc_instances *instances, const cc_bound *problem, uint64_t seed, uint64_t limit, cc_instance **instance,
                          char *message);
void cc_instance_free(cc_instance *instance);

/* session.c. On failure nothing is left open and message is set. */
cc_status cc_session_open(cc_session *session, const cc_family *family, const cc_bound *algorithm, const cc_bound *problem,
                          uint64_t seed, uint64_t limit, cc_instances *instances, char *message);
void cc_session_close(cc_session *session);
cc_status cc_session_step(cc_session *session, char *message); /* message set when negative */
const void *cc_session_candidate(cc_session *session);
/* By name; NaN and found = 0 if there is none. Not billed. */
double cc_session_metric(cc_session *session, const cc_problem *problem, const char *name, const void *candidate, int *found);
double cc_session_probe(const cc_session *session, const char *name, int *found);

/* param.c */
cc_status cc_values_default(cc_values *values, const cc_param *params, char *message);
cc_status cc_values_set(cc_values *values, const char *name, const char *text, char *message); /* CC_SKIP: not declared */
cc_status cc_values_copy(cc_values *to, const cc_values *from);
void cc_values_free(cc_values *values);
const cc_value *cc_values_find(const cc_values *values, const char *name);
void cc_values_canonical(const cc_values *values, char **text); /* "a=1,b=2"; appended to a malloc'd string */

/* spec.c */
cc_status cc_bound_parse(const cc_registry *registry, const char *spec, int problem, cc_bound **bound, char *message);
cc_status cc_bound_assign(cc_bound *bound, const char *name, const char *text, char *message); /* CC_SKIP: not declared */
cc_bound *cc_bound_copy(const cc_bound *bound);
void cc_bound_free(cc_bound *bound);
char *cc_bound_canonical(const cc_bound *bound, uint64_t seed); /* malloc'd; a problem's with its seed */

/* text.c: tokens outside parentheses; values of sets and axes by tier. All malloc'd; NULL: no memory. */
typedef struct cc_words {
    size_t n;
    char **item;
} cc_words;
cc_words cc_words_split(const char *text, char separator); /* blanks: ' '; empty words are dropped */
void cc_words_free(cc_words *words);
cc_words cc_axis_words(const char *values, int tier); /* bars accumulate, ranges expanded */
char *cc_set_at_tier(const char *set, int tier);      /* bars replace */
char *cc_format(const char *format, ...) __attribute__((format(printf, 1, 2)));
char *cc_append(char *text, const char *format, ...) __attribute__((format(printf, 2, 3))); /* frees text; NULL on failure */
const char *cc_number(double value, char buffer[32]);                                       /* the shortest text that reads back */

/* testing.c: cc_test_run and cc_test_start without the abort; message set when the status is not CC_OK. Free with cc_test_close. */
cc_status cc_test_open(const char *algorithm, const char *problem, uint64_t seed, cc_run **run, char *message);

/* validate.c: NULL, or what is wrong with a plug-in's declarations (static buffer) */
const char *cc_plugin_wrong(const cc_plugin *plugin);

#endif
