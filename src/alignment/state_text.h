/*
 * state_text.h - the exact text form of states: writing and reading its parts.
 *
 * JSON with the keys in one order and decimals that hold every unit. The reader
 * takes what the writer gives, white space and trailing zeros beside it.
 *
 * Plain C: knows nothing of the server.
 */
#ifndef ECOSYS_STATE_TEXT_H
#define ECOSYS_STATE_TEXT_H

#include <stddef.h>

#include "alignment/alignment_state.h"
#include "alignment/attainment_state.h"

/* Enough for every state, its final NUL included. */
#define ECOSYS_STATE_TEXT_MAX	(1024 + ECOSYS_BUCKETS_MAX * 192)

/* Offset of a fault in a text that could be read, but is not a possible state. */
#define ECOSYS_STATE_TEXT_COMPLETE	((size_t) -1)

/*
 * Writers return the length without the NUL. Readers return NULL, or what is
 * wrong and at which byte; `state` has room for 63 buckets.
 */
extern size_t ecosys_alignment_write(const ecosys_alignment *state, char *text);
extern const char *ecosys_alignment_read(const char *text, ecosys_alignment *state, size_t *offset);
extern size_t ecosys_attainment_write(const ecosys_attainment *state, char *text);
extern const char *ecosys_attainment_read(const char *text, ecosys_attainment *state, size_t *offset);

#endif							/* ECOSYS_STATE_TEXT_H */
