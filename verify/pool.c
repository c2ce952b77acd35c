/* verify/pool.c: memory of one judgement. */
#include "verify/sample.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void cc_stop(cc_pool *pool, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int wanted = vsnprintf(pool->message, sizeof pool->message, format, arguments);
    va_end(arguments);
    cc_text_cut(pool->message, sizeof pool->message, wanted > 0 ? (size_t)wanted : 0);
    longjmp(pool->stop, 1);
}

void *cc_take(cc_pool *pool, size_t count, size_t size)
{
    if (pool->n_blocks == pool->capacity) {
        size_t capacity = pool->capacity ? 2 * pool->capacity : 64;
        void **block = realloc(pool->block, capacity * sizeof *block);
        if (!block) cc_stop(pool, "no memory");
        pool->block = block;
        pool->capacity = capacity;
    }
    void *block = calloc(count ? count : 1, size);
    if (!block) cc_stop(pool, "no memory for %zu x %zu bytes", count, size);
    return pool->block[pool->n_blocks++] = block;
}

void cc_pool_free(cc_pool *pool)
{
    for (size_t i = 0; i < pool->n_blocks; i++) free(pool->block[i]);
    free(pool->block);
    pool->block = NULL;
    pool->n_blocks = pool->capacity = 0;
}
