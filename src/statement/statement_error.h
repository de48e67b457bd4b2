/*
 * statement_error.h - a fault as PostgreSQL tells it.
 */
#ifndef ECOSYS_STATEMENT_ERROR_H
#define ECOSYS_STATEMENT_ERROR_H

#include "ecosys.h"

#include "base/fault.h"
#include "nodes/nodes.h"

/* The SQLSTATE of a fault; in binary input, what is wrong with the text is 22P03. */
extern int	ecosys_fault_sqlstate(const ecosys_fault *fault, bool binary);

/*
 * Report a fault of `what` ("xAPI statement"), softly where escontext takes
 * it; returns a zero Datum then. hint may be NULL.
 */
extern Datum ecosys_fault_report(const ecosys_fault *fault, const char *what, const char *hint, bool binary,
								 Node *escontext);

#define ECOSYS_STATEMENT_HINT "SELECT * FROM ecosys.check_statement(...) lists every fault of a statement."

#endif							/* ECOSYS_STATEMENT_ERROR_H */
