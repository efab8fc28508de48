/* SPDX-License-Identifier: MIT */
#include "shellword.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define DEPTH_MAX 50

static const char why_single[] =
	"{} inside single quotes stays as it is; end them around it: "
	"'before '{}' behind', or use double quotes";
static const char why_unbalanced[] =
	"a quote or parenthesis is not closed (or this command goes beyond "
	"the syntax that bpool follows); put it into a script and call that "
	"with {}";
static const char why_dollar_quote[] =
	"$'...' and $\"...\" are read in different ways by different shells; "
	"use plain quotes, or \"$(printf '\\t')\"";
static const char why_name[] =
	"the name of a variable holds what stands for the value; choose "
	"another with -I";
static const char why_substitution[] =
	"{} inside \"$(...)\" is not allowed; write x=$(command {}) without "
	"the quotes first, and use \"$x\"";
static const char why_escaped[] =
	"\\{} inside double quotes may mean two things; write \\\\{} for a "
	"backslash and the value";
static const char why_subscript[] =
	"{} inside [...] behind a name would be evaluated as code; close the "
	"quotes before the bracket, or write \\[{}]";
static const char why_braces[] =
	"{a,b} is several words in some shells and one in others; write the "
	"words out";
static const char why_pattern[] =
	"a pattern in [...] with a = in it is an index in some shells; quote "
	"what belongs to a pattern, or to a word that is none";
static const char why_joined[] =
	"a backslash at the end of a line has to have a blank before it";
static const char why_test[] =
	"{} inside [[ ]] may be evaluated as code; use [ ]";

/* In the text of a word until its end: '[' and ']' without quotes. */
#define OPEN '\004'
#define CLOSE '\005'

/* The word being read. */
struct reader {
	struct scan *scan;
	struct word *word;
	size_t len;
	size_t name_end; /* right behind the last $name; 0: none */
	bool subscript;	 /* a name and a '[' came before */
	bool pattern;	 /* a '*' or '?' */
	unsigned braces; /* open '{' of what bash makes several words of */
};

static const char *here(const struct reader *r)
{
	return r->scan->text + r->scan->at;
}

/* Never more bytes than the text has: see word_scan(). */
static void reader_put(struct reader *r, char byte)
{
	r->word->text[r->len++] = byte;
}

static int read_hole(struct reader *r, bool quoted)
{
	struct scan *s = r->scan;
	struct hole hole = { .at = s->at, .kind = HOLE_BARE };

	if (s->in_quotes)
		return scan_refuse(s, why_substitution);
	if (s->in_test)
		return scan_refuse(s, why_test);
	if (r->subscript)
		return scan_refuse(s, why_subscript);
	if (quoted)
		hole.kind = s->at == r->name_end ? HOLE_JOINED : HOLE_QUOTED;
	hole.len = placeholder_read(s->syntax, here(r), &hole.what);
	s->holes[s->nholes++] = hole;
	s->at += hole.len;
	reader_put(r, WORD_VALUE);
	return 0;
}

/* At a backquote. */
static int read_backquotes(struct reader *r)
{
	r->word->quoted = true;
	reader_put(r, WORD_UNKNOWN);
	return scan_skip_backquotes(r->scan);
}

/* Behind "$(" or "<(". */
static int read_commands(struct scan *s, bool quoted)
{
	bool in_quotes = s->in_quotes, in_test = s->in_test;
	int err;

	if (s->depth >= DEPTH_MAX)
		return scan_refuse(s, why_unbalanced);
	s->depth++;
	s->in_quotes = in_quotes || quoted;
	err = s->commands(s);
	s->in_quotes = in_quotes;
	s->in_test = in_test;
	s->depth--;
	return err;
}

/*
 * Behind "$(".  A value in it may come out, as several words.  One that names
 * a file does not, unless in a message that somebody reads.
 */
static int read_substitution(struct reader *r, bool quoted)
{
	struct scan *s = r->scan;
	const char *from = here(r), *found;
	size_t nholes = s->nholes, nfiles = s->nfiles;
	int err = read_commands(s, quoted);

	if (err || s->nholes == nholes)
		return err;
	found = strpbrk(from, "&2");
	while (found && found < here(r) && *found == '2' && found[1] != '>')
		found = strpbrk(found + 1, "&2");
	if (s->nholes - nholes == s->nfiles - nfiles &&
	    !(found && found < here(r)))
		return 0;
	if (s->in_test)
		return scan_refuse(s, why_test);
	r->word->splits = true;
	reader_put(r, WORD_VALUE);
	return 0;
}

/* At a '$'. */
static int read_dollar(struct reader *r, bool quoted)
{
	struct scan *s = r->scan;
	const char *p = here(r);

	if (!quoted && scan_is_one_of(p[1], "'\""))
		return scan_refuse(s, why_dollar_quote);
	if (p[1] == '[')
		return scan_skip_arithmetic(s);
	if (!scan_is_one_of(p[1], SCAN_NAME "({@*#?-$!")) {
		reader_put(r, '$');
		s->at++;
		return 0;
	}
	r->word->quoted = true;
	reader_put(r, WORD_UNKNOWN);
	if (p[1] == '{')
		return scan_skip_brace(s);
	if (p[1] == '(' && p[2] == '(')
		return scan_skip_arithmetic(s);
	s->at += 2;
	if (p[1] == '(')
		return read_substitution(r, quoted);
	if (scan_is_one_of(p[1], SCAN_NAME) &&
	    !scan_is_one_of(p[1], "0123456789"))
		s->at += strspn(here(r), SCAN_NAME);
	for (p++; p < here(r); p++)
		if (scan_at_hole(s, p))
			return scan_refuse(s, why_name);
	r->name_end = s->at;
	/* zsh takes "$name[...]" for a subscript. */
	r->subscript = r->subscript || *here(r) == '[';
	return 0;
}

static int read_single(struct reader *r)
{
	const char *from = here(r) + 1;
	const char *end = strchr(from, '\'');
	const char *hole = placeholder_find(r->scan->syntax, from);

	if (hole && (!end || hole < end))
		return scan_refuse(r->scan, why_single);
	if (!end)
		return scan_refuse(r->scan, why_unbalanced);
	for (; from < end; from++)
		reader_put(r, *from);
	r->scan->at = (size_t)(end + 1 - r->scan->text);
	return 0;
}

/* At a backslash inside double quotes. */
static int read_quoted_backslash(struct reader *r)
{
	const char *p = here(r);

	if (p[1] == '\n' && !scan_at_joined_line(r->scan))
		return scan_refuse(r->scan, why_joined);
	if (scan_at_hole(r->scan, p + 1))
		return scan_refuse(r->scan, why_escaped);
	if (!scan_is_one_of(p[1], "$`\"\\\n")) {
		reader_put(r, '\\');
		r->scan->at++;
		return 0;
	}
	if (p[1] != '\n')
		reader_put(r, p[1]);
	r->scan->at += 2;
	return 0;
}

static int read_double(struct reader *r)
{
	struct scan *s = r->scan;
	int err = 0;

	for (s->at++; !err && *here(r) != '"';) {
		const char *p = here(r);

		if (*p == '\0')
			return scan_refuse(s, why_unbalanced);
		if (*p == '`') {
			err = read_backquotes(r);
		} else if (*p == '\\') {
			err = read_quoted_backslash(r);
		} else if (*p == '$') {
			err = read_dollar(r, true);
		} else if (scan_at_hole(s, p)) {
			err = read_hole(r, true);
		} else {
			reader_put(r, *p);
			s->at++;
		}
	}
	s->at++;
	return err;
}

static int read_backslash(struct reader *r)
{
	const char *p = here(r);

	if (p[1] == '\0')
		return scan_refuse(r->scan, why_unbalanced);
	if (p[1] == '\n')
		return scan_refuse(r->scan, why_joined);
	r->scan->escaped = r->scan->escaped || scan_at_hole(r->scan, p + 1);
	r->word->quoted = true;
	reader_put(r, p[1]);
	r->scan->at += 2;
	return 0;
}

/* A byte that stands for itself, or for what only the shell knows. */
static int read_byte(struct reader *r)
{
	const char *p = here(r);
	char before = r->len > 0 ? r->word->text[r->len - 1] : '\0';
	bool name = scan_is_one_of(before, SCAN_NAME "]") || before == CLOSE ||
		    before == WORD_UNKNOWN;

	if (*p == '[' && name)
		r->subscript = true;
	if (r->braces > 0 && (*p == ',' || (p[0] == '.' && p[1] == '.')))
		return scan_refuse(r->scan, why_braces);
	r->braces += *p == '{';
	r->braces -= *p == '}' && r->braces > 0;
	/* Patterns make other words of it. */
	r->pattern = r->pattern || scan_is_one_of(*p, "*?");
	if (scan_is_one_of(*p, "*?") ||
	    (*p == '{' && p[1] != '\0' && !scan_is_one_of(p[1], SCAN_BREAKS)))
		reader_put(r, WORD_UNKNOWN);
	else
		reader_put(r, *p == '[' ? OPEN : *p == ']' ? CLOSE : *p);
	r->scan->at++;
	return 0;
}

static int read_piece(struct reader *r)
{
	struct scan *s = r->scan;
	const char *p = here(r);

	if (scan_is_one_of(*p, "'\""))
		r->word->quoted = true;
	switch (*p) {
	case '\'':
		return read_single(r);
	case '"':
		return read_double(r);
	case '\\':
		return read_backslash(r);
	case '`':
		return read_backquotes(r);
	case '$':
		return read_dollar(r, false);
	case '<':
	case '>':
		r->word->quoted = true;
		reader_put(r, WORD_UNKNOWN);
		s->at += 2;
		return read_commands(s, false);
	default:
		return scan_at_hole(s, p) ? read_hole(r, false) : read_byte(r);
	}
}

/*
 * A pattern in brackets is any bytes, from the first '[' to the last ']': what
 * is between may be one too.  A variable may hold either.  Was there one?
 */
static bool mark_patterns(char *text)
{
	static const char opens[] = { OPEN, WORD_UNKNOWN, '\0' };
	static const char brackets[] = { OPEN, CLOSE, '\0' };
	char *from = text + strcspn(text, opens), *to = text + strlen(text);
	bool found;

	while (to > from && to[-1] != CLOSE && to[-1] != WORD_UNKNOWN)
		to--;
	found = from < to && strpbrk(text, brackets);
	for (; found && from < to; from++)
		if (*from != WORD_VALUE)
			*from = WORD_UNKNOWN;
	for (; *text; text++)
		*text = *text == OPEN ? '[' : *text == CLOSE ? ']' : *text;
	return found;
}

/* The word was read. */
static int read_end(struct reader *r)
{
	static const char index[] = { SCAN_NAME "\002" };
	char *text = r->word->text, *open, *close;

	text[r->len] = '\0';
	open = text + strspn(text, SCAN_NAME);
	if (open > text && *open == OPEN) {
		close = open + 1 + strspn(open + 1, index);
		if (*close == CLOSE &&
		    (close[1] == '=' || (close[1] == '+' && close[2] == '='))) {
			/* name[index]= */
			*open = '[';
			*close = ']';
			text = close + 1;
		} else if (strchr(close, '=')) {
			return scan_refuse(r->scan, why_pattern);
		}
	}
	if (mark_patterns(text) || r->pattern)
		strcat(text, (char[]){ WORD_PATTERN, '\0' });
	return 0;
}

int word_scan(struct scan *s, struct word *word)
{
	struct reader r = { .scan = s, .word = word };
	size_t rest = strlen(s->text + s->at);
	char *text;
	int err = 0;

	/* And a WORD_PATTERN. */
	*word = (struct word){ .text = malloc(rest + 2) };
	if (!word->text)
		return -ENOMEM;
	while (!err && (!scan_at_break(s) || (scan_is_one_of(*here(&r), "<>") &&
					      here(&r)[1] == '(')))
		err = read_piece(&r);
	if (!err)
		err = read_end(&r);
	if (err) {
		free(word->text);
		*word = (struct word){ 0 };
		return err;
	}
	text = realloc(word->text, strlen(word->text) + 1);
	if (text)
		word->text = text;
	return 0;
}
