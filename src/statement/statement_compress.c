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

/* See docs/statement.md for what other levels give. */
#define COMPRESSION_LEVEL 3

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
static ZSTD_CDict *compressor_dictionary;
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

static void
set_up_compressor(ZSTD_CCtx *context)
{
	check_compression(ZSTD_CCtx_setParameter(context, ZSTD_c_contentSizeFlag, 0));
	check_compression(ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 0));
	check_compression(ZSTD_CCtx_setParameter(context, ZSTD_c_dictIDFlag, 0));
	check_compression(ZSTD_CCtx_refCDict(context, compressor_dictionary));
}

static void
need_compressor(void)
{
	if (compressor_dictionary == NULL)
	{
		compressor_dictionary = ZSTD_createCDict(ecosys_statement_dictionary_1, ecosys_statement_dictionary_1_size,
												 COMPRESSION_LEVEL);
		if (compressor_dictionary == NULL)
			out_of_memory();
	}
	if (compressor == NULL)
	{
		ZSTD_CCtx  *context = ZSTD_createCCtx();

		if (context == NULL)
			out_of_memory();
		compressor = context;
	}
	/* also ends what an error may have left half done */
	check_compression(ZSTD_CCtx_reset(compressor, ZSTD_reset_session_and_parameters));
	set_up_compressor(compressor);
}

static size_t
compress_large(const char *kept, size_t length, uint8_t *out, size_t capacity)
{
	ZSTD_CCtx  *context = ZSTD_createCCtx();
	ZSTD_outBuffer output = {out, capacity, 0};

	if (context == NULL)
		out_of_memory();
	PG_TRY();
	{
		size_t		done = 0;

		set_up_compressor(context);
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

void
ecosys_statement_compress(ecosys_statement_header *header, const char *kept)
{
	size_t		length = header->kept_length;
	size_t		capacity = ZSTD_compressBound(length);
	size_t		size;
	uint8_t    *out;

	need_compressor();
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
	}
	else
	{
		pfree(out);
		header->dictionary = 0;
		header->payload = (const uint8_t *) kept;
		header->payload_length = length;
	}
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
