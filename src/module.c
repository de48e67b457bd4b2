/*
 * module.c - the module's magic block and its settings.
 */
#include "ecosys.h"

#if PG_VERSION_NUM >= 180000
PG_MODULE_MAGIC_EXT(.name = "ecosys");
#else
PG_MODULE_MAGIC;
#endif
