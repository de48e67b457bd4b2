/*
 * attachment.c - see attachment.h.
 */
#include "xapi/attachment.h"

#include "base/json_reader.h"

bool
ecosys_attachment_is_signature(const char *element, size_t length)
{
	ecosys_span usage;

	return ecosys_json_find(element, length, "usageType", &usage) && element[usage.offset] == '"' &&
		ecosys_json_string_is(element + usage.offset, usage.length, ECOSYS_SIGNATURE_USAGE);
}
