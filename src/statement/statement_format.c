/*
 * statement_format.c - see statement_format.h.
 */
#include "statement/statement_format.h"

#include <string.h>

#include "base/hex.h"
#include "base/iri.h"
#include "base/language_tag.h"
#include "base/media_type.h"
#include "base/timestamp.h"
#include "base/uuid.h"

static bool
is_version(const char *bytes, size_t length, int *version)
{
	if (length < 3 || (bytes[0] != '1' && bytes[0] != '2') || bytes[1] != '.' || bytes[2] != '0')
		return false;
	*version = bytes[0] - '0';
	if (length == 3)
		return true;
	if (length == 4 || bytes[3] != '.')
		return false;
	for (size_t i = 4; i < length; i++)
	{
		if (bytes[i] < '0' || bytes[i] > '9')
			return false;
	}
	return true;
}

static bool
is_interaction_type(const char *bytes, size_t length)
{
	static const char *const types[] = {
		"true-false", "choice", "fill-in", "long-fill-in", "matching", "performance", "sequencing",
		"likert", "numeric", "other"
	};

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
	{
		if (strlen(types[i]) == length && memcmp(types[i], bytes, length) == 0)
			return true;
	}
	return false;
}

bool
ecosys_format_holds(ecosys_format format, const char *bytes, size_t length,
					ecosys_format_value *value)
{
	switch (format)
	{
		case ECOSYS_FORMAT_UUID:
			return ecosys_uuid_parse(bytes, length, value->uuid);
		case ECOSYS_FORMAT_IRI:
		case ECOSYS_FORMAT_IRL:
			return ecosys_iri_valid(bytes, length);
		case ECOSYS_FORMAT_URI:
			return ecosys_uri_valid(bytes, length);
		case ECOSYS_FORMAT_MBOX:
			return ecosys_mbox_valid(bytes, length);
		case ECOSYS_FORMAT_SHA1:
			return length == 40 && ecosys_is_hex(bytes, length);
		case ECOSYS_FORMAT_SHA2:
			return length >= 56 && length <= 128 && ecosys_is_hex(bytes, length);
		case ECOSYS_FORMAT_TIMESTAMP:
			return ecosys_timestamp_parse(bytes, length, &value->timestamp);
		case ECOSYS_FORMAT_DURATION:
			return ecosys_duration_parse(bytes, length, &value->duration);
		case ECOSYS_FORMAT_LANGUAGE_TAG:
			return ecosys_language_tag_valid(bytes, length);
		case ECOSYS_FORMAT_MEDIA_TYPE:
			return ecosys_media_type_valid(bytes, length);
		case ECOSYS_FORMAT_VERSION:
			return is_version(bytes, length, &value->version);
		case ECOSYS_FORMAT_INTERACTION_TYPE:
			return is_interaction_type(bytes, length);
		default:
			return true;
	}
}

ecosys_statement_rule
ecosys_format_rule(ecosys_format format)
{
	switch (format)
	{
		case ECOSYS_FORMAT_UUID:
			return ECOSYS_RULE_FORMAT_UUID;
		case ECOSYS_FORMAT_IRI:
			return ECOSYS_RULE_FORMAT_IRI;
		case ECOSYS_FORMAT_IRL:
			return ECOSYS_RULE_FORMAT_IRL;
		case ECOSYS_FORMAT_URI:
			return ECOSYS_RULE_FORMAT_URI;
		case ECOSYS_FORMAT_MBOX:
			return ECOSYS_RULE_FORMAT_MBOX;
		case ECOSYS_FORMAT_SHA1:
			return ECOSYS_RULE_FORMAT_SHA1;
		case ECOSYS_FORMAT_SHA2:
			return ECOSYS_RULE_FORMAT_SHA2;
		case ECOSYS_FORMAT_TIMESTAMP:
			return ECOSYS_RULE_FORMAT_TIMESTAMP;
		case ECOSYS_FORMAT_DURATION:
			return ECOSYS_RULE_FORMAT_DURATION;
		case ECOSYS_FORMAT_LANGUAGE_TAG:
			return ECOSYS_RULE_FORMAT_LANGUAGE_TAG;
		case ECOSYS_FORMAT_MEDIA_TYPE:
			return ECOSYS_RULE_FORMAT_MEDIA_TYPE;
		case ECOSYS_FORMAT_VERSION:
			return ECOSYS_RULE_STATEMENT_VERSION;
		case ECOSYS_FORMAT_INTERACTION_TYPE:
			return ECOSYS_RULE_INTERACTION_TYPE;
		default:
			return ECOSYS_RULE_VALUE_STRING;
	}
}
