/* SPDX-License-Identifier: MIT */
#include "names.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
			    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-";

int stream_check(const char *name)
{
	size_t len = strlen(name);

	if (len == 0 || len > NAME_MAX_STREAM)
		return -EINVAL;
	/* With one of ours behind it, it would be another's. */
	return name[strspn(name, plain)] ? -EINVAL : 0;
}

int token_of(char token[TOKEN_SIZE], const char *text)
{
	static const char hex[] = "0123456789ABCDEF";
	size_t len = strlen(text);
	char *to = token;

	if (len == 0 || len > NAME_MAX_TEXT)
		return -EINVAL;
	for (; *text; text++) {
		unsigned char byte = (unsigned char)*text;

		if (strchr(plain, *text)) {
			*to++ = *text;
		} else if (*text == '.') {
			*to++ = '_';
		} else {
			*to++ = '=';
			*to++ = hex[byte >> 4];
			*to++ = hex[byte & 15];
		}
	}
	*to = '\0';
	return 0;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

void token_text(char text[TOKEN_SIZE], const char *token)
{
	size_t len = 0;

	while (*token && len < TOKEN_SIZE - 1) {
		int high = *token == '=' ? hex_digit(token[1]) : -1;
		int low = high >= 0 ? hex_digit(token[2]) : -1;

		if (low >= 0) {
			text[len++] = (char)(high * 16 + low);
			token += 3;
		} else {
			text[len++] = *token == '_' ? '.' : *token;
			token++;
		}
	}
	text[len] = '\0';
}

uint64_t job_hash(const char *arguments, uint64_t len)
{
	uint64_t hash = UINT64_C(14695981039346656037);

	for (uint64_t i = 0; i < len; i++) {
		hash ^= (unsigned char)arguments[i];
		hash *= UINT64_C(1099511628211);
	}
	return hash;
}

void job_id_write(char text[JOB_ID_SIZE], const struct job_id *id)
{
	(void)snprintf(text, JOB_ID_SIZE, "%llu.%016llx",
		       (unsigned long long)id->number,
		       (unsigned long long)id->hash);
}

const char *subject_token(const char *subject, unsigned back, int *len)
{
	const char *end = subject + strlen(subject);

	for (;;) {
		const char *start = end;

		while (start > subject && start[-1] != '.')
			start--;
		*len = (int)(end - start);
		if (back-- == 0)
			return start;
		if (start == subject)
			return NULL;
		end = start - 1;
	}
}

int job_id_read(const char *subject, struct job_id *id)
{
	int len;
	const char *text = subject_token(subject, 1, &len);
	char *end;

	if (!text || *text < '1' || *text > '9')
		return -EINVAL;
	errno = 0;
	id->number = strtoull(text, &end, 10);
	if (errno || *end != '.' || strlen(end + 1) != 16 ||
	    end[1 + strspn(end + 1, "0123456789abcdef")])
		return -EINVAL;
	id->hash = strtoull(end + 1, NULL, 16);
	return 0;
}
