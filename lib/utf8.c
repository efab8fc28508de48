/* SPDX-License-Identifier: MIT */
#include "utf8.h"

size_t bp_utf8_length(const unsigned char *s)
{
	unsigned char least = 0x80, most = 0xbf;
	size_t len = s[0] < 0x80 ? 1 : s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 : 4;

	if (len == 1)
		return 1;
	if (s[0] < 0xc2 || s[0] > 0xf4)
		return 0;
	/* What a shorter one says, halves of pairs, and what is beyond. */
	if (s[0] == 0xe0)
		least = 0xa0;
	else if (s[0] == 0xf0)
		least = 0x90;
	else if (s[0] == 0xed)
		most = 0x9f;
	else if (s[0] == 0xf4)
		most = 0x8f;
	if (s[1] < least || s[1] > most)
		return 0;
	for (size_t i = 2; i < len; i++)
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	return len;
}
