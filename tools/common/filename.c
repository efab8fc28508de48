/* SPDX-License-Identifier: MIT */
/* Names of files.  See filename.h. */
#include "filename.h"

#include <errno.h>
#include <stdbool.h>

/* Whatever the locale says. */
static bool filename_is_plain(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '_' || c == '-';
}

size_t filename_escape(char *to, size_t size, const char *text,
		       const char **rest)
{
	static const char hex[] = "0123456789ABCDEF";
	size_t len = 0;
	const char *s;

	for (s = text; *s; s++) {
		bool plain = filename_is_plain(*s) || (*s == '.' && s > text);

		if (len + (plain ? 1 : 3) >= size)
			break;
		if (plain) {
			to[len++] = *s;
		} else {
			to[len++] = '%';
			to[len++] = hex[(unsigned char)*s >> 4];
			to[len++] = hex[(unsigned char)*s & 15];
		}
	}
	to[len] = '\0';
	*rest = s;
	return len;
}

int filename_make(char name[FILENAME_SIZE], const char *text)
{
	const char *rest;

	if (!*text)
		return -EINVAL;
	(void)filename_escape(name, FILENAME_SIZE, text, &rest);
	return *rest ? -ENAMETOOLONG : 0;
}
