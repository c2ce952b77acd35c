/* Where things are: the build tree and the install prefix have one layout, found from where libclaimcheck itself lies. */
#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/core/scope.h"

static char library[PATH_MAX], share[PATH_MAX], paths[7][PATH_MAX + 32];

static void find_home(void)
{
    static const char *const up[] = {"/..", "/../.."}; /* lib, or lib/<architecture> */
    Dl_info info;
    if (!dladdr((void *)(uintptr_t)cc_home, &info) || !realpath(info.dli_fname, library)) return;
    *strrchr(library, '/') = 0;
    for (size_t i = 0; i < 2 && !share[0]; i++) {
        char path[PATH_MAX + 64];
        snprintf(path, sizeof path, "%s%s/share/claimcheck", library, up[i]);
        if (!realpath(path, share)) share[0] = 0;
    }
    snprintf(paths[0], sizeof paths[0], "%s/claimcheck/plugins", library);
    snprintf(paths[1], sizeof paths[1], "%s/claimcheck/families", library);
    snprintf(paths[2], sizeof paths[2], "%s/data", share);
    snprintf(paths[3], sizeof paths[3], "%s/reports", share);
    snprintf(paths[4], sizeof paths[4], "%s/figures", share);
    snprintf(paths[5], sizeof paths[5], "%s/claimcheck/core.digest", library);
    snprintf(paths[6], sizeof paths[6], "%s/claimcheck/numerics.digest", library);
}

const char *cc_home(const char *what)
{
    static const char *const names[] = {"plugins", "families", "data", "reports", "figures", "core.digest", "numerics.digest"};
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, find_home);
    if (!strcmp(what, "share")) return share;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (!strcmp(what, names[i])) return access(paths[i], R_OK) == 0 ? paths[i] : "";
    return "";
}

/* ---- data files ---- */

static cc_status data_checked(cc_run *scope, const char *path, const char *sha256)
{
    char hex[65];
    if (!sha256) return CC_OK;
    if (cc_sha256_file(path, hex) < 0) return cc_fail(scope, CC_EDATA, "%s cannot be read: %s", path, strerror(errno));
    if (strcmp(hex, sha256))
        return cc_fail(scope, CC_EDATA, "%s is not the file that is meant: its SHA-256 is %.16s.., not %.16s..", path, hex, sha256);
    return CC_OK;
}

cc_status cc_data_file(cc_run *scope, const char *name, const char *sha256, const char **path)
{
    const char *folders[] = {name[0] == '/' ? "" : cc_home("data"), name[0] == '/' ? NULL : getenv("CLAIMCHECK_DATA")};
    char *found;
    CC_NEW(scope, found, PATH_MAX);
    *path = found;
    for (int i = 0; i < 2; i++) {
        if (!folders[i]) continue;
        int n = snprintf(found, PATH_MAX, "%s%s%s", folders[i], name[0] == '/' ? "" : "/", name);
        if (n < PATH_MAX && access(found, R_OK) == 0) return data_checked(scope, found, sha256);
    }
    return cc_fail(scope, CC_SKIP, "data file '%s' is not here%s", name,
                   name[0] == '/' ? " (its Debian package is not installed)" : " (nor in CLAIMCHECK_DATA)");
}
