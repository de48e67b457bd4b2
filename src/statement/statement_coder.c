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

#define JUMP_BITS 5
#define STRUCTURAL_PAIR 0x8000
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
	/*
	 * By the upper bits of a slot: a place at or before that of its symbol, >>
	 * shift. The rest fills the cache line that a context is.
	 */
	uint8_t		jump[(1 << JUMP_BITS) + 21];
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
	uint16_t	after;			/* its context as the symbol before */
	uint16_t	between;		/* and as the structural symbol before, behind contents */
	uint8_t		length;
	bool		structural;
} symbol;

/* A symbol found at a place, with what the next step needs of it. */
typedef struct match
{
	uint16_t	symbol;
	uint8_t		length;
	bool		structural;
} match;

typedef struct short_phrase
{
	uint64_t	bytes;			/* as loaded, 0 behind its end */
	match		match;
} short_phrase;

typedef struct long_phrase
{
	uint64_t	last;			/* its last eight bytes, which tell it from others better than the first ones */
	uint32_t	text;			/* in texts */
	match		match;
} long_phrase;

/* What may begin with three bytes. */
typedef struct beginning
{
	uint16_t	first;			/* in shorts */
	uint8_t		shorts;			/* how many */
	uint8_t		worth;			/* bits: which tables of long phrases are worth a look */
} beginning;

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
	 * To find the longest phrase at a place. By the first 32, 16 and 8 bytes: from where to where
	 * in longs, from long to short ones. By the first three bytes: the phrases of three to seven, the
	 * longest first. By two bytes: those of two, else the symbol of the first byte.
	 */
	uint16_t	first_long[3 * (1 << PREFIX_BITS) + 1];
	long_phrase longs[ECOSYS_CODER_MAX_SYMBOLS];
	beginning	beginnings[1 << THREE_BITS];
	short_phrase shorts[ECOSYS_CODER_MAX_SYMBOLS];
	uint16_t	by_pair[1 << 16];	/* and STRUCTURAL_PAIR if it is structural */

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

/* Two bytes as a number, by which by_pair is in order. */
static inline uint16_t
pair_of(const void *bytes)
{
	uint16_t	pair;

	memcpy(&pair, bytes, sizeof(pair));
	return pair;
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

static match
match_of(const ecosys_statement_coder *coder, int symbol)
{
	match		found = {(uint16_t) symbol, coder->symbols[symbol].length, coder->symbols[symbol].structural};

	return found;
}

/* Which row of first_long a phrase of eight bytes or more belongs to. */
static uint32_t
long_row(const ecosys_statement_coder *coder, int symbol)
{
	int			table = table_of(coder->symbols[symbol].length);

	return (uint32_t) table << PREFIX_BITS |
		hash_prefix(coder->texts + coder->symbols[symbol].text, prefix_words[table]);
}

/* Phrases by length, the longest first: a counting sort by it and then by rows keeps them in this order. */
static void
add_longs(ecosys_statement_coder *coder)
{
	for (int symbol = ECOSYS_SYMBOL_PHRASE; symbol < coder->n_symbols; symbol++)
	{
		if (coder->symbols[symbol].length >= 8)
			coder->first_long[long_row(coder, symbol)]++;
	}
	/* now the end of each row, which moves to its beginning as its phrases come, the shortest first */
	for (int row = 1; row <= 3 << PREFIX_BITS; row++)
		coder->first_long[row] += coder->first_long[row - 1];
	for (int length = 8; length <= LONGEST_PHRASE; length++)
	{
		for (int symbol = ECOSYS_SYMBOL_PHRASE; symbol < coder->n_symbols; symbol++)
		{
			const uint8_t *text = coder->texts + coder->symbols[symbol].text;
			long_phrase *phrase;

			if (coder->symbols[symbol].length != length)
				continue;
			phrase = &coder->longs[--coder->first_long[long_row(coder, symbol)]];
			phrase->last = load(text + length - 8);
			phrase->text = coder->symbols[symbol].text;
			phrase->match = match_of(coder, symbol);
			coder->beginnings[hash_three(load(text))].worth |= 1 << table_of(length);
		}
	}
}

/* Phrases of three to seven bytes; returns false for more that begin alike than can be counted. */
static bool
add_shorts(ecosys_statement_coder *coder)
{
	uint32_t	used = 0;

	for (int symbol = ECOSYS_SYMBOL_PHRASE; symbol < coder->n_symbols; symbol++)
	{
		int			length = coder->symbols[symbol].length;

		if (length > 2 && length < 8 &&
			coder->beginnings[hash_three(load(coder->texts + coder->symbols[symbol].text))].shorts++ == UINT8_MAX)
			return false;
	}
	/* as above */
	for (int bucket = 0; bucket < 1 << THREE_BITS; bucket++)
		coder->beginnings[bucket].first = (uint16_t) (used += coder->beginnings[bucket].shorts);
	for (int length = 3; length < 8; length++)
	{
		for (int symbol = ECOSYS_SYMBOL_PHRASE; symbol < coder->n_symbols; symbol++)
		{
			uint64_t	word = load(coder->texts + coder->symbols[symbol].text);
			short_phrase *phrase;

			if (coder->symbols[symbol].length != length)
				continue;
			phrase = &coder->shorts[--coder->beginnings[hash_three(word)].first];
			phrase->bytes = first_bytes(word, length);
			phrase->match = match_of(coder, symbol);
		}
	}
	return true;
}

static uint16_t
pair_entry(const ecosys_statement_coder *coder, int symbol)
{
	return (uint16_t) (symbol | (coder->symbols[symbol].structural ? STRUCTURAL_PAIR : 0));
}

static void
add_pairs(ecosys_statement_coder *coder)
{
	for (uint32_t first = 0; first < 256; first++)
	{
		for (uint32_t second = 0; second < 256; second++)
		{
			uint8_t		bytes[2] = {(uint8_t) first, (uint8_t) second};

			coder->by_pair[pair_of(bytes)] = pair_entry(coder, first);
		}
	}
	for (int symbol = ECOSYS_SYMBOL_PHRASE; symbol < coder->n_symbols; symbol++)
	{
		if (coder->symbols[symbol].length == 2)
			coder->by_pair[pair_of(coder->texts + coder->symbols[symbol].text)] = pair_entry(coder, symbol);
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
	add_longs(coder);
	add_pairs(coder);
	return add_shorts(coder);
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
ecosys_statement_coder_create(const uint8_t *model, size_t size, void *(*allocate) (size_t),
							  void (*release) (void *))
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

/* Of at least 8 bytes, of which the last eight are known to be equal. */
static inline bool
equal_bytes(const uint8_t *a, const char *b, size_t n)
{
	for (size_t i = 0; i + 8 < n; i += 8)
	{
		if (load(a + i) != load(b + i))
			return false;
	}
	return true;
}

/* The longest phrase at a place that has `room` bytes, or the byte there. */
static inline match
longest_phrase(const ecosys_statement_coder *coder, const char *at, size_t room)
{
	uint64_t	word = load(at);
	beginning	begin = coder->beginnings[hash_three(word)];
	match		found;
	uint16_t	entry;

	for (int table = 0; begin.worth >> table != 0; table++)
	{
		const uint16_t *row;

		if (!(begin.worth >> table & 1))
			continue;
		row = &coder->first_long[table << PREFIX_BITS | hash_prefix(at, prefix_words[table])];
		for (uint32_t i = row[0]; i < row[1]; i++)
		{
			const long_phrase *phrase = &coder->longs[i];

			if (phrase->match.length <= room && load(at + phrase->match.length - 8) == phrase->last &&
				equal_bytes(coder->texts + phrase->text, at, phrase->match.length))
				return phrase->match;
		}
	}
	for (uint32_t i = begin.first, end = i + begin.shorts; i < end; i++)
	{
		const short_phrase *phrase = &coder->shorts[i];

		if (first_bytes(word ^ phrase->bytes, phrase->match.length) == 0 && phrase->match.length <= room)
			return phrase->match;
	}
	if (room < 2)
		return match_of(coder, (uint8_t) *at);
	entry = coder->by_pair[pair_of(at)];
	found.symbol = entry & (STRUCTURAL_PAIR - 1);
	found.length = found.symbol < 256 ? 1 : 2;
	found.structural = (entry & STRUCTURAL_PAIR) != 0;
	return found;
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

static inline void
take_structure(progress *p, match found)
{
	int			symbol = found.symbol;

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
	p->at += found.length;
}

static inline void
take_content(progress *p, match found)
{
	p->coder->copy_at[copy_hash(p->at)] = (uint16_t) (p->at - p->text + 1);
	p->before = p->content = found.symbol;
	p->at += found.length;
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
		match		found = longest_phrase(coder, p.at, p.end - p.at);

		if (found.structural)
			take_structure(&p, found);
		else if (!p.in_value)
		{
			bool		same = found.symbol == p.content;

			if (take_value(&p, same ? LONGEST_PHRASE : found.length + 1))
				continue;
			put_event(coder, &p.out, ECOSYS_CODER_AFTER, p.before, same ? ECOSYS_SYMBOL_SAME : found.symbol);
			take_content(&p, found);
		}
		else if (!take_copy(&p, found.length + 2))
		{
			put_event(coder, &p.out, ECOSYS_CODER_AFTER, p.before, found.symbol);
			take_content(&p, found);
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
static __attribute__((noinline)) int
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
static __attribute__((noinline)) bool
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
	reader		at_first = {0, coded, coded + size};
	reader		r;
	result		out = {text, 0};
	reading		p = {0, ECOSYS_CONTEXT_BETWEEN, ECOSYS_SYMBOL_BEGIN, false};
	int			after = coder->symbols[ECOSYS_SYMBOL_BEGIN].after;

	p.between = coder->symbols[ECOSYS_SYMBOL_BEGIN].between;
	begin_reading(&at_first);
	r = at_first;
	for (;;)
	{
		const listed_symbol *listed = read_listed(coder, &r, after);
		int			symbol = listed->symbol;

		/* what goes on from here is in registers, so only copies of it are lent to what is called */
		if (symbol == ECOSYS_SYMBOL_ESCAPE)
		{
			reader		lent = r;

			symbol = read_escaped(coder, &lent, after);
			r = lent;
			if (symbol >= coder->n_symbols)
				return false;
			after = coder->symbols[symbol].after;
		}
		else
			after = listed->after;
		if (symbol == ECOSYS_SYMBOL_STRUCTURE)
		{
			listed = read_listed(coder, &r, p.between);
			symbol = listed->symbol;
			if (symbol == ECOSYS_SYMBOL_ESCAPE)
			{
				reader		lent = r;

				symbol = read_escaped(coder, &lent, p.between);
				r = lent;
			}
			if (!p.in_value || symbol >= coder->n_symbols || !coder->symbols[symbol].structural)
				return false;
			after = coder->symbols[symbol].after;
		}
		else if (symbol > ECOSYS_SYMBOL_STRUCTURE && symbol < ECOSYS_SYMBOL_PHRASE)
		{
			reader		lent = r;
			reading		lent_p = p;
			result		lent_out = out;

			if (symbol == ECOSYS_SYMBOL_END)
				break;
			if (!read_again(coder, &lent, &lent_p, &lent_out, &symbol))
				return false;
			r = lent;
			p = lent_p;
			out = lent_out;
			after = coder->symbols[symbol].after;
			continue;
		}
		if (!put_symbol(coder, &p, &out, symbol))
			return false;
	}
	*length = out.done;
	return r.state == 0 && r.at == r.end;
}
