/* problems/data/data.c: data sets by name. */
#include "problems/data/data.h"

#include <string.h>
#include <zlib.h>

/* The first `most` bytes of a file, unpacked if it is gzip, ended by a zero byte. *size is less if the file is shorter. */
static cc_status read_bytes(cc_run *scope, const char *path, size_t most, char **bytes, size_t *size)
{
    gzFile file = gzopen(path, "rb");
    if (!file) return cc_fail(scope, CC_EDATA, "%s cannot be opened", path);
    *bytes = cc_alloc(scope, most + 1, 1);
    *size = 0;
    int got = 0;
    while (*bytes && *size < most &&
           (got = gzread(file, *bytes + *size, (unsigned)(most - *size < 1 << 24 ? most - *size : 1 << 24))) > 0)
        *size += (size_t)got;
    gzclose(file);
    if (!*bytes) return CC_ENOMEM;
    return got < 0 ? cc_fail(scope, CC_EDATA, "%s is damaged", path) : CC_OK;
}

typedef struct source {
    const char *name, *file, *sha256;
    data_form form;
    size_t n, features, header;
} source;

static const source sources[] = {
    {"breast_cancer", "breast_cancer.csv", "fed3eb72d0575ef6192293f5093c6e801b1476b577d0386bf4455504522172ed", DATA_CSV, 569, 30,
     1},
    {"digits", "digits.csv", "6ebb3d2fee246a4e99363262ddf8a00a3c41bee6014c373ed9d9216ba7f651b8", DATA_CSV, 1797, 64, 0},
    {"heart_scale", "heart_scale.libsvm", "5defa0a4c4c5bdaf3f55ae3828310252e8565c13ee37ce279e0b86d82e7f4ce9", DATA_LIBSVM, 270, 13,
     0},
    {"iris", "iris.csv", "f13ffa8fdd56fd8e6c8d16d4081a3fbd3114bcd0aae4256c43205169cd9d1449", DATA_CSV, 150, 4, 1},
};

cc_status data_read(cc_run *scope, const char *name, data_table *table)
{
    enum { LARGEST = 1 << 20 };
    const source *from = NULL;
    for (size_t i = 0; i < sizeof sources / sizeof sources[0]; i++)
        if (strcmp(sources[i].name, name) == 0) from = sources + i;
    if (!from) return cc_fail(scope, CC_EBUG, "no data set '%s'", name);
    const char *path;
    char *text;
    size_t size;
    CC_TRY(cc_data_file(scope, from->file, from->sha256, &path));
    CC_TRY(read_bytes(scope, path, LARGEST, &text, &size));
    CC_TRY(data_parse_table(scope, from->file, from->form, from->features, from->header, text, size, table));
    return table->n == from->n ? CC_OK : cc_fail(scope, CC_EDATA, "%s: %zu rows, expected %zu", from->file, table->n, from->n);
}

/* ---- Fashion-MNIST, as its Debian package has it ---- */

#define FOLDER "/usr/share/datasets/fashion-mnist/"

typedef struct idx_file {
    const char *path, *sha256;
} idx_file;

/* [part]: images, labels */
static const idx_file fashion[2][2] = {
    {{FOLDER "train-images-idx3-ubyte.gz", "b0564c3eedabfbf835052cff8503ea422014ce006caf5b757f851416ee8300c7"},
     {FOLDER "train-labels-idx1-ubyte.gz", "0ae29f65d86684f32d1b9c85147786c547b9c6aebcaf235f0400a0cce308b056"}},
    {{FOLDER "t10k-images-idx3-ubyte.gz", "cc1d090a38ace84dfa1aa66e3ada7c336ef481a96936906477e6dd344da56eaa"},
     {FOLDER "t10k-labels-idx1-ubyte.gz", "8d3605d196f4be44669e46906da9733c8131fef761fdbfec72c424d5222f1a05"}},
};

/* The first n items of an idx file, `dims` dimensions, `item` bytes each. */
static cc_status read_idx(cc_run *scope, const idx_file *from, size_t dims, size_t n, size_t item, const unsigned char **items,
                          size_t *dim)
{
    const size_t header = 4 + 4 * dims;
    const char *path;
    char *bytes;
    size_t size, about = 1;
    CC_TRY(cc_data_file(scope, from->path, from->sha256, &path));
    CC_TRY(read_bytes(scope, path, header + n * item, &bytes, &size));
    CC_TRY(data_parse_idx(scope, path, (const unsigned char *)bytes, size, dims, dim));
    for (size_t k = 1; k < dims; k++) about *= dim[k];
    if (about != item || dim[0] < n || size < header + n * item)
        return cc_fail(scope, CC_EDATA, "%s: %zu items of %zu bytes are not in it", path, n, item);
    *items = (const unsigned char *)bytes + header;
    return CC_OK;
}

cc_status data_fashion_mnist(cc_run *scope, data_part part, size_t n, data_images *images)
{
    enum { SIDE = 28, CLASSES = 10 };
    const size_t most = part == DATA_TRAIN ? 60000 : 10000;
    size_t dim[3];
    if (n < 1 || n > most) return cc_fail(scope, CC_EINVAL, "%zu images of Fashion-MNIST: there are 1..%zu", n, most);
    *images = (data_images){.n = n, .rows = SIDE, .cols = SIDE};
    CC_TRY(read_idx(scope, &fashion[part][0], 3, n, SIDE * SIDE, &images->pixels, dim));
    CC_TRY(read_idx(scope, &fashion[part][1], 1, n, 1, &images->labels, dim));
    for (size_t i = 0; i < n; i++)
        if (images->labels[i] >= CLASSES)
            return cc_fail(scope, CC_EDATA, "Fashion-MNIST: label %d of image %zu", images->labels[i], i);
    return CC_OK;
}
