/*
 * standalone.c - runs a fuzz target without libFuzzer: over every file named,
 * and over copies of each with a few bytes changed, always the same ones.
 *
 *		target [-runs=N] file...		N changed copies of each file (default 20)
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint64_t random_state = 88172645463325252;

static uint32_t
random_below(uint32_t n)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return (uint32_t) (random_state >> 32) % n;
}

/* In memory of exactly its size, so that a byte read beyond it is seen. */
static void
run(const uint8_t *data, size_t size)
{
	uint8_t    *copy = malloc(size ? size : 1);

	memcpy(copy, data, size);
	LLVMFuzzerTestOneInput(copy, size);
	free(copy);
}

static size_t
change(uint8_t *data, size_t size)
{
	static const char interesting[] = "{}[]:,\"\\u0-.eE tfn/~@%\x00\x1f\x7f\x80\xc3\xed\xf4\xff";

	for (uint32_t i = 1 + random_below(4); i > 0 && size > 0; i--)
	{
		size_t		at = random_below((uint32_t) size);

		switch (random_below(4))
		{
			case 0:
				data[at] = (uint8_t) interesting[random_below(sizeof(interesting) - 1)];
				break;
			case 1:
				data[at] ^= (uint8_t) (1u << random_below(8));
				break;
			case 2:				/* cut out a piece */
				{
					size_t		n = 1 + random_below(16);

					if (n > size - at)
						n = size - at;
					memmove(data + at, data + at + n, size - at - n);
					size -= n;
					break;
				}
			default:			/* copy a piece over another place */
				{
					size_t		from = random_below((uint32_t) size);
					size_t		n = 1 + random_below(32);

					if (n > size - at)
						n = size - at;
					if (n > size - from)
						n = size - from;
					memmove(data + at, data + from, n);
				}
		}
	}
	return size;
}

int
main(int argc, char **argv)
{
	int			runs = 20;
	long		n = 0;

	for (int i = 1; i < argc; i++)
	{
		FILE	   *file;
		uint8_t    *data;
		uint8_t    *changed;
		size_t		size;

		if (strncmp(argv[i], "-runs=", 6) == 0)
		{
			runs = atoi(argv[i] + 6);
			continue;
		}
		file = fopen(argv[i], "rb");
		if (file == NULL)
		{
			perror(argv[i]);
			return 1;
		}
		fseek(file, 0, SEEK_END);
		size = (size_t) ftell(file);
		rewind(file);
		data = malloc(size + 1);
		changed = malloc(size + 1);
		if (fread(data, 1, size, file) != size)
			return 1;
		fclose(file);
		run(data, size);
		for (int j = 0; j < runs; j++)
		{
			memcpy(changed, data, size);
			run(changed, change(changed, size));
		}
		n += 1 + runs;
		free(changed);
		free(data);
	}
	printf("%ld inputs\n", n);
	return n == 0;
}
