/*
 * statement_coder.h - the text of one statement in few bytes: phrases, copies
 * and a static entropy coder.
 *
 * A statement is too short for a compressor that learns as it goes: nearly all
 * it could learn is what all statements say. So the model (statement_model_1,
 * made by test/harness/train_model.sh) holds it ready: phrases, which are
 * pieces of text such as `","display":{"en-US":"`, and how often each follows
 * each. Plain C.
 */
#ifndef ECOSYS_STATEMENT_CODER_H
#define ECOSYS_STATEMENT_CODER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct ecosys_statement_coder ecosys_statement_coder;

/* Longer texts are not coded: a compressor that learns does better there. */
#define ECOSYS_CODER_MAX_TEXT 16384

/*
 * Bytes that must be readable behind a text to be coded, whatever they say, and
 * writable behind ECOSYS_CODER_MAX_TEXT bytes where one is decoded to.
 */
#define ECOSYS_CODER_PADDING 32

/* Unpack a model. NULL: no memory, or these are not the bytes of a model. */
extern ecosys_statement_coder *ecosys_statement_coder_create(const uint8_t *model, size_t size,
															 void *(*allocate) (size_t), void (*release) (void *));
extern void ecosys_statement_coder_destroy(ecosys_statement_coder *coder);

/*
 * Code text[0..length), at most ECOSYS_CODER_MAX_TEXT bytes. Returns the bytes, which
 * are valid until the next call, and their number; NULL where they would not be fewer than `length`.
 */
extern const uint8_t *ecosys_statement_coder_encode(ecosys_statement_coder *coder, const char *text, size_t length,
													size_t *size);

/*
 * The text again, at most ECOSYS_CODER_MAX_TEXT bytes. False: the bytes are not
 * what encode made of any text.
 */
extern bool ecosys_statement_coder_decode(ecosys_statement_coder *coder, const uint8_t *coded, size_t size,
										  char *text, size_t *length);

/* ---- for the training of models ---- */

/* Where the coder looks for the chance of a symbol. */
typedef enum ecosys_coder_place
{
	ECOSYS_CODER_AFTER,			/* a symbol */
	ECOSYS_CODER_BETWEEN,		/* a structural symbol, behind contents that followed the symbol */
	ECOSYS_CODER_VALUE,			/* how many values ago */
	ECOSYS_CODER_VALUE_LENGTH,
	ECOSYS_CODER_DISTANCE,
	ECOSYS_CODER_LENGTH,
	ECOSYS_CODER_RAW			/* bits without a model */
} ecosys_coder_place;

typedef struct ecosys_coder_event
{
	uint16_t	symbol;
	uint16_t	context;		/* RAW: number of bits */
	uint8_t		place;
} ecosys_coder_event;

/* Symbols: bytes, then these, then the phrases. */
enum
{
	ECOSYS_SYMBOL_ESCAPE = 256,	/* none of this context's symbols: ask a more general one */
	ECOSYS_SYMBOL_STRUCTURE,	/* contents end: a structural symbol comes */
	ECOSYS_SYMBOL_VALUE,		/* the beginning of an earlier value again */
	ECOSYS_SYMBOL_SAME,			/* the last content symbol before this structural one again */
	ECOSYS_SYMBOL_COPY,			/* earlier text again */
	ECOSYS_SYMBOL_END,
	ECOSYS_SYMBOL_BEGIN,		/* only as a context: the beginning of the text */
	ECOSYS_SYMBOL_WHOLE,		/* only as a context: behind a whole value again */
	ECOSYS_SYMBOL_PHRASE
};
#define ECOSYS_CODER_MAX_SYMBOLS 4096
#define ECOSYS_CODER_CLASSES 8
#define ECOSYS_CODER_RARE_BITS 5	/* the lower bits, which have no model */

/* The general contexts, which come first in a model. */
enum
{
	ECOSYS_CONTEXT_CLASS = 0,	/* one for each class of bytes that the symbol before may end in */
	ECOSYS_CONTEXT_BETWEEN = ECOSYS_CODER_CLASSES,
	ECOSYS_CONTEXT_VALUE,
	ECOSYS_CONTEXT_VALUE_LENGTH,
	ECOSYS_CONTEXT_DISTANCE,
	ECOSYS_CONTEXT_LENGTH,
	ECOSYS_CONTEXT_RARE,		/* the upper bits of a symbol that the general contexts do not list */
	ECOSYS_CONTEXT_OWN			/* from here on: of single symbols */
};

#define ECOSYS_CODER_FREQUENCY_BITS 12
#define ECOSYS_CODER_FREQUENCIES (1 << ECOSYS_CODER_FREQUENCY_BITS)

/* A coder of phrases alone: what a model begins with, up to the contexts. It finds events. */
extern ecosys_statement_coder *ecosys_statement_coder_create_phrases(const uint8_t *phrases, size_t size,
																	 void *(*allocate) (size_t),
																	 void (*release) (void *));

/* The events of a text, 2 for each of its bytes and 2 more at most; returns their number. */
extern size_t ecosys_statement_coder_events(ecosys_statement_coder *coder, const char *text, size_t length,
											ecosys_coder_event *events);
extern int	ecosys_coder_class(const ecosys_statement_coder *coder, int symbol);
extern bool ecosys_coder_structural(const ecosys_statement_coder *coder, int symbol);
extern int	ecosys_coder_symbols(const ecosys_statement_coder *coder);

#endif							/* ECOSYS_STATEMENT_CODER_H */
