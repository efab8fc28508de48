/* SPDX-License-Identifier: MIT */
/*
 * A line at the bottom of a terminal that is no part of the output: drawn
 * below it, and taken away before more is written.  Its owner (the report) has
 * the lock under which all that writes to the terminal does.
 */
#ifndef STATUSLINE_H
#define STATUSLINE_H

#include <stdbool.h>
#include <stddef.h>

struct statusline {
	bool terminal[3]; /* fixed: which of 1 and 2 are one */
	bool shown;
	char last; /* byte that was written to a terminal */
};

void statusline_init(struct statusline *line);

/* Columns of the terminal now; 80 where it does not tell. */
unsigned statusline_width(void);

/* All return 0 or what writing to stderr failed with. */
int statusline_draw(struct statusline *line, const char *text);
int statusline_erase(struct statusline *line);

/* `len` bytes, one at least, are about to be written to `fd`. */
int statusline_before(struct statusline *line, int fd, const char *data,
		      size_t len);

#endif
