/* harness/cli/cmd_bench.c: `claimcheck bench`: the micro-benchmarks of plug-ins and of the harness itself, over Google Benchmark.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <sqlite3.h>

#include "harness/cli/cli.h"
#include "harness/gbench/serve.h"

enum { MOST_RANGES = 8 };

/* "PLUGIN" or "PLUGIN.bench" names this benchmark; without words every one is meant. Notes which words were of use. */
static int is_meant(const char *owner, const char *name, char **words, int n_words, char *used)
{
    int meant = n_words == 0;
    size_t length = strlen(owner);
    for (int i = 0; i < n_words; i++)
        if (strncmp(words[i], owner, length) == 0 &&
            (!words[i][length] || (words[i][length] == '.' && strcmp(words[i] + length + 1, name) == 0)))
            meant = used[i] = 1;
    return meant;
}

static int wrong(const cc_plugin *plugin, const cc_bench *bench, const char *what)
{
    return cc_cli_fail("%s/%s: %s", plugin->id, bench->name, what);
}

/* The ranges' values; 0, or -1 when one is malformed. */
static int take_ranges(const char *text, cc_gbench_range *ranges, size_t *n)
{
    char *copy = strdup(text ? text : ""), *rest = copy;
    int ok = copy != NULL;
    for (char *range; ok && (range = strsep(&rest, ";"));) {
        if (!range[strspn(range, " ")] && !text) break;
        ok = *n < MOST_RANGES && (ranges[*n].values = cc_loop_values(range, &ranges[*n].n));
        if (ok) ++*n;
    }
    free(copy);
    return ok ? 0 : -1;
}

static int add_bench(const cc_plugin *plugin, const cc_bench *bench)
{
    cc_gbench_range ranges[MOST_RANGES];
    size_t n = 0;
    int code = 0;
    if (take_ranges(bench->ranges, ranges, &n) < 0)
        code = wrong(
            plugin, bench,
            "its ranges must be whole numbers such as \"1024..65536*4\" or \"50 100 200\", at most 8 with \";\" between them");
    else if (cc_gbench_add(plugin->id, bench, ranges, n) < 0)
        code = wrong(plugin, bench, "its complexity must be 1, N, N^2, N^3, lgN, NlgN or auto");
    while (n > 0) free(ranges[--n].values);
    return code;
}

static int add_plugin(const cc_plugin *plugin, char **words, int n_words, char *used)
{
    int code = 0;
    for (const cc_bench *bench = plugin->benches; bench && bench->name && code == 0; bench++)
        if (is_meant(plugin->id, bench->name, words, n_words, used)) code = add_bench(plugin, bench);
    return code;
}

static int no_bench(const cc_registry *registry, const char *word)
{
    char text[CC_MESSAGE];
    const char **names = calloc(registry->n_modules + 1, sizeof *names);
    size_t n = 0;
    if (!names) return cc_cli_fail("no memory");
    for (size_t i = 0; i < registry->n_modules; i++)
        if (registry->modules[i].plugin->benches) names[n++] = registry->modules[i].plugin->id;
    names[n++] = cc_harness_bench.id;
    cc_cli_unknown("benchmark", word, names, n, text, sizeof text);
    free(names);
    return cc_cli_usage("bench", "%s", text);
}

static int add_all(const cc_registry *registry, char **words, int n_words)
{
    char *used = calloc((size_t)n_words + 1, 1);
    if (!used) return cc_cli_fail("no memory");
    int code = add_plugin(&cc_harness_bench, words, n_words, used);
    for (size_t i = 0; i < registry->n_modules && code == 0; i++)
        code = add_plugin(registry->modules[i].plugin, words, n_words, used);
    for (int i = 0; i < n_words && code == 0; i++)
        if (!used[i]) code = no_bench(registry, words[i]);
    free(used);
    return code;
}

/* ---- one benchmark, for a caller that has batches of it run ---- */

/* "OWNER/bench/64/3": its arguments, at most MOST_RANGES; how many, or -1: it does not name this benchmark. */
static int named_so(const cc_plugin *plugin, const cc_bench *bench, const char *name, int64_t *args)
{
    size_t owner = strlen(plugin->id), length = strlen(bench->name);
    if (strncmp(name, plugin->id, owner) != 0 || name[owner] != '/') return -1;
    if (strncmp(name + owner + 1, bench->name, length) != 0) return -1;
    int n = 0;
    for (const char *rest = name + owner + 1 + length; *rest; n++) {
        char *end;
        if (*rest != '/' || n == MOST_RANGES) return -1;
        args[n] = strtoll(rest + 1, &end, 10);
        if (end == rest + 1) return -1;
        rest = end;
    }
    return n;
}

static int serve(const cc_registry *registry, const char *name)
{
    int64_t args[MOST_RANGES];
    for (size_t i = 0; i <= registry->n_modules; i++) {
        const cc_plugin *plugin = i < registry->n_modules ? registry->modules[i].plugin : &cc_harness_bench;
        for (const cc_bench *bench = plugin->benches; bench && bench->name; bench++) {
            int n = named_so(plugin, bench, name, args);
            if (n >= 0) return cc_serve(name, bench, args, (size_t)n) < 0 ? CC_EXIT_FAILED : CC_EXIT_OK;
        }
    }
    return cc_cli_usage("bench", "--serve: there is no benchmark '%s' (--benchmark_list_tests lists them)", name);
}

/* ---- what was measured goes into the store ---- */

typedef struct keeper {
    const char *path;
    char finished[32];
    cc_store *store;
    int failed;
} keeper;

static void keep_json(void *arg, const char *owner, const char *json)
{
    keeper *k = arg;
    sqlite3_stmt *insert = NULL;
    if (!k->store && !k->failed) k->store = cc_cli_store(k->path, 1);
    if (!k->store) {
        k->failed = 1;
        return;
    }
    sqlite3 *db = cc_store_sqlite(k->store);
    if (sqlite3_prepare_v2(db, "INSERT OR REPLACE INTO benchmark (owner, finished, json) VALUES (?, ?, ?)", -1, &insert, NULL) ==
        SQLITE_OK) {
        sqlite3_bind_text(insert, 1, owner, -1, SQLITE_STATIC);
        sqlite3_bind_text(insert, 2, k->finished, -1, SQLITE_STATIC);
        sqlite3_bind_text(insert, 3, json, -1, SQLITE_STATIC);
    }
    if (sqlite3_step(insert) != SQLITE_DONE) {
        cc_cli_fail("the store cannot keep the benchmarks of %s: %s", owner, sqlite3_errmsg(db));
        k->failed = 1;
    }
    sqlite3_finalize(insert);
}

static int run_all(const char *store)
{
    keeper k = {.path = store};
    time_t now = time(NULL);
    struct tm utc;
    strftime(k.finished, sizeof k.finished, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &utc));
    long run = cc_gbench_run(keep_json, &k);
    cc_store_close(k.store);
    if (run == 0) return cc_cli_fail("no benchmark matches");
    return run < 0 || k.failed ? CC_EXIT_FAILED : CC_EXIT_OK;
}

/* ---- the command ---- */

static const char about[] =
    "Measures the benchmarks of the named plug-ins (of all without a name; \"harness\" are the harness's own), and keeps the "
    "results in the\n"
    "store. It is Google Benchmark underneath: every --benchmark_* flag is taken, for instance --benchmark_filter=REGEX,\n"
    "--benchmark_min_time=SECONDS, --benchmark_repetitions=N, --benchmark_list_tests; --benchmark_help lists them all.";

/* Google Benchmark's flags go to `flags`, its help flag under the name that it has there; the rest stays in argv. */
static int split_flags(int argc, char **argv, char **flags, int *n_flags)
{
    static char help[] = "--help";
    int kept = 1;
    for (int i = 1; i < argc; i++) {
        if (strncmp(argv[i], "--benchmark_", 12) != 0)
            argv[kept++] = argv[i];
        else
            flags[(*n_flags)++] = strcmp(argv[i], "--benchmark_help") == 0 ? help : argv[i];
    }
    argv[kept] = NULL;
    return kept;
}

static int bench(int argc, char **argv, char **flags, int n_flags)
{
    static char format[] = "--benchmark_out_format=json";
    static char out[4096 + 32];
    const char *store = NULL, *json = NULL, *served = NULL;
    const cc_option options[] = {
        {"json", 0, CC_OPT_TEXT, &json, "FILE", "all results as JSON, as --benchmark_out writes it"},
        {"serve", 0, CC_OPT_TEXT, &served, "BENCHMARK",
         "this one alone, in batches asked for on standard input (harness/gbench/serve.h)"},
        {"store", 0, CC_OPT_TEXT, &store, "FILE", "where the results are kept (CLAIMCHECK_STORE, else ./claimcheck.db)"},
        {0}};
    const cc_usage usage = {"bench", "[PAPER | PAPER.benchmark ...] [--benchmark_* ...]", about, options, 0, -1};
    int code = CC_EXIT_OK, first = cc_cli_parse(&usage, argc, argv, &code);
    if (first < 0) return code;
    if (json) {
        if (snprintf(out, sizeof out, "--benchmark_out=%s", json) >= (int)sizeof out)
            return cc_cli_usage("bench", "--json: the path is too long");
        flags[n_flags++] = out;
        flags[n_flags++] = format;
    }
    flags[n_flags] = NULL;
    cc_gbench_init(&n_flags, flags);
    if (n_flags > 1) return cc_cli_usage("bench", "%s is no flag of Google Benchmark (--benchmark_help lists them)", flags[1]);
    const cc_registry *registry = cc_cli_registry();
    if (!registry) return CC_EXIT_FAILED;
    if (served) return serve(registry, served);
    code = add_all(registry, argv + first, argc - first);
    return code ? code : run_all(store);
}

int cc_cmd_bench(int argc, char **argv)
{
    char **flags = calloc((size_t)argc + 4, sizeof *flags);
    int n_flags = 0;
    if (!flags) return cc_cli_fail("no memory");
    flags[n_flags++] = argv[0];
    argc = split_flags(argc, argv, flags, &n_flags);
    int code = bench(argc, argv, flags, n_flags);
    free(flags);
    return code;
}
