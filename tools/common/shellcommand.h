/* SPDX-License-Identifier: MIT */
/*
 * One list of commands, read word by word: where in the grammar it stands,
 * and what a word means there.  The operators between them, and lists in
 * lists, are shellscan.c's.
 */
#ifndef SHELLCOMMAND_H
#define SHELLCOMMAND_H

#include <stdbool.h>
#include <stddef.h>

#include "shellword.h"

/* What the grammar is waiting for. */
enum place {
	AT_COMMAND,	 /* a command, or a keyword */
	IN_COMMAND,	 /* more words of a simple command */
	BEHIND_COMPOUND, /* the end of a compound command was */
	AT_FUNCTION,	 /* "function": its name */
	BEHIND_FUNCTION, /* its "()", or its body */
	AT_FOR,		 /* "for": the name */
	BEHIND_FOR,	 /* "in" or "do" */
	IN_FOR,		 /* the words behind "in" */
	AT_CASE,	 /* "case": the word */
	BEHIND_CASE,	 /* "in" */
	AT_PATTERN,	 /* a pattern, or "esac" */
	BEHIND_PATTERN,	 /* '|' or ')' */
};

/* One list of commands: the whole text, or what is between parentheses. */
struct list {
	struct scan *scan;
	enum place place;
	char **words; /* of the simple command; ours */
	size_t nwords, size;
	unsigned ncases; /* open ones */
	bool redirected; /* a redirection came before any word */
};

/* What is said where nothing better is known. */
extern const char list_why_syntax[];

/* What is read next. */
const char *list_here(const struct list *l);

void list_skip_blanks(struct list *l);
bool list_at_redirection(const struct list *l);

/* Is this word's text one that the shell takes for a name as it stands? */
bool list_is_name(const char *text);

/* Forget the words of the simple command. */
void list_clear(struct list *l);

/* A command is over, another may follow.  0 or what it is refused with. */
int list_command_end(struct list *l);

/* Read a word, and go where it leads.  0 or what it is refused with. */
int list_read_word(struct list *l);

#endif
