/*
 * statement_dictionary.h - the compression dictionaries the module carries.
 *
 * A dictionary is named by a number in each statement's header. It is never
 * changed or removed once released, only added to: stored statements need it.
 * The arrays are made from the .zdict files beside this header by the Makefile.
 */
#ifndef ECOSYS_STATEMENT_DICTIONARY_H
#define ECOSYS_STATEMENT_DICTIONARY_H

extern const unsigned char ecosys_statement_dictionary_1[];
extern const unsigned int ecosys_statement_dictionary_1_size;

#endif							/* ECOSYS_STATEMENT_DICTIONARY_H */
