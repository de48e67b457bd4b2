/*
 * graph_closure.c - the strongest contribution between all pairs.
 *
 * The max-product semiring is idempotent: cycles and second paths change
 * nothing, so one Dijkstra for each source gives all its pairs, and the
 * labels of the search are the witness paths. What may follow what is a rule
 * on the parts that elements play: content serves content, competencies and
 * goals, a competency serves competencies and goals, and a path ends at the
 * first goal it reaches.
 */
#include "graph/graph_closure.h"

#include <string.h>

#define PART(acts_as) (1 << (acts_as))

ecosys_graph_status
ecosys_graph_closure(const ecosys_graph *graph, const double *kind_factor,
					 const ecosys_graph_host *host, ecosys_closure_sink sink, void *arg)
{
	ecosys_walk_request request;
	ecosys_walk walk;
	ecosys_graph_status status;

	memset(&request, 0, sizeof(request));
	request.direction = ECOSYS_WALK_DOWNSTREAM;
	request.max_depth = ECOSYS_WALK_UNBOUNDED;
	request.kind_factor = kind_factor;
	request.may_step[ECOSYS_ACTS_AS_CONTENT] =
		PART(ECOSYS_ACTS_AS_CONTENT) | PART(ECOSYS_ACTS_AS_COMPETENCY) | PART(ECOSYS_ACTS_AS_GOAL);
	request.may_step[ECOSYS_ACTS_AS_COMPETENCY] =
		PART(ECOSYS_ACTS_AS_COMPETENCY) | PART(ECOSYS_ACTS_AS_GOAL);

	status = ecosys_walk_prepare(&walk, graph, host);
	for (uint32_t source = 0; source < graph->elements && status == ECOSYS_GRAPH_OK; source++)
	{
		if (graph->element[source].acts_as != ECOSYS_ACTS_AS_CONTENT &&
			graph->element[source].acts_as != ECOSYS_ACTS_AS_COMPETENCY)
			continue;
		status = ecosys_walk_strongest(&walk, &request, &source, 1);
		if (status == ECOSYS_GRAPH_OK && !sink(arg, &walk))
			status = ECOSYS_GRAPH_STOPPED;
	}
	ecosys_walk_free(&walk);
	return status;
}
