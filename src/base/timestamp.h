/*
 * timestamp.h - timestamps as xAPI writes them: RFC 3339 (with a lower-case t
 * or a blank for the T, which that allows), and of ISO 8601 what statements in
 * the wild have besides: no offset (taken as UTC), offsets +hhmm and +hh.
 *
 * Refused: offsets -00:00, -0000, -00 (as the conformance suite wants), dates
 * and hours that do not exist, 24:00. A second 60 is taken only where leap
 * seconds are, at 23:59 UTC, and counts as the first second of the next day.
 */
#ifndef ECOSYS_TIMESTAMP_H
#define ECOSYS_TIMESTAMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* *timestamp becomes µs since 2000-01-01 UTC, digits beyond cut. */
extern bool ecosys_timestamp_parse(const char *text, size_t length, int64_t *timestamp);

#endif							/* ECOSYS_TIMESTAMP_H */
