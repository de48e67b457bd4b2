/*
 * statement_model.h - the models of statement texts that the module carries.
 *
 * A model is named by the form in each statement's header (ECOSYS_FORM_MODEL_1).
 * It is never changed or removed once released, only added to: stored statements need
 * it. The arrays are made from the .model files beside this header by the Makefile.
 */
#ifndef ECOSYS_STATEMENT_MODEL_H
#define ECOSYS_STATEMENT_MODEL_H

extern const unsigned char ecosys_statement_model_1[];
extern const unsigned int ecosys_statement_model_1_size;

#endif							/* ECOSYS_STATEMENT_MODEL_H */
