/*
 * check.h - all a unit test needs: CHECK counts, report() prints and gives the exit status.
 *
 * Each *_test.c is a program of its own that includes this once.
 */
#ifndef ECOSYS_TEST_CHECK_H
#define ECOSYS_TEST_CHECK_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int	n_passed;
static int	n_failed;

static void
check(bool holds, const char *file, int line, const char *what, ...)
{
	va_list		args;

	if (holds)
	{
		n_passed++;
		return;
	}
	if (n_failed++ >= 50)
		return;
	printf("%s:%d: ", file, line);
	va_start(args, what);
	vprintf(what, args);
	va_end(args);
	printf("\n");
}

/* CHECK(condition), or CHECK_SAY(condition, format, ...) where the condition does not tell enough. */
#define CHECK(condition) check((condition), __FILE__, __LINE__, "%s", #condition)
#define CHECK_SAY(condition, ...) check((condition), __FILE__, __LINE__, __VA_ARGS__)

static int
report(const char *name)
{
	printf("%s: %d passed, %d failed\n", name, n_passed, n_failed);
	return n_failed > 0;
}

/*
 * A copy of a text in memory of exactly its size, so that the address sanitizer
 * sees a byte read beyond it.
 */
static inline char *
exact_copy(const char *text, size_t length)
{
	char	   *copy = malloc(length ? length : 1);

	memcpy(copy, text, length);
	return copy;
}

#endif							/* ECOSYS_TEST_CHECK_H */
