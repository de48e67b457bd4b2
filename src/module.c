/*
 * module.c - the module's magic block, and what is done when it is loaded.
 */
#include "ecosys.h"

#include "query/query.h"

ECOSYS_MODULE_MAGIC;

extern PGDLLEXPORT void _PG_init(void);

void
_PG_init(void)
{
	ecosys_query_define_settings();
}
