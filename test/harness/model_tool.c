/*
 * model_tool.c - makes and measures the model of statement texts.
 *
 *	model_tool keep < statements.jsonl > kept_texts
 *	model_tool train PHRASES < statements.jsonl > model
 *	model_tool measure MODEL < statements.jsonl
 *
 * Statements go through the same parser, packing and coder as in the server, so
 * that the model is made of what the server codes. Lines that are no valid
 * statements are counted and left out.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "statement/statement.h"
#include "statement/statement_coder.h"

typedef struct samples
{
	char	   *kept;			/* all kept texts, one after the other */
	size_t	   *sizes;
	size_t		n;
	size_t		total;
	size_t		raw;			/* bytes of the texts */
	size_t		fields;			/* bytes of the stored fields */
	size_t		invalid;
	double		parse_seconds;
	double		pack_seconds;
} samples;

static void
die(const char *message)
{
	fprintf(stderr, "model_tool: %s\n", message);
	exit(1);
}

static void *
need(void *memory)
{
	if (memory == NULL)
		die("out of memory");
	return memory;
}

static double
cpu_seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return now.tv_sec + now.tv_nsec * 1e-9;
}

static samples
read_samples(void)
{
	samples		all = {0};
	ecosys_statement_parser *parser = need(ecosys_statement_parser_create(malloc, free));
	char	   *line = NULL;
	size_t		line_capacity = 0;
	size_t		kept_capacity = 0;
	size_t		n_capacity = 0;
	ssize_t		length;

	while ((length = getline(&line, &line_capacity, stdin)) > 0)
	{
		ecosys_statement_facts facts;
		ecosys_statement_header header;
		ecosys_fault fault;
		uint8_t		uuids[16 * ECOSYS_STATEMENT_MAX_UUIDS];
		double		begin = cpu_seconds();
		double		parsed;

		if (line[length - 1] == '\n')
			length--;
		if (!ecosys_statement_parse(parser, line, length, &facts, &fault))
		{
			all.invalid++;
			continue;
		}
		parsed = cpu_seconds();
		if (all.total + length + ECOSYS_CODER_PADDING > kept_capacity)
			all.kept = need(realloc(all.kept, kept_capacity = (all.total + length + ECOSYS_CODER_PADDING) * 2));
		if (all.n == n_capacity)
			all.sizes = need(realloc(all.sizes, (n_capacity = n_capacity * 2 + 1024) * sizeof(size_t)));
		ecosys_statement_pack(line, length, &facts, &header, all.kept + all.total, uuids);
		all.pack_seconds += cpu_seconds() - parsed;
		all.parse_seconds += parsed - begin;
		{
			uint8_t    *bytes = need(malloc(ecosys_statement_header_size(&header)));

			all.fields += ecosys_statement_header_write(&header, bytes);
			free(bytes);
		}
		all.sizes[all.n++] = header.kept_length;
		all.total += header.kept_length;
		all.raw += length;
	}
	free(line);
	ecosys_statement_parser_destroy(parser);
	if (all.n == 0)
		die("no valid statement on standard input");
	fprintf(stderr, "%zu statements, %zu invalid lines\n", all.n, all.invalid);
	return all;
}

static void
keep(void)
{
	samples		all = read_samples();
	size_t		in = 0;

	for (size_t i = 0; i < all.n; i++)
	{
		fwrite(all.kept + in, 1, all.sizes[i], stdout);
		putchar('\n');
		in += all.sizes[i];
	}
}

static char *
read_file(const char *name, size_t *size)
{
	FILE	   *file = fopen(name, "rb");
	char	   *bytes = need(malloc(1 << 20));

	if (file == NULL)
		die("cannot open the file");
	*size = fread(bytes, 1, 1 << 20, file);
	fclose(file);
	return bytes;
}

/* ---- training ---- */

typedef struct bytes
{
	uint8_t    *at;
	size_t		size;
	size_t		capacity;
} bytes;

static void
put_byte(bytes *out, uint8_t byte)
{
	if (out->size == out->capacity)
		out->at = need(realloc(out->at, out->capacity = out->capacity * 2 + 65536));
	out->at[out->size++] = byte;
}

static void
put_number(bytes *out, uint32_t number)
{
	for (; number >= 0x80; number >>= 7)
		put_byte(out, (uint8_t) (number | 0x80));
	put_byte(out, (uint8_t) number);
}

/* How often each symbol was met in a context. */
typedef struct tally
{
	double	   *count;			/* by symbol; NULL: never */
	double		total;
	int			distinct;
} tally;

/* Contexts as they are counted: behind each symbol, between, the general ones. */
#define BETWEEN_TALLY ECOSYS_CODER_MAX_SYMBOLS
#define GENERAL_TALLY (2 * ECOSYS_CODER_MAX_SYMBOLS)
static tally tallies[2 * ECOSYS_CODER_MAX_SYMBOLS + ECOSYS_CONTEXT_OWN];

static void
add_count(tally *t, int symbol, double count)
{
	if (t->count == NULL)
		t->count = need(calloc(ECOSYS_CODER_MAX_SYMBOLS, sizeof(double)));
	t->distinct += t->count[symbol] == 0;
	t->count[symbol] += count;
	t->total += count;
}

/*
 * A symbol is listed in a context of its own from this count on; a context is worth it
 * from this total on. Lower ones make the model larger and hardly better.
 */
#define LISTED 20
#define OWN_CONTEXT 200

/* What is not in the texts at hand but will be in others: for each symbol of a context, and for each time it was met. */
#define ESCAPE_DISTINCT 1.
#define ESCAPE_TOTAL .02

/* How much of what a context lists counts in the more general one as well. */
#define KNOWN_SHARE .05

static double
escaped(const tally *t)
{
	double		sum = 0;

	for (int symbol = 0; symbol < ECOSYS_CODER_MAX_SYMBOLS; symbol++)
	{
		if (t->count[symbol] < LISTED)
			sum += t->count[symbol];
	}
	return sum;
}

/* The counts scaled to frequencies that add up to 4,096, none of them 0. */
static void
put_context(bytes *out, const double *count)
{
	double		total = 0;
	int			frequency[ECOSYS_CODER_MAX_SYMBOLS];
	int			sum = 0;
	int			rows = 0;

	for (int symbol = 0; symbol < ECOSYS_CODER_MAX_SYMBOLS; symbol++)
	{
		total += count[symbol];
		rows += count[symbol] > 0;
	}
	for (int symbol = 0; symbol < ECOSYS_CODER_MAX_SYMBOLS; symbol++)
	{
		frequency[symbol] = 0;
		if (count[symbol] <= 0)
			continue;
		frequency[symbol] = (int) (count[symbol] / total * ECOSYS_CODER_FREQUENCIES + .5);
		if (frequency[symbol] < 1)
			frequency[symbol] = 1;
		sum += frequency[symbol];
	}
	/* give or take where it costs least: from the largest */
	while (sum != ECOSYS_CODER_FREQUENCIES)
	{
		int			largest = 0;
		int			step;

		for (int symbol = 1; symbol < ECOSYS_CODER_MAX_SYMBOLS; symbol++)
		{
			if (frequency[symbol] > frequency[largest])
				largest = symbol;
		}
		step = ECOSYS_CODER_FREQUENCIES - sum;
		if (step < -frequency[largest] / 16 - 1)
			step = -frequency[largest] / 16 - 1;
		frequency[largest] += step;
		sum += step;
	}
	put_number(out, rows);
	for (; rows > 0; rows--)
	{
		int			largest = 0;

		for (int symbol = 1; symbol < ECOSYS_CODER_MAX_SYMBOLS; symbol++)
		{
			if (frequency[symbol] > frequency[largest])
				largest = symbol;
		}
		put_number(out, largest);
		put_number(out, frequency[largest]);
		frequency[largest] = 0;
	}
}

/* The phrases, one a line, as a model begins. */
static bytes
put_phrases(const char *lines, size_t size)
{
	bytes		out = {NULL, 0, 0};
	size_t		n = 0;

	for (size_t i = 0; i < size; i++)
		n += lines[i] == '\n';
	put_number(&out, n);
	for (size_t i = 0; i < size; i++)
	{
		size_t		end = i;

		while (lines[end] != '\n')
			end++;
		put_number(&out, end - i);
		for (; i < end; i++)
			put_byte(&out, lines[i]);
	}
	return out;
}

static void
count_events(ecosys_statement_coder *coder, const samples *all)
{
	ecosys_coder_event *events = need(malloc((2 * ECOSYS_CODER_MAX_TEXT + 2) * sizeof(*events)));
	size_t		in = 0;

	for (size_t i = 0; i < all->n; in += all->sizes[i++])
	{
		size_t		n;

		if (all->sizes[i] > ECOSYS_CODER_MAX_TEXT)
			continue;
		n = ecosys_statement_coder_events(coder, all->kept + in, all->sizes[i], events);
		for (size_t k = 0; k < n; k++)
		{
			const ecosys_coder_event *event = &events[k];
			int			number = event->place == ECOSYS_CODER_AFTER ? event->context :
				event->place == ECOSYS_CODER_BETWEEN ? BETWEEN_TALLY + event->context :
				GENERAL_TALLY + ECOSYS_CONTEXT_VALUE + event->place - ECOSYS_CODER_VALUE;

			if (event->place != ECOSYS_CODER_RAW)
				add_count(&tallies[number], event->symbol, 1);
		}
	}
	free(events);
}

typedef struct ranked
{
	const char *phrase;
	size_t		length;
	double		uses;
} ranked;

static int
more_uses(const void *a, const void *b)
{
	const ranked *x = a;
	const ranked *y = b;
	int			order = x->length < y->length ? -1 : x->length > y->length;

	if (x->uses != y->uses)
		return x->uses > y->uses ? -1 : 1;
	return order != 0 ? order : memcmp(x->phrase, y->phrase, x->length);
}

/* The phrases that the texts use, the most used first; the tallies are empty again. */
static char *
rank_phrases(const char *lines, size_t *size)
{
	size_t		n = 0;
	size_t		kept = 0;
	ranked	   *phrases = need(calloc(ECOSYS_CODER_MAX_SYMBOLS, sizeof(*phrases)));
	char	   *out = need(malloc(*size + 1));

	for (size_t i = 0; i < *size; i += phrases[n++].length + 1)
	{
		phrases[n].phrase = lines + i;
		phrases[n].length = (char *) memchr(lines + i, '\n', *size - i) - lines - i;
		for (int t = 0; t < GENERAL_TALLY; t++)
		{
			if (tallies[t].count != NULL)
				phrases[n].uses += tallies[t].count[ECOSYS_SYMBOL_PHRASE + n];
		}
	}
	qsort(phrases, n, sizeof(*phrases), more_uses);
	for (size_t i = 0; i < n && phrases[i].uses >= LISTED; i++)
	{
		memcpy(out + kept, phrases[i].phrase, phrases[i].length);
		kept += phrases[i].length;
		out[kept++] = '\n';
	}
	*size = kept;
	for (size_t t = 0; t < sizeof(tallies) / sizeof(tallies[0]); t++)
	{
		free(tallies[t].count);
		memset(&tallies[t], 0, sizeof(tallies[t]));
	}
	free(phrases);
	return out;
}

/* The general context that a tally's rare symbols escape to. */
static tally *
general_tally(const ecosys_statement_coder *coder, int number)
{
	return &tallies[GENERAL_TALLY + (number >= BETWEEN_TALLY ? ECOSYS_CONTEXT_BETWEEN :
									 ecosys_coder_class(coder, number))];
}

static void
put_general_contexts(bytes *out)
{
	static double count[ECOSYS_CODER_MAX_SYMBOLS];
	tally	   *rare = &tallies[GENERAL_TALLY + ECOSYS_CONTEXT_RARE];

	for (int number = 0; number < ECOSYS_CONTEXT_OWN; number++)
	{
		const tally *t = &tallies[GENERAL_TALLY + number];
		bool		lists_bytes = number != ECOSYS_CONTEXT_BETWEEN;
		bool		lists_all = number >= ECOSYS_CONTEXT_VALUE;
		double		rest = 0;

		for (int symbol = 0; symbol < ECOSYS_CODER_MAX_SYMBOLS; symbol++)
		{
			double		share = t->count == NULL ? 0 : t->count[symbol];

			/* all bytes and numbers can come */
			count[symbol] = share + (symbol < 256 && lists_bytes ? t->total / 20000 + .1 : 0);
			if (symbol >= 256 && share > 0 && share < t->total / 4000 && !lists_all)
			{
				rest += share;
				count[symbol] = 0;
				add_count(rare, symbol >> ECOSYS_CODER_RARE_BITS, share);
			}
		}
		count[ECOSYS_SYMBOL_ESCAPE] = rest + t->total / 2000 + .1;
		put_context(out, count);
	}
}

static void
train(const char *name)
{
	size_t		size;
	char	   *phrases = read_file(name, &size);
	samples		all = read_samples();
	bytes		contexts = {NULL, 0, 0};
	bytes		model;
	size_t		phrases_size;
	ecosys_statement_coder *coder;
	int			n_contexts = ECOSYS_CONTEXT_OWN;
	static double count[ECOSYS_CODER_MAX_SYMBOLS];

	for (int pass = 0;; pass++)
	{
		model = put_phrases(phrases, size);
		coder = need(ecosys_statement_coder_create_phrases(model.at, model.size, malloc, free));
		count_events(coder, &all);
		if (pass == 1)
			break;
		phrases = rank_phrases(phrases, &size);
		ecosys_statement_coder_destroy(coder);
		free(model.at);
	}
	phrases_size = model.size;

	/*
	 * What is not listed in a context of its own goes to the general one, and a
	 * part of what is, as others have other favourites.
	 */
	for (int number = 0; number < GENERAL_TALLY; number++)
	{
		tally	   *t = &tallies[number];
		bool		own = t->total >= OWN_CONTEXT;

		for (int s = 0; t->count != NULL && s < ECOSYS_CODER_MAX_SYMBOLS; s++)
		{
			if (t->count[s] > 0)
				add_count(general_tally(coder, number), s,
						  own && t->count[s] >= LISTED ? KNOWN_SHARE * t->count[s] : t->count[s]);
		}
	}
	put_general_contexts(&contexts);
	for (int symbol = 0; symbol < ecosys_coder_symbols(coder); symbol++)
	{
		for (int between = 0; between < 2; between++)
		{
			tally	   *t = &tallies[between * BETWEEN_TALLY + symbol];

			if (between && !ecosys_coder_structural(coder, symbol))
				continue;
			if (t->total < OWN_CONTEXT)
			{
				put_number(&model, 0);
				continue;
			}
			for (int s = 0; s < ECOSYS_CODER_MAX_SYMBOLS; s++)
				count[s] = t->count[s] >= LISTED ? t->count[s] : 0;
			count[ECOSYS_SYMBOL_ESCAPE] = escaped(t) + t->distinct * ESCAPE_DISTINCT + t->total * ESCAPE_TOTAL;
			put_context(&contexts, count);
			put_number(&model, n_contexts++);
		}
	}
	put_number(&model, n_contexts);
	fprintf(stderr, "%d phrases of %zu bytes, %d contexts, model of %zu bytes\n",
			ecosys_coder_symbols(coder) - ECOSYS_SYMBOL_PHRASE, phrases_size, n_contexts, model.size + contexts.size);

	fwrite(model.at, 1, model.size, stdout);
	fwrite(contexts.at, 1, contexts.size, stdout);
}

/* ---- measuring ---- */

static void
measure(const char *name)
{
	size_t		size;
	char	   *model = read_file(name, &size);
	samples		all = read_samples();
	double		begin = cpu_seconds();
	ecosys_statement_coder *coder = ecosys_statement_coder_create((uint8_t *) model, size, malloc, free);
	uint8_t    *coded = need(malloc(all.total));
	size_t	   *sizes = need(malloc(all.n * sizeof(size_t)));
	char	   *back = need(malloc(ECOSYS_CODER_MAX_TEXT + ECOSYS_CODER_PADDING));
	size_t		in = 0;
	size_t		out = 0;
	double		middle,
				end;

	if (coder == NULL)
		die("these are not the bytes of a model");
	printf("text %.1f bytes, kept text %.1f, fields %.1f; parse %.2f us, pack %.2f us; the model opens in %.0f us\n",
		   (double) all.raw / all.n, (double) all.total / all.n, (double) all.fields / all.n,
		   all.parse_seconds / all.n * 1e6, all.pack_seconds / all.n * 1e6, (cpu_seconds() - begin) * 1e6);
	begin = cpu_seconds();
	for (size_t i = 0; i < all.n; in += all.sizes[i++])
	{
		const uint8_t *bytes = NULL;

		sizes[i] = 0;
		if (all.sizes[i] <= ECOSYS_CODER_MAX_TEXT)
			bytes = ecosys_statement_coder_encode(coder, all.kept + in, all.sizes[i], &sizes[i]);
		if (bytes == NULL)
		{
			printf("a text of %zu bytes is not coded\n", all.sizes[i]);
			sizes[i] = 0;
			continue;
		}
		memcpy(coded + out, bytes, sizes[i]);
		out += sizes[i];
	}
	middle = cpu_seconds();
	in = out = 0;
	for (size_t i = 0; i < all.n; in += all.sizes[i], out += sizes[i++])
	{
		size_t		length;

		if (sizes[i] == 0)
			continue;
		if (!ecosys_statement_coder_decode(coder, coded + out, sizes[i], back, &length) || length != all.sizes[i] ||
			memcmp(back, all.kept + in, length) != 0)
			die("decoded otherwise");
	}
	end = cpu_seconds();
	printf("payload %.1f bytes, stored %.1f bytes, encode %.2f us, decode %.2f us\n",
		   (double) out / all.n, (double) (out + all.fields) / all.n, (middle - begin) / all.n * 1e6,
		   (end - middle) / all.n * 1e6);
}

int
main(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "keep") == 0)
		keep();
	else if (argc == 3 && strcmp(argv[1], "train") == 0)
		train(argv[2]);
	else if (argc == 3 && strcmp(argv[1], "measure") == 0)
		measure(argv[2]);
	else
		die("usage: model_tool keep | train PHRASES | measure MODEL, with statements on standard input");
	return 0;
}
