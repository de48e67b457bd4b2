/*
 * json_splitter.h - cut a stream of JSON into its statements, without reading them.
 *
 * Takes JSON lines, one JSON array, objects one after another, pretty-printed
 * or not, and any mixture: a value at the top is a unit, but of an array at the
 * top each element is one. Blanks and a byte order mark at the start are passed
 * over, and so are commas within that array.
 *
 * A unit is not proved to be JSON: whoever parses it does that. What the
 * splitter promises is that a text which is JSON is cut where it should be,
 * whatever its layout, and that damage stays small: a unit that cannot be JSON
 * (brackets that do not match, a value after a value, a line break in a string,
 * the end of the text) ends before the next line that is indented no deeper
 * than it and begins with a bracket; a statement cut off in the middle of a
 * line is one bad unit, and the next line the next one.
 *
 * Each byte is looked at once, or twice where a unit is broken. Memory is one
 * fixed struct; the caller keeps the text from the start of a unit on.
 */
#ifndef ECOSYS_JSON_SPLITTER_H
#define ECOSYS_JSON_SPLITTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Deeper than the JSON reader's limit by one, so that it is the reader that says what is wrong. */
#define ECOSYS_SPLIT_MAX_DEPTH 10001

/*
 * A unit of more bytes than this is cut there: four times as much is what a
 * line of COPY may hold, and escapes double it.
 */
#define ECOSYS_SPLIT_MAX_UNIT 0x0fffffff

typedef struct ecosys_json_splitter
{
	bool		within_array;	/* an array at the top was entered and not left */

	/* the rest is private */
	uint64_t	line;			/* of the byte at `scanned`, 1 for the first */
	int			state;
	bool		at_start;		/* a byte order mark may come */
	bool		leading;		/* since the line's beginning there were blanks only */
	bool		in_string;		/* of a scrap */
	bool		has_candidate;
	char		before;			/* kind of the last token within a unit */
	uint32_t	depth;
	uint32_t	indent;			/* blanks since the line's beginning, while leading */
	uint32_t	unit_indent;
	uint64_t	unit_line;
	size_t		scanned;		/* bytes of the text that were looked at */
	size_t		unit;			/* where the unit begins */
	size_t		candidate;		/* first place within the unit where another one may begin */
	uint64_t	candidate_line;
	uint32_t	candidate_indent;
	uint64_t	offset;			/* of the text given, in all of the stream since open */
	uint64_t	recovery;		/* up to there all was looked at before the last break */
	uint64_t	is_object[(ECOSYS_SPLIT_MAX_DEPTH + 63) / 64];
} ecosys_json_splitter;

/* One statement, or what stands where one should. */
typedef struct ecosys_split_unit
{
	size_t		offset;			/* in the text given */
	size_t		length;
	uint64_t	line;			/* on which it begins */
} ecosys_split_unit;

typedef enum ecosys_split_result
{
	ECOSYS_SPLIT_UNIT,			/* *unit is the next one */
	ECOSYS_SPLIT_MORE,			/* more text is needed */
	ECOSYS_SPLIT_END			/* only at the last of the text */
} ecosys_split_result;

/* Start at the beginning of a text, or at the end of one of its units. */
extern void ecosys_split_open(ecosys_json_splitter *splitter, bool from_start, uint64_t line, bool within_array);

/*
 * The next unit of a text, of which `length` bytes are here; last: there are
 * no more. *used of them are done with: the caller comes back with the text from
 * there on, and after MORE with more of it behind.
 */
extern ecosys_split_result ecosys_split_next(ecosys_json_splitter *splitter, const char *text, size_t length,
											 bool last, ecosys_split_unit *unit, size_t *used);

/* The line of the first byte that is not done with. */
extern uint64_t ecosys_split_line(const ecosys_json_splitter *splitter);

#endif							/* ECOSYS_JSON_SPLITTER_H */
