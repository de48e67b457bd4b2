/*
 * attachment.h - what the files of attachments and signatures share.
 */
#ifndef ECOSYS_ATTACHMENT_H
#define ECOSYS_ATTACHMENT_H

#include <stdbool.h>
#include <stddef.h>

#define ECOSYS_SIGNATURE_USAGE "http://adlnet.gov/expapi/attachments/signature"

/* Is an element of attachments, valid JSON, a signature by its usageType? */
extern bool ecosys_attachment_is_signature(const char *element, size_t length);

#endif							/* ECOSYS_ATTACHMENT_H */
