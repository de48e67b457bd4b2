/*
 * serve_text.h - the texts of HTTP that `ecosys serve` reads and writes: plain
 * C without sockets, without the server, so that unit tests reach all of it.
 */
#ifndef ECOSYS_SERVE_TEXT_H
#define ECOSYS_SERVE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A growing text. `failed` stays set once memory was short; the content is then not to be used. */
typedef struct ecosys_serve_text
{
	char	   *data;
	size_t		length;
	size_t		room;
	bool		failed;
} ecosys_serve_text;

extern bool ecosys_serve_text_reserve(ecosys_serve_text *text, size_t more);
extern void ecosys_serve_text_append(ecosys_serve_text *text, const char *data, size_t length);
extern void ecosys_serve_text_format(ecosys_serve_text *text, const char *format,...)
	__attribute__((format(printf, 2, 3)));
extern void ecosys_serve_text_free(ecosys_serve_text *text);

/* One line of a request's header, not terminated. */
typedef struct ecosys_serve_field
{
	const char *name;
	size_t		name_length;
	const char *value;
	size_t		value_length;
} ecosys_serve_field;

/* Headers in a request, at most. */
#define ECOSYS_SERVE_MAX_FIELDS 100

/* A token of RFC 9110, 5.6.2: a method, a field's name. */
extern bool ecosys_serve_token_is_valid(const char *token, size_t length);

/* Is the name a token, the value well-formed UTF-8 without control characters but tabs? */
extern bool ecosys_serve_field_is_valid(const ecosys_serve_field *field);

/* Equal but for the case of ASCII letters. */
extern bool ecosys_serve_same(const char *a, size_t a_length, const char *b);

/* Well-formed UTF-8 without blanks and control characters? */
extern bool ecosys_serve_path_is_valid(const char *path, size_t length);

/* What the value of Host may be made of. */
extern bool ecosys_serve_host_is_valid(const char *host, size_t length);

/*
 * The fields as a JSON object for xapi(): names in lower case, the values of
 * repeated names joined by ", ". What concerns only this hop is left out
 * (RFC 9110, 7.6.1), and so is the body's coding where the body was decoded.
 */
extern void ecosys_serve_headers_json(ecosys_serve_text *json, const ecosys_serve_field *fields, size_t count,
									  bool decoded);

/* Does this Accept-Encoding take gzip (named or by *, with a q above 0)? */
extern bool ecosys_serve_accepts_gzip(const char *value, size_t length);

/* "10", "16kB", "16MiB", "1GB" (powers of 1,024, as in the server's settings); false if it is none. */
extern bool ecosys_serve_parse_size(const char *text, size_t *size);

/* "HOST:PORT", ":PORT", "[V6]:PORT" into host (at most room bytes; empty: any address) and port. */
extern bool ecosys_serve_parse_address(const char *text, char *host, size_t room, const char **port);

/* "127.0.0.1" and its net, "::1", mapped ones. */
extern bool ecosys_serve_is_loopback(const char *address);

#endif							/* ECOSYS_SERVE_TEXT_H */
