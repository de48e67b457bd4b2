/*
 * graph_importance.c - achievable items, and importance of every element.
 *
 * Importance would be one solution of the whole graph for each element. But
 * a loss changes only what is downstream of it, and only items that content
 * in there gives; and each item keeps its content by descending value, so
 * its new best is found by looking past those that are hit.
 */
#include "graph/graph_importance.h"

#include <stdlib.h>
#include <string.h>

#include "graph/graph_closure.h"

typedef struct collector
{
	ecosys_reach *reach;
	const bool *wanted;
	ecosys_graph_status status;
} collector;

static void
release(const ecosys_graph_host *host, void *memory)
{
	if (memory != NULL)
		host->release(host->arg, memory);
}

static bool
collect(void *arg, const ecosys_walk *walk)
{
	collector  *c = arg;
	ecosys_reach *reach = c->reach;
	uint32_t	content = walk->label[0].element;

	if (reach->graph->element[content].acts_as != ECOSYS_ACTS_AS_CONTENT)
		return true;
	for (size_t i = 0; i < walk->label_count && walk->label[i].strength > 0; i++)
	{
		uint32_t	item = walk->label[i].element;

		if (reach->graph->element[item].acts_as == ECOSYS_ACTS_AS_GOAL ||
			(c->wanted != NULL && !c->wanted[item]))
			continue;
		if (reach->count == reach->room)
		{
			size_t		room = reach->room == 0 ? 256 : reach->room * 2;
			ecosys_reach_pair *grown;

			c->status = ECOSYS_GRAPH_TOO_LARGE;
			if (room > ECOSYS_GRAPH_NONE)
				return false;
			c->status = ECOSYS_GRAPH_NO_MEMORY;
			grown = ecosys_graph_allocate(reach->host, room, sizeof(*grown));
			if (grown == NULL)
				return false;
			c->status = ECOSYS_GRAPH_OK;
			if (reach->pair != NULL)
				memcpy(grown, reach->pair, reach->count * sizeof(*grown));
			release(reach->host, reach->pair);
			reach->pair = grown;
			reach->room = room;
		}
		reach->pair[reach->count].strength = walk->label[i].strength;
		reach->pair[reach->count].content = content;
		reach->pair[reach->count].item = item;
		reach->count++;
	}
	return true;
}

/* `first` holds counts by element; makes it ends, for filling backwards. */
static void
counts_to_ends(uint32_t *first, uint32_t elements)
{
	uint32_t	sum = 0;

	for (uint32_t e = 0; e <= elements; e++)
	{
		sum += first[e];
		first[e] = sum;
	}
}

ecosys_graph_status
ecosys_reach_prepare(ecosys_reach *reach, const ecosys_graph *graph, const double *kind_factor,
					 const bool *wanted, const ecosys_graph_host *host)
{
	collector	c = {reach, wanted, ECOSYS_GRAPH_OK};
	ecosys_reach_pair *by_content;
	uint32_t	steps = 0;
	ecosys_graph_status status;
	size_t		elements = graph->elements;

	memset(reach, 0, sizeof(*reach));
	reach->graph = graph;
	reach->host = host;
	status = ecosys_graph_closure(graph, kind_factor, host, collect, &c);
	if (c.status != ECOSYS_GRAPH_OK)
		return c.status;
	if (status != ECOSYS_GRAPH_OK)
		return status;

	reach->item_first = ecosys_graph_allocate(host, elements + 1, sizeof(uint32_t));
	reach->content_first = ecosys_graph_allocate(host, elements + 1, sizeof(uint32_t));
	reach->item_of = ecosys_graph_allocate(host, reach->count, sizeof(uint32_t));
	by_content = reach->pair;
	reach->pair = ecosys_graph_allocate(host, reach->count, sizeof(*reach->pair));
	if (reach->item_first == NULL || reach->content_first == NULL || reach->item_of == NULL ||
		reach->pair == NULL)
	{
		release(host, by_content);
		return ECOSYS_GRAPH_NO_MEMORY;
	}
	memset(reach->item_first, 0, (elements + 1) * sizeof(uint32_t));
	memset(reach->content_first, 0, (elements + 1) * sizeof(uint32_t));
	for (size_t i = 0; i < reach->count; i++)
	{
		reach->item_first[by_content[i].item]++;
		reach->content_first[by_content[i].content]++;
	}
	counts_to_ends(reach->item_first, graph->elements);
	counts_to_ends(reach->content_first, graph->elements);
	/* the closure gives pairs by content; this brings them, in that order, under their items */
	for (size_t i = reach->count; i-- > 0 && status == ECOSYS_GRAPH_OK;)
	{
		reach->pair[--reach->item_first[by_content[i].item]] = by_content[i];
		reach->item_of[--reach->content_first[by_content[i].content]] = by_content[i].item;
		if (!ecosys_graph_step(&steps, host))
			status = ECOSYS_GRAPH_STOPPED;
	}
	release(host, by_content);
	return status;
}

void
ecosys_reach_free(ecosys_reach *reach)
{
	release(reach->host, reach->pair);
	release(reach->host, reach->item_first);
	release(reach->host, reach->content_first);
	release(reach->host, reach->item_of);
	memset(reach, 0, sizeof(*reach));
}

void
ecosys_achievable(const ecosys_reach *reach, const double *available, double *achievable)
{
	memset(achievable, 0, reach->graph->elements * sizeof(double));
	for (size_t i = 0; i < reach->count; i++)
	{
		const ecosys_reach_pair *pair = &reach->pair[i];

		if (pair->strength * available[pair->content] > achievable[pair->item])
			achievable[pair->item] = pair->strength * available[pair->content];
	}
}

/* A pair with what it gives before any loss. */
typedef struct offer
{
	double		value;
	double		strength;
	uint32_t	content;
} offer;

static int
compare_offers(const void *a, const void *b)
{
	const offer *x = a;
	const offer *y = b;

	if (x->value != y->value)
		return x->value > y->value ? -1 : 1;
	return (x->content > y->content) - (x->content < y->content);
}

ecosys_graph_status
ecosys_importance(ecosys_dependencies *dependencies, ecosys_reach *reach, const double *own,
				  const double *weight, ecosys_loss *loss)
{
	const ecosys_graph_host *host = reach->host;
	uint32_t	elements = reach->graph->elements;
	double	   *available = ecosys_graph_allocate(host, elements, sizeof(double));
	double	   *after = ecosys_graph_allocate(host, elements, sizeof(double));
	uint32_t   *changed = ecosys_graph_allocate(host, elements, sizeof(uint32_t));
	uint32_t   *hit = ecosys_graph_allocate(host, elements, sizeof(uint32_t));
	uint32_t   *looked_at = ecosys_graph_allocate(host, elements, sizeof(uint32_t));
	bool	   *mark = ecosys_graph_allocate(host, elements, sizeof(bool));
	offer	   *offers = ecosys_graph_allocate(host, reach->count, sizeof(offer));
	ecosys_graph_status status = ECOSYS_GRAPH_NO_MEMORY;
	uint32_t	steps = 0;

	if (available != NULL && after != NULL && changed != NULL && hit != NULL && looked_at != NULL &&
		mark != NULL && offers != NULL)
		status = ecosys_availability(dependencies, own, available);
	if (status == ECOSYS_GRAPH_OK)
	{
		/* hit[x] = v + 1 and looked_at[y] = v + 1: in the round of v */
		memset(hit, 0, elements * sizeof(uint32_t));
		memset(looked_at, 0, elements * sizeof(uint32_t));
		memset(mark, false, elements);
		for (size_t i = 0; i < reach->count; i++)
		{
			offers[i].strength = reach->pair[i].strength;
			offers[i].content = reach->pair[i].content;
			offers[i].value = reach->pair[i].strength * available[reach->pair[i].content];
		}
		for (uint32_t y = 0; y < elements; y++)
		{
			if (reach->item_first[y + 1] - reach->item_first[y] > 1)
				qsort(&offers[reach->item_first[y]], reach->item_first[y + 1] - reach->item_first[y],
					  sizeof(offer), compare_offers);
		}
	}
	for (uint32_t v = 0; v < elements && status == ECOSYS_GRAPH_OK; v++)
	{
		uint32_t	count;

		loss[v].weight = 0;
		loss[v].items_lost = 0;
		status = ecosys_availability_without(dependencies, own, available, v, mark, changed,
											 &count, after);
		if (status != ECOSYS_GRAPH_OK)
			break;
		for (uint32_t c = 0; c < count; c++)
		{
			if (after[changed[c]] < available[changed[c]])
				hit[changed[c]] = v + 1;
		}
		for (uint32_t c = 0; c < count && status == ECOSYS_GRAPH_OK; c++)
		{
			uint32_t	x = changed[c];

			if (hit[x] != v + 1)
				continue;
			for (uint32_t i = reach->content_first[x]; i < reach->content_first[x + 1]; i++)
			{
				uint32_t	y = reach->item_of[i];
				uint32_t	first = reach->item_first[y];
				double		best = 0;

				if (looked_at[y] == v + 1 || weight[y] == 0)
					continue;
				looked_at[y] = v + 1;
				for (uint32_t o = first; o < reach->item_first[y + 1]; o++)
				{
					bool		is_hit = hit[offers[o].content] == v + 1;
					double		value = offers[o].value;

					if (is_hit)
						value = offers[o].strength * after[offers[o].content];
					if (value > best)
						best = value;
					if (!is_hit)
						break;	/* what follows offers no more than this did */
					if (!ecosys_graph_step(&steps, host))
						status = ECOSYS_GRAPH_STOPPED;
				}
				loss[v].weight += weight[y] * (offers[first].value - best);
				if (offers[first].value > 0 && best == 0)
					loss[v].items_lost++;
			}
		}
	}
	release(host, available);
	release(host, after);
	release(host, changed);
	release(host, hit);
	release(host, looked_at);
	release(host, mark);
	release(host, offers);
	return status;
}
