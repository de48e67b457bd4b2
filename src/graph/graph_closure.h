/*
 * graph_closure.h - how strongly content and competencies contribute, all
 * pairs: the kappa and rho of the alignment scores.
 */
#ifndef ECOSYS_GRAPH_CLOSURE_H
#define ECOSYS_GRAPH_CLOSURE_H

#include "graph/graph_walk.h"

/*
 * Takes the pairs that begin at one element: walk->label[0 .. label_count - 1],
 * the first being the element itself (strength 1), the rest by descending
 * strength; false stops. Labels of strength 0 (an underflow) are no pairs.
 */
typedef bool (*ecosys_closure_sink) (void *arg, const ecosys_walk *walk);

extern ecosys_graph_status ecosys_graph_closure(const ecosys_graph *graph, const double *kind_factor,
												const ecosys_graph_host *host,
												ecosys_closure_sink sink, void *arg);

#endif							/* ECOSYS_GRAPH_CLOSURE_H */
