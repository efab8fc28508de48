/* SPDX-License-Identifier: MIT */
#include "text.h"

#include <stdlib.h>
#include <string.h>

void text_add(struct text *text, const char *data, size_t len)
{
	if (!text->failed && (!text->data || text->len + len >= text->size)) {
		size_t size = (text->len + len + 64) * 2;
		char *bigger = realloc(text->data, size);

		text->failed = !bigger;
		if (bigger) {
			text->data = bigger;
			text->size = size;
		}
	}
	if (text->failed)
		return;
	memcpy(text->data + text->len, data, len);
	text->len += len;
	text->data[text->len] = '\0';
}

void text_say(struct text *text, const char *words)
{
	text_add(text, words, strlen(words));
}

void text_add_single(struct text *text, const char *word)
{
	text_say(text, "'");
	for (; *word; word++) {
		if (*word == '\'')
			text_say(text, "'\\''");
		else
			text_add(text, word, 1);
	}
	text_say(text, "'");
}

void text_add_word(struct text *text, const char *word)
{
	static const char safe[] = "abcdefghijklmnopqrstuvwxyz"
				   "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				   "_@%+:,./-";

	if (*word && word[strspn(word, safe)] == '\0')
		text_say(text, word);
	else
		text_add_single(text, word);
}

void text_add_double(struct text *text, const char *word)
{
	for (; *word; word++) {
		/* No backslash keeps an interactive shell from its history. */
		if (*word == '!')
			text_say(text, "\"'!'\"");
		else if (strchr("\\\"$`", *word))
			text_say(text, "\\");
		if (*word != '!')
			text_add(text, word, 1);
	}
}

char *text_take(struct text *text)
{
	if (!text->failed && !text->data)
		text_say(text, "");
	if (!text->failed)
		return text->data;
	free(text->data);
	return NULL;
}
