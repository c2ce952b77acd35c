/* Modules: every shared object in the plug-in folders that exports cc_plugin_1 and passes validation. */
#include <dirent.h>
#include <dlfcn.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/core/scope.h"

void openblas_set_num_threads(int n);

static const char symbol[] = "cc_plugin_1";

static void problem_add(cc_registry *registry, const char *path, const char *why)
{
    char **grown = realloc(registry->problems, (registry->n_problems + 1) * sizeof *grown);
    if (!grown) return;
    registry->problems = grown;
    grown[registry->n_problems] = cc_format("%s: %s", path, why);
    if (grown[registry->n_problems]) registry->n_problems++;
}

static int is_module(const struct dirent *entry)
{
    size_t length = strlen(entry->d_name);
    return length > 3 && !strcmp(entry->d_name + length - 3, ".so");
}

static void scan_folder(const char *folder, cc_words *files)
{
    struct dirent **entries;
    int n = *folder ? scandir(folder, &entries, is_module, alphasort) : 0;
    for (int i = 0; i < n; i++) {
        char **item = realloc(files->item, (files->n + 1) * sizeof *item);
        if (item) {
            files->item = item;
            item[files->n] = cc_format("%s/%s", folder, entries[i]->d_name);
            if (item[files->n]) files->n++;
        }
        free(entries[i]);
    }
    if (n > 0) free(entries);
}

static cc_words find_files(void)
{
    cc_words files = {0}, folders = cc_words_split(getenv("CLAIMCHECK_PLUGIN_PATH"), ':');
    for (size_t i = 0; i < folders.n; i++) scan_folder(folders.item[i], &files);
    scan_folder(cc_home("families"), &files);
    scan_folder(cc_home("plugins"), &files);
    cc_words_free(&folders);
    return files;
}

/* A child loads the files from `first` on and says by one byte each that it survived. Returns the index that killed it, or
 * files->n. */
static size_t trial(const cc_words *files, size_t first, int *signal_number)
{
    int ends[2], status = 0;
    char byte;
    size_t survived = first;
    *signal_number = 0;
    if (pipe(ends) < 0) return files->n;
    pid_t child = fork();
    if (child == 0) {
        alarm(20);
        for (size_t i = first; i < files->n; i++) {
            dlopen(files->item[i], RTLD_NOW | RTLD_LOCAL);
            if (write(ends[1], "x", 1) != 1) _exit(1);
        }
        _exit(0);
    }
    close(ends[1]);
    while (child > 0 && read(ends[0], &byte, 1) == 1) survived++;
    close(ends[0]);
    if (child > 0) waitpid(child, &status, 0);
    if (WIFSIGNALED(status)) *signal_number = WTERMSIG(status);
    return survived < files->n && (WIFSIGNALED(status) || status != 0) ? survived : files->n;
}

/* Tells a plug-in of another ABI from a file that is no plug-in. */
static void say_no_symbol(cc_registry *registry, void *handle, const char *path)
{
    char other[32], why[160];
    for (int version = 0; version < 100; version++) {
        snprintf(other, sizeof other, "cc_plugin_%d", version);
        if (!dlsym(handle, other)) continue;
        snprintf(why, sizeof why, "was built for plug-in interface %d; this claimcheck speaks 1: build it again", version);
        problem_add(registry, path, why);
        return;
    }
    problem_add(registry, path, "exports no symbol cc_plugin_1: not a plug-in");
}

static void load(cc_registry *registry, const char *path)
{
    void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!handle) {
        problem_add(registry, path, dlerror());
        return;
    }
    const cc_plugin *plugin = dlsym(handle, symbol);
    if (!plugin) {
        say_no_symbol(registry, handle, path);
        dlclose(handle);
        return;
    }
    const char *wrong = cc_plugin_wrong(plugin);
    if (!wrong && cc_find_plugin(registry, plugin->id))
        wrong = "a plug-in of that id is loaded already, from a folder that comes before";
    char *text = strdup(path), *digest = calloc(65, 1);
    cc_module *modules = wrong || !text || !digest ? NULL : realloc(registry->modules, (registry->n_modules + 1) * sizeof *modules);
    if (!modules) {
        free(text);
        free(digest);
        problem_add(registry, path, wrong ? wrong : "no memory");
        dlclose(handle);
        return;
    }
    registry->modules = modules;
    modules[registry->n_modules++] = (cc_module){.path = text, .handle = handle, .plugin = plugin, .digest = digest};
}

static int by_id(const void *a, const void *b)
{
    return strcmp(((const cc_module *)a)->plugin->id, ((const cc_module *)b)->plugin->id);
}

cc_registry *cc_registry_open(void)
{
    cc_registry *registry = calloc(1, sizeof *registry);
    if (!registry) return NULL;
    openblas_set_num_threads(1);
    cc_words files = find_files();
    for (size_t next = 0; next < files.n;) {
        int signal_number;
        char why[96];
        size_t stop = trial(&files, next, &signal_number);
        for (; next < stop; next++) load(registry, files.item[next]);
        if (stop == files.n) break;
        snprintf(why, sizeof why, "loading it ends the process (%s)", signal_number ? strsignal(signal_number) : "exit");
        problem_add(registry, files.item[next++], why);
    }
    cc_words_free(&files);
    if (registry->n_modules) qsort(registry->modules, registry->n_modules, sizeof *registry->modules, by_id);
    return registry;
}

void cc_registry_close(cc_registry *registry)
{
    if (!registry) return;
    for (size_t i = 0; i < registry->n_modules; i++) {
        dlclose(registry->modules[i].handle);
        free(registry->modules[i].path);
        free(registry->modules[i].digest);
    }
    for (size_t i = 0; i < registry->n_problems; i++) free(registry->problems[i]);
    free(registry->problems);
    free(registry->modules);
    free(registry);
}

const cc_module *cc_find_plugin(const cc_registry *registry, const char *id)
{
    for (size_t i = 0; i < registry->n_modules; i++)
        if (!strcmp(registry->modules[i].plugin->id, id)) return &registry->modules[i];
    return NULL;
}

const cc_algorithm *cc_find_algorithm(const cc_registry *registry, const char *id, const cc_module **owner)
{
    for (size_t i = 0; i < registry->n_modules; i++)
        for (const cc_algorithm *a = registry->modules[i].plugin->algorithms; a && a->id; a++)
            if (!strcmp(a->id, id)) {
                *owner = &registry->modules[i];
                return a;
            }
    return NULL;
}

const cc_problem *cc_find_problem(const cc_registry *registry, const char *id, const cc_module **owner)
{
    for (size_t i = 0; i < registry->n_modules; i++)
        for (const cc_problem *p = registry->modules[i].plugin->problems; p && p->id; p++)
            if (!strcmp(p->id, id)) {
                *owner = &registry->modules[i];
                return p;
            }
    return NULL;
}

const cc_family *cc_find_family(const cc_registry *registry, const char *id, const cc_module **owner)
{
    for (size_t i = 0; i < registry->n_modules; i++)
        for (const cc_family *f = registry->modules[i].plugin->families; f && f->id; f++)
            if (!strcmp(f->id, id)) {
                *owner = &registry->modules[i];
                return f;
            }
    return NULL;
}
