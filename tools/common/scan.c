/* SPDX-License-Identifier: MIT */
#include "scan.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const char why_backquote[] =
	"{} inside backquotes would become code, and not all that may stand "
	"in them is followed here; write $(...)";
static const char why_arithmetic[] =
	"{} inside arithmetic would be evaluated as code; hand it to a "
	"program: $(expr {} + 1)";
static const char why_hard_arithmetic[] =
	"this arithmetic is not followed here; in $((...)) use only names, "
	"numbers, operators and balanced parentheses";
static const char why_brace[] =
	"{} inside ${...} would become code; write x={}; before the command "
	"and use ${x...} there";
static const char why_hard_brace[] =
	"this ${...} is not followed here; in ${...} use neither quotes nor "
	"$(...), or put the command into a script and call that with {}";

int scan_refuse(struct scan *scan, const char *why)
{
	free(scan->why);
	scan->why = strdup(why);
	return scan->why ? -EINVAL : -ENOMEM;
}

bool scan_at_break(const struct scan *scan)
{
	/* The end of the text is one of them. */
	return memchr(SCAN_BREAKS, scan->text[scan->at], sizeof(SCAN_BREAKS)) !=
	       NULL;
}

bool scan_at_hole(const struct scan *scan, const char *text)
{
	struct placeholder p;

	return placeholder_read(scan->syntax, text, &p) > 0;
}

/* Is there one anywhere behind? */
static bool scan_has_hole(const struct scan *scan, const char *text)
{
	return placeholder_find(scan->syntax, text) != NULL;
}

bool scan_at_joined_line(const struct scan *scan)
{
	const char *p = scan->text + scan->at;

	return p[0] == '\\' && p[1] == '\n' &&
	       (scan->at == 0 || strchr(" \t\n", p[-1]));
}

bool scan_is_one_of(char byte, const char *set)
{
	return byte != '\0' && strchr(set, byte) != NULL;
}

int scan_skip_brace(struct scan *s)
{
	const char *p = s->text + s->at + 2;
	int err;

	if (scan_is_one_of(*p, "}{") || scan_at_hole(s, p))
		return scan_refuse(s, why_brace);
	if (!scan_is_one_of(*p, SCAN_NAME "@*#?-$!"))
		return scan_refuse(s, why_hard_brace);
	p++;
	while (*p != '}') {
		if (scan_at_hole(s, p))
			return scan_refuse(s, why_brace);
		if (p[0] == '$' && p[1] == '{') {
			s->at = (size_t)(p - s->text);
			err = scan_skip_brace(s);
			if (err)
				return err;
			p = s->text + s->at;
			continue;
		}
		if (*p == '$' ? !scan_is_one_of(p[1], SCAN_NAME)
			      : (unsigned char)*p < 0x80 &&
					!scan_is_one_of(*p, SCAN_NAME
							" -+=?:#%/,.@^*!~[]"))
			return scan_refuse(s, scan_has_hole(s, p)
						      ? why_brace
						      : why_hard_brace);
		p++;
	}
	s->at = (size_t)(p + 1 - s->text);
	return 0;
}

int scan_skip_arithmetic(struct scan *s)
{
	int open = 0, err;

	/* "$[" is bash's alone. */
	if (s->text[s->at + 1] == '[')
		return scan_refuse(s, scan_has_hole(s, s->text + s->at)
					      ? why_arithmetic
					      : why_hard_arithmetic);
	for (s->at += 3;; s->at++) {
		const char *p = s->text + s->at;

		while (p[0] == '$' && p[1] == '{') {
			err = scan_skip_brace(s);
			if (err)
				return err;
			p = s->text + s->at;
		}
		if (scan_at_hole(s, p))
			return scan_refuse(s, why_arithmetic);
		if (*p == ')' && open == 0)
			break;
		open += *p == '(';
		open -= *p == ')';
		if (*p == '$' ? !scan_is_one_of(p[1], SCAN_NAME "#?")
			      : !scan_is_one_of(*p, SCAN_NAME
						" \t\n()+-*/%<>=!&|^~?:,"))
			return scan_refuse(s, scan_has_hole(s, p)
						      ? why_arithmetic
						      : why_hard_arithmetic);
	}
	if (s->text[s->at + 1] != ')')
		return scan_refuse(s, why_hard_arithmetic);
	s->at += 2;
	return 0;
}

/* What is between is read twice by the shell; only what is the same both times
 * is let through. */
int scan_skip_backquotes(struct scan *s)
{
	const char *p = s->text + s->at + 1;

	while (scan_is_one_of(*p, SCAN_NAME " \t-./:=+,%@*?|;$") &&
	       !scan_at_hole(s, p))
		p++;
	if (*p != '`')
		return scan_refuse(s, why_backquote);
	s->at = (size_t)(p + 1 - s->text);
	return 0;
}
