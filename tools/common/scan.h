/* SPDX-License-Identifier: MIT */
/*
 * A shell command while it is read: how far, what was found in it; and the
 * pieces of it that no value may stand in, which are skipped.
 */
#ifndef SCAN_H
#define SCAN_H

#include <stdbool.h>
#include <stddef.h>

#include "placeholder.h"

/* The bytes of a name, digits too. */
#define SCAN_NAME                                                              \
	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_"                \
	"0123456789"

/* Ends a word and begins an operator, where it is not quoted. */
#define SCAN_BREAKS " \t\n;&|()<>"

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

/* -EINVAL with `why`, or -ENOMEM. */
int scan_refuse(struct scan *scan, const char *why);

/* Is that next, or the end of the text? */
bool scan_at_break(const struct scan *scan);

/* Does a placeholder begin at this part of the text? */
bool scan_at_hole(const struct scan *scan, const char *text);

bool scan_is_one_of(char byte, const char *set);

/* A backslash and a newline that part two words anyway. */
bool scan_at_joined_line(const struct scan *scan);

/*
 * At "${", at "$((", at a backquote: up to and with what closes it.  0, or
 * -EINVAL or -ENOMEM as scan_refuse().
 */
int scan_skip_brace(struct scan *scan);
int scan_skip_arithmetic(struct scan *scan);
int scan_skip_backquotes(struct scan *scan);

#endif
