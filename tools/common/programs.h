/* SPDX-License-Identifier: MIT */
/*
 * What bpool knows of other programs: which run a word they are given, and
 * which start the program that their words name.
 */
#ifndef PROGRAMS_H
#define PROGRAMS_H

#include <stdbool.h>
#include <stddef.h>

/* Which words are code. */
enum code_rule {
	CODE_BEHIND,  /* what is in, or right behind, a code option */
	CODE_COMMAND, /* the first operand, where a code option was given */
	CODE_FIRST,   /* the first operand, unless an option brought it */
	CODE_REST,    /* all operands but the first: a host or group */
	CODE_ALL,     /* all operands */
};

/* One that runs a word. */
struct program {
	const char *name; /* digits, dots and dashes may follow */
	enum code_rule rule;
	const char *code;   /* option letters that bring code */
	const char *flags;  /* those that take no argument */
	const char *taking; /* those that take one, here or behind */
	const char *glued;  /* those that take one, here or not at all */
	bool anywhere;	    /* code options may follow operands */
};

/* A shell, by whatever name. */
extern const struct program program_shell;

/*
 * The `*at`-th or a later interpreter that this word may name, and *at behind
 * it; NULL at the end.  Start with 0.
 */
const struct program *program_next(const char *word, size_t *at);

/* Does nobody know, before it runs, what this word names? */
bool program_is_unknown(const char *word);

/* May the word be this name, with the marks of scan.h for any bytes?  A
 * value is any too. */
bool program_may_be(const char *word, const char *name);

/* Does it start the program that its words name? */
bool program_hands_on(const char *word);

/* The word behind its last slash. */
const char *program_base_name(const char *word);

/* *why: that, and what to write, malloc'd.  The word may hold the marks, which
 * are {} and a '*' there.  -EINVAL or -ENOMEM. */
int program_refuse(char **why, const char *word, const char *advice);

#endif
