/*
 * statement_compress.h - the payload of a statement: its kept text, coded by
 * the model that the module carries or compressed by zstd.
 */
#ifndef ECOSYS_STATEMENT_COMPRESS_H
#define ECOSYS_STATEMENT_COMPRESS_H

#include "ecosys.h"

#include "statement/statement.h"
#include "statement/statement_coder.h"

/*
 * Find the shortest form of header->kept_length bytes, behind which
 * ECOSYS_CODER_PADDING more can be read; sets form, payload and payload_length.
 * The payload is valid until the next call of this or the next function, and no longer than
 * the current memory context. Returns what is to be freed after its use, or NULL.
 */
extern void *ecosys_statement_compress(ecosys_statement_header *header, const char *kept);

/* The kept text of a header with its payload; sets kept_length. Valid as above. */
extern const char *ecosys_statement_inflate(ecosys_statement_header *header, void **to_free);

#endif							/* ECOSYS_STATEMENT_COMPRESS_H */
