/* problems/relu_box/file.c: a network of one's own, as text: "layers n", the n + 1 widths, then W_1, b_1, .., W_n, b_n (row by row)
 * and the centre of the box; anything between numbers that is not one is an error. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "problems/relu_box/problems.h"

enum { MOST_LAYERS = 1000 };

static cc_status read_numbers(cc_run *scope, FILE *file, const char *what, size_t n, double *out)
{
    for (size_t k = 0; k < n; k++)
        if (fscanf(file, "%lf", &out[k]) != 1)
            return cc_fail(scope, CC_EDATA, "number %zu of %zu of the %s is missing or is none", k + 1, n, what);
    return CC_OK;
}

static cc_status read_net(cc_run *scope, FILE *file, relu_draft *draft, double **x0)
{
    size_t width[MOST_LAYERS + 1], layers;
    char what[48];
    if (fscanf(file, " layers %zu", &layers) != 1 || layers < 1 || layers > MOST_LAYERS)
        return cc_fail(scope, CC_EDATA, "the file does not begin with 'layers' and a number from 1 to %d", MOST_LAYERS);
    for (size_t i = 0; i <= layers; i++)
        if (fscanf(file, "%zu", &width[i]) != 1 || width[i] < 1 || width[i] > 100000)
            return cc_fail(scope, CC_EDATA, "width %zu is not a number from 1 to 100000", i);
    CC_TRY(relu_draft_open(scope, layers, width, draft));
    for (size_t i = 1; i <= layers; i++) {
        snprintf(what, sizeof what, "weights of layer %zu", i);
        CC_TRY(read_numbers(scope, file, what, width[i] * width[i - 1], draft->w[i]));
        snprintf(what, sizeof what, "biases of layer %zu", i);
        CC_TRY(read_numbers(scope, file, what, width[i], draft->b[i]));
    }
    CC_NEW(scope, *x0, width[0]);
    CC_TRY(read_numbers(scope, file, "centre", width[0], *x0));
    if (fscanf(file, " %*c") != EOF) return cc_fail(scope, CC_EDATA, "there is more in the file than the widths say");
    return CC_OK;
}

cc_status relu_file_create(cc_run *scope, void **instance)
{
    const char *path = cc_text(scope, "path");
    FILE *file = fopen(path, "r");
    relu_draft draft;
    double *x0, *radius;
    if (!file) return cc_fail(scope, CC_SKIP, "%s cannot be read: %s", path, strerror(errno));
    const cc_status status = read_net(scope, file, &draft, &x0);
    fclose(file);
    CC_TRY(status);
    CC_NEW(scope, radius, draft.width[0]);
    for (size_t k = 0; k < draft.width[0]; k++) radius[k] = cc_real(scope, "eps");
    return relu_box_make(scope, &draft, x0, radius, NULL, (size_t)cc_int(scope, "samples"), instance);
}
