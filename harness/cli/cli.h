/* harness/cli/cli.h: what the commands of `claimcheck` share. Each is one file, cmd_<name>.c, with getopt_long, --help and, where it
 * prints data, --json. */
#ifndef CLAIMCHECK_HARNESS_CLI_H
#define CLAIMCHECK_HARNESS_CLI_H

#include "harness/engine/engine.h"

/* Exit codes of every command. */
enum { CC_EXIT_OK = 0, CC_EXIT_FAILED = 1, CC_EXIT_INCONCLUSIVE = 2, CC_EXIT_USAGE = 3, CC_EXIT_INTERRUPTED = 130 };

typedef struct cc_command {
    const char *name, *summary;
    int (*run)(int argc, char **argv); /* argv[0] is the command's name; returns the exit code */
} cc_command;

extern const cc_command cc_commands[]; /* ended by {0}; main.c */

int cc_cmd_list(int argc, char **argv);
int cc_cmd_info(int argc, char **argv);
int cc_cmd_run(int argc, char **argv);
int cc_cmd_verify(int argc, char **argv);
int cc_cmd_solve(int argc, char **argv);
int cc_cmd_table(int argc, char **argv);
int cc_cmd_bench(int argc, char **argv);
int cc_cmd_report(int argc, char **argv);
int cc_cmd_export(int argc, char **argv);
int cc_cmd_merge(int argc, char **argv);
int cc_cmd_doctor(int argc, char **argv);

/* cli.c */
cc_registry *cc_cli_registry(void);                              /* opened on first use, closed at exit; files that failed are warned of */
const char *cc_cli_store_path(const char *given);                /* --store, else CLAIMCHECK_STORE, else ./claimcheck.db */
int cc_cli_tier(const char *name);                               /* 0 1 2, or -1 after printing what is valid */
int cc_cli_usage(const char *command, const char *format, ...) __attribute__((format(printf, 2, 3))); /* prints, returns CC_EXIT_USAGE */
int cc_cli_fail(const char *format, ...) __attribute__((format(printf, 1, 2)));                       /* prints, returns CC_EXIT_FAILED */

#endif
