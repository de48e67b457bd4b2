/*
 * xapi_request.h - an HTTP request to an xAPI record store, taken apart and judged.
 *
 * Plain C, without the server: routing, versions, Basic credentials, query
 * parameters and their formats, and the alternate request syntax of 1.0.3. What
 * needs tables (who may, what is stored) is not known here.
 */
#ifndef ECOSYS_XAPI_REQUEST_H
#define ECOSYS_XAPI_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum ecosys_xapi_resource
{
	ECOSYS_XAPI_STATEMENTS,
	ECOSYS_XAPI_STATE,
	ECOSYS_XAPI_ACTIVITY_PROFILE,
	ECOSYS_XAPI_AGENT_PROFILE,
	ECOSYS_XAPI_AGENTS,
	ECOSYS_XAPI_ACTIVITIES,
	ECOSYS_XAPI_ABOUT,
	ECOSYS_XAPI_UNKNOWN
} ecosys_xapi_resource;

extern const char *const ecosys_xapi_resource_names[];

typedef enum ecosys_xapi_method
{
	ECOSYS_XAPI_GET,
	ECOSYS_XAPI_HEAD,
	ECOSYS_XAPI_PUT,
	ECOSYS_XAPI_POST,
	ECOSYS_XAPI_DELETE,
	ECOSYS_XAPI_OTHER_METHOD
} ecosys_xapi_method;

extern const char *const ecosys_xapi_method_names[];

typedef enum ecosys_xapi_version
{
	ECOSYS_XAPI_1_0_3,
	ECOSYS_XAPI_2_0_0
} ecosys_xapi_version;

typedef enum ecosys_xapi_parameter
{
	ECOSYS_XAPI_STATEMENT_ID,
	ECOSYS_XAPI_VOIDED_STATEMENT_ID,
	ECOSYS_XAPI_AGENT,
	ECOSYS_XAPI_VERB,
	ECOSYS_XAPI_ACTIVITY,
	ECOSYS_XAPI_REGISTRATION,
	ECOSYS_XAPI_RELATED_ACTIVITIES,
	ECOSYS_XAPI_RELATED_AGENTS,
	ECOSYS_XAPI_SINCE,
	ECOSYS_XAPI_UNTIL,
	ECOSYS_XAPI_LIMIT,
	ECOSYS_XAPI_FORMAT,
	ECOSYS_XAPI_WITH_ATTACHMENTS,
	ECOSYS_XAPI_ASCENDING,
	ECOSYS_XAPI_CURSOR,			/* ours: where a page goes on, in the `more` that we gave */
	ECOSYS_XAPI_ACTIVITY_ID,
	ECOSYS_XAPI_STATE_ID,
	ECOSYS_XAPI_PROFILE_ID,
	ECOSYS_XAPI_N_PARAMETERS
} ecosys_xapi_parameter;

extern const char *const ecosys_xapi_parameter_names[];

/* Headers that matter here; in the alternate syntax they may be form fields. */
typedef enum ecosys_xapi_header
{
	ECOSYS_XAPI_AUTHORIZATION,
	ECOSYS_XAPI_VERSION_HEADER,
	ECOSYS_XAPI_CONTENT_TYPE,
	ECOSYS_XAPI_IF_MATCH,
	ECOSYS_XAPI_IF_NONE_MATCH,
	ECOSYS_XAPI_ACCEPT_LANGUAGE,
	ECOSYS_XAPI_N_HEADERS
} ecosys_xapi_header;

extern const char *const ecosys_xapi_header_names[];

/* Decoded text, not zero-terminated; bytes is NULL where there is none. */
typedef struct ecosys_xapi_text
{
	const char *bytes;
	size_t		length;
} ecosys_xapi_text;

typedef struct ecosys_xapi_request
{
	/*
	 * 0, or the status that the request ends with, and why. Without
	 * `after_credentials` it is to be told to anybody, else only to a client that
	 * has proved who it is.
	 */
	int			status;
	bool		after_credentials;
	char		reason[160];

	ecosys_xapi_method method;
	ecosys_xapi_resource resource;
	ecosys_xapi_version version;	/* of the request; where it has none, what its base path says */
	ecosys_xapi_text base;		/* of the path as it came: up to the resource's last segment */

	bool		has_credentials;	/* well-formed ones */
	ecosys_xapi_text key;
	ecosys_xapi_text secret;

	ecosys_xapi_text header[ECOSYS_XAPI_N_HEADERS];
	ecosys_xapi_text parameter[ECOSYS_XAPI_N_PARAMETERS];

	/* the alternate syntax: method, parameters, headers and content were in a form */
	bool		alternate;
	ecosys_xapi_text content;

	bool		multipart;		/* content of /statements: multipart/mixed, not application/json */

	/* parameters that are not text */
	uint8_t		statement_id[16];	/* statementId or voidedStatementId */
	uint8_t		registration[16];
	int64_t		since;			/* µs since 2000-01-01 UTC */
	int64_t		until;
	int32_t		limit;
	bool		related_activities;
	bool		related_agents;
	bool		with_attachments;
	bool		ascending;
} ecosys_xapi_request;

/*
 * Read a request. path and query are as the client sent them, headers is a JSON
 * object of strings. Texts of the result point into the arguments or into
 * memory from `allocate`, which does not return NULL. The agent parameter, being
 * JSON, is left to the caller to judge.
 */
extern void ecosys_xapi_request_read(ecosys_xapi_request *request,
									 ecosys_xapi_text method, ecosys_xapi_text path, ecosys_xapi_text query,
									 ecosys_xapi_text headers, ecosys_xapi_text body,
									 void *(*allocate) (size_t));

/* The methods of a resource, for the header Allow. */
extern const char *ecosys_xapi_methods_allowed(ecosys_xapi_resource resource);

/* End the request with a status; an earlier one stays. */
extern void ecosys_xapi_request_fail(ecosys_xapi_request *request, int status, const char *format,...)
			__attribute__((format(printf, 3, 4)));

/*
 * The parameters but the cursor, encoded as a query string, each with an & behind
 * it. result has room for three times their lengths and 32 bytes a parameter;
 * returns the length.
 */
extern size_t ecosys_xapi_request_filter(const ecosys_xapi_request *request, char *result);

/* Percent-encode; result has room for three times the length. Returns the length. */
extern size_t ecosys_xapi_encode(const char *bytes, size_t length, char *result);

#endif							/* ECOSYS_XAPI_REQUEST_H */
