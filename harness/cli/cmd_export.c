/* harness/cli/cmd_export.c: `claimcheck export`: rows of an experiment, or arrays beside them, as CSV. */
#include <sqlite3.h>
#include <string.h>

#include "harness/cli/csv.h"
#include "harness/cli/evaluate.h"

typedef struct exporting {
    const char *path, *attach, *out;
    cc_work work;
} exporting;

static int export_rows(const cc_evaluation *rows, FILE *out)
{
    size_t left_out = rows->n_errors + rows->n_skipped + rows->n_missing;
    if (left_out)
        fprintf(stderr, "claimcheck: %zu of %zu cells have no rows: %zu in error, %zu skipped, %zu not run\n", left_out,
                left_out + rows->n_cells, rows->n_errors, rows->n_skipped, rows->n_missing);
    cc_csv_write(out, rows->table);
    return CC_EXIT_OK;
}

/* The indices of an element, one column each. */
static void print_index(FILE *out, const size_t *shape, int rank, size_t at)
{
    size_t index[4] = {0};
    for (int i = rank; i-- > 0; at /= shape[i]) index[i] = at % shape[i];
    for (int i = 0; i < 4; i++) {
        putc(',', out);
        if (i < rank) fprintf(out, "%zu", index[i]);
    }
}

static void print_array(FILE *out, const cc_task *task, sqlite3_stmt *found)
{
    size_t shape[4] = {0}, n = (size_t)sqlite3_column_bytes(found, 3) / sizeof(double);
    int rank = 0;
    char buffer[32];
    const char *text = (const char *)sqlite3_column_text(found, 2);
    const unsigned char *data = sqlite3_column_blob(found, 3);
    for (const char *at = text; at && *at && rank < 4; at += strcspn(at, ",") + (strchr(at, ',') != NULL)) {
        if (sscanf(at, "%zu", &shape[rank]) != 1 || shape[rank] == 0) return;
        rank++;
    }
    for (size_t i = 0; i < n; i++) {
        double value;
        memcpy(&value, data + i * sizeof value, sizeof value);
        cc_csv_text(out, task->arm);
        putc(',', out);
        cc_csv_text(out, task->point);
        fprintf(out, ",%lld,%lld", (long long)sqlite3_column_int64(found, 0), (long long)sqlite3_column_int64(found, 1));
        print_index(out, shape, rank, i);
        fprintf(out, ",%s\n", cc_csv_number(value, buffer));
    }
}

static int export_arrays(cc_store *store, const cc_evaluation *rows, const char *name, FILE *out)
{
    sqlite3 *db = cc_store_sqlite(store);
    sqlite3_stmt *query;
    size_t found = 0;
    if (sqlite3_prepare_v2(db, "SELECT seed, row, shape, data FROM attachment WHERE cell = ? AND name = ? ORDER BY seed, row", -1,
                           &query, NULL) != SQLITE_OK)
        return cc_cli_fail("%s", sqlite3_errmsg(db));
    fputs("arm,point,seed,row,i,j,k,l,value\n", out);
    for (size_t i = 0; i < rows->n_cells; i++) {
        sqlite3_reset(query);
        sqlite3_bind_int64(query, 1, rows->cell[i].cell);
        sqlite3_bind_text(query, 2, name, -1, SQLITE_STATIC);
        for (; sqlite3_step(query) == SQLITE_ROW; found++) print_array(out, rows->cell[i].task, query);
    }
    sqlite3_finalize(query);
    return found ? CC_EXIT_OK : cc_cli_fail("no cell of %s has an array \"%s\"", rows->part->experiment->id, name);
}

static int export_part(const exporting *x, cc_store *store, const cc_part *part)
{
    char message[CC_MESSAGE] = "";
    if (part->wrong[0]) return cc_cli_fail("%s", part->wrong);
    FILE *out = x->out ? fopen(x->out, "w") : stdout;
    if (!out) return cc_cli_fail("%s cannot be written", x->out);
    cc_evaluation *rows = cc_evaluate(store, part, message);
    int code = !rows ? cc_cli_fail("%s", message) : x->attach ? export_arrays(store, rows, x->attach, out) : export_rows(rows, out);
    cc_evaluation_free(rows);
    int failed = ferror(out);
    if (x->out && fclose(out) != 0) failed = 1;
    return failed ? cc_cli_fail("%s cannot be written", x->out ? x->out : "standard output") : code;
}

static int export(exporting *x, const char *word)
{
    char plugin[128], message[CC_MESSAGE] = "";
    size_t dot = strcspn(word, ".");
    snprintf(plugin, sizeof plugin, "%.*s", (int)dot, word);
    const cc_module *module = cc_work_plugin(x->work.registry, plugin, message);
    const cc_experiment *experiment = module ? cc_work_experiment(module, word[dot] ? word + dot + 1 : "", message) : NULL;
    if (!experiment) return cc_cli_usage("export", "%s", message);
    cc_store *store = cc_cli_store(x->path, 0);
    const cc_part *part = store ? cc_work_part(&x->work, module, experiment, "", NULL) : NULL;
    int code = part ? export_part(x, store, part) : CC_EXIT_FAILED;
    cc_store_close(store);
    return code;
}

int cc_cmd_export(int argc, char **argv)
{
    exporting x = {.work = {.tier = 1}};
    int code = CC_EXIT_OK, csv = 0;
    const cc_option table[] = {
        {"tier", 't', CC_OPT_TIER, &x.work.tier, "TIER", "quick, standard (default) or extended"},
        {"pilot", 0, CC_OPT_FLAG, &x.work.pilot, NULL, "the rows of pilot seeds"},
        {"csv", 0, CC_OPT_FLAG, &csv, NULL, "CSV; there is no other format"},
        {"attach", 'a', CC_OPT_TEXT, &x.attach, "NAME", "the arrays of this name, one line an element"},
        {"out", 'o', CC_OPT_TEXT, &x.out, "FILE", "default: standard output"},
        {"store", 's', CC_OPT_TEXT, &x.path, "FILE", "the store (default: $CLAIMCHECK_STORE, claimcheck.db)"},
        {0},
    };
    const cc_usage usage = {
        "export", "PAPER.experiment", "The rows that the store holds of an experiment, every column, as CSV.", table, 1, 1};
    int first = cc_cli_parse(&usage, argc, argv, &code);
    if (first < 0) return code;
    x.work.registry = cc_cli_registry();
    if (!x.work.registry) return CC_EXIT_FAILED;
    code = export(&x, argv[first]);
    cc_work_free(&x.work);
    return code;
}
