/* SPDX-License-Identifier: MIT */
/* bpool's own messages, and the escaping of what they quote. */
#include "message.h"

#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "io.h"
#include "utf8.h"

size_t message_begin(char *text, size_t size)
{
	(void)snprintf(text, size, "%.40s: ", program_invocation_short_name);
	return strlen(text);
}

void say(const char *format, ...)
{
	char line[MESSAGE_MAX];
	size_t len = message_begin(line, sizeof(line));
	va_list args;
	int more;

	va_start(args, format);
	more = vsnprintf(line + len, sizeof(line) - len - 1, format, args);
	va_end(args);
	if (more > 0)
		len = strlen(line);
	line[len++] = '\n';
	(void)write_all(STDERR_FILENO, line, len);
}

/*
 * How many bytes at `s` are one printable character of UTF-8: 0 where they
 * are a control character (C0, DEL, C1) or no valid sequence.
 */
static size_t printable_len(const char *s)
{
	uint32_t code;
	size_t len = utf8_read(s, &code);

	return code < 0x20 || (code >= 0x7f && code < 0xa0) ? 0 : len;
}

/* Put the byte's escape at `to` (5 bytes of room); returns its length. */
static size_t escape_byte(char *to, unsigned char byte)
{
	static const char hex[] = "0123456789abcdef";

	to[0] = '\\';
	if (byte == '\n' || byte == '\t' || byte == '\r') {
		to[1] = byte == '\n' ? 'n' : byte == '\t' ? 't' : 'r';
		return 2;
	}
	to[1] = 'x';
	to[2] = hex[byte >> 4];
	to[3] = hex[byte & 15];
	return 4;
}

char *escaped(char *to, size_t size, const char *text)
{
	const char *s = text;
	size_t len = 0, n;

	for (; *s; s += n ? n : 1) {
		n = printable_len(s);
		/* Room for this, and for "..." and the final NUL. */
		if (len + (n ? n : 4) + 4 > size) {
			memcpy(to + len, "...", 3);
			len += 3;
			break;
		}
		if (n) {
			memcpy(to + len, s, n);
			len += n;
		} else {
			len += escape_byte(to + len, (unsigned char)*s);
		}
	}
	to[len] = '\0';
	return to;
}
