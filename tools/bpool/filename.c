/* SPDX-License-Identifier: MIT */
/* Names of files.  See filename.h. */
#include "filename.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>

/* Whatever the locale says. */
static bool filename_is_plain(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '_' || c == '-';
}

int filename_make(char name[FILENAME_SIZE], const char *text)
{
	static const char hex[] = "0123456789ABCDEF";
	size_t len = 0;
	const char *s;

	if (!*text)
		return -EINVAL;
	for (s = text; *s; s++) {
		bool plain = filename_is_plain(*s) || (*s == '.' && s > text);

		if (len + (plain ? 1 : 3) >= FILENAME_SIZE)
			return -ENAMETOOLONG;
		if (plain) {
			name[len++] = *s;
		} else {
			name[len++] = '%';
			name[len++] = hex[(unsigned char)*s >> 4];
			name[len++] = hex[(unsigned char)*s & 15];
		}
	}
	name[len] = '\0';
	return 0;
}
