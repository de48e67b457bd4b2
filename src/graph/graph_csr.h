/*
 * graph_csr.h - a directed, weighted graph in memory: what every walk reads.
 *
 * Both directions lie in compressed sparse row form: the relations that leave
 * (or enter) element e are out.first[e] .. out.first[e + 1] - 1. Elements are
 * dense indexes 0 .. elements - 1 in ascending order of their ids, so that
 * comparing indexes is comparing ids.
 *
 * Plain C: memory and the right to go on come from the caller. Nothing here
 * is ever changed once it is built, so one graph may serve many walks (and a
 * cache may keep it).
 */
#ifndef ECOSYS_GRAPH_CSR_H
#define ECOSYS_GRAPH_CSR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ECOSYS_GRAPH_NONE UINT32_MAX
#define ECOSYS_GRAPH_MAX_ELEMENTS (UINT32_MAX - 1)
#define ECOSYS_GRAPH_MAX_RELATIONS (UINT32_MAX - 1)
#define ECOSYS_GRAPH_MAX_KINDS 32767

typedef enum ecosys_graph_status
{
	ECOSYS_GRAPH_OK,
	ECOSYS_GRAPH_NO_MEMORY,		/* allocate() gave NULL */
	ECOSYS_GRAPH_TOO_LARGE,		/* a size does not fit */
	ECOSYS_GRAPH_STOPPED		/* proceed() or a sink said no */
} ecosys_graph_status;

/*
 * What plain C asks of its caller. All of it may leave by longjmp as well:
 * no function here holds anything but memory got from allocate().
 */
typedef struct ecosys_graph_host
{
	void	   *(*allocate) (void *arg, size_t size);
	void		(*release) (void *arg, void *memory);
	bool		(*proceed) (void *arg); /* called at least every 1,000 steps; false: stop */
	void	   *arg;
} ecosys_graph_host;

/* Part an element plays in the scores. */
typedef enum ecosys_acts_as
{
	ECOSYS_ACTS_AS_NOTHING,
	ECOSYS_ACTS_AS_CONTENT,
	ECOSYS_ACTS_AS_COMPETENCY,
	ECOSYS_ACTS_AS_GOAL
} ecosys_acts_as;

#define ECOSYS_ACTS_AS_COUNT 4

typedef struct ecosys_graph_element
{
	int64_t		id;
	double		available;		/* own availability, in [0, 1] */
	uint16_t	kind;
	uint8_t		acts_as;		/* ecosys_acts_as */
} ecosys_graph_element;

/* A relation between two elements given as dense indexes. */
typedef struct ecosys_graph_relation
{
	double		weight;			/* in (0, 1] */
	uint32_t	source;
	uint32_t	target;
	uint32_t	alternatives;	/* 0: none, else the number of a group (of this target) */
	uint16_t	kind;
} ecosys_graph_relation;

typedef struct ecosys_graph_side
{
	uint32_t   *first;			/* elements + 1 */
	uint32_t   *neighbour;
	double	   *weight;
	uint16_t   *kind;
	uint32_t   *alternatives;	/* NULL where the graph was built without groups */
} ecosys_graph_side;

typedef struct ecosys_graph
{
	uint32_t	elements;
	uint32_t	relations;
	ecosys_graph_element *element;	/* ascending by id */
	uint32_t   *index_of;		/* id - element[0].id to index, or NULL where ids are too sparse */
	uint64_t	index_span;		/* entries of index_of */
	ecosys_graph_side out;
	ecosys_graph_side in;
} ecosys_graph;

extern ecosys_graph_status ecosys_graph_set_elements(ecosys_graph *graph, ecosys_graph_element *element,
													 size_t count, const ecosys_graph_host *host);
extern ecosys_graph_status ecosys_graph_set_relations(ecosys_graph *graph, const ecosys_graph_relation *relation,
													  size_t count, bool groups,
													  const ecosys_graph_host *host);
extern uint32_t ecosys_graph_index(const ecosys_graph *graph, int64_t id);
extern void ecosys_graph_free(ecosys_graph *graph, const ecosys_graph_host *host);

/* Memory for count things of size bytes; NULL where that overflows or there is none. */
extern void *ecosys_graph_allocate(const ecosys_graph_host *host, size_t count, size_t size);

/* Counts a step of work; false when the host wants to stop. */
static inline bool
ecosys_graph_step(uint32_t *steps, const ecosys_graph_host *host)
{
	if (++*steps < 1000)
		return true;
	*steps = 0;
	return host->proceed(host->arg);
}

#endif							/* ECOSYS_GRAPH_CSR_H */
