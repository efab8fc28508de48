/* SPDX-License-Identifier: MIT */
#include "shellcommand.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "codeword.h"

const char list_why_syntax[] =
	"bpool does not follow the syntax here (or it is wrong); put the "
	"command into a script and call that with {}";
static const char why_descriptor[] =
	"{name}> is read in different ways by different shells; write a "
	"number";
static const char why_name[] = "{} cannot be a name here; give the name itself";
static const char why_time[] =
	"time is a keyword in some shells and a program in others; write "
	"command time for the program";

const char *list_here(const struct list *l)
{
	return l->scan->text + l->scan->at;
}

void list_clear(struct list *l)
{
	for (size_t i = 0; i < l->nwords; i++)
		free(l->words[i]);
	l->nwords = 0;
	l->redirected = false;
}

void list_skip_blanks(struct list *l)
{
	for (;;) {
		if (scan_at_joined_line(l->scan))
			l->scan->at += 2;
		else if (*list_here(l) == ' ' || *list_here(l) == '\t')
			l->scan->at++;
		else
			return;
	}
}

/* ---- Simple commands ---------------------------------------------------- */

/* Takes the text of the word over. */
static int words_add(struct list *l, char *text)
{
	if (l->nwords == l->size) {
		size_t size = l->size * 2 + 8;
		char **words = realloc(l->words, size * sizeof(*words));

		if (!words) {
			free(text);
			return -ENOMEM;
		}
		l->words = words;
		l->size = size;
	}
	l->words[l->nwords++] = text;
	return 0;
}

/* The hole that is this word and nothing else, or NULL. */
static struct hole *hole_alone(struct list *l, const char *text)
{
	struct scan *s = l->scan;
	struct hole *hole = s->nholes > 0 ? &s->holes[s->nholes - 1] : NULL;

	if (hole && text[0] == WORD_VALUE && text[1] == '\0' &&
	    hole->at + hole->len == s->at && hole->kind == HOLE_BARE &&
	    (*list_here(l) == '\0' || strchr(" \t\n;|&)", *list_here(l))))
		return hole;
	return NULL;
}

/* Was there a word that is no assignment? */
static bool has_command(const struct list *l)
{
	for (size_t i = 0; i < l->nwords; i++)
		if (!codeword_is_assignment(l->words[i]))
			return true;
	return false;
}

/* A word was read.  Takes its text over. */
static int words_add_read(struct list *l, const struct word *word)
{
	static const char value[] = { WORD_VALUE, '\0' };
	struct hole *hole = hole_alone(l, word->text);
	bool several = word->splits &&
		       (has_command(l) || !codeword_is_assignment(word->text));
	char *more = NULL;
	int err;

	if (hole) {
		/* An argument that is {} and nothing else reads well without
		 * quotes. */
		if (has_command(l))
			hole->kind = HOLE_WORD;
		hole->alone = true;
		several = several ||
			  placeholder_is_several(l->scan->syntax, &hole->what);
	}
	err = words_add(l, word->text);
	/* What is refused behind a value is refused behind itself. */
	if (!err && several) {
		more = strdup(value);
		err = more ? words_add(l, more) : -ENOMEM;
	}
	return err;
}

static int simple_end(struct list *l)
{
	int err = 0;

	if (l->nwords > 0) {
		free(l->scan->why);
		l->scan->why = NULL;
		err = codeword_check(l->words, l->nwords, true, &l->scan->why);
	}
	list_clear(l);
	return err;
}

/* A command is over, another may follow. */
int list_command_end(struct list *l)
{
	switch (l->place) {
	case AT_COMMAND:
	case IN_COMMAND:
	case BEHIND_COMPOUND:
	case BEHIND_FUNCTION:
	case BEHIND_FOR:
	case IN_FOR:
		l->place = AT_COMMAND;
		return simple_end(l);
	default:
		return scan_refuse(l->scan, list_why_syntax);
	}
}

/* ---- Words where the grammar looks at them ----------------------------- */

bool list_is_name(const char *text)
{
	for (; *text; text++)
		if (*text == WORD_VALUE || *text == WORD_UNKNOWN ||
		    strchr("=+[{}!'\"\\", *text))
			return false;
	return true;
}

static bool is_in(const char *word, const char *const *list)
{
	while (*list && strcmp(word, *list) != 0)
		list++;
	return *list != NULL;
}

/* A keyword sets the next place: 1; 0: none; negative errno. */
static int read_keyword(struct list *l, const char *word)
{
	static const char *const openers[] = { "if", "while", "until", "!",
					       "{",  "time",  NULL };
	static const char *const links[] = { "then", "else", "elif", "do",
					     NULL };
	static const char *const closers[] = { "fi", "done", "}", NULL };
	bool behind = l->place == BEHIND_COMPOUND;

	if (is_in(word, links)) {
		l->place = AT_COMMAND;
	} else if (is_in(word, closers)) {
		l->place = BEHIND_COMPOUND;
	} else if (strcmp(word, "esac") == 0 && l->ncases > 0) {
		l->ncases--;
		l->place = BEHIND_COMPOUND;
	} else if (behind || strcmp(word, "esac") == 0) {
		return scan_refuse(l->scan, list_why_syntax);
	} else if (is_in(word, openers)) {
		l->place = AT_COMMAND;
	} else if (strcmp(word, "for") == 0 || strcmp(word, "select") == 0) {
		l->place = AT_FOR;
	} else if (strcmp(word, "case") == 0) {
		l->place = AT_CASE;
	} else if (strcmp(word, "function") == 0) {
		l->place = AT_FUNCTION;
	} else {
		l->scan->in_test = l->scan->in_test || strcmp(word, "[[") == 0;
		return 0;
	}
	/* bash's time has -p and -- as options, dash's is a program. */
	list_skip_blanks(l);
	if (strcmp(word, "time") == 0 && strncmp(list_here(l), "-p ", 3) == 0) {
		l->scan->at += 3;
		list_skip_blanks(l);
	}
	if (strcmp(word, "time") == 0 && *list_here(l) == '-')
		return scan_refuse(l->scan, why_time);
	/* "> file if" is a command named if. */
	if (l->redirected)
		return scan_refuse(l->scan, list_why_syntax);
	return 1;
}

/* A word that belongs to for, case or function. */
static int read_part(struct list *l, const struct word *word)
{
	const char *text = word->text;
	bool plain = !word->quoted;
	struct hole *hole;

	switch (l->place) {
	case AT_FUNCTION:
		l->place = BEHIND_FUNCTION;
		return list_is_name(text) ? 0 : scan_refuse(l->scan, why_name);
	case AT_FOR:
		l->place = BEHIND_FOR;
		if (codeword_is_code_variable(text, strlen(text)))
			return scan_refuse(l->scan, why_name);
		return list_is_name(text) ? 0 : scan_refuse(l->scan, why_name);
	case BEHIND_FOR:
		l->place = strcmp(text, "in") == 0 ? IN_FOR : AT_COMMAND;
		if (plain &&
		    (strcmp(text, "in") == 0 || strcmp(text, "do") == 0))
			return 0;
		return scan_refuse(l->scan, list_why_syntax);
	case AT_CASE:
		l->place = BEHIND_CASE;
		return 0;
	case BEHIND_CASE:
		l->place = AT_PATTERN;
		l->ncases++;
		return plain && strcmp(text, "in") == 0
			       ? 0
			       : scan_refuse(l->scan, list_why_syntax);
	case AT_PATTERN:
		l->place = BEHIND_PATTERN;
		if (plain && strcmp(text, "esac") == 0) {
			l->ncases--;
			l->place = BEHIND_COMPOUND;
		}
		return 0;
	case IN_FOR:
		hole = hole_alone(l, text);
		if (hole)
			hole->alone = true;
		return 0;
	default:
		return scan_refuse(l->scan, list_why_syntax);
	}
}

bool list_at_redirection(const struct list *l)
{
	return *list_here(l) == '<' || *list_here(l) == '>';
}

/* The digits or {name} right before a redirection: 1; 0: a word like others. */
static int read_descriptor(struct list *l, const struct word *word)
{
	if (word->quoted || !list_at_redirection(l) || list_here(l)[1] == '(')
		return 0;
	/* "{name}" has its brace marked as one that may expand. */
	if (strchr(word->text, '}') && strcmp(word->text, "}") != 0)
		return scan_refuse(l->scan, why_descriptor);
	return word->text[strspn(word->text, "0123456789")] == '\0';
}

int list_read_word(struct list *l)
{
	struct word word;
	int err = word_scan(l->scan, &word);
	bool simple = l->place == IN_COMMAND;

	if (err)
		return err;
	err = read_descriptor(l, &word);
	if (err == 0 && !word.quoted && strcmp(word.text, "]]") == 0)
		l->scan->in_test = false;
	if (err == 0 &&
	    (l->place == AT_COMMAND || l->place == BEHIND_FUNCTION ||
	     l->place == BEHIND_COMPOUND)) {
		if (!word.quoted)
			err = read_keyword(l, word.text);
		simple = err == 0 && l->place != BEHIND_COMPOUND;
		if (err == 0 && !simple)
			err = scan_refuse(l->scan, list_why_syntax);
	} else if (err == 0 && !simple) {
		err = read_part(l, &word);
	}
	if (err || !simple) {
		free(word.text);
		return err < 0 ? err : 0;
	}
	l->place = IN_COMMAND;
	return words_add_read(l, &word);
}
