/*
 * xapi_request_test.c - requests taken apart: paths, queries, forms, headers,
 * credentials; and texts cut at every byte, so that the sanitizers see what
 * reads beyond.
 */
#include "check.h"

#include "base/escaped_letter.h"
#include "xapi/xapi_request.h"

/* Memory that one request takes, released together. */
static void *taken[4096];
static int	n_taken;

static void *
take(size_t size)
{
	void	   *memory = malloc(size ? size : 1);

	if (n_taken < (int) (sizeof(taken) / sizeof(taken[0])))
		taken[n_taken++] = memory;
	return memory;
}

static void
release(void)
{
	while (n_taken > 0)
		free(taken[--n_taken]);
}

static ecosys_xapi_text
text(const char *plain)
{
	return (ecosys_xapi_text) {plain, strlen(plain)};
}

static bool
is(ecosys_xapi_text found, const char *wanted)
{
	if (wanted == NULL)
		return found.bytes == NULL;
	return found.bytes != NULL && found.length == strlen(wanted) && memcmp(found.bytes, wanted, found.length) == 0;
}

#define V1 "\"x-experience-api-version\":\"1.0.3\""
#define V2 "\"x-experience-api-version\":\"2.0.0\""

static ecosys_xapi_request
request(const char *method, const char *path, const char *query, const char *headers, const char *body)
{
	ecosys_xapi_request r;

	release();
	ecosys_xapi_request_read(&r, text(method), text(path), text(query), text(headers), text(body), take);
	return r;
}

static void
test_paths(void)
{
	ecosys_xapi_request r;

	r = request("GET", "/xapi/statements", "", "{" V2 "}", "");
	CHECK(r.status == 0 && r.resource == ECOSYS_XAPI_STATEMENTS && r.method == ECOSYS_XAPI_GET && r.version == ECOSYS_XAPI_2_0_0);
	CHECK(is(r.base, "/xapi"));
	r = request("GET", "/lrs/xapi/1.0.3/statements", "", "{}", "");
	CHECK(r.status == 400 && !r.after_credentials && r.version == ECOSYS_XAPI_1_0_3 && is(r.base, "/lrs/xapi/1.0.3"));
	r = request("GET", "/xapi/activities/state", "activityId=http://a&agent=x", "{" V1 "}", "");
	CHECK(r.status == 0 && r.resource == ECOSYS_XAPI_STATE);
	r = request("GET", "/xapi/%61bout", "", "{}", "");
	CHECK(r.status == 0 && r.resource == ECOSYS_XAPI_ABOUT);
	r = request("GET", "xapi/about", "", "{}", "");
	CHECK(r.status == 404 && r.resource == ECOSYS_XAPI_UNKNOWN);
	r = request("GET", "", "", "{}", "");
	CHECK(r.status == 404);
	r = request("GET", "/xapi/xapi/about", "", "{}", "");
	CHECK(r.status == 0 && r.resource == ECOSYS_XAPI_ABOUT);
	r = request("PATCH", "/xapi/about", "", "{}", "");
	CHECK(r.status == 405);
	CHECK(strcmp(ecosys_xapi_methods_allowed(ECOSYS_XAPI_STATE), "GET, HEAD, PUT, POST, DELETE") == 0);
}

static void
test_queries(void)
{
	ecosys_xapi_request r;
	char		filter[400];
	size_t		length;

	r = request("GET", "/xapi/statements", "limit=5&since=2000-01-01T00:00:01Z&verb=http%3A%2F%2Fv&ascending=true&cursor=abc&&registration=00000000-0000-4000-8000-00000000000a", "{" V1 "}", "");
	CHECK_SAY(r.status == 0, "%s", r.reason);
	CHECK(r.limit == 5 && r.since == 1000000 && r.ascending && !r.related_agents && r.registration[15] == 10);
	CHECK(is(r.parameter[ECOSYS_XAPI_VERB], "http://v") && is(r.parameter[ECOSYS_XAPI_CURSOR], "abc") && is(r.parameter[ECOSYS_XAPI_AGENT], NULL));
	length = ecosys_xapi_request_filter(&r, filter);
	CHECK_SAY(is((ecosys_xapi_text) {filter, length},
				 "verb=http%3A%2F%2Fv&registration=00000000-0000-4000-8000-00000000000a&since=2000-01-01T00%3A00%3A01Z&limit=5&ascending=true&"),
			  "%.*s", (int) length, filter);
	r = request("GET", "/xapi/agents", "agent=%7B%22name%22:%22a+b%2B%22%7D", "{" V1 "}", "");
	CHECK(is(r.parameter[ECOSYS_XAPI_AGENT], "{\"name\":\"a b+\"}"));
	r = request("GET", "/xapi/statements", "limit=99999999999999999999999", "{" V1 "}", "");
	CHECK(r.status == 0 && r.limit == INT32_MAX);
	r = request("GET", "/xapi/statements", "nonsense=1", "{" V1 "}", "");
	CHECK(r.status == 400 && r.after_credentials && strcmp(r.reason, "there is no parameter nonsense") == 0);
	r = request("GET", "/xapi/statements", "%22ana@example.com%22=1", "{" V1 "}", "");
	CHECK(r.status == 400 && strstr(r.reason, "ana") == NULL);
	r = request("GET", "/xapi/statements", "nonsense=1", "{}", "");
	CHECK(r.status == 400 && !r.after_credentials && strstr(r.reason, "nonsense") == NULL);
}

static void
test_headers(void)
{
	ecosys_xapi_request r;

	r = request("PUT", "/xapi/agents/profile", "agent=x&profileId=p", "{\"X-Experience-API-Version\":\"1.0.1\",\"If-Match\":\"\\\"a\\\"\",\"other\":[1,{}],\"content-type\":\"text/plain\",\"authorization\":\"Basic YTpiOmM=\"}", "");
	CHECK_SAY(r.status == 0, "%s", r.reason);
	CHECK(r.version == ECOSYS_XAPI_1_0_3 && is(r.header[ECOSYS_XAPI_IF_MATCH], "\"a\"") && is(r.header[ECOSYS_XAPI_CONTENT_TYPE], "text/plain"));
	CHECK(r.has_credentials && is(r.key, "a") && is(r.secret, "b:c"));
	r = request("GET", "/xapi/statements", "", "{" V1 ",\"authorization\":\"Basic:YTpi\"}", "");
	CHECK(r.status == 0 && !r.has_credentials);
	r = request("GET", "/xapi/statements", "", "{" V1 ",\"authorization\":\"basic YTpi\"}", "");
	CHECK(r.has_credentials && is(r.key, "a") && is(r.secret, "b"));
	r = request("GET", "/xapi/statements", "", "{" V1 ",\"authorization\":\"Basic YTo\"}", "");
	CHECK(r.has_credentials && is(r.secret, ""));
	r = request("GET", "/xapi/statements", "", "{" V1 ",\"authorization\":\"Basic YTpiY\"}", "");
	CHECK(!r.has_credentials);
	r = request("GET", "/xapi/statements", "", "[" V1 "]", "");
	CHECK(r.status == 400);
	r = request("GET", "/xapi/statements", "", "{" V1, "");
	CHECK(r.status == 400);
	r = request("POST", "/xapi/statements", "", "{" V1 ",\"content-type\":\"Multipart/Mixed; boundary=x\"}", "");
	CHECK(r.status == 0 && r.multipart);
	r = request("POST", "/xapi/statements", "", "{" V1 ",\"content-type\":\"multipart/mixedx\"}", "");
	CHECK(r.status == 400);
}

static void
test_forms(void)
{
	const char *const headers = "{" V2 ",\"content-type\":\"application/x-www-form-urlencoded\",\"authorization\":\"Basic eDp4\"}";
	ecosys_xapi_request r;

	r = request("POST", "/xapi/statements", "method=PUT", headers,
				"X-Experience-API-Version=1.0.3&Authorization=Basic+YTpi&content=%7B%7D&statementId=00000000-0000-4000-8000-00000000000b&Content-Length=2");
	CHECK_SAY(r.status == 0, "%s", r.reason);
	CHECK(r.alternate && r.method == ECOSYS_XAPI_PUT && r.version == ECOSYS_XAPI_1_0_3 && is(r.key, "a") && is(r.content, "{}") && r.statement_id[15] == 11);
	CHECK(is(r.header[ECOSYS_XAPI_CONTENT_TYPE], "application/json"));
	r = request("POST", "/xapi/statements", "method=GET", headers, "X-Experience-API-Version=1.0.3&limit=1");
	CHECK(r.status == 0 && r.method == ECOSYS_XAPI_GET && r.limit == 1);
	r = request("POST", "/xapi/statements", "method=GET", headers, "limit=1");
	CHECK(r.status == 400 && !r.after_credentials);
	r = request("POST", "/xapi/statements", "method=PUT&limit=1", headers, "X-Experience-API-Version=1.0.3");
	CHECK(r.status == 400);
	r = request("POST", "/xapi/statements", "method=POST", headers, "X-Experience-API-Version=1.0.3&content=a&content=b");
	CHECK(r.status == 400);
	r = request("POST", "/xapi/statements", "method=POST", headers, "X-Experience-API-Version=1.0.3&X-Experience-API-Version=1.0.3&content=a");
	CHECK(r.status == 400);
	r = request("POST", "/xapi/statements", "method=GET&method=GET", headers, "X-Experience-API-Version=1.0.3");
	CHECK(r.status == 400);
}

/* Every prefix of good texts, in memory of exactly its size. */
static void
test_prefixes(void)
{
	static const char *const good[5] = {
		"POST", "/lrs/xapi/1.0.3/activities/state",
		"method=%50UT&activityId=http%3a//%c3%a9&agent=%7b%7d&stateId=+&registration=00000000-0000-4000-8000-00000000000b&since=2020-01-01T00:00:00Z&limit=1",
		"{" V1 ",\"authorization\":\"Basic YTpiOmM=\",\"content-type\":\"application/x-www-form-urlencoded\",\"x\":\"\\u00e9\"}",
		"content=%7B%7D&stateId=%e2%82%ac&activityId=http://a&agent=%7B%7D&Authorization=Basic+YTpi&If-Match=%22a%22"
	};
	uint64_t	random = 88172645463325252;

	for (int part = 0; part < 5; part++)
	{
		for (size_t length = 0; length <= strlen(good[part]); length++)
		{
			ecosys_xapi_request r;
			ecosys_xapi_text texts[5];
			char	   *copy = exact_copy(good[part], length);

			for (int i = 0; i < 5; i++)
				texts[i] = text(good[i]);
			texts[part] = (ecosys_xapi_text) {copy, length};
			ecosys_xapi_request_read(&r, texts[0], texts[1], texts[2], texts[3], texts[4], take);
			CHECK(r.status == 0 || (r.status >= 400 && r.status < 500 && r.reason[0] != '\0'));
			release();
			free(copy);
		}
	}
	/* and any bytes put into them */
	for (int round = 0; round < 20000; round++)
	{
		ecosys_xapi_request r;
		ecosys_xapi_text texts[5];
		char	   *copies[5];

		for (int i = 0; i < 5; i++)
		{
			size_t		length = strlen(good[i]);

			copies[i] = exact_copy(good[i], length);
			for (int change = 0; change < 2; change++)
			{
				random ^= random << 13;
				random ^= random >> 7;
				random ^= random << 17;
				if (random % 3 == 0)
					copies[i][random / 3 % length] = "%&=+\0\"\\{}:,;\xff\xc3\x80 /"[random / 1000 % 18];
			}
			texts[i] = (ecosys_xapi_text) {copies[i], length};
		}
		ecosys_xapi_request_read(&r, texts[0], texts[1], texts[2], texts[3], texts[4], take);
		CHECK(r.status == 0 || (r.status >= 400 && r.status < 500));
		for (const char *c = r.reason; *c; c++)
			CHECK(*c >= ' ' && *c <= '~');
		release();
		for (int i = 0; i < 5; i++)
			free(copies[i]);
	}
}

static void
test_escaped_letters(void)
{
	static const char *const with[] = {"\\u0061", "{\"\\u0061uthority\":1}", "\\\\u0061", "\\n\\u007A"};
	static const char *const without[] = {"", "\\", "\\u", "\\u00", "\\u006", "\\u00e9", "\\u0041", "u0061", "\\u1061", "\\\\\\"};

	for (size_t i = 0; i < sizeof(with) / sizeof(with[0]); i++)
	{
		char	   *copy = exact_copy(with[i], strlen(with[i]));

		CHECK_SAY(ecosys_has_escaped_letter(copy, strlen(with[i])), "%s", with[i]);
		free(copy);
	}
	for (size_t i = 0; i < sizeof(without) / sizeof(without[0]); i++)
	{
		char	   *copy = exact_copy(without[i], strlen(without[i]));

		CHECK_SAY(!ecosys_has_escaped_letter(copy, strlen(without[i])), "%s", without[i]);
		free(copy);
	}
}

int
main(void)
{
	test_paths();
	test_escaped_letters();
	test_queries();
	test_headers();
	test_forms();
	test_prefixes();
	release();
	return report("xapi_request");
}
