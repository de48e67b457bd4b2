/*
 * generate.c - the demo's generator: main program, random numbers, text, time.
 *
 *     cc -O2 -o generate test/demo/[a-z]*.c
 *     generate [--size small|medium|large] [--statements N] [--clean] FOLDER
 *
 * writes hr_departments.csv, hr_employees.csv, hr_assignments.csv,
 * okr_observations.csv, personas.csv, model.json and statements.jsonl. See
 * generate.h for the idea and docs/demo.md for what is in the files. --clean
 * leaves out what a load must refuse or already knows: every line is a new, valid
 * statement.
 */
#include "generate.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define SEED UINT64_C(20260701)

/* ---- random numbers ---- */

uint64_t
mix(uint64_t value)
{
	value += UINT64_C(0x9e3779b97f4a7c15);
	value = (value ^ (value >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	value = (value ^ (value >> 27)) * UINT64_C(0x94d049bb133111eb);
	return value ^ (value >> 31);
}

uint64_t
hash3(uint64_t a, uint64_t b, uint64_t c)
{
	return mix(mix(mix(mix(SEED) ^ a) ^ b) ^ c);
}

Random
random_from(uint64_t a, uint64_t b, uint64_t c)
{
	Random		random = {hash3(a, b, c)};

	return random;
}

uint64_t
next_random(Random *random)
{
	random->state += UINT64_C(0x9e3779b97f4a7c15);
	return mix(random->state);
}

int
below(Random *random, int limit)
{
	return limit <= 1 ? 0 : (int) ((next_random(random) >> 33) % (uint64_t) limit);
}

int
between(Random *random, int low, int high)
{
	return low + below(random, high - low + 1);
}

bool
chance(Random *random, int permille)
{
	return below(random, 1000) < permille;
}

int
bell(Random *random, int middle, int spread)
{
	int			sum = 0;

	for (int i = 0; i < 4; i++)
		sum += between(random, -spread, spread);
	return middle + sum / 2;
}

/* ---- text ---- */

void *
allocate(size_t count, size_t size)
{
	void	   *memory = calloc(count, size);

	if (memory == NULL)
	{
		fprintf(stderr, "generate: out of memory\n");
		exit(1);
	}
	return memory;
}

static void
reserve(Text *text, size_t more)
{
	if (text->length + more + 1 <= text->size)
		return;
	text->size = 2 * (text->length + more + 512);
	text->data = realloc(text->data, text->size);
	if (text->data == NULL)
	{
		fprintf(stderr, "generate: out of memory\n");
		exit(1);
	}
}

void
clear(Text *text)
{
	reserve(text, 0);
	text->length = 0;
	text->data[0] = '\0';
}

void
add(Text *text, const char *format,...)
{
	va_list		arguments;
	int			length;

	reserve(text, 1024);
	va_start(arguments, format);
	length = vsnprintf(text->data + text->length, text->size - text->length, format, arguments);
	va_end(arguments);
	if ((size_t) length >= text->size - text->length)
	{
		reserve(text, (size_t) length);
		va_start(arguments, format);
		vsnprintf(text->data + text->length, text->size - text->length, format, arguments);
		va_end(arguments);
	}
	text->length += (size_t) length;
}

void
add_json(Text *text, const char *value)
{
	reserve(text, 6 * strlen(value) + 2);
	text->data[text->length++] = '"';
	for (; *value; value++)
	{
		unsigned char c = (unsigned char) *value;

		if (c == '"' || c == '\\')
			text->data[text->length++] = '\\';
		if (c < 0x20)
		{
			text->length += (size_t) sprintf(text->data + text->length, "\\u%04x", c);
			continue;
		}
		text->data[text->length++] = (char) c;
	}
	text->data[text->length++] = '"';
	text->data[text->length] = '\0';
}

void
add_csv(FILE *file, const char *value, char after)
{
	if (strpbrk(value, ",\"\n{") == NULL)
		fputs(value, file);
	else
	{
		fputc('"', file);
		for (; *value; value++)
		{
			if (*value == '"')
				fputc('"', file);
			fputc(*value, file);
		}
		fputc('"', file);
	}
	fputc(after, file);
}

const char *
permille_text(int permille, char *buffer)
{
	const char *sign = permille < 0 ? "-" : "";
	int			value = abs(permille);

	if (value % 1000 == 0)
		sprintf(buffer, "%s%d", sign, value / 1000);
	else if (value % 100 == 0)
		sprintf(buffer, "%s%d.%d", sign, value / 1000, value % 1000 / 100);
	else if (value % 10 == 0)
		sprintf(buffer, "%s%d.%02d", sign, value / 1000, value % 1000 / 10);
	else
		sprintf(buffer, "%s%d.%03d", sign, value / 1000, value % 1000);
	return buffer;
}

void
uuid_text(uint64_t high, uint64_t low, char *buffer)
{
	sprintf(buffer, "%08" PRIx64 "-%04" PRIx64 "-4%03" PRIx64 "-%04" PRIx64 "-%012" PRIx64,
			high >> 32, high >> 16 & 0xffff, high & 0xfff,
			(low >> 48 & 0x3fff) | 0x8000, low & UINT64_C(0xffffffffffff));
}

FILE *
open_output(const char *folder, const char *name)
{
	char		path[4096];
	FILE	   *file;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = fopen(path, "wb");
	if (file == NULL)
	{
		fprintf(stderr, "generate: cannot write %s\n", path);
		exit(1);
	}
	return file;
}

void
close_output(FILE *file, const char *name)
{
	bool		failed = ferror(file) != 0;

	if (fclose(file) != 0 || failed)
	{
		fprintf(stderr, "generate: could not write all of %s\n", name);
		exit(1);
	}
}

/* ---- time ---- */

/* Days from 1970 to year, month, day (Howard Hinnant, "chrono-compatible low-level date algorithms"). */
static void
civil(int days, int *year, int *month, int *day)
{
	int			z = days + 719468;
	int			era = z / 146097;
	int			doe = z - era * 146097;
	int			yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int			doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int			mp = (5 * doy + 2) / 153;

	*day = doy - (153 * mp + 2) / 5 + 1;
	*month = mp < 10 ? mp + 3 : mp - 9;
	*year = yoe + era * 400 + (*month <= 2);
}

void
date_text(int day, char *buffer)
{
	int			year,
				month,
				date;

	civil(day, &year, &month, &date);
	sprintf(buffer, "%04d-%02d-%02d", year, month, date);
}

void
time_text(int64_t ms, int offset_minutes, char *buffer)
{
	int64_t		local = ms + INT64_C(60000) * offset_minutes;
	int			in_day = (int) (local % DAY_MS);

	date_text((int) (local / DAY_MS), buffer);
	buffer += 10;
	buffer += sprintf(buffer, "T%02d:%02d:%02d.%03d", in_day / 3600000, in_day / 60000 % 60,
					  in_day / 1000 % 60, in_day % 1000);
	if (offset_minutes == 0)
		strcpy(buffer, "Z");
	else
		sprintf(buffer, "%c%02d:%02d", offset_minutes < 0 ? '-' : '+',
				abs(offset_minutes) / 60, abs(offset_minutes) % 60);
}

/* Summer time from April to October: near enough for clocks on statements. */
int
utc_offset(int site, int64_t ms)
{
	int			year,
				month,
				day;

	civil((int) (ms / DAY_MS), &year, &month, &day);
	return (month >= 4 && month <= 10 ? 60 : 0) + (strcmp(site_names[site], "Porto") == 0 ? 0 : 60);
}

/* ---- main ---- */

static void
usage(void)
{
	fprintf(stderr, "usage: generate [--size small|medium|large] [--statements N] [--clean] FOLDER\n");
	exit(2);
}

int
main(int argc, char **argv)
{
	const char *folder = NULL;
	int			n = 2400,
				statements = 200000,
				asked = 0;
	bool		clean = false;

	for (int i = 1; i < argc; i++)
	{
		if (strcmp(argv[i], "--size") == 0 && i + 1 < argc)
		{
			const char *size = argv[++i];

			if (strcmp(size, "small") == 0)
			{
				n = 300;
				statements = 20000;
			}
			else if (strcmp(size, "large") == 0)
				statements = 1000000;
			else if (strcmp(size, "medium") != 0)
				usage();
		}
		else if (strcmp(argv[i], "--statements") == 0 && i + 1 < argc)
		{
			asked = atoi(argv[++i]);
			if (asked < 100 || asked > 50000000)
				usage();
		}
		else if (strcmp(argv[i], "--clean") == 0)
			clean = true;
		else if (argv[i][0] != '-' && folder == NULL)
			folder = argv[i];
		else
			usage();
	}
	if (folder == NULL)
		usage();
	make_people(n);
	make_contents();
	write_hr(folder);
	write_model(folder);
	write_statements(folder, asked ? asked : statements, clean);
	return 0;
}
