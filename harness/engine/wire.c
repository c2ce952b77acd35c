/* harness/engine/wire.c: an outcome as bytes. Both ends are the same program: native sizes, no versions. */
#include "harness/engine/internal.h"

#include <stdlib.h>
#include <string.h>

typedef struct head {
    int32_t status;
    uint64_t rows, columns, attachments, peak_bytes;
    double seconds;
    char message[CC_MESSAGE];
} head;

static void put_size(cc_buffer *out, uint64_t size) { cc_buffer_put(out, &size, sizeof size); }

static void put_name(cc_buffer *out, const char *name)
{
    size_t size = strlen(name) + 1;
    put_size(out, size);
    cc_buffer_put(out, name, size);
}

static void put_column(cc_buffer *out, const cc_table *rows, size_t column)
{
    put_name(out, cc_table_name(rows, column));
    put_size(out, (uint64_t)cc_table_is_text(rows, column));
    size_t at = out->size;
    put_size(out, 0);
    cc_column_pack(rows, column, out);
    if (out->failed) return;
    uint64_t size = out->size - at - sizeof size;
    memcpy(out->data + at, &size, sizeof size);
}

static size_t attachment_values(const cc_attachment *a)
{
    size_t n = 1;
    for (int i = 0; i < a->rank; i++) n *= a->shape[i];
    return n;
}

static void put_attachment(cc_buffer *out, const cc_attachment *a)
{
    int64_t where[3] = {a->seed, a->row, a->rank};
    put_name(out, a->name);
    cc_buffer_put(out, where, sizeof where);
    cc_buffer_put(out, a->shape, sizeof a->shape);
    cc_buffer_put(out, a->data, attachment_values(a) * sizeof *a->data);
}

void cc_wire_write(const cc_outcome *outcome, cc_buffer *out)
{
    head h = {outcome->status, 0, 0, outcome->n_attachments, outcome->peak_bytes, outcome->seconds, {0}};
    if (outcome->rows) h.rows = cc_table_rows(outcome->rows), h.columns = cc_table_columns(outcome->rows);
    memcpy(h.message, outcome->message, CC_MESSAGE);
    cc_buffer_put(out, &h, sizeof h);
    for (size_t i = 0; i < h.columns; i++) put_column(out, outcome->rows, i);
    for (size_t i = 0; i < h.attachments; i++) put_attachment(out, &outcome->attachments[i]);
}

typedef struct reader {
    const unsigned char *data;
    size_t left;
} reader;

/* The next `size` bytes, or NULL if there are fewer. */
static const void *get(reader *in, size_t size)
{
    if (in->left < size) return NULL;
    const void *data = in->data;
    in->data += size, in->left -= size;
    return data;
}

static int get_copy(reader *in, void *to, size_t size)
{
    const void *data = get(in, size);
    if (!data) return -1;
    memcpy(to, data, size);
    return 0;
}

static const char *get_name(reader *in)
{
    uint64_t size;
    if (get_copy(in, &size, sizeof size) || !size) return NULL;
    const char *name = get(in, size);
    return name && !name[size - 1] ? name : NULL;
}

static int get_column(reader *in, cc_table *rows)
{
    uint64_t text, size;
    const char *name = get_name(in);
    if (!name || get_copy(in, &text, sizeof text) || get_copy(in, &size, sizeof size)) return -1;
    const void *data = get(in, size);
    return data && cc_column_unpack(rows, name, (int)text, data, size) == 0 ? 0 : -1;
}

static int get_attachment(reader *in, cc_attachment *a)
{
    int64_t where[3];
    const char *name = get_name(in);
    if (!name || get_copy(in, where, sizeof where) || get_copy(in, a->shape, sizeof a->shape)) return -1;
    a->seed = where[0], a->row = where[1], a->rank = (int)where[2];
    size_t size = attachment_values(a) * sizeof *a->data;
    const void *data = get(in, size);
    if (!data) return -1;
    a->name = strdup(name);
    a->data = malloc(size ? size : 1);
    if (!a->name || !a->data) return -1;
    memcpy(a->data, data, size);
    return 0;
}

static int get_rows(reader *in, const head *h, cc_outcome *outcome)
{
    outcome->rows = cc_table_new();
    if (!outcome->rows) return -1;
    for (uint64_t i = 0; i < h->rows; i++)
        if (cc_table_append(outcome->rows)) return -1;
    for (uint64_t i = 0; i < h->columns; i++)
        if (get_column(in, outcome->rows)) return -1;
    return 0;
}

int cc_wire_read(const void *data, size_t size, cc_outcome *outcome)
{
    reader in = {data, size};
    head h;
    *outcome = (cc_outcome){0};
    if (get_copy(&in, &h, sizeof h)) return -1;
    outcome->status = (cc_status)h.status, outcome->seconds = h.seconds, outcome->peak_bytes = h.peak_bytes;
    memcpy(outcome->message, h.message, CC_MESSAGE);
    int bad = get_rows(&in, &h, outcome);
    if (!bad && h.attachments) {
        outcome->attachments = calloc(h.attachments, sizeof *outcome->attachments);
        bad = !outcome->attachments;
    }
    for (uint64_t i = 0; !bad && i < h.attachments; i++) {
        outcome->n_attachments = i + 1;
        bad = get_attachment(&in, &outcome->attachments[i]);
    }
    if (bad || in.left) {
        cc_outcome_clear(outcome);
        return -1;
    }
    return 0;
}
