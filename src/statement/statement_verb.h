/*
 * statement_verb.h - the verbs that stored statements name by one byte.
 */
#ifndef ECOSYS_STATEMENT_VERB_H
#define ECOSYS_STATEMENT_VERB_H

#include <stdint.h>

/* The number of a listed verb by its key; -1: not listed. */
extern int	ecosys_verb_number(int64_t key);

/* How many are listed, and the key of one. */
extern int	ecosys_verbs_listed(void);
extern int64_t ecosys_verb_listed_key(int number);

#endif							/* ECOSYS_STATEMENT_VERB_H */
