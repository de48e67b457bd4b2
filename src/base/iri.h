/*
 * iri.h - is a decoded string an IRI, a URI, a mail address as xAPI writes it?
 *
 * A best effort that xAPI allows: a scheme, then something, of characters that
 * may stand in an IRI, with well-formed % escapes. Structure within schemes is
 * not looked at; real data has `course-v1:org+course` and worse. Strings are
 * well-formed UTF-8, but may hold lone surrogates (see json_reader.h), which no
 * IRI has.
 */
#ifndef ECOSYS_IRI_H
#define ECOSYS_IRI_H

#include <stdbool.h>
#include <stddef.h>

extern bool ecosys_iri_valid(const char *text, size_t length);

/* An IRI of ASCII characters. */
extern bool ecosys_uri_valid(const char *text, size_t length);

/* "mailto:" local part "@" at least two labels. */
extern bool ecosys_mbox_valid(const char *text, size_t length);

#endif							/* ECOSYS_IRI_H */
