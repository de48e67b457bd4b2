/*
 * graph_walk.c - the walks that graph_walk.h describes.
 *
 * Strength: without a bound on depth, Dijkstra's algorithm on the product
 * (a step never makes a path stronger, so the strongest open element is
 * final). With a bound that is wrong: the strongest path to an element in the
 * middle may use up the relations that a weaker, shorter one would leave for
 * the rest. So a bounded walk goes in rounds, one relation each (Bellman and
 * Ford), from the elements that got stronger in the round before, and each
 * round's labels stay as they are: a path is read from labels, never from
 * what an element became later.
 *
 * Depth: breadth-first over what the first part has found.
 */
#include "graph/graph_walk.h"

#include <stdlib.h>
#include <string.h>

static void
release(const ecosys_graph_host *host, void *memory)
{
	if (memory != NULL)
		host->release(host->arg, memory);
}

ecosys_graph_status
ecosys_walk_prepare(ecosys_walk *walk, const ecosys_graph *graph, const ecosys_graph_host *host)
{
	memset(walk, 0, sizeof(*walk));
	walk->graph = graph;
	walk->host = host;
	walk->seen = ecosys_graph_allocate(host, graph->elements, sizeof(*walk->seen));
	walk->touched = ecosys_graph_allocate(host, graph->elements, sizeof(uint32_t));
	walk->heap.entry = ecosys_graph_allocate(host, graph->elements, sizeof(ecosys_heap_entry));
	walk->heap.position = ecosys_graph_allocate(host, graph->elements, sizeof(uint32_t));
	walk->row = ecosys_graph_allocate(host, graph->elements, sizeof(ecosys_walk_row));
	if (walk->seen == NULL || walk->touched == NULL || walk->heap.entry == NULL ||
		walk->heap.position == NULL || walk->row == NULL)
		return ECOSYS_GRAPH_NO_MEMORY;
	memset(walk->seen, 0, graph->elements * sizeof(*walk->seen));
	memset(walk->heap.position, 0xff, graph->elements * sizeof(uint32_t));
	return ECOSYS_GRAPH_OK;
}

void
ecosys_walk_free(ecosys_walk *walk)
{
	release(walk->host, walk->seen);
	release(walk->host, walk->touched);
	release(walk->host, walk->heap.entry);
	release(walk->host, walk->heap.position);
	release(walk->host, walk->row);
	release(walk->host, walk->label);
	memset(walk, 0, sizeof(*walk));
}

static void
begin(ecosys_walk *walk)
{
	for (uint32_t i = 0; i < walk->touched_count; i++)
	{
		walk->seen[walk->touched[i]].touched = false;
		walk->heap.position[walk->touched[i]] = ECOSYS_GRAPH_NONE;
	}
	walk->touched_count = 0;
	walk->heap.count = 0;
	walk->label_count = 0;
	walk->count = 0;
}

static ecosys_walk_seen *
touch(ecosys_walk *walk, uint32_t element)
{
	ecosys_walk_seen *seen = &walk->seen[element];

	if (!seen->touched)
	{
		seen->touched = true;
		seen->strength = -1;
		seen->label = ECOSYS_GRAPH_NONE;
		seen->depth = ECOSYS_GRAPH_NONE;
		walk->touched[walk->touched_count++] = element;
	}
	return seen;
}

static ecosys_graph_status
add_label(ecosys_walk *walk, const ecosys_walk_label *label, uint32_t *number)
{
	if (walk->label_count == walk->label_room)
	{
		size_t		room = walk->label_room == 0 ? 64 : walk->label_room * 2;
		ecosys_walk_label *grown;

		if (room > ECOSYS_GRAPH_NONE)
			return ECOSYS_GRAPH_TOO_LARGE;
		grown = ecosys_graph_allocate(walk->host, room, sizeof(*grown));
		if (grown == NULL)
			return ECOSYS_GRAPH_NO_MEMORY;
		if (walk->label != NULL)
		{
			memcpy(grown, walk->label, walk->label_count * sizeof(*grown));
			walk->host->release(walk->host->arg, walk->label);
		}
		walk->label = grown;
		walk->label_room = room;
	}
	*number = (uint32_t) walk->label_count;
	walk->label[walk->label_count++] = *label;
	return ECOSYS_GRAPH_OK;
}

/* Whether a walk goes over relation `at` of one side; then factor is its kind's. */
static inline bool
passes(const ecosys_walk_request *request, const ecosys_graph *graph, const ecosys_graph_side *side,
	   uint32_t from, uint32_t at, double *factor)
{
	uint8_t		may_step = request->may_step[graph->element[from].acts_as];

	*factor = request->kind_factor[side->kind[at]];
	return *factor >= 0 &&
		(may_step >> graph->element[side->neighbour[at]].acts_as & 1) != 0;
}

/*
 * Whether a path of `strength` whose last element but one is `before` beats
 * another of the same length.
 */
static inline bool
beats(const ecosys_walk *walk, double strength, uint32_t before, uint16_t via,
	  double other_strength, uint32_t other_parent, uint16_t other_via)
{
	uint32_t	other_before;

	if (strength != other_strength)
		return strength > other_strength;
	if (other_parent == ECOSYS_GRAPH_NONE)
		return false;
	other_before = walk->label[other_parent].element;
	return before != other_before ? before < other_before : via < other_via;
}

/* Dijkstra: offers the elements next to a final one the path through it. */
static ecosys_graph_status
offer_side(ecosys_walk *walk, const ecosys_walk_request *request, const ecosys_graph_side *side,
		   uint16_t against, uint32_t from, uint32_t label)
{
	const ecosys_graph *graph = walk->graph;
	double		strength_here = walk->label[label].strength;
	uint32_t	length = walk->label[label].length + 1;

	for (uint32_t at = side->first[from]; at < side->first[from + 1]; at++)
	{
		uint32_t	to = side->neighbour[at];
		uint16_t	via = side->kind[at] | against;
		double		strength;
		ecosys_walk_seen *seen;

		if (!ecosys_graph_step(&walk->steps, walk->host))
			return ECOSYS_GRAPH_STOPPED;
		if (!passes(request, graph, side, from, at, &strength))
			continue;
		strength *= strength_here * side->weight[at];
		if (strength < request->min_strength)
			continue;
		seen = touch(walk, to);
		if (seen->label != ECOSYS_GRAPH_NONE)
			continue;
		if (strength < seen->strength ||
			(strength == seen->strength &&
			 (length > seen->length ||
			  (length == seen->length &&
			   !beats(walk, strength, from, via, seen->strength, seen->parent, seen->via)))))
			continue;
		seen->strength = strength;
		seen->length = length;
		seen->parent = label;
		seen->via = via;
		ecosys_heap_push(&walk->heap, to, -strength, length);
	}
	return ECOSYS_GRAPH_OK;
}

/*
 * The strongest paths without a bound on depth: one label for each element,
 * the strongest first. Leaves rows empty (see ecosys_walk_run).
 */
ecosys_graph_status
ecosys_walk_strongest(ecosys_walk *walk, const ecosys_walk_request *request,
					  const uint32_t *start, size_t starts)
{
	ecosys_graph_status status = ECOSYS_GRAPH_OK;

	begin(walk);
	for (size_t i = 0; i < starts && request->min_strength <= 1; i++)
	{
		ecosys_walk_seen *seen = touch(walk, start[i]);

		seen->strength = 1;
		seen->length = 0;
		seen->parent = ECOSYS_GRAPH_NONE;
		seen->via = 0;
		ecosys_heap_push(&walk->heap, start[i], -1, 0);
	}
	while (walk->heap.count > 0 && status == ECOSYS_GRAPH_OK)
	{
		uint32_t	element = ecosys_heap_pop(&walk->heap).element;
		ecosys_walk_seen *seen = &walk->seen[element];
		ecosys_walk_label label = {seen->strength, element, seen->parent, seen->length, seen->via};

		status = add_label(walk, &label, &seen->label);
		if (status == ECOSYS_GRAPH_OK && request->direction & ECOSYS_WALK_DOWNSTREAM)
			status = offer_side(walk, request, &walk->graph->out, 0, element, seen->label);
		if (status == ECOSYS_GRAPH_OK && request->direction & ECOSYS_WALK_UPSTREAM)
			status = offer_side(walk, request, &walk->graph->in, ECOSYS_WALK_AGAINST, element,
								seen->label);
	}
	return status;
}

/* A round: the paths of this round's labels, one relation longer. */
static ecosys_graph_status
extend_side(ecosys_walk *walk, const ecosys_walk_request *request, const ecosys_graph_side *side,
			uint16_t against, uint32_t label)
{
	uint32_t	from = walk->label[label].element;
	double		strength_here = walk->label[label].strength;
	uint32_t	length = walk->label[label].length + 1;

	for (uint32_t at = side->first[from]; at < side->first[from + 1]; at++)
	{
		uint32_t	to = side->neighbour[at];
		uint16_t	via = side->kind[at] | against;
		double		strength;
		ecosys_walk_seen *seen;

		if (!ecosys_graph_step(&walk->steps, walk->host))
			return ECOSYS_GRAPH_STOPPED;
		if (!passes(request, walk->graph, side, from, at, &strength))
			continue;
		strength *= strength_here * side->weight[at];
		if (strength < request->min_strength)
			continue;
		seen = touch(walk, to);
		if (seen->label != ECOSYS_GRAPH_NONE && walk->label[seen->label].length == length)
		{
			ecosys_walk_label *other = &walk->label[seen->label];

			if (beats(walk, strength, from, via, other->strength, other->parent, other->via))
			{
				other->strength = strength;
				other->parent = label;
				other->via = via;
			}
		}
		else if (seen->label == ECOSYS_GRAPH_NONE || strength > walk->label[seen->label].strength)
		{
			ecosys_walk_label added = {strength, to, label, length, via};
			ecosys_graph_status status = add_label(walk, &added, &seen->label);

			if (status != ECOSYS_GRAPH_OK)
				return status;
		}
	}
	return ECOSYS_GRAPH_OK;
}

static ecosys_graph_status
strongest_bounded(ecosys_walk *walk, const ecosys_walk_request *request,
				  const uint32_t *start, size_t starts)
{
	ecosys_graph_status status = ECOSYS_GRAPH_OK;
	size_t		round_start = 0;

	begin(walk);
	for (size_t i = 0; i < starts && request->min_strength <= 1; i++)
	{
		ecosys_walk_seen *seen = touch(walk, start[i]);
		ecosys_walk_label label = {1, start[i], ECOSYS_GRAPH_NONE, 0, 0};

		if (seen->label == ECOSYS_GRAPH_NONE)
			status = add_label(walk, &label, &seen->label);
		if (status != ECOSYS_GRAPH_OK)
			return status;
	}
	for (uint32_t depth = 0; depth < request->max_depth && round_start < walk->label_count; depth++)
	{
		size_t		round_end = walk->label_count;

		for (size_t i = round_start; i < round_end && status == ECOSYS_GRAPH_OK; i++)
		{
			if (request->direction & ECOSYS_WALK_DOWNSTREAM)
				status = extend_side(walk, request, &walk->graph->out, 0, (uint32_t) i);
			if (status == ECOSYS_GRAPH_OK && request->direction & ECOSYS_WALK_UPSTREAM)
				status = extend_side(walk, request, &walk->graph->in, ECOSYS_WALK_AGAINST,
									 (uint32_t) i);
		}
		if (status != ECOSYS_GRAPH_OK)
			return status;
		round_start = round_end;
	}
	return status;
}

static void
add_row(ecosys_walk *walk, uint32_t element, uint32_t depth)
{
	ecosys_walk_seen *seen = &walk->seen[element];

	seen->depth = depth;
	walk->row[walk->count].element = element;
	walk->row[walk->count].depth = depth;
	walk->row[walk->count].label = seen->label;
	walk->count++;
}

static int
compare_rows(const void *a, const void *b)
{
	const ecosys_walk_row *x = a;
	const ecosys_walk_row *y = b;

	if (x->depth != y->depth)
		return x->depth < y->depth ? -1 : 1;
	return (x->element > y->element) - (x->element < y->element);
}

/* Breadth-first from row `at`, over elements that have a label. */
static ecosys_graph_status
spread_side(ecosys_walk *walk, const ecosys_walk_request *request, const ecosys_graph_side *side,
			uint32_t at)
{
	uint32_t	from = walk->row[at].element;

	for (uint32_t i = side->first[from]; i < side->first[from + 1]; i++)
	{
		const ecosys_walk_seen *seen = &walk->seen[side->neighbour[i]];
		double		factor;

		if (!ecosys_graph_step(&walk->steps, walk->host))
			return ECOSYS_GRAPH_STOPPED;
		if (seen->touched && seen->label != ECOSYS_GRAPH_NONE && seen->depth == ECOSYS_GRAPH_NONE &&
			passes(request, walk->graph, side, from, i, &factor))
			add_row(walk, side->neighbour[i], walk->row[at].depth + 1);
	}
	return ECOSYS_GRAPH_OK;
}

/* A whole walk: rows and their labels. Equal starts count once. */
ecosys_graph_status
ecosys_walk_run(ecosys_walk *walk, const ecosys_walk_request *request, const uint32_t *start,
				size_t starts)
{
	ecosys_graph_status status;

	/* A path that repeats no element has fewer relations than there are elements. */
	if (request->max_depth >= walk->graph->elements)
		status = ecosys_walk_strongest(walk, request, start, starts);
	else
		status = strongest_bounded(walk, request, start, starts);
	for (size_t i = 0; i < starts && status == ECOSYS_GRAPH_OK; i++)
	{
		if (walk->seen[start[i]].touched && walk->seen[start[i]].depth == ECOSYS_GRAPH_NONE)
			add_row(walk, start[i], 0);
	}
	for (uint32_t at = 0; at < walk->count && status == ECOSYS_GRAPH_OK; at++)
	{
		if (request->direction & ECOSYS_WALK_DOWNSTREAM)
			status = spread_side(walk, request, &walk->graph->out, at);
		if (status == ECOSYS_GRAPH_OK && request->direction & ECOSYS_WALK_UPSTREAM)
			status = spread_side(walk, request, &walk->graph->in, at);
	}
	if (status == ECOSYS_GRAPH_OK)
		qsort(walk->row, walk->count, sizeof(*walk->row), compare_rows);
	return status;
}
