/* harness/cli/cli.h: what the commands of `claimcheck` share. Each is one file, cmd_<name>.c, with --help and, where it prints
 * data,
 * --json. */
#ifndef CLAIMCHECK_HARNESS_CLI_H
#define CLAIMCHECK_HARNESS_CLI_H

#include <stdio.h>

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
int cc_cmd_stress(int argc, char **argv);
int cc_cmd_bench(int argc, char **argv);
int cc_cmd_report(int argc, char **argv);
int cc_cmd_export(int argc, char **argv);
int cc_cmd_merge(int argc, char **argv);
int cc_cmd_doctor(int argc, char **argv);

/* ---- options.c: getopt_long from a table, which also makes the help ---- */

typedef enum cc_option_type {
    CC_OPT_FLAG,  /* int *: set to 1 */
    CC_OPT_TEXT,  /* const char ** */
    CC_OPT_COUNT, /* int *: 1 .. 4096 */
    CC_OPT_SEED,  /* uint64_t * */
    CC_OPT_TIER,  /* int *: 0 1 2 */
    CC_OPT_SHARD  /* int[2]: "i/n", i from 1, kept from 0 */
} cc_option_type;

typedef struct cc_option {
    const char *name; /* without dashes; NULL ends the list */
    char letter;      /* 0: none */
    cc_option_type type;
    void *value;
    const char *argument, *doc; /* argument: its name in the help */
} cc_option;

typedef struct cc_usage {
    const char *command, *words, *about; /* words: "[PAPER | PAPER.claim ...]" */
    const cc_option *options;
    int least, most; /* how many words; most < 0: any number */
} cc_usage;

/* Parses. The index in argv of the first word that is no option (options may stand anywhere), or -1 when the command is over: then
 * *code is its exit code (help was printed, or what is wrong and what is valid). */
int cc_cli_parse(const cc_usage *usage, int argc, char **argv, int *code);

/* ---- cli.c ---- */

cc_registry *
cc_cli_registry(void); /* opened on first use, closed at exit; files that failed are warned of; NULL: no memory, told */
const char *cc_cli_store_path(const char *given);      /* --store, else CLAIMCHECK_STORE, else ./claimcheck.db */
cc_store *cc_cli_store(const char *given, int writer); /* opened; NULL: why is printed. A reader needs the file to be there */
int cc_cli_tier(const char *name);                     /* 0 1 2, or -1 after printing what is valid */
const char *cc_cli_tier_name(int tier);
int cc_cli_usage(const char *command, const char *format, ...)
    __attribute__((format(printf, 2, 3)));                                      /* prints, returns CC_EXIT_USAGE */
int cc_cli_fail(const char *format, ...) __attribute__((format(printf, 1, 2))); /* prints, returns CC_EXIT_FAILED */

/* "no <kind> "wrong": did you mean ..?" into text. */
void cc_cli_unknown(const char *kind, const char *wrong, const char *const *names, size_t n, char *text, size_t size);

int cc_cli_colour(FILE *stream);                                      /* 1: a terminal, and NO_COLOR is not set */
const char *cc_cli_verdict_colour(const char *verdict, FILE *stream); /* "" where there is no colour: only "verified" is green */
const char *cc_cli_plain(FILE *stream);                               /* ends a colour */
int cc_cli_width(FILE *stream);                                       /* of the terminal; 0: no terminal, do not cut */

/* Grows an array of *n items so that one more fits; its address is *array. NULL: no memory (printed, the array is kept). */
void *cc_cli_grow(void *array, size_t n, size_t size);

/* How many items a list of descriptors has: `size` bytes each, ended by one whose first member is NULL. */
size_t cc_cli_count(const void *list, size_t size);

#endif
