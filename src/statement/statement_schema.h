/*
 * statement_schema.h - the properties and kinds of object of xAPI, as data.
 *
 * A property has the same kind of value wherever it occurs, with two
 * exceptions (id and name), which the kind of object decides. So there is one
 * list of properties, and a kind of object is little more than two sets.
 */
#ifndef ECOSYS_STATEMENT_SCHEMA_H
#define ECOSYS_STATEMENT_SCHEMA_H

#include <stddef.h>
#include <stdint.h>

/* What a value must be, and so which function reads it. */
typedef enum ecosys_format
{
	/* strings */
	ECOSYS_FORMAT_STRING,
	ECOSYS_FORMAT_UUID,
	ECOSYS_FORMAT_IRI,
	ECOSYS_FORMAT_IRL,
	ECOSYS_FORMAT_URI,
	ECOSYS_FORMAT_MBOX,
	ECOSYS_FORMAT_SHA1,
	ECOSYS_FORMAT_SHA2,
	ECOSYS_FORMAT_TIMESTAMP,
	ECOSYS_FORMAT_DURATION,
	ECOSYS_FORMAT_LANGUAGE_TAG,
	ECOSYS_FORMAT_MEDIA_TYPE,
	ECOSYS_FORMAT_VERSION,
	ECOSYS_FORMAT_INTERACTION_TYPE,
	/* other scalars */
	ECOSYS_FORMAT_BOOLEAN,
	ECOSYS_FORMAT_NUMBER,
	ECOSYS_FORMAT_LENGTH,
	/* lists and maps */
	ECOSYS_FORMAT_STRINGS,
	ECOSYS_FORMAT_RELEVANT_TYPES,
	ECOSYS_FORMAT_LANGUAGE_MAP,
	ECOSYS_FORMAT_EXTENSIONS,
	ECOSYS_FORMAT_MEMBERS,
	ECOSYS_FORMAT_COMPONENTS,
	ECOSYS_FORMAT_ACTIVITIES,
	ECOSYS_FORMAT_CONTEXT_AGENTS,
	ECOSYS_FORMAT_CONTEXT_GROUPS,
	ECOSYS_FORMAT_ATTACHMENTS,
	/* objects */
	ECOSYS_FORMAT_ACTOR,
	ECOSYS_FORMAT_ACCOUNT,
	ECOSYS_FORMAT_VERB,
	ECOSYS_FORMAT_OBJECT,
	ECOSYS_FORMAT_DEFINITION,
	ECOSYS_FORMAT_RESULT,
	ECOSYS_FORMAT_SCORE,
	ECOSYS_FORMAT_CONTEXT,
	ECOSYS_FORMAT_CONTEXT_ACTIVITIES,
	ECOSYS_FORMAT_STATEMENT_REF,
	/* as the kind of object says */
	ECOSYS_FORMAT_ID,
	ECOSYS_FORMAT_NAME
} ecosys_format;

/* Every property of xAPI. In order of length: the search uses it. */
#define ECOSYS_PROPERTIES(PROPERTY) \
	PROPERTY(ID, "id", ID) \
	PROPERTY(RAW, "raw", NUMBER) \
	PROPERTY(MIN, "min", NUMBER) \
	PROPERTY(MAX, "max", NUMBER) \
	PROPERTY(VERB, "verb", VERB) \
	PROPERTY(NAME, "name", NAME) \
	PROPERTY(MBOX, "mbox", MBOX) \
	PROPERTY(TYPE, "type", IRI) \
	PROPERTY(TEAM, "team", ACTOR) \
	PROPERTY(SHA2, "sha2", SHA2) \
	PROPERTY(ACTOR, "actor", ACTOR) \
	PROPERTY(SCORE, "score", SCORE) \
	PROPERTY(AGENT, "agent", ACTOR) \
	PROPERTY(GROUP, "group", ACTOR) \
	PROPERTY(SCALE, "scale", COMPONENTS) \
	PROPERTY(STEPS, "steps", COMPONENTS) \
	PROPERTY(OTHER, "other", ACTIVITIES) \
	PROPERTY(OBJECT, "object", OBJECT) \
	PROPERTY(RESULT, "result", RESULT) \
	PROPERTY(STORED, "stored", TIMESTAMP) \
	PROPERTY(OPENID, "openid", URI) \
	PROPERTY(MEMBER, "member", MEMBERS) \
	PROPERTY(SOURCE, "source", COMPONENTS) \
	PROPERTY(TARGET, "target", COMPONENTS) \
	PROPERTY(SCALED, "scaled", NUMBER) \
	PROPERTY(PARENT, "parent", ACTIVITIES) \
	PROPERTY(LENGTH, "length", LENGTH) \
	PROPERTY(CONTEXT, "context", CONTEXT) \
	PROPERTY(VERSION, "version", VERSION) \
	PROPERTY(ACCOUNT, "account", ACCOUNT) \
	PROPERTY(DISPLAY, "display", LANGUAGE_MAP) \
	PROPERTY(CHOICES, "choices", COMPONENTS) \
	PROPERTY(SUCCESS, "success", BOOLEAN) \
	PROPERTY(FILE_URL, "fileUrl", IRL) \
	PROPERTY(MORE_INFO, "moreInfo", IRL) \
	PROPERTY(HOME_PAGE, "homePage", IRL) \
	PROPERTY(RESPONSE, "response", STRING) \
	PROPERTY(DURATION, "duration", DURATION) \
	PROPERTY(REVISION, "revision", STRING) \
	PROPERTY(PLATFORM, "platform", STRING) \
	PROPERTY(LANGUAGE, "language", LANGUAGE_TAG) \
	PROPERTY(GROUPING, "grouping", ACTIVITIES) \
	PROPERTY(CATEGORY, "category", ACTIVITIES) \
	PROPERTY(TIMESTAMP, "timestamp", TIMESTAMP) \
	PROPERTY(AUTHORITY, "authority", ACTOR) \
	PROPERTY(STATEMENT, "statement", STATEMENT_REF) \
	PROPERTY(USAGE_TYPE, "usageType", IRI) \
	PROPERTY(OBJECT_TYPE, "objectType", STRING) \
	PROPERTY(DEFINITION, "definition", DEFINITION) \
	PROPERTY(EXTENSIONS, "extensions", EXTENSIONS) \
	PROPERTY(COMPLETION, "completion", BOOLEAN) \
	PROPERTY(INSTRUCTOR, "instructor", ACTOR) \
	PROPERTY(ATTACHMENTS, "attachments", ATTACHMENTS) \
	PROPERTY(DESCRIPTION, "description", LANGUAGE_MAP) \
	PROPERTY(CONTENT_TYPE, "contentType", MEDIA_TYPE) \
	PROPERTY(MBOX_SHA1SUM, "mbox_sha1sum", SHA1) \
	PROPERTY(REGISTRATION, "registration", UUID) \
	PROPERTY(CONTEXT_AGENTS, "contextAgents", CONTEXT_AGENTS) \
	PROPERTY(CONTEXT_GROUPS, "contextGroups", CONTEXT_GROUPS) \
	PROPERTY(RELEVANT_TYPES, "relevantTypes", RELEVANT_TYPES) \
	PROPERTY(INTERACTION_TYPE, "interactionType", INTERACTION_TYPE) \
	PROPERTY(CONTEXT_ACTIVITIES, "contextActivities", CONTEXT_ACTIVITIES) \
	PROPERTY(CORRECT_RESPONSES_PATTERN, "correctResponsesPattern", STRINGS)

typedef enum ecosys_property
{
#define PROPERTY(symbol, name, format) ECOSYS_PROPERTY_##symbol,
	ECOSYS_PROPERTIES(PROPERTY)
#undef PROPERTY
	ECOSYS_N_PROPERTIES
} ecosys_property;

/* A set of properties: they are 63. */
typedef uint64_t ecosys_property_set;

#define ECOSYS_SET(property) (UINT64_C(1) << ECOSYS_PROPERTY_##property)

typedef struct ecosys_property_rule
{
	const char *name;
	uint8_t		length;
	uint8_t		format;			/* an ecosys_format */
} ecosys_property_rule;

/* A kind of object. */
typedef struct ecosys_shape
{
	const char *name;			/* for "is not a property of ..." */
	ecosys_property_set allowed;
	ecosys_property_set required;
	ecosys_format id_format;	/* of id, and of name, if allowed */
	ecosys_format name_format;
} ecosys_shape;

extern const ecosys_property_rule ecosys_properties[ECOSYS_N_PROPERTIES];

extern const ecosys_shape ecosys_shape_statement;
extern const ecosys_shape ecosys_shape_substatement;
extern const ecosys_shape ecosys_shape_statement_ref;
extern const ecosys_shape ecosys_shape_agent;
extern const ecosys_shape ecosys_shape_group;
extern const ecosys_shape ecosys_shape_account;
extern const ecosys_shape ecosys_shape_verb;
extern const ecosys_shape ecosys_shape_activity;
extern const ecosys_shape ecosys_shape_definition;
extern const ecosys_shape ecosys_shape_component;
extern const ecosys_shape ecosys_shape_result;
extern const ecosys_shape ecosys_shape_score;
extern const ecosys_shape ecosys_shape_context;
extern const ecosys_shape ecosys_shape_context_activities;
extern const ecosys_shape ecosys_shape_context_agent;
extern const ecosys_shape ecosys_shape_context_group;
extern const ecosys_shape ecosys_shape_attachment;

/*
 * What an actor or an object may be is told by its objectType, which may come
 * last. These hold what any of the kinds may have; when the object has been
 * read, its kind is judged.
 */
extern const ecosys_shape ecosys_shape_any_actor;
extern const ecosys_shape ecosys_shape_any_object;
extern const ecosys_shape ecosys_shape_any_substatement_object;

#define ECOSYS_IFI_SET \
	(ECOSYS_SET(MBOX) | ECOSYS_SET(MBOX_SHA1SUM) | ECOSYS_SET(OPENID) | ECOSYS_SET(ACCOUNT))

/* What makes a definition one of an interaction, interactionType apart. */
#define ECOSYS_INTERACTION_SET \
	(ECOSYS_SET(CORRECT_RESPONSES_PATTERN) | ECOSYS_SET(CHOICES) | ECOSYS_SET(SCALE) | \
	 ECOSYS_SET(SOURCE) | ECOSYS_SET(TARGET) | ECOSYS_SET(STEPS))

/* The property of that name, or ECOSYS_N_PROPERTIES. */
extern ecosys_property ecosys_property_named(const char *name, size_t length);

#endif							/* ECOSYS_STATEMENT_SCHEMA_H */
