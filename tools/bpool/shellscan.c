/* SPDX-License-Identifier: MIT */
#include "shellscan.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "codeword.h"

static const char why_syntax[] =
	"bpool does not follow the syntax here (or it is wrong); put the "
	"command into a script and call that with {}";
static const char why_heredoc[] =
	"here-documents are not followed here, and {} in one would become "
	"code; write printf '%s\\n' {} | command";
static const char why_herestring[] =
	"{} behind <<< is not data in every shell; write "
	"printf '%s\\n' {} | command";
static const char why_arithmetic[] =
	"(( is arithmetic in some shells and two subshells in others; write "
	"$((...)), or ( ( with a blank";
static const char why_both[] =
	"&> is read in different ways by different shells; write "
	"> file 2>&1";
static const char why_descriptor[] =
	"{name}> is read in different ways by different shells; write a "
	"number";
static const char why_name[] = "{} cannot be a name here; give the name itself";
static const char why_reserved[] = "the name " SHELLSCAN_VARIABLE
				   " is bpool's own; write {}, or use "
				   "another name";
static const char why_time[] =
	"time is a keyword in some shells and a program in others; write "
	"command time for the program";
static const char why_control[] =
	"a control character in the command; write \"$(printf '\\t')\" or the "
	"like";

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

static int scan_list(struct scan *scan, bool nested);

static int scan_nested(struct scan *scan)
{
	return scan_list(scan, true);
}

static const char *here(const struct list *l)
{
	return l->scan->text + l->scan->at;
}

static void list_clear(struct list *l)
{
	for (size_t i = 0; i < l->nwords; i++)
		free(l->words[i]);
	l->nwords = 0;
	l->redirected = false;
}

static void skip_blanks(struct list *l)
{
	for (;;) {
		if (scan_at_joined_line(l->scan))
			l->scan->at += 2;
		else if (*here(l) == ' ' || *here(l) == '\t')
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

/* An argument that is {} and nothing else reads well without quotes. */
static void hole_judge(struct list *l, const char *text)
{
	struct scan *s = l->scan;
	bool command = false;

	for (size_t i = 0; i < l->nwords; i++)
		command = command || !codeword_is_assignment(l->words[i]);
	if (command && text[0] == WORD_VALUE && text[1] == '\0' &&
	    s->nholes > 0 && s->holes[s->nholes - 1].at + 2 == s->at &&
	    s->holes[s->nholes - 1].kind == HOLE_BARE &&
	    (*here(l) == '\0' || strchr(" \t\n;|&)", *here(l))))
		s->holes[s->nholes - 1].kind = HOLE_WORD;
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
static int command_end(struct list *l)
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
		return scan_refuse(l->scan, why_syntax);
	}
}

/* ---- Words where the grammar looks at them ----------------------------- */

static bool is_name(const char *text)
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
		return scan_refuse(l->scan, why_syntax);
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
	/* bash's time has this option, dash's is a program. */
	skip_blanks(l);
	if (strcmp(word, "time") == 0 && *here(l) == '-') {
		if (strncmp(here(l), "-p ", 3) != 0)
			return scan_refuse(l->scan, why_time);
		l->scan->at += 3;
	}
	/* "> file if" is a command named if. */
	if (l->redirected)
		return scan_refuse(l->scan, why_syntax);
	return 1;
}

/* A word that belongs to for, case or function. */
static int read_part(struct list *l, const struct word *word)
{
	const char *text = word->text;
	bool plain = !word->quoted;

	switch (l->place) {
	case AT_FUNCTION:
		l->place = BEHIND_FUNCTION;
		return is_name(text) ? 0 : scan_refuse(l->scan, why_name);
	case AT_FOR:
		l->place = BEHIND_FOR;
		if (codeword_is_code_variable(text, strlen(text)))
			return scan_refuse(l->scan, why_name);
		return is_name(text) ? 0 : scan_refuse(l->scan, why_name);
	case BEHIND_FOR:
		l->place = strcmp(text, "in") == 0 ? IN_FOR : AT_COMMAND;
		if (plain &&
		    (strcmp(text, "in") == 0 || strcmp(text, "do") == 0))
			return 0;
		return scan_refuse(l->scan, why_syntax);
	case AT_CASE:
		l->place = BEHIND_CASE;
		return 0;
	case BEHIND_CASE:
		l->place = AT_PATTERN;
		l->ncases++;
		return plain && strcmp(text, "in") == 0
			       ? 0
			       : scan_refuse(l->scan, why_syntax);
	case AT_PATTERN:
		l->place = BEHIND_PATTERN;
		if (plain && strcmp(text, "esac") == 0) {
			l->ncases--;
			l->place = BEHIND_COMPOUND;
		}
		return 0;
	case IN_FOR:
		return 0;
	default:
		return scan_refuse(l->scan, why_syntax);
	}
}

static bool at_redirection(const struct list *l)
{
	return *here(l) == '<' || *here(l) == '>';
}

/* The digits or {name} right before a redirection: 1; 0: a word like others. */
static int read_descriptor(struct list *l, const struct word *word)
{
	if (word->quoted || !at_redirection(l) || here(l)[1] == '(')
		return 0;
	/* "{name}" has its brace marked as one that may expand. */
	if (strchr(word->text, '}') && strcmp(word->text, "}") != 0)
		return scan_refuse(l->scan, why_descriptor);
	return word->text[strspn(word->text, "0123456789")] == '\0';
}

static int read_word(struct list *l)
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
			err = scan_refuse(l->scan, why_syntax);
	} else if (err == 0 && !simple) {
		err = read_part(l, &word);
	}
	if (err || !simple) {
		free(word.text);
		return err < 0 ? err : 0;
	}
	hole_judge(l, word.text);
	l->place = IN_COMMAND;
	return words_add(l, word.text);
}

/* ---- Operators ----------------------------------------------------------- */

static int read_redirection(struct list *l)
{
	struct scan *s = l->scan;
	size_t holes = s->nholes;
	struct word target;
	bool string = strncmp(here(l), "<<<", 3) == 0;
	int err;

	if (strncmp(here(l), "<<", 2) == 0 && !string)
		return scan_refuse(s, why_heredoc);
	if (l->place != AT_COMMAND && l->place != IN_COMMAND &&
	    l->place != BEHIND_COMPOUND)
		return scan_refuse(s, why_syntax);
	if (string)
		s->at += 3;
	else
		s->at += strchr("<>&|", here(l)[1]) && here(l)[1] ? 2 : 1;
	skip_blanks(l);
	/* "> #x": a comment. */
	if (*here(l) == '#')
		return scan_refuse(s, why_syntax);
	if (scan_at_break(s) && !(at_redirection(l) && here(l)[1] == '('))
		return scan_refuse(s, why_syntax);
	l->redirected = l->place == AT_COMMAND;
	err = word_scan(s, &target);
	if (err)
		return err;
	free(target.text);
	if (string && s->nholes > holes)
		return scan_refuse(s, why_herestring);
	return 0;
}

/* At '(': a subshell, a function's (), or that before a pattern. */
static int read_open(struct list *l)
{
	struct scan *s = l->scan;
	size_t blanks = strspn(here(l) + 1, " \t");
	bool empty = here(l)[1 + blanks] == ')';
	int err;

	if (l->place == AT_PATTERN) {
		s->at++;
		skip_blanks(l);
		/* esac behind it is a pattern in one shell, no other. */
		return strncmp(here(l), "esac", 4) == 0 || scan_at_break(s)
			       ? scan_refuse(s, why_syntax)
			       : 0;
	}
	if (empty && (l->place == BEHIND_FUNCTION ||
		      (l->place == IN_COMMAND && l->nwords == 1 &&
		       is_name(l->words[0])))) {
		s->at += 2 + blanks;
		list_clear(l);
		l->place = AT_COMMAND;
		return 0;
	}
	if ((l->place != AT_COMMAND && l->place != BEHIND_FUNCTION) ||
	    l->redirected)
		return scan_refuse(s, why_syntax);
	if (here(l)[1] == '(')
		return scan_refuse(s, why_arithmetic);
	if (++s->depth > 50)
		return scan_refuse(s, why_syntax);
	s->at++;
	err = scan_list(s, true);
	s->depth--;
	l->place = BEHIND_COMPOUND;
	return err;
}

/* One of ; & | and newline. */
static int read_separator(struct list *l)
{
	struct scan *s = l->scan;
	const char *p = here(l);
	int err;

	if (*p == '\n' && (l->place == AT_PATTERN || l->place == BEHIND_CASE)) {
		s->at++;
		return 0;
	}
	if (*p == '|' && l->place == BEHIND_PATTERN) {
		l->place = AT_PATTERN;
		s->at++;
		skip_blanks(l);
		/* "a|esac)": no end here. */
		return strncmp(here(l), "esac", 4) == 0 || scan_at_break(s)
			       ? scan_refuse(s, why_syntax)
			       : 0;
	}
	if (p[0] == '&' && p[1] == '>')
		return scan_refuse(s, why_both);
	err = command_end(l);
	if (err)
		return err;
	if (p[0] == ';' && (p[1] == ';' || p[1] == '&')) {
		if (l->ncases == 0)
			return scan_refuse(s, why_syntax);
		l->place = AT_PATTERN;
		s->at += p[1] == ';' && p[2] == '&' ? 3 : 2;
		return 0;
	}
	s->at += p[0] != ';' && p[0] != '\n' && p[1] == p[0] ? 2 : 1;
	return 0;
}

/* The list may end here. */
static int list_end(struct list *l)
{
	if (l->ncases > 0 || l->scan->in_test)
		return scan_refuse(l->scan, why_syntax);
	return command_end(l);
}

static int read_comment(struct list *l)
{
	if (l->scan->in_test)
		return scan_refuse(l->scan, why_syntax);
	l->scan->at += strcspn(here(l), "\n");
	return 0;
}

/* One word or operator; 1 at the end of the list. */
static int read_one(struct list *l, bool nested)
{
	int err;

	switch (*here(l)) {
	case '\0':
		if (nested)
			return scan_refuse(l->scan, why_syntax);
		err = list_end(l);
		return err ? err : 1;
	case ')':
		l->scan->at++;
		if (l->place == BEHIND_PATTERN) {
			l->place = AT_COMMAND;
			return 0;
		}
		if (!nested)
			return scan_refuse(l->scan, why_syntax);
		err = list_end(l);
		return err ? err : 1;
	case '(':
		return read_open(l);
	case ';':
	case '&':
	case '|':
	case '\n':
		return read_separator(l);
	case '#':
		return read_comment(l);
	case '<':
	case '>':
		return here(l)[1] == '(' ? read_word(l) : read_redirection(l);
	default:
		return read_word(l);
	}
}

/* To the end of the text, or up to and with the ')' of a nested list. */
static int scan_list(struct scan *scan, bool nested)
{
	struct list list = { .scan = scan };
	bool in_test = scan->in_test;
	int rc;

	scan->in_test = false;
	do {
		skip_blanks(&list);
		rc = read_one(&list, nested);
	} while (rc == 0);
	list_clear(&list);
	free(list.words);
	scan->in_test = in_test;
	return rc < 0 ? rc : 0;
}

int shellscan(struct shellscan *result, const char *text)
{
	struct scan scan = { .text = text, .commands = scan_nested };
	bool control = false;
	int err;

	*result = (struct shellscan){ 0 };
	scan.holes = calloc(strlen(text) / 2 + 1, sizeof(*scan.holes));
	if (!scan.holes)
		return -ENOMEM;
	for (const char *p = text; *p; p++)
		control = control ||
			  ((unsigned char)*p < ' ' && *p != '\t' && *p != '\n');
	if (control)
		err = scan_refuse(&scan, why_control);
	else if (strstr(text, SHELLSCAN_VARIABLE))
		err = scan_refuse(&scan, why_reserved);
	else
		err = scan_list(&scan, false);
	result->holes = scan.holes;
	result->nholes = scan.nholes;
	result->escaped = scan.escaped;
	result->why = scan.why;
	return err;
}

void shellscan_fini(struct shellscan *result)
{
	free(result->holes);
	free(result->why);
	*result = (struct shellscan){ 0 };
}
