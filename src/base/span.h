/*
 * span.h - a piece of a text by position, so that it survives a copy of the text.
 */
#ifndef ECOSYS_SPAN_H
#define ECOSYS_SPAN_H

#include <stdint.h>

/* A piece of the text. For strings it includes the quotes. length 0: absent. */
typedef struct ecosys_span
{
	uint32_t	offset;
	uint32_t	length;
} ecosys_span;

#endif							/* ECOSYS_SPAN_H */
