/*
 * json_pointer.h - RFC 6901 pointers to places in a text.
 *
 * Nobody keeps track of the path while reading; when something is wrong at
 * some byte, the path is found by going over the text once more, for any
 * number of places in ascending order.
 */
#ifndef ECOSYS_JSON_POINTER_H
#define ECOSYS_JSON_POINTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/json_reader.h"

/* Levels whose names are kept: no more fit into the longest pointer printed. */
#define ECOSYS_POINTER_LEVELS 256

typedef struct ecosys_json_pointer
{
	const char *text;
	size_t		length;
	size_t		at;
	uint32_t	depth;
	bool		key_next;		/* a string here is a key */
	bool		element_next;	/* a value here is the next element of an array */
	uint64_t	is_object[ECOSYS_JSON_MAX_DEPTH / 64 + 1];
	struct
	{
		uint32_t	offset;		/* of the key's opening quote; of an array unused */
		uint32_t	length;		/* of the key with quotes; 0: none yet */
		uint32_t	index;		/* of the element, 1 for the first; 0: none yet */
	}			level[ECOSYS_POINTER_LEVELS];
} ecosys_json_pointer;

extern void ecosys_json_pointer_open(ecosys_json_pointer *pointer, const char *text, size_t length);

/*
 * The pointer to the value or key that starts at offset; if none does, to the
 * last one begun before it in what is still open there. The text up to there
 * must be JSON. Offsets must not descend from call to call. What does not fit
 * into size bytes ends in "...".
 */
extern void ecosys_json_pointer_to(ecosys_json_pointer *pointer, size_t offset, char *result,
								   size_t size);

#endif							/* ECOSYS_JSON_POINTER_H */
