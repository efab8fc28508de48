/* SPDX-License-Identifier: MIT */
#include "spelling.h"

#include <limits.h>
#include <stdbool.h>
#include <string.h>

static unsigned least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

unsigned spelling_distance(const char *word, size_t len, const char *name)
{
	/* Of the first j letters of the name to the first i, i - 1 and i - 2 of
	 * the word. */
	unsigned rows[3][SPELLING_MAX + 1];
	unsigned *now = rows[0], *before = rows[1], *two_before = rows[2];
	size_t i, j, n = strlen(name);

	if (len > SPELLING_MAX || n > SPELLING_MAX)
		return UINT_MAX;
	for (j = 0; j <= n; j++)
		now[j] = (unsigned)j;
	for (i = 1; i <= len; i++) {
		unsigned *last = two_before;

		two_before = before;
		before = now;
		now = last;
		now[0] = (unsigned)i;
		for (j = 1; j <= n; j++) {
			bool other = word[i - 1] != name[j - 1];

			now[j] = least(before[j - 1] + other,
				       least(before[j], now[j - 1]) + 1);
			if (i > 1 && j > 1 && word[i - 1] == name[j - 2] &&
			    word[i - 2] == name[j - 1])
				now[j] = least(now[j], two_before[j - 2] + 1);
		}
	}
	return now[n];
}
