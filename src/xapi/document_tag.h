/*
 * document_tag.h - entity tags in If-Match and If-None-Match (RFC 9110, 8.8.3 and 13.1).
 */
#ifndef ECOSYS_DOCUMENT_TAG_H
#define ECOSYS_DOCUMENT_TAG_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Does the list of a header name the tag, or is it "*"? weak: also as a weak
 * tag, W/"...". The tag comes without quotes; a list may name it without
 * quotes too, as some clients do.
 */
extern bool ecosys_document_tag_listed(const char *list, size_t length, const char *tag,
									   size_t tag_length, bool weak);

#endif							/* ECOSYS_DOCUMENT_TAG_H */
