/*
 * document_merge.h - one JSON object over another, at the top level.
 *
 * What xAPI does with a document that is POSTed onto another: members of the
 * new one replace those of the same name whole, others stay. The text of the
 * old one is kept, blanks and all, but for the values replaced; new members
 * come last, in their order, spelled as they came. Plain C.
 */
#ifndef ECOSYS_DOCUMENT_MERGE_H
#define ECOSYS_DOCUMENT_MERGE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/fault.h"

typedef struct ecosys_merge_memory
{
	void	   *(*allocate) (size_t size);	/* may return NULL */
	void		(*release) (void *pointer);
	void		(*progress) (void);	/* called every few thousand steps; may be NULL and may not return */
} ecosys_merge_memory;

typedef struct ecosys_merge_fault
{
	ecosys_fault_kind kind;
	bool		in_new;			/* the new text is at fault, not the old one */
	const char *message;		/* constant, lower case, no full stop */
} ecosys_merge_fault;

/*
 * Merge; *result comes from memory->allocate. False and a fault if one of them
 * is no JSON object, or has two members of one name (as strings, whatever their
 * spelling).
 */
extern bool ecosys_document_merge(const char *old_text, size_t old_length, const char *new_text,
								  size_t new_length, const ecosys_merge_memory *memory,
								  char **result, size_t *result_length, ecosys_merge_fault *fault);

#endif							/* ECOSYS_DOCUMENT_MERGE_H */
