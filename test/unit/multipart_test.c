/*
 * multipart_test.c - multipart/mixed: what is read, what is refused, that what is written is read.
 */
#include "check.h"

#include "xapi/multipart.h"

static uint64_t random_state = 88172645463325252;

static uint32_t
random_below(uint32_t n)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return (uint32_t) (random_state >> 32) % n;
}

/*
 * Read a body and write down what was found: "[name=value;name=value|content]"
 * for each part, or "!" and the fault.
 */
static const char *
read_all(const char *content_type, const char *body, size_t length)
{
	static char found[65536];
	char	   *copy = exact_copy(body, length);
	char	   *at = found;
	ecosys_multipart reader;
	ecosys_multipart_part part;
	ecosys_multipart_header header;

	ecosys_multipart_open(&reader, content_type, strlen(content_type), copy, length);
	while (ecosys_multipart_next(&reader, &part))
	{
		*at++ = '[';
		while (ecosys_multipart_next_header(&reader, &part, &header))
			at += sprintf(at, "%.*s=%.*s;", (int) header.name_length, copy + header.name,
						  (int) header.value_length, copy + header.value);
		at += sprintf(at, "|%.*s]", (int) part.content_length, copy + part.content);
	}
	*at = '\0';
	if (reader.fault != NULL)
		snprintf(found, sizeof(found), "!%s", reader.fault);
	free(copy);
	return found;
}

static void
expect(int line, const char *content_type, const char *body, const char *wanted)
{
	const char *found = read_all(content_type, body, strlen(body));

	check(strncmp(found, wanted, wanted[0] == '!' ? strlen(wanted) : strlen(found) + 1) == 0, __FILE__, line,
		  "found %s, expected %s", found, wanted);
}

#define EXPECT(type, body, wanted) expect(__LINE__, type, body, wanted)
#define TYPE "multipart/mixed; boundary=b"

static void
test_reading(void)
{
	EXPECT(TYPE, "--b\r\nA: 1\r\n\r\nx\r\n--b--\r\n", "[A=1;|x]");
	EXPECT(TYPE, "--b\r\nA: 1\r\n\r\nx\r\n--b\r\nB: 2\r\nC: 3\r\n\r\ny\r\nz\r\n--b--\r\n", "[A=1;|x][B=2;C=3;|y\r\nz]");
	/* a preamble, empty or not; an epilogue; nothing after the last delimiter */
	EXPECT(TYPE, "\r\n--b\r\nA: 1\r\n\r\nx\r\n--b--\r\n", "[A=1;|x]");
	EXPECT(TYPE, "This is a message of parts.\r\n--b\r\nA: 1\r\n\r\nx\r\n--b--\r\nand this\r\n--b\r\nis no part", "[A=1;|x]");
	EXPECT(TYPE, "--b\r\nA: 1\r\n\r\nx\r\n--b--", "[A=1;|x]");
	EXPECT(TYPE, "--b\r\nA: 1\r\n\r\nx\r\n--b--  ", "[A=1;|x]");
	/* headers: blanks around the value, none after the colon, folded, none at all */
	EXPECT(TYPE, "--b\r\nA:1\r\nB:\t 2 \t\r\nC:\r\n\r\nx\r\n--b--", "[A=1;B=2;C=;|x]");
	EXPECT(TYPE, "--b\r\nA: 1\r\n  2\r\nB: 3\r\n\r\nx\r\n--b--", "[A=1\r\n  2;B=3;|x]");
	EXPECT(TYPE, "--b\r\n\r\nx\r\n--b--", "[|x]");
	EXPECT(TYPE, "--b\r\n\r\n\r\n--b--", "[|]");
	EXPECT(TYPE, "--b\r\nA: 1\r\n\r\n--b--", "[A=1;|]");
	EXPECT(TYPE, "--b\r\nA: 1\r\n\r\n\r\n--b--", "[A=1;|]");
	/* bare line feeds; blanks after a delimiter */
	EXPECT(TYPE, "--b\nA: 1\n\nx\n--b\nB: 2\n\ny\r\n--b--\n", "[A=1;|x][B=2;|y]");
	EXPECT(TYPE, "--b \t\r\nA: 1\r\n\r\nx\r\n--b\t--\r\n--b--", "[A=1;|x\r\n--b\t--]");
	/* what begins like the delimiter, or stands within a line, is content */
	EXPECT(TYPE, "--b\r\n\r\nx\r\n--bb\r\n --b\r\nx--b\r\n--b-\r\n--b--", "[|x\r\n--bb\r\n --b\r\nx--b\r\n--b-]");
	EXPECT("multipart/mixed; boundary=--", "----\r\n\r\nx\r\n------", "[|x]");
	/* the boundary's spelling */
	EXPECT("Multipart/Mixed;charset=utf-8;BOUNDARY=\"b\"", "--b\r\n\r\nx\r\n--b--", "[|x]");
	EXPECT("multipart/mixed ; x=\"a;boundary=c\" ; boundary = b", "--b\r\n\r\nx\r\n--b--", "[|x]");
	EXPECT("multipart/mixed; boundary=\"a\\b c\"", "--ab c\r\n\r\nx\r\n--ab c--", "[|x]");
	EXPECT("multipart/mixed; boundary=-------314159265358979323846", "---------314159265358979323846\r\n\r\nx\r\n---------314159265358979323846--", "[|x]");
	EXPECT("multipart/mixed; boundary=a=b:c/d", "--a=b:c/d\r\n\r\nx\r\n--a=b:c/d--", "[|x]");
}

static void
test_refusals(void)
{
	char		body[40000];

	EXPECT("multipart/form-data; boundary=b", "--b\r\n\r\nx\r\n--b--", "!the content type is not multipart/mixed");
	EXPECT("multipart/mixedly; boundary=b", "", "!the content type is not multipart/mixed");
	EXPECT("multipart/mix", "", "!the content type is not multipart/mixed");
	EXPECT("", "", "!the content type is not multipart/mixed");
	EXPECT("multipart/mixed", "--\r\n\r\n\r\n----", "!the content type names no boundary");
	EXPECT("multipart/mixed; boundary", "", "!the content type names no boundary");
	EXPECT("multipart/mixed; boundary=", "", "!the boundary is empty");
	EXPECT("multipart/mixed; boundary=\"b", "", "!the content type names no boundary");
	EXPECT("multipart/mixed; boundary=\"b\\", "", "!the content type names no boundary");
	EXPECT("multipart/mixed; boundary=\"b \"", "", "!the boundary is empty or has");
	EXPECT("multipart/mixed; boundary=b@", "", "!the boundary is empty or has");
	EXPECT("multipart/mixed; boundary=b; boundary=c", "", "!the content type names two boundaries");
	EXPECT("multipart/mixed; boundary=12345678901234567890123456789012345678901234567890123456789012345678901", "", "!the boundary is longer");
	EXPECT(TYPE, "", "!the body has no line of two hyphens");
	EXPECT(TYPE, "--c\r\n\r\nx\r\n--c--", "!the body has no line of two hyphens");
	EXPECT(TYPE, "--b", "!the body has no line of two hyphens");
	EXPECT(TYPE, "--b--", "!the body has no part");
	EXPECT(TYPE, "--b\r\n\r\nx", "!the body does not end");
	EXPECT(TYPE, "--b\r\n\r\nx\r\n--b-", "!the body does not end");
	EXPECT(TYPE, "--b\r\n\r\nx\r\n--b\r\n", "!the body does not end");
	EXPECT(TYPE, "--b\r\nA: 1\r\n--b--", "!a part has no empty line");
	EXPECT(TYPE, "--b\r\n--b--", "!a part has no empty line");
	EXPECT(TYPE, "--b\r\nA 1\r\n\r\nx\r\n--b--", "!a header of a part is not");
	EXPECT(TYPE, "--b\r\n: 1\r\n\r\nx\r\n--b--", "!a header of a part is not");
	EXPECT(TYPE, "--b\r\n A: 1\r\n\r\nx\r\n--b--", "!a header of a part is not");
	EXPECT(TYPE, "--b\r\nA : 1\r\n\r\nx\r\n--b--", "!a header of a part is not");

	/* 16 kB of headers, in one line or in many, and a byte more */
	for (int many = 0; many < 2; many++)
	{
		for (int more = 0; more < 2; more++)
		{
			char	   *at = body;
			int			left = ECOSYS_MULTIPART_MAX_HEADERS + more;

			at += sprintf(at, "--b\r\n");
			while (left > 0)
			{
				int			line = many && left > 200 ? 100 : left;

				at += sprintf(at, "A: %0*d\r\n", line - 5, 0);
				left -= line;
			}
			at += sprintf(at, "\r\nx\r\n--b--");
			CHECK_SAY((strstr(read_all(TYPE, body, at - body), "longer than 16 kB") != NULL) == more, "%s", "");
		}
	}
}

/* So many parts that only their number is looked at. */
static void
test_many_parts(void)
{
	size_t		size = 16 * (ECOSYS_MULTIPART_MAX_PARTS + 2);
	char	   *body = malloc(size);

	for (int more = 0; more < 2; more++)
	{
		char	   *at = body;
		ecosys_multipart reader;
		ecosys_multipart_part part;
		int			n = 0;

		for (int i = 0; i < ECOSYS_MULTIPART_MAX_PARTS + more; i++)
			at += sprintf(at, "--b\r\n\r\nx\r\n");
		at += sprintf(at, "--b--");
		ecosys_multipart_open(&reader, TYPE, strlen(TYPE), body, at - body);
		while (ecosys_multipart_next(&reader, &part))
			n++;
		CHECK(n == ECOSYS_MULTIPART_MAX_PARTS);
		CHECK((reader.fault != NULL) == (more == 1));
	}
	free(body);
}

/* What is written is what is read, whatever bytes the parts have. */
static void
test_round_trip(void)
{
	static const char bytes[] = "-b\r\n :=\0\xff";

	for (int round = 0; round < 3000; round++)
	{
		char		contents[5][40];
		ecosys_multipart_piece headers[5];
		ecosys_multipart_piece pieces[5];
		size_t		n = 1 + random_below(5);
		size_t		size;
		char	   *body;
		ecosys_multipart reader;
		ecosys_multipart_part part;
		size_t		found = 0;

		for (size_t i = 0; i < n; i++)
		{
			pieces[i].length = random_below(sizeof(contents[i]));
			pieces[i].bytes = contents[i];
			for (size_t j = 0; j < pieces[i].length; j++)
				contents[i][j] = bytes[random_below(sizeof(bytes) - 1)];
			headers[i].bytes = i % 2 ? "A: 1\r\nB: 2\r\n" : "A: 1\r\n";
			headers[i].length = strlen(headers[i].bytes);
			if (ecosys_multipart_boundary_in("b", 1, pieces[i].bytes, pieces[i].length))
				pieces[i].length = 0;
		}
		size = ecosys_multipart_size(1, headers, pieces, n);
		body = malloc(size);
		ecosys_multipart_write(body, "b", 1, headers, pieces, n);
		ecosys_multipart_open(&reader, TYPE, strlen(TYPE), body, size);
		while (ecosys_multipart_next(&reader, &part))
		{
			CHECK(found < n && part.content_length == pieces[found].length &&
				  memcmp(body + part.content, pieces[found].bytes, part.content_length) == 0);
			found++;
		}
		CHECK(reader.fault == NULL && found == n);
		free(body);
	}
	{
		ecosys_multipart_piece huge = {"", SIZE_MAX / 2};
		ecosys_multipart_piece both[] = {huge, huge};

		CHECK(ecosys_multipart_size(1, both, both, 2) == SIZE_MAX);
	}
}

int
main(void)
{
	test_reading();
	test_refusals();
	test_many_parts();
	test_round_trip();
	return report("multipart");
}
