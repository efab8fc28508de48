/* SPDX-License-Identifier: MIT */
/* Words that grow in number: what execve(2) takes. */
#ifndef WORDS_H
#define WORDS_H

#include <stdbool.h>
#include <stddef.h>

/* All zero is empty.  A failure is remembered until words_take(). */
struct words {
	char **all; /* malloc'd as they are; NULL behind them */
	size_t n, size;
	bool failed;
};

/* Takes `word`, malloc'd, over; NULL is a failure. */
void words_add(struct words *words, char *word);

/* The words, one at least, now the caller's; NULL if memory ran out on the
 * way. */
char **words_take(struct words *words);

/* NULL does nothing. */
void words_free(char **all);

#endif
