/* SPDX-License-Identifier: MIT */
#include "template.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codeword.h"
#include "filling.h"
#include "plain.h"
#include "shellscan.h"
#include "shelltext.h"
#include "text.h"
#include "words.h"

struct template
{
	struct template_options given; /* what it points to is the caller's */
	bool append;		       /* no {}: the value goes to the end */
	bool direct; /* what is plain may go without the shell; for
		      * a text: and it is plain */

	/* For the shell alone: */
	char *text;	       /* as given, with {} at the end if it had none */
	struct shellscan scan; /* of that text */
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

/*
 * May the words of the template go without the shell?  1, 0 or -ENOMEM.  A
 * byte stands for each hole.
 */
static int text_is_plain(const struct template *t)
{
	const struct hole *holes = t->scan.holes;
	size_t first = strspn(t->text, " \t"), at = 0;
	struct text copy = { 0 };
	char *text, **words;
	int rc;

	for (size_t i = 0; i < t->scan.nholes; i++) {
		text_add(&copy, t->text + at, holes[i].at - at);
		text_say(&copy, "x");
		at = holes[i].at + holes[i].len;
	}
	text_say(&copy, t->text + at);
	text = text_take(&copy);
	if (!text)
		return -ENOMEM;
	rc = plain_words(text, &words);
	if (rc > 0)
		free(words);
	free(text);
	/* Only the shell knows what a command is that the value names. */
	first += strcspn(t->text + first, " \t");
	return rc > 0 ? holes[0].at >= first : rc;
}

/* No placeholder: the value goes to the end. */
static int shell_append(struct template *t, char **why)
{
	const char *given = t->given.argv[0];
	int err;

	if (t->scan.escaped)
		return why_say(why, given,
			       "\\{} is the two characters and not the value; "
			       "write {} where it belongs");
	t->append = true;
	shellscan_fini(&t->scan);
	free(t->text);
	if (asprintf(&t->text, "%s %s", given, t->given.syntax.value) < 0) {
		t->text = NULL;
		return -ENOMEM;
	}
	err = shellscan(&t->scan, &t->given.syntax, t->text);
	if (!err && (t->scan.nholes != 1 || t->scan.holes[0].kind != HOLE_WORD))
		return why_say(
			why, given,
			"the value cannot follow this as an argument; "
			"write {} where it belongs (: {} where nowhere)");
	return err;
}

static int shell_template(struct template *t, char **why)
{
	const char *given = t->given.argv[0];
	int err;

	t->text = strdup(given);
	if (!t->text)
		return -ENOMEM;
	err = shellscan(&t->scan, &t->given.syntax, t->text);
	if (given[strspn(given, " \t\n")] == '\0')
		return why_say(why, "the command",
			       "is empty; leave it out to run each line as a "
			       "command line");
	if (!err && t->scan.nholes == 0)
		err = shell_append(t, why);
	if (err == -EINVAL && t->scan.why) {
		char *text = t->scan.why;

		t->scan.why = NULL;
		return why_set(why, given, text);
	}
	if (err)
		return err;
	err = t->direct ? text_is_plain(t) : 0;
	t->direct = err == 1;
	return err < 0 ? err : 0;
}

/* Is this word one placeholder, which may be several words? */
static bool is_several(const struct template *t, const char *word)
{
	struct placeholder what;
	size_t len = placeholder_read(&t->given.syntax, word, &what);

	return len > 0 && word[len] == '\0' &&
	       placeholder_is_several(&t->given.syntax, &what);
}

/* Has it one that may be several, inside? */
static bool has_several(const struct template *t, const char *word)
{
	const struct placeholder_syntax *syntax = &t->given.syntax;
	struct placeholder what;

	if (is_several(t, word))
		return false;
	while ((word = placeholder_find(syntax, word))) {
		word += placeholder_read(syntax, word, &what);
		if (placeholder_is_several(syntax, &what))
			return true;
	}
	return false;
}

/* A word of the template, filled: one, or those that it is. */
static void word_fill(const struct template *t, const char *word,
		      const struct filling *f, struct words *words)
{
	struct placeholder what;

	if (!is_several(t, word)) {
		words_add(words, filling_text(f, &t->given.syntax, word));
		return;
	}
	placeholder_read(&t->given.syntax, word, &what);
	for (size_t i = 0; i < filling_count(f, &what); i++)
		words_add(words, filling_word(f, &what, i));
}

/* The words of the template, and the value behind them if it has no place. */
static char **words_filled(const struct template *t, char *const *given,
			   size_t n, const struct filling *f)
{
	struct words words = { 0 };

	for (size_t i = 0; i < n; i++)
		word_fill(t, given[i], f, &words);
	if (t->append)
		word_fill(t, t->given.syntax.value, f, &words);
	return words_take(&words);
}

/* Several words: none of those that hold a value may be code. */
static int words_template(struct template *t, char **why)
{
	static char mark[] = { WORD_VALUE, '\0' };
	/* Two of them: what is refused behind a value is refused. */
	char *marks[] = { mark, mark };
	struct record record = { .values = marks, .nvalues = 2 };
	struct filling f = { .record = &record };
	char **words, *refusal = NULL;
	size_t n = 0;
	int err;

	t->append = true;
	for (int i = 0; i < t->given.argc; i++) {
		const char *word = t->given.argv[i];

		if (has_several(t, word))
			return why_say(why, word,
				       "{} stands for several values here, so "
				       "it has to be a word by itself; {1}, "
				       "{2} ... are single ones");
		if (placeholder_has_beyond(&t->given.syntax, word))
			return why_say(why, word, placeholder_why_beyond);
		if (placeholder_find(&t->given.syntax, word))
			t->append = false;
	}
	if (!t->given.syntax.several)
		record.line = mark;
	words = words_filled(t, t->given.argv, (size_t)t->given.argc, &f);
	if (!words)
		return -ENOMEM;
	while (words[n])
		n++;
	err = codeword_check(words, n, false, &refusal);
	words_free(words);
	/* It begins with the word that would do it. */
	if (err == -EINVAL)
		*why = refusal;
	return err;
}

int template_create(struct template **made,
		    const struct template_options *given, char **why)
{
	struct template *t = calloc(1, sizeof(*t));
	int err = 0;

	if (!t)
		return -ENOMEM;
	t->given = *given;
	t->direct = plain_allowed(given->shell);
	if (given->argc == 1) {
		err = shell_template(t, why);
	} else if (given->argc > 1) {
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
	free(t);
}

const struct placeholder_syntax *template_syntax(const struct template *t)
{
	return &t->given.syntax;
}

/* ---- Filling it in ------------------------------------------------------- */

/* A command line that does the same; of what a shell has itself (echo, test)
 * env(1) runs the program, as was done here. */
static char *words_shown(char *const *argv)
{
	struct text text = { 0 };

	if (plain_is_shells(argv[0]))
		text_say(&text, "env ");
	for (size_t i = 0; argv[i]; i++) {
		if (i > 0)
			text_say(&text, " ");
		text_add_word(&text, argv[i]);
	}
	return text_take(&text);
}

/* The words of a plain text, filled.  1 or -ENOMEM. */
static int plain_fill(const struct template *t, const char *text,
		      const struct filling *f, struct command *command)
{
	char *copy = strdup(text), *rest = NULL, *word;
	struct words words = { 0 };

	word = copy ? strtok_r(copy, " \t", &rest) : NULL;
	for (; word; word = strtok_r(NULL, " \t", &rest)) {
		if (f)
			word_fill(t, word, f, &words);
		else
			words_add(&words, strdup(word));
	}
	free(copy);
	command->argv = words_take(&words);
	return command->argv ? 1 : -ENOMEM;
}

bool template_runs(const struct template *t, const char *line)
{
	const char *first;

	if (t->given.argc > 0)
		return true;
	first = line + strspn(line, " \t\n");
	/* A comment ends with its line; with -0 more may follow. */
	return *first && (*first != '#' || strchr(first, '\n'));
}

static int line_fill(const struct template *t, const char *line,
		     struct command *command)
{
	char **words = NULL;
	int rc = 0;

	command->shell = strdup(line);
	command->shown = strdup(line);
	if (!command->shell || !command->shown)
		return -ENOMEM;
	if (t->direct)
		rc = plain_words(line, &words);
	if (rc <= 0)
		return rc;
	free(words);
	return plain_fill(t, line, NULL, command);
}

static int shell_fill(const struct template *t, const struct filling *f,
		      struct command *command)
{
	command->shell = shelltext_run(&t->scan, f, &command->values);
	command->shown = shelltext_show(&t->scan, f);
	if (!command->shell || !command->shown)
		return -ENOMEM;
	return t->direct ? plain_fill(t, t->text, f, command) : 1;
}

static int words_fill(const struct template *t, const struct filling *f,
		      struct command *command)
{
	command->argv =
		words_filled(t, t->given.argv, (size_t)t->given.argc, f);
	if (!command->argv)
		return -ENOMEM;
	command->shown = words_shown(command->argv);
	return command->shown ? 1 : -ENOMEM;
}

int template_expand(const struct template *t, const struct record *record,
		    struct turn turn, struct command *command)
{
	struct filling f = { .record = record, .turn = turn };
	int rc;

	*command = (struct command){ 0 };
	if (t->given.argc == 0)
		rc = line_fill(t, record->line, command);
	else if (t->given.argc == 1)
		rc = shell_fill(t, &f, command);
	else
		rc = words_fill(t, &f, command);
	if (rc < 0)
		command_fini(command);
	return rc < 0 ? rc : 0;
}

void command_fini(struct command *command)
{
	words_free(command->argv);
	words_free(command->values);
	free(command->shell);
	free(command->shown);
	*command = (struct command){ 0 };
}
