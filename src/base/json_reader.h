/*
 * json_reader.h - read a JSON text from left to right, once, without a tree.
 *
 * The caller asks what comes next and reads or skips it; every byte passed is
 * proved to be JSON (RFC 8259, strictly) in UTF-8. The reader allocates
 * nothing, never recurses and keeps no copy: it hands out spans of the text.
 *
 *		ecosys_json_open(&reader, text, length);
 *		if (ecosys_json_enter_object(&reader))
 *			while (ecosys_json_next_member(&reader, &key))
 *				ecosys_json_skip(&reader, &value);		(or read it, or enter it)
 *		if (!ecosys_json_close(&reader))
 *			... reader.fault says what and where
 *
 * Rules of use: a container that was entered is read until next_member or
 * next_element returns false; each member or element they announce is read or
 * skipped before the next is asked for. After the first fault every function
 * returns false, so loops end by themselves and one look at reader.failed at
 * the end is enough.
 *
 * Not checked here: duplicate keys. The statement parser refuses them in every
 * object whose keys xAPI knows, in language maps and in extensions, but not
 * inside the values of extensions.
 *
 * Strings are handed out as they stand in the text, quotes included. Their
 * meaning comes from ecosys_json_decode and its relatives, which expect a
 * string that a reader has passed. A lone surrogate (\ud800, legal JSON that
 * UTF-8 cannot hold) decodes to the three bytes UTF-8 would use if it could
 * ("WTF-8"): good for hashing and comparing, not for showing. \u0000 decodes
 * to a zero byte.
 */
#ifndef ECOSYS_JSON_READER_H
#define ECOSYS_JSON_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"
#include "base/span.h"

/* Nesting allowed, objects and arrays together. */
#define ECOSYS_JSON_MAX_DEPTH 10000

/* Longest text: spans and the server's allocations must hold it. */
#define ECOSYS_JSON_MAX_LENGTH 0x3fffffff

typedef enum ecosys_json_kind
{
	ECOSYS_JSON_NONE,			/* no value starts here: the reader has failed */
	ECOSYS_JSON_OBJECT,
	ECOSYS_JSON_ARRAY,
	ECOSYS_JSON_STRING,
	ECOSYS_JSON_NUMBER,
	ECOSYS_JSON_TRUE,
	ECOSYS_JSON_FALSE,
	ECOSYS_JSON_NULL
} ecosys_json_kind;

typedef struct ecosys_json_reader
{
	const char *text;
	const char *at;				/* next byte to read */
	const char *end;
	uint32_t	depth;			/* containers entered and not yet left */
	bool		fresh;			/* a container was entered and nothing of it read */

	bool		failed;			/* with the following: */
	ecosys_fault_kind fault_kind;
	const char *fault_at;
	const char *fault_message;	/* constant, lower case, no full stop */

	void		(*progress) (void); /* called every few thousand values; may be NULL */
	uint32_t	until_progress;
} ecosys_json_reader;

/* A string as it stands in the text. */
typedef struct ecosys_json_string
{
	ecosys_span span;			/* quotes included */
	bool		escaped;		/* has a backslash: the bytes between the quotes are not the value */
} ecosys_json_string;

/* Start at the beginning of a text. It need not end in a zero byte. */
extern void ecosys_json_open(ecosys_json_reader *reader, const char *text, size_t length);

/*
 * Stop for a reason of the caller's, at `at`; the first fault stays. Always
 * returns false.
 */
extern bool ecosys_json_fail(ecosys_json_reader *reader, ecosys_fault_kind kind, const char *at,
							 const char *message);

/* True if the whole text was read, without a fault and with nothing but blanks after the value. */
extern bool ecosys_json_close(ecosys_json_reader *reader);

/* Pass over blanks; what kind of value starts here? Reads nothing of it. */
extern ecosys_json_kind ecosys_json_peek(ecosys_json_reader *reader);

/* Each reads one value that must be of its kind (peek first), else the reader fails. */
extern bool ecosys_json_read_string(ecosys_json_reader *reader, ecosys_json_string *string);
extern bool ecosys_json_read_number(ecosys_json_reader *reader, ecosys_span *number);
extern bool ecosys_json_enter_object(ecosys_json_reader *reader);
extern bool ecosys_json_enter_array(ecosys_json_reader *reader);

/* True: a member's key was read, its value comes next. False: the object has ended, or a fault. */
extern bool ecosys_json_next_member(ecosys_json_reader *reader, ecosys_json_string *key);

/* True: an element comes next. False: the array has ended, or a fault. */
extern bool ecosys_json_next_element(ecosys_json_reader *reader);

/* Pass over one value of any kind and any depth; value (may be NULL) becomes its span. */
extern bool ecosys_json_skip(ecosys_json_reader *reader, ecosys_span *value);

/*
 * The value of member `key` (plain ASCII) of the object that a valid text is;
 * false if it has none. For a path of keys ask again within the span found.
 */
extern bool ecosys_json_find(const char *text, size_t length, const char *key, ecosys_span *value);

/*
 * Decode a string. `string` starts at the opening quote, length counts both
 * quotes. The result is never longer than the string; returns its length.
 */
extern size_t ecosys_json_decode(const char *string, size_t length, char *result);

/*
 * The same piece by piece, without a buffer for the whole: *at starts after
 * the opening quote, end is the closing quote. Each call returns the length of
 * the next piece and points *piece to it, in the text or in buffer; 0 = done.
 */
extern size_t ecosys_json_decode_piece(const char **at, const char *end, const char **piece,
									   char buffer[4]);

/* Order of two strings by their decoded bytes, like memcmp and then length. */
extern int	ecosys_json_compare_strings(const char *a, size_t a_length,
										const char *b, size_t b_length);

/* Does a string mean this plain text? */
extern bool ecosys_json_string_is(const char *string, size_t length, const char *plain);

/*
 * The value of a number that a reader has passed; false if it is beyond the
 * range of double. Underflow gives 0 or a denormal. scratch has room for
 * length + 1 bytes and is used only for long numbers.
 */
extern bool ecosys_json_number_value(const char *number, size_t length, char *scratch,
									 double *value);

#endif							/* ECOSYS_JSON_READER_H */
