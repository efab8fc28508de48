/* SPDX-License-Identifier: MIT */
#include "utf8.h"

size_t utf8_read(const char *s, uint32_t *code)
{
	/* The least code that needs so many bytes. */
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	unsigned char first = (unsigned char)*s;
	size_t len, i;

	*code = first;
	if (first < 0x80)
		return first != 0;
	if (first >= 0xc2 && first < 0xe0)
		len = 2;
	else if (first >= 0xe0 && first < 0xf0)
		len = 3;
	else if (first >= 0xf0 && first < 0xf5)
		len = 4;
	else
		return 0;
	*code = first & (0xffu >> (len + 1));
	for (i = 1; i < len; i++) {
		unsigned char next = (unsigned char)s[i];

		if ((next & 0xc0) != 0x80)
			return 0;
		*code = *code << 6 | (next & 0x3fu);
	}
	if (*code < least[len] || *code > 0x10ffff ||
	    (*code >= 0xd800 && *code < 0xe000))
		return 0;
	return len;
}
