/* SPDX-License-Identifier: MIT */
/*
 * One word of a shell command, read as every POSIX shell reads it: its
 * quotes, its expansions and the holes `{}` in it.
 *
 * Shells differ at the edges: $'...' is two things, $(( may be a
 * substitution, backquotes are read twice.  A text at such an edge is
 * refused, so that there is one reading of what is accepted.
 */
#ifndef SHELLWORD_H
#define SHELLWORD_H

#include <stdbool.h>

#include "scan.h"

struct word {
	char *text;  /* without quotes, with the marks above; malloc'd */
	bool quoted; /* something in it was quoted or is an expansion */
	bool splits; /* the shell may make several words of a value in it */
};

/*
 * Read the word that begins at scan->at.  0, and word->text is the caller's;
 * -EINVAL with `why`; -ENOMEM.
 */
int word_scan(struct scan *scan, struct word *word);

#endif
