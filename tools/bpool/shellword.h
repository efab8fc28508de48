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
#include <stddef.h>

#include "placeholder.h"

/* What the text of a word holds in the place of a hole, and of what only the
 * running shell knows. */
#define WORD_VALUE '\001'
#define WORD_UNKNOWN '\002'
/* Behind a word: some of what is unknown is a pattern. */
#define WORD_PATTERN '\003'

/* What may stand in a hole's place when a person reads it. */
enum hole_kind {
	HOLE_WORD,   /* an argument by itself: plain text, or quoted */
	HOLE_BARE,   /* part of a word: quoted */
	HOLE_QUOTED, /* inside double quotes */
	HOLE_JOINED, /* the same, right behind a $name */
};

struct hole {
	size_t at, len; /* of the placeholder in the text */
	struct placeholder what;
	enum hole_kind kind;
	bool alone; /* it may be several words */
};

struct scan {
	const char *text;
	const struct placeholder_syntax *syntax;
	size_t at;	    /* of what is read next */
	struct hole *holes; /* room for all that the text can have */
	size_t nholes;
	size_t nfiles;	/* of them, in the names of files behind < and > */
	bool escaped;	/* a \{} was seen */
	bool in_quotes; /* inside "$(...)" */
	bool in_test;	/* inside [[ ... ]] */
	unsigned depth; /* of $( ), ( ) and <( ) */
	char *why;	/* -EINVAL: what is refused, and what to write;
			 * malloc'd */
	/* Reads the commands of "$(" or "<(" up to and with their ")".  Set
	 * by shellscan.c, which knows the grammar. */
	int (*commands)(struct scan *scan);
};

struct word {
	char *text;  /* without quotes, with the marks above; malloc'd */
	bool quoted; /* something in it was quoted or is an expansion */
	bool splits; /* the shell may make several words of a value in it */
};

/* -EINVAL with `why`, or -ENOMEM. */
int scan_refuse(struct scan *scan, const char *why);

/* Ends a word and begins an operator, where it is not quoted. */
bool scan_at_break(const struct scan *scan);

/* Does a placeholder begin at this part of the text? */
bool scan_at_hole(const struct scan *scan, const char *text);

/* A backslash and a newline that part two words anyway. */
bool scan_at_joined_line(const struct scan *scan);

/*
 * Read the word that begins at scan->at.  0, and word->text is the caller's;
 * -EINVAL with `why`; -ENOMEM.
 */
int word_scan(struct scan *scan, struct word *word);

#endif
