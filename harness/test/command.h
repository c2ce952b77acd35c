/* harness/test/command.h: runs the command (environment variable CLAIMCHECK) without a shell and keeps what it says. */
#ifndef CLAIMCHECK_HARNESS_TEST_COMMAND_H
#define CLAIMCHECK_HARNESS_TEST_COMMAND_H

#include "harness/test/scratch.h"

#include <cJSON.h>
#include <fcntl.h>
#include <sys/wait.h>

static char said_out[1 << 20], said_err[1 << 16]; /* of the last command */

static inline void read_said(const char *name, char *to, size_t size)
{
    char path[128];
    snprintf(path, sizeof path, "%s/%s", scratch_folder, name);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    size_t n = fread(to, 1, size - 1, file);
    assert_true(n + 1 < size);
    to[n] = 0;
    fclose(file);
}

static inline void send_to(const char *name, int descriptor)
{
    char path[128];
    snprintf(path, sizeof path, "%s/%s", scratch_folder, name);
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (file < 0 || dup2(file, descriptor) < 0) _exit(127);
}

/* `words`: the command line, ended by NULL. The exit code; a crash of the command fails the test. */
static inline int command(const char *const *words)
{
    const char *program = getenv("CLAIMCHECK"), *line[32] = {"claimcheck"};
    int status;
    assert_non_null(program);
    for (size_t i = 0; words[i]; i++) line[i + 1] = words[i];
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        send_to("said.out", STDOUT_FILENO);
        send_to("said.err", STDERR_FILENO);
        execv(program, (char *const *)(const void *)line);
        _exit(127);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    read_said("said.out", said_out, sizeof said_out);
    read_said("said.err", said_err, sizeof said_err);
    if (!WIFEXITED(status))
        fail_msg("`claimcheck %s` ended by signal %d: %s", words[0] ? words[0] : "", WTERMSIG(status), said_err);
    assert_int_not_equal(WEXITSTATUS(status), 127);
    return WEXITSTATUS(status);
}

#define COMMAND(...) command((const char *const[]){__VA_ARGS__, NULL})

/* What the last command printed, as JSON; to be deleted. */
static inline cJSON *said_json(void)
{
    cJSON *json = cJSON_Parse(said_out);
    if (!json) fail_msg("not JSON: %.400s", said_out);
    return json;
}

static inline const char *text_of(const cJSON *json, const char *name)
{
    const cJSON *field = cJSON_GetObjectItemCaseSensitive(json, name);
    if (!cJSON_IsString(field)) fail_msg("no text \"%s\"", name);
    return field->valuestring;
}

static inline double number_of(const cJSON *json, const char *name)
{
    const cJSON *field = cJSON_GetObjectItemCaseSensitive(json, name);
    if (!cJSON_IsNumber(field)) fail_msg("no number \"%s\"", name);
    return field->valuedouble;
}

/* Only this folder's plug-ins beside the build tree's, and a store in the test's own folder. */
static inline int command_setup(void **state)
{
    char path[512];
    const char *build = getenv("CLAIMCHECK_BUILD");
    if (!build || scratch_make(state) != 0) return -1;
    snprintf(path, sizeof path, "%s/test/plugins", build);
    setenv("CLAIMCHECK_PLUGIN_PATH", path, 1);
    setenv("CLAIMCHECK_STORE", scratch("test.db"), 1);
    return 0;
}

#endif
