/* SPDX-License-Identifier: MIT */
/* --color: whether text is coloured, and how. */
#ifndef COLOR_H
#define COLOR_H

#include <stdbool.h>

enum color_mode {
	COLOR_AUTO, /* at a terminal, unless NO_COLOR or TERM speak against */
	COLOR_ALWAYS,
	COLOR_NEVER
};

/*
 * Of the sixteen that every terminal has, the two that are readable on white
 * and on black: green, yellow and cyan are pale on one, blue dark on the other.
 */
#define COLOR_BAD "\033[31m"
#define COLOR_NAME "\033[35m"
#define COLOR_OFF "\033[0m"

/* "auto", "always" or "never"; 0 or -EINVAL. */
int color_read(const char *text, enum color_mode *mode);

/* Whether what goes to `fd` is coloured. */
bool color_for(enum color_mode mode, int fd);

#endif
