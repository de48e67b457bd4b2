/*
 * module.c - the module's magic block.
 */
#include "ecosys.h"

ECOSYS_MODULE_MAGIC;
