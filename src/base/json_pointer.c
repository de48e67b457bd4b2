/*
 * json_pointer.c - see json_pointer.h.
 */
#include "base/json_pointer.h"

#include <stdio.h>
#include <string.h>

void
ecosys_json_pointer_open(ecosys_json_pointer *pointer, const char *text, size_t length)
{
	pointer->text = text;
	pointer->length = length;
	pointer->at = 0;
	pointer->depth = 0;
	pointer->key_next = false;
	pointer->element_next = false;
}

static bool
in_object(const ecosys_json_pointer *pointer)
{
	uint32_t	level = pointer->depth - 1;

	return pointer->is_object[level / 64] >> (level % 64) & 1;
}

/* Go past the string that starts at *at; false if it does not end. */
static bool
pass_string(const char *text, size_t length, size_t *at)
{
	size_t		i;

	for (i = *at + 1; i < length && text[i] != '"'; i++)
	{
		if (text[i] == '\\')
			i++;
	}
	*at = i < length ? i + 1 : length;
	return i < length;
}

/* Take what stands at pointer->at into account and go past it. offset: the place looked for. */
static void
step(ecosys_json_pointer *pointer, size_t offset)
{
	char		c = pointer->text[pointer->at];
	uint32_t	level = pointer->depth - 1;
	bool		known = pointer->depth > 0 && level < ECOSYS_POINTER_LEVELS;

	switch (c)
	{
		case ' ':
		case '\t':
		case '\n':
		case '\r':
		case ':':
			pointer->at++;
			return;
		case ',':
			if (pointer->depth > 0)
			{
				pointer->key_next = in_object(pointer);
				pointer->element_next = !pointer->key_next;
				if (pointer->key_next && known)
					pointer->level[level].length = 0;
			}
			pointer->at++;
			return;
		case '}':
		case ']':
			if (pointer->depth > 0)
				pointer->depth--;
			pointer->key_next = pointer->element_next = false;
			pointer->at++;
			return;
	}

	/* a key or a value starts */
	if (pointer->element_next)
	{
		if (known)
			pointer->level[level].index++;
		pointer->element_next = false;
	}
	if (c == '{' || c == '[')
	{
		level = pointer->depth;
		if (level >= ECOSYS_JSON_MAX_DEPTH)
		{
			/* where the reader stopped */
			pointer->at = pointer->length;
			return;
		}
		pointer->depth++;
		pointer->key_next = c == '{';
		pointer->element_next = c == '[';
		if (pointer->key_next)
			pointer->is_object[level / 64] |= UINT64_C(1) << (level % 64);
		else
			pointer->is_object[level / 64] &= ~(UINT64_C(1) << (level % 64));
		if (level < ECOSYS_POINTER_LEVELS)
		{
			pointer->level[level].length = 0;
			pointer->level[level].index = 0;
		}
		pointer->at++;
		return;
	}
	if (c == '"')
	{
		size_t		start = pointer->at;
		bool		whole = pass_string(pointer->text, pointer->length, &pointer->at);

		/* a key that has something wrong inside cannot be decoded, so it names nothing */
		if (offset > start && offset < pointer->at)
			whole = false;
		if (pointer->key_next && known && whole)
		{
			pointer->level[level].offset = (uint32_t) start;
			pointer->level[level].length = (uint32_t) (pointer->at - start);
		}
		pointer->key_next = false;
		return;
	}
	/* a number or word, or nothing of JSON: up to what can follow one */
	while (pointer->at < pointer->length && strchr(" \t\n\r,}]", pointer->text[pointer->at]) == NULL)
		pointer->at++;
	if (pointer->at < pointer->length && pointer->text[pointer->at] == '\0')
		pointer->at++;
}

/* Append one name; false if it does not fit whole. */
static bool
append_key(const char *string, size_t length, char *result, size_t size, size_t *used)
{
	const char *at = string + 1;
	const char *end = string + length - 1;
	const char *before;
	const char *piece;
	char		buffer[4];
	size_t		n;

	while (before = at, (n = ecosys_json_decode_piece(&at, end, &piece, buffer)) > 0)
	{
		/* what cannot be shown stays escaped: control characters and lone surrogates */
		if (piece == buffer &&
			((unsigned char) buffer[0] < 0x20 ||
			 (n == 3 && buffer[0] == (char) 0xed && (buffer[1] & 0x20))))
		{
			piece = before;
			n = (size_t) (at - before);
		}
		for (size_t i = 0; i < n; i++)
		{
			bool		escape = piece[i] == '~' || piece[i] == '/';

			if (*used + 1 + escape > size)
				return false;
			if (escape)
				result[(*used)++] = '~';
			result[(*used)++] = escape ? (piece[i] == '~' ? '0' : '1') : piece[i];
		}
	}
	return true;
}

void
ecosys_json_pointer_to(ecosys_json_pointer *pointer, size_t offset, char *result,
					   size_t size)
{
	size_t		used = 0;
	bool		fits = true;
	uint32_t	n_levels;

	/* a comma or closing bracket at the place itself, where a value was due, ends nothing */
	while (pointer->at < pointer->length &&
		   (pointer->at < offset ||
			(pointer->at == offset && strchr(",]}", pointer->text[offset]) == NULL)))
		step(pointer, offset);

	n_levels = pointer->depth < ECOSYS_POINTER_LEVELS ? pointer->depth : ECOSYS_POINTER_LEVELS;
	for (uint32_t i = 0; i < n_levels && fits; i++)
	{
		char		number[16];
		int			n;
		bool		object = pointer->is_object[i / 64] >> (i % 64) & 1;

		if (object && pointer->level[i].length >= 2)
		{
			fits = used + 1 < size;
			if (fits)
			{
				result[used++] = '/';
				fits = append_key(pointer->text + pointer->level[i].offset, pointer->level[i].length,
								  result, size - 1, &used);
			}
		}
		else if (!object && pointer->level[i].index > 0)
		{
			n = snprintf(number, sizeof(number), "/%u", pointer->level[i].index - 1);
			fits = used + (size_t) n < size;
			if (fits)
			{
				memcpy(result + used, number, (size_t) n);
				used += (size_t) n;
			}
		}
	}
	if (!fits || pointer->depth > ECOSYS_POINTER_LEVELS)
	{
		if (used > size - 4)
		{
			/* cut between characters, and not after the ~ of an escape */
			used = size - 4;
			while (used > 0 && ((unsigned char) result[used] & 0xc0) == 0x80)
				used--;
			if (used > 0 && result[used - 1] == '~')
				used--;
		}
		memcpy(result + used, "...", 3);
		used += 3;
	}
	result[used] = '\0';
}
