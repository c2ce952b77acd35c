/* Modules that cannot be loaded are named with the reason, and cost nothing else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "harness/core/core.h"

static const char *problem_of(const cc_registry *registry, const char *file)
{
    for (size_t i = 0; i < registry->n_problems; i++)
        if (strstr(registry->problems[i], file)) return registry->problems[i];
    fail_msg("nothing is said of %s", file);
    return "";
}

static void says(const cc_registry *registry, const char *file, const char *part)
{
    if (!strstr(problem_of(registry, file), part)) fail_msg("'%s' is not in: %s", part, problem_of(registry, file));
}

static void test_broken_modules(void **unused)
{
    (void)unused;
    char folder[] = "/tmp/claimcheck-modules-XXXXXX", path[256];
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/truncated.so", folder);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs("\177ELF, or so it says", file);
    fclose(file);
    char folders[512];
    snprintf(folders, sizeof folders, "%s:%s:%s/second:/no/such/folder", BROKEN_PLUGINS, folder, folder);
    snprintf(path, sizeof path, "%s/second", folder);
    assert_int_equal(mkdir(path, 0700), 0);
    char link[300];
    snprintf(link, sizeof link, "%s/twice_again.so", path);
    assert_int_equal(symlink(BROKEN_PLUGINS "/twice.so", link), 0);
    setenv("CLAIMCHECK_PLUGIN_PATH", folders, 1);
    cc_registry *registry = cc_registry_open();
    assert_non_null(registry);
    says(registry, "crash.so", "loading it ends the process (Aborted)");
    says(registry, "other_abi.so", "interface 7; this claimcheck speaks 1");
    says(registry, "no_plugin.so", "not a plug-in");
    says(registry, "no_control.so", "claim 'c' has no negative control");
    says(registry, "truncated.so", "");
    says(registry, "twice_again.so", "loaded already");
    assert_non_null(cc_find_plugin(registry, "twice"));
    assert_int_equal(strlen(cc_module_digest(cc_find_plugin(registry, "twice"))), 64);
    assert_null(cc_find_plugin(registry, "no_control"));
    cc_registry_close(registry);
    snprintf(path, sizeof path, "rm -r '%s'", folder);
    assert_int_equal(system(path), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_broken_modules)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
