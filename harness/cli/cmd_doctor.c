/* harness/cli/cmd_doctor.c: `claimcheck doctor`: is this installation sound? */
#include <cJSON.h>
#include <dlfcn.h>
#include <errno.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/cli/cli.h"

typedef struct finding {
    char what[32], name[512], state[CC_MESSAGE];
    int ok;
} finding;

typedef struct doctor {
    size_t n;
    finding *item;
    int json;
    const char *path;
} doctor;

static void find(doctor *d, const char *what, const char *name, int ok, const char *state)
{
    finding *grown = cc_cli_grow(d->item, d->n, sizeof *grown);
    if (!grown) return;
    d->item = grown;
    finding *f = &grown[d->n++];
    f->ok = ok;
    snprintf(f->what, sizeof f->what, "%s", what);
    snprintf(f->name, sizeof f->name, "%s", name);
    snprintf(f->state, sizeof f->state, "%s", state);
}

static void find_plugins(doctor *d, const cc_registry *registry)
{
    const char *more = getenv("CLAIMCHECK_PLUGIN_PATH");
    if (more && *more) find(d, "folder", more, 1, "from CLAIMCHECK_PLUGIN_PATH");
    find(d, "folder", cc_home("plugins"), *cc_home("plugins") != 0, *cc_home("plugins") ? "plug-ins" : "no folder of plug-ins");
    find(d, "folder", cc_home("data"), *cc_home("data") != 0, *cc_home("data") ? "data" : "no folder of data");
    for (size_t m = 0; m < registry->n_modules; m++) {
        char state[CC_MESSAGE];
        snprintf(state, sizeof state, "%.12s  %s", cc_module_digest(&registry->modules[m]), registry->modules[m].path);
        find(d, "plug-in", registry->modules[m].plugin->id, 1, state);
    }
    for (size_t i = 0; i < registry->n_problems; i++) {
        const char *colon = strstr(registry->problems[i], ": ");
        char path[512];
        snprintf(path, sizeof path, "%.*s", colon ? (int)(colon - registry->problems[i]) : 500, registry->problems[i]);
        find(d, "plug-in", path, 0, colon ? colon + 2 : "cannot be loaded");
    }
    if (registry->n_modules == 0) find(d, "plug-in", "none", 0, "no plug-in was found");
}

/* A line of the table in the data folder's README.md: | `file` | .. | `digest` |. */
static int data_line(char *line, char **name, char **digest)
{
    char *open = strchr(line, '`'), *last = strrchr(line, '`');
    if (line[0] != '|' || !open || last <= open) return 0;
    *last = 0;
    *digest = strrchr(line, '`') + 1;
    if (strlen(*digest) != 64 || strspn(*digest, "0123456789abcdef") != 64) return 0;
    *name = open + 1;
    (*name)[strcspn(*name, "`")] = 0;
    return 1;
}

static void find_data(doctor *d)
{
    char path[4096], line[4096], hex[65], *name, *digest;
    snprintf(path, sizeof path, "%s/README.md", cc_home("data"));
    FILE *file = fopen(path, "r");
    if (!file) return find(d, "data", path, 0, "the list of data files cannot be read");
    while (fgets(line, sizeof line, file)) {
        if (!data_line(line, &name, &digest)) continue;
        snprintf(path, sizeof path, "%s/%s", cc_home("data"), name);
        int read = cc_sha256_file(path, hex) == 0, same = read && strcmp(hex, digest) == 0;
        find(d, "data", name, same, same ? "intact" : read ? "its SHA-256 is not the one listed" : strerror(errno));
    }
    fclose(file);
    const char *more = getenv("CLAIMCHECK_DATA");
    if (!more || !*more)
        find(d, "data", "CLAIMCHECK_DATA", 1, "not set: claims on data sets that are not shipped are skipped");
    else
        find(d, "data", more, access(more, R_OK | X_OK) == 0,
             access(more, R_OK | X_OK) == 0 ? "from CLAIMCHECK_DATA" : "CLAIMCHECK_DATA cannot be read");
}

static int first_text(void *to, int n, char **values, char **names)
{
    (void)names;
    if (n > 0 && values[0] && !*(char *)to) snprintf(to, CC_MESSAGE, "%s", values[0]);
    return 0;
}

static void find_store(doctor *d)
{
    const char *path = cc_cli_store_path(d->path);
    char message[CC_MESSAGE] = "", state[CC_MESSAGE] = "", cells[CC_MESSAGE] = "";
    if (access(path, R_OK) != 0) return find(d, "store", path, d->path == NULL, d->path ? "is not there" : "not made yet");
    cc_store *store = cc_store_open(path, 0, message);
    if (!store) return find(d, "store", path, 0, message);
    sqlite3 *db = cc_store_sqlite(store);
    int ok = sqlite3_exec(db, "PRAGMA integrity_check", first_text, state, NULL) == SQLITE_OK && strcmp(state, "ok") == 0;
    sqlite3_exec(
        db, "SELECT 'intact; ' || count(*) || ' cells, ' || count(CASE status WHEN 'error' THEN 1 END) || ' in error' FROM cell",
        first_text, cells, NULL);
    find(d, "store", path, ok, ok ? cells : *state ? state : sqlite3_errmsg(db));
    cc_store_close(store);
}

/* Resolved at run time: another BLAS than OpenBLAS has no such functions. */
static void find_blas(doctor *d)
{
    char state[CC_MESSAGE];
    int (*threads)(void) = NULL;
    char *(*config)(void) = NULL;
    *(void **)&threads = dlsym(RTLD_DEFAULT, "openblas_get_num_threads");
    *(void **)&config = dlsym(RTLD_DEFAULT, "openblas_get_config");
    if (!threads || !config) return find(d, "blas", "BLAS", 1, "not OpenBLAS: see that it runs one thread");
    snprintf(state, sizeof state, "%d threads here, 1 in a worker", threads());
    find(d, "blas", config(), 1, state);
}

static void find_python(doctor *d)
{
    static const char *const modules[] = {"numpy", "matplotlib", "jinja2"};
    for (size_t i = 0; i < sizeof modules / sizeof *modules; i++) {
        char command[256], version[64] = "";
        snprintf(command, sizeof command, "/usr/bin/python3 -c 'import %s; print(%s.__version__)' 2>/dev/null", modules[i],
                 modules[i]);
        FILE *pipe = popen(command, "r");
        int read = pipe && fgets(version, sizeof version, pipe);
        int ok = pipe && pclose(pipe) == 0 && read;
        version[strcspn(version, "\n")] = 0;
        find(d, "python", modules[i], ok, ok ? version : "not there: reports cannot be made");
    }
}

/* ---- saying it ---- */

static int bad(const doctor *d)
{
    int n = 0;
    for (size_t i = 0; i < d->n; i++) n += !d->item[i].ok;
    return n;
}

static void print_lines(const doctor *d, const char *environment)
{
    cJSON *json = cJSON_Parse(environment), *field;
    cJSON_ArrayForEach(field, json)
    {
        if (cJSON_IsString(field)) printf("%-12s %s\n", field->string, field->valuestring);
        if (cJSON_IsNumber(field)) printf("%-12s %.0f\n", field->string, field->valuedouble);
    }
    cJSON_Delete(json);
    putchar('\n');
    for (size_t i = 0; i < d->n; i++) {
        const finding *f = &d->item[i];
        const char *mark = f->ok ? "ok" : "WRONG", *colour = cc_cli_verdict_colour(f->ok ? "verified" : "error", stdout);
        printf("%s%-5s%s  %-8s %s: %s\n", colour, mark, cc_cli_plain(stdout), f->what, f->name, f->state);
    }
    printf("\n%d of %zu findings are wrong.\n", bad(d), d->n);
}

static void print_json(const doctor *d, const char *environment)
{
    cJSON *json = cJSON_CreateObject(), *findings = cJSON_CreateArray(), *parsed = cJSON_Parse(environment);
    cJSON_AddItemToObject(json, "environment", parsed ? parsed : cJSON_CreateNull());
    for (size_t i = 0; i < d->n; i++) {
        cJSON *one = cJSON_CreateObject();
        cJSON_AddStringToObject(one, "what", d->item[i].what);
        cJSON_AddStringToObject(one, "name", d->item[i].name);
        cJSON_AddBoolToObject(one, "ok", d->item[i].ok);
        cJSON_AddStringToObject(one, "state", d->item[i].state);
        cJSON_AddItemToArray(findings, one);
    }
    cJSON_AddItemToObject(json, "findings", findings);
    cJSON_AddBoolToObject(json, "ok", bad(d) == 0);
    char *text = cJSON_Print(json);
    if (text) puts(text);
    free(text);
    cJSON_Delete(json);
}

int cc_cmd_doctor(int argc, char **argv)
{
    doctor d = {0};
    int code = CC_EXIT_OK;
    const cc_option table[] = {
        {"store", 's', CC_OPT_TEXT, &d.path, "FILE", "the store to look at (default: $CLAIMCHECK_STORE, claimcheck.db)"},
        {"json", 0, CC_OPT_FLAG, &d.json, NULL, "as JSON"},
        {0}};
    const cc_usage usage = {
        "doctor", "", "Environment, plug-ins, data files, store, BLAS and Python packages. Exit 1 if something is wrong.",
        table,    0,  0};
    if (cc_cli_parse(&usage, argc, argv, &code) < 0) return code;
    cc_registry *registry = cc_registry_open();
    if (!registry) return cc_cli_fail("no memory for the plug-ins");
    find_plugins(&d, registry);
    find_data(&d);
    find_store(&d);
    find_blas(&d);
    find_python(&d);
    cc_registry_close(registry);
    char *environment = cc_environment_json();
    (d.json ? print_json : print_lines)(&d, environment ? environment : "null");
    free(environment);
    code = bad(&d) ? CC_EXIT_FAILED : CC_EXIT_OK;
    free(d.item);
    return code;
}
