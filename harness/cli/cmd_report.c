/* harness/cli/cmd_report.c: `claimcheck report`: hands over to reports/report.py, which reads the store. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "harness/cli/cli.h"

static const char interpreter[] = "/usr/bin/python3"; /* the system's: the one that has numpy and matplotlib as packages */

int cc_cmd_report(int argc, char **argv)
{
    const char *path = NULL, *out = "report";
    char script[4096];
    int tier = -1, figures = 0, code = CC_EXIT_OK;
    const cc_option table[] = {
        {"store", 's', CC_OPT_TEXT, &path, "FILE", "the store (default: $CLAIMCHECK_STORE, claimcheck.db)"},
        {"out", 'o', CC_OPT_TEXT, &out, "DIR", "where the report goes (default: report)"},
        {"tier", 't', CC_OPT_TIER, &tier, "TIER",
         "quick, standard or extended (default: of each paper, the one with most judged claims)"},
        {"figures-only", 0, CC_OPT_FLAG, &figures, NULL, "draw the figures, write no pages"},
        {0},
    };
    const cc_usage usage = {"report", "", "Figures and HTML pages from the store. Runs nothing.", table, 0, 0};
    if (cc_cli_parse(&usage, argc, argv, &code) < 0) return code;
    path = cc_cli_store_path(path);
    if (access(path, R_OK) != 0)
        return cc_cli_fail("there is no store at %s: `claimcheck verify` makes one, --store names another", path);
    snprintf(script, sizeof script, "%s/report.py", cc_home("reports"));
    if (access(script, R_OK) != 0) return cc_cli_fail("the report's script is not installed (share/claimcheck/reports/report.py)");
    const char *words[9] = {interpreter, script, path, "--out", out};
    size_t n = 5;
    if (tier >= 0) words[n++] = "--tier", words[n++] = cc_cli_tier_name(tier);
    if (figures) words[n++] = "--figures-only";
    fflush(NULL);
    execv(interpreter, (char *const *)(const void *)words);
    return cc_cli_fail("%s: %s", interpreter, strerror(errno));
}
