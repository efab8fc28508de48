/* SPDX-License-Identifier: MIT */
/*
 * What the words of one simple command mean to the command itself: which of
 * them it takes as code.
 */
#ifndef WORDS_H
#define WORDS_H

#include <stdbool.h>
#include <stddef.h>

/* One word with its quotes taken off. */
struct word {
	char *text;
	bool dynamic;	/* holds an expansion: nobody knows what it says */
};

/*
 * words[n] would be a value.  Would the command run it as code?  If so what
 * does: its name, a string that lives as long as the words; else NULL.
 */
const char *words_run(const struct word *words, size_t n);

/*
 * The name of the command in words[0..n), past assignments, keywords and what
 * only hands on ("command", "!"), or NULL where it is still to come.
 */
const char *words_name(const struct word *words, size_t n);

#endif
