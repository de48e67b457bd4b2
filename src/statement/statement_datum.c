/*
 * statement_datum.c - making and reading ecosys.statement values.
 *
 * The backend keeps one parser, and the last text it parsed together with the
 * stored bytes that text became: what COPY puts in, a trigger asks for right
 * after, and one row's accessors ask for the same value several times.
 *
 * That memory never refers to anything it does not own, and an error in the
 * middle of a parse leaves a parser that is thrown away before the next one.
 */
#include "ecosys.h"

#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "statement/statement_compress.h"
#include "statement/statement_datum.h"
#include "statement/statement_error.h"
#include "utils/memutils.h"

/* Longer texts are parsed by a parser of their own, in the caller's memory, and not remembered. */
#define MAX_REMEMBERED_TEXT (64 * 1024)

static struct
{
	MemoryContext context;		/* holds the parser's arrays and the two copies */
	MemoryContext parser_memory;	/* where the parser at work allocates */
	ecosys_statement_parser *parser;
	bool		at_work;		/* a parse has begun and not ended */
	bool		remembered;		/* the fields below are of one statement */
	char	   *text;
	size_t		text_length;
	uint8_t    *bytes;			/* its stored bytes, from the version byte on */
	size_t		size;
	size_t		capacity;		/* of bytes */
	ecosys_statement_facts facts;
}			last;

static void *
parser_allocate(size_t size)
{
	return MemoryContextAllocExtended(last.parser_memory, size, MCXT_ALLOC_HUGE | MCXT_ALLOC_NO_OOM);
}

static void
parser_release(void *pointer)
{
	if (pointer != NULL)
		pfree(pointer);
}

static void
parser_progress(void)
{
	CHECK_FOR_INTERRUPTS();
}

static ecosys_statement_parser *
create_parser(MemoryContext memory)
{
	ecosys_statement_parser *parser;

	last.parser_memory = memory;
	parser = ecosys_statement_parser_create(parser_allocate, parser_release);
	if (parser == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_OUT_OF_MEMORY),
				 errmsg("out of memory"),
				 errdetail("Failed while preparing to parse a statement.")));
	ecosys_statement_parser_on_progress(parser, parser_progress);
	return parser;
}

ecosys_statement_parser *
ecosys_statement_parser_for(size_t length)
{
	if (GetDatabaseEncoding() != PG_UTF8)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("xAPI statements and actors need a database with encoding UTF8"),
				 errdetail("The encoding of this database is %s.", GetDatabaseEncodingName())));
	if (last.at_work)
	{
		MemoryContext broken = last.context;

		memset(&last, 0, sizeof(last));
		if (broken != NULL)
			MemoryContextDelete(broken);
	}
	last.remembered = false;
	if (length > MAX_REMEMBERED_TEXT)
	{
		ecosys_statement_parser *parser = create_parser(CurrentMemoryContext);

		last.at_work = true;
		return parser;
	}
	if (last.parser == NULL)
	{
		if (last.context == NULL)
			last.context = AllocSetContextCreate(TopMemoryContext, "last ecosys statement", ALLOCSET_DEFAULT_SIZES);
		if (last.text == NULL)
			last.text = MemoryContextAlloc(last.context, MAX_REMEMBERED_TEXT);
		last.parser = create_parser(last.context);
	}
	last.parser_memory = last.context;
	last.at_work = true;
	return last.parser;
}

void
ecosys_statement_parser_done(void)
{
	last.at_work = false;
}

/* Parse a text; on success the facts are in last.facts. */
static bool
parse_text(const char *text, size_t length, ecosys_fault *fault)
{
	ecosys_statement_parser *parser = ecosys_statement_parser_for(length);
	bool		valid = ecosys_statement_parse(parser, text, length, &last.facts, fault);

	ecosys_statement_parser_done();
	return valid;
}

/* Remember what was just parsed, with the stored bytes that it is. */
static void
remember(const char *text, size_t length, const uint8_t *bytes, size_t size)
{
	if (length > MAX_REMEMBERED_TEXT)
		return;
	if (size > last.capacity)
	{
		if (last.bytes != NULL)
			pfree(last.bytes);
		last.bytes = NULL;
		last.capacity = 0;
		last.bytes = MemoryContextAlloc(last.context, size * 2);
		last.capacity = size * 2;
	}
	memcpy(last.text, text, length);
	last.text_length = length;
	memcpy(last.bytes, bytes, size);
	last.size = size;
	last.remembered = true;
}

static void
report_corrupt(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_DATA_CORRUPTED),
			 errmsg("stored statement is corrupt")));
}

static struct varlena *
make_datum(const ecosys_statement_header *header)
{
	Size		size = VARHDRSZ + ecosys_statement_header_size(header) + header->payload_length;
	struct varlena *result;
	size_t		written;

	if (size > MaxAllocSize)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("xAPI statement is too large"),
				 errdetail("It takes %zu bytes; the limit is %zu.", size, (size_t) MaxAllocSize)));
	result = palloc(size);
	written = ecosys_statement_header_write(header, (uint8_t *) VARDATA(result));
	memcpy(VARDATA(result) + written, header->payload, header->payload_length);
	SET_VARSIZE(result, VARHDRSZ + written + header->payload_length);
	return result;
}

struct varlena *
ecosys_statement_try_encode(const char *text, size_t length, ecosys_fault *fault)
{
	ecosys_statement_header header;
	uint8_t		uuids[ECOSYS_STATEMENT_MAX_UUIDS * 16];
	char	   *kept;
	void	   *frame;
	struct varlena *result;

	if (!parse_text(text, length, fault))
		return NULL;
	kept = MemoryContextAllocHuge(CurrentMemoryContext, length + ECOSYS_CODER_PADDING);
	ecosys_statement_pack(text, length, &last.facts, &header, kept, uuids);
	memset(kept + header.kept_length, 0, Min(length - header.kept_length + ECOSYS_CODER_PADDING, ECOSYS_CODER_PADDING));
	frame = ecosys_statement_compress(&header, kept);
	result = make_datum(&header);
	remember(text, length, (uint8_t *) VARDATA(result), VARSIZE(result) - VARHDRSZ);
	if (frame != NULL)
		pfree(frame);
	pfree(kept);
	return result;
}

struct varlena *
ecosys_statement_encode(const char *text, size_t length, const char *within, bool binary, Node *escontext)
{
	ecosys_fault fault;
	struct varlena *result = ecosys_statement_try_encode(text, length, &fault);

	if (result == NULL)
	{
		if (within != NULL)
		{
			char		pointer[sizeof(fault.pointer)];

			strlcpy(pointer, fault.pointer, sizeof(pointer));
			snprintf(fault.pointer, sizeof(fault.pointer), "%s%s", within, pointer);
		}
		ecosys_fault_report(&fault, "xAPI statement",
							fault.kind == ECOSYS_FAULT_RULE ? ECOSYS_STATEMENT_HINT : NULL, binary, escontext);
	}
	return result;
}

void
ecosys_statement_facts_of(Datum statement, ecosys_statement_header *facts)
{
	struct varlena *value = (struct varlena *) DatumGetPointer(statement);
	struct varlena *slice = value;
	bool		valid;

	if (VARATT_IS_EXTERNAL(value) || VARATT_IS_COMPRESSED(value))
		slice = PG_DETOAST_DATUM_SLICE(statement, 0, ECOSYS_STATEMENT_FACTS_SIZE);
	valid = ecosys_statement_facts_read((uint8_t *) VARDATA_ANY(slice), VARSIZE_ANY_EXHDR(slice), facts);
	if (slice != value)
		pfree(slice);
	if (!valid)
		report_corrupt();
}

/* The whole header of a value; *value is to be freed unless it is the Datum itself. */
static void
open_datum(Datum statement, struct varlena **value, ecosys_statement_header *header)
{
	*value = PG_DETOAST_DATUM_PACKED(statement);
	if (!ecosys_statement_header_read((uint8_t *) VARDATA_ANY(*value), VARSIZE_ANY_EXHDR(*value), header))
		report_corrupt();
}

static void
close_datum(Datum statement, struct varlena *value)
{
	if ((Pointer) value != DatumGetPointer(statement))
		pfree(value);
}

struct varlena *
ecosys_statement_complete(Datum statement, const uint8_t *id, const int64_t *stored, const int64_t *timestamp)
{
	const ecosys_time_style zulu = {0, ECOSYS_TIME_ZULU};
	struct varlena *value;
	struct varlena *result;
	ecosys_statement_header header;

	if ((stored != NULL && !ecosys_time_printable(*stored, zulu)) ||
		(timestamp != NULL && !ecosys_time_printable(*timestamp, zulu)))
		ereport(ERROR,
				(errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE),
				 errmsg("time of a statement is out of range"),
				 errdetail("The year must be 1 to 9999.")));
	open_datum(statement, &value, &header);
	if (id != NULL && !(header.flags & ECOSYS_STATEMENT_ID))
		ecosys_statement_set_id(&header, id);
	if (stored != NULL)
		ecosys_statement_set_stored(&header, *stored);
	if (timestamp != NULL && !(header.flags & ECOSYS_STATEMENT_TIMESTAMP))
		ecosys_statement_set_timestamp(&header, *timestamp);
	result = make_datum(&header);
	close_datum(statement, value);
	return result;
}

/* The text of an opened value. */
static char *
text_of(ecosys_statement_header *header, bool completed, size_t *length)
{
	void	   *inflated;
	const char *kept = ecosys_statement_inflate(header, &inflated);
	char	   *text;

	if (!ecosys_statement_unpacked_size(header, kept, completed, length))
		report_corrupt();
	if (*length >= MaxAllocSize)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("xAPI statement is too large to be shown")));
	text = palloc(*length + 1);
	ecosys_statement_unpack(header, kept, completed, text);
	text[*length] = '\0';
	if (inflated != NULL)
		pfree(inflated);
	return text;
}

char *
ecosys_statement_text(Datum statement, bool completed, size_t *length)
{
	struct varlena *value;
	ecosys_statement_header header;
	char	   *text;

	open_datum(statement, &value, &header);
	text = text_of(&header, completed, length);
	close_datum(statement, value);
	return text;
}

void
ecosys_statement_parse_datum(Datum statement, const ecosys_statement_facts **facts, const char **text, size_t *length)
{
	struct varlena *value = PG_DETOAST_DATUM_PACKED(statement);
	const uint8_t *bytes = (uint8_t *) VARDATA_ANY(value);
	size_t		size = VARSIZE_ANY_EXHDR(value);

	*facts = &last.facts;
	if (!last.remembered || last.size != size || memcmp(last.bytes, bytes, size) != 0)
	{
		ecosys_statement_header header;
		ecosys_fault fault;
		char	   *received;

		if (!ecosys_statement_header_read(bytes, size, &header))
			report_corrupt();
		received = text_of(&header, false, length);
		if (!parse_text(received, *length, &fault))
		{
			if (fault.kind == ECOSYS_FAULT_MEMORY)
				ecosys_fault_report(&fault, "xAPI statement", NULL, false, NULL);
			report_corrupt();
		}
		remember(received, *length, bytes, size);
		if (!last.remembered)
		{
			*text = received;
			close_datum(statement, value);
			return;
		}
		pfree(received);
	}
	*text = last.text;
	*length = last.text_length;
	close_datum(statement, value);
}
