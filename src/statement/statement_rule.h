/*
 * statement_rule.h - every rule that a statement can break.
 *
 * The names are stable: people filter and count by them. docs/statement-rules.md
 * explains each; test/data/statement_cases.jsonl has cases for each. A %s in a
 * message stands for a word of the specification (a property, a kind of
 * object), never for anything of the statement.
 */
#ifndef ECOSYS_STATEMENT_RULE_H
#define ECOSYS_STATEMENT_RULE_H

#define ECOSYS_STATEMENT_RULES(RULE) \
	/* shape */ \
	RULE(VALUE_NULL, "value.null", "null is allowed only inside the values of extensions") \
	RULE(VALUE_OBJECT, "value.object", "expected an object") \
	RULE(VALUE_ARRAY, "value.array", "expected an array") \
	RULE(VALUE_STRING, "value.string", "expected a string") \
	RULE(VALUE_NUMBER, "value.number", "expected a number") \
	RULE(VALUE_BOOLEAN, "value.boolean", "expected true or false") \
	RULE(PROPERTY_UNKNOWN, "property.unknown", "this is not a property of %s") \
	RULE(PROPERTY_DUPLICATE, "property.duplicate", "the same key occurs twice in one object") \
	RULE(PROPERTY_REQUIRED, "property.required", "the required property \"%s\" is missing") \
	/* formats of strings */ \
	RULE(FORMAT_UUID, "format.uuid", \
		 "expected a UUID: 8-4-4-4-12 hexadecimal digits with hyphens") \
	RULE(FORMAT_IRI, "format.iri", "expected an IRI with a scheme, without blanks") \
	RULE(FORMAT_IRL, "format.irl", "expected an IRL with a scheme, without blanks") \
	RULE(FORMAT_URI, "format.uri", "expected an absolute URI of ASCII characters") \
	RULE(FORMAT_MBOX, "format.mbox", "expected \"mailto:\" and a mail address") \
	RULE(FORMAT_SHA1, "format.sha1", "expected 40 hexadecimal digits") \
	RULE(FORMAT_SHA2, "format.sha2", "expected 56 to 128 hexadecimal digits") \
	RULE(FORMAT_TIMESTAMP, "format.timestamp", \
		 "expected a timestamp of RFC 3339, for example 2027-01-31T08:30:00.125Z") \
	RULE(FORMAT_DURATION, "format.duration", \
		 "expected an ISO 8601 duration, for example PT4M35.2S or P3W") \
	RULE(FORMAT_LANGUAGE_TAG, "format.language_tag", \
		 "expected a language tag of RFC 5646, for example en-GB") \
	RULE(FORMAT_MEDIA_TYPE, "format.media_type", \
		 "expected a media type, for example application/pdf") \
	/* statement */ \
	RULE(STATEMENT_VERSION, "statement.version", "expected version 1.0, 1.0.x, 2.0 or 2.0.x") \
	RULE(VOIDING_OBJECT, "voiding.object", \
		 "the object of a voiding statement must be a StatementRef") \
	RULE(AUTHORITY_GROUP, "authority.group", \
		 "an authority that is a Group must be anonymous and have exactly two members") \
	/* actors */ \
	RULE(ACTOR_TYPE, "actor.type", "objectType must be \"Agent\" or \"Group\" here") \
	RULE(AGENT_TYPE, "agent.type", "only an Agent is allowed here") \
	RULE(AGENT_IFI, "agent.ifi", \
		 "an Agent needs exactly one of mbox, mbox_sha1sum, openid, account") \
	RULE(GROUP_TYPE, "group.type", "only a Group is allowed here") \
	RULE(GROUP_IFI, "group.ifi", \
		 "a Group has at most one of mbox, mbox_sha1sum, openid, account") \
	RULE(GROUP_MEMBER, "group.member", "an anonymous Group needs at least one member") \
	/* objects */ \
	RULE(OBJECT_TYPE, "object.type", \
		 "objectType must be Activity, Agent, Group, SubStatement or StatementRef") \
	RULE(ACTIVITY_TYPE, "activity.type", "objectType must be \"Activity\" here") \
	RULE(STATEMENT_REF_TYPE, "statement_ref.type", "objectType must be \"StatementRef\" here") \
	RULE(SUBSTATEMENT_NESTED, "substatement.nested", \
		 "the object of a SubStatement must not be a SubStatement") \
	RULE(INTERACTION_TYPE, "interaction.type", \
		 "expected one of the ten interaction types, for example choice") \
	RULE(INTERACTION_REQUIRED, "interaction.required", \
		 "interactionType is required beside properties of an interaction") \
	RULE(COMPONENT_DISTINCT, "component.distinct", \
		 "ids of interaction components must be distinct in their list") \
	/* result */ \
	RULE(SCORE_NUMBER, "score.number", "the number is beyond the range of an IEEE double") \
	RULE(SCORE_SCALED, "score.scaled", "scaled must lie between -1 and 1") \
	RULE(SCORE_MIN_MAX, "score.min_max", "min must be less than max") \
	RULE(SCORE_RAW, "score.raw", "raw must lie between min and max") \
	/* context */ \
	RULE(CONTEXT_REVISION, "context.revision", \
		 "revision is allowed only if the object is an Activity") \
	RULE(CONTEXT_PLATFORM, "context.platform", \
		 "platform is allowed only if the object is an Activity") \
	RULE(CONTEXT_AGENT_TYPE, "context_agent.type", "objectType must be \"contextAgent\" here") \
	RULE(CONTEXT_GROUP_TYPE, "context_group.type", "objectType must be \"contextGroup\" here") \
	RULE(RELEVANT_TYPES_EMPTY, "relevant_types.empty", "relevantTypes must not be empty") \
	/* attachments */ \
	RULE(ATTACHMENT_LENGTH, "attachment.length", \
		 "expected a whole number of octets, zero or more, in digits")

typedef enum ecosys_statement_rule
{
#define RULE(symbol, name, message) ECOSYS_RULE_##symbol,
	ECOSYS_STATEMENT_RULES(RULE)
#undef RULE
	ECOSYS_N_RULES
} ecosys_statement_rule;

#endif							/* ECOSYS_STATEMENT_RULE_H */
