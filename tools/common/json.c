/* SPDX-License-Identifier: MIT */
#include "json.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "utf8.h"

#define US_PER_S 1000000

void json_begin(struct text *text)
{
	text_say(text, "{");
}

void json_end(struct text *text)
{
	text_say(text, "}");
}

static void json_add_quoted(struct text *text, const char *value, size_t left)
{
	const char *end = value + left;
	uint32_t code;
	char escape[8];
	size_t len;

	text_say(text, "\"");
	for (; value < end; value += len ? len : 1) {
		len = utf8_read(value, &code);
		if (!*value) {
			text_say(text, "\\u0000");
		} else if (len == 0) {
			text_say(text, "\\ufffd");
		} else if (code == '"' || code == '\\') {
			text_say(text, "\\");
			text_add(text, value, 1);
		} else if (code < 0x20 || (code >= 0x7f && code < 0xa0)) {
			/* C1 and DEL may stand as they are, but harm who
			 * looks at them on a terminal. */
			(void)snprintf(escape, sizeof(escape), "\\u%04x",
				       (unsigned)code);
			text_say(text, escape);
		} else {
			text_add(text, value, len);
		}
	}
	text_say(text, "\"");
}

/* The name of a member, with what parts it from the one before. */
static void json_name(struct text *text, const char *name)
{
	if (text->len && text->data[text->len - 1] != '{')
		text_say(text, ",");
	json_add_quoted(text, name, strlen(name));
	text_say(text, ":");
}

void json_string(struct text *text, const char *name, const char *value)
{
	json_bytes(text, name, value, strlen(value));
}

void json_bytes(struct text *text, const char *name, const char *value,
		size_t len)
{
	json_name(text, name);
	json_add_quoted(text, value, len);
}

void json_strings(struct text *text, const char *name, char *const *values,
		  size_t n)
{
	size_t i;

	json_name(text, name);
	text_say(text, "[");
	for (i = 0; i < n; i++) {
		text_say(text, i ? "," : "");
		json_add_quoted(text, values[i], strlen(values[i]));
	}
	text_say(text, "]");
}

void json_number(struct text *text, const char *name, int64_t value)
{
	char digits[24];

	(void)snprintf(digits, sizeof(digits), "%" PRId64, value);
	json_name(text, name);
	text_say(text, digits);
}

void json_bool(struct text *text, const char *name, bool value)
{
	json_name(text, name);
	text_say(text, value ? "true" : "false");
}

void json_seconds(struct text *text, const char *name, int64_t us)
{
	char digits[40];

	(void)snprintf(digits, sizeof(digits), "%" PRId64 ".%06" PRId64,
		       us / US_PER_S, us % US_PER_S);
	json_name(text, name);
	text_say(text, digits);
}

void json_time(struct text *text, const char *name, int64_t us)
{
	time_t seconds = (time_t)(us / US_PER_S);
	char day[40], all[64];
	struct tm tm;

	if (!gmtime_r(&seconds, &tm) ||
	    strftime(day, sizeof(day), "%Y-%m-%dT%H:%M:%S", &tm) == 0)
		day[0] = '\0';
	(void)snprintf(all, sizeof(all), "%s.%06dZ", day, (int)(us % US_PER_S));
	json_string(text, name, all);
}
