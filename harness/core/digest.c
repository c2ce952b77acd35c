/* Digests: of bytes, of files, of modules. A module's cells depend on its own code and on what it takes of the numerics, and on no
 * more of them: `<module>.digest` names the digest of its objects and what they take from elsewhere; numerics.digest gives for each
 * name of the numerics, and of verify/table.c that holds a cell's rows, a digest of all that it needs. The two are read together
 * when a module is loaded, so whichever was built last counts. */
#include <dlfcn.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include <openssl/evp.h>

#include "harness/core/scope.h"

enum { NAME = 256 }; /* longer names are cut */

static void hex_of(const unsigned char *digest, char hex[65])
{
    for (int i = 0; i < 32; i++) sprintf(hex + 2 * i, "%02x", digest[i]);
}

void cc_sha256(const void *data, size_t size, char hex[65])
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    hex[0] = 0;
    if (EVP_Digest(data, size, digest, NULL, EVP_sha256(), NULL)) hex_of(digest, hex);
}

static int add_file(EVP_MD_CTX *context, const char *path)
{
    unsigned char buffer[1 << 16];
    FILE *file = *path ? fopen(path, "rb") : NULL;
    int ok = file != NULL;
    for (size_t n; ok && (n = fread(buffer, 1, sizeof buffer, file)) > 0;) ok = EVP_DigestUpdate(context, buffer, n);
    ok = ok && !ferror(file);
    if (file) fclose(file);
    return ok;
}

static EVP_MD_CTX *begin(void)
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    if (context && EVP_DigestInit_ex(context, EVP_sha256(), NULL)) return context;
    EVP_MD_CTX_free(context);
    return NULL;
}

static int end(EVP_MD_CTX *context, int ok, char hex[65])
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    ok = ok && EVP_DigestFinal_ex(context, digest, NULL);
    if (ok) hex_of(digest, hex);
    EVP_MD_CTX_free(context);
    return ok ? 0 : -1;
}

int cc_sha256_file(const char *path, char hex[65])
{
    EVP_MD_CTX *context = begin();
    return end(context, context && add_file(context, path), hex);
}

/* The next line of a table, "name hex"; what is no such line ends it. */
static int next_entry(FILE *table, char name[NAME], char hex[65])
{
    char line[NAME + 80];
    return fgets(line, sizeof line, table) && sscanf(line, "%255s %64s", name, hex) == 2;
}

/* Adds the entries of the table that `file` names, a name a line, both in ascending order. Returns how many names there were. */
static size_t add_named(EVP_MD_CTX *context, FILE *file, FILE *table)
{
    char line[NAME + 80], name[NAME], entry[NAME] = "", hex[65] = "";
    size_t n = 0;
    int more = 1;
    while (fgets(line, sizeof line, file) && sscanf(line, "%255s", name) == 1) {
        n++;
        while (more && strcmp(entry, name) < 0) more = next_entry(table, entry, hex);
        if (!more || strcmp(entry, name)) continue;
        EVP_DigestUpdate(context, entry, strlen(entry) + 1);
        EVP_DigestUpdate(context, hex, 64);
    }
    return n;
}

/* The whole of the library that this is in. */
static int add_library(EVP_MD_CTX *context)
{
    Dl_info library;
    return dladdr((void *)(uintptr_t)cc_sha256, &library) && add_file(context, library.dli_fname);
}

int cc_digest_listed(const char *listed, const char *numerics, char hex[65])
{
    char own[66];
    FILE *file = *listed ? fopen(listed, "r") : NULL, *table = *numerics ? fopen(numerics, "r") : NULL;
    EVP_MD_CTX *context = begin();
    int ok = context && file && fgets(own, sizeof own, file) && strspn(own, "0123456789abcdef") == 64;
    if (ok) ok = EVP_DigestUpdate(context, own, 64);
    /* What is not known to be independent depends on everything. */
    if (ok && !(table && add_named(context, file, table))) ok = add_library(context);
    if (file) fclose(file);
    if (table) fclose(table);
    return end(context, ok, hex);
}

const char *cc_core_digest(void)
{
    static char hex[65];
    if (!hex[0] && cc_digest_listed(cc_home("core.digest"), cc_home("numerics.digest"), hex) < 0) strcpy(hex, "unknown");
    return hex;
}

void cc_digest_module(const char *path, char hex[65])
{
    char beside[PATH_MAX + 8];
    snprintf(beside, sizeof beside, "%s.digest", path);
    if (cc_digest_listed(beside, cc_home("numerics.digest"), hex) == 0) return;
    EVP_MD_CTX *context = begin();
    if (end(context, context && add_file(context, path) && add_library(context), hex) < 0) strcpy(hex, "unreadable");
}

const char *cc_module_digest(const cc_module *module)
{
    if (!*module->digest) cc_digest_module(module->path, module->digest);
    return module->digest;
}
