/* problems/data/text.c: text files of the user's. */
#include "problems/data/data.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

cc_status data_text(cc_run *scope, const char *path, char **text)
{
    struct stat about;
    FILE *file = fopen(path, "rb");
    if (!file && (errno == ENOENT || errno == ENOTDIR)) return cc_fail(scope, CC_SKIP, "%s is absent", path);
    if (!file) return cc_fail(scope, CC_EDATA, "%s cannot be opened: %s", path, strerror(errno));
    if (fstat(fileno(file), &about) != 0 || !S_ISREG(about.st_mode)) {
        fclose(file);
        return cc_fail(scope, CC_EDATA, "%s is not a file", path);
    }
    *text = cc_alloc(scope, (size_t)about.st_size + 1, 1);
    const size_t got = *text ? fread(*text, 1, (size_t)about.st_size, file) : 0;
    fclose(file);
    if (!*text) return CC_ENOMEM;
    return got == (size_t)about.st_size ? CC_OK
                                        : cc_fail(scope, CC_EDATA, "%s: read %zu of %zu bytes", path, got, (size_t)about.st_size);
}

char *data_line(char **text)
{
    char *line = *text, *end = strchr(line, '\n');
    if (!*line) return NULL;
    *text = end ? end + 1 : line + strlen(line);
    if (end) *end = 0;
    return line;
}
