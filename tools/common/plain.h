/* SPDX-License-Identifier: MIT */
/*
 * Does a command line need a shell?
 *
 * One of plain words runs the same without, for half the cost.  Whatever the
 * shell would give a meaning to, or do itself, needs it.
 */
#ifndef PLAIN_H
#define PLAIN_H

#include <stdbool.h>

/*
 * May lines skip this shell at all?  Not where it is one whose start-up files
 * or environment could give any word a meaning.
 */
bool plain_allowed(const char *shell);

/*
 * Split `line` into words: 1 and *argv, to be freed in one piece by the
 * caller; 0 where it needs a shell; -ENOMEM.
 */
int plain_words(const char *line, char ***argv);

/* Would some shell make something else of this word than the program? */
bool plain_is_shells(const char *word);

#endif
