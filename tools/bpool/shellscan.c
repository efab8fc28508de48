/* SPDX-License-Identifier: MIT */
#include "shellscan.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "words.h"

#define WHY_SINGLE \
	"{} inside single quotes would stay as it is; take the quotes away, " \
	"{} is one word by itself"
#define WHY_ARITHMETIC \
	"{} inside arithmetic would be evaluated; write it outside, as a word"
#define WHY_HEREDOC \
	"{} beside a here-document; use printf '%s\\n' {} | ..."
#define WHY_BRACE \
	"{} inside ${...}; write x={}; before the command and use $x"
#define WHY_BACKTICK \
	"{} inside backticks; write x={}; before the command and use \"$x\""
#define WHY_SUBSTITUTION \
	"{} inside \"$(...)\"; write x={}; before the command and use \"$x\"" \
	" inside"
#define WHY_DOLLAR_QUOTE \
	"$'...' and $\"...\" mean different things to different shells; use " \
	"plain quotes"
#define WHY_CONDITIONAL \
	"{} inside [[ ... ]] may be evaluated; use [ ... ]"
#define WHY_CODE \
	"{} here would be run as code; hand it over as an argument, as in " \
	"sh -c 'echo \"$1\"' sh {}"
#define WHY_LOST \
	"the quotes or parentheses of the command do not match"
#define WHY_CASE \
	"case inside $(...) is not followed here; use if, or a script"
#define WHY_RESERVED \
	"the name bpool_value is reserved"

#define NEST_MAX 64

/* The simple command being read. */
struct simple {
	struct word *words;	/* ours; the last one may be unfinished */
	size_t n, size;
	bool in_word;
	bool target;		/* the next word is a redirection's */
	bool conditional;	/* between [[ and ]] */
	bool word_hole;		/* the word read has a hole */
};

struct scanner {
	const char *text, *p;
	struct shellscan *out;
	bool heredoc;		/* one was seen */
	unsigned depth;
};

static int refuse(struct scanner *s, const char *why)
{
	s->out->why = why;
	return -EINVAL;
}

static bool at_hole(const struct scanner *s)
{
	return s->p[0] == '{' && s->p[1] == '}';
}

/* ---- Words ----------------------------------------------------------------- */

static void simple_clear(struct simple *c)
{
	for (size_t i = 0; i < c->n + (c->in_word ? 1 : 0); i++)
		free(c->words[i].text);
	c->n = 0;
	c->in_word = c->target = c->word_hole = false;
}

static void simple_fini(struct simple *c)
{
	simple_clear(c);
	free(c->words);
	c->words = NULL;
}

/* The word being read, begun if there is none. */
static struct word *word_here(struct simple *c)
{
	struct word *words;

	if (c->in_word)
		return &c->words[c->n];
	if (c->n + 1 >= c->size) {
		words = realloc(c->words, (c->size * 2 + 8) * sizeof(*words));
		if (!words)
			return NULL;
		c->words = words;
		c->size = c->size * 2 + 8;
	}
	c->words[c->n] = (struct word){.text = calloc(1, 1)};
	if (!c->words[c->n].text)
		return NULL;
	c->in_word = true;
	return &c->words[c->n];
}

static int word_add(struct simple *c, char byte)
{
	struct word *word = word_here(c);
	size_t len;
	char *text;

	if (!word)
		return -ENOMEM;
	len = strlen(word->text);
	text = realloc(word->text, len + 2);
	if (!text)
		return -ENOMEM;
	text[len] = byte;
	text[len + 1] = '\0';
	word->text = text;
	return 0;
}

static int word_dynamic(struct simple *c)
{
	struct word *word = word_here(c);

	if (!word)
		return -ENOMEM;
	word->dynamic = true;
	return 0;
}

/* A word is whole: may a value be in it? */
static int word_end(struct scanner *s, struct simple *c)
{
	if (!c->in_word)
		return 0;
	if (c->word_hole && !c->target && words_run(c->words, c->n))
		return refuse(s, WHY_CODE);
	if (c->word_hole && c->conditional)
		return refuse(s, WHY_CONDITIONAL);
	if (strcmp(c->words[c->n].text, "[[") == 0)
		c->conditional = true;
	if (strcmp(c->words[c->n].text, "]]") == 0)
		c->conditional = false;
	c->in_word = c->word_hole = false;
	if (c->target) {
		free(c->words[c->n].text);
		c->target = false;
	} else {
		c->n++;
	}
	return 0;
}

static int simple_end(struct scanner *s, struct simple *c)
{
	int err = word_end(s, c);

	if (!err)
		simple_clear(c);
	return err;
}

static int hole_add(struct scanner *s, struct simple *c, bool quoted)
{
	struct shellscan *out = s->out;
	struct hole *holes;

	if (s->heredoc)
		return refuse(s, WHY_HEREDOC);
	holes = realloc(out->holes, (out->nholes + 1) * sizeof(*holes));
	if (!holes)
		return -ENOMEM;
	out->holes = holes;
	holes[out->nholes++] = (struct hole){(size_t)(s->p - s->text), quoted};
	s->p += 2;
	c->word_hole = true;
	return word_dynamic(c);
}

/* ---- What stands inside words ------------------------------------------------ */

static int scan_commands(struct scanner *s, bool nested, bool quoted);

/* Up to and with `end`; a hole in it is refused. */
static int skip_to(struct scanner *s, char end, bool escapes, const char *why)
{
	for (; *s->p && *s->p != end; s->p++) {
		if (at_hole(s))
			return refuse(s, why);
		if (escapes && *s->p == '\\' && s->p[1])
			s->p++;
	}
	if (!*s->p)
		return refuse(s, WHY_LOST);
	s->p++;
	return 0;
}

/* After "(("; up to and with "))". */
static int skip_arithmetic(struct scanner *s)
{
	int open = 2;

	for (; *s->p && open > 0; s->p++) {
		if (at_hole(s))
			return refuse(s, WHY_ARITHMETIC);
		if (*s->p == '\\' && s->p[1])
			s->p++;
		else if (*s->p == '(')
			open++;
		else if (*s->p == ')')
			open--;
	}
	return open ? refuse(s, WHY_LOST) : 0;
}

/* After "${"; up to and with its "}".  Quotes inside nest. */
static int skip_brace(struct scanner *s)
{
	int open = 1;

	if (*s->p == '}')
		return refuse(s, WHY_BRACE);
	for (; *s->p && open > 0; s->p++) {
		if (at_hole(s))
			return refuse(s, WHY_BRACE);
		if (*s->p == '\\' && s->p[1])
			s->p++;
		else if (*s->p == '{')
			open++;
		else if (*s->p == '}')
			open--;
	}
	return open ? refuse(s, WHY_LOST) : 0;
}

/* At a '$'. */
static int scan_dollar(struct scanner *s, struct simple *c, bool quoted)
{
	int err = word_dynamic(c);

	if (err)
		return err;
	s->p++;
	if (s->p[0] == '(' && s->p[1] == '(') {
		s->p += 2;
		return skip_arithmetic(s);
	}
	if (s->p[0] == '(') {
		s->p++;
		return scan_commands(s, true, quoted);
	}
	if (s->p[0] == '[') {
		s->p++;
		return skip_to(s, ']', true, WHY_ARITHMETIC);
	}
	if (s->p[0] == '{') {
		s->p++;
		return skip_brace(s);
	}
	if (!quoted && (s->p[0] == '\'' || s->p[0] == '"'))
		return refuse(s, WHY_DOLLAR_QUOTE);
	return 0;
}

/* After a double quote; `inside` says that this is within "$(...)". */
static int scan_quoted(struct scanner *s, struct simple *c, bool inside)
{
	int err = word_here(c) ? 0 : -ENOMEM;

	while (!err && *s->p != '"') {
		if (!*s->p)
			return refuse(s, WHY_LOST);
		if (at_hole(s)) {
			if (inside)
				return refuse(s, WHY_SUBSTITUTION);
			err = hole_add(s, c, true);
		} else if (*s->p == '$') {
			err = scan_dollar(s, c, true);
		} else if (*s->p == '`') {
			s->p++;
			err = word_dynamic(c);
			if (!err)
				err = skip_to(s, '`', true, WHY_BACKTICK);
		} else {
			if (*s->p == '\\' && s->p[1])
				s->p++;
			err = word_add(c, *s->p++);
		}
	}
	s->p++;
	return err;
}

static int scan_single(struct scanner *s, struct simple *c)
{
	int err = word_here(c) ? 0 : -ENOMEM;

	while (!err && *s->p != '\'') {
		if (!*s->p)
			return refuse(s, WHY_LOST);
		if (at_hole(s))
			return refuse(s, WHY_SINGLE);
		err = word_add(c, *s->p++);
	}
	s->p++;
	return err;
}

/* ---- Commands ------------------------------------------------------------------ */

/* At '<' or '>': the operator, whose target is no word of the command. */
static int scan_redirection(struct scanner *s, struct simple *c)
{
	int err;

	/* A number right before it belongs to it. */
	if (c->in_word && !c->words[c->n].dynamic &&
	    strspn(c->words[c->n].text, "0123456789") ==
		    strlen(c->words[c->n].text))
		c->target = true;
	err = word_end(s, c);
	if (err)
		return err;
	if (s->p[0] == '<' && s->p[1] == '<')
		s->heredoc = true;
	if (s->p[1] == '(') {
		s->p += 2;
		err = word_dynamic(c);
		return err ? err : scan_commands(s, true, false);
	}
	while (*s->p == '<' || *s->p == '>' || *s->p == '&' || *s->p == '|')
		s->p++;
	c->target = true;
	return 0;
}

static int scan_operator(struct scanner *s, struct simple *c, int *open)
{
	bool arithmetic = s->p[0] == '(' && s->p[1] == '(' && !c->in_word;
	int err = word_end(s, c);

	if (err)
		return err;
	/* Inside [[ ]] these are no ends of commands. */
	if (!c->conditional || *s->p == '\n' || *s->p == ';')
		simple_clear(c);
	if (arithmetic) {
		s->p += 2;
		return skip_arithmetic(s);
	}
	*open += *s->p == '(';
	*open -= *s->p == ')';
	s->p++;
	return 0;
}

static void skip_comment(struct scanner *s)
{
	while (*s->p && *s->p != '\n')
		s->p++;
}

/* One byte or construct of a command. */
static int scan_one(struct scanner *s, struct simple *c, int *open,
		    bool quoted)
{
	const char *p = s->p;

	if (at_hole(s))
		return quoted ? refuse(s, WHY_SUBSTITUTION)
			      : hole_add(s, c, false);
	switch (*p) {
	case ' ':
	case '\t':
		s->p++;
		return word_end(s, c);
	case '\n':
	case ';':
	case '&':
	case '|':
	case '(':
	case ')':
		return scan_operator(s, c, open);
	case '<':
	case '>':
		return scan_redirection(s, c);
	case '\'':
		s->p++;
		return scan_single(s, c);
	case '"':
		s->p++;
		return scan_quoted(s, c, quoted);
	case '`':
		s->p++;
		return word_dynamic(c) ? -ENOMEM
				       : skip_to(s, '`', true, WHY_BACKTICK);
	case '$':
		return scan_dollar(s, c, quoted);
	case '\\':
		if (!p[1])
			return refuse(s, WHY_LOST);
		s->p += 2;
		return p[1] == '\n' ? 0 : word_add(c, p[1]);
	case '#':
		if (!c->in_word) {
			skip_comment(s);
			return 0;
		}
		break;
	default:
		break;
	}
	s->p++;
	return word_add(c, *p);
}

/* Would a word put behind the text be an argument of its last command? */
static void judge_end(struct scanner *s, struct simple *c)
{
	struct shellscan *out = s->out;
	const char *runner;

	out->may_append = false;
	out->appended_to = NULL;
	if (s->heredoc || c->conditional || (c->n == 0 && !c->in_word))
		return;
	if (c->target)
		return;
	if (c->in_word)
		c->n++;
	c->in_word = false;
	if (!word_here(c))
		return;
	runner = words_run(c->words, c->n);
	if (runner) {
		snprintf(out->runner, sizeof(out->runner), "%s", runner);
		out->appended_to = out->runner;
	}
	out->may_append = !runner;
}

static bool is_keyword_case(const struct simple *c)
{
	return c->n > 0 && strcmp(c->words[0].text, "case") == 0;
}

/* To the end of the text, or (nested) to the ")" of a substitution. */
static int scan_commands(struct scanner *s, bool nested, bool quoted)
{
	struct simple c = {0};
	int open = nested ? 1 : 0, err = 0;

	if (++s->depth > NEST_MAX)
		return refuse(s, WHY_LOST);
	while (!err && *s->p && (!nested || open > 0)) {
		bool comment = *s->p == '#' && !c.in_word;

		err = scan_one(s, &c, &open, quoted);
		if (!err && nested && is_keyword_case(&c))
			err = refuse(s, WHY_CASE);
		/* A comment takes what would be put behind it. */
		if (!err && comment && !nested && !*s->p) {
			simple_clear(&c);
			break;
		}
	}
	if (!err && nested && open > 0)
		err = refuse(s, WHY_LOST);
	if (!err && !nested)
		judge_end(s, &c);
	else if (!err)
		err = simple_end(s, &c);
	s->depth--;
	simple_fini(&c);
	return err;
}

int shellscan(struct shellscan *scan, const char *text)
{
	struct scanner s = {.text = text, .p = text, .out = scan};
	char *with_end;
	size_t len = strlen(text);
	int err;

	*scan = (struct shellscan){0};
	if (strstr(text, "bpool_value"))
		return refuse(&s, WHY_RESERVED);
	err = scan_commands(&s, false, false);
	if (err)
		goto fail;
	/* Once more with an end, so that the last word is looked at too. */
	with_end = malloc(len + 2);
	if (!with_end) {
		err = -ENOMEM;
		goto fail;
	}
	memcpy(with_end, text, len);
	memcpy(with_end + len, "\n", 2);
	scan->nholes = 0;
	{
		bool may_append = scan->may_append;
		const char *appended_to = scan->appended_to;

		s = (struct scanner){
			.text = with_end, .p = with_end, .out = scan};
		err = scan_commands(&s, false, false);
		scan->may_append = may_append;
		scan->appended_to = appended_to;
	}
	free(with_end);
	if (!err)
		return 0;
fail:
	free(scan->holes);
	scan->holes = NULL;
	scan->nholes = 0;
	return err;
}

void shellscan_fini(struct shellscan *scan)
{
	free(scan->holes);
	*scan = (struct shellscan){0};
}
