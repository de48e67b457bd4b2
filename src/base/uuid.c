/*
 * uuid.c - see uuid.h.
 */
#include "base/uuid.h"

#include "base/hex.h"

bool
ecosys_uuid_parse(const char *text, size_t length, uint8_t uuid[16])
{
	size_t		at = 0;

	if (length != 36)
		return false;
	for (int i = 0; i < 16; i++)
	{
		int			high;
		int			low;

		if (at == 8 || at == 13 || at == 18 || at == 23)
		{
			if (text[at++] != '-')
				return false;
		}
		high = ecosys_hex_value(text[at++]);
		low = ecosys_hex_value(text[at++]);
		if (high < 0 || low < 0)
			return false;
		uuid[i] = (uint8_t) (high << 4 | low);
	}
	return true;
}
