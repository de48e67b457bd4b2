/*
 * graph_walk.h - walks over a graph: how far, how strongly, and by which path.
 *
 * The strength of a path is the product of its relations' weights, each times
 * the factor of its kind; factors are in [0, 1], so a path never gets
 * stronger. For each element a walk gives
 *   strength  the largest strength among paths from a start with at most
 *             max_depth relations; the path that has it is kept as witness.
 *             Ties: fewest relations, then smallest id of the element before
 *             the last, and so on backwards;
 *   depth     the smallest number of relations from a start, over elements
 *             that are in the result themselves. The witness may be longer.
 * An element whose strength is below min_strength is not in the result and is
 * not walked through. Starts have depth 0 and strength 1.
 */
#ifndef ECOSYS_GRAPH_WALK_H
#define ECOSYS_GRAPH_WALK_H

#include "graph/graph_csr.h"
#include "graph/graph_heap.h"

typedef enum ecosys_walk_direction
{
	ECOSYS_WALK_DOWNSTREAM = 1,
	ECOSYS_WALK_UPSTREAM = 2,
	ECOSYS_WALK_BOTH = 3
} ecosys_walk_direction;

/* Marks in `via` a relation that was walked from target to source. */
#define ECOSYS_WALK_AGAINST 0x8000
#define ECOSYS_WALK_UNBOUNDED UINT32_MAX

typedef struct ecosys_walk_request
{
	ecosys_walk_direction direction;
	uint32_t	max_depth;		/* ECOSYS_WALK_UNBOUNDED: none */
	double		min_strength;
	const double *kind_factor;	/* by kind of relation, in [0, 1]; negative: not walked */

	/*
	 * By the part an element plays: the set (bits) of parts of elements that a
	 * step from it may lead to.
	 */
	uint8_t		may_step[ECOSYS_ACTS_AS_COUNT];
} ecosys_walk_request;

/* The end of a path; `parent` is the label its path goes on from. */
typedef struct ecosys_walk_label
{
	double		strength;
	uint32_t	element;
	uint32_t	parent;			/* ECOSYS_GRAPH_NONE at a start */
	uint32_t	length;			/* relations of the path */
	uint16_t	via;			/* kind of its last relation, with ECOSYS_WALK_AGAINST */
} ecosys_walk_label;

typedef struct ecosys_walk_row
{
	uint32_t	element;
	uint32_t	depth;
	uint32_t	label;			/* of the strongest path */
} ecosys_walk_row;

typedef struct ecosys_walk_seen
{
	double		strength;		/* of the best path known */
	uint32_t	parent;			/* label */
	uint32_t	length;
	uint32_t	label;			/* the newest label; NONE: none yet */
	uint32_t	depth;
	uint16_t	via;
	bool		touched;
} ecosys_walk_seen;

/*
 * What walks over one graph write to. After a walk: rows[0 .. count - 1] by
 * depth, then element, and the labels they lead to. It can be used again;
 * what a walk costs depends on what it touches, not on the graph.
 */
typedef struct ecosys_walk
{
	const ecosys_graph *graph;
	const ecosys_graph_host *host;
	ecosys_walk_seen *seen;		/* by element */
	uint32_t   *touched;		/* elements whose `seen` must be cleaned */
	uint32_t	touched_count;
	ecosys_heap heap;
	ecosys_walk_label *label;
	size_t		label_count;
	size_t		label_room;
	ecosys_walk_row *row;
	uint32_t	count;
	uint32_t	steps;
} ecosys_walk;

extern ecosys_graph_status ecosys_walk_prepare(ecosys_walk *walk, const ecosys_graph *graph,
											   const ecosys_graph_host *host);
extern ecosys_graph_status ecosys_walk_run(ecosys_walk *walk, const ecosys_walk_request *request,
										   const uint32_t *start, size_t starts);
extern ecosys_graph_status ecosys_walk_strongest(ecosys_walk *walk, const ecosys_walk_request *request,
												 const uint32_t *start, size_t starts);
extern void ecosys_walk_free(ecosys_walk *walk);

#endif							/* ECOSYS_GRAPH_WALK_H */
