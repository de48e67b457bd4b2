/*
 * statement_cast.c - a statement as json and jsonb.
 */
#include "ecosys.h"

#include "statement/statement_datum.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"

ECOSYS_FUNCTION(ecosys_statement_to_json);
Datum
ecosys_statement_to_json(PG_FUNCTION_ARGS)
{
	size_t		length;
	char	   *json = ecosys_statement_text(PG_GETARG_DATUM(0), true, &length);

	PG_RETURN_TEXT_P(cstring_to_text_with_len(json, length));
}

static unsigned
hex_digits(const char *at)
{
	unsigned	value = 0;

	for (int i = 0; i < 4; i++)
	{
		char		c = at[i];

		value = value << 4 | (c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
	}
	return value;
}

/* Does a valid JSON text have an escape that jsonb cannot show: \u0000 or half a surrogate pair? */
static bool
has_unshowable_escape(const char *json, size_t length)
{
	const char *end = json + length;
	const char *at = json;

	while ((at = memchr(at, '\\', end - at)) != NULL)
	{
		unsigned	code;

		if (at[1] != 'u')
		{
			at += 2;
			continue;
		}
		code = hex_digits(at + 2);
		at += 6;
		if (code == 0 || (code >= 0xDC00 && code <= 0xDFFF))
			return true;
		if (code >= 0xD800 && code <= 0xDBFF)
		{
			if (end - at < 6 || at[0] != '\\' || at[1] != 'u')
				return true;
			code = hex_digits(at + 2);
			if (code < 0xDC00 || code > 0xDFFF)
				return true;
			at += 6;
		}
	}
	return false;
}

ECOSYS_FUNCTION(ecosys_statement_to_jsonb);
Datum
ecosys_statement_to_jsonb(PG_FUNCTION_ARGS)
{
	size_t		length;
	char	   *json = ecosys_statement_text(PG_GETARG_DATUM(0), true, &length);

	if (has_unshowable_escape(json, length))
		ereport(ERROR,
				(errcode(ERRCODE_UNTRANSLATABLE_CHARACTER),
				 errmsg("statement has a character that jsonb cannot hold"),
				 errdetail("It is \\u0000 or half of a surrogate pair."),
				 errhint("Cast the statement to json, which keeps it as an escape.")));
	return DirectFunctionCall1(jsonb_in, CStringGetDatum(json));
}
