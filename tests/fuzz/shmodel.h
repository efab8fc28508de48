/* SPDX-License-Identifier: MIT */
/*
 * What a POSIX shell makes of the quotes in a text: a small reader that knows
 * nothing of bpool's, to compare with.  What it cannot follow it says so.
 */
#ifndef SHMODEL_H
#define SHMODEL_H

#include <stddef.h>

/* What is found in a text: pairs of a class and a byte. */
enum sh_class {
	SH_LITERAL = 'l',   /* of a word: quoted, or of no meaning */
	SH_UNQUOTED = 'u',  /* of a word, as it may mean something */
	SH_EMPTY = 'e',	    /* a word that is quotes around nothing */
	SH_EXPANSION = 'x', /* of $name and the like */
	SH_QUOTED_EXPANSION = 'X',
	SH_BLANK = 'b',
	SH_REDIRECTION = 'r',
	SH_OPERATOR = 'o',
	SH_NESTED = 'n', /* the ends of ( ) and $( ) */
	SH_VALUE = 'h',	 /* a value begins here */
	SH_QUOTED = 'q' /* of this word something is quoted: it is no keyword */
};

struct sh_stream {
	char *items;
	size_t len, size;
	size_t values; /* how many */
};

enum sh_verdict {
	SH_READ,
	SH_UNKNOWN,  /* not followed here */
	SH_FORBIDDEN /* a value where it is code, or may be several words */
};

/* What stands for a value. */
struct sh_world {
	/* The value that begins here, and the length of what stands for it; or
	 * NULL. */
	const char *(*find)(const void *user, const char *text, size_t *len);
	const void *user;
	int is_variable; /* it is one, which has to be quoted */
	int marks;	 /* show where values begin, and what is quoted */
};

/* Add to `stream` what `text` has; free() its items. */
enum sh_verdict sh_read(const char *text, const struct sh_world *world,
			struct sh_stream *stream);

#endif
