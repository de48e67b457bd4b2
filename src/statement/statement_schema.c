/*
 * statement_schema.c - the table of statement_schema.h.
 */
#include "statement/statement_schema.h"

#include <string.h>

const ecosys_property_rule ecosys_properties[ECOSYS_N_PROPERTIES] = {
#define PROPERTY(symbol, name, format) {name, sizeof(name) - 1, ECOSYS_FORMAT_##format},
	ECOSYS_PROPERTIES(PROPERTY)
#undef PROPERTY
};

#define ANY_ACTOR \
	(ECOSYS_SET(OBJECT_TYPE) | ECOSYS_SET(NAME) | ECOSYS_IFI_SET | ECOSYS_SET(MEMBER))
#define ACTIVITY (ECOSYS_SET(OBJECT_TYPE) | ECOSYS_SET(ID) | ECOSYS_SET(DEFINITION))
#define STATEMENT_PARTS (ECOSYS_SET(ACTOR) | ECOSYS_SET(VERB) | ECOSYS_SET(OBJECT))
#define SUBSTATEMENT \
	(STATEMENT_PARTS | ECOSYS_SET(RESULT) | ECOSYS_SET(CONTEXT) | ECOSYS_SET(TIMESTAMP) | \
	 ECOSYS_SET(ATTACHMENTS))

const ecosys_shape ecosys_shape_statement = {
	.name = "a statement",
	.allowed = SUBSTATEMENT | ECOSYS_SET(ID) | ECOSYS_SET(STORED) | ECOSYS_SET(AUTHORITY) |
	ECOSYS_SET(VERSION),
	.required = STATEMENT_PARTS,
	.id_format = ECOSYS_FORMAT_UUID
};

const ecosys_shape ecosys_shape_substatement = {
	.name = "a SubStatement",
	.allowed = SUBSTATEMENT | ECOSYS_SET(OBJECT_TYPE),
	.required = STATEMENT_PARTS
};

const ecosys_shape ecosys_shape_statement_ref = {
	.name = "a StatementRef",
	.allowed = ECOSYS_SET(OBJECT_TYPE) | ECOSYS_SET(ID),
	.required = ECOSYS_SET(OBJECT_TYPE) | ECOSYS_SET(ID),
	.id_format = ECOSYS_FORMAT_UUID
};

const ecosys_shape ecosys_shape_agent = {
	.name = "an Agent",
	.allowed = ANY_ACTOR & ~ECOSYS_SET(MEMBER),
	.name_format = ECOSYS_FORMAT_STRING
};

const ecosys_shape ecosys_shape_group = {
	.name = "a Group",
	.allowed = ANY_ACTOR,
	.required = ECOSYS_SET(OBJECT_TYPE),
	.name_format = ECOSYS_FORMAT_STRING
};

const ecosys_shape ecosys_shape_account = {
	.name = "an account",
	.allowed = ECOSYS_SET(HOME_PAGE) | ECOSYS_SET(NAME),
	.required = ECOSYS_SET(HOME_PAGE) | ECOSYS_SET(NAME),
	.name_format = ECOSYS_FORMAT_STRING
};

const ecosys_shape ecosys_shape_verb = {
	.name = "a verb",
	.allowed = ECOSYS_SET(ID) | ECOSYS_SET(DISPLAY),
	.required = ECOSYS_SET(ID),
	.id_format = ECOSYS_FORMAT_IRI
};

const ecosys_shape ecosys_shape_activity = {
	.name = "an Activity",
	.allowed = ACTIVITY,
	.required = ECOSYS_SET(ID),
	.id_format = ECOSYS_FORMAT_IRI
};

const ecosys_shape ecosys_shape_definition = {
	.name = "an activity definition",
	.allowed = ECOSYS_SET(NAME) | ECOSYS_SET(DESCRIPTION) | ECOSYS_SET(TYPE) | ECOSYS_SET(MORE_INFO) |
	ECOSYS_SET(EXTENSIONS) | ECOSYS_SET(INTERACTION_TYPE) | ECOSYS_INTERACTION_SET,
	.name_format = ECOSYS_FORMAT_LANGUAGE_MAP
};

const ecosys_shape ecosys_shape_component = {
	.name = "an interaction component",
	.allowed = ECOSYS_SET(ID) | ECOSYS_SET(DESCRIPTION),
	.required = ECOSYS_SET(ID),
	.id_format = ECOSYS_FORMAT_STRING
};

const ecosys_shape ecosys_shape_result = {
	.name = "a result",
	.allowed = ECOSYS_SET(SCORE) | ECOSYS_SET(SUCCESS) | ECOSYS_SET(COMPLETION) |
	ECOSYS_SET(RESPONSE) | ECOSYS_SET(DURATION) | ECOSYS_SET(EXTENSIONS)
};

const ecosys_shape ecosys_shape_score = {
	.name = "a score",
	.allowed = ECOSYS_SET(SCALED) | ECOSYS_SET(RAW) | ECOSYS_SET(MIN) | ECOSYS_SET(MAX)
};

const ecosys_shape ecosys_shape_context = {
	.name = "a context",
	.allowed = ECOSYS_SET(REGISTRATION) | ECOSYS_SET(INSTRUCTOR) | ECOSYS_SET(TEAM) |
	ECOSYS_SET(CONTEXT_ACTIVITIES) | ECOSYS_SET(REVISION) | ECOSYS_SET(PLATFORM) |
	ECOSYS_SET(LANGUAGE) | ECOSYS_SET(STATEMENT) | ECOSYS_SET(EXTENSIONS) |
	ECOSYS_SET(CONTEXT_AGENTS) | ECOSYS_SET(CONTEXT_GROUPS)
};

const ecosys_shape ecosys_shape_context_activities = {
	.name = "contextActivities",
	.allowed = ECOSYS_SET(PARENT) | ECOSYS_SET(GROUPING) | ECOSYS_SET(CATEGORY) | ECOSYS_SET(OTHER)
};

const ecosys_shape ecosys_shape_context_agent = {
	.name = "a contextAgent",
	.allowed = ECOSYS_SET(OBJECT_TYPE) | ECOSYS_SET(AGENT) | ECOSYS_SET(RELEVANT_TYPES),
	.required = ECOSYS_SET(OBJECT_TYPE) | ECOSYS_SET(AGENT)
};

const ecosys_shape ecosys_shape_context_group = {
	.name = "a contextGroup",
	.allowed = ECOSYS_SET(OBJECT_TYPE) | ECOSYS_SET(GROUP) | ECOSYS_SET(RELEVANT_TYPES),
	.required = ECOSYS_SET(OBJECT_TYPE) | ECOSYS_SET(GROUP)
};

const ecosys_shape ecosys_shape_attachment = {
	.name = "an attachment",
	.allowed = ECOSYS_SET(USAGE_TYPE) | ECOSYS_SET(DISPLAY) | ECOSYS_SET(CONTENT_TYPE) |
	ECOSYS_SET(LENGTH) | ECOSYS_SET(SHA2) | ECOSYS_SET(DESCRIPTION) | ECOSYS_SET(FILE_URL),
	.required = ECOSYS_SET(USAGE_TYPE) | ECOSYS_SET(DISPLAY) | ECOSYS_SET(CONTENT_TYPE) |
	ECOSYS_SET(LENGTH) | ECOSYS_SET(SHA2)
};

const ecosys_shape ecosys_shape_any_actor = {
	.name = "an Agent or Group",
	.allowed = ANY_ACTOR,
	.name_format = ECOSYS_FORMAT_STRING
};

/* id: an IRI or a UUID, as the kind of object will tell */
const ecosys_shape ecosys_shape_any_object = {
	.name = "an object",
	.allowed = ACTIVITY | ANY_ACTOR | SUBSTATEMENT,
	.id_format = ECOSYS_FORMAT_STRING,
	.name_format = ECOSYS_FORMAT_STRING
};

const ecosys_shape ecosys_shape_any_substatement_object = {
	.name = "the object of a SubStatement",
	.allowed = ACTIVITY | ANY_ACTOR,
	.id_format = ECOSYS_FORMAT_STRING,
	.name_format = ECOSYS_FORMAT_STRING
};

/* Number of names shorter than `length`: where those of that length begin. */
#define LONGEST 23
static const uint8_t first_of_length[LONGEST + 2] = {
	[2] = ECOSYS_PROPERTY_ID,
	[3] = ECOSYS_PROPERTY_RAW,
	[4] = ECOSYS_PROPERTY_VERB,
	[5] = ECOSYS_PROPERTY_ACTOR,
	[6] = ECOSYS_PROPERTY_OBJECT,
	[7] = ECOSYS_PROPERTY_CONTEXT,
	[8] = ECOSYS_PROPERTY_MORE_INFO,
	[9] = ECOSYS_PROPERTY_TIMESTAMP,
	[10] = ECOSYS_PROPERTY_OBJECT_TYPE,
	[11] = ECOSYS_PROPERTY_ATTACHMENTS,
	[12] = ECOSYS_PROPERTY_MBOX_SHA1SUM,
	[13] = ECOSYS_PROPERTY_CONTEXT_AGENTS,
	[14] = ECOSYS_PROPERTY_INTERACTION_TYPE,
	[15] = ECOSYS_PROPERTY_INTERACTION_TYPE,
	[16] = ECOSYS_PROPERTY_CONTEXT_ACTIVITIES,
	[17] = ECOSYS_PROPERTY_CONTEXT_ACTIVITIES,
	[18] = ECOSYS_PROPERTY_CORRECT_RESPONSES_PATTERN,
	[19] = ECOSYS_PROPERTY_CORRECT_RESPONSES_PATTERN,
	[20] = ECOSYS_PROPERTY_CORRECT_RESPONSES_PATTERN,
	[21] = ECOSYS_PROPERTY_CORRECT_RESPONSES_PATTERN,
	[22] = ECOSYS_PROPERTY_CORRECT_RESPONSES_PATTERN,
	[23] = ECOSYS_PROPERTY_CORRECT_RESPONSES_PATTERN,
	[24] = ECOSYS_N_PROPERTIES
};

ecosys_property
ecosys_property_named(const char *name, size_t length)
{
	if (length > LONGEST)
		return ECOSYS_N_PROPERTIES;
	for (int i = first_of_length[length]; i < first_of_length[length + 1]; i++)
	{
		if (ecosys_properties[i].name[0] == name[0] &&
			memcmp(ecosys_properties[i].name, name, length) == 0)
			return (ecosys_property) i;
	}
	return ECOSYS_N_PROPERTIES;
}
