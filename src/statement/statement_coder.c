/*
 * statement_coder.c - from a text to symbols, and from symbols to bytes.
 *
 * Symbols are bytes, phrases of the model and copies of what the text said
 * before. A symbol that has a quote in it or begins with a closing bracket is
 * structural, any other is content; a value is a run of content. The chance of
 * content depends on the symbol before it, that of a structural symbol behind
 * content on the structural symbol before that content. Chances are fixed
 * by the model; a symbol that a context does not list is escaped to the context
 * of a class of bytes, and from there to twelve plain bits.
 *
 * The bytes are those of a range variant of asymmetric numeral systems (Jarek
 * Duda, "Asymmetric numeral systems: entropy coding combining speed of Huffman
 * coding with compression rate of arithmetic coding", 2013): written from the
 * last symbol to the first, read from the first to the last. The state begins
 * at 0 and must be 0 again when all is read.
 *
 * A model is, with all numbers as varints:
 *
 *	number of phrases; of each, length and bytes
 *	for the byte symbols, the special ones and the phrases: number of its context
 *		as the symbol before (0: that of its class); for structural ones and the
 *		beginning also of its context BETWEEN (0: the general one)
 *	number of contexts; of each, number of symbols, and of each of these, the
 *		most frequent first, the symbol and its frequency out of 4,096
 */
#include "statement/statement_coder.h"

#include <string.h>

#define STATE_LOW (1u << 16)	/* the state is at least this, while there are bytes */
#define FREQUENCY_MASK (ECOSYS_CODER_FREQUENCIES - 1)

#define LONGEST_PHRASE 255
#define SHORTEST_VALUE 4		/* copy from the beginning of a value */
#define SHORTEST_COPY 6
#define LONGEST_COPY 255
#define MAX_VALUES 255			/* counted back */
#define COPY_HASH_BITS 11
#define VALUE_HASH_BITS 6
#define PHRASE_HASH_BITS 13		/* twice as many as there can be phrases */
#define FILTER_BITS 12

#define NO_PHRASE 0
#define JUMP_BITS 4
#define CHUNK 16					/* at most ECOSYS_CODER_PADDING */

typedef struct context
{
	uint32_t	first;			/* in symbols and starts */
	uint16_t	parent;			/* where a symbol goes that is not here; itself: to plain bits */
	uint16_t	jump[1 << JUMP_BITS];	/* by the upper bits of a slot: the first symbol that it may be of */
} context;

/* A symbol of a context: number of the context, symbol, start and frequency, from the upper bits on. */
typedef uint64_t listing;
#define LISTING_SHIFT 32
#define LISTING_KEY(context, symbol) ((uint64_t) (context) << 12 | (symbol))

typedef struct value
{
	uint16_t	begin;
	uint16_t	end;
	uint16_t	previous;		/* with the same hash, counted from 1 */
} value;

struct ecosys_statement_coder
{
	void		(*release) (void *);
	int			n_symbols;
	uint8_t    *texts;			/* of the phrases, one after the other */
	uint32_t	text[ECOSYS_CODER_MAX_SYMBOLS];
	uint8_t		length[ECOSYS_CODER_MAX_SYMBOLS];
	bool		structural[ECOSYS_CODER_MAX_SYMBOLS];
	uint16_t	after[ECOSYS_CODER_MAX_SYMBOLS];
	uint16_t	between[ECOSYS_CODER_MAX_SYMBOLS];
	context    *contexts;

	/*
	 * To read: the symbols of all contexts, and the sums of the frequencies of those before
	 * them in their context; behind the last one of a context, 4,096.
	 */
	uint16_t   *symbols;
	uint16_t   *starts;

	/* To write: the same as a hash table. */
	listing    *listings;
	int			listing_bits;

	/*
	 * To find the longest phrase at a place: tables by the first 32, 16 and 8
	 * bytes, whose rows are chains from long to short phrases, and one by all
	 * bytes of the shorter ones; and which of these are worth a look, by the first two bytes.
	 */
	uint16_t	by_prefix[3][1 << PHRASE_HASH_BITS];
	uint16_t	shorter[ECOSYS_CODER_MAX_SYMBOLS];	/* next in the chain */
	uint64_t	short_key[1 << PHRASE_HASH_BITS];
	uint16_t	short_symbol[1 << PHRASE_HASH_BITS];
	uint16_t	filter[1 << FILTER_BITS];

	/* of the text that is being coded */
	uint16_t	copy_at[1 << COPY_HASH_BITS];
	uint16_t	value_of[1 << VALUE_HASH_BITS];
	value		values[ECOSYS_CODER_MAX_TEXT];
	ecosys_coder_event events[2 * ECOSYS_CODER_MAX_TEXT + 2];
	uint8_t		coded[ECOSYS_CODER_MAX_TEXT];
};

/* ---- the model ---- */

static uint64_t
load(const void *bytes)
{
	uint64_t	word;

	memcpy(&word, bytes, sizeof(word));
	return word;
}

/* Hashes are of the machine's byte order; they choose rows of tables, not what is written. */
static inline uint32_t
hash_word(uint64_t word, int bits)
{
	return (uint32_t) (word * UINT64_C(0x9E3779B97F4A7C15) >> (64 - bits));
}

/* The first n bytes of a word that was loaded. */
static inline uint64_t
first_bytes(uint64_t word, int n)
{
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	return n == 8 ? word : word & ~(UINT64_MAX >> (8 * n));
#else
	return n == 8 ? word : word & ((UINT64_C(1) << (8 * n)) - 1);
#endif
}

static inline uint32_t
hash_prefix(const void *at, int words)
{
	const uint8_t *bytes = at;
	uint64_t	mixed = load(bytes);

	for (int i = 1; i < words; i++)
		mixed = (mixed ^ mixed >> 29) * UINT64_C(0xBF58476D1CE4E5B9) + load(bytes + 8 * i);
	return hash_word(mixed, PHRASE_HASH_BITS);
}

static const int prefix_words[3] = {4, 2, 1};

/* Which table a phrase is in. */
static int
table_of(int length)
{
	return length >= 32 ? 0 : length >= 16 ? 1 : 2;
}

static uint16_t *
filter_of(ecosys_statement_coder *coder, const void *at)
{
	const uint8_t *bytes = at;

	return &coder->filter[hash_word((uint64_t) bytes[0] << 8 | bytes[1], FILTER_BITS)];
}

static void
add_phrase(ecosys_statement_coder *coder, int symbol)
{
	const uint8_t *text = coder->texts + coder->text[symbol];
	int			length = coder->length[symbol];

	if (length >= 8)
	{
		int			table = table_of(length);
		uint16_t   *link = &coder->by_prefix[table][hash_prefix(text, prefix_words[table])];

		while (*link != NO_PHRASE && coder->length[*link] > length)
			link = &coder->shorter[*link];
		coder->shorter[symbol] = *link;
		*link = (uint16_t) symbol;
		*filter_of(coder, text) |= 1 << table;
	}
	else
	{
		uint64_t	key = first_bytes(load(text), length);
		uint32_t	row = hash_word(key, PHRASE_HASH_BITS);

		while (coder->short_key[row] != 0)
			row = (row + 1) & ((1 << PHRASE_HASH_BITS) - 1);
		coder->short_key[row] = key;
		coder->short_symbol[row] = (uint16_t) symbol;
		*filter_of(coder, text) |= 1 << (length + 1);
	}
}

static bool
take_varint(const uint8_t **at, const uint8_t *end, uint32_t *number)
{
	*number = 0;
	for (int shift = 0; shift < 28 && *at < end; shift += 7)
	{
		uint8_t		byte = *(*at)++;

		*number |= (uint32_t) (byte & 0x7F) << shift;
		if (byte < 0x80)
			return true;
	}
	return false;
}

static int
class_of_byte(uint8_t byte)
{
	if (byte >= 0x80)
		return 1;
	if (byte >= 'a' && byte <= 'z')
		return 2;
	if (byte >= 'A' && byte <= 'Z')
		return 3;
	if (byte >= '0' && byte <= '9')
		return 4;
	if (byte == ' ' || byte == '-' || byte == '_' || byte == '+')
		return 5;
	if (byte == '/' || byte == '.')
		return 6;
	return 7;
}

/* Does a symbol say where in the statement it is? */
bool
ecosys_coder_structural(const ecosys_statement_coder *coder, int symbol)
{
	return coder->structural[symbol] || symbol == ECOSYS_SYMBOL_BEGIN;
}

/* The class of contexts of a symbol that has none of its own. Structural ones are 0. */
int
ecosys_coder_class(const ecosys_statement_coder *coder, int symbol)
{
	if (ecosys_coder_structural(coder, symbol))
		return 0;
	if (symbol < 256)
		return class_of_byte((uint8_t) symbol);
	if (symbol < ECOSYS_SYMBOL_PHRASE)
		return 7;
	return class_of_byte(coder->texts[coder->text[symbol] + coder->length[symbol] - 1]);
}

int
ecosys_coder_symbols(const ecosys_statement_coder *coder)
{
	return coder->n_symbols;
}

static bool
is_structural(const uint8_t *text, int length)
{
	return memchr(text, '"', length) != NULL || text[0] == '}' || text[0] == ']';
}

static bool
read_phrases(ecosys_statement_coder *coder, const uint8_t **at, const uint8_t *end, void *(*allocate) (size_t))
{
	uint32_t	n;
	uint32_t	used = 0;

	if (!take_varint(at, end, &n) || n > ECOSYS_CODER_MAX_SYMBOLS - ECOSYS_SYMBOL_PHRASE)
		return false;
	coder->n_symbols = ECOSYS_SYMBOL_PHRASE + n;
	coder->texts = allocate(256 + (end - *at) + ECOSYS_CODER_PADDING);
	if (coder->texts == NULL)
		return false;
	memset(coder->texts, 0, 256 + (end - *at) + ECOSYS_CODER_PADDING);
	for (int symbol = ECOSYS_SYMBOL_PHRASE; symbol < coder->n_symbols; symbol++)
	{
		uint32_t	length;

		if (!take_varint(at, end, &length) || length < 2 || length > LONGEST_PHRASE || length > (size_t) (end - *at))
			return false;
		memcpy(coder->texts + used, *at, length);
		coder->text[symbol] = used;
		coder->length[symbol] = (uint8_t) length;
		coder->structural[symbol] = is_structural(*at, length);
		used += length;
		*at += length;
	}
	for (int symbol = 0; symbol < 256; symbol++)
	{
		coder->text[symbol] = used;
		coder->length[symbol] = 1;
		coder->texts[used] = (uint8_t) symbol;
		coder->structural[symbol] = is_structural(coder->texts + used++, 1);
	}
	/* phrases of one table row go from long to short, whatever order they come in */
	for (int symbol = ECOSYS_SYMBOL_PHRASE; symbol < coder->n_symbols; symbol++)
		add_phrase(coder, symbol);
	return true;
}

static inline uint32_t
listing_row(const ecosys_statement_coder *coder, uint64_t key)
{
	return hash_word(key, coder->listing_bits);
}

static bool
add_listings(ecosys_statement_coder *coder, uint32_t n_contexts, uint32_t n, void *(*allocate) (size_t))
{
	size_t		size;

	coder->listing_bits = 8;
	while ((UINT32_C(1) << coder->listing_bits) < n / 3 * 4)
		coder->listing_bits++;
	size = sizeof(listing) << coder->listing_bits;
	coder->listings = allocate(size);
	if (coder->listings == NULL)
		return false;
	memset(coder->listings, 0, size);
	for (uint32_t number = 0; number < n_contexts; number++)
	{
		uint32_t	i = coder->contexts[number].first;

		do
		{
			uint64_t	key = LISTING_KEY(number, coder->symbols[i]);
			uint32_t	row = listing_row(coder, key);

			while (coder->listings[row] != 0)
				row = (row + 1) & ((1 << coder->listing_bits) - 1);
			coder->listings[row] = key << LISTING_SHIFT | (uint64_t) coder->starts[i] << 16 |
				(uint16_t) (coder->starts[i + 1] - coder->starts[i]);
		} while (coder->starts[++i] != ECOSYS_CODER_FREQUENCIES);
	}
	return true;
}

/* Each symbol is to be escaped to the general context of what it follows. */
static bool
link_contexts(ecosys_statement_coder *coder, uint32_t n)
{
	for (int symbol = 0; symbol < coder->n_symbols; symbol++)
	{
		if (coder->after[symbol] >= n || coder->between[symbol] >= n)
			return false;
		if (coder->after[symbol] >= ECOSYS_CONTEXT_OWN)
			coder->contexts[coder->after[symbol]].parent = (uint16_t) ecosys_coder_class(coder, symbol);
		if (coder->between[symbol] >= ECOSYS_CONTEXT_OWN)
			coder->contexts[coder->between[symbol]].parent = ECOSYS_CONTEXT_BETWEEN;
	}
	return true;
}

static bool
read_contexts(ecosys_statement_coder *coder, const uint8_t **at, const uint8_t *end, void *(*allocate) (size_t))
{
	uint32_t	used = 0;
	uint32_t	n;

	for (int symbol = 0; symbol < coder->n_symbols; symbol++)
	{
		uint32_t	number;

		if (!take_varint(at, end, &number))
			return false;
		coder->after[symbol] = (uint16_t) (number != 0 ? (int) number : ecosys_coder_class(coder, symbol));
		coder->between[symbol] = ECOSYS_CONTEXT_BETWEEN;
		if (!ecosys_coder_structural(coder, symbol))
			continue;
		if (!take_varint(at, end, &number))
			return false;
		if (number != 0)
			coder->between[symbol] = (uint16_t) number;
	}
	if (!take_varint(at, end, &n) || n < ECOSYS_CONTEXT_OWN || n > UINT16_MAX)
		return false;
	coder->contexts = allocate(n * sizeof(context));
	/* a symbol and its frequency take two bytes and more, and so does a context */
	coder->symbols = allocate((end - *at + 1) * sizeof(uint16_t));
	coder->starts = allocate((end - *at + 1) * sizeof(uint16_t));
	if (coder->contexts == NULL || coder->symbols == NULL || coder->starts == NULL)
		return false;
	for (uint32_t i = 0; i < n; i++)
	{
		context    *c = &coder->contexts[i];
		uint32_t	rows;
		uint32_t	start = 0;

		if (!take_varint(at, end, &rows) || rows < 1 || rows > ECOSYS_CODER_MAX_SYMBOLS)
			return false;
		c->first = used;
		c->parent = (uint16_t) i;
		for (uint32_t row = 0; row < rows; row++)
		{
			uint32_t	symbol;
			uint32_t	frequency;

			if (!take_varint(at, end, &symbol) || !take_varint(at, end, &frequency) || frequency == 0 ||
				symbol >= ECOSYS_CODER_MAX_SYMBOLS || start >= ECOSYS_CODER_FREQUENCIES)
				return false;
			coder->symbols[used] = (uint16_t) symbol;
			coder->starts[used++] = (uint16_t) start;
			start += frequency;
		}
		if (start != ECOSYS_CODER_FREQUENCIES)
			return false;
		coder->starts[used] = ECOSYS_CODER_FREQUENCIES;
		for (uint32_t bucket = 0, row = 0; bucket < 1 << JUMP_BITS; bucket++)
		{
			while (coder->starts[c->first + row + 1] <= bucket << (ECOSYS_CODER_FREQUENCY_BITS - JUMP_BITS))
				row++;
			c->jump[bucket] = (uint16_t) row;
		}
		used++;
	}
	return *at == end && link_contexts(coder, n) && add_listings(coder, n, used, allocate);
}

static ecosys_statement_coder *
create(const uint8_t *model, size_t size, bool contexts, void *(*allocate) (size_t), void (*release) (void *))
{
	ecosys_statement_coder *coder = allocate(sizeof(ecosys_statement_coder));
	const uint8_t *at = model;

	if (coder == NULL)
		return NULL;
	memset(coder, 0, sizeof(*coder));
	coder->release = release;
	if (!read_phrases(coder, &at, model + size, allocate) ||
		(contexts && !read_contexts(coder, &at, model + size, allocate)))
	{
		ecosys_statement_coder_destroy(coder);
		return NULL;
	}
	return coder;
}

ecosys_statement_coder *
ecosys_statement_coder_create(const uint8_t *model, size_t size, void *(*allocate) (size_t), void (*release) (void *))
{
	return create(model, size, true, allocate, release);
}

ecosys_statement_coder *
ecosys_statement_coder_create_phrases(const uint8_t *phrases, size_t size, void *(*allocate) (size_t), void (*release) (void *))
{
	return create(phrases, size, false, allocate, release);
}

void
ecosys_statement_coder_destroy(ecosys_statement_coder *coder)
{
	void		(*release) (void *) = coder->release;

	if (coder->texts != NULL)
		release(coder->texts);
	if (coder->contexts != NULL)
		release(coder->contexts);
	if (coder->symbols != NULL)
		release(coder->symbols);
	if (coder->starts != NULL)
		release(coder->starts);
	if (coder->listings != NULL)
		release(coder->listings);
	release(coder);
}

/* ---- from text to events ---- */

/* Of at least 8 bytes. */
static inline bool
equal_bytes(const char *a, const char *b, size_t n)
{
	for (size_t i = 0; i + 8 < n; i += 8)
	{
		if (load(a + i) != load(b + i))
			return false;
	}
	return load(a + n - 8) == load(b + n - 8);
}

/* The longest phrase at a place that has `room` bytes, or the byte there. */
static int
longest_phrase(ecosys_statement_coder *coder, const char *at, size_t room)
{
	unsigned	worth = *filter_of(coder, at);
	uint64_t	word;

	if (room < 2 || worth == 0)
		return (uint8_t) *at;
	for (int table = 0; table < 3; table++)
	{
		if (!(worth & (1 << table)))
			continue;
		for (int symbol = coder->by_prefix[table][hash_prefix(at, prefix_words[table])]; symbol != NO_PHRASE;
			 symbol = coder->shorter[symbol])
		{
			if (coder->length[symbol] <= room &&
				equal_bytes((const char *) coder->texts + coder->text[symbol], at, coder->length[symbol]))
				return symbol;
		}
	}
	word = load(at);
	for (int length = room < 7 ? (int) room : 7; length >= 2; length--)
	{
		uint64_t	key;

		if (!(worth & (1 << (length + 1))))
			continue;
		key = first_bytes(word, length);
		for (uint32_t row = hash_word(key, PHRASE_HASH_BITS); coder->short_key[row] != 0;
			 row = (row + 1) & ((1 << PHRASE_HASH_BITS) - 1))
		{
			if (coder->short_key[row] == key)
				return coder->short_symbol[row];
		}
	}
	return (uint8_t) *at;
}

static size_t
common_length(const char *a, const char *b, size_t limit)
{
	size_t		n = 0;

	while (n + 8 <= limit && load(a + n) == load(b + n))
		n += 8;
	while (n < limit && a[n] == b[n])
		n++;
	return n;
}

static inline uint32_t
copy_hash(const char *at)
{
	return hash_word(first_bytes(load(at), SHORTEST_COPY), COPY_HASH_BITS);
}

static inline uint32_t
value_hash(const char *at)
{
	return hash_word(first_bytes(load(at), SHORTEST_VALUE), VALUE_HASH_BITS);
}

static inline void
put_event(ecosys_coder_event **at, ecosys_coder_place place, int context, int symbol)
{
	(*at)->symbol = (uint16_t) symbol;
	(*at)->context = (uint16_t) context;
	(*at)->place = (uint8_t) place;
	(*at)++;
}

static int
bits_of(uint32_t number)
{
	int			bits = 0;

	while (number >> bits > 1)
		bits++;
	return bits;
}

size_t
ecosys_statement_coder_events(ecosys_statement_coder *coder, const char *text, size_t length,
							  ecosys_coder_event *events)
{
	ecosys_coder_event *out = events;
	const char *at = text;
	const char *end = text + length;
	int			before = ECOSYS_SYMBOL_BEGIN;
	int			structure = ECOSYS_SYMBOL_BEGIN;	/* the last structural symbol */
	int			content = ECOSYS_SYMBOL_BEGIN;	/* the last content symbol */
	bool		in_value = false;
	uint32_t	n_values = 0;

	memset(coder->copy_at, 0, sizeof(coder->copy_at));
	memset(coder->value_of, 0, sizeof(coder->value_of));
	while (at < end)
	{
		int			symbol = longest_phrase(coder, at, end - at);
		size_t		taken = coder->length[symbol];

		if (coder->structural[symbol])
		{
			if (in_value)
			{
				coder->values[n_values - 1].end = (uint16_t) (at - text);
				put_event(&out, ECOSYS_CODER_AFTER, before, ECOSYS_SYMBOL_STRUCTURE);
				put_event(&out, ECOSYS_CODER_BETWEEN, structure, symbol);
			}
			else
				put_event(&out, ECOSYS_CODER_AFTER, before, symbol);
			in_value = false;
			before = structure = symbol;
			at += taken;
			continue;
		}
		if (!in_value)
		{
			uint32_t	row = value_hash(at);
			size_t		best = 0;
			uint32_t	source = 0;

			if (symbol == content && symbol != ECOSYS_SYMBOL_BEGIN)
				best = 0;
			else
			{
				for (uint32_t i = coder->value_of[row]; i != 0 && n_values - i < MAX_VALUES; i = coder->values[i - 1].previous)
				{
					value	   *old = &coder->values[i - 1];
					size_t		limit = old->end - old->begin;
					size_t		same;

					if (limit > (size_t) (end - at))
						limit = end - at;
					same = common_length(text + old->begin, at, limit);
					if (same > best)
					{
						best = same;
						source = i;
					}
				}
			}
			coder->values[n_values].begin = (uint16_t) (at - text);
			coder->values[n_values].previous = coder->value_of[row];
			coder->value_of[row] = (uint16_t) ++n_values;
			in_value = true;
			if (best >= SHORTEST_VALUE && best > taken + 1)
			{
				value	   *old = &coder->values[source - 1];
				bool		whole = best == (size_t) (old->end - old->begin);

				if (!whole && best > LONGEST_COPY)
					best = LONGEST_COPY;
				put_event(&out, ECOSYS_CODER_AFTER, before, ECOSYS_SYMBOL_VALUE);
				put_event(&out, ECOSYS_CODER_VALUE, 0, (int) (n_values - source));
				put_event(&out, ECOSYS_CODER_VALUE_LENGTH, 0, whole ? 0 : (int) best);
				before = whole ? ECOSYS_SYMBOL_WHOLE : (uint8_t) at[best - 1];
				content = ECOSYS_SYMBOL_WHOLE;
				at += best;
				continue;
			}
			if (symbol == content)
			{
				put_event(&out, ECOSYS_CODER_AFTER, before, ECOSYS_SYMBOL_SAME);
				before = symbol;
				for (size_t i = 0; i < taken; i++)
					coder->copy_at[copy_hash(at + i)] = (uint16_t) (at + i - text + 1);
				at += taken;
				continue;
			}
		}
		else
		{
			uint32_t	from = coder->copy_at[copy_hash(at)];

			if (from != 0)
			{
				const char *source = text + from - 1;
				size_t		limit = end - at;
				size_t		best;

				if (limit > LONGEST_COPY)
					limit = LONGEST_COPY;
				best = common_length(source, at, limit);
				/* up to where the value ends */
				for (size_t i = 0; i < best; i++)
				{
					if (at[i] == '"' || at[i] == '}' || at[i] == ']')
					{
						best = i;
						break;
					}
				}
				if (best >= SHORTEST_COPY && best > taken + 2)
				{
					uint32_t	distance = (uint32_t) (at - source);
					int			bits = bits_of(distance);

					put_event(&out, ECOSYS_CODER_AFTER, before, ECOSYS_SYMBOL_COPY);
					put_event(&out, ECOSYS_CODER_DISTANCE, 0, bits);
					if (bits > 12)
					{
						put_event(&out, ECOSYS_CODER_RAW, bits - 12, (distance >> 12) & ((1 << (bits - 12)) - 1));
						put_event(&out, ECOSYS_CODER_RAW, 12, distance & 0xFFF);
					}
					else if (bits > 0)
						put_event(&out, ECOSYS_CODER_RAW, bits, distance & ((1 << bits) - 1));
					put_event(&out, ECOSYS_CODER_LENGTH, 0, (int) best);
					content = before = (uint8_t) at[best - 1];
					for (size_t i = 0; i < best; i++)
						coder->copy_at[copy_hash(at + i)] = (uint16_t) (at + i - text + 1);
					at += best;
					continue;
				}
			}
		}
		put_event(&out, ECOSYS_CODER_AFTER, before, symbol);
		content = before = symbol;
		for (size_t i = 0; i < taken; i++)
			coder->copy_at[copy_hash(at + i)] = (uint16_t) (at + i - text + 1);
		at += taken;
	}
	put_event(&out, ECOSYS_CODER_AFTER, before, ECOSYS_SYMBOL_END);
	return out - events;
}

/* ---- from events to bytes ---- */

/* A symbol of a context; 0: it is not listed there. */
static inline listing
find_symbol(const ecosys_statement_coder *coder, int context, int symbol)
{
	uint64_t	key = LISTING_KEY(context, symbol);
	uint32_t	row = listing_row(coder, key);

	while (coder->listings[row] != 0 && coder->listings[row] >> LISTING_SHIFT != key)
		row = (row + 1) & ((1 << coder->listing_bits) - 1);
	return coder->listings[row];
}

static int
context_of(const ecosys_statement_coder *coder, int place, int symbol)
{
	switch (place)
	{
		case ECOSYS_CODER_AFTER:
			return coder->after[symbol];
		case ECOSYS_CODER_BETWEEN:
			return coder->between[symbol];
		default:
			return ECOSYS_CONTEXT_VALUE + (place - ECOSYS_CODER_VALUE);
	}
}

typedef struct writer
{
	uint32_t	state;
	uint8_t    *at;				/* writes before it */
	uint8_t    *begin;
} writer;

static inline bool
write_symbol(writer *w, uint32_t start, uint32_t frequency)
{
	while (w->state >= frequency << (16 + 8 - ECOSYS_CODER_FREQUENCY_BITS))
	{
		if (w->at == w->begin)
			return false;
		*--w->at = (uint8_t) w->state;
		w->state >>= 8;
	}
	w->state = (w->state / frequency << ECOSYS_CODER_FREQUENCY_BITS) + start + w->state % frequency;
	return true;
}

/* A symbol and the escapes before it; from last to first. */
static bool
write_event(const ecosys_statement_coder *coder, writer *w, const ecosys_coder_event *event)
{
	listing		path[4];
	int			depth = 0;
	int			number;

	if (event->place == ECOSYS_CODER_RAW)
		return write_symbol(w, (uint32_t) event->symbol << (ECOSYS_CODER_FREQUENCY_BITS - event->context),
							1u << (ECOSYS_CODER_FREQUENCY_BITS - event->context));
	number = context_of(coder, event->place, event->context);
	while ((path[depth++] = find_symbol(coder, number, event->symbol)) == 0)
	{
		int			parent = coder->contexts[number].parent;

		path[depth - 1] = find_symbol(coder, number, ECOSYS_SYMBOL_ESCAPE);
		if (parent == number)
		{
			const int	rest = ECOSYS_CODER_FREQUENCY_BITS - ECOSYS_CODER_RARE_BITS;

			if (!write_symbol(w, (uint32_t) (event->symbol & ((1 << ECOSYS_CODER_RARE_BITS) - 1)) << rest, 1u << rest))
				return false;
			path[depth++] = find_symbol(coder, ECOSYS_CONTEXT_RARE, event->symbol >> ECOSYS_CODER_RARE_BITS);
			break;
		}
		number = parent;
	}
	while (depth-- > 0)
	{
		if (path[depth] == 0 || !write_symbol(w, path[depth] >> 16 & 0xFFFF, path[depth] & 0xFFFF))
			return false;
	}
	return true;
}

const uint8_t *
ecosys_statement_coder_encode(ecosys_statement_coder *coder, const char *text, size_t length, size_t *size)
{
	size_t		n = ecosys_statement_coder_events(coder, text, length, coder->events);
	writer		w = {0, coder->coded + length, coder->coded};

	while (n-- > 0)
	{
		if (!write_event(coder, &w, &coder->events[n]))
			return NULL;
	}
	for (; w.state > 0; w.state >>= 8)
	{
		if (w.at == w.begin)
			return NULL;
		*--w.at = (uint8_t) w.state;
	}
	*size = coder->coded + length - w.at;
	return *size < length ? w.at : NULL;
}

/* ---- and back ---- */

/*
 * Copy n bytes, and up to 15 more than that: most pieces are short, and moving
 * a whole chunk is cheaper than to ask how short.
 */
static inline void
copy_chunks(char *to, const char *from, size_t n)
{
	size_t		done = 0;

	do
	{
		memcpy(to + done, from + done, CHUNK);
		done += CHUNK;
	} while (done < n);
}

typedef struct reader
{
	uint32_t	state;
	const uint8_t *at;
	const uint8_t *end;
} reader;

static inline void
refill(reader *r)
{
	while (r->state < STATE_LOW && r->at < r->end)
		r->state = r->state << 8 | *r->at++;
}

static inline uint32_t
read_raw(reader *r, int bits)
{
	int			rest = ECOSYS_CODER_FREQUENCY_BITS - bits;
	uint32_t	slot = r->state & FREQUENCY_MASK;

	r->state = (r->state >> ECOSYS_CODER_FREQUENCY_BITS << rest) + (slot & ((1u << rest) - 1));
	refill(r);
	return slot >> rest;
}

static int
read_symbol(const ecosys_statement_coder *coder, reader *r, int number)
{
	for (;;)
	{
		const context *c = &coder->contexts[number];
		uint32_t	slot = r->state & FREQUENCY_MASK;
		const uint16_t *next = coder->starts + c->first + 1;
		uint32_t	i = c->jump[slot >> (ECOSYS_CODER_FREQUENCY_BITS - JUMP_BITS)];

		while (next[i] <= slot)
			i++;
		r->state = (next[i] - next[(int) i - 1]) * (r->state >> ECOSYS_CODER_FREQUENCY_BITS) + slot - next[(int) i - 1];
		refill(r);
		i = coder->symbols[c->first + i];
		if (i != ECOSYS_SYMBOL_ESCAPE)
			return (int) i;
		if (c->parent == number)
		{
			if (number == ECOSYS_CONTEXT_RARE)
				return ECOSYS_SYMBOL_ESCAPE;	/* not in any text of ours */
			number = read_symbol(coder, r, ECOSYS_CONTEXT_RARE) << ECOSYS_CODER_RARE_BITS;
			return number | (int) read_raw(r, ECOSYS_CODER_RARE_BITS);
		}
		number = c->parent;
	}
}

bool
ecosys_statement_coder_decode(const ecosys_statement_coder *coder, const uint8_t *coded, size_t size,
							  char *text, size_t *length)
{
	reader		r = {0, coded, coded + size};
	uint16_t	begins[ECOSYS_CODER_MAX_TEXT / 2 + 1];
	uint16_t	ends[ECOSYS_CODER_MAX_TEXT / 2 + 1];
	uint32_t	n_values = 0;
	size_t		done = 0;
	int			before = ECOSYS_SYMBOL_BEGIN;
	int			structure = ECOSYS_SYMBOL_BEGIN;
	int			content = ECOSYS_SYMBOL_BEGIN;
	bool		in_value = false;

	refill(&r);
	for (;;)
	{
		int			symbol = read_symbol(coder, &r, coder->after[before]);
		size_t		source;
		size_t		taken;

		if (symbol == ECOSYS_SYMBOL_STRUCTURE)
		{
			symbol = read_symbol(coder, &r, coder->between[structure]);
			if (!in_value || symbol >= coder->n_symbols || !coder->structural[symbol])
				return false;
		}
		else if (symbol == ECOSYS_SYMBOL_END)
			break;
		if (symbol >= coder->n_symbols)
			return false;
		if (coder->structural[symbol])
		{
			if (in_value)
				ends[n_values - 1] = (uint16_t) done;
			in_value = false;
			before = structure = symbol;
		}
		else
		{
			bool		begins_value = !in_value;

			if (begins_value)
			{
				if (n_values == sizeof(begins) / sizeof(begins[0]))
					return false;
				begins[n_values++] = (uint16_t) done;
				in_value = true;
			}
			if (symbol == ECOSYS_SYMBOL_SAME && begins_value)
				symbol = content;
			if (symbol == ECOSYS_SYMBOL_VALUE && begins_value)
			{
				uint32_t	back = (uint32_t) read_symbol(coder, &r, ECOSYS_CONTEXT_VALUE);
				uint32_t	given = (uint32_t) read_symbol(coder, &r, ECOSYS_CONTEXT_VALUE_LENGTH);

				if (back == 0 || back >= n_values)
					return false;
				source = begins[n_values - 1 - back];
				taken = ends[n_values - 1 - back] - source;
				if (given > taken)
					return false;
				content = ECOSYS_SYMBOL_WHOLE;
				if (given != 0)
					taken = given;
				if (taken > ECOSYS_CODER_MAX_TEXT - done)
					return false;
				/* what is behind the end of the source will be written over */
				memmove(text + done, text + source, taken);
				done += taken;
				before = given == 0 ? ECOSYS_SYMBOL_WHOLE : (uint8_t) text[done - 1];
				continue;
			}
			if (symbol == ECOSYS_SYMBOL_COPY && !begins_value)
			{
				int			bits = read_symbol(coder, &r, ECOSYS_CONTEXT_DISTANCE);
				size_t		distance;

				if (bits > 14)
					return false;
				distance = (size_t) 1 << bits;
				if (bits > 12)
				{
					distance += (size_t) read_raw(&r, bits - 12) << 12;
					bits = 12;
				}
				if (bits > 0)
					distance += read_raw(&r, bits);
				taken = (size_t) read_symbol(coder, &r, ECOSYS_CONTEXT_LENGTH);
				if (distance > done || taken == 0 || taken > ECOSYS_CODER_MAX_TEXT - done)
					return false;
				for (size_t i = 0; i < taken; i++, done++)
					text[done] = text[done - distance];
				content = before = (uint8_t) text[done - 1];
				continue;
			}
			if (symbol >= 256 && symbol < ECOSYS_SYMBOL_PHRASE)
				return false;
			content = before = symbol;
		}
		taken = coder->length[symbol];
		if (taken > ECOSYS_CODER_MAX_TEXT - done)
			return false;
		copy_chunks(text + done, (const char *) coder->texts + coder->text[symbol], taken);
		done += taken;
	}
	*length = done;
	return r.state == 0 && r.at == r.end;
}
