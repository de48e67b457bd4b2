/*
 * statement_compress.c - the payload of a statement in its shortest form.
 *
 * Texts as clients send them go through the coder (statement_coder.h), which
 * knows what statements say. It knows nothing of a long text of other kinds (a transcript
 * in a response, a picture in an extension): these go through zstd, which
 * learns as it goes.
 */
#include "ecosys.h"

#include <zstd.h>
#include <zstd_errors.h>

#include "miscadmin.h"
#include "statement/statement_compress.h"
#include "statement/statement_model.h"
#include "utils/memutils.h"

/* zstd is asked about texts that are longer and of which the coder left more than a half. */
#define LONG_TEXT 1024

/*
 * Beyond this, compress piece by piece, so that it can be cancelled, and
 * without keeping the large workspace.
 */
#define LARGE_TEXT (1024 * 1024)

/* The four magic bytes that begin every zstd frame are not stored. */
#define MAGIC_SIZE 4
static const uint8_t magic[MAGIC_SIZE] = {0x28, 0xB5, 0x2F, 0xFD};

static ecosys_statement_coder *coder;
static ZSTD_CCtx *compressor;
static ZSTD_DCtx *decompressor;

static void
out_of_memory(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_OUT_OF_MEMORY),
			 errmsg("out of memory"),
			 errdetail("Failed while compressing or inflating a statement.")));
}

/* ---- the coder ---- */

static void *
coder_allocate(size_t size)
{
	return MemoryContextAllocExtended(TopMemoryContext, size, MCXT_ALLOC_HUGE | MCXT_ALLOC_NO_OOM);
}

/* It lives as long as the backend: unpacking the model costs as much as hundreds of statements. */
static void
need_coder(void)
{
	if (coder != NULL)
		return;
	coder = ecosys_statement_coder_create(ecosys_statement_model_1, ecosys_statement_model_1_size,
										  coder_allocate, pfree);
	if (coder == NULL)
		out_of_memory();
}

/* ---- zstd ---- */

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

static ZSTD_CCtx *
create_compressor(void)
{
	ZSTD_CCtx  *context = ZSTD_createCCtx();
	size_t		result;

	if (context == NULL)
		out_of_memory();
	/* the header holds the length */
	result = ZSTD_CCtx_setParameter(context, ZSTD_c_contentSizeFlag, 0);
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

/* A frame without its magic bytes, if that is shorter than the payload is now; else NULL. */
static void *
compress_frame(ecosys_statement_header *header, const char *kept)
{
	size_t		length = header->kept_length;
	size_t		capacity = ZSTD_compressBound(length);
	uint8_t    *out = MemoryContextAllocHuge(CurrentMemoryContext, capacity);
	size_t		size;

	if (length > LARGE_TEXT)
		size = compress_large(kept, length, out, capacity);
	else
	{
		if (compressor == NULL)
			compressor = create_compressor();
		size = ZSTD_compress2(compressor, out, capacity, kept, length);
		check_compression(size);
	}
	Assert(size > MAGIC_SIZE && memcmp(out, magic, MAGIC_SIZE) == 0);
	if (size - MAGIC_SIZE >= header->payload_length)
	{
		pfree(out);
		return NULL;
	}
	header->form = ECOSYS_FORM_ZSTD;
	header->payload = out + MAGIC_SIZE;
	header->payload_length = size - MAGIC_SIZE;
	return out;
}

static char *
inflate_frame(const ecosys_statement_header *header)
{
	uint8_t    *frame;
	char	   *kept;
	size_t		size;

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
	size = ZSTD_decompressDCtx(decompressor, kept, header->kept_length, frame, MAGIC_SIZE + header->payload_length);
	pfree(frame);
	if (ZSTD_isError(size) && ZSTD_getErrorCode(size) == ZSTD_error_memory_allocation)
		out_of_memory();
	if (!ZSTD_isError(size) && size == header->kept_length)
		return kept;
	pfree(kept);
	return NULL;
}

/* ---- either ---- */

void *
ecosys_statement_compress(ecosys_statement_header *header, const char *kept)
{
	size_t		length = header->kept_length;

	header->form = ECOSYS_FORM_PLAIN;
	header->payload = (const uint8_t *) kept;
	header->payload_length = length;
	if (length <= ECOSYS_CODER_MAX_TEXT)
	{
		size_t		size;
		const uint8_t *coded;

		need_coder();
		coded = ecosys_statement_coder_encode(coder, kept, length, &size);
		if (coded != NULL)
		{
			header->form = ECOSYS_FORM_MODEL_1;
			header->payload = coded;
			header->payload_length = size;
		}
	}
	if (length > LONG_TEXT && header->payload_length > length / 2)
		return compress_frame(header, kept);
	return NULL;
}

const char *
ecosys_statement_inflate(ecosys_statement_header *header, void **to_free)
{
	static char text[ECOSYS_CODER_MAX_TEXT + ECOSYS_CODER_PADDING];
	const char *kept = NULL;

	*to_free = NULL;
	switch (header->form)
	{
		case ECOSYS_FORM_PLAIN:
			return (const char *) header->payload;
		case ECOSYS_FORM_ZSTD:
			kept = *to_free = inflate_frame(header);
			break;
		case ECOSYS_FORM_MODEL_1:
			{
				size_t		length;

				need_coder();
				if (ecosys_statement_coder_decode(coder, header->payload, header->payload_length, text, &length))
				{
					header->kept_length = (uint32_t) length;
					kept = text;
				}
				break;
			}
		default:
			ereport(ERROR,
					(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
					 errmsg("statement is stored in form %d, which this version of ecosys does not have",
							header->form),
					 errhint("Install the version of ecosys that wrote it, or a later one.")));
	}
	if (kept == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_DATA_CORRUPTED),
				 errmsg("stored statement is corrupt"),
				 errdetail("Its text could not be inflated.")));
	return kept;
}
