/*
 * accept_language_test.c - which language of a map is chosen.
 */
#include "query/accept_language.h"

#include "check.h"

static ecosys_accept_language accept;

static void
header(const char *text)
{
	ecosys_accept_language_read(&accept, text, text == NULL ? 0 : strlen(text));
}

/* The tag that is chosen, of a list that NULL ends. */
static const char *
chosen(const char *first, ...)
{
	va_list		args;
	const char *best = NULL;
	uint32_t	best_welcome = 0;

	va_start(args, first);
	for (const char *tag = first; tag != NULL; tag = va_arg(args, const char *))
	{
		uint32_t	welcome = ecosys_language_welcome(&accept, tag, strlen(tag));

		if (best == NULL || welcome > best_welcome)
		{
			best = tag;
			best_welcome = welcome;
		}
	}
	va_end(args);
	return best == NULL ? "" : best;
}

#define CHOOSES(expected, ...) \
	do { \
		const char *got = chosen(__VA_ARGS__, NULL); \
		CHECK_SAY(strcmp(got, expected) == 0, "%s instead of %s", got, expected); \
	} while (0)

static void
choices(void)
{
	header(NULL);
	CHOOSES("de", "de", "en");
	header("");
	CHOOSES("de", "de", "en");
	header("en");
	CHOOSES("en", "de", "en", "en-US");
	CHOOSES("en-US", "de", "en-US", "en-GB");	/* a prefix */
	CHOOSES("fr", "fr", "de");	/* then any: the first */
	header("EN-us, de;q=0.3");
	CHOOSES("en-US", "de", "en-GB", "en-US");
	CHOOSES("de", "en-GB", "de", "fr");	/* en-us is no prefix of en-GB */
	CHOOSES("en", "de", "en");	/* but goes on where en ends */
	header("da, en-gb;q=0.8, en;q=0.7");
	CHOOSES("en-GB", "en-US", "en-GB");
	CHOOSES("da", "en-GB", "da");
	/* the longest range counts, wherever it stands */
	header("en;q=0.8, en-GB;q=0.2, de;q=0.5");
	CHOOSES("de", "en-GB", "de");
	CHOOSES("en-US", "en-GB", "de", "en-US");
	/* * is for what nothing else names */
	header("de;q=0.4, *;q=0.6");
	CHOOSES("fr", "de", "fr");
	header("*;q=0.5, de");
	CHOOSES("de", "fr", "de");
	header("fr;q=0, *");
	CHOOSES("de", "fr", "de");
	CHOOSES("fr", "fr");		/* nothing else is there */
	/* 0: not wanted; after what nobody asked for */
	header("fr;q=0");
	CHOOSES("de", "fr", "de");
	header("en;q=0, en-GB;q=0.5");
	CHOOSES("en-GB", "en-US", "en-GB");
	CHOOSES("sv", "en-US", "sv");
	header("*;q=0");
	CHOOSES("fr", "fr", "de");
	/* of equal qualities the first that is named */
	header("fr, de");
	CHOOSES("fr", "de", "fr");
	header("de-CH, de;q=0.1, en;q=0.5");
	CHOOSES("en", "de", "en");	/* de is told to be less */
	header("zh-Hant");
	CHOOSES("zh-Hant-TW", "zh-Hans", "zh-Hant-TW");
	header("z");
	CHOOSES("en", "en", "zh");	/* no part of a subtag */
}

static void
spellings(void)
{
	header(" de ; q=0.5 ,\ten;Q=0.6,,");
	CHECK(accept.n_ranges == 2 && accept.ranges[0].quality == 500 && accept.ranges[1].quality == 600);
	header("de;q=1.000, en;q=0.999, fr;q=0.0005, it;q=1.5");
	CHECK(accept.n_ranges == 4 && accept.ranges[0].quality == 1000 && accept.ranges[1].quality == 999 &&
		  accept.ranges[2].quality == 0 && accept.ranges[3].quality == 1000);
	/* not understood: passed over */
	header("de;q=x, en q=1, -fr, it-, \xff\xff, es;q, pt;q=, sv;level=1, ru");
	CHECK(accept.n_ranges == 1 && accept.ranges[0].length == 2 && memcmp(accept.ranges[0].text, "ru", 2) == 0);
	{
		char		many[400] = "";

		for (int i = 0; i < 99; i++)
			strcat(many, "aa,");
		header(many);
		CHECK(accept.n_ranges == ECOSYS_ACCEPT_LANGUAGE_MAX);
	}
	CHECK(ecosys_language_welcome(&accept, "", 0) == 1);
}

/* Any bytes are read without a step beyond them. */
static void
garbage(void)
{
	static const char alphabet[] = "ade-;q=0.1, *\t\0\xffQ9";
	uint64_t	state = 42;

	for (int i = 0; i < 200000; i++)
	{
		char		bytes[40];
		size_t		length = (state >> 33) % sizeof(bytes);
		char	   *copy;

		for (size_t j = 0; j < length; j++)
		{
			state = state * UINT64_C(6364136223846793005) + 1442695040888963407;
			bytes[j] = alphabet[(state >> 40) % (sizeof(alphabet) - 1)];
		}
		state = state * UINT64_C(6364136223846793005) + 1442695040888963407;
		copy = exact_copy(bytes, length);
		ecosys_accept_language_read(&accept, copy, length);
		for (int r = 0; r < accept.n_ranges; r++)
		{
			const ecosys_language_range *range = &accept.ranges[r];

			if (range->quality > 1000 || range->text < copy || range->text + range->length > copy + length)
				CHECK_SAY(false, "a range out of the header");
		}
		(void) ecosys_language_welcome(&accept, bytes, length);
		free(copy);
	}
	CHECK(true);
}

int
main(void)
{
	choices();
	spellings();
	garbage();
	return report("accept_language_test");
}
