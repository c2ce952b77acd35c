/* problems/dynset/test_readers.c: data from files and packages, and what must be refused. */
#include "problems/dynset/test.h"

static void test_packages(void **state)
{
    static const char *const text =
        "Package: a\nStatus: install ok\nDepends: b (>= 1), c | d:any,e\n\nPackage: b\nPre-Depends: c\nDepends: e, e (<< 2)\n\n"
        "Package: c\nDescription: nothing\n Depends: z\n";
    char path[64], problem[128];
    (void)state;
    write_text(text, path);
    snprintf(problem, sizeof problem, "dynset.packages(path=%s)", path);
    cc_run *run = cc_test_run(problem, 0);
    unlink(path);
    const dynset_cover *c = instance_of(run)->data;
    const uint32_t items[] = {0, 1, 2, 3, 1, 3};
    assert_int_equal(c->n, 2);
    assert_int_equal(c->items, 4);
    assert_int_equal(c->begin[1], 4);
    assert_int_equal(c->begin[2], 6);
    assert_memory_equal(c->item, items, sizeof items);
    cc_test_close(run);
}

static void test_images(void **state)
{
    cc_run *run = cc_test_run("dynset.images(data=digits,n=70)", 0);
    const dynset_scores *c = instance_of(run)->data;
    (void)state;
    for (size_t i = 0; i < 70; i++) {
        assert_true(fabs((double)c->score[i * 70 + i] - 1) < 1e-6);
        for (size_t j = 0; j < 70; j++) assert_true(c->score[i * 70 + j] == c->score[j * 70 + i] && c->score[i * 70 + j] >= 0);
    }
    assert_true(fabs((double)c->score[1] - .519) < .001); /* the cosine of the first two digits, by numpy */
    cc_test_close(run);
}

static void test_hypergraph(void **state)
{
    char message[512];
    (void)state;
    const cc_status status = cc_test_try(NULL, "dynset.hypergraph(set=school,first=100)", 0, message);
    if (status == CC_SKIP) { /* the data are not here: the reason is named */
        assert_non_null(strstr(message, "hypergraph-school/train.txt"));
        return;
    }
    cc_run *run = cc_test_run("dynset.hypergraph(set=school,first=100)", 0);
    const dynset_cover *c = instance_of(run)->data;
    assert_int_equal(c->n, 100);
    assert_true(c->item[0] == 206 && c->item[1] == 217 && c->begin[2] == 5); /* "206 217", "1 2 164" */
    cc_test_close(run);
}

/* ---- refusals ---- */

static void refused_file(const char *sets, const char *script, const char *word)
{
    char path[64], steps[64] = "none", problem[256];
    write_text(sets, path);
    if (script) write_text(script, steps);
    snprintf(problem, sizeof problem, "dynset.file(path=%s,script=%s)", path, steps);
    cc_test_refused(NULL, problem, CC_EINVAL, word);
    unlink(path);
    if (script) unlink(steps);
}

static void test_refusals(void **state)
{
    (void)state;
    cc_test_refused(NULL, "dynset.pareto_cov(k=0)", CC_EINVAL, "k");
    cc_test_refused(NULL, "dynset.modular(heavy=0,weight=0)", CC_EINVAL, "zero");
    cc_test_refused(NULL, "dynset.file(path=/nowhere)", CC_SKIP, "absent");
    cc_test_refused(NULL, "dynset.file(path=/tmp)", CC_EDATA, "not a file");
    cc_test_refused(NULL, "dynset.groups(gone=13)", CC_EINVAL, "13");
    cc_test_refused(NULL, "dynset.images(n=2000)", CC_EINVAL, "1797");
    refused_file("1 2\n3 x\n", NULL, "line 2");
    refused_file("1 -2\n", NULL, "line 1");
    refused_file("1 99999999999\n", NULL, "line 1");
    refused_file("# nothing\n", NULL, "no elements");
    refused_file(FOUR, "+0\n+0\n", "update 2 inserts element 0");
    refused_file(FOUR, "+0\n-1\n", "update 2 deletes element 1");
    refused_file(FOUR, "+4\n", "element 4");
    refused_file(FOUR, "+1\n0\n", "line 2");
    refused_file(FOUR, "+1 2\n", "line 1");
    refused_file(FOUR, "+1? 2\n", "behind the question");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_packages),
        cmocka_unit_test(test_images),
        cmocka_unit_test(test_hypergraph),
        cmocka_unit_test(test_refusals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
