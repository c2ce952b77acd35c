/* Artefacts: made once under a lock, kept by content in a cache folder, mapped read-only. */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/core/scope.h"

typedef struct mapped { /* mappings last as long as the process: instances refer to them */
    struct mapped *next;
    char hex[65];
    const void *data;
    size_t bytes;
} mapped;

static mapped *mappings;

static int cache_folder(char *path, size_t size)
{
    const char *own = getenv("CLAIMCHECK_CACHE"), *xdg = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
    if (own && *own)
        snprintf(path, size, "%s", own);
    else if (xdg && *xdg)
        snprintf(path, size, "%s/claimcheck", xdg);
    else
        snprintf(path, size, "%s/.cache/claimcheck", home && *home ? home : "/tmp");
    for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = 0;
        mkdir(path, 0777);
        *slash = '/';
    }
    return mkdir(path, 0777) == 0 || errno == EEXIST ? 0 : -1;
}

static cc_status map_file(cc_run *scope, const char *path, const char *hex, const void **data, size_t *bytes)
{
    struct stat info;
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0 || fstat(file, &info) < 0) {
        if (file >= 0) close(file);
        return CC_SKIP;
    }
    void *memory = info.st_size > 0 ? mmap(NULL, (size_t)info.st_size, PROT_READ, MAP_SHARED, file, 0) : NULL;
    close(file);
    if (memory == MAP_FAILED) return cc_fail(scope, CC_EDATA, "%s cannot be mapped: %s", path, strerror(errno));
    mapped *m = malloc(sizeof *m);
    if (!m) return cc_fail(scope, CC_ENOMEM, "no memory for an artefact");
    *m = (mapped){.next = mappings, .data = memory, .bytes = (size_t)info.st_size};
    memcpy(m->hex, hex, 65);
    mappings = m;
    *data = memory;
    *bytes = m->bytes;
    return CC_OK;
}

/* Written beside and renamed: a killed maker leaves nothing that could be taken for the artefact. */
static cc_status make_file(cc_run *scope, const char *path, cc_maker make, const void *arg)
{
    char beside[PATH_MAX + 32];
    cc_run own;
    void *data = NULL;
    size_t bytes = 0;
    cc_scope_open(&own, CC_ROLE_PROBLEM, scope->seed, scope->limit);
    memcpy(own.values, scope->values, sizeof own.values);
    uint64_t flops = cc_flops_now();
    cc_status status = make(&own, arg, &data, &bytes);
    cc_flops_restore(flops);
    snprintf(beside, sizeof beside, "%s.%ld", path, (long)getpid());
    if (status != CC_OK)
        cc_fail(scope, status, "%s", own.message);
    else {
        FILE *file = fopen(beside, "wb");
        int written = file && fwrite(data, 1, bytes, file) == bytes;
        written = file && fclose(file) == 0 && written && rename(beside, path) == 0;
        if (!written) {
            status = cc_fail(scope, CC_EDATA, "artefact %s cannot be written: %s", path, strerror(errno));
            unlink(beside);
        }
    }
    cc_scope_close(&own);
    return status;
}

/* The digest of the module that the maker is in: what it makes is as old as its code. */
static void maker_digest(cc_maker make, char hex[65])
{
    Dl_info module;
    void *address;
    memcpy(&address, &make, sizeof address);
    snprintf(hex, 65, "unknown");
    if (dladdr(address, &module) && module.dli_fname) cc_digest_module(module.dli_fname, hex);
}

cc_status cc_artefact(cc_run *scope, const char *key, cc_maker make, const void *arg, const void **data, size_t *bytes)
{
    char folder[PATH_MAX - 100], path[PATH_MAX], lock[PATH_MAX + 8], hex[65];
    maker_digest(make, hex);
    char *text = cc_format("%s\n%s\n%s", cc_core_digest(), hex, key);
    *data = NULL; /* nothing is mapped yet */
    if (!text) return cc_fail(scope, CC_ENOMEM, "no memory for an artefact");
    cc_sha256(text, strlen(text), hex);
    free(text);
    for (const mapped *m = mappings; m; m = m->next)
        if (!strcmp(m->hex, hex)) {
            *data = m->data;
            *bytes = m->bytes;
            return CC_OK;
        }
    if (cache_folder(folder, sizeof folder) < 0)
        return cc_fail(scope, CC_EDATA, "cache folder %s cannot be made: %s", folder, strerror(errno));
    snprintf(path, sizeof path, "%s/%s", folder, hex);
    snprintf(lock, sizeof lock, "%s.lock", path);
    cc_status status = map_file(scope, path, hex, data, bytes);
    if (status != CC_SKIP) return status;
    int held = open(lock, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (held < 0 || flock(held, LOCK_EX) < 0) {
        if (held >= 0) close(held);
        return cc_fail(scope, CC_EDATA, "lock %s cannot be taken: %s", lock, strerror(errno));
    }
    status = map_file(scope, path, hex, data, bytes);
    if (status == CC_SKIP) status = make_file(scope, path, make, arg);
    if (status == CC_OK && !*data) status = map_file(scope, path, hex, data, bytes);
    close(held);
    return status;
}
