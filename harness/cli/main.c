/* harness/cli/main.c: `claimcheck COMMAND ...`. */
#include <signal.h>
#include <string.h>

#include "harness/cli/cli.h"

const cc_command cc_commands[] = {
    {"list", "what is there: plug-ins, claims, problems, algorithms ..", cc_cmd_list},
    {"info", "all about one of them: parameters, variants, criteria", cc_cmd_info},
    {"solve", "run one algorithm on one problem and print its trace", cc_cmd_solve},
    {"run", "run the experiments of papers, into the store", cc_cmd_run},
    {"verify", "run what is missing and judge the claims", cc_cmd_verify},
    {"table", "judge a table of any origin (CSV)", cc_cmd_table},
    {"stress", "the instance that comes closest to breaking a claim", cc_cmd_stress},
    {"bench", "micro-benchmarks of plug-ins", cc_cmd_bench},
    {"report", "figures and the HTML report from the store", cc_cmd_report},
    {"export", "rows of an experiment as CSV", cc_cmd_export},
    {"merge", "copy the cells of other stores (shards) into the store", cc_cmd_merge},
    {"doctor", "is this installation sound?", cc_cmd_doctor},
    {0},
};

static void print_commands(void)
{
    puts("claimcheck COMMAND ...: does the implementation do what its theorem says?\n\nCommands:");
    for (const cc_command *c = cc_commands; c->name; c++) printf("  %-8s %s\n", c->name, c->summary);
    puts("\n`claimcheck COMMAND --help` tells the options of a command; `claimcheck --version` the version.\n"
         "\nEnvironment:\n"
         "  CLAIMCHECK_STORE        the store, where --store is not given (else ./claimcheck.db)\n"
         "  CLAIMCHECK_PLUGIN_PATH  folders of further plug-ins, separated by colons\n"
         "  CLAIMCHECK_DATA         folder of data sets that are not shipped\n"
         "  NO_COLOR                no colour on a terminal\n"
         "\nExit codes: 0 success, 1 failure (or a claim that is not verified), 2 inconclusive, 3 wrong usage, 130 interrupted.");
}

static int unknown_command(const char *wrong)
{
    const char *names[32];
    char text[CC_MESSAGE];
    size_t n = 0;
    for (const cc_command *c = cc_commands; c->name; c++) names[n++] = c->name;
    cc_cli_unknown("command", wrong, names, n, text, sizeof text);
    return cc_cli_usage(NULL, "%s", text);
}

int main(int argc, char **argv)
{
    if (argc < 2) return print_commands(), CC_EXIT_USAGE;
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "help") == 0)
        return print_commands(), CC_EXIT_OK;
    if (strcmp(argv[1], "--version") == 0) return puts("claimcheck " CLAIMCHECK_VERSION), CC_EXIT_OK;
    for (const cc_command *c = cc_commands; c->name; c++)
        if (strcmp(argv[1], c->name) == 0) {
            int code = c->run(argc - 1, argv + 1);
            return fflush(stdout) == 0 ? code : cc_cli_fail("standard output cannot be written");
        }
    return unknown_command(argv[1]);
}
