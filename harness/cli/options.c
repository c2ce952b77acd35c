/* harness/cli/options.c: options of a command as a table: parsed by getopt_long, printed as its help. */
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "harness/cli/cli.h"

enum { MOST_OPTIONS = 32, FIRST_LONG = 1000 };

static void print_help(const cc_usage *usage)
{
    printf("claimcheck %s [OPTION ...]%s%s\n\n%s\n\nOptions:\n", usage->command, *usage->words ? " " : "", usage->words,
           usage->about);
    for (const cc_option *o = usage->options; o->name; o++) {
        char left[64], letter[8] = "";
        if (o->letter) snprintf(letter, sizeof letter, "-%c, ", o->letter);
        snprintf(left, sizeof left, "%s--%s%s%s", letter, o->name, o->argument ? " " : "", o->argument ? o->argument : "");
        printf("  %-24s %s\n", left, o->doc);
    }
    printf("  %-24s %s\n", "-h, --help", "this text");
}

static int take_number(const char *text, long least, long most, int *value)
{
    char *end;
    errno = 0;
    long number = strtol(text, &end, 10);
    if (end == text || *end || errno || number < least || number > most) return 0;
    *value = (int)number;
    return 1;
}

static int take_shard(const char *text, int *shard)
{
    char *end;
    long i = strtol(text, &end, 10);
    if (end == text || *end != '/' || !take_number(end + 1, 1, 1000000, &shard[1]) || i < 1 || i > shard[1]) return 0;
    shard[0] = (int)i - 1;
    return 1;
}

/* NULL, or what would have been valid. */
static const char *take(const cc_option *o, const char *text)
{
    char *end;
    switch (o->type) {
    case CC_OPT_FLAG:
        *(int *)o->value = 1;
        return NULL;
    case CC_OPT_TEXT:
        *(const char **)o->value = text;
        return NULL;
    case CC_OPT_COUNT:
        return take_number(text, 1, 4096, o->value) ? NULL : "a number from 1 to 4096";
    case CC_OPT_SEED:
        errno = 0;
        *(uint64_t *)o->value = strtoull(text, &end, 10);
        return *text >= '0' && *text <= '9' && !*end && !errno ? NULL : "a number from 0";
    case CC_OPT_TIER:
        for (int t = 0; t < 3; t++)
            if (strcmp(text, cc_cli_tier_name(t)) == 0) return *(int *)o->value = t, NULL;
        return "quick, standard or extended";
    case CC_OPT_SHARD:
        return take_shard(text, o->value) ? NULL : "i/n with 1 <= i <= n";
    }
    return "nothing";
}

static int misspelt(const cc_usage *usage, const char *word)
{
    const char *names[MOST_OPTIONS + 1], *name = word + strspn(word, "-");
    char wrong[64], text[CC_MESSAGE];
    size_t n = 0;
    for (const cc_option *o = usage->options; o->name; o++) names[n++] = o->name;
    names[n++] = "help";
    snprintf(wrong, sizeof wrong, "%.*s", (int)strcspn(name, "="), name);
    cc_cli_unknown("option", wrong, names, n, text, sizeof text);
    return cc_cli_usage(usage->command, "%s", text);
}

static const cc_option *option_of(const cc_usage *usage, int c)
{
    for (const cc_option *o = usage->options; o->name; o++)
        if (c == o->letter || c == FIRST_LONG + (int)(o - usage->options)) return o;
    return NULL;
}

/* The table as getopt_long wants it. ":" first: a missing argument is told apart from an unknown option. */
static void describe(const cc_usage *usage, struct option *longs, char *shorts)
{
    size_t n = 0;
    *shorts++ = ':';
    *shorts++ = 'h';
    for (const cc_option *o = usage->options; o->name && n < MOST_OPTIONS; o++, n++) {
        longs[n] = (struct option){o->name, o->argument ? required_argument : no_argument, NULL, FIRST_LONG + (int)n};
        if (o->letter) *shorts++ = o->letter;
        if (o->letter && o->argument) *shorts++ = ':';
    }
    *shorts = 0;
    longs[n] = (struct option){"help", no_argument, NULL, 'h'};
    longs[n + 1] = (struct option){0};
}

static int parse_options(const cc_usage *usage, int argc, char **argv, int *code)
{
    struct option longs[MOST_OPTIONS + 2];
    char shorts[2 * MOST_OPTIONS + 4];
    describe(usage, longs, shorts);
    optind = 0, opterr = 0;
    for (int c; (c = getopt_long(argc, argv, shorts, longs, NULL)) != -1;) {
        if (c == 'h') return print_help(usage), *code = CC_EXIT_OK, -1;
        if (c == ':') return *code = cc_cli_usage(usage->command, "%s needs a value", argv[optind - 1]), -1;
        if (c == '?')
            return *code = misspelt(usage, optopt && optopt < FIRST_LONG ? (char[]){(char)optopt, 0} : argv[optind - 1]), -1;
        const cc_option *o = option_of(usage, c);
        const char *valid = take(o, optarg);
        if (valid) return *code = cc_cli_usage(usage->command, "--%s \"%s\": must be %s", o->name, optarg, valid), -1;
    }
    return optind;
}

int cc_cli_parse(const cc_usage *usage, int argc, char **argv, int *code)
{
    int first = parse_options(usage, argc, argv, code);
    if (first < 0) return -1;
    int words = argc - first;
    if (words < usage->least) return *code = cc_cli_usage(usage->command, "%s is missing", usage->words), -1;
    if (usage->most >= 0 && words > usage->most)
        return *code = cc_cli_usage(usage->command, "one word too many: \"%s\"", argv[first + usage->most]), -1;
    return first;
}
