/*
 * statement.h - the stored bytes of an ecosys.statement.
 *
 * This header and statement_pack.c are the only code that knows them; plain C,
 * without the server. What follows the varlena header is, packed without
 * padding and the same on every machine:
 *
 *	uint8	version			1
 *	varint	flags			ECOSYS_STATEMENT_... below, times 8, plus the form of the payload
 *	fields					those whose flag is set, in the order of ecosys_statement_header_write
 *	payload					the kept text in this form, up to the end
 *
 * The kept text is the text as received, save that values which the fields hold
 * anyway are replaced by one control byte. JSON allows no such byte anywhere, so
 * the received text is restored exactly, without parsing it:
 *
 *	0x02	id		0x03 registration		0x04 timestamp
 *	0x05	stored	0x06 id of the StatementRef
 *	0x07	scaled score	0x08 duration
 *	0x0E+i	the i-th of the packed UUIDs
 *
 * A UUID is replaced wherever it stands if it is spelled in lower case: random
 * hexadecimal digits do not compress, and take 16 bytes this way. Times, the
 * score and the duration are replaced if they are spelled as they print.
 *
 * Values that the server completed (id, timestamp and stored where the text had
 * none) are fields with a ..._COMPLETED flag; they are printed as the first
 * members of the object.
 *
 * Keys of the actor, the object and the authority are not kept: who needs them
 * has them in columns of their own, or parses the text.
 */
#ifndef ECOSYS_STATEMENT_H
#define ECOSYS_STATEMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "statement/statement_parse.h"

#define ECOSYS_STATEMENT_VERSION 1

/* Flags. The common ones come first, as they take a byte for seven. */
enum
{
	ECOSYS_STATEMENT_OBJECT_TYPE = 0x7,	/* an ecosys_object_type */
	ECOSYS_STATEMENT_SUCCESS_GIVEN = 1 << 3,
	ECOSYS_STATEMENT_SUCCESS = 1 << 4,
	ECOSYS_STATEMENT_COMPLETION_GIVEN = 1 << 5,
	ECOSYS_STATEMENT_COMPLETION = 1 << 6,
	ECOSYS_STATEMENT_ID = 1 << 7,
	ECOSYS_STATEMENT_TIMESTAMP = 1 << 8,
	ECOSYS_STATEMENT_STORED = 1 << 9,
	ECOSYS_STATEMENT_STORED_COMPLETED = 1 << 10,
	ECOSYS_STATEMENT_VERB_LISTED = 1 << 11,	/* the verb is one of statement_verb.c */
	ECOSYS_STATEMENT_REGISTRATION = 1 << 12,
	ECOSYS_STATEMENT_SCALED = 1 << 13,
	ECOSYS_STATEMENT_SCALED_PRINTED = 1 << 14,	/* in place of its mark */
	ECOSYS_STATEMENT_DURATION = 1 << 15,
	ECOSYS_STATEMENT_DURATION_PRINTED = 1 << 16,	/* in place of its mark */
	ECOSYS_STATEMENT_UUIDS = 1 << 17,
	ECOSYS_STATEMENT_VOIDING = 1 << 18,
	ECOSYS_STATEMENT_XAPI_2 = 1 << 19,
	ECOSYS_STATEMENT_ID_COMPLETED = 1 << 20,
	ECOSYS_STATEMENT_TIMESTAMP_COMPLETED = 1 << 21,
	ECOSYS_STATEMENT_TIMESTAMP_IN_TEXT = 1 << 22,	/* spelled in a way that has no style */
	ECOSYS_STATEMENT_STORED_LITERAL = 1 << 23,	/* `stored` as received, which has no style, is kept apart */
	ECOSYS_STATEMENT_DURATION_DATE = 1 << 24,	/* it has months or days */
	ECOSYS_STATEMENT_FLAGS = (1 << 25) - 1
};

/* Forms of the payload. One that is released stays readable; a new model or compressor is a new one. */
enum
{
	ECOSYS_FORM_PLAIN = 0,
	ECOSYS_FORM_ZSTD = 1,		/* preceded by the length of the kept text, as a varint */
	ECOSYS_FORM_MODEL_1 = 2,	/* statement_coder.h with statement_model_1 */
	ECOSYS_FORMS = 8
};

/* How a time is spelled: fraction digits, and the offset in quarters of an hour. */
typedef struct ecosys_time_style
{
	uint8_t		digits;			/* 0 to 6 */
	int8_t		zone;			/* quarters of an hour east of UTC, or ECOSYS_TIME_ZULU */
} ecosys_time_style;

#define ECOSYS_TIME_ZULU INT8_MIN

/*
 * How a duration is spelled: which parts it has, of hours, minutes and seconds;
 * the first of them takes all that is above it. Fraction digits of the seconds.
 */
typedef struct ecosys_duration_style
{
	uint8_t		digits;			/* 0 to 6 */
	uint8_t		parts;			/* 1 hours, 2 minutes, 4 seconds */
} ecosys_duration_style;

#define ECOSYS_DURATION_SIZE 48		/* printed, and a NUL */

/* Printed times: "2026-11-24T15:04:05.123456+01:00" and a NUL. */
#define ECOSYS_TIME_SIZE 33

/* More UUIDs than this stay in the text. */
#define ECOSYS_STATEMENT_MAX_UUIDS 18

/* The fields up to the literal of `stored` fit in this many bytes from the version byte on. */
#define ECOSYS_STATEMENT_FACTS_SIZE 144

/* The fields, unpacked. */
typedef struct ecosys_statement_header
{
	uint8_t		form;
	uint32_t	flags;
	uint8_t		id[16];
	int64_t		timestamp;
	ecosys_time_style timestamp_style;
	int64_t		stored;
	ecosys_time_style stored_style;
	int64_t		verb;			/* key */
	uint8_t		verb_number;	/* if listed */
	uint8_t		object_statement_id[16];	/* of a StatementRef */
	uint8_t		registration[16];
	double		scaled;
	uint32_t	scaled_code;	/* if printed: see statement_pack.c */
	int64_t		duration_microseconds;
	int32_t		duration_months;
	int32_t		duration_days;
	ecosys_duration_style duration_style;

	/* what only the text needs; not read from a slice */
	const uint8_t *stored_literal;	/* with its quotes off; points into the stored bytes */
	uint32_t	stored_literal_length;
	uint8_t		n_uuids;
	const uint8_t *uuids;
	uint32_t	kept_length;	/* of the text that the payload is; in a model's form it is not known before */
	const uint8_t *payload;
	size_t		payload_length;
} ecosys_statement_header;

/*
 * Fill a header from the facts of a text and write the kept text, which is never
 * longer than the text, to kept. The pointers in *header point into text or
 * uuids. uuids has room for ECOSYS_STATEMENT_MAX_UUIDS * 16 bytes.
 */
extern void ecosys_statement_pack(const char *text, size_t length, const ecosys_statement_facts *facts,
								  ecosys_statement_header *header, char *kept, uint8_t *uuids);

/* Bytes that ecosys_statement_header_write needs, at most. */
extern size_t ecosys_statement_header_size(const ecosys_statement_header *header);

/* Write the fields; the payload follows them. Returns their size. */
extern size_t ecosys_statement_header_write(const ecosys_statement_header *header, uint8_t *bytes);

/*
 * Read and prove the stored bytes. Where only the first ones are at hand
 * (available < ECOSYS_STATEMENT_FACTS_SIZE only if there are no more), read the
 * facts alone. False: these are not the bytes of a statement.
 */
extern bool ecosys_statement_header_read(const uint8_t *bytes, size_t size, ecosys_statement_header *header);
extern bool ecosys_statement_facts_read(const uint8_t *bytes, size_t available, ecosys_statement_header *header);

/*
 * Restore the text from the kept text. With completed, completed values are
 * printed first; without, the text is as received, but for an overwritten
 * `stored`. false: the kept text does not fit the header. _size adds up the length first.
 */
extern bool ecosys_statement_unpacked_size(const ecosys_statement_header *header, const char *kept, bool completed,
										   size_t *size);
extern void ecosys_statement_unpack(const ecosys_statement_header *header, const char *kept, bool completed,
									char *text);

/* Values the server sets; stored and timestamp must be printable. */
extern void ecosys_statement_set_id(ecosys_statement_header *header, const uint8_t *id);
extern void ecosys_statement_set_timestamp(ecosys_statement_header *header, int64_t timestamp);
extern void ecosys_statement_set_stored(ecosys_statement_header *header, int64_t stored);

/* Print a time; returns its length. The year must be 0 to 9999 (ecosys_time_printable). */
extern bool ecosys_time_printable(int64_t time, ecosys_time_style style);
extern size_t ecosys_time_print(int64_t time, ecosys_time_style style, char *buffer);

extern void ecosys_uuid_print(const uint8_t *uuid, char *buffer /* 36 */ );

#endif							/* ECOSYS_STATEMENT_H */
