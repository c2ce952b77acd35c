/* ci/fuzz/fuzz_set.c: bytes -> the text of axes, sets and parameters. */
#include <ctype.h>

#include "ci/fuzz/fuzz.h"
#include "harness/core/scope.h"

static const cc_param params[] = {{"real", CC_REAL, "1", 0, 0, NULL, NULL, NULL},
                                  {"auto", CC_REAL, "auto", -1, 1, NULL, NULL, "may be auto"},
                                  {"count", CC_INT, "3", 1, 1e9, NULL, NULL, NULL},
                                  {"flag", CC_BOOL, "false", 0, 0, NULL, NULL, NULL},
                                  {"kind", CC_CHOICE, "chol", 0, 0, "chol woodbury cg", NULL, NULL},
                                  {"text", CC_TEXT, "", 0, 0, NULL, NULL, NULL},
                                  {0}};

static void check_words(const char *text, char separator)
{
    cc_words words = cc_words_split(text, separator);
    for (size_t i = 0; i < words.n; i++) {
        const char *word = words.item[i];
        size_t n = strlen(word);
        promise(n > 0 && !isspace((unsigned char)word[0]) && !isspace((unsigned char)word[n - 1]), "a word is trimmed, not empty");
        promise(strstr(text, word) != NULL, "a word is of the text");
    }
    cc_words_free(&words);
}

/* What an axis gives at a tier begins with what it gives at the tier below. */
static void check_axis(const char *text)
{
    cc_words below = {0};
    for (int tier = 0; tier < 3; tier++) {
        cc_words words = cc_axis_words(text, tier);
        promise(words.n >= below.n, "tiers nest");
        for (size_t i = 0; i < below.n; i++) promise(!strcmp(words.item[i], below.item[i]), "tiers keep their order");
        cc_words_free(&below);
        below = words;
    }
    cc_words_free(&below);
}

/* A value's canonical text means the value. */
static void check_values(const char *text)
{
    char message[CC_MESSAGE] = "";
    cc_values values;
    promise(cc_values_default(&values, params, message) == CC_OK, "the defaults are valid");
    for (const cc_param *p = params; p->name; p++) {
        const cc_value *value = cc_values_find(&values, p->name);
        cc_status status = cc_values_set(&values, p->name, text, message);
        promise(status == CC_OK || (message[0] && memchr(message, 0, sizeof message)), "what is refused is explained");
        if (status != CC_OK) continue;
        char *canonical = strdup(value->text);
        promise(canonical && cc_values_set(&values, p->name, canonical, message) == CC_OK, "canonical text is valid");
        promise(!strcmp(canonical, value->text), "canonical text is its own");
        promise(p->type != CC_INT || (value->integer >= 1 && value->integer <= 1000000000), "an integer is in its range");
        free(canonical);
    }
    promise(cc_values_set(&values, "absent", text, message) == CC_SKIP, "an undeclared name is skipped");
    char *all = strdup("");
    cc_values_canonical(&values, &all);
    promise(all != NULL, "values have a text");
    free(all);
    cc_values_free(&values);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char separators[] = " |,;";
    if (size > 2000) return 0;
    size_t ranges = 0; /* each may have 100000 values: legal, and slow */
    for (size_t i = 1; i < size; i++) ranges += data[i] == '.' && data[i - 1] == '.';
    if (ranges > 3) return 0;
    char separator = separators[size ? data[0] % 4 : 0];
    char *text = as_text(size ? data + 1 : data, size ? size - 1 : 0);
    check_words(text, separator);
    check_axis(text);
    for (int tier = 0; tier < 3; tier++) free(cc_set_at_tier(text, tier));
    check_values(text);
    free(text);
    return 0;
}
