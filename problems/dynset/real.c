/* problems/dynset/real.c: hypergraphs, the dependencies of Debian packages, images as facilities. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/numerics/linalg.h"
#include "problems/data/data.h"
#include "problems/dynset/draft.h"
#include "problems/dynset/problems.h"
#include "problems/dynset/text.h"

/* ---- an element is a hyperedge, its items are the nodes ---- */

typedef struct hypergraph {
    const char *name, *sha256[2]; /* train, test */
} hypergraph;

static const hypergraph sets[] = {
    {"crime",
     {"e16b49105be062f64106eb567e2242a99d680a6679f0f0a850d51f62aae242af",
      "f822b35ef72001a09bc1ad4e3c4cd987bcb359d66e106017856e6c44954a6b9b"}},
    {"directors",
     {"fed2da020af9e0b9eaa4f4cc54e310bf47fe4ad4f0fecb97adf159fae82c40b2",
      "b27667eda7f24446dcbf24ff911a2374a60163651f7f998423419bbeabae9de2"}},
    {"enron",
     {"e31e67fa00bd425e195e5308c10bb7b4e1f18f2f240fe1dd38cd2585f8f8fcbc",
      "9ab581e697017950e3cd3a2a3e59cbedbd8758f904e6c66f65a58c38168ec355"}},
    {"foursquare",
     {"514fdc7588d99bbfc83c067df2df313a51fb8c51dd1f282fce760ef479bee01c",
      "c654e26cf0827c49658ab770b1802365c43bf3835daea809e490220d9e72015c"}},
    {"hosts",
     {"98a00a98b646130d69e638296a33f1af258238de3a7d78b74d3afded27bb9c1e",
      "033ae8058b6f49152abaedc2dbf1e0e03343bcbc013b5c45fd7b894a8d018472"}},
    {"school",
     {"a9c3a2bc328990a26c016be445e5eca84c3ecdc5dfa097649298324cb500b1ab",
      "a5bcc6010657427f9f890ae945787ab06667a97150800dd96408d2e6a620ae50"}},
    {"school2",
     {"e9a09aac4dc24c627525d7ff631933b97374623031741476fcaf56c1fedeba8a",
      "85479b21b5ab9f98819b411df803ec0ed257dcc5c34d3bac5a20acb9c3a422cd"}},
    {"dblp",
     {"a6d497f02faa3c6ff1721397f8c4a897546cfb73573047b6ffd2d1707669c30b",
      "de58be6c9b6cd400ca8942c30b675432116ecd99e84a23de6ace99b3202c5f52"}},
};

cc_status dynset_hypergraph_create(cc_run *scope, void **instance)
{
    const hypergraph *set = sets + cc_choice(scope, "set");
    const int part = cc_choice(scope, "part");
    char name[64];
    const char *path;
    char *text;
    dynset_draft draft;
    dynset_instance *p;
    snprintf(name, sizeof name, "hypergraph-%s/%s.txt", set->name, part ? "test" : "train");
    CC_TRY(cc_data_file(scope, name, set->sha256[part], &path));
    CC_TRY(data_text(scope, path, &text));
    CC_TRY(dynset_draft_open(scope, &draft));
    CC_TRY(dynset_read_sets(&draft, path, text, (size_t)cc_int(scope, "first")));
    CC_TRY(dynset_draft_close(&draft, 0, NULL, INFINITY, &p));
    *instance = p;
    return dynset_finish(scope, p);
}

/* ---- an element is a package, its items are the packages it needs ---- */

/* The names in "a (>= 1), b | c:any, ..": `use` is called for each. */
static cc_status each_name(char *list, cc_status (*use)(void *arg, char *name), void *arg)
{
    for (char *at = list; *at;) {
        at += strspn(at, " ,|");
        const size_t length = strcspn(at, " ,|(:");
        char *rest = at + length;
        rest += strcspn(rest, ",|");
        const char kept = *rest;
        if (length) {
            at[length] = 0;
            CC_TRY(use(arg, at));
        }
        if (!kept) break;
        at = rest + 1;
    }
    return CC_OK;
}

typedef struct names {
    dynset_draft *draft;
    size_t n, room;
    const char **name; /* by the number of their first mention */
    size_t slots;      /* a power of two */
    uint32_t *slot;    /* 1 + number; open addressing */
} names;

static cc_status use_name(void *arg, char *name)
{
    names *s = arg;
    uint64_t hash = UINT64_C(14695981039346656037);
    for (const char *c = name; *c; c++) hash = (hash ^ (unsigned char)*c) * UINT64_C(1099511628211);
    size_t i = hash & (s->slots - 1);
    while (s->slot[i] && strcmp(s->name[s->slot[i] - 1], name) != 0) i = (i + 1) & (s->slots - 1);
    if (!s->slot[i]) {
        if (2 * s->n >= s->slots) return cc_fail(s->draft->scope, CC_EDATA, "more than %zu names of packages", s->n);
        s->name[s->n] = name;
        s->slot[i] = (uint32_t)++s->n;
    }
    return dynset_draft_item(s->draft, s->slot[i] - 1, NULL);
}

static cc_status read_packages(cc_run *scope, char *text, dynset_draft *draft)
{
    names s = {.draft = draft, .slots = (size_t)1 << 18};
    int open = 0;
    CC_NEW(scope, s.slot, s.slots);
    CC_NEW(scope, s.name, s.slots);
    for (char *line; (line = data_line(&text));) {
        const int depends = !strncmp(line, "Depends: ", 9), before = !strncmp(line, "Pre-Depends: ", 13);
        if (!strncmp(line, "Package: ", 9)) open = 0;
        if (!depends && !before) continue;
        if (!open) CC_TRY(dynset_draft_element(draft));
        open = 1;
        CC_TRY(each_name(line + (depends ? 9 : 13), use_name, &s));
    }
    return CC_OK;
}

cc_status dynset_packages_create(cc_run *scope, void **instance)
{
    char *text;
    dynset_draft draft;
    dynset_instance *p;
    CC_TRY(data_text(scope, cc_text(scope, "path"), &text));
    CC_TRY(dynset_draft_open(scope, &draft));
    CC_TRY(read_packages(scope, text, &draft));
    CC_TRY(dynset_draft_close(&draft, 0, NULL, INFINITY, &p));
    *instance = p;
    return dynset_finish(scope, p);
}

/* ---- every image is a client and a facility; the score is the cosine of two images ---- */

static cc_status unit_rows(cc_run *scope, size_t n, size_t d, double *a)
{
    for (size_t i = 0; i < n; i++) {
        const double norm = cc_norm(d, a + i * d);
        if (!(norm > 0)) return cc_fail(scope, CC_EDATA, "image %zu is black", i);
        cc_scale(d, 1 / norm, a + i * d);
    }
    return CC_OK;
}

static cc_status read_images(cc_run *scope, size_t n, int fashion, size_t *d, double **a)
{
    data_images images;
    data_table table;
    if (!fashion) {
        CC_TRY(data_read(scope, "digits", &table));
        if (n > table.n) return cc_fail(scope, CC_EINVAL, "%zu images; there are %zu", n, table.n);
        *d = table.features, *a = table.a;
        return CC_OK;
    }
    CC_TRY(data_fashion_mnist(scope, DATA_TRAIN, n, &images));
    *d = images.rows * images.cols;
    CC_NEW(scope, *a, n * *d);
    for (size_t i = 0; i < n * *d; i++) (*a)[i] = images.pixels[i];
    return CC_OK;
}

cc_status dynset_images_create(cc_run *scope, void **instance)
{
    enum { BLOCK = 64 };
    const size_t n = (size_t)cc_int(scope, "n");
    dynset_scores *s;
    dynset_instance *p;
    size_t d = 0;
    double *a = NULL, *product;
    float *score;
    CC_NEW(scope, s, 1);
    CC_NEW(scope, p, 1);
    CC_NEW(scope, score, n * n);
    CC_NEW(scope, product, BLOCK * n);
    CC_TRY(read_images(scope, n, cc_choice(scope, "data"), &d, &a));
    CC_TRY(unit_rows(scope, n, d, a));
    for (size_t i = 0; i < n; i += BLOCK) {
        const size_t rows = n - i < BLOCK ? n - i : BLOCK;
        cc_gemm(0, 1, rows, n, d, 1, a + i * d, a, 0, product);
        for (size_t j = 0; j < rows * n; j++) score[i * n + j] = dynset_score(product[j]);
    }
    *s = (dynset_scores){.n = n, .clients = n, .score = score};
    *p = (dynset_instance){.f = &dynset_facility, .data = s, .n = n, .stream_seed = cc_seed(scope)};
    *instance = p;
    return dynset_finish(scope, p);
}
