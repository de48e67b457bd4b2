/*
 * statement_compress.c - zstd with a shipped dictionary.
 *
 * A statement is too short to compress by itself (its keys and IRIs occur
 * once), so both sides start from a dictionary of what statements usually say.
 * Contexts and digested dictionaries live as long as the backend: making them
 * costs more than thousands of statements.
 */
#include "ecosys.h"

#include <zstd.h>
#include <zstd_errors.h>

#include "miscadmin.h"
#include "statement/statement_compress.h"
#include "statement/statement_dictionary.h"

/*
 * A lazy search: the end of a name and the quote after it often match something,
 * which would cut off the long run that begins with the quote. 32 tries, as many
 * runs in the dictionary begin alike. docs/statement.md has the figures.
 */
static const struct
{
	ZSTD_cParameter name;
	int			value;
}			compression_parameters[] =
{
	{ZSTD_c_compressionLevel, 6},
	{ZSTD_c_strategy, ZSTD_lazy},
	{ZSTD_c_searchLog, 5},
	{ZSTD_c_minMatch, 5},
	{ZSTD_c_windowLog, 17},
	{ZSTD_c_hashLog, 17},
	{ZSTD_c_chainLog, 17},
	/* the header holds the length, and the dictionary's number */
	{ZSTD_c_contentSizeFlag, 0},
	{ZSTD_c_checksumFlag, 0},
	{ZSTD_c_dictIDFlag, 0},
};

/*
 * Beyond this, compress piece by piece, so that it can be cancelled, and
 * without keeping the large workspace.
 */
#define LARGE_TEXT (1024 * 1024)

/* The four magic bytes that begin every zstd frame are not stored. */
#define MAGIC_SIZE 4
static const uint8_t magic[MAGIC_SIZE] = {0x28, 0xB5, 0x2F, 0xFD};

#define NEWEST_DICTIONARY 1

static ZSTD_CCtx *compressor;
static ZSTD_DCtx *decompressor;
static ZSTD_DDict *decompressor_dictionary;

static void
out_of_memory(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_OUT_OF_MEMORY),
			 errmsg("out of memory"),
			 errdetail("Failed while compressing or inflating a statement.")));
}

/* A failed call is lack of memory; anything else cannot happen. */
static void
check_compression(size_t result)
{
	if (!ZSTD_isError(result))
		return;
	if (ZSTD_getErrorCode(result) == ZSTD_error_memory_allocation)
		out_of_memory();
	elog(ERROR, "could not compress a statement: %s", ZSTD_getErrorName(result));
}

/* A new context with our parameters; it digests the dictionary once, at its first use. */
static ZSTD_CCtx *
create_compressor(void)
{
	ZSTD_CCtx  *context = ZSTD_createCCtx();
	size_t		result = 0;

	if (context == NULL)
		out_of_memory();
	for (int i = 0; i < lengthof(compression_parameters) && !ZSTD_isError(result); i++)
		result = ZSTD_CCtx_setParameter(context, compression_parameters[i].name, compression_parameters[i].value);
	if (!ZSTD_isError(result))
		result = ZSTD_CCtx_loadDictionary(context, ecosys_statement_dictionary_1,
										  ecosys_statement_dictionary_1_size);
	if (ZSTD_isError(result))
	{
		ZSTD_freeCCtx(context);
		check_compression(result);
	}
	return context;
}

static size_t
compress_large(const char *kept, size_t length, uint8_t *out, size_t capacity)
{
	ZSTD_CCtx  *context = create_compressor();
	ZSTD_outBuffer output = {out, capacity, 0};

	PG_TRY();
	{
		size_t		done = 0;

		check_compression(ZSTD_CCtx_setPledgedSrcSize(context, length));
		while (done < length)
		{
			ZSTD_inBuffer input = {kept + done, Min(LARGE_TEXT, length - done), 0};
			bool		last = done + input.size == length;
			size_t		rest;

			do
			{
				rest = ZSTD_compressStream2(context, &output, &input, last ? ZSTD_e_end : ZSTD_e_continue);
				check_compression(rest);
			} while (last ? rest != 0 : input.pos < input.size);
			done += input.size;
			CHECK_FOR_INTERRUPTS();
		}
	}
	PG_FINALLY();
	{
		ZSTD_freeCCtx(context);
	}
	PG_END_TRY();
	return output.pos;
}

void *
ecosys_statement_compress(ecosys_statement_header *header, const char *kept)
{
	size_t		length = header->kept_length;
	size_t		capacity = ZSTD_compressBound(length);
	size_t		size;
	uint8_t    *out;

	if (compressor == NULL)
		compressor = create_compressor();
	out = MemoryContextAllocHuge(CurrentMemoryContext, capacity);
	if (length > LARGE_TEXT)
		size = compress_large(kept, length, out, capacity);
	else
	{
		size = ZSTD_compress2(compressor, out, capacity, kept, length);
		check_compression(size);
	}
	Assert(size > MAGIC_SIZE && memcmp(out, magic, MAGIC_SIZE) == 0);
	if (size - MAGIC_SIZE < length)
	{
		header->dictionary = NEWEST_DICTIONARY;
		header->payload = out + MAGIC_SIZE;
		header->payload_length = size - MAGIC_SIZE;
		return out;
	}
	pfree(out);
	header->dictionary = 0;
	header->payload = (const uint8_t *) kept;
	header->payload_length = length;
	return NULL;
}

const char *
ecosys_statement_inflate(const ecosys_statement_header *header)
{
	uint8_t    *frame;
	char	   *kept;
	size_t		size;

	if (header->dictionary == 0)
		return (const char *) header->payload;
	if (header->dictionary > NEWEST_DICTIONARY)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("statement is compressed with dictionary %d, which this version of ecosys does not have",
						header->dictionary),
				 errhint("Install the version of ecosys that wrote it, or a later one.")));
	if (decompressor_dictionary == NULL)
	{
		decompressor_dictionary = ZSTD_createDDict(ecosys_statement_dictionary_1,
												   ecosys_statement_dictionary_1_size);
		if (decompressor_dictionary == NULL)
			out_of_memory();
	}
	if (decompressor == NULL)
	{
		decompressor = ZSTD_createDCtx();
		if (decompressor == NULL)
			out_of_memory();
	}

	frame = MemoryContextAllocHuge(CurrentMemoryContext, MAGIC_SIZE + header->payload_length);
	memcpy(frame, magic, MAGIC_SIZE);
	memcpy(frame + MAGIC_SIZE, header->payload, header->payload_length);
	kept = MemoryContextAllocHuge(CurrentMemoryContext, Max(header->kept_length, 1));
	size = ZSTD_decompress_usingDDict(decompressor, kept, header->kept_length,
									  frame, MAGIC_SIZE + header->payload_length, decompressor_dictionary);
	pfree(frame);
	if (ZSTD_isError(size) && ZSTD_getErrorCode(size) == ZSTD_error_memory_allocation)
		out_of_memory();
	if (ZSTD_isError(size) || size != header->kept_length)
		ereport(ERROR,
				(errcode(ERRCODE_DATA_CORRUPTED),
				 errmsg("stored statement is corrupt"),
				 errdetail("Its text could not be inflated.")));
	return kept;
}
