/*
 * accept_language.h - which language of a language map a reader wants, by his
 * Accept-Language header (RFC 9110, 12.5.4; RFC 4647).
 *
 * Plain C; takes any bytes for a header and passes over what it cannot read.
 */
#ifndef ECOSYS_ACCEPT_LANGUAGE_H
#define ECOSYS_ACCEPT_LANGUAGE_H

#include <stddef.h>
#include <stdint.h>

/* Ranges beyond this many are not looked at. */
#define ECOSYS_ACCEPT_LANGUAGE_MAX 32

typedef struct ecosys_language_range
{
	const char *text;			/* in the header */
	uint16_t	length;			/* 0: the range "*" */
	uint16_t	quality;		/* thousandths; 0: not wanted */
} ecosys_language_range;

typedef struct ecosys_accept_language
{
	int			n_ranges;
	ecosys_language_range ranges[ECOSYS_ACCEPT_LANGUAGE_MAX];
} ecosys_accept_language;

/* Read a header; the ranges point into it. NULL or an empty one: no wishes. */
extern void ecosys_accept_language_read(ecosys_accept_language *accept, const char *header, size_t length);

/*
 * How welcome a language tag is: of the tags of a map choose the one with the
 * greatest value, of equal ones the first.
 *
 * A tag's quality is that of the longest range that is the tag or a prefix of
 * it ("de" is for "de-CH"). Where there is none, a range that goes on where the
 * tag ends will do ("de-CH" for "de": RFC 4647, 3.4), then "*". Of equal qualities
 * the range named first wins, then the closer match. Tags that nobody asked for
 * come after all that were, and after them those with quality 0: a map is never
 * left without a language.
 */
extern uint32_t ecosys_language_welcome(const ecosys_accept_language *accept, const char *tag, size_t length);

#endif							/* ECOSYS_ACCEPT_LANGUAGE_H */
