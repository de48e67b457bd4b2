/*
 * serve_text.c - the texts of HTTP that `ecosys serve` reads and writes.
 */
#include "client/serve_text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/utf8.h"

bool
ecosys_serve_text_reserve(ecosys_serve_text *text, size_t more)
{
	size_t		room = text->room;
	char	   *grown;

	if (text->failed)
		return false;
	if (text->room - text->length >= more)
		return true;
	if (more > SIZE_MAX / 4 - text->length)
	{
		text->failed = true;
		return false;
	}
	if (room < 256)
		room = 256;
	while (room - text->length < more)
		room *= 2;
	grown = realloc(text->data, room);
	if (grown == NULL)
	{
		text->failed = true;
		return false;
	}
	text->data = grown;
	text->room = room;
	return true;
}

void
ecosys_serve_text_append(ecosys_serve_text *text, const char *data, size_t length)
{
	if (length == 0 || !ecosys_serve_text_reserve(text, length))
		return;
	memcpy(text->data + text->length, data, length);
	text->length += length;
}

void
ecosys_serve_text_format(ecosys_serve_text *text, const char *format,...)
{
	char		buffer[1024];
	va_list		arguments;
	int			length;

	va_start(arguments, format);
	length = vsnprintf(buffer, sizeof(buffer), format, arguments);
	va_end(arguments);
	if (length < 0 || (size_t) length >= sizeof(buffer))
		text->failed = true;
	else
		ecosys_serve_text_append(text, buffer, length);
}

void
ecosys_serve_text_free(ecosys_serve_text *text)
{
	free(text->data);
	memset(text, 0, sizeof(*text));
}

/* RFC 9110, 5.6.2 */
static bool
is_token_character(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		(c != '\0' && strchr("!#$%&'*+-.^_`|~", c) != NULL);
}

bool
ecosys_serve_token_is_valid(const char *token, size_t length)
{
	for (size_t i = 0; i < length; i++)
	{
		if (!is_token_character((unsigned char) token[i]))
			return false;
	}
	return length > 0;
}

bool
ecosys_serve_field_is_valid(const ecosys_serve_field *field)
{
	const char *at = field->value;
	const char *end = field->value + field->value_length;

	if (!ecosys_serve_token_is_valid(field->name, field->name_length))
		return false;
	while (at < end)
	{
		size_t		length = ecosys_utf8_length(at, end);

		if (length == 0 || ((unsigned char) *at < ' ' && *at != '\t') || *at == 0x7f)
			return false;
		at += length;
	}
	return true;
}

bool
ecosys_serve_same(const char *a, size_t a_length, const char *b)
{
	return strlen(b) == a_length && strncasecmp(a, b, a_length) == 0;
}

bool
ecosys_serve_path_is_valid(const char *path, size_t length)
{
	const char *at = path;
	const char *end = path + length;

	while (at < end)
	{
		size_t		step = ecosys_utf8_length(at, end);

		if (step == 0 || (unsigned char) *at <= ' ' || *at == 0x7f)
			return false;
		at += step;
	}
	return true;
}

bool
ecosys_serve_host_is_valid(const char *host, size_t length)
{
	for (size_t i = 0; i < length; i++)
	{
		unsigned char c = (unsigned char) host[i];

		if (c <= ' ' || c >= 0x7f || strchr("/\\@,;<>\"{}|^`?#", c) != NULL)
			return false;
	}
	return true;
}

static void
append_json(ecosys_serve_text *json, const char *value, size_t length)
{
	size_t		from = 0;

	/* in the worst case each byte becomes six: one look at the room, not one a byte */
	if (!ecosys_serve_text_reserve(json, length * 6))
		return;
	for (size_t i = 0; i < length; i++)
	{
		unsigned char c = (unsigned char) value[i];

		if (c >= ' ' && c != '"' && c != '\\')
			continue;
		ecosys_serve_text_append(json, value + from, i - from);
		if (c < ' ')
			ecosys_serve_text_format(json, "\\u%04x", c);
		else
		{
			ecosys_serve_text_append(json, "\\", 1);
			ecosys_serve_text_append(json, value + i, 1);
		}
		from = i + 1;
	}
	ecosys_serve_text_append(json, value + from, length - from);
}

static bool
is_of_this_hop(const ecosys_serve_field *field, bool decoded)
{
	static const char *const names[] = {"connection", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade",
	"expect", "proxy-connection", "proxy-authorization", "accept-encoding", NULL};

	for (const char *const *name = names; *name != NULL; name++)
	{
		if (ecosys_serve_same(field->name, field->name_length, *name))
			return true;
	}
	return decoded && (ecosys_serve_same(field->name, field->name_length, "content-encoding") ||
					   ecosys_serve_same(field->name, field->name_length, "content-length"));
}

static bool
same_name(const ecosys_serve_field *a, const ecosys_serve_field *b)
{
	return a->name_length == b->name_length && strncasecmp(a->name, b->name, a->name_length) == 0;
}

void
ecosys_serve_headers_json(ecosys_serve_text *json, const ecosys_serve_field *fields, size_t count, bool decoded)
{
	bool		first = true;

	ecosys_serve_text_append(json, "{", 1);
	for (size_t i = 0; i < count; i++)
	{
		bool		seen = is_of_this_hop(&fields[i], decoded);

		for (size_t j = 0; j < i && !seen; j++)
			seen = same_name(&fields[i], &fields[j]);
		if (seen)
			continue;
		if (!first)
			ecosys_serve_text_append(json, ",", 1);
		first = false;
		ecosys_serve_text_append(json, "\"", 1);
		if (ecosys_serve_text_reserve(json, fields[i].name_length))
		{
			for (size_t k = 0; k < fields[i].name_length; k++)
			{
				char		c = fields[i].name[k];

				json->data[json->length++] = c >= 'A' && c <= 'Z' ? c + 32 : c;
			}
		}
		ecosys_serve_text_append(json, "\":\"", 3);
		append_json(json, fields[i].value, fields[i].value_length);
		for (size_t j = i + 1; j < count; j++)
		{
			if (same_name(&fields[i], &fields[j]))
			{
				ecosys_serve_text_append(json, ", ", 2);
				append_json(json, fields[j].value, fields[j].value_length);
			}
		}
		ecosys_serve_text_append(json, "\"", 1);
	}
	ecosys_serve_text_append(json, "}", 1);
}

bool
ecosys_serve_accepts_gzip(const char *value, size_t length)
{
	const char *at = value;
	const char *end = value + length;
	bool		any = false;

	while (at < end)
	{
		const char *name;
		size_t		name_length;
		bool		refused = false;

		while (at < end && (*at == ' ' || *at == '\t' || *at == ','))
			at++;
		name = at;
		while (at < end && *at != ',' && *at != ';' && *at != ' ' && *at != '\t')
			at++;
		name_length = at - name;
		while (at < end && (*at == ' ' || *at == '\t' || *at == ';'))
			at++;
		if (end - at >= 2 && (*at == 'q' || *at == 'Q') && at[1] == '=')
		{
			/* q=0, q=0.000: no. Anything else: yes */
			at += 2;
			refused = at < end && *at == '0';
			for (; at < end && *at != ','; at++)
			{
				if (*at >= '1' && *at <= '9')
					refused = false;
			}
		}
		while (at < end && *at != ',')
			at++;
		if (ecosys_serve_same(name, name_length, "gzip") || ecosys_serve_same(name, name_length, "x-gzip"))
			return !refused;
		if (ecosys_serve_same(name, name_length, "*"))
			any = !refused;
	}
	return any;
}

bool
ecosys_serve_parse_size(const char *text, size_t *size)
{
	char	   *unit;
	unsigned long long number;
	int			shift;

	if (*text < '0' || *text > '9')
		return false;
	number = strtoull(text, &unit, 10);
	if (*unit == '\0' || strcmp(unit, "B") == 0)
		shift = 0;
	else
	{
		const char *rest = unit + 1;

		if (*unit == 'k' || *unit == 'K')
			shift = 10;
		else if (*unit == 'M')
			shift = 20;
		else if (*unit == 'G')
			shift = 30;
		else
			return false;
		if (*rest != '\0' && strcmp(rest, "B") != 0 && strcmp(rest, "iB") != 0)
			return false;
	}
	if (number > (1ULL << 40) >> shift)
		return false;
	*size = (size_t) number << shift;
	return true;
}

bool
ecosys_serve_parse_address(const char *text, char *host, size_t room, const char **port)
{
	const char *colon = strrchr(text, ':');
	size_t		length;

	if (colon == NULL || colon[1] == '\0')
		return false;
	for (const char *digit = colon + 1; *digit != '\0'; digit++)
	{
		if (*digit < '0' || *digit > '9' || digit - colon > 5)
			return false;
	}
	length = colon - text;
	if (length >= 2 && text[0] == '[' && text[length - 1] == ']')
	{
		text++;
		length -= 2;
	}
	else if (memchr(text, ':', length) != NULL)
		return false;			/* an IPv6 address without brackets */
	if (length == 1 && *text == '*')
		length = 0;
	if (length >= room)
		return false;
	memcpy(host, text, length);
	host[length] = '\0';
	*port = colon + 1;
	return atoi(*port) <= 65535;
}

bool
ecosys_serve_is_loopback(const char *address)
{
	if (strncmp(address, "::ffff:", 7) == 0)
		address += 7;
	return strncmp(address, "127.", 4) == 0 || strcmp(address, "::1") == 0;
}
