/* problems/relu_box/family.c: the family, its counters, its problems. */
#include "harness/plugin.h"
#include "problems/relu_box/problems.h"

/* clang-format off */
#define EPS(value) { "eps", CC_REAL, value, 0, 1e6, .doc = "half the side of the box" }
#define SAMPLES { "samples", CC_INT, "500", 1, 1e7, .doc = "points at which the referee looks at the Jacobian" }

static const cc_problem problems[] = {
    { .id = "relu_box.fixture", .family = "relu_box", .summary = "networks of six weights and more that can be followed by hand", .create = relu_fixture_create,
      .params = CC_LIST(cc_param,
          { "net", CC_CHOICE, "two", .choices = "two three kink", .doc = "two layers, three layers, or two with a neuron at 0 in the centre" },
          EPS("0.5"), SAMPLES) },
    { .id = "relu_box.random", .family = "relu_box", .summary = "normal weights of variance 2 / inputs, normal biases and centre", .create = relu_random_create,
      .params = CC_LIST(cc_param,
          { "widths", CC_TEXT, "4-8-8-3", .doc = "inputs, hidden layers, outputs" },
          { "layers", CC_INT, "0", 0, 128, .doc = "the last hidden layer is repeated up to so many linear layers; 0: as `widths` say" },
          { "bias", CC_REAL, "0.1", 0, 1e6, .doc = "standard deviation of biases" },
          { "centre", CC_REAL, "1", 0, 1e6, .doc = "standard deviation of the centre" },
          EPS("0.5"), SAMPLES) },
    { .id = "relu_box.mixed", .family = "relu_box", .summary = "random networks of random shapes and boxes", .create = relu_mixed_create,
      .params = CC_LIST(cc_param, SAMPLES) },
    { .id = "relu_box.file", .family = "relu_box", .summary = "a network of one's own", .create = relu_file_create,
      .params = CC_LIST(cc_param, { "path", CC_TEXT, "net.txt", .doc = "the file: 'layers n', widths, W_1, b_1, .., W_n, b_n, centre" }, EPS("0.1"), SAMPLES) },
    { .id = "relu_box.trained", .family = "relu_box", .summary = "a network trained on data, and a box around a test example, cut to [0, 1]; the seed is the network's", .create = relu_trained_create,
      .params = CC_LIST(cc_param,
          { "data", CC_CHOICE, "digits", .choices = "digits clusters breast_cancer fashion", .doc = "8 x 8 digits; labels of nearest leaders in 16 dimensions; 30 measures of cells; 28 x 28 images of clothes" },
          { "hidden_widths", CC_TEXT, "64-64", .doc = "of the hidden layers" },
          { "sample", CC_INT, "0", 0, 63, .doc = "which test example" },
          { "free", CC_INT, "-1", -1, 783, .doc = "the only feature that varies; -1: all do" },
          { "clip", CC_BOOL, "true", .doc = "cut the box to [0, 1]" },
          EPS("0.05"), { "samples", CC_INT, "200", 1, 1e7, .doc = "points at which the referee looks at the Jacobian" }) },
    { .id = "relu_box.conv", .family = "relu_box", .summary = "two convolutions of 3 x 3 and a dense layer on 8 x 8 digits, written as matrices", .create = relu_conv_create,
      .params = CC_LIST(cc_param,
          { "channels", CC_INT, "2", 1, 16, .doc = "of both convolutions" },
          { "sample", CC_INT, "0", 0, 63, .doc = "which test example" },
          { "clip", CC_BOOL, "true", .doc = "cut the box to [0, 1]" },
          EPS("0.05"), { "samples", CC_INT, "200", 1, 1e7, .doc = "points at which the referee looks at the Jacobian" }) },
    { .id = "relu_box.monotone", .family = "relu_box", .summary = "a network of weights that are not negative, trained on a function that rises in each of four features", .create = relu_monotone_create,
      .params = CC_LIST(cc_param,
          { "negative", CC_BOOL, "false", .doc = "all paths from the last feature are made to fall" },
          EPS("0.5"), SAMPLES) },
    { 0 },
};
/* clang-format on */

static const cc_family families[] = {
    {.id = "relu_box",
     .candidate = "relu_bounds",
     .doc = "ReLU networks over a box of inputs: how large can the Jacobian's rows be in absolute sum?",
     .counters = CC_LIST(cc_column, {"n_flop", "", "flops of matrix products on the backward graph"},
                         {"n_node", "", "domains bounded, or cells visited"}),
     .metrics = relu_metrics},
    {0},
};

const cc_plugin cc_plugin_1 = {.id = "relu_box", .title = "ReLU networks over a box", .families = families, .problems = problems};
