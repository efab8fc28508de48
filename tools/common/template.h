/* SPDX-License-Identifier: MIT */
/*
 * How a line of input becomes a command.
 *
 * A value is data and never code.  For the shell it is bound to a variable
 * before the template runs, and each {} is that variable as one word;
 * shellscan.h says where that would not hold, and such templates are refused.
 *
 * The promise is for POSIX shells, dash and bash.  ksh and zsh evaluate
 * numbers in more places (`[ {} -gt 1 ]`, `printf %d {}`).  What a program
 * makes of a word that begins with '-', or the template of a variable that it
 * puts the value into itself (`x={}; eval "$x"`), is the template's business.
 */
#ifndef TEMPLATE_H
#define TEMPLATE_H

#include <stdbool.h>
#include <stddef.h>

#include "placeholder.h"
#include "record.h"

/* What to start.  Everything is the command's own. */
struct command {
	char **argv;   /* words to execute, NULL-terminated; or NULL */
	char *shell;   /* text for `SHELL -c`; or NULL.  Where both are set:
			* argv first, the shell if it cannot be executed */
	char **values; /* the arguments behind the shell's $0,
			* NULL-terminated; or NULL */
	char *shown;   /* what would run, for a person: pasted into a shell
			* it does the same.  May hold control characters */
};

struct template;

/*
 * A template of `argc` words with a NULL behind them: none (each line is a
 * command line), one (for the shell), or several (executed directly).
 */
struct template_options {
	int argc;
	char *const *argv;
	const char *shell; /* the one that will run it */
	struct placeholder_syntax syntax;
};

/*
 * Read one.  What the options point to must outlive it.
 *
 * -EINVAL   refused; *why, the caller's to free, says what to write instead
 * -ENOMEM
 */
int template_create(struct template **t, const struct template_options *options,
		    char **why);
void template_destroy(struct template *t);

/* How its placeholders are written; lives as long as it. */
const struct placeholder_syntax *template_syntax(const struct template *t);

/* Does this line run anything?  Not a blank one or a comment, where lines are
 * commands. */
bool template_runs(const struct template *t, const char *line);

/* The command for a record: 0 or -ENOMEM.  Any thread, at any time. */
int template_expand(const struct template *t, const struct record *record,
		    struct turn turn, struct command *command);

void command_fini(struct command *command);

#endif
