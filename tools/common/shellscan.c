/* SPDX-License-Identifier: MIT */
#include "shellscan.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "shellcommand.h"

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
	"&> and >& file are read in different ways by different shells; write "
	"> file 2>&1";
static const char why_reserved[] = "the name " SHELLSCAN_VARIABLE
				   " is bpool's own; write {}, or use "
				   "another name";
static const char why_control[] =
	"a control character in the command; write \"$(printf '\\t')\" or the "
	"like";

static const char why_several[] =
	"{} stands for several values here, so it has to be an argument by "
	"itself; {1}, {2} ... are single ones";

static int scan_list(struct scan *scan, bool nested);

static int scan_nested(struct scan *scan)
{
	return scan_list(scan, true);
}

/* ---- Operators ----------------------------------------------------------- */

/* What bpool itself has made sure is a number. */
static bool is_descriptor(const char *text, size_t len)
{
	static const char *const all[] = { "$BPOOL_FEEDBACK",
					   "${BPOOL_FEEDBACK}",
					   "\"$BPOOL_FEEDBACK\"",
					   "\"${BPOOL_FEEDBACK}\"" };

	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
		if (len == strlen(all[i]) && strncmp(text, all[i], len) == 0)
			return true;
	return false;
}

static int read_redirection(struct list *l)
{
	struct scan *s = l->scan;
	size_t holes = s->nholes, files = s->nfiles;
	struct word target;
	bool string = strncmp(list_here(l), "<<<", 3) == 0;
	bool copies = list_here(l)[1] == '&';
	const char *begin;
	int err;

	if (strncmp(list_here(l), "<<", 2) == 0 && !string)
		return scan_refuse(s, why_heredoc);
	if (l->place != AT_COMMAND && l->place != IN_COMMAND &&
	    l->place != BEHIND_COMPOUND)
		return scan_refuse(s, list_why_syntax);
	if (string)
		s->at += 3;
	else
		s->at += strchr("<>&|", list_here(l)[1]) && list_here(l)[1] ? 2
									    : 1;
	list_skip_blanks(l);
	/* "> #x": a comment. */
	if (*list_here(l) == '#')
		return scan_refuse(s, list_why_syntax);
	if (scan_at_break(s) &&
	    !(list_at_redirection(l) && list_here(l)[1] == '('))
		return scan_refuse(s, list_why_syntax);
	l->redirected = l->place == AT_COMMAND;
	begin = list_here(l);
	err = word_scan(s, &target);
	if (err)
		return err;
	s->nfiles += s->nholes - holes - (s->nfiles - files);
	/* bash expands the name of a file here twice. */
	copies = copies && target.text[strspn(target.text, "0123456789-")] &&
		 !is_descriptor(begin, (size_t)(list_here(l) - begin));
	free(target.text);
	if (copies)
		return scan_refuse(s, why_both);
	if (string && s->nholes > holes)
		return scan_refuse(s, why_herestring);
	return 0;
}

/* At '(': a subshell, a function's (), or that before a pattern. */
static int read_open(struct list *l)
{
	struct scan *s = l->scan;
	size_t blanks = strspn(list_here(l) + 1, " \t");
	bool empty = list_here(l)[1 + blanks] == ')';
	int err;

	/* Not a subshell: what is in it is as what is around it. */
	if (s->in_test)
		return scan_refuse(s, list_why_syntax);
	if (l->place == AT_PATTERN) {
		s->at++;
		list_skip_blanks(l);
		/* esac behind it is a pattern in one shell, no other. */
		return strncmp(list_here(l), "esac", 4) == 0 || scan_at_break(s)
			       ? scan_refuse(s, list_why_syntax)
			       : 0;
	}
	if (empty && (l->place == BEHIND_FUNCTION ||
		      (l->place == IN_COMMAND && l->nwords == 1 &&
		       list_is_name(l->words[0])))) {
		s->at += 2 + blanks;
		list_clear(l);
		l->place = AT_COMMAND;
		return 0;
	}
	if ((l->place != AT_COMMAND && l->place != BEHIND_FUNCTION) ||
	    l->redirected)
		return scan_refuse(s, list_why_syntax);
	if (list_here(l)[1] == '(')
		return scan_refuse(s, why_arithmetic);
	if (++s->depth > 50)
		return scan_refuse(s, list_why_syntax);
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
	const char *p = list_here(l);
	int err;

	if (*p == '\n' && (l->place == AT_PATTERN || l->place == BEHIND_CASE)) {
		s->at++;
		return 0;
	}
	if (*p == '|' && l->place == BEHIND_PATTERN) {
		l->place = AT_PATTERN;
		s->at++;
		list_skip_blanks(l);
		/* "a|esac)": no end here. */
		return strncmp(list_here(l), "esac", 4) == 0 || scan_at_break(s)
			       ? scan_refuse(s, list_why_syntax)
			       : 0;
	}
	if (p[0] == '&' && p[1] == '>')
		return scan_refuse(s, why_both);
	err = list_command_end(l);
	if (err)
		return err;
	if (p[0] == ';' && (p[1] == ';' || p[1] == '&')) {
		if (l->ncases == 0)
			return scan_refuse(s, list_why_syntax);
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
		return scan_refuse(l->scan, list_why_syntax);
	return list_command_end(l);
}

static int read_comment(struct list *l)
{
	if (l->scan->in_test)
		return scan_refuse(l->scan, list_why_syntax);
	l->scan->at += strcspn(list_here(l), "\n");
	return 0;
}

/* One word or operator; 1 at the end of the list. */
static int read_one(struct list *l, bool nested)
{
	int err;

	switch (*list_here(l)) {
	case '\0':
		if (nested)
			return scan_refuse(l->scan, list_why_syntax);
		err = list_end(l);
		return err ? err : 1;
	case ')':
		l->scan->at++;
		if (l->place == BEHIND_PATTERN) {
			l->place = AT_COMMAND;
			return 0;
		}
		if (!nested)
			return scan_refuse(l->scan, list_why_syntax);
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
		return list_here(l)[1] == '(' ? list_read_word(l)
					      : read_redirection(l);
	default:
		return list_read_word(l);
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
		list_skip_blanks(&list);
		rc = read_one(&list, nested);
	} while (rc == 0);
	list_clear(&list);
	free(list.words);
	scan->in_test = in_test;
	return rc < 0 ? rc : 0;
}

/* There are values for it, and several have to be able to be several words. */
static int check_holes(struct scan *scan)
{
	for (size_t i = 0; i < scan->nholes; i++) {
		const struct hole *hole = &scan->holes[i];

		if (placeholder_is_beyond(scan->syntax, &hole->what))
			return scan_refuse(scan, placeholder_why_beyond);
		if (!hole->alone &&
		    placeholder_is_several(scan->syntax, &hole->what))
			return scan_refuse(scan, why_several);
	}
	return 0;
}

int shellscan(struct shellscan *result, const struct placeholder_syntax *syntax,
	      const char *text)
{
	struct scan scan = { .text = text,
			     .syntax = syntax,
			     .commands = scan_nested };
	bool control = false;
	int err;

	*result = (struct shellscan){ .text = text };
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
	if (!err)
		err = check_holes(&scan);
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
