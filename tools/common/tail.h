/* SPDX-License-Identifier: MIT */
/* The end of what a job prints, for those who want to see why it failed. */
#ifndef TAIL_H
#define TAIL_H

#include <stddef.h>

#define TAIL_MAX 1000u /* bytes */

/* All zero is empty. */
struct tail {
	char bytes[TAIL_MAX + 1]; /* and a NUL */
	size_t len;
};

/* `len` more bytes came. */
void tail_add(struct tail *tail, const char *data, size_t len);

void tail_clear(struct tail *tail);

/* Where the first whole character (UTF-8) begins, of *len bytes. */
const char *tail_text(const struct tail *tail, size_t *len);

#endif
