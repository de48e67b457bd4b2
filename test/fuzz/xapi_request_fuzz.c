/*
 * xapi_request_fuzz.c - any request (method, path, query and headers on a line
 * each, then the body): ends with a status and a reason, or is good; and then
 * its parameters, written as a query again, are read as the same ones.
 */
#include "xapi/xapi_request.h"

#include <stdlib.h>
#include <string.h>

static void
need(bool condition)
{
	if (!condition)
		abort();
}

static void *taken[8192];
static int	n_taken;

static void *
take(size_t size)
{
	void	   *memory = malloc(size ? size : 1);

	need(n_taken < (int) (sizeof(taken) / sizeof(taken[0])));
	taken[n_taken++] = memory;
	return memory;
}

/* A copy in memory of its own, so that a byte read beyond it is seen. */
static ecosys_xapi_text
copy(const char *bytes, size_t length)
{
	char	   *memory = take(length);

	if (length > 0)
		memcpy(memory, bytes, length);
	return (ecosys_xapi_text) {memory, length};
}

int			LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	ecosys_xapi_text part[5];
	ecosys_xapi_request request;
	const char *at = (const char *) data;
	const char *end = at + size;

	if (size > 4000)
		return 0;
	for (int i = 0; i < 5; i++)
	{
		const char *newline = i < 4 && at < end ? memchr(at, '\n', (size_t) (end - at)) : NULL;
		const char *stop = newline == NULL ? end : newline;

		part[i] = copy(at, (size_t) (stop - at));
		at = newline == NULL ? end : newline + 1;
	}
	ecosys_xapi_request_read(&request, part[0], part[1], part[2], part[3], part[4], take);
	if (request.status != 0)
	{
		need(request.status >= 400 && request.status < 500 && request.reason[0] != '\0');
		for (const char *c = request.reason; *c != '\0'; c++)
			need(*c >= ' ' && *c <= '~');
	}
	else if (request.resource == ECOSYS_XAPI_STATEMENTS && request.method == ECOSYS_XAPI_GET && !request.alternate)
	{
		char	   *filter = take(3 * part[2].length + 32 * ECOSYS_XAPI_N_PARAMETERS);
		ecosys_xapi_text query = {filter, ecosys_xapi_request_filter(&request, filter)};
		ecosys_xapi_request again;

		ecosys_xapi_request_read(&again, part[0], part[1], query, part[3], part[4], take);
		need(again.status == 0);
		for (int i = 0; i < ECOSYS_XAPI_N_PARAMETERS; i++)
		{
			if (i != ECOSYS_XAPI_CURSOR)
				need((request.parameter[i].bytes == NULL) == (again.parameter[i].bytes == NULL) &&
					 request.parameter[i].length == again.parameter[i].length &&
					 (request.parameter[i].length == 0 || memcmp(request.parameter[i].bytes, again.parameter[i].bytes, request.parameter[i].length) == 0));
		}
	}
	while (n_taken > 0)
		free(taken[--n_taken]);
	return 0;
}
