/*
 * graph_importance.h - what is achievable with what is up, and what the loss
 * of each element would take.
 *
 * achievable(y), of an item y (content or competency), is the largest
 * contribution(x, y) * A(x) over content x; A is availability.
 */
#ifndef ECOSYS_GRAPH_IMPORTANCE_H
#define ECOSYS_GRAPH_IMPORTANCE_H

#include "graph/graph_availability.h"

typedef struct ecosys_reach_pair
{
	double		strength;		/* how strongly content contributes to item */
	uint32_t	content;
	uint32_t	item;
} ecosys_reach_pair;

/* Pairs of content and the items they reach, both ways. */
typedef struct ecosys_reach
{
	const ecosys_graph *graph;
	const ecosys_graph_host *host;
	size_t		count;
	size_t		room;
	ecosys_reach_pair *pair;	/* sorted by item once prepared */
	uint32_t   *item_first;		/* by item, elements + 1 */
	uint32_t   *content_first;	/* by content, elements + 1 */
	uint32_t   *item_of;		/* by content: items it reaches */
} ecosys_reach;

/* The loss of one element. */
typedef struct ecosys_loss
{
	double		weight;			/* sum of weight * what the items lose */
	uint32_t	items_lost;		/* items of some weight that nothing else gives any more */
} ecosys_loss;

/*
 * Collects the pairs over contributing relations; wanted, by element: the
 * items that count (NULL: all).
 */
extern ecosys_graph_status ecosys_reach_prepare(ecosys_reach *reach, const ecosys_graph *graph,
												const double *kind_factor, const bool *wanted,
												const ecosys_graph_host *host);
extern void ecosys_reach_free(ecosys_reach *reach);

/* Fills achievable[] (by element, 0 for what is no item). */
extern void ecosys_achievable(const ecosys_reach *reach, const double *available, double *achievable);

/* Fills loss[] (by element) for weight[] of items (by element, 0 for what is none). */
extern ecosys_graph_status ecosys_importance(ecosys_dependencies *dependencies, ecosys_reach *reach,
											 const double *own, const double *weight, ecosys_loss *loss);

#endif							/* ECOSYS_GRAPH_IMPORTANCE_H */
