/* test.h: what the tests of this folder share. */
#ifndef CLAIMCHECK_PROBLEMS_DYNSET_TEST_H
#define CLAIMCHECK_PROBLEMS_DYNSET_TEST_H

#include "problems/dynset/problems.h"

#include "harness/testing.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static inline const dynset_instance *instance_of(cc_run *run) { return cc_oracle_of(run)->instance; }

/* A file of the text. */
static inline void write_text(const char *text, char name[64])
{
    strcpy(name, P_tmpdir "/dynset-XXXXXX");
    const int handle = mkstemp(name);
    FILE *file = handle < 0 ? NULL : fdopen(handle, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

#define FOUR "# four sets\n1 2 3\n3 4\n\n5\n1 4 5 4\n"

#endif
