/*
 * graph_test_host.h - what the plain graph code asks of its caller, for unit
 * tests: memory that is counted and can be made to fail, a stop that can be
 * asked for, and random numbers that are the same everywhere.
 */
#ifndef GRAPH_TEST_HOST_H
#define GRAPH_TEST_HOST_H

#include <stdio.h>
#include <stdlib.h>

#include "graph/graph_csr.h"

typedef struct test_host
{
	ecosys_graph_host host;
	long		held;			/* allocations not released yet */
	long		fail_at;		/* this allocation fails, counted from 1; 0: none */
	long		count;
	bool		stop;
} test_host;

static uint64_t test_random_state = 88172645463325252ULL;

static inline uint32_t
test_random(uint32_t below)
{
	test_random_state ^= test_random_state << 13;
	test_random_state ^= test_random_state >> 7;
	test_random_state ^= test_random_state << 17;
	return (uint32_t) (test_random_state >> 32) % below;
}

static void *
test_allocate(void *arg, size_t size)
{
	test_host  *host = arg;

	host->count++;
	if (host->fail_at != 0 && host->count >= host->fail_at)
		return NULL;
	host->held++;
	return malloc(size);
}

static void
test_release(void *arg, void *memory)
{
	((test_host *) arg)->held--;
	free(memory);
}

static bool
test_proceed(void *arg)
{
	return !((test_host *) arg)->stop;
}

static inline void
test_host_init(test_host *host)
{
	host->host.allocate = test_allocate;
	host->host.release = test_release;
	host->host.proceed = test_proceed;
	host->host.arg = host;
	host->held = 0;
	host->fail_at = 0;
	host->count = 0;
	host->stop = false;
}

#define CHECK(condition, ...) \
	do { \
		if (!(condition)) \
		{ \
			printf("%s:%d: not true: %s: ", __FILE__, __LINE__, #condition); \
			printf(__VA_ARGS__); \
			printf("\n"); \
			exit(1); \
		} \
	} while (0)

/*
 * A weight: often a power of two, so that products are exact and ties are
 * real; sometimes very small or just below 1.
 */
static inline double
test_weight(bool exact)
{
	static const double powers[] = {1, 0.5, 0.25, 0.125};

	if (exact || test_random(3) > 0)
		return powers[test_random(4)];
	switch (test_random(3))
	{
		case 0:
			return 1e-300;
		case 1:
			return 0.9999999999999999;
		default:
			return (1 + test_random(1000)) / 1001.0;
	}
}

/* Builds a graph of elements with ids that are close together or far apart. */
static inline ecosys_graph_status
test_build(ecosys_graph *graph, uint32_t elements, const uint8_t *acts_as,
		   const ecosys_graph_relation *relation, size_t relations, bool groups, const ecosys_graph_host *host)
{
	ecosys_graph_element *element = ecosys_graph_allocate(host, elements, sizeof(*element));
	int64_t		stride = test_random(2) ? 1 : INT64_C(1000000007);
	ecosys_graph_status status;

	if (element == NULL)
	{
		graph->element = NULL;
		return ECOSYS_GRAPH_NO_MEMORY;
	}
	/* in descending order: building must sort them */
	for (uint32_t i = 0; i < elements; i++)
	{
		element[i].id = (int64_t) (elements - 1 - i) * stride - 3;
		element[i].acts_as = acts_as[elements - 1 - i];
		element[i].available = 1;
		element[i].kind = 0;
	}
	status = ecosys_graph_set_elements(graph, element, elements, host);
	if (status != ECOSYS_GRAPH_OK)
		return status;
	for (uint32_t i = 0; i < elements; i++)
		CHECK(ecosys_graph_index(graph, (int64_t) i * stride - 3) == i, "element %u", i);
	CHECK(ecosys_graph_index(graph, -4) == ECOSYS_GRAPH_NONE, "below all");
	CHECK(ecosys_graph_index(graph, (int64_t) elements * stride) == ECOSYS_GRAPH_NONE, "above all");
	CHECK(ecosys_graph_index(graph, INT64_MIN) == ECOSYS_GRAPH_NONE, "far below");
	CHECK(ecosys_graph_index(graph, INT64_MAX) == ECOSYS_GRAPH_NONE, "far above");
	return ecosys_graph_set_relations(graph, relation, relations, groups, host);
}

#endif							/* GRAPH_TEST_HOST_H */
