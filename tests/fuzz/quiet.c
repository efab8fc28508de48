/* SPDX-License-Identifier: MIT */
/* message.h without a word: what is refused is mostly said. */
#include "message.h"

#include <stdarg.h>
#include <stdio.h>

void say(const char *format, ...)
{
	char line[MESSAGE_MAX];
	va_list args;

	va_start(args, format);
	(void)vsnprintf(line, sizeof(line), format, args);
	va_end(args);
}

char *escaped(char *to, size_t size, const char *text)
{
	(void)snprintf(to, size, "%s", text);
	return to;
}
