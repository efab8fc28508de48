/* SPDX-License-Identifier: MIT */
/*
 * Where the holes of a shell command are, and what the shell would make of
 * what fills them.
 *
 * Follows the grammar of POSIX sh, and of bash where that is wider, far
 * enough to know for each {} that a variable in double quotes in its place is
 * one word of data.  What would make code of it is refused, and so is what
 * two shells read in different ways, or this one cannot follow: a mistake
 * here may cost a refusal and must not cost more.
 */
#ifndef SHELLSCAN_H
#define SHELLSCAN_H

#include <stdbool.h>
#include <stddef.h>

#include "shellword.h"

/* What the variables that hold values begin with; no template may mention
 * one. */
#define SHELLSCAN_VARIABLE "bpool_value"

struct shellscan {
	const char *text;   /* what was read; the caller's */
	struct hole *holes; /* in order; ours */
	size_t nholes;
	bool escaped; /* there is a \{} */
	char *why;    /* -EINVAL: what is refused, and what to write
		       * instead; ours */
};

/* 0; -EINVAL with `why`; -ENOMEM.  shellscan_fini() in each case. */
int shellscan(struct shellscan *result, const struct placeholder_syntax *syntax,
	      const char *text);
void shellscan_fini(struct shellscan *result);

#endif
