/*
 * language_tag.h - RFC 5646 language tags, by the lengths of their parts.
 */
#ifndef ECOSYS_LANGUAGE_TAG_H
#define ECOSYS_LANGUAGE_TAG_H

#include <stdbool.h>
#include <stddef.h>

/*
 * 2 to 8 letters, or x or i and at least one part; then parts of 1 to 8 letters
 * and digits. A part of one character begins an extension and occurs once; what
 * comes after an x is private.
 */
extern bool ecosys_language_tag_valid(const char *text, size_t length);

#endif							/* ECOSYS_LANGUAGE_TAG_H */
