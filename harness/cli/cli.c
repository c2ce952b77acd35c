/* harness/cli/cli.c: what the commands share. */
#include "harness/cli/cli.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static cc_registry *registry;

static void close_registry(void) { cc_registry_close(registry); }

cc_registry *cc_cli_registry(void)
{
    if (registry) return registry;
    registry = cc_registry_open();
    if (!registry) {
        cc_cli_fail("no memory for the plug-ins");
        return NULL;
    }
    atexit(close_registry);
    for (size_t i = 0; i < registry->n_problems; i++) fprintf(stderr, "claimcheck: not loaded: %s\n", registry->problems[i]);
    return registry;
}

const char *cc_cli_store_path(const char *given)
{
    const char *set = getenv("CLAIMCHECK_STORE");
    if (given) return given;
    return set && *set ? set : "claimcheck.db";
}

cc_store *cc_cli_store(const char *given, int writer)
{
    char message[CC_MESSAGE] = "";
    const char *path = cc_cli_store_path(given);
    if (!writer && access(path, R_OK) != 0) {
        cc_cli_fail("there is no store at %s: `claimcheck run` or `verify` makes one, --store names another", path);
        return NULL;
    }
    cc_store *store = cc_store_open(path, writer, message);
    if (!store) cc_cli_fail("%s", message);
    return store;
}

static const char *const tiers[] = {"quick", "standard", "extended"};

const char *cc_cli_tier_name(int tier) { return tiers[tier]; }

int cc_cli_tier(const char *name)
{
    for (int t = 0; t < 3; t++)
        if (strcmp(name, tiers[t]) == 0) return t;
    fprintf(stderr, "claimcheck: no tier \"%s\": there are quick, standard and extended\n", name);
    return -1;
}

int cc_cli_usage(const char *command, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fprintf(stderr, "claimcheck%s%s: ", command ? " " : "", command ? command : "");
    vfprintf(stderr, format, args);
    fprintf(stderr, "\nTry `claimcheck %s%s--help`.\n", command ? command : "", command ? " " : "");
    va_end(args);
    return CC_EXIT_USAGE;
}

int cc_cli_fail(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fputs("claimcheck: ", stderr);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
    return CC_EXIT_FAILED;
}

void cc_cli_unknown(const char *kind, const char *wrong, const char *const *names, size_t n, char *text, size_t size)
{
    char near[CC_MESSAGE] = "";
    if (n > 0) cc_suggest(wrong, names, n, near, sizeof near);
    if (n == 0)
        snprintf(text, size, "no %s \"%s\": there is none at all", kind, wrong);
    else
        snprintf(text, size, "no %s \"%s\"; did you mean %s?", kind, wrong, near);
}

int cc_cli_colour(FILE *stream)
{
    const char *no = getenv("NO_COLOR");
    return isatty(fileno(stream)) && !(no && *no);
}

const char *cc_cli_verdict_colour(const char *verdict, FILE *stream)
{
    if (!cc_cli_colour(stream)) return "";
    if (strcmp(verdict, "verified") == 0) return "\033[32m";
    if (strcmp(verdict, "refuted") == 0 || strcmp(verdict, "error") == 0) return "\033[31m";
    if (strcmp(verdict, "inconclusive") == 0 || strcmp(verdict, "vacuous") == 0) return "\033[33m";
    return "\033[2m";
}

const char *cc_cli_plain(FILE *stream) { return cc_cli_colour(stream) ? "\033[0m" : ""; }

int cc_cli_width(FILE *stream)
{
    struct winsize size;
    if (!isatty(fileno(stream)) || ioctl(fileno(stream), TIOCGWINSZ, &size) != 0) return 0;
    return size.ws_col;
}

void *cc_cli_grow(void *array, size_t n, size_t size)
{
    if (n & (n - 1)) return array; /* full at powers of two only */
    void *more = reallocarray(array, n ? 2 * n : 1, size);
    if (!more) cc_cli_fail("no memory");
    return more;
}

size_t cc_cli_count(const void *list, size_t size)
{
    size_t n = 0;
    if (!list) return 0;
    for (const char *item = list; *(const void *const *)(const void *)item; item += size) n++;
    return n;
}
