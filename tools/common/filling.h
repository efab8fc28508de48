/* SPDX-License-Identifier: MIT */
/* What a job's placeholders stand for. */
#ifndef FILLING_H
#define FILLING_H

#include <stddef.h>

#include "placeholder.h"
#include "record.h"

struct filling {
	const struct record *record;
	struct turn turn;
};

/* How many words a placeholder stands for. */
size_t filling_count(const struct filling *f, const struct placeholder *what);

/* The i-th of them, malloc'd, or NULL.  A value that is not there is empty. */
char *filling_word(const struct filling *f, const struct placeholder *what,
		   size_t i);

/* The text with what it stands for in each placeholder, malloc'd, or NULL; of
 * several words the first. */
char *filling_text(const struct filling *f,
		   const struct placeholder_syntax *syntax, const char *text);

#endif
