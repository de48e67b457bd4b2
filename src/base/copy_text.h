/*
 * copy_text.h - values as the text format of COPY wants them.
 */
#ifndef ECOSYS_COPY_TEXT_H
#define ECOSYS_COPY_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* What a text of so many bytes needs at most, as text or as bytea. */
#define ECOSYS_COPY_TEXT_ROOM(length) ((length) * 2 + 3)

/*
 * Write a text as a field of COPY; *written becomes the length. False: it is
 * not UTF-8, or has a zero byte, so PostgreSQL cannot take it as text.
 */
extern bool ecosys_copy_text(const char *text, size_t length, char *result, size_t *written);

/* Write bytes as a field of type bytea; returns the length. */
extern size_t ecosys_copy_bytea(const char *bytes, size_t length, char *result);

#endif							/* ECOSYS_COPY_TEXT_H */
