/*
 * fault.h - one thing that is wrong with a text, as plain C tells it.
 *
 * Parsers return false (or hand faults to a sink) and never raise: the glue
 * decides whether a fault becomes a hard error, a soft one or a row.
 */
#ifndef ECOSYS_FAULT_H
#define ECOSYS_FAULT_H

#include <stdbool.h>
#include <stddef.h>

/* What kind of wrong; the glue maps each to one SQLSTATE. */
typedef enum ecosys_fault_kind
{
	ECOSYS_FAULT_JSON,			/* not JSON: 22P02 */
	ECOSYS_FAULT_ENCODING,		/* broken UTF-8 or a raw NUL byte: 22021 */
	ECOSYS_FAULT_RULE,			/* JSON, but against a rule of xAPI: 22023 */
	ECOSYS_FAULT_DEPTH,			/* nests too deep: 54001 */
	ECOSYS_FAULT_SIZE,			/* too large: 54000 */
	ECOSYS_FAULT_MEMORY			/* out of memory: 53200 */
} ecosys_fault_kind;

/*
 * Texts are bounded and hold no value of the statement (it may be personal
 * data): keys and expectations only. A pointer that would not fit keeps its
 * beginning and ends in "...".
 */
typedef struct ecosys_fault
{
	ecosys_fault_kind kind;
	size_t		offset;			/* byte in the text where it was seen */
	char		pointer[256];	/* RFC 6901 JSON pointer, "" is the whole text */
	char		rule[48];		/* stable name of the rule, e.g. "agent.ifi" */
	char		message[192];	/* lower case, no full stop */
} ecosys_fault;

/* Takes a fault; returns true to go on looking for more. */
typedef bool (*ecosys_fault_sink) (void *arg, const ecosys_fault *fault);

#endif							/* ECOSYS_FAULT_H */
