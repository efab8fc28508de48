/* SPDX-License-Identifier: MIT */
#include "color.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int color_read(const char *text, enum color_mode *mode)
{
	static const char *const names[] = {
		[COLOR_AUTO] = "auto",
		[COLOR_ALWAYS] = "always",
		[COLOR_NEVER] = "never",
	};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(text, names[i]) == 0) {
			*mode = (enum color_mode)i;
			return 0;
		}
	}
	return -EINVAL;
}

bool color_for(enum color_mode mode, int fd)
{
	const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");

	if (mode != COLOR_AUTO)
		return mode == COLOR_ALWAYS;
	/* no-color.org: where it is set, and not empty. */
	if (no_color && *no_color)
		return false;
	return term && strcmp(term, "dumb") != 0 && isatty(fd);
}
