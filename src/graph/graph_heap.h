/*
 * graph_heap.h - a priority queue of elements for the searches.
 *
 * A binary heap that knows where each element stands, so that an element is
 * in it once and can move up: it never holds more than there are elements.
 * Smallest key first; ties by `tie`, then by element, so that every search
 * is deterministic. The owner provides the two arrays.
 */
#ifndef ECOSYS_GRAPH_HEAP_H
#define ECOSYS_GRAPH_HEAP_H

#include "graph/graph_csr.h"

typedef struct ecosys_heap_entry
{
	double		key;
	uint32_t	tie;
	uint32_t	element;
} ecosys_heap_entry;

typedef struct ecosys_heap
{
	uint32_t	count;
	ecosys_heap_entry *entry;	/* room for every element */
	uint32_t   *position;		/* by element; ECOSYS_GRAPH_NONE where it is not in */
} ecosys_heap;

static inline bool
ecosys_heap_before(const ecosys_heap_entry *a, const ecosys_heap_entry *b)
{
	if (a->key != b->key)
		return a->key < b->key;
	if (a->tie != b->tie)
		return a->tie < b->tie;
	return a->element < b->element;
}

/* Puts an element in, or moves it up where the new key comes before its old one. */
static inline void
ecosys_heap_push(ecosys_heap *heap, uint32_t element, double key, uint32_t tie)
{
	ecosys_heap_entry added = {key, tie, element};
	uint32_t	at = heap->position[element];

	if (at == ECOSYS_GRAPH_NONE)
		at = heap->count++;
	else if (!ecosys_heap_before(&added, &heap->entry[at]))
		return;
	while (at > 0)
	{
		uint32_t	parent = (at - 1) / 2;

		if (!ecosys_heap_before(&added, &heap->entry[parent]))
			break;
		heap->entry[at] = heap->entry[parent];
		heap->position[heap->entry[at].element] = at;
		at = parent;
	}
	heap->entry[at] = added;
	heap->position[element] = at;
}

/* Takes the first out; count must not be 0. */
static inline ecosys_heap_entry
ecosys_heap_pop(ecosys_heap *heap)
{
	ecosys_heap_entry top = heap->entry[0];
	ecosys_heap_entry last = heap->entry[--heap->count];
	size_t		at = 0;

	heap->position[top.element] = ECOSYS_GRAPH_NONE;
	if (heap->count == 0)
		return top;
	for (;;)
	{
		size_t		child = 2 * at + 1;

		if (child >= heap->count)
			break;
		if (child + 1 < heap->count &&
			ecosys_heap_before(&heap->entry[child + 1], &heap->entry[child]))
			child++;
		if (!ecosys_heap_before(&heap->entry[child], &last))
			break;
		heap->entry[at] = heap->entry[child];
		heap->position[heap->entry[at].element] = (uint32_t) at;
		at = child;
	}
	heap->entry[at] = last;
	heap->position[last.element] = (uint32_t) at;
	return top;
}

#endif							/* ECOSYS_GRAPH_HEAP_H */
