/*
 * graph_availability.c - the weakest link, with alternatives and cycles.
 *
 * Every right-hand side of the equations is at least as large as any input
 * that decides it, so elements become final in ascending order of their
 * value (Knuth's generalisation of Dijkstra's algorithm): each begins as a
 * candidate with its own availability, and a group becomes a candidate for
 * its target once all its members are final. A group that waits for its own
 * target (a cycle) never does: a loop of healthy elements stays up, which is
 * the greatest solution.
 *
 * Losing one element only changes what is downstream of it, so importance
 * solves that part again, from the values around it.
 */
#include "graph/graph_availability.h"

#include <stdlib.h>
#include <string.h>

typedef struct member
{
	uint32_t	alternatives;
	uint32_t	source;
	double		criticality;
} member;

static void
release(const ecosys_graph_host *host, void *memory)
{
	if (memory != NULL)
		host->release(host->arg, memory);
}

static int
compare_members(const void *a, const void *b)
{
	const member *x = a;
	const member *y = b;

	if (x->alternatives != y->alternatives)
		return x->alternatives < y->alternatives ? -1 : 1;
	if (x->source != y->source)
		return x->source < y->source ? -1 : 1;
	return (x->criticality > y->criticality) - (x->criticality < y->criticality);
}

/* What reaches the target of a dependency whose source has availability x. */
static inline double
passed_on(double x, double criticality)
{
	double		passed = criticality == 1 ? x : 1 - criticality * (1 - x);

	return passed < x ? x : passed; /* rounding must not break the order of the search */
}

void
ecosys_dependencies_free(ecosys_dependencies *d)
{
	release(d->host, d->slot_first);
	release(d->host, d->slot_target);
	release(d->host, d->member_first);
	release(d->host, d->member_source);
	release(d->host, d->member_criticality);
	release(d->host, d->use_first);
	release(d->host, d->use_slot);
	release(d->host, d->use_criticality);
	release(d->host, d->open);
	release(d->host, d->best);
	release(d->host, d->settled);
	release(d->host, d->heap.entry);
	release(d->host, d->heap.position);
	memset(d, 0, sizeof(*d));
}

/* The members of each target's groups, in order, and from that the slots. */
static ecosys_graph_status
fill_slots(ecosys_dependencies *d, const double *kind_factor, member *sorted)
{
	const ecosys_graph *graph = d->graph;
	const ecosys_graph_side *in = &graph->in;

	for (uint32_t v = 0; v < graph->elements; v++)
	{
		uint32_t	count = 0;

		d->slot_first[v] = d->slots;
		for (uint32_t at = in->first[v]; at < in->first[v + 1]; at++)
		{
			if (!ecosys_graph_step(&d->steps, d->host))
				return ECOSYS_GRAPH_STOPPED;
			if (kind_factor[in->kind[at]] < 0)
				continue;
			sorted[count].alternatives = in->alternatives == NULL ? 0 : in->alternatives[at];
			sorted[count].source = in->neighbour[at];
			sorted[count].criticality = in->weight[at];
			count++;
		}
		if (count > 1)
			qsort(sorted, count, sizeof(member), compare_members);
		for (uint32_t i = 0; i < count; i++)
		{
			if (i == 0 || sorted[i].alternatives == 0 ||
				sorted[i].alternatives != sorted[i - 1].alternatives)
			{
				d->slot_target[d->slots] = v;
				d->member_first[d->slots] = d->members;
				d->slots++;
			}
			d->member_source[d->members] = sorted[i].source;
			d->member_criticality[d->members] = sorted[i].criticality;
			d->members++;
		}
	}
	d->slot_first[graph->elements] = d->slots;
	d->member_first[d->slots] = d->members;
	return ECOSYS_GRAPH_OK;
}

/* From each source to the slots it is a member of. */
static void
fill_uses(ecosys_dependencies *d)
{
	uint32_t	elements = d->graph->elements;

	memset(d->use_first, 0, ((size_t) elements + 1) * sizeof(uint32_t));
	for (uint32_t i = 0; i < d->members; i++)
		d->use_first[d->member_source[i]]++;
	for (uint32_t e = 0, sum = 0; e <= elements; e++)
	{
		sum += d->use_first[e];
		d->use_first[e] = sum;
	}
	for (uint32_t slot = d->slots; slot-- > 0;)
	{
		for (uint32_t i = d->member_first[slot]; i < d->member_first[slot + 1]; i++)
		{
			uint32_t	at = --d->use_first[d->member_source[i]];

			d->use_slot[at] = slot;
			d->use_criticality[at] = d->member_criticality[i];
		}
	}
}

/* kind_factor: by kind of relation, negative where it does not deliver. */
ecosys_graph_status
ecosys_dependencies_prepare(ecosys_dependencies *d, const ecosys_graph *graph,
							const double *kind_factor, const ecosys_graph_host *host)
{
	size_t		elements = graph->elements;
	size_t		relations = graph->relations;
	member	   *sorted;
	ecosys_graph_status status = ECOSYS_GRAPH_NO_MEMORY;

	memset(d, 0, sizeof(*d));
	d->graph = graph;
	d->host = host;
	d->slot_first = ecosys_graph_allocate(host, elements + 1, sizeof(uint32_t));
	d->slot_target = ecosys_graph_allocate(host, relations, sizeof(uint32_t));
	d->member_first = ecosys_graph_allocate(host, relations + 1, sizeof(uint32_t));
	d->member_source = ecosys_graph_allocate(host, relations, sizeof(uint32_t));
	d->member_criticality = ecosys_graph_allocate(host, relations, sizeof(double));
	d->use_first = ecosys_graph_allocate(host, elements + 1, sizeof(uint32_t));
	d->use_slot = ecosys_graph_allocate(host, relations, sizeof(uint32_t));
	d->use_criticality = ecosys_graph_allocate(host, relations, sizeof(double));
	d->open = ecosys_graph_allocate(host, relations, sizeof(uint32_t));
	d->best = ecosys_graph_allocate(host, relations, sizeof(double));
	d->settled = ecosys_graph_allocate(host, elements, sizeof(bool));
	d->heap.entry = ecosys_graph_allocate(host, elements, sizeof(ecosys_heap_entry));
	d->heap.position = ecosys_graph_allocate(host, elements, sizeof(uint32_t));
	sorted = ecosys_graph_allocate(host, relations, sizeof(member));
	if (d->slot_first != NULL && d->slot_target != NULL && d->member_first != NULL &&
		d->member_source != NULL && d->member_criticality != NULL && d->use_first != NULL &&
		d->use_slot != NULL && d->use_criticality != NULL && d->open != NULL && d->best != NULL &&
		d->settled != NULL &&
		d->heap.entry != NULL && d->heap.position != NULL && sorted != NULL)
	{
		status = fill_slots(d, kind_factor, sorted);
		if (status == ECOSYS_GRAPH_OK)
			fill_uses(d);
		memset(d->heap.position, 0xff, elements * sizeof(uint32_t));
	}
	release(host, sorted);
	return status;
}

/* Makes the candidates in the heap final, in ascending order. */
static ecosys_graph_status
settle(ecosys_dependencies *d, double *available)
{
	while (d->heap.count > 0)
	{
		ecosys_heap_entry least = ecosys_heap_pop(&d->heap);

		d->settled[least.element] = true;
		available[least.element] = least.key;
		for (uint32_t i = d->use_first[least.element]; i < d->use_first[least.element + 1]; i++)
		{
			uint32_t	slot = d->use_slot[i];
			uint32_t	target = d->slot_target[slot];
			double		passed = passed_on(least.key, d->use_criticality[i]);

			if (!ecosys_graph_step(&d->steps, d->host))
				return ECOSYS_GRAPH_STOPPED;
			if (passed > d->best[slot])
				d->best[slot] = passed;
			if (--d->open[slot] == 0 && !d->settled[target])
				ecosys_heap_push(&d->heap, target, d->best[slot], 0);
		}
	}
	return ECOSYS_GRAPH_OK;
}

ecosys_graph_status
ecosys_availability(ecosys_dependencies *d, const double *own, double *available)
{
	memset(d->settled, false, d->graph->elements);
	d->heap.count = 0;
	memset(d->heap.position, 0xff, d->graph->elements * sizeof(uint32_t));
	for (uint32_t slot = 0; slot < d->slots; slot++)
	{
		d->open[slot] = d->member_first[slot + 1] - d->member_first[slot];
		d->best[slot] = 0;
	}
	for (uint32_t v = 0; v < d->graph->elements; v++)
		ecosys_heap_push(&d->heap, v, own[v], 0);
	return settle(d, available);
}

/* Elements that feel lost, itself first; marks them. */
static ecosys_graph_status
find_downstream(ecosys_dependencies *d, uint32_t lost, bool *mark, uint32_t *found, uint32_t *count)
{
	*count = 0;
	mark[lost] = true;
	found[(*count)++] = lost;
	for (uint32_t at = 0; at < *count; at++)
	{
		for (uint32_t i = d->use_first[found[at]]; i < d->use_first[found[at] + 1]; i++)
		{
			uint32_t	target = d->slot_target[d->use_slot[i]];

			if (!ecosys_graph_step(&d->steps, d->host))
				return ECOSYS_GRAPH_STOPPED;
			if (!mark[target])
			{
				mark[target] = true;
				found[(*count)++] = target;
			}
		}
	}
	return ECOSYS_GRAPH_OK;
}

ecosys_graph_status
ecosys_availability_without(ecosys_dependencies *d, const double *own, const double *available,
							uint32_t lost, bool *mark, uint32_t *changed, uint32_t *count,
							double *after)
{
	ecosys_graph_status status = find_downstream(d, lost, mark, changed, count);

	if (status == ECOSYS_GRAPH_OK)
	{
		d->heap.count = 0;
		for (uint32_t c = 0; c < *count; c++)
		{
			uint32_t	v = changed[c];
			double		candidate = v == lost ? 0 : own[v];

			d->settled[v] = false;
			d->heap.position[v] = ECOSYS_GRAPH_NONE;
			for (uint32_t slot = d->slot_first[v]; slot < d->slot_first[v + 1]; slot++)
			{
				d->open[slot] = 0;
				d->best[slot] = 0;
				for (uint32_t i = d->member_first[slot]; i < d->member_first[slot + 1]; i++)
				{
					uint32_t	source = d->member_source[i];

					if (mark[source])
						d->open[slot]++;
					else if (passed_on(available[source], d->member_criticality[i]) > d->best[slot])
						d->best[slot] = passed_on(available[source], d->member_criticality[i]);
				}
				if (d->open[slot] == 0 && d->best[slot] < candidate)
					candidate = d->best[slot];
			}
			ecosys_heap_push(&d->heap, v, candidate, 0);
		}
		status = settle(d, after);
	}
	for (uint32_t c = 0; c < *count; c++)
		mark[changed[c]] = false;
	return status;
}
