/* SPDX-License-Identifier: MIT */
/*
 * Where the holes of a shell command are, and what the shell would make of
 * what fills them.
 *
 * Follows the grammar of POSIX sh, and of bash where that is wider, far
 * enough to know for each {} whether a variable in its place is one word of
 * data.  Where it is not, or where the text leaves doubt, it is refused:
 * a mistake here may cost a refusal and must not cost more.
 */
#ifndef SHELLSCAN_H
#define SHELLSCAN_H

#include <stdbool.h>
#include <stddef.h>

struct hole {
	size_t at;	/* of its '{' in the text */
	bool quoted;	/* inside plain double quotes */
};

struct shellscan {
	struct hole *holes;	/* in order; ours */
	size_t nholes;
	bool may_append;	/* a word at the end would be an argument */
	const char *appended_to;/* else what would run it, or NULL */
	const char *why;	/* -EINVAL: what is wrong, and what to write */
	char runner[64];	/* storage for appended_to */
};

/* 0; -EINVAL with `why`, a string for ever; -ENOMEM. */
int shellscan(struct shellscan *scan, const char *text);
void shellscan_fini(struct shellscan *scan);

#endif
