/*
 * graph_csr.c - builds the graph that graph_csr.h describes.
 *
 * Elements come first, so that relations can be given by index and those
 * whose ends are not there never take memory. Relations are placed by a
 * counting sort, once for each direction: linear, and no larger than the
 * result.
 */
#include "graph/graph_csr.h"

#include <stdlib.h>
#include <string.h>

void *
ecosys_graph_allocate(const ecosys_graph_host *host, size_t count, size_t size)
{
	if (size != 0 && count > SIZE_MAX / size)
		return NULL;
	return host->allocate(host->arg, count * size > 0 ? count * size : 1);
}

static void
release(const ecosys_graph_host *host, void *memory)
{
	if (memory != NULL)
		host->release(host->arg, memory);
}

static int
compare_elements(const void *a, const void *b)
{
	int64_t		x = ((const ecosys_graph_element *) a)->id;
	int64_t		y = ((const ecosys_graph_element *) b)->id;

	return (x > y) - (x < y);
}

/*
 * Takes over the array of elements (got from host->allocate), in any order.
 * Of several with one id the first after sorting is kept: ids are a primary
 * key, this only keeps us safe where they are not.
 */
ecosys_graph_status
ecosys_graph_set_elements(ecosys_graph *graph, ecosys_graph_element *element, size_t count,
						  const ecosys_graph_host *host)
{
	bool		sorted = true;
	size_t		kept = 0;

	memset(graph, 0, sizeof(*graph));
	graph->element = element;
	if (count > ECOSYS_GRAPH_MAX_ELEMENTS)
		return ECOSYS_GRAPH_TOO_LARGE;
	for (size_t i = 1; i < count && sorted; i++)
		sorted = element[i - 1].id < element[i].id;
	if (!sorted)
		qsort(element, count, sizeof(*element), compare_elements);
	for (size_t i = 0; i < count; i++)
	{
		if (kept == 0 || element[kept - 1].id != element[i].id)
			element[kept++] = element[i];
	}
	graph->elements = (uint32_t) kept;
	if (kept == 0)
		return ECOSYS_GRAPH_OK;

	/* Ids from a sequence are close together: then a table is quicker than searching. */
	graph->index_span = (uint64_t) element[kept - 1].id - (uint64_t) element[0].id;
	if (graph->index_span / 4 > kept + 1024)
	{
		graph->index_span = 0;
		return ECOSYS_GRAPH_OK;
	}
	graph->index_span++;
	graph->index_of = ecosys_graph_allocate(host, graph->index_span, sizeof(uint32_t));
	if (graph->index_of == NULL)
		return ECOSYS_GRAPH_NO_MEMORY;
	memset(graph->index_of, 0xff, graph->index_span * sizeof(uint32_t));
	for (size_t i = 0; i < kept; i++)
		graph->index_of[(uint64_t) element[i].id - (uint64_t) element[0].id] = (uint32_t) i;
	return ECOSYS_GRAPH_OK;
}

/* The index of an element, or ECOSYS_GRAPH_NONE. */
uint32_t
ecosys_graph_index(const ecosys_graph *graph, int64_t id)
{
	uint32_t	low = 0;
	uint32_t	high = graph->elements;

	if (graph->elements == 0 || id < graph->element[0].id)
		return ECOSYS_GRAPH_NONE;
	if (graph->index_of != NULL)
	{
		uint64_t	offset = (uint64_t) id - (uint64_t) graph->element[0].id;

		return offset < graph->index_span ? graph->index_of[offset] : ECOSYS_GRAPH_NONE;
	}
	while (low < high)
	{
		uint32_t	middle = low + (high - low) / 2;

		if (graph->element[middle].id < id)
			low = middle + 1;
		else
			high = middle;
	}
	return low < graph->elements && graph->element[low].id == id ? low : ECOSYS_GRAPH_NONE;
}

static ecosys_graph_status
build_side(ecosys_graph_side *side, uint32_t elements, const ecosys_graph_relation *relation,
		   size_t count, bool by_source, bool groups, const ecosys_graph_host *host)
{
	uint32_t	steps = 0;

	side->first = ecosys_graph_allocate(host, (size_t) elements + 1, sizeof(uint32_t));
	side->neighbour = ecosys_graph_allocate(host, count, sizeof(uint32_t));
	side->weight = ecosys_graph_allocate(host, count, sizeof(double));
	side->kind = ecosys_graph_allocate(host, count, sizeof(uint16_t));
	side->alternatives = groups ? ecosys_graph_allocate(host, count, sizeof(uint32_t)) : NULL;
	if (side->first == NULL || side->neighbour == NULL || side->weight == NULL ||
		side->kind == NULL || (groups && side->alternatives == NULL))
		return ECOSYS_GRAPH_NO_MEMORY;

	memset(side->first, 0, ((size_t) elements + 1) * sizeof(uint32_t));
	for (size_t i = 0; i < count; i++)
		side->first[by_source ? relation[i].source : relation[i].target]++;
	for (uint32_t e = 0, sum = 0; e <= elements; e++)
	{
		sum += side->first[e];
		side->first[e] = sum;	/* end of e; filling backwards turns it into the start */
	}
	for (size_t i = count; i-- > 0;)
	{
		uint32_t	at = --side->first[by_source ? relation[i].source : relation[i].target];

		side->neighbour[at] = by_source ? relation[i].target : relation[i].source;
		side->weight[at] = relation[i].weight;
		side->kind[at] = relation[i].kind;
		if (groups)
			side->alternatives[at] = relation[i].alternatives;
		if (!ecosys_graph_step(&steps, host))
			return ECOSYS_GRAPH_STOPPED;
	}
	return ECOSYS_GRAPH_OK;
}

/* Builds both directions; the array of relations stays the caller's. */
ecosys_graph_status
ecosys_graph_set_relations(ecosys_graph *graph, const ecosys_graph_relation *relation, size_t count,
						   bool groups, const ecosys_graph_host *host)
{
	ecosys_graph_status status;

	if (count > ECOSYS_GRAPH_MAX_RELATIONS)
		return ECOSYS_GRAPH_TOO_LARGE;
	graph->relations = (uint32_t) count;
	status = build_side(&graph->out, graph->elements, relation, count, true, groups, host);
	if (status == ECOSYS_GRAPH_OK)
		status = build_side(&graph->in, graph->elements, relation, count, false, groups, host);
	return status;
}

static void
free_side(ecosys_graph_side *side, const ecosys_graph_host *host)
{
	release(host, side->first);
	release(host, side->neighbour);
	release(host, side->weight);
	release(host, side->kind);
	release(host, side->alternatives);
}

/* Frees what was built, wherever building ended. */
void
ecosys_graph_free(ecosys_graph *graph, const ecosys_graph_host *host)
{
	free_side(&graph->out, host);
	free_side(&graph->in, host);
	release(host, graph->element);
	release(host, graph->index_of);
	memset(graph, 0, sizeof(*graph));
}
