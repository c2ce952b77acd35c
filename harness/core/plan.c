/* From an experiment, a tier and an overlay to cells: arms x points x blocks of seeds, each with its canonical text. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/core/scope.h"

enum { MOST_AXES = 12, PILOT_SEEDS = 0x80000000u };

/* A name=value with where it came from; `taken` is shared by every cell: a name that no cell takes is an error. */
typedef struct assignment {
    char *name, *value;
} assignment;

typedef struct assignments {
    size_t n;
    assignment *item;
} assignments;

typedef struct taken { /* which names were declared by something, over the whole experiment */
    cc_words names;
    int *by_any;
} taken;

typedef struct planner {
    const cc_registry *registry;
    const cc_module *module;
    const cc_experiment *experiment;
    int tier;
    uint64_t first_seed;
    const cc_overlay *overlay;
    taken taken;
    cc_tasks *tasks;
    char *message;
} planner;

/* ---- assignments ---- */

static cc_status assign_push(assignments *list, const char *name, size_t length, const char *value)
{
    assignment *grown = realloc(list->item, (list->n + 1) * sizeof *grown);
    if (!grown) return CC_ENOMEM;
    list->item = grown;
    grown[list->n] = (assignment){strndup(name, length), strdup(value)};
    list->n++;
    return grown[list->n - 1].name && grown[list->n - 1].value ? CC_OK : CC_ENOMEM;
}

static void assignments_free(assignments *list)
{
    for (size_t i = 0; i < list->n; i++) {
        free(list->item[i].name);
        free(list->item[i].value);
    }
    free(list->item);
    *list = (assignments){0};
}

static cc_status assign_set(const planner *p, assignments *list, const char *set)
{
    if (!set) return CC_OK;
    char *at_tier = cc_set_at_tier(set, p->tier);
    cc_words words = cc_words_split(at_tier, ' ');
    cc_status status = at_tier ? CC_OK : CC_ENOMEM;
    for (size_t i = 0; i < words.n && status == CC_OK; i++) {
        const char *equals = strchr(words.item[i], '=');
        if (!equals) {
            snprintf(p->message, CC_MESSAGE, "'%s' in \"%s\" is not of the form name=value", words.item[i], set);
            status = CC_EINVAL;
        } else
            status = assign_push(list, words.item[i], (size_t)(equals - words.item[i]), equals + 1);
    }
    cc_words_free(&words);
    free(at_tier);
    return status;
}

static const char *last_value(const assignments *list, const char *name, const char *otherwise)
{
    for (size_t i = list->n; i-- > 0;)
        if (!strcmp(list->item[i].name, name)) return list->item[i].value;
    return otherwise;
}

static void note_taken(taken *t, const char *name, int by)
{
    for (size_t i = 0; i < t->names.n; i++)
        if (!strcmp(t->names.item[i], name)) {
            t->by_any[i] |= by;
            return;
        }
    char **names = realloc(t->names.item, (t->names.n + 1) * sizeof *names);
    if (names) t->names.item = names;
    int *flags = realloc(t->by_any, (t->names.n + 1) * sizeof *flags);
    if (flags) t->by_any = flags;
    if (!names || !flags || !(names[t->names.n] = strdup(name))) return;
    flags[t->names.n++] = by;
}

static cc_status one_assign(const assignment *a, cc_task *task, int *by, char *message)
{
    static const char *const prefix[] = {"algorithm.", "problem.", "measure."};
    const char *name = a->name;
    int only = -1;
    for (int i = 0; i < 3; i++)
        if (!strncmp(name, prefix[i], strlen(prefix[i]))) {
            only = i;
            name += strlen(prefix[i]);
        }
    for (int i = 0; i < 3; i++) {
        cc_bound *bound = i == 0 ? task->algorithm : task->problem;
        if ((only >= 0 && only != i) || (i < 2 && !bound)) continue;
        cc_status status =
            i < 2 ? cc_bound_assign(bound, name, a->value, message) : cc_values_set(&task->measure_values, name, a->value, message);
        if (status == CC_SKIP) continue;
        if (status != CC_OK) return status;
        *by = 1;
    }
    return CC_OK;
}

static cc_status assign_all(planner *p, const assignments *list, cc_task *task)
{
    for (size_t i = 0; i < list->n; i++) {
        const assignment *a = &list->item[i];
        int by = !strcmp(a->name, "algorithm") || !strcmp(a->name, "problem");
        if (!by) CC_TRY(one_assign(a, task, &by, p->message));
        note_taken(&p->taken, a->name, by);
    }
    return CC_OK;
}

/* ---- one cell ---- */

static char *ranges_out(const char *values, int tier)
{
    char *text = strdup("");
    cc_words words = cc_axis_words(values, tier);
    for (size_t i = 0; i < words.n && text; i++) text = cc_append(text, "%s%s", i ? " " : "", words.item[i]);
    cc_words_free(&words);
    return text;
}

static cc_status task_plan(planner *p, cc_task *task)
{
    const cc_plan *plan = &p->experiment->plan;
    task->metrics = strdup(plan->metrics ? plan->metrics : "");
    task->targets = ranges_out(plan->targets, p->tier);
    task->stop = cc_set_at_tier(plan->stop ? plan->stop : "", p->tier);
    task->clock = strdup(plan->clock ? plan->clock : "step");
    task->at = ranges_out(plan->at, p->tier);
    task->running = strdup(plan->running ? plan->running : "");
    task->per_decade = plan->per_decade;
    task->keep = plan->keep;
    task->timed = p->experiment->timed;
    task->deadline_s = p->experiment->deadline_s > 0 ? p->experiment->deadline_s : 60;
    task->memory_mb = p->experiment->memory_mb > 0 ? p->experiment->memory_mb : 1024;
    return task->metrics && task->targets && task->stop && task->clock && task->at && task->running ? CC_OK : CC_ENOMEM;
}

static cc_status task_family(const planner *p, cc_task *task)
{
    const char *of_problem = task->problem ? task->problem->problem->family : NULL;
    const char *of_algorithm = task->algorithm ? task->algorithm->algorithm->family : NULL;
    if (of_problem && of_algorithm && strcmp(of_problem, of_algorithm)) {
        snprintf(p->message, CC_MESSAGE, "%s works on family '%s', %s is of family '%s'", task->algorithm->algorithm->id,
                 of_algorithm, task->problem->problem->id, of_problem);
        return CC_EINVAL;
    }
    const char *id = of_problem ? of_problem : of_algorithm;
    if (!id) return CC_OK;
    task->family = cc_find_family(p->registry, id, &task->family_module);
    if (task->family) return CC_OK;
    snprintf(p->message, CC_MESSAGE, "no plug-in declares family '%s'", id);
    return CC_EINVAL;
}

static char *host_digest(void)
{
    char name[256] = "", hex[65];
    gethostname(name, sizeof name - 1);
    cc_sha256(name, strlen(name), hex);
    return cc_format("%.12s", hex);
}

static cc_status task_canonical(cc_task *task)
{
    char *text = cc_format("claimcheck cell 1\ncore %s\nmeasure %s(", cc_core_digest(), task->measure->id);
    cc_values_canonical(&task->measure_values, &text);
    text = cc_append(text, ")\n");
    const cc_measure *builtin[] = {&cc_trajectory, &cc_cost, &cc_final};
    int own = 1;
    for (int i = 0; i < 3; i++)
        if (task->measure == builtin[i]) own = 0;
    if (own) text = cc_append(text, "measure module %s\n", cc_module_digest(task->module));
    if (task->family_module) text = cc_append(text, "family %s %s\n", task->family->id, cc_module_digest(task->family_module));
    cc_bound *bounds[] = {task->algorithm, task->problem};
    for (int i = 0; i < 2; i++) {
        if (!bounds[i]) continue;
        char *spec = cc_bound_canonical(bounds[i], 0);
        if (bounds[i]->problem && bounds[i]->fixed_seed < 0 && spec) *strrchr(spec, '@') = 0;
        text = cc_append(text, "%s %s %s\n", i ? "problem" : "algorithm", spec ? spec : "", cc_module_digest(bounds[i]->module));
        free(spec);
    }
    text = cc_append(
        text, "arm %s\npoint %s\nmetrics %s\ntargets %s\nstop %s\nclock %s\nat %s\nper_decade %g\nrunning %s\nkeep %d\n", task->arm,
        task->point, task->metrics, task->targets, task->stop, task->clock, task->at, task->per_decade, task->running, task->keep);
    text = cc_append(text, "seeds %llu+%u\n", (unsigned long long)task->seed, task->n_seeds);
    if (task->timed) {
        char *host = host_digest();
        text = cc_append(text, "host %s\n", host ? host : "");
        free(host);
    }
    task->canonical = text;
    if (!text) return CC_ENOMEM;
    cc_sha256(text, strlen(text), task->key);
    return CC_OK;
}

static void task_free(cc_task *task)
{
    if (!task) return;
    cc_bound_free(task->algorithm);
    cc_bound_free(task->problem);
    cc_values_free(&task->measure_values);
    for (size_t i = 0; i < task->n_point; i++) {
        free(task->point_name[i]);
        free(task->point_value[i]);
    }
    char *owned[] = {task->arm,   task->point, task->metrics, task->targets,  task->stop,
                     task->clock, task->at,    task->running, task->canonical};
    for (size_t i = 0; i < sizeof owned / sizeof *owned; i++) free(owned[i]);
    free(task->point_name);
    free(task->point_value);
    free(task);
}

static cc_status tasks_push(cc_tasks *tasks, cc_task *task)
{
    if ((tasks->n & (tasks->n - 1)) == 0) {
        cc_task **grown = realloc(tasks->item, (tasks->n ? 2 * tasks->n : 1) * sizeof *grown);
        if (!grown) return CC_ENOMEM;
        tasks->item = grown;
    }
    tasks->item[tasks->n++] = task;
    return CC_OK;
}

static cc_status task_point(cc_task *task, const assignments *point)
{
    size_t room = point->n ? point->n : 1;
    task->point_name = calloc(room, sizeof *task->point_name);
    task->point_value = calloc(room, sizeof *task->point_value);
    task->point = strdup("");
    if (!task->point_name || !task->point_value || !task->point) return CC_ENOMEM;
    for (; task->n_point < point->n; task->n_point++) {
        const assignment *a = &point->item[task->n_point];
        task->point_name[task->n_point] = strdup(a->name);
        task->point_value[task->n_point] = strdup(a->value);
        task->point = cc_append(task->point, "%s%s=%s", task->n_point ? " " : "", a->name, a->value);
    }
    return task->point ? CC_OK : CC_ENOMEM;
}

static cc_status task_fill(planner *p, const cc_arm *arm, const assignments *point, cc_task *task)
{
    const cc_experiment *e = p->experiment;
    assignments all = {0};
    cc_status status = assign_set(p, &all, e->set);
    if (status == CC_OK) status = assign_set(p, &all, arm->set);
    for (size_t i = 0; i < point->n && status == CC_OK; i++)
        status = assign_push(&all, point->item[i].name, strlen(point->item[i].name), point->item[i].value);
    if (status == CC_OK && p->overlay) status = assign_set(p, &all, p->overlay->set);
    const char *algorithm = last_value(&all, "algorithm", arm->algorithm ? arm->algorithm : e->algorithm);
    const char *problem = last_value(&all, "problem", arm->problem ? arm->problem : e->problem);
    task->module = p->module;
    task->experiment = e;
    task->measure = e->measure;
    if (status == CC_OK && algorithm) status = cc_bound_parse(p->registry, algorithm, 0, &task->algorithm, p->message);
    if (status == CC_OK && problem) status = cc_bound_parse(p->registry, problem, 1, &task->problem, p->message);
    if (status == CC_OK) status = cc_values_default(&task->measure_values, e->measure->params, p->message);
    if (status == CC_OK) status = assign_all(p, &all, task);
    if (status == CC_OK) status = task_family(p, task);
    if (status == CC_OK) status = task_plan(p, task);
    if (status == CC_OK) status = task_point(task, point);
    assignments_free(&all);
    const char *label = arm->as ? arm->as : task->algorithm ? task->algorithm->algorithm->id : e->measure->id;
    if (status == CC_OK && !(task->arm = strdup(label))) status = CC_ENOMEM;
    return status;
}

/* The blocks of seeds of one arm at one point. */
static cc_status plan_point(planner *p, const cc_arm *arm, const assignments *point)
{
    uint32_t seeds = p->experiment->seeds[p->tier], block = p->experiment->block ? p->experiment->block : 1;
    for (uint32_t first = 0; first < seeds; first += block) {
        cc_task *task = calloc(1, sizeof *task);
        if (!task) return CC_ENOMEM;
        cc_status status = task_fill(p, arm, point, task);
        task->seed = p->first_seed + p->experiment->first_seed + first;
        task->n_seeds = seeds - first < block ? seeds - first : block;
        if (status == CC_OK) status = task_canonical(task);
        if (status == CC_OK) status = tasks_push(p->tasks, task);
        if (status != CC_OK) {
            task_free(task);
            return status;
        }
    }
    return CC_OK;
}

/* ---- points ---- */

typedef struct grid {
    size_t n;
    const char *name[MOST_AXES];
    cc_words values[MOST_AXES];
} grid;

static cc_status grid_add(planner *p, grid *g, const cc_axis *axes)
{
    for (; axes && axes->name; axes++) {
        if (g->n == MOST_AXES) {
            snprintf(p->message, CC_MESSAGE, "experiment '%s' has more than %d axes", p->experiment->id, MOST_AXES);
            return CC_EINVAL;
        }
        g->name[g->n] = axes->name;
        g->values[g->n] = cc_axis_words(axes->values, p->tier);
        if (g->values[g->n++].n == 0) {
            snprintf(p->message, CC_MESSAGE, "axis '%s' of experiment '%s' has no values at this tier", axes->name,
                     p->experiment->id);
            return CC_EINVAL;
        }
    }
    return CC_OK;
}

/* "M,d" with "3,1": two assignments. */
static cc_status zip(planner *p, assignments *point, const char *names, const char *values)
{
    cc_words left = cc_words_split(names, ','), right = cc_words_split(values, ',');
    cc_status status = CC_OK;
    if (left.n == 1) {
        status = assign_push(point, names, strlen(names), values);
    } else if (left.n != right.n) {
        snprintf(p->message, CC_MESSAGE, "axis '%s' of experiment '%s': '%s' has %zu values, not %zu", names, p->experiment->id,
                 values, right.n, left.n);
        status = CC_EINVAL;
    } else {
        for (size_t i = 0; i < left.n && status == CC_OK; i++)
            status = assign_push(point, left.item[i], strlen(left.item[i]), right.item[i]);
    }
    cc_words_free(&left);
    cc_words_free(&right);
    return status;
}

static cc_status plan_arm(planner *p, const cc_arm *arm)
{
    grid g = {0};
    size_t at[MOST_AXES] = {0};
    cc_status status = grid_add(p, &g, p->experiment->axes);
    if (status == CC_OK) status = grid_add(p, &g, arm->axes);
    for (int more = 1; more && status == CC_OK;) {
        assignments point = {0};
        for (size_t a = 0; a < g.n && status == CC_OK; a++) status = zip(p, &point, g.name[a], g.values[a].item[at[a]]);
        if (status == CC_OK) status = plan_point(p, arm, &point);
        assignments_free(&point);
        more = 0;
        for (size_t a = g.n; a-- > 0 && !more;) {
            more = ++at[a] < g.values[a].n;
            if (!more) at[a] = 0;
        }
    }
    for (size_t a = 0; a < g.n; a++) cc_words_free(&g.values[a]);
    return status;
}

static cc_status all_taken(const planner *p)
{
    const char *names[256] = {0};
    char nearest[256];
    for (size_t i = 0; i < p->taken.names.n; i++) {
        if (p->taken.by_any[i]) continue;
        size_t n = 0;
        const cc_task *task = p->tasks->n ? p->tasks->item[p->tasks->n - 1] : NULL;
        const cc_values *of[] = {task && task->algorithm ? &task->algorithm->values : NULL,
                                 task && task->problem ? &task->problem->values : NULL, task ? &task->measure_values : NULL};
        for (int k = 0; k < 3; k++)
            for (size_t j = 0; of[k] && j < of[k]->n && n < 256; j++) names[n++] = of[k]->item[j].param->name;
        cc_suggest(p->taken.names.item[i], names, n, nearest, sizeof nearest);
        snprintf(p->message, CC_MESSAGE, "nothing in experiment '%s' has a parameter '%s'; there is %s", p->experiment->id,
                 p->taken.names.item[i], n ? nearest : "none");
        return CC_EINVAL;
    }
    return CC_OK;
}

cc_status cc_plan_experiment(const cc_registry *registry, const cc_module *module, const cc_experiment *experiment, int tier,
                             int pilot, const cc_overlay *overlay, cc_tasks *tasks, char message[CC_MESSAGE])
{
    static const cc_arm alone[] = {{0}, {0}};
    planner p = {registry, module, experiment, tier, pilot ? PILOT_SEEDS : 0, overlay, {{0}, NULL}, tasks, message};
    const cc_arm *arms = overlay && overlay->arms ? overlay->arms : experiment->arms ? experiment->arms : alone;
    cc_status status = CC_OK;
    message[0] = 0;
    do status = plan_arm(&p, arms);
    while (status == CC_OK && arms != alone && ((++arms)->as || arms->algorithm || arms->problem || arms->set));
    if (status == CC_OK && experiment->seeds[tier]) status = all_taken(&p);
    if (status == CC_ENOMEM && !message[0]) snprintf(message, CC_MESSAGE, "no memory to plan experiment '%s'", experiment->id);
    cc_words_free(&p.taken.names);
    free(p.taken.by_any);
    return status;
}

cc_status cc_plan_solve(const cc_registry *registry, const char *algorithm, const char *problem, const char *set, const char *stop,
                        uint64_t seed, cc_tasks *tasks, char message[CC_MESSAGE])
{
    static cc_experiment solve; /* tasks refer to it; one solve at a time */
    solve = (cc_experiment){
        .id = "solve", .algorithm = algorithm, .problem = problem, .set = set, .measure = &cc_trajectory, .seeds = {1, 1, 1}};
    solve.plan.stop = stop;
    solve.deadline_s = 3600;
    solve.memory_mb = 16384;
    static const cc_module none = {.path = (char *)(uintptr_t) "", .digest = (char *)(uintptr_t) "none"};
    planner p = {registry, &none, &solve, 0, seed, NULL, {{0}, NULL}, tasks, message};
    static const cc_arm alone = {0};
    message[0] = 0;
    cc_status status = plan_arm(&p, &alone);
    if (status == CC_OK) status = all_taken(&p);
    cc_words_free(&p.taken.names);
    free(p.taken.by_any);
    return status;
}

void cc_tasks_free(cc_tasks *tasks)
{
    for (size_t i = 0; i < tasks->n; i++) task_free(tasks->item[i]);
    free(tasks->item);
    *tasks = (cc_tasks){0};
}

void cc_tasks_drop(cc_tasks *tasks, size_t i)
{
    task_free(tasks->item[i]);
    memmove(&tasks->item[i], &tasks->item[i + 1], (tasks->n - i - 1) * sizeof *tasks->item);
    tasks->n--;
    if ((tasks->n & (tasks->n - 1)) || tasks->n == 0) return; /* room is doubled at powers of two: keep to it */
    cc_task **shrunk = realloc(tasks->item, tasks->n * sizeof *shrunk);
    if (shrunk) tasks->item = shrunk;
}
