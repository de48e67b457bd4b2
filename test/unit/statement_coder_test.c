/*
 * statement_coder_test.c - every text comes back from its coded bytes, every
 * phrase of the model is found, and no bytes whatever, coded or of a model, are
 * read or written beyond their end.
 */
#include "check.h"

#include <stdint.h>

#include "statement/statement_coder.h"

#define MODEL "../../src/statement/statement_model_1.model"

static uint8_t *model;
static size_t model_size;
static ecosys_statement_coder *coder;
static uint64_t random_state = 88172645463325252;

static uint32_t
random_below(uint32_t n)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return (uint32_t) (random_state >> 32) % n;
}

static void
read_model(void)
{
	FILE	   *file = fopen(MODEL, "rb");

	model = malloc(1 << 20);
	if (file == NULL)
	{
		fprintf(stderr, "cannot open " MODEL "\n");
		exit(1);
	}
	model_size = fread(model, 1, 1 << 20, file);
	fclose(file);
}

/* The coded bytes in memory of their size, NULL when the text is not coded. */
static uint8_t *
encode(const char *text, size_t length, size_t *size)
{
	char	   *padded = malloc(length + ECOSYS_CODER_PADDING);
	const uint8_t *coded;
	uint8_t    *copy = NULL;

	memcpy(padded, text, length);
	for (int i = 0; i < ECOSYS_CODER_PADDING; i++)
		padded[length + i] = (char) random_below(256);
	coded = ecosys_statement_coder_encode(coder, padded, length, size);
	if (coded != NULL)
	{
		CHECK(*size < length);
		copy = (uint8_t *) exact_copy((const char *) coded, *size);
	}
	free(padded);
	return copy;
}

static bool
decode(const uint8_t *coded, size_t size, char **text, size_t *length)
{
	bool		valid;

	*text = malloc(ECOSYS_CODER_MAX_TEXT + ECOSYS_CODER_PADDING);
	valid = ecosys_statement_coder_decode(coder, coded, size, *text, length);
	CHECK(!valid || *length <= ECOSYS_CODER_MAX_TEXT);
	return valid;
}

/* Is the text coded, and the same again? Returns the size, 0 when it is not coded. */
static size_t
check_text(const char *text, size_t length)
{
	size_t		size = 0;
	uint8_t    *coded = encode(text, length, &size);

	if (coded != NULL)
	{
		char	   *back;
		size_t		back_length;

		CHECK(decode(coded, size, &back, &back_length) && back_length == length && memcmp(back, text, length) == 0);
		free(back);
		free(coded);
	}
	return coded != NULL ? size : 0;
}

/* ---- phrases ---- */

static const uint8_t *
take_number(const uint8_t *at, uint32_t *number)
{
	*number = 0;
	for (int shift = 0;; shift += 7)
	{
		*number |= (uint32_t) (*at & 0x7F) << shift;
		if (*at++ < 0x80)
			return at;
	}
}

/* Each phrase, first alone and then between others, makes its own symbol. */
static void
test_phrases(void)
{
	static ecosys_coder_event events[2 * ECOSYS_CODER_MAX_TEXT + 2];
	const char *before = NULL;
	uint32_t	before_length = 0;
	uint32_t	n;
	const uint8_t *at = take_number(model, &n);

	CHECK(n > 1000 && (int) n == ecosys_coder_symbols(coder) - ECOSYS_SYMBOL_PHRASE);
	for (uint32_t i = 0; i < n; i++)
	{
		char		text[1024];
		uint32_t	length;
		size_t		n_events;

		at = take_number(at, &length);
		CHECK(length >= 2 && length <= 255);
		CHECK(memchr(at, '\0', length) == NULL && memchr(at, '\n', length) == NULL);
		memset(text, 0, sizeof(text));
		memcpy(text, at, length);
		n_events = ecosys_statement_coder_events(coder, text, length, events);
		CHECK_SAY(n_events == 2 && events[0].symbol == ECOSYS_SYMBOL_PHRASE + i &&
				  events[1].symbol == ECOSYS_SYMBOL_END, "phrase %.*s", (int) length, at);
		if (before != NULL)
		{
			/* some pairs are longer in other phrases, so only the text counts */
			memcpy(text, before, before_length);
			memcpy(text + before_length, at, length);
			memset(text + before_length + length, '7', 100);
			CHECK(check_text(text, before_length + length + 100) > 0);
		}
		before = (const char *) at;
		before_length = length;
		at += length;
	}
}

/* ---- texts ---- */

#define STATEMENT "{\"id\":\"\x02\",\"actor\":{\"objectType\":\"Agent\",\"name\":\"%s\",\"mbox\":\"mailto:a@example.com\"}," \
	"\"verb\":{\"id\":\"http://adlnet.gov/expapi/verbs/completed\",\"display\":{\"en-US\":\"completed\"}}," \
	"\"object\":{\"objectType\":\"Activity\",\"id\":\"https://lms.example.com/course/%s\"}}"

static void
test_statements(void)
{
	static const char *const names[] = {
		"Ann", "", "x", "http://example.com/http://example.com/http://example.com/",
		"\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e", "\\\"quoted\\\" \\u0000 \\\\", "}}}]]],,,,",
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "\x7f\t\r\n",
		"\xf4\x8f\xbf\xbf", "0123456789", "https://lms.example.com/course/"
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
	{
		for (size_t j = 0; j < sizeof(names) / sizeof(names[0]); j++)
		{
			char		text[1024];
			int			length = snprintf(text, sizeof(text), STATEMENT, names[i], names[j]);

			CHECK(check_text(text, length) > 0);
		}
	}
}

/* Every byte beside every byte, also those that no JSON has. */
static void
test_bytes(void)
{
	static char text[ECOSYS_CODER_MAX_TEXT];

	for (int first = 0; first < 256; first++)
	{
		size_t		length = snprintf(text, sizeof(text), STATEMENT, "Ann Smith", "introduction-to-safety");

		for (int second = 0; second < 256; second += 8)
		{
			for (int i = 0; i < 8; i++)
			{
				text[length + 2 * i] = (char) first;
				text[length + 2 * i + 1] = (char) (second + i);
			}
			CHECK(check_text(text, length + 16) > 0);
		}
	}
}

/* Random pieces of statements, random bytes, repetitions; of all sizes. */
static void
test_random(void)
{
	static char text[ECOSYS_CODER_MAX_TEXT];
	static char statement[1024];
	int			coded = 0;
	uint32_t	statement_length = snprintf(statement, sizeof(statement), STATEMENT, "Jos\xc3\xa9 Mu\xc3\xb1oz",
											"safety/4711");

	for (int round = 0; round < 4000; round++)
	{
		size_t		target = round % 10 == 0 ? ECOSYS_CODER_MAX_TEXT : 1 + random_below(1500);
		size_t		length = 0;

		while (length < target)
		{
			size_t		piece = 1 + random_below(round % 3 == 0 ? 400 : 30);
			int			kind = random_below(4);

			if (piece > target - length)
				piece = target - length;
			for (size_t i = 0; i < piece; i++)
			{
				if (kind == 0 || length == 0)
					text[length] = (char) random_below(256);
				else if (kind == 1)
					text[length] = text[length - 1];
				else if (kind == 2)
					text[length] = text[random_below((uint32_t) length)];
				else
					text[length] = statement[(round * 31 + i) % statement_length];
				length++;
			}
			if (kind == 2 && length > piece)
			{
				/* an exact copy, from near or far */
				size_t		from = random_below((uint32_t) (length - piece) + 1);

				memmove(text + length - piece, text + from, piece);
			}
		}
		coded += check_text(text, length) > 0;
	}
	CHECK(coded > 2000);
	CHECK(check_text("", 0) == 0 && check_text("{", 1) == 0);
}

/* A text of the greatest length, made of one value, of many, of copies from afar. */
static void
test_sizes(void)
{
	static char text[ECOSYS_CODER_MAX_TEXT];

	memset(text, 'a', sizeof(text));
	CHECK(check_text(text, sizeof(text)) > 0);
	for (size_t i = 0; i < sizeof(text); i += 2)
	{
		text[i] = '"';
		text[i + 1] = (char) ('0' + i / 2 % 2);
	}
	(void) check_text(text, sizeof(text));	/* may be longer coded */
	memset(text, '\t', sizeof(text));
	memcpy(text, "abcdefghijklmnopqrstuvwxyz", 26);
	memcpy(text + sizeof(text) - 26, "abcdefghijklmnopqrstuvwxyz", 26);
	CHECK(check_text(text, sizeof(text)) > 0);
	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = (char) random_below(256);
	CHECK(check_text(text, sizeof(text)) == 0);
}

/* ---- hostile bytes ---- */

static void
test_hostile_bytes(void)
{
	char		text[1024];
	int			length = snprintf(text, sizeof(text), STATEMENT, "Ann",
								  "introduction-to-safety/introduction-to-safety");
	size_t		size;
	uint8_t    *coded = encode(text, length, &size);
	int			accepted = 0;

	for (int round = 0; round < 60000; round++)
	{
		size_t		cut = round % 2 ? size : random_below(200);
		uint8_t    *edited = malloc(cut + 1);
		char	   *back;
		size_t		back_length;

		for (size_t i = 0; i < cut; i++)
			edited[i] = round % 2 ? coded[i] : (uint8_t) random_below(256);
		for (int edits = random_below(4); cut > 0 && edits >= 0; edits--)
			edited[random_below((uint32_t) cut)] = (uint8_t) random_below(256);
		edited = (uint8_t *) realloc(edited, cut > 0 ? cut : 1);
		accepted += decode(edited, cut, &back, &back_length);
		free(back);
		free(edited);
	}
	/* the state that is left tells nearly all of them apart from good ones */
	CHECK_SAY(accepted < 6000, "%d accepted", accepted);
	for (size_t cut = 0; cut < size; cut++)
	{
		char	   *back;
		size_t		back_length;
		uint8_t    *shorter = (uint8_t *) exact_copy((char *) coded, cut);

		CHECK(!decode(shorter, cut, &back, &back_length) || back_length != (size_t) length ||
			  memcmp(back, text, length) != 0);
		free(back);
		free(shorter);
	}
	free(coded);
}

static long allocations;
static long fail_at;

static void *
failing_allocate(size_t size)
{
	return allocations++ == fail_at ? NULL : malloc(size);
}

/* Any model is refused or works; every allocation may fail. */
static void
test_models(void)
{
	ecosys_statement_coder *whole = coder;
	int			made = 0;

	for (fail_at = 0;; fail_at++)
	{
		allocations = 0;
		coder = ecosys_statement_coder_create(model, model_size, failing_allocate, free);
		if (coder != NULL)
			break;
	}
	CHECK(fail_at >= 4);
	ecosys_statement_coder_destroy(coder);
	for (int round = 0; round < 120; round++)
	{
		size_t		size = round % 3 == 0 ? random_below((uint32_t) model_size) : model_size;
		uint8_t    *edited = (uint8_t *) exact_copy((char *) model, size);

		for (int edits = round % 3 == 0 ? 0 : 1 + random_below(3); edits > 0 && size > 0; edits--)
			edited[random_below((uint32_t) size)] = (uint8_t) random_below(256);
		coder = ecosys_statement_coder_create(edited, size, malloc, free);
		if (coder != NULL)
		{
			made++;
			test_statements();
			ecosys_statement_coder_destroy(coder);
		}
		free(edited);
	}
	CHECK(made > 10);
	coder = whole;
}

int
main(void)
{
	read_model();
	coder = ecosys_statement_coder_create(model, model_size, malloc, free);
	CHECK(coder != NULL);
	test_phrases();
	test_statements();
	test_bytes();
	test_random();
	test_sizes();
	test_hostile_bytes();
	test_models();
	ecosys_statement_coder_destroy(coder);
	free(model);
	return report("statement_coder");
}
