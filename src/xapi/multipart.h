/*
 * multipart.h - bodies of multipart/mixed: read one in place, write one.
 *
 * The reader hands out offsets into the body and copies nothing:
 *
 *		ecosys_multipart_open(&reader, content_type, length, body, body_length);
 *		while (ecosys_multipart_next(&reader, &part))
 *			while (ecosys_multipart_next_header(&reader, &part, &header))
 *				...
 *		if (reader.fault != NULL)
 *			... why the body is malformed
 *
 * RFC 2046 strictly, with what clients send besides: lines may end in a bare
 * LF, nothing need follow the last delimiter, a header may lack the blank after
 * its colon. A preamble and an epilogue are passed over. Plain C.
 */
#ifndef ECOSYS_MULTIPART_H
#define ECOSYS_MULTIPART_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ECOSYS_MULTIPART_MAX_BOUNDARY 70	/* RFC 2046, 5.1.1 */
#define ECOSYS_MULTIPART_MAX_HEADERS (16 * 1024)	/* bytes of a part's headers */
#define ECOSYS_MULTIPART_MAX_PARTS 20000	/* a batch may have 10,000 statements */

typedef struct ecosys_multipart
{
	const char *body;
	size_t		length;
	char		delimiter[2 + ECOSYS_MULTIPART_MAX_BOUNDARY];	/* "--" and the boundary */
	size_t		delimiter_length;
	size_t		at;				/* behind the last delimiter line read */
	uint32_t	n_parts;
	bool		closed;			/* the closing delimiter was read */
	const char *fault;			/* a constant, lower case, no full stop; NULL: none */
} ecosys_multipart;

/* Offsets into the body. */
typedef struct ecosys_multipart_part
{
	size_t		headers;
	size_t		headers_length;
	size_t		content;
	size_t		content_length;
	size_t		next_header;	/* private to ecosys_multipart_next_header */
} ecosys_multipart_part;

typedef struct ecosys_multipart_header
{
	size_t		name;
	size_t		name_length;
	size_t		value;			/* without blanks around it; line breaks inside are folds */
	size_t		value_length;
} ecosys_multipart_header;

/* False and a fault if content_type is not multipart/mixed with a boundary. */
extern bool ecosys_multipart_open(ecosys_multipart *reader, const char *content_type,
								  size_t content_type_length, const char *body, size_t length);

/* The next part. False: the closing delimiter was read, or a fault. */
extern bool ecosys_multipart_next(ecosys_multipart *reader, ecosys_multipart_part *part);

/* The next header of a part. False: no more, or a fault. */
extern bool ecosys_multipart_next_header(ecosys_multipart *reader, ecosys_multipart_part *part,
										 ecosys_multipart_header *header);

typedef struct ecosys_multipart_piece
{
	const char *bytes;
	size_t		length;
} ecosys_multipart_piece;

/*
 * Bytes that a body of these parts takes. headers[i] are whole lines, each with
 * its CRLF. SIZE_MAX: beyond what size_t holds.
 */
extern size_t ecosys_multipart_size(size_t boundary_length, const ecosys_multipart_piece *headers,
									const ecosys_multipart_piece *contents, size_t n);

/* Write it; result has room for ecosys_multipart_size bytes. */
extern void ecosys_multipart_write(char *result, const char *boundary, size_t boundary_length,
								   const ecosys_multipart_piece *headers,
								   const ecosys_multipart_piece *contents, size_t n);

/* May this be a boundary? */
extern bool ecosys_multipart_boundary_valid(const char *boundary, size_t length);

/* Does the boundary, as a delimiter, stand in the bytes? */
extern bool ecosys_multipart_boundary_in(const char *boundary, size_t boundary_length,
										 const char *bytes, size_t length);

#endif							/* ECOSYS_MULTIPART_H */
