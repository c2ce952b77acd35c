/* claims.c: the plug-in. */
#include "partitions.h"

const cc_plugin cc_plugin_1 = {
    .id = "partitions",
    .title = "Fat polygonal partitions, rectangular partitions with slack, ultrametric embeddings",
    .algorithms = fp_algorithms,
};
