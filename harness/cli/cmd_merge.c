/* harness/cli/cmd_merge.c: `claimcheck merge`: the cells of shards into one store. */
#include <unistd.h>

#include "harness/cli/cli.h"

int cc_cmd_merge(int argc, char **argv)
{
    const char *path = NULL;
    char message[CC_MESSAGE] = "";
    int json = 0, code = CC_EXIT_OK;
    size_t all = 0;
    const cc_option table[] = {
        {"store", 's', CC_OPT_TEXT, &path, "FILE", "the store that receives (default: $CLAIMCHECK_STORE, claimcheck.db)"},
        {"json", 0, CC_OPT_FLAG, &json, NULL, "the number of copied cells as JSON"},
        {0}};
    const cc_usage usage = {
        "merge", "STORE ...", "Copies the cells that the receiving store lacks. The same cell with other rows is refused.",
        table,   1,           -1};
    int first = cc_cli_parse(&usage, argc, argv, &code);
    if (first < 0) return code;
    for (int i = first; i < argc; i++)
        if (access(argv[i], R_OK) != 0) return cc_cli_fail("there is no store at %s", argv[i]);
    cc_store *store = cc_cli_store(path, 1);
    if (!store) return CC_EXIT_FAILED;
    for (int i = first; i < argc && code == CC_EXIT_OK; i++) {
        size_t copied = 0;
        if (cc_store_merge(store, argv[i], &copied, message) != CC_OK) code = cc_cli_fail("%s: %s", argv[i], message);
        if (!json && code == CC_EXIT_OK) printf("%s: %zu cells copied\n", argv[i], copied);
        all += copied;
    }
    if (json) printf("{\"copied\":%zu}\n", all);
    cc_store_close(store);
    return code;
}
