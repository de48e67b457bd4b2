/*
 * media_type.h - internet media types: type/subtype and parameters (RFC 9110, 8.3.1).
 */
#ifndef ECOSYS_MEDIA_TYPE_H
#define ECOSYS_MEDIA_TYPE_H

#include <stdbool.h>
#include <stddef.h>

extern bool ecosys_media_type_valid(const char *text, size_t length);

#endif							/* ECOSYS_MEDIA_TYPE_H */
