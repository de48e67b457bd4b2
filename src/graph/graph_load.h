/*
 * graph_load.h - the graph of an ecosystem, as the caller's snapshot and
 * rights show it. Glue: needs the server.
 */
#ifndef ECOSYS_GRAPH_LOAD_H
#define ECOSYS_GRAPH_LOAD_H

#include "ecosys.h"
#include "utils/array.h"
#include "utils/date.h"

#include "graph/graph_csr.h"

/* What relations of a kind carry, as bits. */
typedef enum ecosys_carries
{
	ECOSYS_CARRIES_NOTHING = 1,
	ECOSYS_CARRIES_CONTRIBUTION = 2,
	ECOSYS_CARRIES_GOAL_TREE = 4,
	ECOSYS_CARRIES_DELIVERY = 8,
	ECOSYS_CARRIES_ANY = 15
} ecosys_carries;

typedef struct ecosys_kind_name
{
	const char *text;
	int			length;
} ecosys_kind_name;

typedef struct ecosys_relation_kind
{
	ecosys_kind_name name;
	Datum		name_datum;		/* text */
	Datum		inverse_datum;	/* text */
	double		impact;
	ecosys_carries carries;
} ecosys_relation_kind;

typedef struct ecosys_element_kind
{
	ecosys_kind_name name;
	uint8_t		acts_as;
} ecosys_element_kind;

/*
 * A loaded graph. Everything hangs on `context`; whoever asked for it
 * deletes that. A relation's kind is an index of relation_kind, an element's
 * of element_kind.
 */
typedef struct ecosys_loaded_graph
{
	MemoryContext context;
	ecosys_graph_host host;		/* allocates in context, checks for interrupts */
	ecosys_graph graph;
	int			relation_kinds;
	ecosys_relation_kind *relation_kind;
	int			element_kinds;
	ecosys_element_kind *element_kind;
} ecosys_loaded_graph;

/*
 * Loads what is valid on as_of: all elements, and of the relations at least
 * those whose kind carries something in `carries` (a set of bits) and is
 * named in only_kinds (NULL: any). groups: keep alternatives apart. A loader
 * that keeps graphs may give more relations: searches choose by kind.
 */
extern ecosys_loaded_graph *ecosys_graph_load(Oid ecosystem, DateADT as_of, int carries,
											  ArrayType *only_kinds, bool groups);

/* Today in UTC, by the clock of the transaction: what as_of NULL stands for. */
extern DateADT ecosys_graph_today(void);

/* The quoted name of the ecosystem's schema; an error where it is none. */
extern char *ecosys_graph_schema(Oid ecosystem);

/* The kind of elements of this name (text), as an index of element_kind; -1: none. */
extern int	ecosys_graph_element_kind(const ecosys_loaded_graph *loaded, Datum kind);

/* A text that somebody gave, for an error: at most 80 bytes, cut at a character. */
extern char *ecosys_graph_clipped(char *text);

/* Raises what a status other than OK stands for. */
extern void ecosys_graph_check(ecosys_graph_status status);

#endif							/* ECOSYS_GRAPH_LOAD_H */
