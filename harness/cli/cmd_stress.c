/* harness/cli/cmd_stress.c: `claimcheck stress`: searches for the instance that comes closest to breaking a bound or an exponent.
 */
#include <cJSON.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/cli/stress.h"

typedef struct stress_command {
    cc_stress stress;
    char folder[64], path[96]; /* of the cells of tried instances: thrown away */
    const char *over, *save, *replay;
    int json, quiet;
} stress_command;

static void show_progress(const cc_stress *stress, const cc_stress_instance *now)
{
    fprintf(stderr, "\r\033[Kstress: %d of %d instances, worst %.4g", stress->done, stress->evaluations, stress->worst.closeness);
    if (now->verdict == CC_REFUTED) fprintf(stderr, " (broken by %s)", now->set);
}

static int open_cells(stress_command *c, char *message)
{
    const char *base = getenv("TMPDIR");
    snprintf(c->folder, sizeof c->folder, "%.40s/claimcheck-XXXXXX", base && *base ? base : "/tmp");
    if (!mkdtemp(c->folder)) return snprintf(message, CC_MESSAGE, "no folder can be made in %s", base ? base : "/tmp"), -1;
    snprintf(c->path, sizeof c->path, "%s/cells.db", c->folder);
    c->stress.store = cc_store_open(c->path, 1, message);
    return c->stress.store ? 0 : -1;
}

static void close_cells(stress_command *c)
{
    static const char *const ends[] = {"", "-wal", "-shm", ".lock"};
    char path[128];
    cc_store_close(c->stress.store);
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        snprintf(path, sizeof path, "%s%s", c->path, ends[i]);
        unlink(path);
    }
    rmdir(c->folder);
}

static int find_claim(stress_command *c, const char *word, char *message)
{
    char *words[] = {(char *)(uintptr_t)word};
    cc_work work = {.registry = c->stress.registry, .tier = c->stress.tier};
    cc_status status = cc_work_select(&work, words, 1, message);
    if (status == CC_OK && work.n_claims != 1) {
        snprintf(message, CC_MESSAGE, "'%s' is not one claim: PAPER.claim is meant", word);
        status = CC_EINVAL;
    }
    if (status == CC_OK) c->stress.asked = work.claim[0];
    cc_work_free(&work);
    c->stress.check = status == CC_OK ? cc_stress_check(c->stress.asked.claim, message) : NULL;
    return c->stress.check ? 0 : -1;
}

static int exit_code(const cc_stress_instance *worst)
{
    if (worst->verdict == CC_REFUTED) return CC_EXIT_FAILED;
    return worst->verdict == CC_VERIFIED ? CC_EXIT_OK : CC_EXIT_INCONCLUSIVE;
}

/* ---- what was found ---- */

static void print_json(const cc_stress *s)
{
    cJSON *json = cJSON_CreateObject(), *axes = cJSON_AddArrayToObject(json, "over");
    cJSON_AddStringToObject(json, "paper", s->asked.module->plugin->id);
    cJSON_AddStringToObject(json, "claim", s->asked.claim->id);
    cJSON_AddStringToObject(json, "tier", cc_cli_tier_name(s->tier));
    for (size_t i = 0; i < s->n_axes; i++) {
        cJSON *axis = cJSON_CreateObject();
        cJSON_AddStringToObject(axis, "name", s->axis[i].name);
        cJSON_AddNumberToObject(axis, "low", s->axis[i].low);
        cJSON_AddNumberToObject(axis, "high", s->axis[i].high);
        cJSON_AddItemToArray(axes, axis);
    }
    cJSON_AddNumberToObject(json, "instances", s->done);
    cJSON_AddNumberToObject(json, "failed", s->failed);
    cJSON_AddStringToObject(json, "worst", s->worst.set);
    if (isnan(s->worst.closeness))
        cJSON_AddNullToObject(json, "closeness");
    else
        cJSON_AddNumberToObject(json, "closeness", s->worst.closeness);
    cJSON_AddStringToObject(json, "verdict", cc_verdict_name(s->worst.verdict));
    cJSON_AddStringToObject(json, "message", s->worst.message);
    char *text = cJSON_Print(json);
    if (text) puts(text);
    cJSON_free(text);
    cJSON_Delete(json);
}

static void print_found(const cc_stress *s)
{
    char criterion[256];
    cc_check_describe(s->check, criterion, sizeof criterion);
    printf("%s.%s: %s\n", s->asked.module->plugin->id, s->asked.claim->id, criterion);
    for (size_t i = 0; i < s->n_axes; i++)
        printf("  over %s = %g .. %g%s\n", s->axis[i].name, s->axis[i].low, s->axis[i].high, s->axis[i].log ? " (log)" : "");
    printf("%d instances tried, %d could not be judged%s%.200s\n", s->done, s->failed, s->failed ? "; first: " : "",
           s->first_failure);
    if (isnan(s->worst.closeness)) return;
    printf("worst: %s\n  %s, at %.4g of the limit: %s\n", s->worst.set, cc_verdict_name(s->worst.verdict), s->worst.closeness,
           s->worst.message);
}

/* A line of DIR/<plug-in>.txt: "claim<tab>tier<tab>closeness<tab>verdict<tab>set"; an earlier line of the claim is replaced. */
static int save_case(const cc_stress *s, const char *folder)
{
    char path[512], fresh[528], line[1024];
    mkdir(folder, 0777);
    snprintf(path, sizeof path, "%s/%s.txt", folder, s->asked.module->plugin->id);
    snprintf(fresh, sizeof fresh, "%s.new", path);
    FILE *old = fopen(path, "r"), *out = fopen(fresh, "w");
    size_t length = strlen(s->asked.claim->id);
    if (!out) {
        if (old) fclose(old);
        return cc_cli_fail("%s cannot be written", fresh);
    }
    while (old && fgets(line, sizeof line, old))
        if (strncmp(line, s->asked.claim->id, length) != 0 || line[length] != '\t') fputs(line, out);
    if (old) fclose(old);
    fprintf(out, "%s\t%s\t%.6g\t%s\t%s\n", s->asked.claim->id, cc_cli_tier_name(s->tier), s->worst.closeness,
            cc_verdict_name(s->worst.verdict), s->worst.set);
    if (fclose(out) != 0 || rename(fresh, path) != 0) return cc_cli_fail("%s cannot be written", path);
    return CC_EXIT_OK;
}

/* ---- replay ---- */

static int replay_line(stress_command *c, const char *plugin, char *line)
{
    char *rest = line, *field[5], message[CC_MESSAGE] = "", word[256];
    cc_stress_instance now;
    line[strcspn(line, "\n")] = 0;
    for (int i = 0; i < 5; i++)
        if (!(field[i] = strsep(&rest, "\t"))) return cc_cli_fail("%s.txt: '%s' is no saved case", plugin, line);
    snprintf(word, sizeof word, "%s.%s", plugin, field[0]);
    c->stress.tier = cc_cli_tier(field[1]);
    if (c->stress.tier < 0) return CC_EXIT_USAGE;
    if (find_claim(c, word, message) < 0) return cc_cli_fail("%s", message);
    cc_stress_try(&c->stress, field[4], &now);
    int same = strcmp(cc_verdict_name(now.verdict), field[3]) == 0;
    printf("%-5s %s %s: %s at %.4g of the limit; saved: %s at %s\n", same ? "same" : "OTHER", word, field[4],
           cc_verdict_name(now.verdict), now.closeness, field[3], field[2]);
    return same ? CC_EXIT_OK : CC_EXIT_FAILED;
}

static int replay(stress_command *c)
{
    int code = CC_EXIT_OK, cases = 0;
    char path[512], line[1024];
    for (size_t m = 0; m < c->stress.registry->n_modules; m++) {
        const char *plugin = c->stress.registry->modules[m].plugin->id;
        snprintf(path, sizeof path, "%s/%s.txt", c->replay, plugin);
        FILE *file = fopen(path, "r");
        while (file && fgets(line, sizeof line, file)) {
            if (line[0] == '#') continue;
            int one = replay_line(c, plugin, line);
            cases++;
            if (one != CC_EXIT_OK) code = one;
        }
        if (file) fclose(file);
    }
    if (cases == 0) return cc_cli_fail("%s holds no saved case of a plug-in that is loaded", c->replay);
    printf("%d saved cases\n", cases);
    return code;
}

/* ---- the command ---- */

static int search(stress_command *c, const char *word, char *message)
{
    cc_stress *s = &c->stress;
    if (find_claim(c, word, message) < 0 || cc_stress_axes(s, c->over, message) != CC_OK)
        return cc_cli_usage("stress", "%s", message);
    if (!c->quiet && isatty(STDERR_FILENO)) s->progress = show_progress;
    cc_status status = cc_stress_search(s, message);
    if (s->progress) fputs("\r\033[K", stderr);
    if (status != CC_OK) return cc_cli_fail("%s", message);
    if (c->json)
        print_json(s);
    else
        print_found(s);
    if (s->interrupted) return CC_EXIT_INTERRUPTED; /* what was found is printed, and not kept: the search was not whole */
    int code = c->save && !isnan(s->worst.closeness) ? save_case(s, c->save) : CC_EXIT_OK;
    return code != CC_EXIT_OK ? code : exit_code(&s->worst);
}

int cc_cmd_stress(int argc, char **argv)
{
    stress_command c = {.stress = {.evaluations = 60, .restarts = 2, .jobs = 1}};
    char message[CC_MESSAGE] = "";
    int code = CC_EXIT_OK;
    const cc_option table[] = {
        {"over", 0, CC_OPT_TEXT, &c.over, "RANGES",
         "\"kappa=1..1e6 n=2..200 seed=0..1000\" (default: around the experiment's values)"},
        {"instances", 'n', CC_OPT_COUNT, &c.stress.evaluations, "N", "instances to try (60)"},
        {"restarts", 'r', CC_OPT_COUNT, &c.stress.restarts, "N", "searches that share them (2)"},
        {"tier", 't', CC_OPT_TIER, &c.stress.tier, "TIER", "of the experiment (quick)"},
        {"seed", 0, CC_OPT_SEED, &c.stress.seed, "N", "of the search (0)"},
        {"jobs", 'j', CC_OPT_COUNT, &c.stress.jobs, "N", "workers (1)"},
        {"save", 0, CC_OPT_TEXT, &c.save, "DIR", "keep the worst instance as a regression case in DIR/<plug-in>.txt"},
        {"replay", 0, CC_OPT_TEXT, &c.replay, "DIR", "judge the saved cases again; another verdict fails"},
        {"json", 0, CC_OPT_FLAG, &c.json, NULL, "print JSON"},
        {"quiet", 'q', CC_OPT_FLAG, &c.quiet, NULL, "no progress"},
        {0}};
    const cc_usage usage = {"stress",
                            "PAPER.claim",
                            "Searches the problem's parameters for the instance that comes closest to breaking the claim's bound "
                            "or exponent. Exit 0: the worst "
                            "instance is verified, 1: one is refuted, 2: neither.",
                            table,
                            0,
                            1};
    int first = cc_cli_parse(&usage, argc, argv, &code);
    if (first < 0) return code;
    if (!c.replay == (first == argc)) return cc_cli_usage("stress", "a claim, or --replay DIR, is needed");
    c.stress.registry = cc_cli_registry();
    if (!c.stress.registry || open_cells(&c, message) < 0) return cc_cli_fail("%s", message);
    code = c.replay ? replay(&c) : search(&c, argv[first], message);
    close_cells(&c);
    return code;
}
