/* harness/engine/column.c: a column as a blob: float64 or zero-ended strings, one a row or a single one for all rows. */
#include "harness/engine/internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ && sizeof(double) == 8, "blobs are little-endian float64");

unsigned char *cc_buffer_room(cc_buffer *buffer, size_t size)
{
    if (buffer->failed) return NULL;
    if (buffer->capacity - buffer->size < size) {
        size_t capacity = buffer->capacity ? buffer->capacity : 4096;
        while (capacity - buffer->size < size) capacity += capacity / 2;
        unsigned char *data = realloc(buffer->data, capacity);
        if (!data) {
            buffer->failed = 1;
            return NULL;
        }
        buffer->data = data, buffer->capacity = capacity;
    }
    buffer->size += size;
    return buffer->data + buffer->size - size;
}

void cc_buffer_put(cc_buffer *buffer, const void *data, size_t size)
{
    if (!size) return;
    unsigned char *room = cc_buffer_room(buffer, size);
    if (room) memcpy(room, data, size);
}

void cc_buffer_free(cc_buffer *buffer)
{
    free(buffer->data);
    *buffer = (cc_buffer){0};
}

static void pack_text(const cc_table *rows, size_t column, cc_buffer *out)
{
    size_t n = cc_table_rows(rows), same = 1;
    while (same < n && strcmp(cc_table_text(rows, same, column), cc_table_text(rows, 0, column)) == 0) same++;
    if (n && same == n) n = 1;
    for (size_t i = 0; i < n; i++) {
        const char *text = cc_table_text(rows, i, column);
        cc_buffer_put(out, text, strlen(text) + 1);
    }
}

void cc_column_pack(const cc_table *rows, size_t column, cc_buffer *out)
{
    if (cc_table_is_text(rows, column)) {
        pack_text(rows, column, out);
        return;
    }
    size_t n = cc_table_rows(rows), start = out->size, same = 1;
    unsigned char *to = cc_buffer_room(out, n * sizeof(double));
    if (!to || !n) return;
    for (size_t i = 0; i < n; i++) {
        double value = cc_table_get(rows, i, column);
        if (isnan(value)) value = (double)NAN;
        memcpy(to + i * sizeof value, &value, sizeof value);
    }
    while (same < n && memcmp(to, to + same * sizeof(double), sizeof(double)) == 0) same++;
    if (same == n) out->size = start + sizeof(double);
}

static int unpack_text(cc_table *rows, size_t column, const char *data, size_t size)
{
    size_t n = cc_table_rows(rows), found = 0;
    if (!size) return n ? -2 : 0; /* SQLite has no address for an empty blob */
    if (data[size - 1]) return -2;
    for (const char *c = data; c < data + size; c += strlen(c) + 1) found++;
    if (found != n && (found != 1 || !n)) return -2;
    const char *text = data;
    for (size_t i = 0; i < n; i++) {
        if (cc_table_set_text(rows, i, column, text)) return -1;
        if (found == n) text += strlen(text) + 1;
    }
    return 0;
}

int cc_column_unpack(cc_table *rows, const char *name, int text, const void *data, size_t size)
{
    int column = cc_table_column(rows, name, text);
    if (column < 0) return -1;
    if (text) return unpack_text(rows, (size_t)column, data, size);
    size_t n = cc_table_rows(rows), step = size == n * sizeof(double) ? sizeof(double) : 0;
    if (!step && (size != sizeof(double) || !n)) return -2;
    for (size_t i = 0; i < n; i++) {
        double value;
        memcpy(&value, (const unsigned char *)data + i * step, sizeof value);
        cc_table_set(rows, i, (size_t)column, value);
    }
    return 0;
}
