/*
 * uuid.h - UUIDs as xAPI writes them: 8-4-4-4-12 hexadecimal digits with hyphens.
 *
 * Version and variant digits are not looked at: the specification's own
 * examples break RFC 4122's rules for them.
 */
#ifndef ECOSYS_UUID_H
#define ECOSYS_UUID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

extern bool ecosys_uuid_parse(const char *text, size_t length, uint8_t uuid[16]);

#endif							/* ECOSYS_UUID_H */
