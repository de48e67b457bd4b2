/*
 * serve_text_test.c - the texts of HTTP in `ecosys serve`.
 */
#include <stdlib.h>
#include <string.h>

#include "check.h"

/* the client program is not part of the library that unit tests link: it needs libpq */
#include "client/serve_text.c"

static bool
json_is(const ecosys_serve_field *fields, size_t count, bool decoded, const char *expected)
{
	ecosys_serve_text text = {0};
	bool		same;

	ecosys_serve_headers_json(&text, fields, count, decoded);
	same = !text.failed && text.length == strlen(expected) && memcmp(text.data, expected, text.length) == 0;
	if (!same)
		fprintf(stderr, "%.*s instead of %s\n", (int) text.length, text.data, expected);
	ecosys_serve_text_free(&text);
	return same;
}

#define FIELD(n, v) {n, sizeof(n) - 1, v, sizeof(v) - 1}

static void
headers(void)
{
	const ecosys_serve_field some[] = {FIELD("Host", "x"), FIELD("X-A", "1"), FIELD("x-a", "2"), FIELD("Connection", "close"), FIELD("X-A", "\"\\\t\x01")};
	const ecosys_serve_field coded[] = {FIELD("Content-Encoding", "gzip"), FIELD("CONTENT-LENGTH", "5"), FIELD("Content-Type", "a/b"),
		FIELD("Transfer-Encoding", "chunked"), FIELD("Accept-Encoding", "gzip")};
	const ecosys_serve_field good[] = {FIELD("a", ""), FIELD("!#$%&'*+-.^_`|~09Az", "\t \xc3\xa9\xf0\x9f\x98\x80~")};
	const ecosys_serve_field bad[] = {FIELD("", "x"), FIELD("a b", "x"), FIELD("a:", "x"), FIELD("a\0", "x"), FIELD("\xc3\xa9", "x"), FIELD("(", "x"),
		FIELD("a", "\0"), FIELD("a", "\r"), FIELD("a", "\n"), FIELD("a", "\x7f"), FIELD("a", "\x1f"), FIELD("a", "\xff"),
		FIELD("a", "\xc0\x80"), FIELD("a", "\xed\xa0\x80"), FIELD("a", "\xf4\x90\x80\x80"), FIELD("a", "x\xc3")};

	CHECK(json_is(some, 0, false, "{}"));
	CHECK(json_is(some, 5, false, "{\"host\":\"x\",\"x-a\":\"1, 2, \\\"\\\\\\u0009\\u0001\"}"));
	CHECK(json_is(coded, 5, false, "{\"content-encoding\":\"gzip\",\"content-length\":\"5\",\"content-type\":\"a/b\"}"));
	CHECK(json_is(coded, 5, true, "{\"content-type\":\"a/b\"}"));
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		CHECK(ecosys_serve_field_is_valid(&good[i]));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		CHECK(!ecosys_serve_field_is_valid(&bad[i]));
}

static bool
takes_gzip(const char *value)
{
	return ecosys_serve_accepts_gzip(value, strlen(value));
}

static void
codings(void)
{
	CHECK(takes_gzip("gzip"));
	CHECK(takes_gzip("deflate, gzip;q=1.0, *;q=0.5"));
	CHECK(takes_gzip("br;q=1,GZIP;q=0.001"));
	CHECK(takes_gzip("*"));
	CHECK(takes_gzip("identity , x-gzip"));
	CHECK(!takes_gzip(""));
	CHECK(!takes_gzip("gzip;q=0"));
	CHECK(!takes_gzip("gzip; q=0.000"));
	CHECK(!takes_gzip("gzip;q=0, *"));
	CHECK(!takes_gzip("*;q=0"));
	CHECK(!takes_gzip("gzipped"));
	CHECK(!takes_gzip(",,;;q=,"));
}

static void
sizes(void)
{
	size_t		size;

	CHECK(ecosys_serve_parse_size("0", &size) && size == 0);
	CHECK(ecosys_serve_parse_size("16kB", &size) && size == 16384);
	CHECK(ecosys_serve_parse_size("16MiB", &size) && size == 16777216);
	CHECK(ecosys_serve_parse_size("1G", &size) && size == 1073741824);
	CHECK(!ecosys_serve_parse_size("", &size));
	CHECK(!ecosys_serve_parse_size("-1", &size));
	CHECK(!ecosys_serve_parse_size("1T", &size));
	CHECK(!ecosys_serve_parse_size("1kBx", &size));
	CHECK(!ecosys_serve_parse_size("99999999999999999999", &size));
	CHECK(!ecosys_serve_parse_size("2048G", &size));
}

static bool
address_is(const char *text, const char *host, const char *port)
{
	char		found[64];
	const char *found_port;

	return ecosys_serve_parse_address(text, found, sizeof(found), &found_port) && strcmp(found, host) == 0 && strcmp(found_port, port) == 0;
}

static void
addresses(void)
{
	char		host[8];
	const char *port;

	CHECK(address_is("127.0.0.1:8080", "127.0.0.1", "8080"));
	CHECK(address_is("[::1]:80", "::1", "80"));
	CHECK(address_is(":80", "", "80"));
	CHECK(address_is("*:80", "", "80"));
	CHECK(!ecosys_serve_parse_address("127.0.0.1", host, sizeof(host), &port));
	CHECK(!ecosys_serve_parse_address("::1", host, sizeof(host), &port));
	CHECK(!ecosys_serve_parse_address("a:", host, sizeof(host), &port));
	CHECK(!ecosys_serve_parse_address("a:65536", host, sizeof(host), &port));
	CHECK(!ecosys_serve_parse_address("a:8x", host, sizeof(host), &port));
	CHECK(!ecosys_serve_parse_address("longer.example:80", host, sizeof(host), &port));
	CHECK(ecosys_serve_is_loopback("127.0.0.1") && ecosys_serve_is_loopback("127.9.9.9") && ecosys_serve_is_loopback("::1") &&
		  ecosys_serve_is_loopback("::ffff:127.0.0.1"));
	CHECK(!ecosys_serve_is_loopback("128.0.0.1") && !ecosys_serve_is_loopback("::ffff:10.0.0.1") && !ecosys_serve_is_loopback("fe80::1") &&
		  !ecosys_serve_is_loopback("::127.0.0.1") && !ecosys_serve_is_loopback("12.7.0.1"));
	CHECK(ecosys_serve_host_is_valid("", 0) && ecosys_serve_host_is_valid("[::1]:80", 8) && ecosys_serve_host_is_valid("a-b.example", 11));
	CHECK(!ecosys_serve_host_is_valid("a b", 3) && !ecosys_serve_host_is_valid("a@b", 3) && !ecosys_serve_host_is_valid("a/b", 3) &&
		  !ecosys_serve_host_is_valid("a,b", 3) && !ecosys_serve_host_is_valid("\xc3\xa9", 2));
	CHECK(ecosys_serve_path_is_valid("/a%20b?\xc3\xa9", 9) && !ecosys_serve_path_is_valid("/a b", 4) && !ecosys_serve_path_is_valid("/\xff", 2) &&
		  !ecosys_serve_path_is_valid("/\0", 2) && !ecosys_serve_path_is_valid("/\x7f", 2));
}

int
main(void)
{
	headers();
	codings();
	sizes();
	addresses();
	return report("serve_text");
}
