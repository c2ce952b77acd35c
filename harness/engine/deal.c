/* harness/engine/deal.c: tasks of one instance go to one worker in sequence, so that it makes the instance once; a worker without
 * work takes half of what the fullest one has left. */
#include "harness/engine/internal.h"

#include <stdlib.h>
#include <string.h>

typedef struct range {
    size_t next, end;
} range;

struct cc_deal {
    size_t *order; /* tasks, instance by instance */
    range *group;  /* of order, one an instance */
    size_t n_groups, next_group, hands;
    range *hand; /* of order: what each worker will be given */
};

typedef struct ranked {
    uint64_t instance;
    size_t first, task; /* first: where its instance was first seen */
} ranked;

static uint64_t mix(uint64_t hash, const void *data, size_t size)
{
    const unsigned char *byte = data; /* FNV-1a: instances that collide are dealt together, no more */
    for (size_t i = 0; i < size; i++) hash = (hash ^ byte[i]) * 0x100000001b3u;
    return hash;
}

/* A task without a problem is an instance of its own. */
static uint64_t instance_of(const cc_task *task)
{
    uint64_t hash = 0xcbf29ce484222325u;
    if (!task->problem) return mix(hash, task->key, sizeof task->key);
    hash = mix(hash, task->problem->problem->id, strlen(task->problem->problem->id) + 1);
    for (size_t i = 0; i < task->problem->values.n; i++) {
        const char *value = task->problem->values.item[i].text;
        if (value) hash = mix(hash, value, strlen(value) + 1);
    }
    uint64_t seed = task->problem->fixed_seed >= 0 ? (uint64_t)task->problem->fixed_seed : task->seed;
    return mix(hash, &seed, sizeof seed);
}

static int by_instance(const void *a, const void *b)
{
    const ranked *p = a, *q = b;
    if (p->instance != q->instance) return p->instance < q->instance ? -1 : 1;
    return p->first < q->first ? -1 : p->first > q->first;
}

static int by_first(const void *a, const void *b)
{
    const ranked *p = a, *q = b;
    if (p->first != q->first) return p->first < q->first ? -1 : 1;
    return p->task < q->task ? -1 : p->task > q->task;
}

static void group_tasks(cc_deal *deal, ranked *all, size_t n)
{
    qsort(all, n, sizeof *all, by_instance);
    for (size_t i = 1; i < n; i++)
        if (all[i].instance == all[i - 1].instance) all[i].first = all[i - 1].first;
    qsort(all, n, sizeof *all, by_first);
    for (size_t i = 0; i < n; i++) {
        deal->order[i] = all[i].task;
        if (i == 0 || all[i].first != all[i - 1].first) deal->group[deal->n_groups++] = (range){i, i};
        deal->group[deal->n_groups - 1].end = i + 1;
    }
}

cc_deal *cc_deal_new(const cc_tasks *tasks, const size_t *pending, size_t n, size_t hands)
{
    cc_deal *deal = calloc(1, sizeof *deal);
    ranked *all = calloc(n + 1, sizeof *all);
    if (deal) {
        deal->order = calloc(n + 1, sizeof *deal->order);
        deal->group = calloc(n + 1, sizeof *deal->group);
        deal->hand = calloc(hands, sizeof *deal->hand);
        deal->hands = hands;
    }
    if (!deal || !all || !deal->order || !deal->group || !deal->hand) {
        free(all);
        cc_deal_free(deal);
        return NULL;
    }
    for (size_t i = 0; i < n; i++) all[i] = (ranked){instance_of(tasks->item[pending[i]]), i, pending[i]};
    group_tasks(deal, all, n);
    free(all);
    return deal;
}

void cc_deal_free(cc_deal *deal)
{
    if (!deal) return;
    free(deal->order);
    free(deal->group);
    free(deal->hand);
    free(deal);
}

static void steal(cc_deal *deal, range *mine)
{
    range *fullest = NULL;
    for (size_t i = 0; i < deal->hands; i++) {
        range *r = &deal->hand[i];
        if (r->end > r->next && (!fullest || r->end - r->next > fullest->end - fullest->next)) fullest = r;
    }
    if (!fullest) return;
    size_t middle = fullest->next + (fullest->end - fullest->next) / 2;
    *mine = (range){middle, fullest->end};
    fullest->end = middle;
}

size_t cc_deal_take(cc_deal *deal, size_t hand)
{
    range *mine = &deal->hand[hand];
    if (mine->next == mine->end) {
        if (deal->next_group < deal->n_groups)
            *mine = deal->group[deal->next_group++];
        else
            steal(deal, mine);
    }
    return mine->next < mine->end ? deal->order[mine->next++] : SIZE_MAX;
}

void cc_deal_return(cc_deal *deal, size_t hand) { deal->hand[hand].next--; }
