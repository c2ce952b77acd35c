/* harness/cli/stress.c: see stress.h. The optimiser sees the unit cube; an instance is a `set` laid over the claim's experiment. */
#include "harness/cli/stress.h"

#include "harness/core/scope.h"

#include <math.h>
#include <nlopt.h>
#include <stdlib.h>
#include <string.h>

const cc_check *cc_stress_check(const cc_claim *claim, char message[CC_MESSAGE])
{
    for (const cc_check *c = claim->untestable ? NULL : claim->checks; c && c->kind != CC_END; c++)
        if (c->kind == CC_KIND_BOUND || c->kind == CC_KIND_EXPONENT) return c;
    snprintf(message, CC_MESSAGE, "claim '%s' has no bound and no exponent to press against", claim->id);
    return NULL;
}

/* ---- axes ---- */

static cc_stress_axis *axis_named(cc_stress *stress, const char *name)
{
    for (size_t i = 0; i < stress->n_axes; i++)
        if (strcmp(stress->axis[i].name, name) == 0) return &stress->axis[i];
    return NULL;
}

static const cc_param *param_named(const cc_tasks *tasks, const char *name)
{
    for (size_t t = 0; t < tasks->n; t++) {
        const cc_bound *problem = tasks->item[t]->problem;
        for (size_t i = 0; problem && i < problem->values.n; i++)
            if (strcmp(problem->values.item[i].param->name, name) == 0) return problem->values.item[i].param;
    }
    return NULL;
}

static cc_status add_axis(cc_stress *stress, const char *name, const cc_param *param, double low, double high, char *message)
{
    if (stress->n_axes == CC_STRESS_AXES)
        return snprintf(message, CC_MESSAGE, "more than %d parameters to search: choose with --over", CC_STRESS_AXES), CC_EINVAL;
    if (param && param->max > param->min) low = fmax(low, param->min), high = fmin(high, param->max);
    if (!(low <= high)) return snprintf(message, CC_MESSAGE, "%s: %g..%g is empty or not allowed", name, low, high), CC_EINVAL;
    cc_stress_axis *axis = &stress->axis[stress->n_axes++];
    *axis = (cc_stress_axis){.low = low, .high = high, .integer = !param || param->type == CC_INT};
    axis->log = low > 0 && high / low >= 8;
    snprintf(axis->name, sizeof axis->name, "%s", name);
    return CC_OK;
}

static cc_status axes_given(cc_stress *stress, const cc_tasks *tasks, const char *over, char *message)
{
    char *copy = strdup(over), *rest = copy;
    cc_status status = copy ? CC_OK : CC_ENOMEM;
    for (char *word = strtok_r(rest, " ,", &rest); word && status == CC_OK; word = strtok_r(NULL, " ,", &rest)) {
        char name[64], end;
        double low, high;
        const char *dots = strstr(word, "..");
        int ok = dots && sscanf(word, "%63[^=]=%lf", name, &low) == 2 && sscanf(dots + 2, "%lf%c", &high, &end) == 1;
        const cc_param *param = ok ? param_named(tasks, name) : NULL;
        if (!ok)
            status = (snprintf(message, CC_MESSAGE, "'%s' is not of the form name=low..high", word), CC_EINVAL);
        else if (strcmp(name, "seed") != 0 && (!param || (param->type != CC_REAL && param->type != CC_INT)))
            status = (snprintf(message, CC_MESSAGE, "the problem has no numeric parameter '%s'", name), CC_EINVAL);
        else
            status = add_axis(stress, name, param, low, high, message);
    }
    free(copy);
    return status;
}

/* The range of a parameter's values in the experiment. */
static void values_used(const cc_tasks *tasks, const cc_param *param, double *low, double *high)
{
    *low = INFINITY, *high = -INFINITY;
    for (size_t t = 0; t < tasks->n; t++) {
        const cc_bound *problem = tasks->item[t]->problem;
        for (size_t i = 0; problem && i < problem->values.n; i++) {
            const cc_value *value = &problem->values.item[i];
            if (value->param != param || !isfinite(value->real)) continue;
            *low = fmin(*low, value->real), *high = fmax(*high, value->real);
        }
    }
}

static cc_status axes_default(cc_stress *stress, const cc_tasks *tasks, char *message)
{
    int fixed = 0;
    for (size_t t = 0; t < tasks->n; t++) {
        const cc_bound *problem = tasks->item[t]->problem;
        fixed |= problem && problem->fixed_seed >= 0;
        for (size_t i = 0; problem && i < problem->values.n; i++) {
            const cc_param *param = problem->values.item[i].param;
            double low, high;
            int numeric = param->type == CC_REAL || param->type == CC_INT;
            if (!numeric || axis_named(stress, param->name) || (stress->check->x && strcmp(stress->check->x, param->name) == 0))
                continue;
            values_used(tasks, param, &low, &high);
            if (!(low <= high) || (low <= 0 && low == high)) continue;
            low = low > 0 ? low / 4 : low;
            high = param->type == CC_INT ? high : high > 0 ? 4 * high : high;
            CC_TRY(add_axis(stress, param->name, param, param->type == CC_INT ? ceil(low) : low, high, message));
        }
    }
    return fixed ? CC_OK : add_axis(stress, "seed", NULL, 0, 1e6, message);
}

cc_status cc_stress_axes(cc_stress *stress, const char *over, char message[CC_MESSAGE])
{
    cc_work work = {.registry = stress->registry, .tier = stress->tier};
    const cc_part *part = cc_work_part_of(&work, &stress->asked, NULL, message);
    cc_status status = CC_EINVAL;
    if (part && part->wrong[0])
        memcpy(message, part->wrong, CC_MESSAGE);
    else if (part && part->tasks.n == 0)
        snprintf(message, CC_MESSAGE, "experiment '%s' is not in the %s tier", part->experiment->id,
                 cc_cli_tier_name(stress->tier));
    else if (part)
        status = over ? axes_given(stress, &part->tasks, over, message) : axes_default(stress, &part->tasks, message);
    if (status == CC_OK && stress->n_axes == 0)
        status = (snprintf(message, CC_MESSAGE, "there is no parameter to search over"), CC_EINVAL);
    cc_work_free(&work);
    return status;
}

/* ---- one instance ---- */

/* How close the check is to its limit: 1 at the limit, beyond it more. */
static double closeness(const cc_check *check, const cc_result *r)
{
    const cc_criterion *is = &check->is;
    if (check->kind == CC_KIND_BOUND && !isnan(r->tightness)) return r->tightness;
    double middle = (is->low + is->high) / 2, half = (is->high - is->low) / 2;
    switch (is->relation) {
    case CC_LE:
        return is->high > 0 ? r->estimate / is->high : exp(r->estimate - is->high);
    case CC_GE:
        return r->estimate > 0 && is->low > 0 ? is->low / r->estimate : exp(is->low - r->estimate);
    case CC_IN:
        return half > 0 ? fabs(r->estimate - middle) / half : NAN;
    default:
        return NAN;
    }
}

static void instance_wrong(cc_stress_instance *instance, cc_verdict verdict, const char *why)
{
    instance->verdict = verdict;
    instance->closeness = NAN;
    snprintf(instance->message, sizeof instance->message, "%s", why);
}

static void judge_instance(cc_stress *stress, const cc_part *part, cc_stress_instance *instance)
{
    char message[CC_MESSAGE] = "";
    const cc_claim *claim = stress->asked.claim;
    cc_result result = {0};
    cc_evaluation *rows = cc_evaluate(stress->store, part, message);
    if (!rows) return instance_wrong(instance, CC_ERROR, message);
    if (rows->n_errors + rows->n_missing > 0 || rows->n_cells == 0)
        instance_wrong(instance, rows->n_cells || rows->n_errors ? CC_ERROR : CC_SKIPPED, rows->trouble[0].message);
    else if (cc_evaluation_derive(rows, claim->derive, NULL, message) != CC_OK)
        instance_wrong(instance, CC_ERROR, message);
    else {
        cc_evaluation_judge(rows, stress->check, claim->where, 0, &result);
        instance->verdict = result.verdict;
        instance->closeness = result.verdict == CC_ERROR ? NAN : closeness(stress->check, &result);
        snprintf(instance->message, sizeof instance->message, "%s", result.message);
        cc_result_clear(&result);
    }
    cc_evaluation_free(rows);
}

static int has_param(const cc_task *task, const char *name)
{
    for (size_t i = 0; task->problem && i < task->problem->values.n; i++)
        if (strcmp(task->problem->values.item[i].param->name, name) == 0) return 1;
    return 0;
}

/* Whether the set touches the cell: a fixed instance beside those that it changes would only hide what is searched for. */
static int is_touched(const char *set, const cc_task *task)
{
    cc_words words = cc_words_split(set, ' ');
    int named = 0, touched = 0;
    for (size_t i = 0; i < words.n; i++) {
        words.item[i][strcspn(words.item[i], "=")] = 0;
        named += strcmp(words.item[i], "seed") != 0;
        touched |= has_param(task, words.item[i]);
    }
    cc_words_free(&words);
    return touched || named == 0;
}

static char *contents(const cc_task *task)
{
    char *algorithm = task->algorithm ? cc_bound_canonical(task->algorithm, 0) : NULL;
    char *problem = task->problem ? cc_bound_canonical(task->problem, task->seed) : NULL;
    char *text =
        cc_format("%s|%s|%s|%llu", task->arm, algorithm ? algorithm : "", problem ? problem : "", (unsigned long long)task->seed);
    free(algorithm);
    free(problem);
    return text;
}

/* Points that an overlay makes equal are one instance, not several rows at one place. */
static void keep_touched(const char *set, cc_tasks *tasks)
{
    for (size_t i = tasks->n; i-- > 0;) {
        int drop = !is_touched(set, tasks->item[i]);
        char *mine = contents(tasks->item[i]);
        for (size_t j = 0; j < i && mine && !drop; j++) {
            char *other = contents(tasks->item[j]);
            drop = other && strcmp(mine, other) == 0;
            free(other);
        }
        free(mine);
        if (drop && tasks->n > 1) cc_tasks_drop(tasks, i);
    }
}

void cc_stress_try(cc_stress *stress, const char *set, cc_stress_instance *instance)
{
    char message[CC_MESSAGE] = "";
    cc_work work = {.registry = stress->registry, .tier = stress->tier};
    cc_overlay overlay = {.set = set};
    cc_campaign_options options = {.jobs = stress->jobs, .quiet = 1};
    cc_campaign_report report;
    *instance = (cc_stress_instance){.closeness = NAN, .verdict = CC_ERROR};
    snprintf(instance->set, sizeof instance->set, "%s", set);
    const cc_experiment *experiment = cc_work_experiment(stress->asked.module, stress->asked.claim->experiment, message);
    const cc_part *part = experiment ? cc_work_part(&work, stress->asked.module, experiment, "stress", &overlay) : NULL;
    if (part) keep_touched(set, &work.part[part - work.part].tasks);
    if (!part || part->wrong[0])
        instance_wrong(instance, CC_ERROR, part ? part->wrong : message);
    else if (cc_campaign_run(stress->store, stress->registry, &part->tasks, &options, &report, message) != CC_OK)
        instance_wrong(instance, CC_ERROR, message);
    else if ((stress->interrupted |= report.interrupted))
        instance_wrong(instance, CC_ERROR, "interrupted");
    else
        judge_instance(stress, part, instance);
    cc_work_free(&work);
}

/* ---- the search ---- */

static void set_text(const cc_stress *stress, const double *u, char *set, size_t size)
{
    size_t used = 0;
    for (size_t i = 0; i < stress->n_axes && used < size; i++) {
        const cc_stress_axis *a = &stress->axis[i];
        double value = a->log ? a->low * pow(a->high / a->low, u[i]) : a->low + u[i] * (a->high - a->low);
        value = fmin(fmax(a->integer ? round(value) : value, a->low), a->high);
        used += (size_t)snprintf(set + used, size - used, a->integer ? "%s%s=%.0f" : "%s%s=%.10g", i ? " " : "", a->name, value);
    }
}

/* Of two instances: a refuted one is worse; then the closer one. */
static int worse(const cc_stress_instance *a, const cc_stress_instance *b)
{
    if (isnan(b->closeness)) return !isnan(a->closeness);
    if ((a->verdict == CC_REFUTED) != (b->verdict == CC_REFUTED)) return a->verdict == CC_REFUTED && !isnan(a->closeness);
    return a->closeness > b->closeness;
}

static double objective(unsigned n, const double *u, double *gradient, void *data)
{
    cc_stress *stress = data;
    cc_stress_instance now;
    char set[512];
    (void)n, (void)gradient;                                                   /* of derivative-free methods it is NULL */
    if (stress->interrupted) return nlopt_force_stop(stress->optimiser), -1e9; /* a first population is made whole all the same */
    set_text(stress, u, set, sizeof set);
    cc_stress_try(stress, set, &now);
    if (stress->interrupted) return -1e9;
    stress->done++;
    if (isnan(now.closeness)) {
        if (stress->failed++ == 0) snprintf(stress->first_failure, sizeof stress->first_failure, "%s: %s", now.set, now.message);
    } else if (worse(&now, &stress->worst))
        stress->worst = now;
    if (stress->progress) stress->progress(stress, &now);
    if (stress->done >= stress->evaluations) nlopt_force_stop(stress->optimiser); /* its own count may run over */
    return isnan(now.closeness) ? -1e9 : log(fmax(now.closeness, 1e-300));
}

/* One start: `most` evaluations by a method, from u. */
static cc_status search_from(cc_stress *stress, nlopt_algorithm method, int most, double *u, char *message)
{
    double low[CC_STRESS_AXES] = {0}, high[CC_STRESS_AXES], best;
    nlopt_opt opt = nlopt_create(method, (unsigned)stress->n_axes);
    for (size_t i = 0; i < CC_STRESS_AXES; i++) high[i] = 1;
    if (!opt) return snprintf(message, CC_MESSAGE, "no memory for the optimiser"), CC_ENOMEM;
    nlopt_set_lower_bounds(opt, low);
    nlopt_set_upper_bounds(opt, high);
    nlopt_set_max_objective(opt, objective, stress);
    nlopt_set_maxeval(opt, most);
    nlopt_set_xtol_rel(opt, 1e-6);
    if (method == NLOPT_GN_CRS2_LM) nlopt_set_population(opt, (unsigned)(2 * stress->n_axes + 2));
    stress->optimiser = opt;
    nlopt_result result = nlopt_optimize(opt, u, &best);
    nlopt_destroy(opt);
    if (result > 0 || result == NLOPT_ROUNDOFF_LIMITED || result == NLOPT_FORCED_STOP) return CC_OK;
    return snprintf(message, CC_MESSAGE, "the optimiser failed: %s", nlopt_result_to_string(result)), CC_ENUMERIC;
}

cc_status cc_stress_search(cc_stress *stress, char message[CC_MESSAGE])
{
    stress->worst = (cc_stress_instance){.closeness = NAN, .verdict = CC_ERROR};
    nlopt_srand(stress->seed + 1);
    for (int r = 0; r < stress->restarts && !stress->interrupted; r++) {
        double u[CC_STRESS_AXES];
        int share = (stress->evaluations - stress->done) / (stress->restarts - r), global = share * 3 / 5;
        for (size_t i = 0; i < stress->n_axes; i++) u[i] = .5;
        if (global > 0) CC_TRY(search_from(stress, NLOPT_GN_CRS2_LM, global, u, message));
        if (share > global && !stress->interrupted) CC_TRY(search_from(stress, NLOPT_LN_SBPLX, share - global, u, message));
    }
    return CC_OK;
}
