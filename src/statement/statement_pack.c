/*
 * statement_pack.c - from a text and its facts to the stored fields and the
 * kept text, and back to the text.
 *
 * See statement.h for the format. Plain C.
 */
#include "statement/statement.h"

#include <string.h>

#include "statement/statement_verb.h"

enum
{
	MARK_ID = 0x02,
	MARK_REGISTRATION = 0x03,
	MARK_TIMESTAMP = 0x04,
	MARK_STORED = 0x05,
	MARK_STATEMENT_REF = 0x06,
	MARK_SCALED = 0x07,
	MARK_DURATION = 0x08,
	MARK_UUID = 0x0E
};

#define UUID_LENGTH 36
#define MICROSECONDS_PER_DAY INT64_C(86400000000)
#define DAYS_0000_TO_2000 730425	/* 0000-03-01, where the day count below begins, to 2000-01-01 */

/* ---- times ---- */

/*
 * Civil date from days since 0000-03-01, in which leap days come last (Howard
 * Hinnant, "chrono-Compatible Low-Level Date Algorithms").
 */
static void
civil_date(int64_t days, int *year, int *month, int *day)
{
	int64_t		era = days / 146097;
	int			day_of_era = (int) (days - era * 146097);
	int			year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
	int			day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	int			shifted = (5 * day_of_year + 2) / 153;

	*day = day_of_year - (153 * shifted + 2) / 5 + 1;
	*month = shifted < 10 ? shifted + 3 : shifted - 9;
	*year = (int) (era * 400) + year_of_era + (*month <= 2);
}

static int64_t
local_time(int64_t time, ecosys_time_style style)
{
	if (style.zone == ECOSYS_TIME_ZULU)
		return time;
	return time + style.zone * INT64_C(900000000);
}

bool
ecosys_time_printable(int64_t time, ecosys_time_style style)
{
	/* from 0000-03-01 (no year before it is of use) to the end of 9999 */
	if (time < -DAYS_0000_TO_2000 * MICROSECONDS_PER_DAY + MICROSECONDS_PER_DAY ||
		time >= INT64_C(2921940) * MICROSECONDS_PER_DAY)
		return false;
	return style.digits <= 6 && (style.zone == ECOSYS_TIME_ZULU || (style.zone > -100 && style.zone < 100));
}

static char *
print_digits(char *at, unsigned value, int digits)
{
	for (int i = digits - 1; i >= 0; i--)
	{
		at[i] = '0' + value % 10;
		value /= 10;
	}
	return at + digits;
}

size_t
ecosys_time_print(int64_t time, ecosys_time_style style, char *buffer)
{
	static const unsigned powers[] = {1000000, 100000, 10000, 1000, 100, 10, 1};
	int64_t		shifted = local_time(time, style) + DAYS_0000_TO_2000 * MICROSECONDS_PER_DAY;
	int64_t		days = shifted / MICROSECONDS_PER_DAY;
	int64_t		rest = shifted % MICROSECONDS_PER_DAY;
	unsigned	seconds = (unsigned) (rest / 1000000);
	int			year,
				month,
				day;
	char	   *at = buffer;

	civil_date(days, &year, &month, &day);
	at = print_digits(at, year, 4);
	*at++ = '-';
	at = print_digits(at, month, 2);
	*at++ = '-';
	at = print_digits(at, day, 2);
	*at++ = 'T';
	at = print_digits(at, seconds / 3600, 2);
	*at++ = ':';
	at = print_digits(at, seconds / 60 % 60, 2);
	*at++ = ':';
	at = print_digits(at, seconds % 60, 2);
	if (style.digits > 0)
	{
		*at++ = '.';
		at = print_digits(at, (unsigned) (rest % 1000000) / powers[style.digits], style.digits);
	}
	if (style.zone == ECOSYS_TIME_ZULU)
		*at++ = 'Z';
	else
	{
		unsigned	minutes = (style.zone < 0 ? -style.zone : style.zone) * 15;

		*at++ = style.zone < 0 ? '-' : '+';
		at = print_digits(at, minutes / 60, 2);
		*at++ = ':';
		at = print_digits(at, minutes % 60, 2);
	}
	*at = '\0';
	return at - buffer;
}

/* The style in which `time` prints exactly as the literal (without quotes) does, if there is one. */
static bool
find_style(const char *literal, size_t length, int64_t time, ecosys_time_style *style)
{
	char		printed[ECOSYS_TIME_SIZE];
	size_t		at = 19;

	style->digits = 0;
	if (length < 20 || length >= ECOSYS_TIME_SIZE)
		return false;
	if (literal[at] == '.')
	{
		for (at++; at < length && literal[at] >= '0' && literal[at] <= '9'; at++)
			style->digits++;
		if (style->digits == 0 || style->digits > 6)
			return false;
	}
	if (at + 1 == length && literal[at] == 'Z')
		style->zone = ECOSYS_TIME_ZULU;
	else if (at + 6 == length)
	{
		int			minutes = ((literal[at + 1] - '0') * 10 + literal[at + 2] - '0') * 60 +
			(literal[at + 4] - '0') * 10 + literal[at + 5] - '0';

		if (minutes < 0 || minutes % 15 != 0 || minutes / 15 >= 100)
			return false;
		style->zone = (int8_t) (literal[at] == '-' ? -minutes / 15 : minutes / 15);
	}
	else
		return false;
	return ecosys_time_printable(time, *style) &&
		ecosys_time_print(time, *style, printed) == length && memcmp(printed, literal, length) == 0;
}

/* ---- scores and durations ---- */

/*
 * A scaled score from 0 to 1 with up to four digits, spelled 0, 0.5, 0.85, is a
 * code: how many such scores with fewer digits there are, plus its digits as a number. So two
 * digits fit in a byte.
 */
static const uint32_t scaled_base[] = {0, 2, 13, 114, 1115, 11116};
static const int powers_of_ten[] = {1, 10, 100, 1000, 10000, 100000, 1000000};

#define SCALED_CODES 11116

static bool
find_scaled_code(const char *literal, size_t length, uint32_t *code)
{
	uint32_t	value = 0;
	int			digits = length > 2 ? (int) length - 2 : 0;

	if (length == 0 || length == 2 || length > 6 || (literal[0] != '0' && literal[0] != '1') ||
		(length > 2 && literal[1] != '.'))
		return false;
	for (size_t i = 0; i < length; i++)
	{
		if (i == 1)
			continue;
		if (literal[i] < '0' || literal[i] > '9')
			return false;
		value = value * 10 + (literal[i] - '0');
	}
	if (value > (uint32_t) powers_of_ten[digits])
		return false;
	*code = scaled_base[digits] + value;
	return true;
}

static int
scaled_digits(uint32_t code)
{
	int			digits = 0;

	while (code >= scaled_base[digits + 1])
		digits++;
	return digits;
}

static double
scaled_of_code(uint32_t code)
{
	int			digits = scaled_digits(code);

	return (double) (code - scaled_base[digits]) / powers_of_ten[digits];
}

static size_t
print_scaled(uint32_t code, char *buffer)
{
	int			digits = scaled_digits(code);
	uint32_t	value = code - scaled_base[digits];

	buffer[0] = '0' + value / powers_of_ten[digits];
	if (digits == 0)
		return 1;
	buffer[1] = '.';
	print_digits(buffer + 2, value % powers_of_ten[digits], digits);
	return digits + 2;
}

static char *
print_number(char *at, uint64_t value)
{
	char		reversed[20];
	int			n = 0;

	do
		reversed[n++] = '0' + value % 10;
	while ((value /= 10) > 0);
	while (n > 0)
		*at++ = reversed[--n];
	return at;
}

enum
{
	PART_HOURS = 1,
	PART_MINUTES = 2,
	PART_SECONDS = 4
};

static size_t
print_duration(int64_t microseconds, ecosys_duration_style style, char *buffer)
{
	uint64_t	rest = (uint64_t) microseconds;
	char	   *at = buffer;

	*at++ = 'P';
	*at++ = 'T';
	if (style.parts & PART_HOURS)
	{
		at = print_number(at, rest / UINT64_C(3600000000));
		rest %= UINT64_C(3600000000);
		*at++ = 'H';
	}
	if (style.parts & PART_MINUTES)
	{
		at = print_number(at, rest / 60000000);
		rest %= 60000000;
		*at++ = 'M';
	}
	if (style.parts & PART_SECONDS)
	{
		at = print_number(at, rest / 1000000);
		if (style.digits > 0)
		{
			*at++ = '.';
			at = print_digits(at, (unsigned) (rest % 1000000) / powers_of_ten[6 - style.digits], style.digits);
		}
		*at++ = 'S';
	}
	return at - buffer;
}

/* The style in which a duration prints exactly as the literal (without quotes) does, if there is one. */
static bool
find_duration_style(const char *literal, size_t length, int64_t microseconds, ecosys_duration_style *style)
{
	char		printed[ECOSYS_DURATION_SIZE];
	bool		fraction = false;

	style->digits = 0;
	style->parts = 0;
	if (length < 4 || length >= ECOSYS_DURATION_SIZE || microseconds < 0)
		return false;
	for (size_t i = 2; i < length; i++)
	{
		if (literal[i] == 'H')
			style->parts |= PART_HOURS;
		else if (literal[i] == 'M')
			style->parts |= PART_MINUTES;
		else if (literal[i] == 'S')
			style->parts |= PART_SECONDS;
		else if (literal[i] == '.')
			fraction = true;
		else if (fraction)
			style->digits++;
	}
	return style->parts != 0 && style->digits <= 6 && (style->digits == 0 || (style->parts & PART_SECONDS)) &&
		print_duration(microseconds, *style, printed) == length && memcmp(printed, literal, length) == 0;
}

/* ---- UUIDs ---- */

void
ecosys_uuid_print(const uint8_t *uuid, char *buffer)
{
	static const char digits[] = "0123456789abcdef";

	for (int i = 0; i < 16; i++)
	{
		if (i == 4 || i == 6 || i == 8 || i == 10)
			*buffer++ = '-';
		*buffer++ = digits[uuid[i] >> 4];
		*buffer++ = digits[uuid[i] & 15];
	}
}

static inline int
lower_hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

/* Read the 36 characters of a lower-case UUID. */
static bool
read_uuid(const char *at, uint8_t *uuid)
{
	for (int i = 0; i < 16; i++)
	{
		int			high,
					low;

		if (i == 4 || i == 6 || i == 8 || i == 10)
		{
			if (*at++ != '-')
				return false;
		}
		high = lower_hex(at[0]);
		low = lower_hex(at[1]);
		if (high < 0 || low < 0)
			return false;
		uuid[i] = (uint8_t) (high << 4 | low);
		at += 2;
	}
	return true;
}

/* The mark that stands for a UUID, 0 when it has to stay in the text. */
static char
mark_of_uuid(ecosys_statement_header *header, const uint8_t *uuid, uint8_t *uuids)
{
	if ((header->flags & ECOSYS_STATEMENT_ID) && memcmp(uuid, header->id, 16) == 0)
		return MARK_ID;
	if ((header->flags & ECOSYS_STATEMENT_REGISTRATION) && memcmp(uuid, header->registration, 16) == 0)
		return MARK_REGISTRATION;
	if ((header->flags & ECOSYS_STATEMENT_OBJECT_TYPE) == ECOSYS_OBJECT_STATEMENT_REF &&
		memcmp(uuid, header->object_statement_id, 16) == 0)
		return MARK_STATEMENT_REF;
	for (int i = 0; i < header->n_uuids; i++)
	{
		if (memcmp(uuid, uuids + 16 * i, 16) == 0)
			return (char) (MARK_UUID + i);
	}
	if (header->n_uuids == ECOSYS_STATEMENT_MAX_UUIDS)
		return 0;
	memcpy(uuids + 16 * header->n_uuids, uuid, 16);
	return (char) (MARK_UUID + header->n_uuids++);
}

/* Copy text[from..to) to kept, with marks for UUIDs. Returns the end of what was written. */
static char *
keep_with_marks(const char *text, size_t from, size_t to, ecosys_statement_header *header, char *kept, uint8_t *uuids)
{
	size_t		copied = from;	/* all before it is in kept */
	size_t		look = from;

	while (to - copied >= UUID_LENGTH)
	{
		/* the first hyphen of a UUID has eight characters before it */
		const char *hyphen;
		size_t		start;
		uint8_t		uuid[16];
		char		mark;

		if (look < copied + 8)
			look = copied + 8;
		if (look + UUID_LENGTH - 8 > to)
			break;
		hyphen = memchr(text + look, '-', to - look - (UUID_LENGTH - 9));
		if (hyphen == NULL)
			break;
		start = hyphen - text - 8;
		look = start + 9;
		if (hyphen[5] != '-' || hyphen[10] != '-' || !read_uuid(text + start, uuid))
			continue;
		mark = mark_of_uuid(header, uuid, uuids);
		if (mark == 0)
			continue;
		memcpy(kept, text + copied, start - copied);
		kept += start - copied;
		*kept++ = mark;
		copied = start + UUID_LENGTH;
	}
	memcpy(kept, text + copied, to - copied);
	return kept + (to - copied);
}

/* ---- packing ---- */

/* Values that marks stand for, in the order in which they stand. */
typedef struct replacements
{
	int			n;
	struct
	{
		ecosys_span span;
		char		mark;
	}			items[4];
} replacements;

static void
replace(replacements *list, size_t offset, size_t length, char mark)
{
	int			i = list->n++;

	for (; i > 0 && list->items[i - 1].span.offset > offset; i--)
		list->items[i] = list->items[i - 1];
	list->items[i].span.offset = offset;
	list->items[i].span.length = length;
	list->items[i].mark = mark;
}

static void
pack_result(const char *text, const ecosys_statement_facts *facts, ecosys_statement_header *header, replacements *list)
{
	if (facts->has_success)
		header->flags |= ECOSYS_STATEMENT_SUCCESS_GIVEN | (facts->success ? ECOSYS_STATEMENT_SUCCESS : 0);
	if (facts->has_completion)
		header->flags |= ECOSYS_STATEMENT_COMPLETION_GIVEN | (facts->completion ? ECOSYS_STATEMENT_COMPLETION : 0);
	if (facts->has_scaled)
	{
		ecosys_span span = facts->scaled_value;

		header->flags |= ECOSYS_STATEMENT_SCALED;
		header->scaled = facts->scaled;
		if (find_scaled_code(text + span.offset, span.length, &header->scaled_code))
		{
			header->flags |= ECOSYS_STATEMENT_SCALED_PRINTED;
			replace(list, span.offset, span.length, MARK_SCALED);
		}
	}
	if (facts->duration.given)
	{
		ecosys_span span = facts->duration_value;

		header->flags |= ECOSYS_STATEMENT_DURATION;
		header->duration_microseconds = facts->duration.microseconds;
		if (facts->duration.months != 0 || facts->duration.days != 0)
		{
			header->flags |= ECOSYS_STATEMENT_DURATION_DATE;
			header->duration_months = facts->duration.months;
			header->duration_days = facts->duration.days > INT32_MAX ? INT32_MAX : (int32_t) facts->duration.days;
		}
		else if (find_duration_style(text + span.offset + 1, span.length - 2, facts->duration.microseconds,
									 &header->duration_style))
		{
			header->flags |= ECOSYS_STATEMENT_DURATION_PRINTED;
			replace(list, span.offset + 1, span.length - 2, MARK_DURATION);
		}
	}
}

static const ecosys_time_style completed_style = {6, ECOSYS_TIME_ZULU};

static void
pack_times(const char *text, const ecosys_statement_facts *facts, ecosys_statement_header *header, replacements *list)
{
	if (facts->has_timestamp)
	{
		ecosys_span span = facts->timestamp_value;

		header->flags |= ECOSYS_STATEMENT_TIMESTAMP;
		header->timestamp = facts->timestamp;
		if (find_style(text + span.offset + 1, span.length - 2, facts->timestamp, &header->timestamp_style))
			replace(list, span.offset + 1, span.length - 2, MARK_TIMESTAMP);
		else
		{
			header->flags |= ECOSYS_STATEMENT_TIMESTAMP_IN_TEXT;
			header->timestamp_style = completed_style;
		}
	}
	if (facts->has_stored)
	{
		ecosys_span span = facts->stored_value;

		header->flags |= ECOSYS_STATEMENT_STORED;
		header->stored = facts->stored;
		if (!find_style(text + span.offset + 1, span.length - 2, facts->stored, &header->stored_style))
		{
			/* kept apart, as an overwritten `stored` must replace it without touching the payload */
			header->flags |= ECOSYS_STATEMENT_STORED_LITERAL;
			header->stored_style = completed_style;
			header->stored_literal = (const uint8_t *) text + span.offset + 1;
			header->stored_literal_length = span.length - 2;
		}
		replace(list, span.offset + 1, span.length - 2, MARK_STORED);
	}
}

void
ecosys_statement_pack(const char *text, size_t length, const ecosys_statement_facts *facts,
					  ecosys_statement_header *header, char *kept, uint8_t *uuids)
{
	char	   *start = kept;
	size_t		done = 0;
	replacements list;
	int			number;

	memset(header, 0, sizeof(*header));
	list.n = 0;
	header->flags = facts->object_type |
		(facts->is_voiding ? ECOSYS_STATEMENT_VOIDING : 0) |
		(facts->xapi_version == 2 ? ECOSYS_STATEMENT_XAPI_2 : 0);
	header->verb = facts->verb;
	number = ecosys_verb_number(facts->verb);
	if (number >= 0)
	{
		header->flags |= ECOSYS_STATEMENT_VERB_LISTED;
		header->verb_number = (uint8_t) number;
	}
	memcpy(header->object_statement_id, facts->object_statement_id, 16);
	if (facts->has_id)
	{
		header->flags |= ECOSYS_STATEMENT_ID;
		memcpy(header->id, facts->id, 16);
	}
	if (facts->has_registration)
	{
		header->flags |= ECOSYS_STATEMENT_REGISTRATION;
		memcpy(header->registration, facts->registration, 16);
	}
	pack_times(text, facts, header, &list);
	pack_result(text, facts, header, &list);

	for (int i = 0; i < list.n; i++)
	{
		ecosys_span span = list.items[i].span;

		kept = keep_with_marks(text, done, span.offset, header, kept, uuids);
		*kept++ = list.items[i].mark;
		done = span.offset + span.length;
	}
	kept = keep_with_marks(text, done, length, header, kept, uuids);
	header->kept_length = (uint32_t) (kept - start);
	if (header->n_uuids > 0)
		header->flags |= ECOSYS_STATEMENT_UUIDS;
	header->uuids = uuids;
}

/* ---- values set by the server ---- */

void
ecosys_statement_set_id(ecosys_statement_header *header, const uint8_t *id)
{
	memcpy(header->id, id, 16);
	header->flags |= ECOSYS_STATEMENT_ID | ECOSYS_STATEMENT_ID_COMPLETED;
}

void
ecosys_statement_set_timestamp(ecosys_statement_header *header, int64_t timestamp)
{
	header->timestamp = timestamp;
	header->timestamp_style = completed_style;
	header->flags |= ECOSYS_STATEMENT_TIMESTAMP | ECOSYS_STATEMENT_TIMESTAMP_COMPLETED;
}

void
ecosys_statement_set_stored(ecosys_statement_header *header, int64_t stored)
{
	header->stored = stored;
	header->stored_style = completed_style;
	if (!(header->flags & ECOSYS_STATEMENT_STORED))
		header->flags |= ECOSYS_STATEMENT_STORED | ECOSYS_STATEMENT_STORED_COMPLETED;
	else if (header->flags & ECOSYS_STATEMENT_STORED_LITERAL)
	{
		header->flags &= ~ECOSYS_STATEMENT_STORED_LITERAL;
		header->stored_literal = NULL;
		header->stored_literal_length = 0;
	}
}

/* ---- the fields as bytes ---- */

static uint8_t *
put(uint8_t *at, const void *bytes, size_t size)
{
	memcpy(at, bytes, size);
	return at + size;
}

static uint8_t *
put_varint(uint8_t *at, uint64_t value)
{
	while (value >= 0x80)
	{
		*at++ = (uint8_t) (value | 0x80);
		value >>= 7;
	}
	*at++ = (uint8_t) value;
	return at;
}

/* Signed numbers near 0 are short, too. */
static uint8_t *
put_signed(uint8_t *at, int64_t value)
{
	return put_varint(at, (uint64_t) value << 1 ^ (value < 0 ? UINT64_MAX : 0));
}

static uint8_t *
put_number(uint8_t *at, uint64_t value, int size)
{
	for (int i = 0; i < size; i++)
		*at++ = (uint8_t) (value >> (8 * i));
	return at;
}

/* Take size bytes; false when there are fewer. */
static bool
get(const uint8_t **at, const uint8_t *end, void *bytes, size_t size)
{
	if ((size_t) (end - *at) < size)
		return false;
	memcpy(bytes, *at, size);
	*at += size;
	return true;
}

static bool
get_varint(const uint8_t **at, const uint8_t *end, uint64_t *value)
{
	*value = 0;
	for (int shift = 0; shift < 70 && *at < end; shift += 7)
	{
		uint8_t		byte = *(*at)++;

		if (shift == 63 && byte > 1)
			return false;
		*value |= (uint64_t) (byte & 0x7F) << shift;
		if (byte < 0x80)
			return byte != 0 || shift == 0;	/* one spelling a value */
	}
	return false;
}

static bool
get_small(const uint8_t **at, const uint8_t *end, uint64_t limit, uint32_t *value)
{
	uint64_t	wide;

	if (!get_varint(at, end, &wide) || wide > limit)
		return false;
	*value = (uint32_t) wide;
	return true;
}

static bool
get_signed(const uint8_t **at, const uint8_t *end, int64_t *value)
{
	uint64_t	folded;

	if (!get_varint(at, end, &folded))
		return false;
	*value = (int64_t) (folded >> 1 ^ (folded & 1 ? UINT64_MAX : 0));
	return true;
}

static bool
get_number(const uint8_t **at, const uint8_t *end, uint64_t *value, int size)
{
	if (end - *at < size)
		return false;
	*value = 0;
	for (int i = 0; i < size; i++)
		*value |= (uint64_t) *(*at)++ << (8 * i);
	return true;
}

/*
 * A time is a byte that says how many bytes its number takes less one (bits 0 to 2), its
 * fraction digits (3 to 5) and its zone (6 and 7: Z, +00:00 or one in a byte of its own), then
 * the zone, then the number: seconds, milliseconds or microseconds, whatever its digits
 * need, from a base on.
 */
#define TIME_BASE INT64_C(788918400000000)	/* 2025-01-01 */
#define ZONE_ZULU 0
#define ZONE_ZERO 1
#define ZONE_GIVEN 2
#define MOST_TIME INT64_C(0x3FFFFFFFFFFFFFFF)

static int64_t
time_unit(int digits)
{
	return digits == 0 ? 1000000 : digits <= 3 ? 1000 : 1;
}

static uint8_t *
put_time(uint8_t *at, int64_t time, ecosys_time_style style, int64_t base)
{
	int64_t		unit = time_unit(style.digits);
	int64_t		number = time / unit - (time % unit < 0) - (base / unit - (base % unit < 0));
	int			zone = style.zone == ECOSYS_TIME_ZULU ? ZONE_ZULU : style.zone == 0 ? ZONE_ZERO : ZONE_GIVEN;
	int			size = 1;

	while (size < 8 && (number < -(INT64_C(1) << (8 * size - 1)) || number >= INT64_C(1) << (8 * size - 1)))
		size++;
	*at++ = (uint8_t) ((size - 1) | style.digits << 3 | zone << 6);
	if (zone == ZONE_GIVEN)
		*at++ = (uint8_t) style.zone;
	return put_number(at, (uint64_t) number, size);
}

static bool
get_time(const uint8_t **at, const uint8_t *end, int64_t *time, ecosys_time_style *style, int64_t base)
{
	uint8_t		shape;
	uint64_t	bits;
	int64_t		number;
	int64_t		unit;
	int			size;

	if (!get(at, end, &shape, 1))
		return false;
	size = (shape & 7) + 1;
	style->digits = shape >> 3 & 7;
	style->zone = shape >> 6 == ZONE_ZERO ? 0 : ECOSYS_TIME_ZULU;
	if (style->digits > 6 || shape >> 6 > ZONE_GIVEN ||
		(shape >> 6 == ZONE_GIVEN && !get(at, end, &style->zone, 1)) ||
		!get_number(at, end, &bits, size))
		return false;
	/* the sign is the uppermost bit that is there */
	if (size < 8 && bits >> (8 * size - 1) != 0)
		bits |= UINT64_MAX << (8 * size);
	memcpy(&number, &bits, sizeof(number));
	unit = time_unit(style->digits);
	if (number > MOST_TIME / unit || number < -MOST_TIME / unit)
		return false;
	number += base / unit - (base % unit < 0);
	if (number > MOST_TIME / unit || number < -MOST_TIME / unit)
		return false;
	*time = number * unit;
	return true;
}

/* A duration's spelling is a byte: digits (bits 0 to 2) and parts (3 to 5). Its number is of its last digit. */
static uint8_t *
put_duration(uint8_t *at, const ecosys_statement_header *header)
{
	ecosys_duration_style style = header->duration_style;

	if (header->flags & ECOSYS_STATEMENT_DURATION_PRINTED)
	{
		*at++ = (uint8_t) (style.digits | style.parts << 3);
		return put_varint(at, (uint64_t) header->duration_microseconds / powers_of_ten[6 - style.digits]);
	}
	at = put_signed(at, header->duration_microseconds);
	if (header->flags & ECOSYS_STATEMENT_DURATION_DATE)
	{
		at = put_signed(at, header->duration_months);
		at = put_signed(at, header->duration_days);
	}
	return at;
}

static bool
get_duration(const uint8_t **at, const uint8_t *end, ecosys_statement_header *header)
{
	ecosys_duration_style *style = &header->duration_style;
	int64_t		months = 0;
	int64_t		days = 0;

	if (header->flags & ECOSYS_STATEMENT_DURATION_PRINTED)
	{
		uint8_t		shape;
		uint64_t	number;
		int			unit;

		if (!get(at, end, &shape, 1) || shape >= 1 << 6 || !get_varint(at, end, &number))
			return false;
		style->digits = shape & 7;
		style->parts = shape >> 3;
		if (style->digits > 6 || style->parts == 0)
			return false;
		unit = powers_of_ten[6 - style->digits];
		if (number > INT64_MAX / (uint64_t) unit)
			return false;
		header->duration_microseconds = (int64_t) number * unit;
		return true;
	}
	if (!get_signed(at, end, &header->duration_microseconds))
		return false;
	if ((header->flags & ECOSYS_STATEMENT_DURATION_DATE) &&
		(!get_signed(at, end, &months) || !get_signed(at, end, &days) ||
		 months != (int32_t) months || days != (int32_t) days))
		return false;
	header->duration_months = (int32_t) months;
	header->duration_days = (int32_t) days;
	return true;
}

/* `stored` is near the timestamp, mostly. */
static int64_t
base_of_stored(const ecosys_statement_header *header)
{
	return header->flags & ECOSYS_STATEMENT_TIMESTAMP ? header->timestamp : TIME_BASE;
}

size_t
ecosys_statement_header_size(const ecosys_statement_header *header)
{
	return ECOSYS_STATEMENT_FACTS_SIZE + 5 + (size_t) header->stored_literal_length +
		1 + 16 * (size_t) header->n_uuids + 5;
}

size_t
ecosys_statement_header_write(const ecosys_statement_header *header, uint8_t *bytes)
{
	uint32_t	flags = header->flags;
	uint8_t    *at = bytes;

	*at++ = ECOSYS_STATEMENT_VERSION;
	at = put_varint(at, (uint64_t) flags * ECOSYS_FORMS + header->form);
	if (flags & ECOSYS_STATEMENT_ID)
		at = put(at, header->id, 16);
	if (flags & ECOSYS_STATEMENT_TIMESTAMP)
		at = put_time(at, header->timestamp, header->timestamp_style, TIME_BASE);
	if (flags & ECOSYS_STATEMENT_STORED)
		at = put_time(at, header->stored, header->stored_style, base_of_stored(header));
	if (flags & ECOSYS_STATEMENT_VERB_LISTED)
		*at++ = header->verb_number;
	else
		at = put_number(at, (uint64_t) header->verb, 8);
	if ((flags & ECOSYS_STATEMENT_OBJECT_TYPE) == ECOSYS_OBJECT_STATEMENT_REF)
		at = put(at, header->object_statement_id, 16);
	if (flags & ECOSYS_STATEMENT_REGISTRATION)
		at = put(at, header->registration, 16);
	if (flags & ECOSYS_STATEMENT_SCALED_PRINTED)
		at = put_varint(at, header->scaled_code);
	else if (flags & ECOSYS_STATEMENT_SCALED)
	{
		uint64_t	bits;

		memcpy(&bits, &header->scaled, 8);
		at = put_number(at, bits, 8);
	}
	if (flags & ECOSYS_STATEMENT_DURATION)
		at = put_duration(at, header);
	if (flags & ECOSYS_STATEMENT_STORED_LITERAL)
	{
		at = put_varint(at, header->stored_literal_length);
		at = put(at, header->stored_literal, header->stored_literal_length);
	}
	if (flags & ECOSYS_STATEMENT_UUIDS)
	{
		*at++ = header->n_uuids;
		at = put(at, header->uuids, 16 * (size_t) header->n_uuids);
	}
	if (header->form == ECOSYS_FORM_ZSTD)
		at = put_varint(at, header->kept_length);
	return at - bytes;
}

/* Is one flag of each pair only set where the other is? */
static bool
implies(uint32_t flags, uint32_t flag, uint32_t other)
{
	return !(flags & flag) || (flags & other);
}

static bool
flags_agree(uint32_t flags)
{
	return (flags & ECOSYS_STATEMENT_OBJECT_TYPE) <= ECOSYS_OBJECT_SUBSTATEMENT &&
		implies(flags, ECOSYS_STATEMENT_SUCCESS, ECOSYS_STATEMENT_SUCCESS_GIVEN) &&
		implies(flags, ECOSYS_STATEMENT_COMPLETION, ECOSYS_STATEMENT_COMPLETION_GIVEN) &&
		implies(flags, ECOSYS_STATEMENT_ID_COMPLETED, ECOSYS_STATEMENT_ID) &&
		implies(flags, ECOSYS_STATEMENT_TIMESTAMP_COMPLETED, ECOSYS_STATEMENT_TIMESTAMP) &&
		implies(flags, ECOSYS_STATEMENT_TIMESTAMP_IN_TEXT, ECOSYS_STATEMENT_TIMESTAMP) &&
		!((flags & ECOSYS_STATEMENT_TIMESTAMP_IN_TEXT) && (flags & ECOSYS_STATEMENT_TIMESTAMP_COMPLETED)) &&
		implies(flags, ECOSYS_STATEMENT_STORED_COMPLETED, ECOSYS_STATEMENT_STORED) &&
		implies(flags, ECOSYS_STATEMENT_STORED_LITERAL, ECOSYS_STATEMENT_STORED) &&
		!((flags & ECOSYS_STATEMENT_STORED_LITERAL) && (flags & ECOSYS_STATEMENT_STORED_COMPLETED)) &&
		implies(flags, ECOSYS_STATEMENT_SCALED_PRINTED, ECOSYS_STATEMENT_SCALED) &&
		implies(flags, ECOSYS_STATEMENT_DURATION_PRINTED, ECOSYS_STATEMENT_DURATION) &&
		implies(flags, ECOSYS_STATEMENT_DURATION_DATE, ECOSYS_STATEMENT_DURATION) &&
		!((flags & ECOSYS_STATEMENT_DURATION_DATE) && (flags & ECOSYS_STATEMENT_DURATION_PRINTED));
}

static bool
get_times(const uint8_t **at, const uint8_t *end, ecosys_statement_header *header)
{
	uint32_t	flags = header->flags;

	if ((flags & ECOSYS_STATEMENT_TIMESTAMP) &&
		(!get_time(at, end, &header->timestamp, &header->timestamp_style, TIME_BASE) ||
		 !(flags & ECOSYS_STATEMENT_TIMESTAMP_IN_TEXT ||
		   ecosys_time_printable(header->timestamp, header->timestamp_style))))
		return false;
	return !(flags & ECOSYS_STATEMENT_STORED) ||
		(get_time(at, end, &header->stored, &header->stored_style, base_of_stored(header)) &&
		 (flags & ECOSYS_STATEMENT_STORED_LITERAL || ecosys_time_printable(header->stored, header->stored_style)));
}

static bool
get_scaled(const uint8_t **at, const uint8_t *end, ecosys_statement_header *header)
{
	uint64_t	bits;

	if (header->flags & ECOSYS_STATEMENT_SCALED_PRINTED)
	{
		if (!get_small(at, end, SCALED_CODES - 1, &header->scaled_code))
			return false;
		header->scaled = scaled_of_code(header->scaled_code);
		return true;
	}
	if (!get_number(at, end, &bits, 8))
		return false;
	memcpy(&header->scaled, &bits, 8);
	return header->scaled >= -1 && header->scaled <= 1;
}

/* Read the facts; *at ends behind them. */
static bool
read_facts(const uint8_t **at, const uint8_t *end, ecosys_statement_header *header)
{
	uint8_t		version;
	uint32_t	shape;
	uint32_t	flags;
	uint64_t	key;

	memset(header, 0, sizeof(*header));
	if (!get(at, end, &version, 1) || version != ECOSYS_STATEMENT_VERSION ||
		!get_small(at, end, (uint64_t) ECOSYS_STATEMENT_FLAGS * ECOSYS_FORMS + ECOSYS_FORMS - 1, &shape))
		return false;
	header->form = shape % ECOSYS_FORMS;
	header->flags = flags = shape / ECOSYS_FORMS;
	if (!flags_agree(flags) ||
		((flags & ECOSYS_STATEMENT_ID) && !get(at, end, header->id, 16)) ||
		!get_times(at, end, header))
		return false;
	if (flags & ECOSYS_STATEMENT_VERB_LISTED)
	{
		if (!get(at, end, &header->verb_number, 1) || header->verb_number >= ecosys_verbs_listed())
			return false;
		header->verb = ecosys_verb_listed_key(header->verb_number);
	}
	else
	{
		if (!get_number(at, end, &key, 8))
			return false;
		memcpy(&header->verb, &key, 8);
	}
	return !(((flags & ECOSYS_STATEMENT_OBJECT_TYPE) == ECOSYS_OBJECT_STATEMENT_REF &&
			  !get(at, end, header->object_statement_id, 16)) ||
			 ((flags & ECOSYS_STATEMENT_REGISTRATION) && !get(at, end, header->registration, 16)) ||
			 ((flags & ECOSYS_STATEMENT_SCALED) && !get_scaled(at, end, header)) ||
			 ((flags & ECOSYS_STATEMENT_DURATION) && !get_duration(at, end, header)));
}

bool
ecosys_statement_facts_read(const uint8_t *bytes, size_t available, ecosys_statement_header *header)
{
	return read_facts(&bytes, bytes + available, header);
}

bool
ecosys_statement_header_read(const uint8_t *bytes, size_t size, ecosys_statement_header *header)
{
	const uint8_t *at = bytes;
	const uint8_t *end = bytes + size;

	if (!read_facts(&at, end, header))
		return false;
	if (header->flags & ECOSYS_STATEMENT_STORED_LITERAL)
	{
		if (!get_small(&at, end, UINT32_MAX, &header->stored_literal_length) ||
			header->stored_literal_length > (size_t) (end - at))
			return false;
		header->stored_literal = at;
		at += header->stored_literal_length;
	}
	if (header->flags & ECOSYS_STATEMENT_UUIDS)
	{
		if (!get(&at, end, &header->n_uuids, 1) || header->n_uuids == 0 ||
			header->n_uuids > ECOSYS_STATEMENT_MAX_UUIDS || 16 * (size_t) header->n_uuids > (size_t) (end - at))
			return false;
		header->uuids = at;
		at += 16 * header->n_uuids;
	}
	if (header->form == ECOSYS_FORM_ZSTD && !get_small(&at, end, UINT32_MAX, &header->kept_length))
		return false;
	header->payload = at;
	header->payload_length = end - at;
	if (header->form == ECOSYS_FORM_PLAIN)
		header->kept_length = (uint32_t) header->payload_length;
	return true;
}

/* ---- back to the text ---- */

static inline bool
is_mark(char c)
{
	return (unsigned char) c < 0x20 && c != '\t' && c != '\n' && c != '\r';
}

/* The next mark at or behind `at`, or end. Looks at eight bytes at a time: marks are few. */
static const char *
next_mark(const char *at, const char *end)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);

	for (;;)
	{
		while (end - at >= 8)
		{
			uint64_t	word;

			memcpy(&word, at, sizeof(word));
			/* is any byte below 0x20? */
			if (((word - ones * 0x20) & ~word & ones * 0x80) != 0)
				break;
			at += 8;
		}
		for (int i = 0; i < 8; i++, at++)
		{
			if (at == end || is_mark(*at))
				return at;
		}
	}
}

/* Print what a mark stands for; 0 when the header has no such value. at NULL: only its length. */
static size_t
print_mark(const ecosys_statement_header *header, char mark, char *at)
{
	const uint8_t *uuid = NULL;
	char		printed[ECOSYS_DURATION_SIZE];	/* the longest */
	size_t		length = 0;

	switch (mark)
	{
		case MARK_ID:
			if (header->flags & ECOSYS_STATEMENT_ID)
				uuid = header->id;
			break;
		case MARK_REGISTRATION:
			if (header->flags & ECOSYS_STATEMENT_REGISTRATION)
				uuid = header->registration;
			break;
		case MARK_STATEMENT_REF:
			if ((header->flags & ECOSYS_STATEMENT_OBJECT_TYPE) == ECOSYS_OBJECT_STATEMENT_REF)
				uuid = header->object_statement_id;
			break;
		case MARK_TIMESTAMP:
			if ((header->flags & (ECOSYS_STATEMENT_TIMESTAMP | ECOSYS_STATEMENT_TIMESTAMP_COMPLETED |
								  ECOSYS_STATEMENT_TIMESTAMP_IN_TEXT)) == ECOSYS_STATEMENT_TIMESTAMP)
				length = ecosys_time_print(header->timestamp, header->timestamp_style, printed);
			break;
		case MARK_STORED:
			if (header->flags & ECOSYS_STATEMENT_STORED_LITERAL)
			{
				if (at != NULL)
					memcpy(at, header->stored_literal, header->stored_literal_length);
				return header->stored_literal_length;
			}
			if ((header->flags & (ECOSYS_STATEMENT_STORED | ECOSYS_STATEMENT_STORED_COMPLETED)) ==
				ECOSYS_STATEMENT_STORED)
				length = ecosys_time_print(header->stored, header->stored_style, printed);
			break;
		case MARK_SCALED:
			if (header->flags & ECOSYS_STATEMENT_SCALED_PRINTED)
				length = print_scaled(header->scaled_code, printed);
			break;
		case MARK_DURATION:
			if (header->flags & ECOSYS_STATEMENT_DURATION_PRINTED)
				length = print_duration(header->duration_microseconds, header->duration_style, printed);
			break;
		default:
			if (mark >= MARK_UUID && mark < MARK_UUID + header->n_uuids)
				uuid = header->uuids + 16 * (mark - MARK_UUID);
			break;
	}
	if (uuid != NULL)
	{
		if (at != NULL)
			ecosys_uuid_print(uuid, at);
		return UUID_LENGTH;
	}
	if (at != NULL)
		memcpy(at, printed, length);
	return length;
}

static char *
print_member(char *at, const char *name, const char *value, size_t length)
{
	*at++ = '"';
	memcpy(at, name, strlen(name));
	at += strlen(name);
	memcpy(at, "\":\"", 3);
	at += 3;
	memcpy(at, value, length);
	at += length;
	memcpy(at, "\",", 2);
	return at + 2;
}

/* The completed members, as they stand behind the opening brace. */
static size_t
print_completed(const ecosys_statement_header *header, char *buffer)
{
	char		value[UUID_LENGTH + 1];
	char	   *at = buffer;

	if (header->flags & ECOSYS_STATEMENT_ID_COMPLETED)
	{
		ecosys_uuid_print(header->id, value);
		at = print_member(at, "id", value, UUID_LENGTH);
	}
	if (header->flags & ECOSYS_STATEMENT_TIMESTAMP_COMPLETED)
		at = print_member(at, "timestamp", value, ecosys_time_print(header->timestamp, completed_style, value));
	if (header->flags & ECOSYS_STATEMENT_STORED_COMPLETED)
		at = print_member(at, "stored", value, ecosys_time_print(header->stored, completed_style, value));
	return at - buffer;
}

#define COMPLETED_SIZE 160

bool
ecosys_statement_unpacked_size(const ecosys_statement_header *header, const char *kept, bool completed, size_t *size)
{
	char		front[COMPLETED_SIZE];
	size_t		total = 0;
	const char *end = kept + header->kept_length;

	for (const char *at = kept; at < end; at++)
	{
		const char *mark = next_mark(at, end);
		size_t		length;

		total += mark - at;
		if (mark == end)
			break;
		length = print_mark(header, *mark, NULL);
		if (length == 0)
			return false;
		total += length;
		at = mark;
	}
	if (completed)
	{
		size_t		length = print_completed(header, front);

		if (length > 0 && memchr(kept, '{', header->kept_length) == NULL)
			return false;
		total += length;
	}
	*size = total;
	return true;
}

void
ecosys_statement_unpack(const ecosys_statement_header *header, const char *kept, bool completed, char *text)
{
	char		front[COMPLETED_SIZE];
	size_t		front_length = completed ? print_completed(header, front) : 0;
	const char *end = kept + header->kept_length;

	if (front_length > 0)
	{
		/* only white space comes before the first brace */
		const char *brace = memchr(kept, '{', header->kept_length);

		memcpy(text, kept, brace + 1 - kept);
		text += brace + 1 - kept;
		kept = brace + 1;
		memcpy(text, front, front_length);
		text += front_length;
	}
	while (kept < end)
	{
		const char *run = kept;

		kept = next_mark(kept, end);
		memcpy(text, run, kept - run);
		text += kept - run;
		if (kept < end)
			text += print_mark(header, *kept++, text);
	}
}
