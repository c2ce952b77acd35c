/* harness/test/plugins/judge_rules.c: claims whose verdicts are known beforehand. For the tests of the command. */
#include "harness/measure.h"
#include "harness/plugin.h"

#include <math.h>

/* y = shift + step, `rows` of them a seed; or no data, or a failure. The mode is obeyed by the seed `at` alone (-1: by all). */
enum { FINE, SKIP, FAIL };

static cc_status ramp_run(cc_cell *cell)
{
    while (cc_replicate(cell)) {
        cc_run *run = cc_cell_run(cell);
        int64_t at = cc_int(run, "at");
        int mode = at < 0 || (uint64_t)at == cc_seed(run) ? cc_choice(run, "mode") : FINE;
        if (mode == SKIP) return cc_fail(run, CC_SKIP, "the ramp is not at hand");
        if (mode == FAIL) return cc_fail(run, CC_ENUMERIC, "the ramp broke");
        for (int64_t step = 0; step < cc_int(run, "rows"); step++) {
            cc_put(cell, "step", (double)step);
            cc_put(cell, "y", cc_real(run, "shift") + (double)step);
            cc_put(cell, "success", 1);
            cc_put_text(cell, "word", step % 2 ? "odd" : "even");
            cc_emit(cell);
        }
    }
    return CC_OK;
}

static const cc_measure ramp = {.id = "rules.ramp",
                                .run = ramp_run,
                                .params = CC_LIST(cc_param, {"shift", CC_REAL, "0", -1000, 1000, .doc = "y of the first row"},
                                                  {"rows", CC_INT, "4", 1, 100}, {"n", CC_INT, "1", 1, 100},
                                                  {"mode", CC_CHOICE, "fine", .choices = "fine skip fail"},
                                                  {"at", CC_INT, "-1", -1, 100}),
                                .columns = CC_LIST(cc_column, {"step"}, {"y"}, {"success"}, {"word"})};

/* ---- derived columns ---- */

static double before(const cc_row *r) { return cc_lag(r, "y", 1); }
static double first(const cc_row *r) { return cc_lag(r, "y", -1); }
static double ahead(const cc_row *r) { return cc_peer(r, "high", "y") - cc_get(r, "y"); }
static double total(const cc_row *r) { return cc_get(r, "y") + (cc_get(r, "step") > 0 ? cc_lag(r, "total", 1) : 0); }
static double total_again(const cc_row *r) { return cc_get(r, "y") + cc_get(r, "first"); }
static double absent(const cc_row *r) { return cc_get(r, "nosuch") + 1; }
static double stranger(const cc_row *r) { return cc_peer(r, "nobody", "y"); }

#define BELOW(v) CC_BOUND(.y = "y", .is = CC_AT_MOST(v), .over = "")
#define SHIFTED(v) CC_LIST(cc_control, {.id = "shifted", .what = "lifted", .set = "shift=" #v})
#define CHANCE(name)                                                                                                               \
    {                                                                                                                              \
        .id = name, .source = "none", .statement = "more often than not", .origin = CC_FROM_US, .threshold = CC_FROM_US,           \
        .experiment = "seeds",                                                                                                     \
        .checks = CC_LIST(cc_check, CC_PROBABILITY(.y = "success", .where = "step=0", .is = CC_AT_LEAST(.75))),                    \
        .controls =                                                                                                                \
            CC_LIST(cc_control, {.id = "always",                                                                                   \
                                 .what = "a share that is impossible",                                                             \
                                 .checks = CC_LIST(cc_check, CC_EQUALITY(.y = "success", .is = CC_EQUALS(0), .over = ""))})        \
    }
#define CLAIM .source = "none", .origin = CC_FROM_US, .threshold = CC_FROM_PROOF

const cc_plugin cc_plugin_1 = {
    .id = "rules",
    .title = "Claims of known verdict",
    .citation = "none",
    .experiments = CC_LIST(
        cc_experiment,
        {.id = "plain", .about = "a ramp", .measure = &ramp, .axes = CC_LIST(cc_axis, {"n", "1 2 | 3"}), .seeds = {2, 2, 2}},
        {.id = "arms",
         .about = "two ramps, 5 apart",
         .measure = &ramp,
         .arms = CC_LIST(cc_arm, {.as = "low"}, {.as = "high", .set = "shift=5"}),
         .axes = CC_LIST(cc_axis, {"n", "1 2"}),
         .seeds = {12, 12, 12},
         .block = 4},
        {.id = "seeds", .about = "a run a seed", .measure = &ramp, .set = "rows=1", .seeds = {13, 13, 13}},
        {.id = "nothing", .about = "no data", .measure = &ramp, .set = "mode=skip", .seeds = {1, 1, 1}},
        {.id = "partly", .about = "data of all but one seed", .measure = &ramp, .set = "mode=skip at=0", .seeds = {3, 3, 3}},
        {.id = "broken", .about = "one seed fails", .measure = &ramp, .set = "mode=fail at=1", .seeds = {2, 2, 2}},
        {.id = "late", .about = "in the extended tier alone", .measure = &ramp, .seeds = {0, 0, 1}}),
    .claims = CC_LIST(
        cc_claim,
        {.id = "holds",
         .statement = "y <= 3",
         CLAIM,
         .experiment = "plain",
         .checks = CC_LIST(cc_check, BELOW(3)),
         .controls = SHIFTED(100)},
        {.id = "fails",
         .statement = "y <= 1",
         CLAIM,
         .experiment = "plain",
         .checks = CC_LIST(cc_check, BELOW(1)),
         .controls = SHIFTED(100)},
        {.id = "empty",
         .statement = "y <= 1000",
         CLAIM,
         .experiment = "plain",
         .checks = CC_LIST(cc_check, BELOW(1000)),
         .controls = SHIFTED(100)},
        {.id = "undecided",
         .statement = "y <= 3",
         CLAIM,
         .experiment = "plain",
         .checks = CC_LIST(cc_check, BELOW(3)),
         .controls = CC_LIST(cc_control, {.id = "breaks", .what = "a control that cannot be run", .set = "mode=fail"})},
        {.id = "absent",
         .statement = "there are no data",
         CLAIM,
         .experiment = "nothing",
         .checks = CC_LIST(cc_check, BELOW(3)),
         .controls = SHIFTED(100)},
        {.id = "partly",
         .statement = "there are some",
         CLAIM,
         .experiment = "partly",
         .checks = CC_LIST(cc_check, BELOW(3)),
         .controls = CC_LIST(cc_control, {.id = "shifted", .what = "lifted", .set = "shift=100 mode=fine"})},
        {.id = "broken",
         .statement = "a cell fails",
         CLAIM,
         .experiment = "broken",
         .checks = CC_LIST(cc_check, BELOW(3)),
         .controls = SHIFTED(100)},
        {.id = "late",
         .statement = "not in this tier",
         CLAIM,
         .experiment = "late",
         .checks = CC_LIST(cc_check, BELOW(3)),
         .controls = SHIFTED(100)},
        {.id = "misnamed",
         .statement = "a column that is not there",
         CLAIM,
         .experiment = "plain",
         .derive = CC_LIST(cc_derived, {"a", "", "", absent}),
         .checks = CC_LIST(cc_check, BELOW(3)),
         .controls = SHIFTED(100)},
        {.id = "stranger",
         .statement = "an arm that is not there",
         CLAIM,
         .experiment = "arms",
         .derive = CC_LIST(cc_derived, {"a", "", "", stranger}),
         .checks = CC_LIST(cc_check, BELOW(3)),
         .controls = SHIFTED(100)},
        {.id = "lag",
         .statement = "y grows by 1",
         CLAIM,
         .experiment = "plain",
         .derive = CC_LIST(cc_derived, {"before", "", "y before", before}, {"first", "", "the first y", first},
                           {"total", "", "sum of y", total}),
         .checks = CC_LIST(cc_check, CC_EQUALITY(.where = "step=3", .y = "before", .is = CC_EQUALS(2), .over = ""),
                           CC_EQUALITY(.where = "step=3", .y = "first", .is = CC_EQUALS(0), .over = ""),
                           CC_EQUALITY(.where = "step=3", .y = "total", .is = CC_EQUALS(6), .over = "")),
         .controls = CC_LIST(cc_control,
                             {.id = "formula",
                              .what = "another formula of the sum",
                              .derive = CC_LIST(cc_derived, {"total", "", "y", total_again})},
                             {.id = "rows",
                              .what = "other rows",
                              .where = "step<3",
                              .checks = CC_LIST(cc_check, CC_EQUALITY(.y = "total", .is = CC_EQUALS(6), .over = ""))})},
        {.id = "peer",
         .statement = "high is 5 above low",
         CLAIM,
         .experiment = "arms",
         .where = "arm=low",
         .derive = CC_LIST(cc_derived, {"ahead", "", "", ahead}),
         .checks = CC_LIST(cc_check, CC_EQUALITY(.y = "ahead", .is = CC_EQUALS(5), .over = "")),
         .controls = CC_LIST(
             cc_control, {.id = "self", .what = "high against itself", .where = "arm=high"},
             {.id = "higher", .what = "higher by 6", .arms = CC_LIST(cc_arm, {.as = "low"}, {.as = "high", .set = "shift=6"})},
             {.id = "shown",
              .what = "it is then 0 above",
              .where = "arm=high",
              .shows = CC_LIST(cc_check, CC_EQUALITY(.y = "ahead", .is = CC_EQUALS(0), .over = ""))})},
        {.id = "unshown",
         .statement = "a control that does not show",
         CLAIM,
         .experiment = "plain",
         .checks = CC_LIST(cc_check, BELOW(3)),
         .controls = CC_LIST(cc_control, {.id = "shown", .what = "nothing", .shows = CC_LIST(cc_check, BELOW(1))})},
        {.id = "order",
         .statement = "low is below high",
         CLAIM,
         .experiment = "arms",
         .checks = CC_LIST(cc_check, CC_ORDERING(.y = "y", .chain = "low < high", .where = "step=0")),
         .controls =
             CC_LIST(cc_control, {.id = "reverse",
                                  .what = "the other way",
                                  .checks = CC_LIST(cc_check, CC_ORDERING(.y = "y", .chain = "high < low", .where = "step=0"))})},
        CHANCE("chance1"), CHANCE("chance2"), CHANCE("chance3"),
        {.id = "seen",
         .statement = "only looked at",
         CLAIM,
         .experiment = "plain",
         .checks = CC_LIST(cc_check, BELOW(1)),
         .observation = "of no weight"},
        {.id = "beyond", .statement = "cannot be tested", CLAIM, .untestable = "about all algorithms"}),
    .figures = CC_LIST(cc_figure, {.id = "sum",
                                   .source = "none",
                                   .caption = "the sum",
                                   .kind = "curve",
                                   .experiment = "plain",
                                   .x = "step",
                                   .y = "total",
                                   .derive = CC_LIST(cc_derived, {"total", "", "sum of y", total})}),
};
