/*
 * statement_pack.c - from a text and its facts to the stored fields and the
 * kept text, and back to the text.
 *
 * See statement.h for the format. Plain C.
 */
#include "statement/statement.h"

#include <string.h>

#include "base/hash_key.h"

enum
{
	MARK_ID = 0x02,
	MARK_REGISTRATION = 0x03,
	MARK_TIMESTAMP = 0x04,
	MARK_STORED = 0x05,
	MARK_STATEMENT_REF = 0x06,
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

static void
pack_result(const ecosys_statement_facts *facts, ecosys_statement_header *header)
{
	if (facts->has_success)
		header->flags |= ECOSYS_STATEMENT_SUCCESS_GIVEN | (facts->success ? ECOSYS_STATEMENT_SUCCESS : 0);
	if (facts->has_completion)
		header->flags |= ECOSYS_STATEMENT_COMPLETION_GIVEN | (facts->completion ? ECOSYS_STATEMENT_COMPLETION : 0);
	if (facts->has_scaled)
	{
		header->flags |= ECOSYS_STATEMENT_SCALED;
		header->scaled = facts->scaled;
	}
	if (facts->duration.given)
	{
		header->flags |= ECOSYS_STATEMENT_DURATION;
		header->duration_microseconds = facts->duration.microseconds;
		if (facts->duration.months != 0 || facts->duration.days != 0)
		{
			header->flags |= ECOSYS_STATEMENT_DURATION_DATE;
			header->duration_months = facts->duration.months;
			header->duration_days = facts->duration.days > INT32_MAX ? INT32_MAX : (int32_t) facts->duration.days;
		}
	}
}

void
ecosys_statement_pack(const char *text, size_t length, const ecosys_statement_facts *facts,
					  ecosys_statement_header *header, char *kept, uint8_t *uuids)
{
	char	   *start = kept;
	size_t		done = 0;

	memset(header, 0, sizeof(*header));
	header->flags = facts->object_type |
		(facts->is_voiding ? ECOSYS_STATEMENT_VOIDING : 0) |
		(facts->xapi_version == 2 ? ECOSYS_STATEMENT_XAPI_2 : 0);
	header->actor = facts->actor;
	header->verb = facts->verb;
	header->object = facts->object;
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
	if (facts->has_authority)
	{
		header->flags |= ECOSYS_STATEMENT_AUTHORITY;
		header->authority = facts->authority;
	}
	if (facts->has_timestamp)
	{
		header->flags |= ECOSYS_STATEMENT_TIMESTAMP;
		header->timestamp = facts->timestamp;
		if (find_style(text + facts->timestamp_value.offset + 1, facts->timestamp_value.length - 2,
					   facts->timestamp, &header->timestamp_style))
			header->flags |= ECOSYS_STATEMENT_TIMESTAMP_STYLE;
	}
	if (facts->has_stored)
	{
		header->flags |= ECOSYS_STATEMENT_STORED;
		header->stored = facts->stored;
		if (find_style(text + facts->stored_value.offset + 1, facts->stored_value.length - 2,
					   facts->stored, &header->stored_style))
			header->flags |= ECOSYS_STATEMENT_STORED_STYLE;
		else
		{
			/* kept apart, as an overwritten `stored` must replace it without touching the payload */
			header->flags |= ECOSYS_STATEMENT_STORED_LITERAL;
			header->stored_literal = (const uint8_t *) text + facts->stored_value.offset + 1;
			header->stored_literal_length = facts->stored_value.length - 2;
		}
	}
	pack_result(facts, header);

	/* the text, with at most two times taken out, in the order in which they stand */
	for (int pass = 0; pass < 2; pass++)
	{
		bool		stored_first = facts->stored_value.offset < facts->timestamp_value.offset;
		bool		is_stored = stored_first == (pass == 0);
		ecosys_span span = is_stored ? facts->stored_value : facts->timestamp_value;

		if (!(header->flags & (is_stored ? ECOSYS_STATEMENT_STORED : ECOSYS_STATEMENT_TIMESTAMP_STYLE)))
			continue;
		kept = keep_with_marks(text, done, span.offset + 1, header, kept, uuids);
		*kept++ = is_stored ? MARK_STORED : MARK_TIMESTAMP;
		done = span.offset + span.length - 1;
	}
	kept = keep_with_marks(text, done, length, header, kept, uuids);
	header->kept_length = (uint32_t) (kept - start);
	if (header->n_uuids > 0)
		header->flags |= ECOSYS_STATEMENT_UUIDS;
	header->uuids = uuids;
}

/* ---- values set by the server ---- */

static const ecosys_time_style completed_style = {6, ECOSYS_TIME_ZULU};

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
	header->flags |= ECOSYS_STATEMENT_TIMESTAMP | ECOSYS_STATEMENT_TIMESTAMP_COMPLETED;
}

void
ecosys_statement_set_stored(ecosys_statement_header *header, int64_t stored)
{
	header->stored = stored;
	if (!(header->flags & ECOSYS_STATEMENT_STORED))
		header->flags |= ECOSYS_STATEMENT_STORED | ECOSYS_STATEMENT_STORED_COMPLETED;
	else if (!(header->flags & ECOSYS_STATEMENT_STORED_COMPLETED))
	{
		header->flags &= ~ECOSYS_STATEMENT_STORED_LITERAL;
		header->flags |= ECOSYS_STATEMENT_STORED_STYLE;
		header->stored_style = completed_style;
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
put_varint(uint8_t *at, uint32_t value)
{
	while (value >= 0x80)
	{
		*at++ = (uint8_t) (value | 0x80);
		value >>= 7;
	}
	*at++ = (uint8_t) value;
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
get_varint(const uint8_t **at, const uint8_t *end, uint32_t *value)
{
	*value = 0;
	for (int shift = 0; shift < 35 && *at < end; shift += 7)
	{
		uint8_t		byte = *(*at)++;

		if (shift == 28 && byte > 0x0F)
			return false;
		*value |= (uint32_t) (byte & 0x7F) << shift;
		if (byte < 0x80)
			return byte != 0 || shift == 0;	/* one spelling a value */
	}
	return false;
}

size_t
ecosys_statement_header_size(const ecosys_statement_header *header)
{
	return ECOSYS_STATEMENT_FACTS_SIZE + 4 + 5 + (size_t) header->stored_literal_length + 1 + 16 * (size_t) header->n_uuids;
}

size_t
ecosys_statement_header_write(const ecosys_statement_header *header, uint8_t *bytes)
{
	uint32_t	flags = header->flags;
	uint8_t    *at = bytes;

	*at++ = ECOSYS_STATEMENT_VERSION;
	*at++ = header->dictionary;
	at = put(at, &flags, sizeof(flags));
	at = put_varint(at, header->kept_length);
	if (flags & ECOSYS_STATEMENT_ID)
		at = put(at, header->id, 16);
	if (flags & ECOSYS_STATEMENT_TIMESTAMP)
		at = put(at, &header->timestamp, 8);
	if (flags & ECOSYS_STATEMENT_STORED)
		at = put(at, &header->stored, 8);
	at = put(at, &header->actor, 8);
	at = put(at, &header->verb, 8);
	if ((flags & ECOSYS_STATEMENT_OBJECT_TYPE) == ECOSYS_OBJECT_STATEMENT_REF)
		at = put(at, header->object_statement_id, 16);
	else
		at = put(at, &header->object, 8);
	if (flags & ECOSYS_STATEMENT_AUTHORITY)
		at = put(at, &header->authority, 8);
	if (flags & ECOSYS_STATEMENT_REGISTRATION)
		at = put(at, header->registration, 16);
	if (flags & ECOSYS_STATEMENT_SCALED)
		at = put(at, &header->scaled, 8);
	if (flags & ECOSYS_STATEMENT_DURATION)
		at = put(at, &header->duration_microseconds, 8);
	if (flags & ECOSYS_STATEMENT_DURATION_DATE)
	{
		at = put(at, &header->duration_months, 4);
		at = put(at, &header->duration_days, 4);
	}
	if (flags & ECOSYS_STATEMENT_TIMESTAMP_STYLE)
		at = put(at, &header->timestamp_style, 2);
	if (flags & ECOSYS_STATEMENT_STORED_STYLE)
		at = put(at, &header->stored_style, 2);
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
	return at - bytes;
}

/* Flags that imply each other. */
static bool
flags_agree(uint32_t flags)
{
	if ((flags & ~(uint32_t) ECOSYS_STATEMENT_FLAGS) != 0 ||
		(flags & ECOSYS_STATEMENT_OBJECT_TYPE) > ECOSYS_OBJECT_SUBSTATEMENT)
		return false;
	if ((flags & ECOSYS_STATEMENT_SUCCESS) && !(flags & ECOSYS_STATEMENT_SUCCESS_GIVEN))
		return false;
	if ((flags & ECOSYS_STATEMENT_COMPLETION) && !(flags & ECOSYS_STATEMENT_COMPLETION_GIVEN))
		return false;
	if ((flags & ECOSYS_STATEMENT_ID_COMPLETED) && !(flags & ECOSYS_STATEMENT_ID))
		return false;
	if ((flags & ECOSYS_STATEMENT_TIMESTAMP_COMPLETED) && !(flags & ECOSYS_STATEMENT_TIMESTAMP))
		return false;
	if ((flags & ECOSYS_STATEMENT_TIMESTAMP_STYLE) &&
		(!(flags & ECOSYS_STATEMENT_TIMESTAMP) || (flags & ECOSYS_STATEMENT_TIMESTAMP_COMPLETED)))
		return false;
	if ((flags & ECOSYS_STATEMENT_STORED_COMPLETED) && !(flags & ECOSYS_STATEMENT_STORED))
		return false;

	/* a received `stored` has a style or a literal, any other neither */
	{
		bool		received = (flags & ECOSYS_STATEMENT_STORED) && !(flags & ECOSYS_STATEMENT_STORED_COMPLETED);
		bool		style = (flags & ECOSYS_STATEMENT_STORED_STYLE) != 0;
		bool		literal = (flags & ECOSYS_STATEMENT_STORED_LITERAL) != 0;

		if (received ? style == literal : style || literal)
			return false;
	}
	if ((flags & ECOSYS_STATEMENT_DURATION_DATE) && !(flags & ECOSYS_STATEMENT_DURATION))
		return false;
	return true;
}

/* Read the facts; *at ends behind them. */
static bool
read_facts(const uint8_t **at, const uint8_t *end, ecosys_statement_header *header)
{
	uint8_t		version;
	uint32_t	flags;
	const ecosys_time_style plain = {0, ECOSYS_TIME_ZULU};

	memset(header, 0, sizeof(*header));
	if (!get(at, end, &version, 1) || version != ECOSYS_STATEMENT_VERSION ||
		!get(at, end, &header->dictionary, 1) ||
		!get(at, end, &flags, 4) || !flags_agree(flags) ||
		!get_varint(at, end, &header->kept_length))
		return false;
	header->flags = flags;
	if ((flags & ECOSYS_STATEMENT_ID) && !get(at, end, header->id, 16))
		return false;
	if ((flags & ECOSYS_STATEMENT_TIMESTAMP) && !get(at, end, &header->timestamp, 8))
		return false;
	if ((flags & ECOSYS_STATEMENT_STORED) && !get(at, end, &header->stored, 8))
		return false;
	if ((flags & ECOSYS_STATEMENT_TIMESTAMP_COMPLETED) && !ecosys_time_printable(header->timestamp, plain))
		return false;
	if ((flags & ECOSYS_STATEMENT_STORED_COMPLETED) && !ecosys_time_printable(header->stored, plain))
		return false;
	if (!get(at, end, &header->actor, 8) || !get(at, end, &header->verb, 8))
		return false;
	if ((flags & ECOSYS_STATEMENT_OBJECT_TYPE) == ECOSYS_OBJECT_STATEMENT_REF)
	{
		if (!get(at, end, header->object_statement_id, 16))
			return false;
		header->object = ecosys_hash_key(ECOSYS_KEY_STATEMENT, header->object_statement_id, 16);
	}
	else if (!get(at, end, &header->object, 8))
		return false;
	if ((flags & ECOSYS_STATEMENT_AUTHORITY) && !get(at, end, &header->authority, 8))
		return false;
	if ((flags & ECOSYS_STATEMENT_REGISTRATION) && !get(at, end, header->registration, 16))
		return false;
	if ((flags & ECOSYS_STATEMENT_SCALED) &&
		(!get(at, end, &header->scaled, 8) || !(header->scaled >= -1 && header->scaled <= 1)))
		return false;
	if ((flags & ECOSYS_STATEMENT_DURATION) && !get(at, end, &header->duration_microseconds, 8))
		return false;
	if ((flags & ECOSYS_STATEMENT_DURATION_DATE) &&
		(!get(at, end, &header->duration_months, 4) || !get(at, end, &header->duration_days, 4)))
		return false;
	return true;
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
	if ((header->flags & ECOSYS_STATEMENT_TIMESTAMP_STYLE) &&
		(!get(&at, end, &header->timestamp_style, 2) ||
		 !ecosys_time_printable(header->timestamp, header->timestamp_style)))
		return false;
	if ((header->flags & ECOSYS_STATEMENT_STORED_STYLE) &&
		(!get(&at, end, &header->stored_style, 2) ||
		 !ecosys_time_printable(header->stored, header->stored_style)))
		return false;
	if (header->flags & ECOSYS_STATEMENT_STORED_LITERAL)
	{
		if (!get_varint(&at, end, &header->stored_literal_length) ||
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
	header->payload = at;
	header->payload_length = end - at;
	if (header->dictionary == 0 && header->payload_length != header->kept_length)
		return false;
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
	char		printed[ECOSYS_TIME_SIZE];
	size_t		length;

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
			if (!(header->flags & ECOSYS_STATEMENT_TIMESTAMP_STYLE))
				return 0;
			length = ecosys_time_print(header->timestamp, header->timestamp_style, printed);
			if (at != NULL)
				memcpy(at, printed, length);
			return length;
		case MARK_STORED:
			if (header->flags & ECOSYS_STATEMENT_STORED_LITERAL)
			{
				if (at != NULL)
					memcpy(at, header->stored_literal, header->stored_literal_length);
				return header->stored_literal_length;
			}
			if (!(header->flags & ECOSYS_STATEMENT_STORED_STYLE))
				return 0;
			length = ecosys_time_print(header->stored, header->stored_style, printed);
			if (at != NULL)
				memcpy(at, printed, length);
			return length;
		default:
			if (mark >= MARK_UUID && mark < MARK_UUID + header->n_uuids)
				uuid = header->uuids + 16 * (mark - MARK_UUID);
			break;
	}
	if (uuid == NULL)
		return 0;
	if (at != NULL)
		ecosys_uuid_print(uuid, at);
	return UUID_LENGTH;
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
