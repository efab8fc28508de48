/* SPDX-License-Identifier: MIT */
#include "template.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plain.h"
#include "shellscan.h"
#include "words.h"

#define VALUE "bpool_value"

struct template {
	int argc;
	char *const *argv;	/* the caller's */
	bool direct;		/* plain lines may go without the shell */
	bool append;		/* no {}: the value goes to the end */
	struct shellscan scan;	/* of the one word; else empty */
	char *shell;		/* the whole text for the shell, or NULL */
	char *plain;		/* a copy of the one word if that needs no
				 * shell, cut into ... */
	char **words;		/* ... these, NULL-terminated; or NULL */
};

/* ---- Text put together ---------------------------------------------------- */

struct text {
	char *data;
	size_t len, size;
	bool failed;
};

static void text_add(struct text *text, const char *data, size_t len)
{
	if (!text->failed && text->len + len >= text->size) {
		size_t size = (text->len + len + 64) * 2;
		char *bigger = realloc(text->data, size);

		text->failed = !bigger;
		if (bigger) {
			text->data = bigger;
			text->size = size;
		}
	}
	if (text->failed)
		return;
	memcpy(text->data + text->len, data, len);
	text->len += len;
	text->data[text->len] = '\0';
}

static void text_say(struct text *text, const char *words)
{
	text_add(text, words, strlen(words));
}

/* The text, now the caller's, or NULL if memory ran out. */
static char *text_take(struct text *text)
{
	if (!text->failed && text->data)
		return text->data;
	free(text->data);
	return NULL;
}

/* As one word of sh, with quotes only where they are needed. */
static void text_add_word(struct text *text, const char *word)
{
	static const char safe[] = "abcdefghijklmnopqrstuvwxyz"
				   "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				   "_@%+:,./-";

	if (*word && word[strspn(word, safe)] == '\0') {
		text_say(text, word);
		return;
	}
	text_say(text, "'");
	for (; *word; word++) {
		if (*word == '\'')
			text_say(text, "'\\''");
		else
			text_add(text, word, 1);
	}
	text_say(text, "'");
}

/* As it has to stand inside double quotes. */
static void text_add_quoted(struct text *text, const char *word)
{
	for (; *word; word++) {
		if (strchr("\\\"$`", *word))
			text_say(text, "\\");
		text_add(text, word, 1);
	}
}

/* ---- Making one -------------------------------------------------------------- */

static int why_set(char **why, const char *what, const char *text)
{
	if (asprintf(why, "%s: %s", what, text) < 0)
		return -ENOMEM;
	return -EINVAL;
}

/* The template for the shell: each hole is the variable. */
static char *shell_text(const struct template *t)
{
	const char *from = t->argv[0];
	struct text text = {0};
	size_t at = 0;

	/* The value leaves $1, so that the template finds no arguments. */
	text_say(&text, VALUE "=$1; shift\n");
	for (size_t i = 0; i < t->scan.nholes; i++) {
		const struct hole *hole = &t->scan.holes[i];

		text_add(&text, from + at, hole->at - at);
		text_say(&text, hole->quoted ? "${" VALUE "}"
					     : "\"${" VALUE "}\"");
		at = hole->at + 2;
	}
	text_say(&text, from + at);
	if (t->append)
		text_say(&text, " \"${" VALUE "}\"");
	return text_take(&text);
}

/*
 * A template of plain words and bare holes is executed directly too.  Holes
 * are looked at as two safe letters; one in the first word would let the value
 * choose a builtin.
 */
static int plain_template(struct template *t)
{
	char *letters = strdup(t->argv[0]), *rest = NULL;
	char **words = NULL;
	size_t n = 0;
	int rc = letters ? 0 : -ENOMEM;

	for (size_t i = 0; letters && i < t->scan.nholes; i++)
		memcpy(letters + t->scan.holes[i].at, "xx", 2);
	if (letters && t->direct)
		rc = plain_words(letters, &words);
	if (rc == 1 && t->scan.nholes > 0 &&
	    t->scan.holes[0].at < strspn(letters, " \t") + strlen(words[0]))
		rc = 0;
	while (rc == 1 && words[n])
		n++;
	free(words);
	free(letters);
	if (rc <= 0)
		return rc;
	t->plain = strdup(t->argv[0]);
	t->words = calloc(n + 1, sizeof(*t->words));
	if (!t->plain || !t->words)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++)
		t->words[i] = strtok_r(i ? NULL : t->plain, " \t", &rest);
	return 0;
}

static int shell_template(struct template *t, char **why)
{
	const struct shellscan *scan = &t->scan;
	int err = shellscan(&t->scan, t->argv[0]);

	if (err == -EINVAL)
		return why_set(why, t->argv[0], t->scan.why);
	if (err)
		return err;
	t->append = scan->nholes == 0;
	if (t->append && scan->appended_to)
		return why_set(why, scan->appended_to,
			       "would run the lines as code; without a "
			       "command bpool runs lines as commands");
	if (t->append && !scan->may_append)
		return why_set(why, t->argv[0],
			       "no word can follow it; write {} where the "
			       "line belongs");
	t->shell = shell_text(t);
	return t->shell ? plain_template(t) : -ENOMEM;
}

/* Several words: none of those that hold {} may be code. */
static int words_template(struct template *t, char **why)
{
	size_t n = (size_t)t->argc;
	struct word *words = calloc(n + 1, sizeof(*words));
	const char *runner = NULL;
	static char hole[] = "{}";

	if (!words)
		return -ENOMEM;
	t->append = true;
	for (size_t i = 0; i < n; i++)
		words[i].text = t->argv[i];
	words[n].text = hole;
	for (size_t i = 0; i < n && !runner; i++) {
		if (!strstr(words[i].text, "{}"))
			continue;
		t->append = false;
		if (i > 0)
			runner = words_run(words, i);
	}
	if (t->append)
		runner = words_run(words, n);
	free(words);
	if (!runner)
		return 0;
	return why_set(why, runner,
		       "would run {} as code; hand it over as an argument, as "
		       "in: sh -c 'echo \"$1\"' sh {}");
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
	if (argc == 1)
		err = shell_template(t, why);
	else if (argc > 1)
		err = words_template(t, why);
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
	free(t->words);
	free(t->plain);
	free(t->shell);
	free(t);
}

/* ---- Filling it in ------------------------------------------------------------- */

static char *shell_shown(const struct template *t, const char *value)
{
	const char *from = t->argv[0];
	struct text text = {0};
	size_t at = 0;

	for (size_t i = 0; i < t->scan.nholes; i++) {
		const struct hole *hole = &t->scan.holes[i];

		text_add(&text, from + at, hole->at - at);
		if (hole->quoted)
			text_add_quoted(&text, value);
		else
			text_add_word(&text, value);
		at = hole->at + 2;
	}
	text_say(&text, from + at);
	if (t->append) {
		text_say(&text, " ");
		text_add_word(&text, value);
	}
	return text_take(&text);
}

/* A word of the template with the value in each {}. */
static char *word_filled(const char *word, const char *value)
{
	struct text text = {0};
	const char *hole;

	text_say(&text, "");
	while ((hole = strstr(word, "{}"))) {
		text_add(&text, word, (size_t)(hole - word));
		text_say(&text, value);
		word = hole + 2;
	}
	text_say(&text, word);
	return text_take(&text);
}

static char *words_shown(char *const *argv)
{
	struct text text = {0};

	for (size_t i = 0; argv[i]; i++) {
		if (i > 0)
			text_say(&text, " ");
		text_add_word(&text, argv[i]);
	}
	return text_take(&text);
}

/* Fill the NULL-terminated `words` in, and the value behind them if no {}
 * says where it goes. */
static int words_fill(const struct template *t, char *const *words,
		      const char *value, struct command *command)
{
	size_t n = 0, i;

	while (words[n])
		n++;
	command->argv = calloc(n + 2, sizeof(*command->argv));
	if (!command->argv)
		return -ENOMEM;
	for (i = 0; i < n + t->append; i++) {
		command->argv[i] = i < n ? word_filled(words[i], value)
					 : strdup(value);
		if (!command->argv[i])
			return -ENOMEM;
	}
	return 1;
}

/* Words of a plain line, each on its own, as command_fini() frees them. */
static int line_words(const char *line, struct command *command)
{
	char **words;
	size_t n = 0;
	int rc = plain_words(line, &words);

	if (rc <= 0)
		return rc;
	while (words[n])
		n++;
	command->argv = calloc(n + 1, sizeof(*command->argv));
	for (size_t i = 0; command->argv && i < n; i++) {
		command->argv[i] = strdup(words[i]);
		if (!command->argv[i])
			rc = -ENOMEM;
	}
	free(words);
	return command->argv ? rc : -ENOMEM;
}

static int line_fill(const struct template *t, const char *line,
		     struct command *command)
{
	const char *first = line + strspn(line, " \t\r\v\f\n");
	int rc = 0;

	if (*first == '\0' || *first == '#')
		return 0;
	command->shell = strdup(line);
	command->shown = strdup(line);
	if (command->shell && command->shown && t->direct)
		rc = line_words(line, command);
	return !command->shell || !command->shown || rc < 0 ? -ENOMEM : 1;
}

int template_expand(const struct template *t, const char *line, size_t len,
		    struct command *command)
{
	char *value = strndup(line, len);
	int rc;

	*command = (struct command){0};
	if (!value)
		return -ENOMEM;
	if (t->argc == 0) {
		rc = line_fill(t, value, command);
	} else if (t->argc > 1) {
		rc = words_fill(t, t->argv, value, command);
		if (rc > 0)
			command->shown = words_shown(command->argv);
	} else {
		command->shell = strdup(t->shell);
		command->value = strdup(value);
		command->shown = shell_shown(t, value);
		rc = command->shell && command->value ? 1 : -ENOMEM;
		if (rc > 0 && t->words)
			rc = words_fill(t, t->words, value, command);
	}
	if (rc > 0 && !command->shown)
		rc = -ENOMEM;
	free(value);
	if (rc <= 0)
		command_fini(command);
	return rc;
}

void command_fini(struct command *command)
{
	for (size_t i = 0; command->argv && command->argv[i]; i++)
		free(command->argv[i]);
	free(command->argv);
	free(command->shell);
	free(command->value);
	free(command->shown);
	*command = (struct command){0};
}
