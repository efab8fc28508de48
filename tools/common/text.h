/* SPDX-License-Identifier: MIT */
/* Text that grows, and words quoted so that sh reads them back. */
#ifndef TEXT_H
#define TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* All zero is empty.  A failure is remembered until text_take(). */
struct text {
	char *data;
	size_t len, size;
	bool failed;
};

void text_add(struct text *text, const char *data, size_t len);
void text_say(struct text *text, const char *words);

/* As one word of sh, with quotes only where they are needed. */
void text_add_word(struct text *text, const char *word);
/* As one word of sh, in single quotes. */
void text_add_single(struct text *text, const char *word);
/* As it has to stand inside double quotes. */
void text_add_double(struct text *text, const char *word);

/* The text, now the caller's, or NULL if memory ran out on the way. */
char *text_take(struct text *text);

#endif
