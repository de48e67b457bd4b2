/*
 * graph_availability.h - what is up when something is down.
 *
 * A(v), the availability of element v, is the greatest solution of
 *     A(v) = min(own(v), min over groups j of v of max over u in j of f(A(u)))
 *     f(x) = 1 - criticality * (1 - x)
 * where u are the sources of v's delivering relations; a relation without
 * alternatives is a group of its own.
 */
#ifndef ECOSYS_GRAPH_AVAILABILITY_H
#define ECOSYS_GRAPH_AVAILABILITY_H

#include "graph/graph_csr.h"
#include "graph/graph_heap.h"

/*
 * The dependencies of a graph, made ready once for many scenarios. A slot is
 * a group of alternatives of one target; the members of target v's slots lie
 * at member_first[slot_first[v]] .. member_first[slot_first[v + 1]] - 1.
 */
typedef struct ecosys_dependencies
{
	const ecosys_graph *graph;
	const ecosys_graph_host *host;
	uint32_t	slots;
	uint32_t	members;
	uint32_t   *slot_first;		/* by target, elements + 1 */
	uint32_t   *slot_target;	/* by slot */
	uint32_t   *member_first;	/* by slot, slots + 1 */
	uint32_t   *member_source;	/* by member */
	double	   *member_criticality;
	uint32_t   *use_first;		/* by source, elements + 1 */
	uint32_t   *use_slot;		/* the slots a source is a member of */
	double	   *use_criticality;

	/* work space of one solution */
	uint32_t   *open;			/* by slot: members not known yet */
	double	   *best;			/* by slot: best of those known */
	bool	   *settled;		/* by element: its value is final */
	ecosys_heap heap;
	uint32_t	steps;
} ecosys_dependencies;

extern ecosys_graph_status ecosys_dependencies_prepare(ecosys_dependencies *dependencies,
													   const ecosys_graph *graph,
													   const double *kind_factor,
													   const ecosys_graph_host *host);
extern void ecosys_dependencies_free(ecosys_dependencies *dependencies);

/* Fills available[] (by element) for own[]. */
extern ecosys_graph_status ecosys_availability(ecosys_dependencies *dependencies, const double *own,
											   double *available);

/*
 * The same after own(lost) fell to 0, given the solution before. Elements
 * whose availability may have changed are the downstream of lost: their
 * number is *count, they and their new values are in changed[] and after[]
 * (by element). `mark` is by element, false on entry and on return.
 */
extern ecosys_graph_status ecosys_availability_without(ecosys_dependencies *dependencies,
													   const double *own, const double *available,
													   uint32_t lost, bool *mark, uint32_t *changed,
													   uint32_t *count, double *after);

#endif							/* ECOSYS_GRAPH_AVAILABILITY_H */
