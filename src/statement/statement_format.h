/*
 * statement_format.h - the formats of strings in xAPI, by the names the tables give them.
 */
#ifndef ECOSYS_STATEMENT_FORMAT_H
#define ECOSYS_STATEMENT_FORMAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/duration.h"
#include "statement/statement_rule.h"
#include "statement/statement_schema.h"

/* What a string of some formats means. */
typedef union ecosys_format_value
{
	uint8_t		uuid[16];
	int64_t		timestamp;		/* µs since 2000-01-01 UTC */
	ecosys_duration duration;
	int			version;		/* 1 or 2 */
} ecosys_format_value;

/* Does a decoded string have the format? */
extern bool ecosys_format_holds(ecosys_format format, const char *bytes, size_t length,
								ecosys_format_value *value);

/* The rule that is broken if not. */
extern ecosys_statement_rule ecosys_format_rule(ecosys_format format);

#endif							/* ECOSYS_STATEMENT_FORMAT_H */
