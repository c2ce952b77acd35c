/* harness/engine/environment.c: where cells are run. The host's name is kept as a hash: enough to tell machines apart. */
#include "harness/engine/internal.h"

#include <cJSON.h>
#include <cblas.h>
#include <math.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#ifdef __clang__
static const char compiler[] = __VERSION__;
#else
static const char compiler[] = "gcc " __VERSION__;
#endif
static const char commit[] =
#include "commit.inc"
    ;

/* The value after `key` and `separator` in a file of such lines, without quotes; "" if there is none. */
static void file_value(const char *path, const char *key, char separator, char *value, size_t size)
{
    char line[1024];
    *value = 0;
    FILE *file = fopen(path, "re");
    if (!file) return;
    while (!*value && fgets(line, sizeof line, file)) {
        char *end = strchr(line, separator);
        if (strncmp(line, key, strlen(key)) != 0 || !end) continue;
        char *start = end + 1 + strspn(end + 1, " \t\"");
        start[strcspn(start, "\"\n")] = 0;
        snprintf(value, size, "%s", start);
    }
    fclose(file);
}

static void host_digest(char digest[65])
{
    char name[256] = "";
    gethostname(name, sizeof name - 1);
    cc_sha256(name, strlen(name), digest);
    digest[12] = 0;
}

static double cores(void)
{
    cpu_set_t set;
    return sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : (double)sysconf(_SC_NPROCESSORS_ONLN);
}

char *cc_environment_json(void)
{
    char host[65], cpu[256], os[256];
    struct utsname system = {0};
    cJSON *o = cJSON_CreateObject();
    host_digest(host);
    file_value("/proc/cpuinfo", "model name", ':', cpu, sizeof cpu);
    file_value("/etc/os-release", "PRETTY_NAME", '=', os, sizeof os);
    uname(&system);
    cJSON_AddStringToObject(o, "host", host);
    cJSON_AddStringToObject(o, "cpu", *cpu ? cpu : system.machine);
    cJSON_AddNumberToObject(o, "cores", cores());
    cJSON_AddNumberToObject(o, "memory_mb", floor((double)sysconf(_SC_PHYS_PAGES) * (double)sysconf(_SC_PAGESIZE) / 1048576));
    cJSON_AddStringToObject(o, "os", os);
    cJSON_AddStringToObject(o, "kernel", system.release);
    cJSON_AddStringToObject(o, "compiler", compiler);
    cJSON_AddStringToObject(o, "flags", CLAIMCHECK_FLAGS);
    cJSON_AddStringToObject(o, "blas", openblas_get_config());
    cJSON_AddStringToObject(o, "commit", commit);
    cJSON_AddStringToObject(o, "claimcheck", CLAIMCHECK_VERSION);
    char *json = cJSON_PrintUnformatted(o);
    cJSON_Delete(o);
    return json;
}
