/*
 * xapi_request.c - the reading of xapi_request.h.
 *
 * Everything is taken apart before anything is judged by what it means, in the
 * order in which a client may learn what is wrong: the resource, the form of
 * the alternate syntax, the version, the method; and, only with credentials,
 * the parameters and the type of the content.
 */
#include "xapi/xapi_request.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/hex.h"
#include "base/iri.h"
#include "base/json_reader.h"
#include "base/timestamp.h"
#include "base/utf8.h"
#include "base/uuid.h"

const char *const ecosys_xapi_resource_names[] = {
	"statements", "activities/state", "activities/profile", "agents/profile", "agents", "activities", "about"
};

const char *const ecosys_xapi_method_names[] = {"GET", "HEAD", "PUT", "POST", "DELETE"};

const char *const ecosys_xapi_parameter_names[] = {
	"statementId", "voidedStatementId", "agent", "verb", "activity", "registration", "related_activities",
	"related_agents", "since", "until", "limit", "format", "attachments", "ascending", "cursor",
	"activityId", "stateId", "profileId"
};

const char *const ecosys_xapi_header_names[] = {
	"authorization", "x-experience-api-version", "content-type", "if-match", "if-none-match", "accept-language"
};

/* Headers that a form of the alternate syntax may hold as well, and that mean nothing here. */
static const char *const idle_headers[] = {
	"accept", "accept-charset", "accept-encoding", "cache-control", "connection", "content-encoding",
	"content-length", "content-transfer-encoding", "cookie", "date", "host", "origin", "pragma", "referer",
	"user-agent", "x-requested-with"
};

#define N_OF(array) (sizeof(array) / sizeof((array)[0]))
#define BIT(parameter) (1u << ECOSYS_XAPI_##parameter)

/* What a resource takes. */
typedef struct route
{
	uint32_t	methods;		/* bits of ecosys_xapi_method, without HEAD */
	uint32_t	get_allowed;	/* parameters */
	uint32_t	get_required;
	uint32_t	put_allowed;
	uint32_t	put_required;
	uint32_t	post_allowed;
	uint32_t	post_required;
	uint32_t	delete_allowed;
	uint32_t	delete_required;
} route;

#define METHOD(name) (1u << ECOSYS_XAPI_##name)
#define DOCUMENT_METHODS (METHOD(GET) | METHOD(PUT) | METHOD(POST) | METHOD(DELETE))
#define STATE_CONTEXT (BIT(ACTIVITY_ID) | BIT(AGENT))
#define STATE (STATE_CONTEXT | BIT(STATE_ID))
#define ACTIVITY_PROFILE (BIT(ACTIVITY_ID) | BIT(PROFILE_ID))
#define AGENT_PROFILE (BIT(AGENT) | BIT(PROFILE_ID))

static const route routes[] = {
	[ECOSYS_XAPI_STATEMENTS] = {
		.methods = METHOD(GET) | METHOD(PUT) | METHOD(POST),
		.get_allowed = BIT(ACTIVITY_ID) - 1,
		.put_allowed = BIT(STATEMENT_ID),
		.put_required = BIT(STATEMENT_ID)
	},
	[ECOSYS_XAPI_STATE] = {
		.methods = DOCUMENT_METHODS,
		.get_allowed = STATE | BIT(REGISTRATION) | BIT(SINCE),
		.get_required = STATE_CONTEXT,
		.put_allowed = STATE | BIT(REGISTRATION),
		.put_required = STATE,
		.post_allowed = STATE | BIT(REGISTRATION),
		.post_required = STATE,
		.delete_allowed = STATE | BIT(REGISTRATION),
		.delete_required = STATE_CONTEXT
	},
	[ECOSYS_XAPI_ACTIVITY_PROFILE] = {
		.methods = DOCUMENT_METHODS,
		.get_allowed = ACTIVITY_PROFILE | BIT(SINCE),
		.get_required = BIT(ACTIVITY_ID),
		.put_allowed = ACTIVITY_PROFILE,
		.put_required = ACTIVITY_PROFILE,
		.post_allowed = ACTIVITY_PROFILE,
		.post_required = ACTIVITY_PROFILE,
		.delete_allowed = ACTIVITY_PROFILE,
		.delete_required = ACTIVITY_PROFILE
	},
	[ECOSYS_XAPI_AGENT_PROFILE] = {
		.methods = DOCUMENT_METHODS,
		.get_allowed = AGENT_PROFILE | BIT(SINCE),
		.get_required = BIT(AGENT),
		.put_allowed = AGENT_PROFILE,
		.put_required = AGENT_PROFILE,
		.post_allowed = AGENT_PROFILE,
		.post_required = AGENT_PROFILE,
		.delete_allowed = AGENT_PROFILE,
		.delete_required = AGENT_PROFILE
	},
	[ECOSYS_XAPI_AGENTS] = {.methods = METHOD(GET), .get_allowed = BIT(AGENT), .get_required = BIT(AGENT)},
	[ECOSYS_XAPI_ACTIVITIES] = {
		.methods = METHOD(GET),
		.get_allowed = BIT(ACTIVITY_ID),
		.get_required = BIT(ACTIVITY_ID)
	},
	[ECOSYS_XAPI_ABOUT] = {.methods = METHOD(GET)}
};

const char *
ecosys_xapi_methods_allowed(ecosys_xapi_resource resource)
{
	switch (resource)
	{
		case ECOSYS_XAPI_STATEMENTS:
			return "GET, HEAD, PUT, POST";
		case ECOSYS_XAPI_STATE:
		case ECOSYS_XAPI_ACTIVITY_PROFILE:
		case ECOSYS_XAPI_AGENT_PROFILE:
			return "GET, HEAD, PUT, POST, DELETE";
		case ECOSYS_XAPI_AGENTS:
		case ECOSYS_XAPI_ACTIVITIES:
		case ECOSYS_XAPI_ABOUT:
		case ECOSYS_XAPI_UNKNOWN:
			break;
	}
	return "GET, HEAD";
}


/* ---- faults ---- */

static void vfail(ecosys_xapi_request *request, int status, bool after_credentials, const char *format,
				  va_list args) __attribute__((format(printf, 4, 0)));
static void
vfail(ecosys_xapi_request *request, int status, bool after_credentials, const char *format, va_list args)
{
	if (request->status != 0)
		return;
	request->status = status;
	request->after_credentials = after_credentials;
	vsnprintf(request->reason, sizeof(request->reason), format, args);
}

void
ecosys_xapi_request_fail(ecosys_xapi_request *request, int status, const char *format,...)
{
	va_list		args;

	va_start(args, format);
	vfail(request, status, true, format, args);
	va_end(args);
}

/* A fault of the request that only a client that has proved who it is may be told. */
static void fail(ecosys_xapi_request *request, const char *format,...) __attribute__((format(printf, 2, 3)));
static void
fail(ecosys_xapi_request *request, const char *format,...)
{
	va_list		args;

	va_start(args, format);
	vfail(request, 400, true, format, args);
	va_end(args);
}

/* A fault that anybody may be told. */
static void fail_early(ecosys_xapi_request *request, int status, const char *format,...)
			__attribute__((format(printf, 3, 4)));
static void
fail_early(ecosys_xapi_request *request, int status, const char *format,...)
{
	va_list		args;

	va_start(args, format);
	vfail(request, status, false, format, args);
	va_end(args);
}


/* ---- texts ---- */

static bool
text_is(ecosys_xapi_text text, const char *plain)
{
	return text.length == strlen(plain) && memcmp(text.bytes, plain, text.length) == 0;
}

static bool
text_is_in_any_case(ecosys_xapi_text text, const char *plain)
{
	return text.length == strlen(plain) && strncasecmp(text.bytes, plain, text.length) == 0;
}

/* Well-formed UTF-8 without a zero byte? */
static bool
is_plain_text(const char *bytes, size_t length)
{
	const char *end = bytes + length;

	while (bytes < end)
	{
		size_t		n = ecosys_utf8_length(bytes, end);

		if (n == 0 || *bytes == '\0')
			return false;
		bytes += n;
	}
	return true;
}

/* Resolve % escapes, and + where plus is a space; false if they or the text are broken. */
static bool
decode(const char *bytes, size_t length, bool plus, void *(*allocate) (size_t), ecosys_xapi_text *result)
{
	char	   *out;
	size_t		n = 0;

	if (memchr(bytes, '%', length) == NULL && !(plus && memchr(bytes, '+', length) != NULL))
	{
		result->bytes = bytes;
		result->length = length;
		return is_plain_text(bytes, length);
	}
	out = allocate(length + 1);
	for (size_t i = 0; i < length; i++)
	{
		if (bytes[i] == '%')
		{
			if (length - i < 3 || ecosys_hex_value(bytes[i + 1]) < 0 || ecosys_hex_value(bytes[i + 2]) < 0)
				return false;
			out[n++] = (char) (ecosys_hex_value(bytes[i + 1]) << 4 | ecosys_hex_value(bytes[i + 2]));
			i += 2;
		}
		else
			out[n++] = plus && bytes[i] == '+' ? ' ' : bytes[i];
	}
	result->bytes = out;
	result->length = n;
	return is_plain_text(out, n);
}

size_t
ecosys_xapi_encode(const char *bytes, size_t length, char *result)
{
	static const char digits[] = "0123456789ABCDEF";
	char	   *out = result;

	for (size_t i = 0; i < length; i++)
	{
		unsigned char c = (unsigned char) bytes[i];

		if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
			c == '-' || c == '.' || c == '_' || c == '~')
			*out++ = (char) c;
		else
		{
			*out++ = '%';
			*out++ = digits[c >> 4];
			*out++ = digits[c & 15];
		}
	}
	return (size_t) (out - result);
}

size_t
ecosys_xapi_request_filter(const ecosys_xapi_request *request, char *result)
{
	char	   *out = result;

	for (int i = 0; i < ECOSYS_XAPI_N_PARAMETERS; i++)
	{
		size_t		length = strlen(ecosys_xapi_parameter_names[i]);

		if (request->parameter[i].bytes == NULL || i == ECOSYS_XAPI_CURSOR)
			continue;
		memcpy(out, ecosys_xapi_parameter_names[i], length);
		out += length;
		*out++ = '=';
		out += ecosys_xapi_encode(request->parameter[i].bytes, request->parameter[i].length, out);
		*out++ = '&';
	}
	return (size_t) (out - result);
}

static int
base64_value(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == '+')
		return 62;
	if (c == '/')
		return 63;
	return -1;
}

/* Standard base64; the padding may be missing. */
static bool
decode_base64(ecosys_xapi_text text, void *(*allocate) (size_t), ecosys_xapi_text *result)
{
	char	   *out = allocate(text.length / 4 * 3 + 3);
	size_t		n = 0;
	uint32_t	bits = 0;
	int			n_bits = 0;

	for (int i = 0; i < 2 && text.length > 0 && text.bytes[text.length - 1] == '='; i++)
		text.length--;
	if (text.length % 4 == 1)
		return false;
	for (size_t i = 0; i < text.length; i++)
	{
		int			value = base64_value(text.bytes[i]);

		if (value < 0)
			return false;
		bits = bits << 6 | (uint32_t) value;
		n_bits += 6;
		if (n_bits >= 8)
		{
			n_bits -= 8;
			out[n++] = (char) (bits >> n_bits & 0xff);
		}
	}
	result->bytes = out;
	result->length = n;
	return true;
}


/* ---- what the parts of a request say ---- */

/* The resource, and the version that its base path stands for. */
static void
read_path(ecosys_xapi_request *request, ecosys_xapi_text path, void *(*allocate) (size_t))
{
	static const char root[] = "/xapi";
	ecosys_xapi_text decoded;
	const char *rest = NULL;
	size_t		length;

	request->resource = ECOSYS_XAPI_UNKNOWN;
	request->version = ECOSYS_XAPI_2_0_0;
	request->base = path;
	while (request->base.length > 0 && request->base.bytes[request->base.length - 1] != '/')
		request->base.length--;
	if (request->base.length > 0)
		request->base.length--;

	if (decode(path.bytes, path.length, false, allocate, &decoded))
	{
		/* whatever a front has mounted it under */
		for (size_t i = 0; i + sizeof(root) - 1 < decoded.length; i++)
		{
			if (memcmp(decoded.bytes + i, root, sizeof(root) - 1) == 0 &&
				decoded.bytes[i + sizeof(root) - 1] == '/')
				rest = decoded.bytes + i + sizeof(root);
		}
	}
	if (rest != NULL)
	{
		length = (size_t) (decoded.bytes + decoded.length - rest);
		if (length >= 6 && (memcmp(rest, "1.0.3/", 6) == 0 || memcmp(rest, "2.0.0/", 6) == 0))
		{
			request->version = rest[0] == '1' ? ECOSYS_XAPI_1_0_3 : ECOSYS_XAPI_2_0_0;
			rest += 6;
			length -= 6;
		}
		for (int i = 0; i < ECOSYS_XAPI_UNKNOWN; i++)
		{
			if (text_is((ecosys_xapi_text) {rest, length}, ecosys_xapi_resource_names[i]))
				request->resource = i;
		}
	}
	if (request->resource == ECOSYS_XAPI_UNKNOWN)
		fail_early(request, 404, "there is no such resource here");
}

static void
read_method(ecosys_xapi_request *request, ecosys_xapi_text method)
{
	request->method = ECOSYS_XAPI_OTHER_METHOD;
	for (int i = 0; i < ECOSYS_XAPI_OTHER_METHOD; i++)
	{
		if (text_is(method, ecosys_xapi_method_names[i]))
			request->method = i;
	}
}

static void
read_headers(ecosys_xapi_request *request, ecosys_xapi_text headers, void *(*allocate) (size_t))
{
	ecosys_json_reader reader;
	ecosys_json_string key;

	ecosys_json_open(&reader, headers.bytes, headers.length);
	if (ecosys_json_peek(&reader) != ECOSYS_JSON_OBJECT || !ecosys_json_enter_object(&reader))
	{
		fail_early(request, 400, "the headers are not an object");
		return;
	}
	while (ecosys_json_next_member(&reader, &key))
	{
		ecosys_xapi_text name = {reader.text + key.span.offset + 1, key.span.length - 2};
		int			header = -1;
		ecosys_json_string value;
		ecosys_xapi_text *text;

		for (int i = 0; i < ECOSYS_XAPI_N_HEADERS; i++)
		{
			if (text_is_in_any_case(name, ecosys_xapi_header_names[i]))
				header = i;
		}
		if (header < 0 || ecosys_json_peek(&reader) != ECOSYS_JSON_STRING)
		{
			ecosys_json_skip(&reader, NULL);
			continue;
		}
		if (!ecosys_json_read_string(&reader, &value))
			break;
		text = &request->header[header];
		text->bytes = reader.text + value.span.offset + 1;
		text->length = value.span.length - 2;
		if (value.escaped)
		{
			char	   *copy = allocate(value.span.length);

			text->length = ecosys_json_decode(reader.text + value.span.offset, value.span.length, copy);
			text->bytes = copy;
		}
		if (!is_plain_text(text->bytes, text->length))
			fail_early(request, 400, "the header %s is not text", ecosys_xapi_header_names[header]);
	}
	if (reader.failed)
		fail_early(request, 400, "the headers are not an object of strings");
}

/* Is the media type this one, whatever its parameters? */
static bool
media_type_is(ecosys_xapi_text header, const char *type)
{
	size_t		length = 0;

	while (length < header.length && header.bytes[length] != ';' &&
		   header.bytes[length] != ' ' && header.bytes[length] != '\t')
		length++;
	return header.bytes != NULL && text_is_in_any_case((ecosys_xapi_text) {header.bytes, length}, type);
}

/* A name as it may be told: it could be anything that a client sent. */
static const char *
name_to_tell(ecosys_xapi_text name, char *buffer, size_t size)
{
	if (name.length == 0 || name.length >= size)
		return "with such a name";
	for (size_t i = 0; i < name.length; i++)
	{
		char		c = name.bytes[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-'))
			return "with such a name";
	}
	memcpy(buffer, name.bytes, name.length);
	buffer[name.length] = '\0';
	return buffer;
}

static int
parameter_named(ecosys_xapi_text name)
{
	for (int i = 0; i < ECOSYS_XAPI_N_PARAMETERS; i++)
	{
		if (text_is(name, ecosys_xapi_parameter_names[i]))
			return i;
	}
	return -1;
}

/* The next name=value; false at the end. Empty pieces are passed over. */
static bool
next_pair(ecosys_xapi_text *rest, ecosys_xapi_text *name, ecosys_xapi_text *value)
{
	while (rest->length > 0)
	{
		const char *end = memchr(rest->bytes, '&', rest->length);
		size_t		length = end == NULL ? rest->length : (size_t) (end - rest->bytes);
		const char *equals = memchr(rest->bytes, '=', length);

		name->bytes = rest->bytes;
		name->length = equals == NULL ? length : (size_t) (equals - rest->bytes);
		value->bytes = equals == NULL ? rest->bytes + length : equals + 1;
		value->length = (size_t) (rest->bytes + length - value->bytes);
		rest->bytes += length + (end != NULL);
		rest->length -= length + (end != NULL);
		if (length > 0)
			return true;
	}
	return false;
}

static void
take_parameter(ecosys_xapi_request *request, ecosys_xapi_text name, ecosys_xapi_text value)
{
	char		told[40];
	int			parameter = parameter_named(name);

	if (parameter < 0)
		fail(request, "there is no parameter %s", name_to_tell(name, told, sizeof(told)));
	else if (request->parameter[parameter].bytes != NULL)
		fail(request, "the parameter %s is given twice", ecosys_xapi_parameter_names[parameter]);
	else
		request->parameter[parameter] = value;
}

/*
 * The query. In the alternate syntax (POST with a parameter `method`) it holds
 * nothing but that, which is returned in *alternate.
 */
static void
read_query(ecosys_xapi_request *request, ecosys_xapi_text query, ecosys_xapi_text *alternate,
		   void *(*allocate) (size_t))
{
	ecosys_xapi_text raw_name;
	ecosys_xapi_text raw_value;
	int			n = 0;

	while (next_pair(&query, &raw_name, &raw_value))
	{
		ecosys_xapi_text name;
		ecosys_xapi_text value;

		n++;
		if (!decode(raw_name.bytes, raw_name.length, true, allocate, &name) ||
			!decode(raw_value.bytes, raw_value.length, true, allocate, &value))
		{
			fail(request, "the query is not percent-encoded UTF-8 without zero bytes");
			return;
		}
		if (request->method == ECOSYS_XAPI_POST && text_is(name, "method") && alternate->bytes == NULL)
			*alternate = value;
		else
			take_parameter(request, name, value);
	}
	if (alternate->bytes != NULL && n > 1)
	{
		request->status = 0;
		fail_early(request, 400, "in the alternate request syntax the query holds nothing but the method");
	}
}

/* The form of the alternate syntax: parameters, headers and the content. */
static void
read_form(ecosys_xapi_request *request, ecosys_xapi_text method, ecosys_xapi_text form,
		  void *(*allocate) (size_t))
{
	ecosys_xapi_text raw_name;
	ecosys_xapi_text raw_value;
	bool		given[ECOSYS_XAPI_N_HEADERS] = {false};

	request->alternate = true;
	read_method(request, method);
	if (!media_type_is(request->header[ECOSYS_XAPI_CONTENT_TYPE], "application/x-www-form-urlencoded"))
	{
		fail_early(request, 400,
				   "the alternate request syntax needs a body of type application/x-www-form-urlencoded");
		return;
	}
	request->header[ECOSYS_XAPI_CONTENT_TYPE].bytes = NULL; /* of the form, not of the content */
	while (next_pair(&form, &raw_name, &raw_value))
	{
		ecosys_xapi_text name;
		ecosys_xapi_text value;
		bool		known = false;

		if (!decode(raw_name.bytes, raw_name.length, true, allocate, &name) ||
			!decode(raw_value.bytes, raw_value.length, true, allocate, &value))
		{
			fail_early(request, 400, "the form is not percent-encoded UTF-8 without zero bytes");
			return;
		}
		if (text_is(name, "content"))
		{
			if (request->content.bytes != NULL)
				fail_early(request, 400, "the form has two contents");
			request->content = value;
			continue;
		}
		for (int i = 0; i < ECOSYS_XAPI_N_HEADERS && !known; i++)
		{
			if (!text_is_in_any_case(name, ecosys_xapi_header_names[i]))
				continue;
			known = true;
			if (given[i])
				fail_early(request, 400, "the form has the header %s twice", ecosys_xapi_header_names[i]);
			given[i] = true;
			request->header[i] = value;
		}
		for (size_t i = 0; i < N_OF(idle_headers) && !known; i++)
			known = text_is_in_any_case(name, idle_headers[i]);
		if (!known)
			take_parameter(request, name, value);
	}
	if ((request->method == ECOSYS_XAPI_PUT || request->method == ECOSYS_XAPI_POST) &&
		request->content.bytes == NULL)
		fail_early(request, 400, "the form has no content");
	if (request->header[ECOSYS_XAPI_CONTENT_TYPE].bytes == NULL && request->content.bytes != NULL)
	{
		const char *type = request->resource == ECOSYS_XAPI_STATEMENTS ?
			"application/json" : "application/octet-stream";

		request->header[ECOSYS_XAPI_CONTENT_TYPE] = (ecosys_xapi_text) {type, strlen(type)};
	}
}

/* 1.0, 1.0.n, 2.0, 2.0.n */
static bool
read_version(ecosys_xapi_text text, ecosys_xapi_version *version)
{
	if (text.bytes == NULL || text.length < 3 || text.length > 16 || text.length == 4 ||
		(text.bytes[0] != '1' && text.bytes[0] != '2') || text.bytes[1] != '.' || text.bytes[2] != '0' ||
		(text.length > 3 && text.bytes[3] != '.'))
		return false;
	for (size_t i = 4; i < text.length; i++)
	{
		if (text.bytes[i] < '0' || text.bytes[i] > '9')
			return false;
	}
	*version = text.bytes[0] == '1' ? ECOSYS_XAPI_1_0_3 : ECOSYS_XAPI_2_0_0;
	return true;
}

/* Authorization: Basic base64(key:secret) */
static void
read_credentials(ecosys_xapi_request *request, void *(*allocate) (size_t))
{
	ecosys_xapi_text header = request->header[ECOSYS_XAPI_AUTHORIZATION];
	ecosys_xapi_text decoded;
	const char *colon;

	if (header.bytes == NULL || header.length < 6 || strncasecmp(header.bytes, "basic ", 6) != 0)
		return;
	header.bytes += 6;
	header.length -= 6;
	while (header.length > 0 && header.bytes[0] == ' ')
	{
		header.bytes++;
		header.length--;
	}
	if (!decode_base64(header, allocate, &decoded) || !is_plain_text(decoded.bytes, decoded.length) ||
		(colon = memchr(decoded.bytes, ':', decoded.length)) == NULL)
		return;
	request->key = (ecosys_xapi_text) {decoded.bytes, (size_t) (colon - decoded.bytes)};
	request->secret = (ecosys_xapi_text) {colon + 1, decoded.length - request->key.length - 1};
	request->has_credentials = request->key.length > 0;
}


/* ---- parameters ---- */

static bool
read_boolean(ecosys_xapi_text text, bool *value)
{
	*value = text_is(text, "true");
	return *value || text_is(text, "false");
}

/* A whole number, not negative; what is beyond an int32 is as good as its largest. */
static bool
read_limit(ecosys_xapi_text text, int32_t *value)
{
	int64_t		limit = 0;

	for (size_t i = 0; i < text.length; i++)
	{
		if (text.bytes[i] < '0' || text.bytes[i] > '9')
			return false;
		limit = limit * 10 + (text.bytes[i] - '0');
		if (limit > INT32_MAX)
			limit = INT32_MAX;
	}
	*value = (int32_t) limit;
	return text.length > 0;
}

/* Does a parameter have its format? Takes the value of those that are not text. */
static bool
read_parameter(ecosys_xapi_request *request, ecosys_xapi_parameter parameter, const char **expected)
{
	ecosys_xapi_text text = request->parameter[parameter];

	switch (parameter)
	{
		case ECOSYS_XAPI_STATEMENT_ID:
		case ECOSYS_XAPI_VOIDED_STATEMENT_ID:
			*expected = "a UUID";
			return ecosys_uuid_parse(text.bytes, text.length, request->statement_id);
		case ECOSYS_XAPI_REGISTRATION:
			*expected = "a UUID";
			return ecosys_uuid_parse(text.bytes, text.length, request->registration);
		case ECOSYS_XAPI_VERB:
		case ECOSYS_XAPI_ACTIVITY:
		case ECOSYS_XAPI_ACTIVITY_ID:
			*expected = "an IRI";
			return ecosys_iri_valid(text.bytes, text.length);
		case ECOSYS_XAPI_SINCE:
			*expected = "a timestamp";
			return ecosys_timestamp_parse(text.bytes, text.length, &request->since);
		case ECOSYS_XAPI_UNTIL:
			*expected = "a timestamp";
			return ecosys_timestamp_parse(text.bytes, text.length, &request->until);
		case ECOSYS_XAPI_LIMIT:
			*expected = "a whole number, 0 or more";
			return read_limit(text, &request->limit);
		case ECOSYS_XAPI_FORMAT:
			*expected = "ids, exact or canonical";
			return text_is(text, "ids") || text_is(text, "exact") || text_is(text, "canonical");
		case ECOSYS_XAPI_RELATED_ACTIVITIES:
			*expected = "true or false";
			return read_boolean(text, &request->related_activities);
		case ECOSYS_XAPI_RELATED_AGENTS:
			*expected = "true or false";
			return read_boolean(text, &request->related_agents);
		case ECOSYS_XAPI_WITH_ATTACHMENTS:
			*expected = "true or false";
			return read_boolean(text, &request->with_attachments);
		case ECOSYS_XAPI_ASCENDING:
			*expected = "true or false";
			return read_boolean(text, &request->ascending);
		case ECOSYS_XAPI_AGENT:	/* JSON: the caller's */
		case ECOSYS_XAPI_CURSOR:
		case ECOSYS_XAPI_STATE_ID:
		case ECOSYS_XAPI_PROFILE_ID:
		case ECOSYS_XAPI_N_PARAMETERS:
			break;
	}
	return true;
}

static void
judge_parameters(ecosys_xapi_request *request)
{
	const route *route = &routes[request->resource];
	uint32_t	allowed = 0;
	uint32_t	required = 0;
	uint32_t	given = 0;

	switch (request->method)
	{
		case ECOSYS_XAPI_GET:
		case ECOSYS_XAPI_HEAD:
			allowed = route->get_allowed;
			required = route->get_required;
			break;
		case ECOSYS_XAPI_PUT:
			allowed = route->put_allowed;
			required = route->put_required;
			break;
		case ECOSYS_XAPI_POST:
			allowed = route->post_allowed;
			required = route->post_required;
			break;
		case ECOSYS_XAPI_DELETE:
			allowed = route->delete_allowed;
			required = route->delete_required;
			break;
		case ECOSYS_XAPI_OTHER_METHOD:
			return;
	}
	for (int i = 0; i < ECOSYS_XAPI_N_PARAMETERS; i++)
	{
		const char *expected = "";

		if (request->parameter[i].bytes == NULL)
			continue;
		given |= 1u << i;
		if (!(allowed & 1u << i))
			fail(request, "the parameter %s does not belong to %s %s", ecosys_xapi_parameter_names[i],
				 ecosys_xapi_method_names[request->method], ecosys_xapi_resource_names[request->resource]);
		else if (!read_parameter(request, i, &expected))
			fail(request, "the parameter %s is not %s", ecosys_xapi_parameter_names[i], expected);
	}
	for (int i = 0; i < ECOSYS_XAPI_N_PARAMETERS; i++)
	{
		if (required & ~given & 1u << i)
			fail(request, "the parameter %s is missing", ecosys_xapi_parameter_names[i]);
	}
	/* one statement by its id: statementId xor voidedStatementId, and nothing that filters */
	if (request->resource == ECOSYS_XAPI_STATEMENTS && request->method <= ECOSYS_XAPI_HEAD &&
		(given & (BIT(STATEMENT_ID) | BIT(VOIDED_STATEMENT_ID))))
	{
		if ((given & BIT(STATEMENT_ID)) && (given & BIT(VOIDED_STATEMENT_ID)))
			fail(request, "statementId and voidedStatementId exclude each other");
		if (given & ~(BIT(STATEMENT_ID) | BIT(VOIDED_STATEMENT_ID) | BIT(FORMAT) | BIT(WITH_ATTACHMENTS)))
			fail(request, "beside statementId or voidedStatementId only format and attachments are allowed");
	}
}

void
ecosys_xapi_request_read(ecosys_xapi_request *request, ecosys_xapi_text method, ecosys_xapi_text path,
						 ecosys_xapi_text query, ecosys_xapi_text headers, ecosys_xapi_text body,
						 void *(*allocate) (size_t))
{
	ecosys_xapi_text alternate = {NULL, 0};
	ecosys_xapi_request query_fault;
	ecosys_xapi_method method_of_route;

	memset(request, 0, sizeof(*request));
	read_path(request, path, allocate);
	read_method(request, method);
	read_headers(request, headers, allocate);
	if (request->status != 0)
	{
		read_version(request->header[ECOSYS_XAPI_VERSION_HEADER], &request->version);
		return;
	}

	read_query(request, query, &alternate, allocate);
	if (alternate.bytes != NULL && request->status == 0)
		read_form(request, alternate, body, allocate);

	/* what is wrong with a parameter comes after what anybody may know */
	query_fault.status = 0;
	if (request->status != 0 && request->after_credentials)
	{
		query_fault = *request;
		request->status = 0;
	}
	if (!read_version(request->header[ECOSYS_XAPI_VERSION_HEADER], &request->version))
	{
		/* /about is there to be asked before one knows the version */
		if (request->resource != ECOSYS_XAPI_ABOUT)
			fail_early(request, 400, request->header[ECOSYS_XAPI_VERSION_HEADER].bytes == NULL ?
					   "the header X-Experience-API-Version is missing" :
					   "the X-Experience-API-Version of the request is not supported: 1.0.3 and 2.0.0 are");
	}
	if (request->alternate && request->version == ECOSYS_XAPI_2_0_0)
		fail_early(request, 400, "xAPI 2.0 has no alternate request syntax");
	method_of_route = request->method == ECOSYS_XAPI_HEAD ? ECOSYS_XAPI_GET : request->method;
	if (method_of_route == ECOSYS_XAPI_OTHER_METHOD || !(routes[request->resource].methods & 1u << method_of_route))
		fail_early(request, 405, "this resource does not have this method");
	read_credentials(request, allocate);
	if (request->status == 0 && query_fault.status != 0)
		fail(request, "%s", query_fault.reason);
	if (request->status != 0)
		return;

	judge_parameters(request);
	if (request->resource == ECOSYS_XAPI_STATEMENTS && request->method >= ECOSYS_XAPI_PUT)
	{
		request->multipart = media_type_is(request->header[ECOSYS_XAPI_CONTENT_TYPE], "multipart/mixed");
		if (!request->multipart && !media_type_is(request->header[ECOSYS_XAPI_CONTENT_TYPE], "application/json"))
			fail(request, "statements come as application/json or multipart/mixed");
	}
}
