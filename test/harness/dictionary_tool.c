/*
 * dictionary_tool.c - makes and measures the compression dictionary.
 *
 *	dictionary_tool keep < statements.jsonl > kept_texts
 *	dictionary_tool finalize CONTENT < statements.jsonl > dictionary
 *	dictionary_tool measure DICTIONARY < statements.jsonl
 *
 * Statements go through the same parser and packing as in the server, so that
 * the dictionary is made of what the server compresses. Lines that are no valid
 * statements are counted and left out.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <zdict.h>
#include <zstd.h>
#ifdef WITH_LZ4
#include <lz4.h>
#endif

#include "statement/statement.h"

/* Room for what stands before a dictionary's content: entropy tables, at most. */
#define TABLES_SIZE 1024

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
	fprintf(stderr, "dictionary_tool: %s\n", message);
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
		if (all.total + length > kept_capacity)
			all.kept = need(realloc(all.kept, kept_capacity = (all.total + length) * 2));
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
		die("cannot open the dictionary");
	*size = fread(bytes, 1, 1 << 20, file);
	fclose(file);
	return bytes;
}

/* Put entropy tables that suit the samples before the content. */
static void
finalize(const char *name)
{
	size_t		content_size;
	char	   *content = read_file(name, &content_size);
	size_t		capacity = content_size + TABLES_SIZE;
	char	   *dictionary = need(malloc(capacity));
	samples		all = read_samples();
	ZDICT_params_t parameters = {.compressionLevel = 5};
	size_t		size = ZDICT_finalizeDictionary(dictionary, capacity, content, content_size,
												all.kept, all.sizes, all.n, parameters);

	if (ZDICT_isError(size))
		die(ZDICT_getErrorName(size));
	fprintf(stderr, "dictionary of %zu bytes\n", size);
	fwrite(dictionary, 1, size, stdout);
}

static void
measure_zstd(const samples *all, const char *dictionary, size_t size, const char *name, int level, bool chosen)
{
	ZSTD_CCtx  *compressor = need(ZSTD_createCCtx());
	ZSTD_DCtx  *decompressor = need(ZSTD_createDCtx());
	ZSTD_DDict *digested = need(ZSTD_createDDict(dictionary, size));
	char	   *frames = need(malloc(all->total + all->n * 64));
	size_t	   *frame_sizes = need(malloc(all->n * sizeof(size_t)));
	char	   *back = need(malloc(all->total));
	size_t		out = 0;
	size_t		in = 0;
	double		begin,
				middle,
				end;

	ZSTD_CCtx_setParameter(compressor, ZSTD_c_compressionLevel, level);
	if (chosen)
	{
		/* as in statement_compress.c */
		ZSTD_CCtx_setParameter(compressor, ZSTD_c_strategy, ZSTD_lazy);
		ZSTD_CCtx_setParameter(compressor, ZSTD_c_searchLog, 5);
		ZSTD_CCtx_setParameter(compressor, ZSTD_c_minMatch, 5);
		ZSTD_CCtx_setParameter(compressor, ZSTD_c_windowLog, 17);
		ZSTD_CCtx_setParameter(compressor, ZSTD_c_hashLog, 17);
		ZSTD_CCtx_setParameter(compressor, ZSTD_c_chainLog, 17);
	}
	ZSTD_CCtx_setParameter(compressor, ZSTD_c_contentSizeFlag, 0);
	ZSTD_CCtx_setParameter(compressor, ZSTD_c_dictIDFlag, 0);
	ZSTD_CCtx_loadDictionary(compressor, dictionary, size);
	ZSTD_compress2(compressor, frames, all->total, all->kept, all->sizes[0]);
	begin = cpu_seconds();
	for (size_t i = 0; i < all->n; i++)
	{
		frame_sizes[i] = ZSTD_compress2(compressor, frames + out, all->sizes[i] + 64, all->kept + in, all->sizes[i]);
		if (ZSTD_isError(frame_sizes[i]))
			die(ZSTD_getErrorName(frame_sizes[i]));
		out += frame_sizes[i];
		in += all->sizes[i];
	}
	middle = cpu_seconds();
	in = out = 0;
	for (size_t i = 0; i < all->n; i++)
	{
		if (ZSTD_decompress_usingDDict(decompressor, back + in, all->sizes[i], frames + out, frame_sizes[i],
									   digested) != all->sizes[i])
			die("inflated otherwise");
		out += frame_sizes[i];
		in += all->sizes[i];
	}
	end = cpu_seconds();
	if (memcmp(back, all->kept, in) != 0)
		die("inflated otherwise");
	printf("%-16s payload %6.1f bytes, stored %6.1f bytes, compress %6.2f us, inflate %5.2f us\n", name,
		   (double) out / all->n - 4, (double) (out + all->fields) / all->n - 4,
		   (middle - begin) / all->n * 1e6, (end - middle) / all->n * 1e6);
	free(frames);
	free(frame_sizes);
	free(back);
	ZSTD_freeCCtx(compressor);
	ZSTD_freeDCtx(decompressor);
	ZSTD_freeDDict(digested);
}

#ifdef WITH_LZ4
static void
measure_lz4(const samples *all, const char *dictionary, size_t size)
{
	LZ4_stream_t *loaded = need(LZ4_createStream());
	LZ4_stream_t *stream = need(LZ4_createStream());
	char		frame[1 << 16];
	char		back[1 << 16];
	size_t		in = 0;
	size_t		out = 0;
	double		compress = 0;
	double		inflate = 0;
	size_t		n = 0;

	LZ4_loadDict(loaded, dictionary, size);
	for (size_t i = 0; i < all->n; i++)
	{
		double		begin = cpu_seconds();
		double		middle;
		int			length;

		memcpy(stream, loaded, sizeof(*stream));
		length = LZ4_compress_fast_continue(stream, all->kept + in, frame, all->sizes[i], sizeof(frame), 1);
		middle = cpu_seconds();
		compress += middle - begin;
		if (LZ4_decompress_safe_usingDict(frame, back, length, sizeof(back), dictionary, size) != all->sizes[i])
			die("lz4 inflated otherwise");
		inflate += cpu_seconds() - middle;
		in += all->sizes[i];
		out += length;
		n++;
	}
	printf("%-16s payload %6.1f bytes, stored %6.1f bytes, compress %6.2f us, inflate %5.2f us\n", "lz4",
		   (double) out / n, (double) (out + all->fields) / n, compress / n * 1e6, inflate / n * 1e6);
}
#endif

static void
measure(const char *name)
{
	size_t		size;
	char	   *dictionary = read_file(name, &size);
	samples		all = read_samples();

	printf("text %.1f bytes, kept text %.1f, fields %.1f; parse %.2f us, pack %.2f us\n",
		   (double) all.raw / all.n, (double) all.total / all.n, (double) all.fields / all.n,
		   all.parse_seconds / all.n * 1e6, all.pack_seconds / all.n * 1e6);
	measure_zstd(&all, dictionary, size, "as shipped", 6, true);
	measure_zstd(&all, dictionary, size, "zstd level 1", 1, false);
	measure_zstd(&all, dictionary, size, "zstd level 3", 3, false);
	measure_zstd(&all, dictionary, size, "zstd level 6", 6, false);
	measure_zstd(&all, dictionary, size, "zstd level 9", 9, false);
#ifdef WITH_LZ4
	measure_lz4(&all, dictionary, size);
#endif
}

int
main(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "keep") == 0)
		keep();
	else if (argc == 3 && strcmp(argv[1], "finalize") == 0)
		finalize(argv[2]);
	else if (argc == 3 && strcmp(argv[1], "measure") == 0)
		measure(argv[2]);
	else
		die("usage: dictionary_tool keep | finalize CONTENT | measure DICTIONARY, with statements on standard input");
	return 0;
}
