/*
 * statement_compress.h - the payload of a statement: its kept text under zstd
 * with a dictionary.
 */
#ifndef ECOSYS_STATEMENT_COMPRESS_H
#define ECOSYS_STATEMENT_COMPRESS_H

#include "ecosys.h"

#include "statement/statement.h"

/*
 * Compress header->kept_length bytes; sets dictionary, payload and
 * payload_length. Returns the memory that the payload lives in, to be freed
 * after use; NULL where the payload is `kept`, as compression does not make it
 * smaller.
 */
extern void *ecosys_statement_compress(ecosys_statement_header *header, const char *kept);

/* The kept text of a header with its payload: palloc'd, or the payload itself. */
extern const char *ecosys_statement_inflate(const ecosys_statement_header *header);

#endif							/* ECOSYS_STATEMENT_COMPRESS_H */
