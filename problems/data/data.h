/* problems/data/data.h: readers of real data, for authors of problems. Every family's library has them.
 *
 * Files are found and checked by cc_data_file; results are memory of the scope. CC_SKIP: the file is absent; CC_EDATA: it is not
 * what it should be, and the message says where. */
#ifndef CLAIMCHECK_PROBLEMS_DATA_DATA_H
#define CLAIMCHECK_PROBLEMS_DATA_DATA_H

#include "harness/family.h"

/* Rows of features and a label each. */
typedef struct data_table {
    size_t n, features;
    double *a; /* n x features, row-major */
    double *label;
} data_table;

/* name: "breast_cancer" (569 x 30, label 0 or 1), "digits" (1797 x 64, 0..9), "heart_scale" (270 x 13, -1 or 1), "iris" (150 x 4,
 * 0..2): the files of this folder as they are, nothing scaled. */
cc_status data_read(cc_run *scope, const char *name, data_table *table);

/* Grey images and their classes. */
typedef struct data_images {
    size_t n, rows, cols;
    const unsigned char *pixels; /* n x rows x cols, 0..255 */
    const unsigned char *labels; /* n */
} data_images;

typedef enum data_part { DATA_TRAIN, DATA_TEST } data_part;

/* The first n images of Fashion-MNIST (Xiao, Rasul, Vollgraf 2017; 28 x 28, 10 classes) in the files' order: n <= 60000 of
 * DATA_TRAIN, <= 10000 of DATA_TEST. Only what is asked for is unpacked. */
cc_status data_fashion_mnist(cc_run *scope, data_part part, size_t n, data_images *images);

/* A file of the user's, whole, ended by a zero byte: memory of the scope, to be cut up. */
cc_status data_text(cc_run *scope, const char *path, char **text);

/* Cuts off the next line and returns it, without its end; NULL when there is none. */
char *data_line(char **text);

/* The formats, from memory; `what` names the source in messages. */
typedef enum data_form {
    DATA_CSV,   /* "value,..,value,label" a line, as many values as features */
    DATA_LIBSVM /* "label index:value .." a line, indices from 1 to features in any order, absent entries 0 */
} data_form;

/* text[size] must be 0. Skips `header` lines; blank lines are not rows. */
cc_status data_parse_table(cc_run *scope, const char *what, data_form form, size_t features, size_t header, const char *text,
                           size_t size, data_table *table);

/* The header of an idx file of unsigned bytes with `dims` dimensions (1..3): dim[k] of each. Its length is 4 + 4 dims. */
cc_status data_parse_idx(cc_run *scope, const char *what, const unsigned char *bytes, size_t size, size_t dims, size_t *dim);

#endif
