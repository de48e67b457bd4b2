/*
 * json_splitter.c - see json_splitter.h.
 *
 * Within a unit just enough of the grammar is followed to notice that a bracket
 * is missing: what kind the open containers are, and whether a value may come.
 */
#include "base/json_splitter.h"

#include <string.h>

/* What is being looked at. */
enum
{
	BETWEEN,					/* units: blanks, commas, the brackets of the array at the top */
	WITHIN,						/* an object, or an array that is an element */
	STRING,						/* within such */
	SCRAP,						/* what begins like neither, up to the line's end */
	BROKEN						/* after a unit that cannot be JSON: up to a line that begins anew */
};

/* Kinds of the last token within a unit; the other kinds are the character itself. */
#define AFTER_VALUE 'v'
#define IN_WORD 'w'				/* a number, true, false, null, or something that the parser will refuse */

#define EACH_BYTE(value) (UINT64_C(0x0101010101010101) * (value))

void
ecosys_split_open(ecosys_json_splitter *splitter, bool from_start, uint64_t line, bool within_array)
{
	memset(splitter, 0, sizeof(*splitter));
	splitter->line = line;
	splitter->within_array = within_array;
	splitter->at_start = from_start;
	splitter->leading = true;
	splitter->state = BETWEEN;
}

/* Marks bytes that are zero in the high bit of each; exact for the lowest such byte. */
static inline uint64_t
zero_bytes(uint64_t word)
{
	return (word - EACH_BYTE(0x01)) & ~word & EACH_BYTE(0x80);
}

/* The first quote, backslash or line break from at on; end if none. */
static const char *
string_stop(const char *at, const char *end)
{
	while (end - at >= 8)
	{
		uint64_t	word;

		memcpy(&word, at, 8);
		if (zero_bytes(word ^ EACH_BYTE('"')) | zero_bytes(word ^ EACH_BYTE('\\')) |
			zero_bytes(word ^ EACH_BYTE('\n')))
			break;
		at += 8;
	}
	while (at < end && *at != '"' && *at != '\\' && *at != '\n')
		at++;
	return at;
}

static inline bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static inline bool
is_object(const ecosys_json_splitter *s)
{
	return s->is_object[(s->depth - 1) / 64] >> (s->depth - 1) % 64 & 1;
}

/* False: deeper than anybody reads. */
static bool
push(ecosys_json_splitter *s, bool object)
{
	uint64_t	bit = UINT64_C(1) << s->depth % 64;

	if (s->depth == ECOSYS_SPLIT_MAX_DEPTH)
		return false;
	if (object)
		s->is_object[s->depth / 64] |= bit;
	else
		s->is_object[s->depth / 64] &= ~bit;
	s->depth++;
	return true;
}

/* Keep track of the line's beginning, for a byte outside strings. */
static inline void
pass(ecosys_json_splitter *s, char c)
{
	if (c == '\n')
	{
		s->line++;
		s->leading = true;
		s->indent = 0;
	}
	else if (s->leading)
	{
		if (is_blank(c))
			s->indent++;
		else
			s->leading = false;
	}
}

static void
begin_unit(ecosys_json_splitter *s, size_t at)
{
	s->unit = at;
	s->unit_line = s->line;
	s->unit_indent = s->leading ? s->indent : 0;
	s->has_candidate = false;
	s->in_string = false;
	s->depth = 0;
}

/* The unit cannot be JSON, as is seen at `at`: go back to where another may begin, if such a place was passed. */
static bool
break_unit(ecosys_json_splitter *s, size_t at)
{
	if (!s->has_candidate)
	{
		s->state = BROKEN;
		return false;
	}
	if (s->recovery < s->offset + at)
		s->recovery = s->offset + at;
	s->scanned = s->candidate;
	s->line = s->candidate_line;
	s->indent = s->candidate_indent;
	s->leading = true;
	return true;
}

/* At a bracket that opens, first in its line: may a unit begin here, if the present one is broken? */
static inline bool
may_begin(const ecosys_json_splitter *s, char c)
{
	return s->leading && s->indent <= s->unit_indent && (c == '{' || (c == '[' && !s->within_array));
}

/*
 * Look at c within a unit, outside of strings. True: the unit goes on (or has
 * ended, at depth 0); false: it cannot be JSON.
 */
static bool
take(ecosys_json_splitter *s, char c)
{
	switch (c)
	{
		case '{':
		case '[':
			if (s->depth > 0 && !(s->before == ':' || (!is_object(s) && (s->before == '[' || s->before == ','))))
				return false;
			s->before = c;
			return push(s, c == '{');
		case '}':
		case ']':
			if (is_object(s) != (c == '}'))
				return false;
			s->depth--;
			s->before = AFTER_VALUE;
			return true;
		case ',':
		case ':':
			s->before = c;
			return true;
		case '"':
			if (s->before == AFTER_VALUE)
				return false;
			s->before = AFTER_VALUE;
			s->state = STRING;
			return true;
		default:
			return true;
	}
}

static inline bool
is_structure(char c)
{
	return c == '{' || c == '}' || c == '[' || c == ']' || c == ',' || c == ':' || c == '"';
}

/* Hand out the unit up to `end`, without blanks after it, and count what was done with. */
static ecosys_split_result
unit_found(ecosys_json_splitter *s, const char *text, size_t end, ecosys_split_unit *unit, size_t *used)
{
	while (end > s->unit + 1 && is_blank(text[end - 1]))
		end--;
	unit->offset = s->unit;
	unit->length = end - s->unit;
	unit->line = s->unit_line;
	s->state = BETWEEN;
	*used = s->scanned;
	s->offset += s->scanned;
	s->scanned = 0;
	return ECOSYS_SPLIT_UNIT;
}

ecosys_split_result
ecosys_split_next(ecosys_json_splitter *s, const char *text, size_t length, bool last,
				  ecosys_split_unit *unit, size_t *used)
{
	if (s->at_start)
	{
		static const char mark[3] = {'\xef', '\xbb', '\xbf'};
		size_t		n = length < 3 ? length : 3;

		*used = 0;
		if (!last && n < 3 && (n == 0 || memcmp(text, mark, n) == 0))
			return ECOSYS_SPLIT_MORE;
		s->at_start = false;
		if (n == 3 && memcmp(text, mark, 3) == 0)
			s->scanned = 3;
	}

	while (s->scanned < length)
	{
		size_t		at = s->scanned;
		char		c = text[at];

		if (s->state == STRING)
		{
			const char *stop = string_stop(text + at, text + length);

			at = (size_t) (stop - text);
			s->scanned = at;
			if (at - s->unit >= ECOSYS_SPLIT_MAX_UNIT)
				return unit_found(s, text, at, unit, used);
			if (at == length)
				break;
			if (*stop == '"')
			{
				s->state = WITHIN;
				s->scanned = at + 1;
			}
			else if (*stop == '\\')
			{
				if (at + 1 == length)
					break;		/* look at both bytes when both are here */
				s->scanned = at + (text[at + 1] == '\n' ? 1 : 2);
			}
			else if (break_unit(s, at))
				return unit_found(s, text, s->scanned, unit, used);
			continue;
		}
		if (s->state == WITHIN)
		{
			if (at - s->unit >= ECOSYS_SPLIT_MAX_UNIT)
				return unit_found(s, text, at, unit, used);
			if (is_blank(c))
			{
				if (s->before == IN_WORD)
					s->before = AFTER_VALUE;
				pass(s, c);
				s->scanned = at + 1;
				continue;
			}
			if (at > s->unit && may_begin(s, c))
			{
				if (!s->has_candidate)
				{
					s->has_candidate = true;
					s->candidate = at;
					s->candidate_line = s->line;
					s->candidate_indent = s->indent;
				}
				/* after a break, rather one small bad unit than looking at all that follows over and over */
				if (s->offset + at < s->recovery)
					return unit_found(s, text, at, unit, used);
			}
			if (is_structure(c))
			{
				if (s->before == IN_WORD)
					s->before = AFTER_VALUE;
				if (take(s, c))
				{
					s->leading = false;
					s->scanned = at + 1;
					if (s->depth == 0)
						return unit_found(s, text, at + 1, unit, used);
				}
				else if (break_unit(s, at))
					return unit_found(s, text, s->scanned, unit, used);
			}
			else if (s->before != AFTER_VALUE)
			{
				while (at < length && !is_blank(text[at]) && !is_structure(text[at]))
					at++;
				s->before = IN_WORD;
				s->leading = false;
				s->scanned = at;
			}
			else if (break_unit(s, at))
				return unit_found(s, text, s->scanned, unit, used);
			continue;
		}
		if (s->state == BETWEEN)
		{
			if (is_blank(c) || (s->within_array && c == ','))
			{
				pass(s, c);
				s->scanned = at + 1;
			}
			else if (c == '[' && !s->within_array)
			{
				s->within_array = true;
				s->leading = false;
				s->scanned = at + 1;
			}
			else if (c == ']' && s->within_array)
			{
				s->within_array = false;
				s->leading = false;
				s->scanned = at + 1;
			}
			else
			{
				begin_unit(s, at);
				s->state = c == '{' || c == '[' ? WITHIN : SCRAP;
			}
			continue;
		}
		if (s->state == SCRAP)
		{
			if (c == '\n' || at - s->unit >= ECOSYS_SPLIT_MAX_UNIT ||
				(s->within_array && !s->in_string && (c == ',' || c == ']') && at > s->unit))
				return unit_found(s, text, at, unit, used);
			if (c == '\\' && s->in_string && (at + 1 < length || !last))
			{
				if (at + 1 == length)
					break;
				at += text[at + 1] != '\n';
			}
			else if (c == '"')
				s->in_string = !s->in_string;
			s->leading = false;
			s->scanned = at + 1;
			continue;
		}
		/* BROKEN */
		if ((s->leading && !is_blank(c) && s->indent <= s->unit_indent &&
			 (may_begin(s, c) || (c == ']' && s->within_array))) || at - s->unit >= ECOSYS_SPLIT_MAX_UNIT)
			return unit_found(s, text, at, unit, used);
		pass(s, c);
		s->scanned = at + 1;
	}

	if (!last)
	{
		/* blanks and commas are done with, a unit is kept from its beginning on */
		*used = s->state == BETWEEN ? s->scanned : s->unit;
		s->offset += *used;
		s->scanned -= *used;
		if (s->state != BETWEEN)
		{
			s->unit -= *used;
			if (s->has_candidate)
				s->candidate -= *used;
		}
		return ECOSYS_SPLIT_MORE;
	}
	if (s->state == BETWEEN)
	{
		*used = length;
		s->offset += length;
		s->scanned = 0;
		return ECOSYS_SPLIT_END;
	}
	/* a unit that the end of the text cuts off */
	if (s->state != SCRAP && s->state != BROKEN && break_unit(s, length))
		return unit_found(s, text, s->scanned, unit, used);
	s->scanned = length;
	return unit_found(s, text, length, unit, used);
}

uint64_t
ecosys_split_line(const ecosys_json_splitter *splitter)
{
	return splitter->state == BETWEEN ? splitter->line : splitter->unit_line;
}
