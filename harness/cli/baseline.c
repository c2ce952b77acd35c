/* harness/cli/baseline.c: see baseline.h. */
#include "harness/cli/baseline.h"

#include <errno.h>
#include <string.h>

/* The verdict known of a claim at a tier: 1, 0 if none is, -1 after telling what is wrong with the file. */
static int known_verdict(const char *folder, const char *plugin, const char *claim, const char *tier, char verdict[32])
{
    char path[4096], line[512], at_claim[256], at_tier[32];
    int found = 0;
    snprintf(path, sizeof path, "%s/%s.txt", folder, plugin);
    FILE *file = fopen(path, "r");
    if (!file && errno == ENOENT) return 0;
    if (!file) return cc_cli_fail("%s: %s", path, strerror(errno)), -1;
    for (int number = 1; found == 0 && fgets(line, sizeof line, file); number++) {
        if (line[0] == '#' || line[strspn(line, " \t\r\n")] == 0) continue;
        if (sscanf(line, "%255s %31s %31s", at_claim, at_tier, verdict) != 3) {
            cc_cli_fail("%s:%d: not \"claim tier verdict\"", path, number);
            found = -1;
        } else
            found = strcmp(at_claim, claim) == 0 && strcmp(at_tier, tier) == 0;
    }
    fclose(file);
    return found;
}

int cc_baseline_compare(const char *folder, const cc_evidence *evidence, size_t n, FILE *out)
{
    int differ = 0;
    for (size_t i = 0; i < n; i++) {
        const cc_evidence *e = &evidence[i];
        const char *plugin = e->module->plugin->id, *tier = cc_cli_tier_name(e->tier), *verdict = cc_evidence_verdict(e);
        char known[32] = "";
        int found = known_verdict(folder, plugin, e->claim->id, tier, known);
        if (found < 0) return -1;
        if (found ? strcmp(known, verdict) == 0 : cc_evidence_passes(e)) continue;
        fprintf(out, "%s.%s, %s tier: %s, %s %s\n", plugin, e->claim->id, tier, verdict,
                found ? "the baseline says" : "and no baseline says so", known);
        differ++;
    }
    return differ;
}
