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

/* Once four bytes are written, the state is at least this, and never more than STATE_BITS long. */
#define STATE_LOW (UINT64_C(1) << 24)
#define STATE_BITS 56
#define FREQUENCY_MASK (ECOSYS_CODER_FREQUENCIES - 1)

#define LONGEST_PHRASE 255
#define SHORTEST_VALUE 4		/* copy from the beginning of a value */
#define SHORTEST_COPY 6
#define LONGEST_COPY 255
#define MAX_VALUES 255			/* counted back */
#define VALUE_TRIES 12			/* of those that begin alike */
#define COPY_HASH_BITS 11
#define VALUE_HASH_BITS 6
#define PREFIX_BITS 12
#define THREE_BITS 13
#define PAIR_BITS 13				/* twice as many as there can be phrases */

#define NO_PHRASE 0
#define JUMP_BITS 5
#define MOST_RANGES 4			/* of an event: escaped twice, then its upper and lower bits */
#define AT_ONCE 256				/* events whose ranges are looked up before one is written */
#define CHUNK 16					/* at most ECOSYS_CODER_PADDING */

/* 64 bytes, a line of a cache. */
typedef struct context
{
	uint32_t	first;			/* in listed */
	uint32_t	escape;			/* ECOSYS_SYMBOL_ESCAPE's start and frequency, as in a listing; 0: not listed */
	uint16_t	parent;			/* where a symbol goes that is not here; itself: to plain bits */
	uint8_t		shift;
	uint8_t		jump[(1 << JUMP_BITS) + 21];	/* by the upper bits of a slot: a place at or before that of its symbol, >> shift */
} context;

typedef struct listed_symbol
{
	uint16_t	start;			/* sum of the frequencies of those before it */
	uint16_t	frequency;
	uint16_t	symbol;
	uint16_t	after;			/* its context as the symbol before */
} listed_symbol;

/* A symbol of a context: number of the context, symbol, start and frequency, from the upper bits on. */
typedef uint64_t listing;
#define LISTING_SHIFT 32
#define LISTING_KEY(context, symbol) ((uint64_t) (context) << 12 | (symbol))

typedef struct inverse
{
	uint64_t	factor;
	int			shift;
} inverse;

typedef struct symbol
{
	uint32_t	text;			/* in texts */
	uint16_t	shorter;		/* next in the chain of phrases that begin alike */
	uint16_t	after;			/* its context as the symbol before */
	uint16_t	between;		/* and as the structural symbol before, behind contents */
	uint8_t		length;
	bool		structural;
} symbol;

typedef struct short_phrase
{
	uint64_t	bytes;			/* as loaded, 0 behind its end */
	uint16_t	symbol;
	uint8_t		length;
} short_phrase;

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
	symbol		symbols[ECOSYS_CODER_MAX_SYMBOLS];
	context    *contexts;

	/* To read: the symbols of all contexts, and behind the last one of each a start of 4,096. */
	listed_symbol *listed;

	/* To write: the same as a hash table. */
	listing    *listings;
	int			listing_bits;
	inverse		inverses[ECOSYS_CODER_FREQUENCIES + 1];

	/*
	 * To find the longest phrase at a place. By the first 32, 16 and 8 bytes: chains
	 * from long to short phrases. By the first three bytes: the phrases of three to seven, the
	 * longest first, and which of the chains are worth a look. By two bytes: those of two.
	 */
	uint16_t	by_prefix[3][1 << PREFIX_BITS];
	uint8_t		worth[1 << THREE_BITS];
	uint16_t	first_short[(1 << THREE_BITS) + 1];
	short_phrase shorts[ECOSYS_CODER_MAX_SYMBOLS];
	uint32_t	pairs[1 << PAIR_BITS];	/* the bytes in the upper half, the symbol in the lower */

	/* of the text that is being coded */
	uint16_t	copy_at[1 << COPY_HASH_BITS];
	uint16_t	value_of[1 << VALUE_HASH_BITS];
	value		values[ECOSYS_CODER_MAX_TEXT];
	ecosys_coder_event events[2 * ECOSYS_CODER_MAX_TEXT + 2];
	uint32_t	ranges[MOST_RANGES * AT_ONCE];
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
	return hash_word(mixed, PREFIX_BITS);
}

static const int prefix_words[3] = {4, 2, 1};

/* Which table a phrase is in. */
static int
table_of(int length)
{
	return length >= 32 ? 0 : length >= 16 ? 1 : 2;
}

static inline uint32_t
hash_three(uint64_t word)
{
	return hash_word(first_bytes(word, 3), THREE_BITS);
}

static inline uint32_t
pair_of(const uint8_t *bytes)
{
	return (uint32_t) bytes[0] << 24 | (uint32_t) bytes[1] << 16;
}

/*
 * state / frequency, by a product, as nothing else can be done before it is
 * known: exact, as the state has STATE_BITS bits (Torbjörn Granlund and Peter L.
 * Montgomery, "Division by Invariant Integers using Multiplication", 1994).
 */
static inline uint64_t
quotient(const ecosys_statement_coder *coder, uint64_t state, uint32_t frequency)
{
#ifdef __SIZEOF_INT128__
	const inverse *i = &coder->inverses[frequency];

	return (uint64_t) ((unsigned __int128) (state << (64 - STATE_BITS)) * i->factor >> 64) >> i->shift;
#else
	return state / frequency;
#endif
}

static void
find_inverses(ecosys_statement_coder *coder)
{
#ifdef __SIZEOF_INT128__
	for (uint32_t frequency = 1; frequency <= ECOSYS_CODER_FREQUENCIES; frequency++)
	{
		inverse    *i = &coder->inverses[frequency];

		while (1u << i->shift < frequency)
			i->shift++;
		i->factor = (uint64_t) ((((unsigned __int128) 1 << (STATE_BITS + i->shift)) + frequency - 1) / frequency);
	}
#endif
}

static void
add_long(ecosys_statement_coder *coder, int symbol)
{
	const uint8_t *text = coder->texts + coder->symbols[symbol].text;
	int			length = coder->symbols[symbol].length;
	int			table = table_of(length);
	uint16_t   *link = &coder->by_prefix[table][hash_prefix(text, prefix_words[table])];

	while (*link != NO_PHRASE && coder->symbols[*link].length > length)
		link = &coder->symbols[*link].shorter;
	coder->symbols[symbol].shorter = *link;
	*link = (uint16_t) symbol;
	coder->worth[hash_three(load(text))] |= 1 << table;
}

/* Phrases of three to seven bytes, one bucket after the other, the longest first. */
static void
add_shorts(ecosys_statement_coder *coder)
{
	for (int symbol = ECOSYS_SYMBOL_PHRASE; symbol < coder->n_symbols; symbol++)
	{
		int			length = coder->symbols[symbol].length;

		if (length > 2 && length < 8)
			coder->first_short[hash_three(load(coder->texts + coder->symbols[symbol].text)) + 1]++;
	}
	for (int bucket = 0; bucket < 1 << THREE_BITS; bucket++)
		coder->first_short[bucket + 1] += coder->first_short[bucket];
	for (int length = 3; length < 8; length++)
	{
		for (int symbol = ECOSYS_SYMBOL_PHRASE; symbol < coder->n_symbols; symbol++)
		{
			uint64_t	word = load(coder->texts + coder->symbols[symbol].text);
			short_phrase *phrase;

			if (coder->symbols[symbol].length != length)
				continue;
			/* from the end of the bucket, which moves to its beginning */
			phrase = &coder->shorts[--coder->first_short[hash_three(word) + 1]];
			phrase->bytes = first_bytes(word, length);
			phrase->symbol = (uint16_t) symbol;
			phrase->length = (uint8_t) length;
		}
	}
	/* now first_short[n + 1] is where bucket n begins, and the last one is lost */
	memmove(coder->first_short, coder->first_short + 1, sizeof(coder->first_short) - sizeof(uint16_t));
	coder->first_short[1 << THREE_BITS] = 0;
	for (int symbol = ECOSYS_SYMBOL_PHRASE; symbol < coder->n_symbols; symbol++)
		coder->first_short[1 << THREE_BITS] += coder->symbols[symbol].length > 2 && coder->symbols[symbol].length < 8;
}

static void
add_pair(ecosys_statement_coder *coder, int symbol)
{
	uint32_t	pair = pair_of(coder->texts + coder->symbols[symbol].text);
	uint32_t	row = hash_word(pair, PAIR_BITS);

	while (coder->pairs[row] != 0)
		row = (row + 1) & ((1 << PAIR_BITS) - 1);
	coder->pairs[row] = pair | symbol;
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
	return coder->symbols[symbol].structural || symbol == ECOSYS_SYMBOL_BEGIN;
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
	return class_of_byte(coder->texts[coder->symbols[symbol].text + coder->symbols[symbol].length - 1]);
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
		coder->symbols[symbol].text = used;
		coder->symbols[symbol].length = (uint8_t) length;
		coder->symbols[symbol].structural = is_structural(*at, length);
		used += length;
		*at += length;
	}
	for (int symbol = 0; symbol < 256; symbol++)
	{
		coder->symbols[symbol].text = used;
		coder->symbols[symbol].length = 1;
		coder->texts[used] = (uint8_t) symbol;
		coder->symbols[symbol].structural = is_structural(coder->texts + used++, 1);
	}
	for (int symbol = ECOSYS_SYMBOL_PHRASE; symbol < coder->n_symbols; symbol++)
	{
		if (coder->symbols[symbol].length >= 8)
			add_long(coder, symbol);
		else if (coder->symbols[symbol].length == 2)
			add_pair(coder, symbol);
	}
	add_shorts(coder);
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
			const listed_symbol *listed = &coder->listed[i];
			uint64_t	key = LISTING_KEY(number, listed->symbol);
			uint32_t	range = (uint32_t) listed->start << 16 | listed->frequency;
			uint32_t	row = listing_row(coder, key);

			while (coder->listings[row] != 0)
				row = (row + 1) & ((1 << coder->listing_bits) - 1);
			coder->listings[row] = key << LISTING_SHIFT | range;
			if (listed->symbol == ECOSYS_SYMBOL_ESCAPE)
				coder->contexts[number].escape = range;
		} while (coder->listed[++i].start != ECOSYS_CODER_FREQUENCIES);
	}
	return true;
}

/* Each symbol is to be escaped to the general context of what it follows. */
static bool
link_contexts(ecosys_statement_coder *coder, uint32_t n)
{
	for (int symbol = 0; symbol < coder->n_symbols; symbol++)
	{
		if (coder->symbols[symbol].after >= n || coder->symbols[symbol].between >= n)
			return false;
		if (coder->symbols[symbol].after >= ECOSYS_CONTEXT_OWN)
			coder->contexts[coder->symbols[symbol].after].parent = (uint16_t) ecosys_coder_class(coder, symbol);
		if (coder->symbols[symbol].between >= ECOSYS_CONTEXT_OWN)
			coder->contexts[coder->symbols[symbol].between].parent = ECOSYS_CONTEXT_BETWEEN;
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
		coder->symbols[symbol].after = (uint16_t) (number != 0 ? (int) number : ecosys_coder_class(coder, symbol));
		coder->symbols[symbol].between = ECOSYS_CONTEXT_BETWEEN;
		if (!ecosys_coder_structural(coder, symbol))
			continue;
		if (!take_varint(at, end, &number))
			return false;
		if (number != 0)
			coder->symbols[symbol].between = (uint16_t) number;
	}
	if (!take_varint(at, end, &n) || n < ECOSYS_CONTEXT_OWN || n > UINT16_MAX)
		return false;
	coder->contexts = allocate(n * sizeof(context));
	/* a symbol and its frequency take two bytes and more, and a context, which gets a row besides, one */
	coder->listed = allocate((end - *at + 1) * sizeof(listed_symbol));
	if (coder->contexts == NULL || coder->listed == NULL)
		return false;
	memset(coder->contexts, 0, n * sizeof(context));
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
			coder->listed[used].symbol = (uint16_t) symbol;
			coder->listed[used].after = (int) symbol < coder->n_symbols ? coder->symbols[symbol].after : 0;
			coder->listed[used].frequency = (uint16_t) frequency;
			coder->listed[used++].start = (uint16_t) start;
			start += frequency;
		}
		if (start != ECOSYS_CODER_FREQUENCIES)
			return false;
		coder->listed[used++].start = ECOSYS_CODER_FREQUENCIES;
		while (rows >> c->shift > UINT8_MAX)
			c->shift++;
		for (uint32_t bucket = 0, row = 0; bucket < 1 << JUMP_BITS; bucket++)
		{
			while (coder->listed[c->first + row + 1].start <= bucket << (ECOSYS_CODER_FREQUENCY_BITS - JUMP_BITS))
				row++;
			c->jump[bucket] = (uint8_t) (row >> c->shift);
		}
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
	find_inverses(coder);
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
ecosys_statement_coder_create_phrases(const uint8_t *phrases, size_t size, void *(*allocate) (size_t),
									  void (*release) (void *))
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
	if (coder->listed != NULL)
		release(coder->listed);
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
longest_phrase(const ecosys_statement_coder *coder, const char *at, size_t room)
{
	uint64_t	word = load(at);
	uint32_t	three = hash_three(word);
	uint32_t	pair;
	unsigned	worth = coder->worth[three];

	for (int table = 0; worth >> table != 0; table++)
	{
		int			symbol = NO_PHRASE;

		if (worth >> table & 1)
			symbol = coder->by_prefix[table][hash_prefix(at, prefix_words[table])];
		for (; symbol != NO_PHRASE; symbol = coder->symbols[symbol].shorter)
		{
			const struct symbol *s = &coder->symbols[symbol];

			if (s->length <= room && equal_bytes((const char *) coder->texts + s->text, at, s->length))
				return symbol;
		}
	}
	for (uint32_t i = coder->first_short[three]; i < coder->first_short[three + 1]; i++)
	{
		const short_phrase *phrase = &coder->shorts[i];

		if (first_bytes(word ^ phrase->bytes, phrase->length) == 0 && phrase->length <= room)
			return phrase->symbol;
	}
	pair = pair_of((const uint8_t *) at);
	for (uint32_t row = hash_word(pair, PAIR_BITS); coder->pairs[row] != 0; row = (row + 1) & ((1 << PAIR_BITS) - 1))
	{
		if ((coder->pairs[row] & 0xFFFF0000) == pair && room >= 2)
			return coder->pairs[row] & 0xFFFF;
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
put_event(const ecosys_statement_coder *coder, ecosys_coder_event **at, ecosys_coder_place place, int context,
		  int symbol)
{
	/* it will be asked for from the last one on, when all are here */
	if (place <= ECOSYS_CODER_BETWEEN && coder->listings != NULL)
		__builtin_prefetch(&coder->listings[listing_row(coder, LISTING_KEY(place == ECOSYS_CODER_AFTER ?
																			coder->symbols[context].after :
																			coder->symbols[context].between, symbol))]);
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

/* What has been taken of a text, and what is known of it. */
typedef struct progress
{
	ecosys_statement_coder *coder;
	const char *text;
	const char *at;
	const char *end;
	ecosys_coder_event *out;
	int			before;			/* the symbol before */
	int			structure;		/* the last structural symbol */
	int			content;		/* the last content symbol */
	bool		in_value;
	uint32_t	n_values;
} progress;

static void
take_structure(progress *p, int symbol)
{
	if (p->in_value)
	{
		p->coder->values[p->n_values - 1].end = (uint16_t) (p->at - p->text);
		put_event(p->coder, &p->out, ECOSYS_CODER_AFTER, p->before, ECOSYS_SYMBOL_STRUCTURE);
		put_event(p->coder, &p->out, ECOSYS_CODER_BETWEEN, p->structure, symbol);
	}
	else
		put_event(p->coder, &p->out, ECOSYS_CODER_AFTER, p->before, symbol);
	p->in_value = false;
	p->before = p->structure = symbol;
	p->at += p->coder->symbols[symbol].length;
}

static void
take_content(progress *p, int symbol)
{
	p->coder->copy_at[copy_hash(p->at)] = (uint16_t) (p->at - p->text + 1);
	p->before = p->content = symbol;
	p->at += p->coder->symbols[symbol].length;
}

/* Begin a value with what an earlier one began with, if that is more than `least` bytes. */
static bool
take_value(progress *p, size_t least)
{
	value	   *values = p->coder->values;
	uint16_t   *row = &p->coder->value_of[value_hash(p->at)];
	uint32_t	i = *row;
	uint32_t	source = 0;
	size_t		best = 0;
	bool		whole;

	for (int tries = 0; i != 0 && p->n_values - i < MAX_VALUES && tries < VALUE_TRIES;
		 tries++, i = values[i - 1].previous)
	{
		value	   *old = &values[i - 1];
		size_t		limit = old->end - old->begin;
		size_t		same;

		if (limit > (size_t) (p->end - p->at))
			limit = p->end - p->at;
		same = common_length(p->text + old->begin, p->at, limit);
		if (same > best)
		{
			best = same;
			source = i;
		}
	}
	values[p->n_values].begin = (uint16_t) (p->at - p->text);
	values[p->n_values].previous = *row;
	*row = (uint16_t) ++p->n_values;
	p->in_value = true;
	if (best < SHORTEST_VALUE || best <= least)
		return false;
	whole = best == (size_t) (values[source - 1].end - values[source - 1].begin);
	if (!whole && best > LONGEST_COPY)
		best = LONGEST_COPY;
	put_event(p->coder, &p->out, ECOSYS_CODER_AFTER, p->before, ECOSYS_SYMBOL_VALUE);
	put_event(p->coder, &p->out, ECOSYS_CODER_VALUE, 0, (int) (p->n_values - source));
	put_event(p->coder, &p->out, ECOSYS_CODER_VALUE_LENGTH, 0, whole ? 0 : (int) best);
	p->before = whole ? ECOSYS_SYMBOL_WHOLE : (uint8_t) p->at[best - 1];
	p->content = ECOSYS_SYMBOL_WHOLE;
	p->at += best;
	return true;
}

/* Copy from anywhere before, if that is more than `least` bytes. */
static bool
take_copy(progress *p, size_t least)
{
	uint16_t   *row = &p->coder->copy_at[copy_hash(p->at)];
	const char *source;
	size_t		limit = p->end - p->at < LONGEST_COPY ? (size_t) (p->end - p->at) : LONGEST_COPY;
	uint32_t	distance;
	size_t		best;
	size_t		i = 0;
	int			bits;

	if (*row == 0)
		return false;
	source = p->text + *row - 1;
	best = common_length(source, p->at, limit);
	/* up to where the value ends */
	while (i < best && p->at[i] != '"' && p->at[i] != '}' && p->at[i] != ']')
		i++;
	best = i;
	if (best < SHORTEST_COPY || best <= least)
		return false;
	distance = (uint32_t) (p->at - source);
	bits = bits_of(distance);
	put_event(p->coder, &p->out, ECOSYS_CODER_AFTER, p->before, ECOSYS_SYMBOL_COPY);
	put_event(p->coder, &p->out, ECOSYS_CODER_DISTANCE, 0, bits);
	if (bits > ECOSYS_CODER_FREQUENCY_BITS)
	{
		put_event(p->coder, &p->out, ECOSYS_CODER_RAW, bits - ECOSYS_CODER_FREQUENCY_BITS,
				  (distance & ((1u << bits) - 1)) >> ECOSYS_CODER_FREQUENCY_BITS);
		bits = ECOSYS_CODER_FREQUENCY_BITS;
	}
	if (bits > 0)
		put_event(p->coder, &p->out, ECOSYS_CODER_RAW, bits, distance & ((1u << bits) - 1));
	put_event(p->coder, &p->out, ECOSYS_CODER_LENGTH, 0, (int) best);
	*row = (uint16_t) (p->at - p->text + 1);
	p->content = p->before = (uint8_t) p->at[best - 1];
	p->at += best;
	return true;
}

size_t
ecosys_statement_coder_events(ecosys_statement_coder *coder, const char *text, size_t length,
							  ecosys_coder_event *events)
{
	progress	p = {coder, text, text, text + length, events, ECOSYS_SYMBOL_BEGIN, ECOSYS_SYMBOL_BEGIN,
	ECOSYS_SYMBOL_BEGIN, false, 0};

	memset(coder->copy_at, 0, sizeof(coder->copy_at));
	memset(coder->value_of, 0, sizeof(coder->value_of));
	while (p.at < p.end)
	{
		int			symbol = longest_phrase(coder, p.at, p.end - p.at);
		size_t		taken = coder->symbols[symbol].length;

		if (coder->symbols[symbol].structural)
			take_structure(&p, symbol);
		else if (!p.in_value)
		{
			bool		same = symbol == p.content;

			if (take_value(&p, same ? LONGEST_PHRASE : taken + 1))
				continue;
			put_event(coder, &p.out, ECOSYS_CODER_AFTER, p.before, same ? ECOSYS_SYMBOL_SAME : symbol);
			take_content(&p, symbol);
		}
		else if (!take_copy(&p, taken + 2))
		{
			put_event(coder, &p.out, ECOSYS_CODER_AFTER, p.before, symbol);
			take_content(&p, symbol);
		}
	}
	put_event(coder, &p.out, ECOSYS_CODER_AFTER, p.before, ECOSYS_SYMBOL_END);
	return p.out - events;
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
			return coder->symbols[symbol].after;
		case ECOSYS_CODER_BETWEEN:
			return coder->symbols[symbol].between;
		default:
			return ECOSYS_CONTEXT_VALUE + (place - ECOSYS_CODER_VALUE);
	}
}

/* A share of the 4,096 slots, as the lower half of a listing. */
static inline uint32_t
range_of(uint32_t start, uint32_t frequency)
{
	return start << 16 | frequency;
}

/* The ranges of a symbol that its context does not list; NULL: there are none. */
static __attribute__((noinline)) uint32_t *
escape(const ecosys_statement_coder *coder, int number, int symbol, uint32_t *out)
{
	listing		found = 0;

	do
	{
		const context *c = &coder->contexts[number];

		if (c->escape == 0)
			return NULL;
		*out++ = c->escape;
		if (c->parent == number)
		{
			const int	rest = ECOSYS_CODER_FREQUENCY_BITS - ECOSYS_CODER_RARE_BITS;

			found = find_symbol(coder, ECOSYS_CONTEXT_RARE, symbol >> ECOSYS_CODER_RARE_BITS);
			*out++ = (uint32_t) found;
			*out++ = range_of((uint32_t) (symbol & ((1 << ECOSYS_CODER_RARE_BITS) - 1)) << rest, 1u << rest);
			return found != 0 ? out : NULL;
		}
		number = c->parent;
	} while ((found = find_symbol(coder, number, symbol)) == 0);
	*out++ = (uint32_t) found;
	return out;
}

/* The ranges of events, in their order; returns their end, NULL when the model has none for one of them. */
static const uint32_t *
find_ranges(const ecosys_statement_coder *coder, const ecosys_coder_event *event, size_t n, uint32_t *out)
{
	for (; n-- > 0; event++)
	{
		int			number;
		listing		found;

		if (event->place == ECOSYS_CODER_RAW)
		{
			int			rest = ECOSYS_CODER_FREQUENCY_BITS - event->context;

			*out++ = range_of((uint32_t) event->symbol << rest, 1u << rest);
			continue;
		}
		number = context_of(coder, event->place, event->context);
		found = find_symbol(coder, number, event->symbol);
		if (found != 0)
			*out++ = (uint32_t) found;
		else if ((out = escape(coder, number, event->symbol, out)) == NULL)
			return NULL;
	}
	return out;
}

typedef struct writer
{
	uint64_t	state;
	uint8_t    *at;				/* writes before it */
	uint8_t    *begin;
} writer;

/* Write ranges, from the last to the first. */
static inline bool
write_ranges(const ecosys_statement_coder *coder, writer *w, const uint32_t *ranges, const uint32_t *end)
{
	uint64_t	state = w->state;

	while (end-- > ranges)
	{
		uint32_t	start = *end >> 16;
		uint32_t	frequency = *end & 0xFFFF;

		if (state >> (STATE_BITS - ECOSYS_CODER_FREQUENCY_BITS) >= frequency)
		{
			if (w->at - w->begin < 4)
				return false;
			*--w->at = (uint8_t) state;
			*--w->at = (uint8_t) (state >> 8);
			*--w->at = (uint8_t) (state >> 16);
			*--w->at = (uint8_t) (state >> 24);
			state >>= 32;
		}
		/* (state / frequency << bits) + start + state % frequency */
		state += start + quotient(coder, state, frequency) * (ECOSYS_CODER_FREQUENCIES - frequency);
	}
	w->state = state;
	return true;
}

const uint8_t *
ecosys_statement_coder_encode(ecosys_statement_coder *coder, const char *text, size_t length, size_t *size)
{
	size_t		n = ecosys_statement_coder_events(coder, text, length, coder->events);
	writer		w = {0, coder->coded + length, coder->coded};

	while (n > 0)
	{
		size_t		some = n < AT_ONCE ? n : AT_ONCE;
		const uint32_t *end = find_ranges(coder, coder->events + n - some, some, coder->ranges);

		if (end == NULL || !write_ranges(coder, &w, coder->ranges, end))
			return NULL;
		n -= some;
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
	uint64_t	state;
	const uint8_t *at;
	const uint8_t *end;
} reader;

static inline void
refill(reader *r)
{
	if (r->state < STATE_LOW && r->end - r->at >= 4)
	{
		r->state = r->state << 32 | (uint32_t) r->at[0] << 24 | (uint32_t) r->at[1] << 16 |
			(uint32_t) r->at[2] << 8 | r->at[3];
		r->at += 4;
	}
}

/*
 * The state comes first. It takes four to seven bytes, and fours of bytes follow; or
 * fewer, and nothing follows.
 */
static void
begin_reading(reader *r)
{
	size_t		size = r->end - r->at;
	int			n = size < 4 ? (int) size : 4 + size % 4;

	while (n-- > 0)
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

static inline const listed_symbol *
read_listed(const ecosys_statement_coder *coder, reader *r, int number)
{
	const context *c = &coder->contexts[number];
	uint32_t	slot = r->state & FREQUENCY_MASK;
	const listed_symbol *found = coder->listed + c->first +
		((uint32_t) c->jump[slot >> (ECOSYS_CODER_FREQUENCY_BITS - JUMP_BITS)] << c->shift);

	while (found[1].start <= slot)
		found++;
	r->state = found->frequency * (r->state >> ECOSYS_CODER_FREQUENCY_BITS) + slot - found->start;
	refill(r);
	return found;
}

/* What a context does not list. */
static int
read_escaped(const ecosys_statement_coder *coder, reader *r, int number)
{
	int			symbol;

	do
	{
		int			parent = coder->contexts[number].parent;

		if (parent == number)
		{
			if (number == ECOSYS_CONTEXT_RARE)
				return ECOSYS_SYMBOL_ESCAPE;	/* not in any text of ours */
			symbol = read_listed(coder, r, ECOSYS_CONTEXT_RARE)->symbol << ECOSYS_CODER_RARE_BITS;
			return symbol | (int) read_raw(r, ECOSYS_CODER_RARE_BITS);
		}
		number = parent;
		symbol = read_listed(coder, r, number)->symbol;
	} while (symbol == ECOSYS_SYMBOL_ESCAPE);
	return symbol;
}

static inline int
read_symbol(const ecosys_statement_coder *coder, reader *r, int number)
{
	int			symbol = read_listed(coder, r, number)->symbol;

	return symbol != ECOSYS_SYMBOL_ESCAPE ? symbol : read_escaped(coder, r, number);
}

/* Where a text is being put together. */
typedef struct result
{
	char	   *text;
	size_t		done;
} result;

static bool
copy_text(result *out, size_t source, size_t length)
{
	if (length == 0 || length > ECOSYS_CODER_MAX_TEXT - out->done)
		return false;
	if (out->done - source >= CHUNK)
		copy_chunks(out->text + out->done, out->text + source, length);
	else
	{
		for (size_t i = 0; i < length; i++)
			out->text[out->done + i] = out->text[source + i];
	}
	out->done += length;
	return true;
}

/* An earlier value again; *whole: all of it. */
static __attribute__((noinline)) bool
read_value(ecosys_statement_coder *coder, reader *r, result *out, uint32_t n_values, bool *whole)
{
	uint32_t	back = (uint32_t) read_symbol(coder, r, ECOSYS_CONTEXT_VALUE);
	uint32_t	length = (uint32_t) read_symbol(coder, r, ECOSYS_CONTEXT_VALUE_LENGTH);
	const value *old;

	if (back == 0 || back >= n_values)
		return false;
	old = &coder->values[n_values - 1 - back];
	*whole = length == 0;
	if (*whole)
		length = old->end - old->begin;
	return length <= old->end - old->begin && copy_text(out, old->begin, length);
}

static __attribute__((noinline)) bool
read_copy(ecosys_statement_coder *coder, reader *r, result *out)
{
	int			bits = read_symbol(coder, r, ECOSYS_CONTEXT_DISTANCE);
	size_t		distance;

	if (bits > 14)
		return false;
	distance = (size_t) 1 << bits;
	if (bits > ECOSYS_CODER_FREQUENCY_BITS)
	{
		distance += (size_t) read_raw(r, bits - ECOSYS_CODER_FREQUENCY_BITS) << ECOSYS_CODER_FREQUENCY_BITS;
		bits = ECOSYS_CODER_FREQUENCY_BITS;
	}
	if (bits > 0)
		distance += read_raw(r, bits);
	return distance <= out->done &&
		copy_text(out, out->done - distance, (size_t) read_symbol(coder, r, ECOSYS_CONTEXT_LENGTH));
}

/* What a text that is being read is made of. */
typedef struct reading
{
	uint32_t	n_values;
	int			between;		/* context BETWEEN of the last structural symbol */
	int			content;		/* the last content symbol */
	bool		in_value;
} reading;

static inline bool
put_symbol(ecosys_statement_coder *coder, reading *p, result *out, int number)
{
	const symbol *s = &coder->symbols[number];

	if (s->length == 0 || s->length > ECOSYS_CODER_MAX_TEXT - out->done)
		return false;
	if (s->structural)
	{
		if (p->in_value)
			coder->values[p->n_values - 1].end = (uint16_t) out->done;
		p->in_value = false;
		p->between = s->between;
	}
	else
	{
		if (!p->in_value)
			coder->values[p->n_values++].begin = (uint16_t) out->done;
		p->in_value = true;
		p->content = number;
	}
	copy_chunks(out->text + out->done, (const char *) coder->texts + s->text, s->length);
	out->done += s->length;
	return true;
}

/* Something said before, again: *symbol is what says so, and then the one before the next. */
static bool
read_again(ecosys_statement_coder *coder, reader *r, reading *p, result *out, int *symbol)
{
	bool		copied = *symbol == ECOSYS_SYMBOL_COPY;
	bool		whole = false;

	if (*symbol == ECOSYS_SYMBOL_SAME)
	{
		*symbol = p->content;
		return !p->in_value && put_symbol(coder, p, out, *symbol);
	}
	if (*symbol == ECOSYS_SYMBOL_VALUE)
	{
		if (p->in_value)
			return false;
		coder->values[p->n_values++].begin = (uint16_t) out->done;
		p->in_value = true;
		if (!read_value(coder, r, out, p->n_values, &whole))
			return false;
	}
	else if (!copied || !p->in_value || !read_copy(coder, r, out))
		return false;
	*symbol = whole ? ECOSYS_SYMBOL_WHOLE : (uint8_t) out->text[out->done - 1];
	p->content = copied ? *symbol : ECOSYS_SYMBOL_WHOLE;
	return true;
}

bool
ecosys_statement_coder_decode(ecosys_statement_coder *coder, const uint8_t *coded, size_t size,
							  char *text, size_t *length)
{
	reader		r = {0, coded, coded + size};
	result		out = {text, 0};
	reading		p = {0, ECOSYS_CONTEXT_BETWEEN, ECOSYS_SYMBOL_BEGIN, false};
	int			after = coder->symbols[ECOSYS_SYMBOL_BEGIN].after;

	p.between = coder->symbols[ECOSYS_SYMBOL_BEGIN].between;
	begin_reading(&r);
	for (;;)
	{
		const listed_symbol *listed = read_listed(coder, &r, after);
		int			symbol = listed->symbol;

		if (symbol == ECOSYS_SYMBOL_ESCAPE)
		{
			symbol = read_escaped(coder, &r, after);
			if (symbol >= coder->n_symbols)
				return false;
			after = coder->symbols[symbol].after;
		}
		else
			after = listed->after;
		if (symbol == ECOSYS_SYMBOL_STRUCTURE)
		{
			symbol = read_symbol(coder, &r, p.between);
			if (!p.in_value || symbol >= coder->n_symbols || !coder->symbols[symbol].structural)
				return false;
			after = coder->symbols[symbol].after;
		}
		else if (symbol > ECOSYS_SYMBOL_STRUCTURE && symbol < ECOSYS_SYMBOL_PHRASE)
		{
			if (symbol == ECOSYS_SYMBOL_END)
				break;
			if (!read_again(coder, &r, &p, &out, &symbol))
				return false;
			after = coder->symbols[symbol].after;
			continue;
		}
		if (!put_symbol(coder, &p, &out, symbol))
			return false;
	}
	*length = out.done;
	return r.state == 0 && r.at == r.end;
}
