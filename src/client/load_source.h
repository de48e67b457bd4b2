/*
 * load_source.h - a file of statements, as a stream of units.
 *
 * Plain or gzip, by its first bytes; a file, a pipe or standard input. A
 * regular file can be gone on with at a position where its fingerprint still
 * holds.
 */
#ifndef ECOSYS_LOAD_SOURCE_H
#define ECOSYS_LOAD_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <zlib.h>

#include "base/json_splitter.h"

/* SHA-256 in hexadecimal, and a zero byte. */
#define ECOSYS_FINGERPRINT_SIZE 65

/* How much of the file, at its beginning and before the position, the fingerprint covers. */
#define ECOSYS_FINGERPRINT_SPAN 4096

typedef struct ecosys_load_source
{
	const char *name;			/* as the user gave it; "standard input" */
	char	   *identity;		/* host and path, or NULL: a pipe, which has no position to go on from */
	uint64_t	file_size;		/* 0: not known */
	bool		failed;			/* with: */
	char		message[200];

	/* private */
	gzFile		file;
	char	   *buffer;
	size_t		room;
	size_t		begin;			/* of what is not yet done with; up to a span before it is kept */
	size_t		filled;
	bool		at_end;
	uint64_t	base;			/* position of buffer[0] in the stream */
	char		head[ECOSYS_FINGERPRINT_SPAN];
	size_t		head_length;
	ecosys_json_splitter splitter;
} ecosys_load_source;

typedef enum ecosys_load_next
{
	ECOSYS_LOAD_UNIT,
	ECOSYS_LOAD_END,
	ECOSYS_LOAD_FAILED			/* source->message says why; a signal ends here too */
} ecosys_load_next;

/* Open a file, "-" for standard input; false: see message. */
extern bool ecosys_load_open(ecosys_load_source *source, const char *name);
extern void ecosys_load_close(ecosys_load_source *source);

/* The next statement; it stays in memory until the next call. */
extern ecosys_load_next ecosys_load_unit(ecosys_load_source *source, const char **text, size_t *length,
										 uint64_t *line);

/* How many bytes are done with: all up to the end of the last unit. */
extern uint64_t ecosys_load_position(const ecosys_load_source *source);

/* Bytes of the file that were read, to compare with file_size: compressed ones where it is. */
extern uint64_t ecosys_load_progress(ecosys_load_source *source);

/* Fingerprint of the stream up to the position. */
extern void ecosys_load_fingerprint(const ecosys_load_source *source, char result[ECOSYS_FINGERPRINT_SIZE]);

/*
 * Go to a position of a source just opened, if the fingerprint there is the
 * one given. False: it is another one, and the source has to be opened anew;
 * or it has failed.
 */
extern bool ecosys_load_seek(ecosys_load_source *source, uint64_t position, const char *fingerprint,
							 uint64_t line, bool within_array);

#endif							/* ECOSYS_LOAD_SOURCE_H */
