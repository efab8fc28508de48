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
#include <stdint.h>

struct statusline {
	bool terminal[3]; /* fixed: which of 1 and 2 are one */
	bool filtered[3]; /* fixed: ... or may come out at one */
	bool shown;
	bool hidden;	   /* it is not to be drawn */
	int64_t handed_ms; /* when a filter got something; 0: it is drawn since,
			    * or left out once */
	char last[3];	   /* byte that was written to them; where both are
			   * terminals, to 2 is to both */
};

void statusline_init(struct statusline *line);

/* Whether stderr is a terminal on which a line can be taken away again. */
bool statusline_can(void);

/* Columns of the terminal now; 80 where it does not tell. */
unsigned statusline_width(void);

/*
 * Draw it, unless it is hidden, or the terminal is not ours just now: bpool is
 * in the background, a pager or an editor has taken it, or ^S stops it.  Where
 * a filter behind bpool may be writing to it, the first call does nothing.
 * 0, or what writing to stderr failed with.
 */
int statusline_draw(struct statusline *line, const char *text);

/* The same. */
int statusline_erase(struct statusline *line);

/* `len` bytes, one at least, are about to be written to `fd`. */
int statusline_before(struct statusline *line, int fd, const char *data,
		      size_t len);

/* Whether what is written to `fd` now begins a line, as far as is known. */
bool statusline_at_start(const struct statusline *line, int fd);

#endif
