/* Loads; a second file with the same id in a later folder does not. */
#include "harness/plugin.h"
const cc_plugin cc_plugin_1 = {.id = "twice", .title = "Once is enough"};
