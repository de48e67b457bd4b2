/*
 * page_format.c - statements as JSON in xAPI's formats: the glue of
 * statement_output.c, and what canonical needs from the dictionaries.
 *
 * A page asks each dictionary once, for all that its statements name.
 */
#include "ecosys.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "lib/stringinfo.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/hsearch.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

#include "base/hash_key.h"
#include "base/json_reader.h"
#include "query/query.h"
#include "statement/statement_datum.h"

struct ecosys_page_dictionary
{
	HTAB	   *known;
};

/* Hashed whole, so without padding. */
typedef struct known_key
{
	int64		key;
	int64		is_verb;
} known_key;

typedef struct known
{
	known_key	key;			/* must be first */
	text	   *description;	/* NULL: nothing is known */
} known;

/* ---- the dictionary ---- */

static ecosys_page_dictionary *
dictionary_create(void)
{
	ecosys_page_dictionary *dictionary = palloc(sizeof(*dictionary));
	HASHCTL		control = {.keysize = sizeof(known_key), .entrysize = sizeof(known), .hcxt = CurrentMemoryContext};

	dictionary->known = hash_create("ecosys descriptions", 256, &control, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
	return dictionary;
}

static void
dictionary_note(ecosys_page_dictionary *dictionary, bool is_verb, int64 key, text *description)
{
	known_key	k = {key, is_verb};
	bool		found;
	known	   *entry = hash_search(dictionary->known, &k, HASH_ENTER, &found);

	if (!found)
		entry->description = NULL;
	if (description != NULL)
		entry->description = description;
}

/* The keys of one kind that were noted. */
static Datum
noted_keys(ecosys_page_dictionary *dictionary, bool is_verb)
{
	Datum	   *keys = palloc((hash_get_num_entries(dictionary->known) + 1) * sizeof(Datum));
	HASH_SEQ_STATUS status;
	known	   *entry;
	int			n = 0;

	hash_seq_init(&status, dictionary->known);
	while ((entry = hash_seq_search(&status)) != NULL)
	{
		if (entry->key.is_verb == is_verb)
			keys[n++] = Int64GetDatum(entry->key.key);
	}
	return PointerGetDatum(construct_array(keys, n, INT8OID, sizeof(int64), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE));
}

/* Plans that read descriptions of one ecosystem; kept from page to page. */
static struct
{
	Oid			statements;
	char		schema[2 * NAMEDATALEN + 3];	/* its name then, quoted: who renames it changes the commands */
	SPIPlanPtr	in_flight;
	SPIPlanPtr	settled[2];		/* of activities, of verbs */
	SPIPlanPtr	all[2];
}			plans;

static void
keep_plan(SPIPlanPtr *kept, Oid type, const char *command)
{
	SPIPlanPtr	plan = SPI_prepare_cursor(command, 1, &type, CURSOR_OPT_GENERIC_PLAN);

	if (plan == NULL || SPI_keepplan(plan) != 0)
		elog(ERROR, "could not prepare to read descriptions");
	if (*kept != NULL)
		SPI_freeplan(*kept);
	*kept = plan;
}

static void
prepare_plans(Oid statements, const char *schema)
{
	static const char *const columns[] = {"definition", "display"};
	static const char *const tables[] = {"activities", "verbs"};

	if (plans.statements == statements && strcmp(plans.schema, schema) == 0)
		return;
	plans.statements = InvalidOid;
	keep_plan(&plans.in_flight, TEXTOID,
			  psprintf("SELECT FROM %s.names_in_flight WHERE dictionary OPERATOR(pg_catalog.=) $1", schema));
	for (int i = 0; i < 2; i++)
	{
		for (int settled = 0; settled < 2; settled++)
			keep_plan(settled ? &plans.settled[i] : &plans.all[i], INT8ARRAYOID,
					  psprintf("SELECT key, %s::pg_catalog.text FROM %s.%s%s"
							   " WHERE key OPERATOR(pg_catalog.=) ANY ($1) AND %s IS NOT NULL",
							   columns[i], schema, settled ? "settled_" : "", tables[i], columns[i]));
	}
	strlcpy(plans.schema, schema, sizeof(plans.schema));
	plans.statements = statements;
}

/*
 * Where no names are in flight, the settled ones are all there are: the views
 * over both say the same, at many times the cost.
 */
static void
read_descriptions(ecosys_page_dictionary *dictionary, bool is_verb, Oid statements, const char *schema)
{
	MemoryContext context = CurrentMemoryContext;
	Datum		keys = noted_keys(dictionary, is_verb);
	Datum		name = CStringGetTextDatum(is_verb ? "verbs" : "activities");
	SPIPlanPtr	plan;

	SPI_connect();
	prepare_plans(statements, schema);
	if (SPI_execute_plan(plans.in_flight, &name, NULL, true, 1) != SPI_OK_SELECT)
		elog(ERROR, "could not read names in flight");
	plan = SPI_processed > 0 ? plans.all[is_verb] : plans.settled[is_verb];
	if (SPI_execute_plan(plan, &keys, NULL, true, 0) != SPI_OK_SELECT)
		elog(ERROR, "could not read descriptions");
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		bool		isnull;
		int64		key = DatumGetInt64(SPI_getbinval(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, 1, &isnull));
		Datum		description = SPI_getbinval(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, 2, &isnull);
		MemoryContext old = MemoryContextSwitchTo(context);

		dictionary_note(dictionary, is_verb, key, DatumGetTextPCopy(description));
		MemoryContextSwitchTo(old);
	}
	SPI_finish();
}

ecosys_page_dictionary *
ecosys_page_dictionary_load(Oid statements, const Datum *values, int n)
{
	ecosys_page_dictionary *dictionary = dictionary_create();
	const char *schema = quote_identifier(get_namespace_name(get_rel_namespace(statements)));

	for (int i = 0; i < n; i++)
	{
		const ecosys_statement_facts *facts;
		const char *text;
		size_t		length;

		ecosys_statement_parse_datum(values[i], &facts, &text, &length);
		for (uint32 m = 0; m < facts->n_mentions; m++)
		{
			const ecosys_mention *mention = &facts->mentions[m];

			if (mention->kind == ECOSYS_MENTION_ACTIVITY || mention->kind == ECOSYS_MENTION_VERB)
				dictionary_note(dictionary, mention->kind == ECOSYS_MENTION_VERB, mention->key, NULL);
		}
	}
	read_descriptions(dictionary, false, statements, schema);
	read_descriptions(dictionary, true, statements, schema);
	return dictionary;
}

/* As ecosys_statement_output wants it. */
static const char *
describe(void *arg, bool is_verb, const char *iri, size_t iri_length, size_t *length)
{
	ecosys_page_dictionary *dictionary = arg;
	ecosys_key_kind kind = is_verb ? ECOSYS_KEY_VERB : ECOSYS_KEY_ACTIVITY;
	known_key	k = {0, is_verb};
	known	   *entry;

	if (dictionary == NULL)
		return NULL;
	if (memchr(iri, '\\', iri_length) == NULL)
		k.key = ecosys_hash_key(kind, iri + 1, iri_length - 2);
	else
	{
		char	   *decoded = palloc(iri_length);

		k.key = ecosys_hash_key(kind, decoded, ecosys_json_decode(iri, iri_length, decoded));
		pfree(decoded);
	}
	entry = hash_search(dictionary->known, &k, HASH_FIND, NULL);
	if (entry == NULL || entry->description == NULL)
		return NULL;
	*length = VARSIZE_ANY_EXHDR(entry->description);
	return VARDATA_ANY(entry->description);
}

/* ---- formatting ---- */

static void
append(void *arg, const char *bytes, size_t length)
{
	if (length > MaxAllocSize)
		elog(ERROR, "statement is too large to be shown");
	appendBinaryStringInfo((StringInfo) arg, bytes, (int) length);
}

void
ecosys_page_format_read(ecosys_page_format *format, text *name, text *language)
{
	format->format = ECOSYS_OUTPUT_EXACT;
	if (name != NULL && !ecosys_output_format_read(VARDATA_ANY(name), VARSIZE_ANY_EXHDR(name), &format->format))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("unknown format of statements"),
				 errhint("One of exact, ids, canonical.")));
	ecosys_accept_language_read(&format->languages, language != NULL ? VARDATA_ANY(language) : NULL,
								language != NULL ? VARSIZE_ANY_EXHDR(language) : 0);
}

Datum
ecosys_page_format_statement(const ecosys_page_format *format, ecosys_page_dictionary *dictionary,
							 Datum statement)
{
	ecosys_statement_header header;
	ecosys_statement_output output = {.format = format->format};
	StringInfoData json;
	size_t		length;
	char	   *text;

	ecosys_statement_facts_of(statement, &header);
	text = ecosys_statement_text(statement, true, &length);
	initStringInfo(&json);
	if (length + 256 > (size_t) json.maxlen)
		enlargeStringInfo(&json, (int) length + 256);
	json.len = VARHDRSZ;		/* it becomes a json value where it stands */
	output.xapi_2 = (header.flags & ECOSYS_STATEMENT_XAPI_2) != 0;
	output.append = append;
	output.append_arg = &json;
	output.languages = &format->languages;
	output.describe = describe;
	output.describe_arg = dictionary;
	if (!ecosys_statement_output_write(&output, text, length))
		elog(ERROR, "stored statement is not valid");
	pfree(text);
	SET_VARSIZE(json.data, json.len);
	return PointerGetDatum(json.data);
}

ECOSYS_FUNCTION(ecosys_format_exact);
Datum
ecosys_format_exact(PG_FUNCTION_ARGS)
{
	const ecosys_page_format format = {.format = ECOSYS_OUTPUT_EXACT};

	PG_RETURN_DATUM(ecosys_page_format_statement(&format, NULL, PG_GETARG_DATUM(0)));
}

ECOSYS_FUNCTION(ecosys_format_ids);
Datum
ecosys_format_ids(PG_FUNCTION_ARGS)
{
	const ecosys_page_format format = {.format = ECOSYS_OUTPUT_IDS};

	PG_RETURN_DATUM(ecosys_page_format_statement(&format, NULL, PG_GETARG_DATUM(0)));
}

/* As received and completed, on one line: a line end is never in a string, so it is as good as a blank. */
ECOSYS_FUNCTION(ecosys_json_line);
Datum
ecosys_json_line(PG_FUNCTION_ARGS)
{
	size_t		length;
	char	   *line = ecosys_statement_text(PG_GETARG_DATUM(0), true, &length);
	static const char ends[] = "\n\r";

	for (int i = 0; i < 2; i++)
	{
		for (char *at = line; (at = memchr(at, ends[i], line + length - at)) != NULL;)
			*at = ' ';
	}
	PG_RETURN_TEXT_P(cstring_to_text_with_len(line, length));
}

/* Two arrays of one length: keys, and what is known of each. */
static void
note_arrays(ecosys_page_dictionary *dictionary, FunctionCallInfo fcinfo, int number, bool is_verb)
{
	ArrayType  *keys;
	ArrayType  *descriptions;
	Datum	   *key;
	Datum	   *description;
	bool	   *key_null;
	bool	   *description_null;
	int			n_keys;
	int			n_descriptions;

	if (PG_ARGISNULL(number) || PG_ARGISNULL(number + 1))
		return;
	keys = PG_GETARG_ARRAYTYPE_P(number);
	descriptions = PG_GETARG_ARRAYTYPE_P(number + 1);
	deconstruct_array(keys, INT8OID, sizeof(int64), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE, &key, &key_null, &n_keys);
	deconstruct_array(descriptions, JSONOID, -1, false, TYPALIGN_INT, &description, &description_null,
					  &n_descriptions);
	if (n_keys != n_descriptions)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("arrays of keys and descriptions differ in length"),
				 errdetail("There are %d keys and %d descriptions.", n_keys, n_descriptions)));
	for (int i = 0; i < n_keys; i++)
	{
		text	   *value;

		if (key_null[i] || description_null[i])
			continue;
		value = DatumGetTextPP(description[i]);
		dictionary_note(dictionary, is_verb, DatumGetInt64(key[i]), value);
	}
}

ECOSYS_FUNCTION(ecosys_format_canonical);
Datum
ecosys_format_canonical(PG_FUNCTION_ARGS)
{
	ecosys_page_format format;
	ecosys_page_dictionary *dictionary;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	ecosys_page_format_read(&format, NULL, PG_ARGISNULL(1) ? NULL : PG_GETARG_TEXT_PP(1));
	format.format = ECOSYS_OUTPUT_CANONICAL;
	dictionary = dictionary_create();
	note_arrays(dictionary, fcinfo, 2, false);
	note_arrays(dictionary, fcinfo, 4, true);
	PG_RETURN_DATUM(ecosys_page_format_statement(&format, dictionary, PG_GETARG_DATUM(0)));
}

ECOSYS_FUNCTION(ecosys_canonical_definition);
Datum
ecosys_canonical_definition(PG_FUNCTION_ARGS)
{
	ecosys_page_format format;
	ecosys_statement_output output = {.format = ECOSYS_OUTPUT_CANONICAL};
	StringInfoData json;
	text	   *definition;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	definition = PG_GETARG_TEXT_PP(0);
	ecosys_page_format_read(&format, NULL, PG_ARGISNULL(1) ? NULL : PG_GETARG_TEXT_PP(1));
	initStringInfo(&json);
	output.append = append;
	output.append_arg = &json;
	output.languages = &format.languages;
	if (!ecosys_definition_output_write(&output, VARDATA_ANY(definition), VARSIZE_ANY_EXHDR(definition)))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("not the definition of an activity")));
	PG_RETURN_TEXT_P(cstring_to_text_with_len(json.data, json.len));
}
