/* SPDX-License-Identifier: MIT */
#include "template.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codeword.h"
#include "plain.h"
#include "shellscan.h"
#include "text.h"

#define VALUE "${" SHELLSCAN_VARIABLE "}"

struct template
{
	int argc;
	char *const *argv; /* the caller's */
	bool append;	   /* no {}: the value goes to the end */
	bool direct;	   /* what is plain may go without the shell; for
				 * a text: and it is plain */

	/* For the shell alone: */
	char *text;	       /* as given, with {} at the end if it had none */
	struct shellscan scan; /* of that text */
	char *shell;	       /* the same with the variable in each {} */
};

/* ---- Making one ---------------------------------------------------------- */

/* Frees `text`. */
static int why_set(char **why, const char *what, char *text)
{
	int rc = asprintf(why, "%s: %s", what, text);

	free(text);
	return rc < 0 ? -ENOMEM : -EINVAL;
}

static int why_say(char **why, const char *what, const char *words)
{
	char *text = strdup(words);

	return text ? why_set(why, what, text) : -ENOMEM;
}

/* The template with what `hole` writes in the place of each {}. */
static char *text_filled(const struct template *t,
			 void (*fill)(struct text *, const struct hole *,
				      const char *),
			 const char *value)
{
	struct text text = { 0 };
	size_t at = 0;

	/* The value leaves $1, so that the template finds no arguments. */
	if (!value)
		text_say(&text, SHELLSCAN_VARIABLE "=$1; shift; ");
	for (size_t i = 0; i < t->scan.nholes; i++) {
		const struct hole *hole = &t->scan.holes[i];

		text_add(&text, t->text + at, hole->at - at);
		fill(&text, hole, value);
		at = hole->at + 2;
	}
	text_say(&text, t->text + at);
	return text_take(&text);
}

static void fill_variable(struct text *text, const struct hole *hole,
			  const char *value)
{
	(void)value;
	if (hole->kind == HOLE_WORD || hole->kind == HOLE_BARE)
		text_say(text, "\"" VALUE "\"");
	else
		text_say(text, VALUE);
}

static void fill_shown(struct text *text, const struct hole *hole,
		       const char *value)
{
	switch (hole->kind) {
	case HOLE_WORD:
		text_add_word(text, value);
		break;
	case HOLE_BARE:
		text_add_single(text, value);
		break;
	case HOLE_QUOTED:
		text_add_double(text, value);
		break;
	case HOLE_JOINED:
		text_say(text, "\"\"");
		text_add_double(text, value);
		break;
	}
}

/* May the words of the template go without the shell?  1, 0 or -ENOMEM. */
static int text_is_plain(const struct template *t)
{
	size_t first = strspn(t->text, " \t");
	char *copy = strdup(t->text), **words;
	int rc;

	if (!copy)
		return -ENOMEM;
	for (size_t i = 0; i < t->scan.nholes; i++)
		memcpy(copy + t->scan.holes[i].at, "xx", 2);
	rc = plain_words(copy, &words);
	if (rc > 0)
		free(words);
	free(copy);
	/* Only the shell knows what a command is that the value names. */
	first += strcspn(t->text + first, " \t");
	return rc > 0 ? t->scan.holes[0].at >= first : rc;
}

static int shell_template(struct template *t, char **why)
{
	int err = shellscan(&t->scan, t->argv[0]);

	if (t->argv[0][strspn(t->argv[0], " \t\n")] == '\0')
		return why_say(why, "the command",
			       "is empty; leave it out to run each line as a "
			       "command line");
	if (!err && t->scan.nholes == 0) {
		bool escaped = t->scan.escaped;

		if (escaped)
			return why_say(why, t->argv[0],
				       "\\{} is the two characters and not "
				       "the value; write {} where it belongs");
		t->append = true;
		shellscan_fini(&t->scan);
		free(t->text);
		if (asprintf(&t->text, "%s {}", t->argv[0]) < 0) {
			t->text = NULL;
			return -ENOMEM;
		}
		err = shellscan(&t->scan, t->text);
		if (!err &&
		    (t->scan.nholes != 1 || t->scan.holes[0].kind != HOLE_WORD))
			return why_say(why, t->argv[0],
				       "the value cannot follow this as an "
				       "argument; write {} where it belongs "
				       "(: {} where nowhere)");
	}
	if (err == -EINVAL) {
		char *text = t->scan.why;

		t->scan.why = NULL;
		return why_set(why, t->argv[0], text);
	}
	if (err)
		return err;
	t->shell = text_filled(t, fill_variable, NULL);
	if (!t->shell)
		return -ENOMEM;
	err = t->direct ? text_is_plain(t) : 0;
	t->direct = err == 1;
	return err < 0 ? err : 0;
}

/* A word of the template with the value in each {}. */
static char *word_filled(const char *word, const char *value)
{
	struct text text = { 0 };
	const char *hole;

	while ((hole = strstr(word, "{}"))) {
		text_add(&text, word, (size_t)(hole - word));
		text_say(&text, value);
		word = hole + 2;
	}
	text_say(&text, word);
	return text_take(&text);
}

static void words_free(char **words)
{
	for (size_t i = 0; words && words[i]; i++)
		free(words[i]);
	free(words);
}

/* Words of the template, and the value behind them if it has no place. */
static char **words_filled(char *const *words, size_t n, bool append,
			   const char *value)
{
	char **filled = calloc(n + 2, sizeof(*filled));

	for (size_t i = 0; filled && i < n + append; i++) {
		filled[i] = i < n ? word_filled(words[i], value)
				  : strdup(value);
		if (!filled[i]) {
			words_free(filled);
			return NULL;
		}
	}
	return filled;
}

/* Several words: none of those that hold {} may be code. */
static int words_template(struct template *t, char **why)
{
	static const char mark[] = { WORD_VALUE, '\0' };
	size_t n = (size_t)t->argc;
	char **words, *refusal = NULL;
	int err;

	t->append = true;
	for (size_t i = 0; i < n; i++)
		t->append = t->append && !strstr(t->argv[i], "{}");
	words = words_filled(t->argv, n, t->append, mark);
	if (!words)
		return -ENOMEM;
	err = codeword_check(words, n + t->append, false, &refusal);
	words_free(words);
	/* It begins with the word that would do it. */
	if (err == -EINVAL)
		*why = refusal;
	return err;
}

int template_create(struct template **made, int argc, char *const *argv,
		    const char *shell, char **why)
{
	struct template *t = calloc(1, sizeof(*t));
	int err = 0;

	if (!t)
		return -ENOMEM;
	t->argc = argc;
	t->argv = argv;
	t->direct = plain_allowed(shell);
	if (argc == 1) {
		t->text = strdup(argv[0]);
		err = t->text ? shell_template(t, why) : -ENOMEM;
	} else if (argc > 1) {
		err = words_template(t, why);
	}
	if (err) {
		template_destroy(t);
		return err;
	}
	*made = t;
	return 0;
}

void template_destroy(struct template *t)
{
	if (!t)
		return;
	shellscan_fini(&t->scan);
	free(t->text);
	free(t->shell);
	free(t);
}

/* ---- Filling it in ------------------------------------------------------- */

static char *words_shown(char *const *argv)
{
	struct text text = { 0 };

	for (size_t i = 0; argv[i]; i++) {
		if (i > 0)
			text_say(&text, " ");
		if (i == 0 && plain_is_keyword(argv[i]))
			text_add_single(&text, argv[i]);
		else
			text_add_word(&text, argv[i]);
	}
	return text_take(&text);
}

/* The words of a plain text, with the value in each {}.  1 or -ENOMEM. */
static int plain_fill(const char *text, const char *value,
		      struct command *command)
{
	char *copy = strdup(text), **words = NULL, *rest = NULL, *word;
	size_t n = 0;

	words = calloc(strlen(text) / 2 + 2, sizeof(*words));
	if (copy && words) {
		word = strtok_r(copy, " \t", &rest);
		for (; word; word = strtok_r(NULL, " \t", &rest))
			words[n++] = word;
		command->argv = words_filled(words, n, false, value);
	}
	free(words);
	free(copy);
	return command->argv ? 1 : -ENOMEM;
}

static int line_fill(const struct template *t, const char *line,
		     struct command *command)
{
	const char *first = line + strspn(line, " \t\n");
	char **words;
	int rc = 0;

	/* A comment ends with its line; with -0 more may follow. */
	if (*first == '\0' || (*first == '#' && !strchr(first, '\n')))
		return 0;
	command->shell = strdup(line);
	command->shown = strdup(line);
	if (!command->shell || !command->shown)
		return -ENOMEM;
	if (t->direct)
		rc = plain_words(line, &words);
	if (rc > 0) {
		free(words);
		/* Plain text holds no {}. */
		rc = plain_fill(line, "", command);
	}
	return rc < 0 ? rc : 1;
}

static int shell_fill(const struct template *t, const char *value,
		      struct command *command)
{
	command->shell = strdup(t->shell);
	command->value = strdup(value);
	command->shown = text_filled(t, fill_shown, value);
	if (!command->shell || !command->value || !command->shown)
		return -ENOMEM;
	return t->direct ? plain_fill(t->text, value, command) : 1;
}

static int words_fill(const struct template *t, const char *value,
		      struct command *command)
{
	command->argv =
		words_filled(t->argv, (size_t)t->argc, t->append, value);
	if (!command->argv)
		return -ENOMEM;
	command->shown = words_shown(command->argv);
	return command->shown ? 1 : -ENOMEM;
}

int template_expand(const struct template *t, const char *line, size_t len,
		    struct command *command)
{
	char *value = strndup(line, len);
	int rc;

	*command = (struct command){ 0 };
	if (!value)
		return -ENOMEM;
	if (t->argc == 0)
		rc = line_fill(t, value, command);
	else if (t->argc == 1)
		rc = shell_fill(t, value, command);
	else
		rc = words_fill(t, value, command);
	free(value);
	if (rc <= 0)
		command_fini(command);
	return rc;
}

void command_fini(struct command *command)
{
	words_free(command->argv);
	free(command->shell);
	free(command->value);
	free(command->shown);
	*command = (struct command){ 0 };
}
