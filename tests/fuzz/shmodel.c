/* SPDX-License-Identifier: MIT */
#include "shmodel.h"

#include <string.h>

#include "fuzz.h"

#define NAME                                                                   \
	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_"                \
	"0123456789"
#define SAFE NAME "@%+:,./-"

struct model {
	const char *at;
	const struct sh_world *world;
	struct sh_stream *out;
	size_t word; /* where it begins in the stream */
	bool inside; /* a word */
	bool digits; /* ... of digits alone, without quotes */
	int depth;
	enum sh_verdict verdict;
};

static void put(struct model *m, enum sh_class class, char byte)
{
	struct sh_stream *out = m->out;

	if (out->len + 2 > out->size) {
		out->size = out->size * 2 + 128;
		out->items = fuzz_realloc(out->items, out->size);
	}
	out->items[out->len++] = (char)class;
	out->items[out->len++] = byte;
}

static void put_quoted(struct model *m)
{
	if (m->world->marks)
		put(m, SH_QUOTED, 0);
}

static void fail(struct model *m, enum sh_verdict verdict)
{
	if (m->verdict != SH_FORBIDDEN)
		m->verdict = verdict;
	m->at += strlen(m->at);
}

/* ---- Words ----------------------------------------------------------------- */

static void word_begin(struct model *m)
{
	if (!m->inside) {
		m->word = m->out->len;
		m->digits = true;
	}
	m->inside = true;
}

/* Quotes around nothing count if there is nothing else. */
static void word_end(struct model *m)
{
	const char *items = m->out->items;
	size_t to = m->word, from = m->word;

	if (!m->inside)
		return;
	m->inside = false;
	/* Where its patterns end is not known here. */
	if (m->depth > 0 && m->out->len - m->word == 8 &&
	    memcmp(items + m->word, "lclalsle", 8) == 0)
		fail(m, SH_UNKNOWN);
	for (; from < m->out->len; from += 2) {
		if (items[from] == SH_EMPTY)
			continue;
		memmove(m->out->items + to, items + from, 2);
		to += 2;
	}
	if (to == m->word && m->out->len > m->word)
		to += 2;
	m->out->len = to;
}

/* Is there a value?  It is put there then. */
static bool read_value(struct model *m, bool quoted)
{
	size_t len;
	const char *value = m->world->find(m->world->user, m->at, &len);

	if (!value)
		return false;
	if (m->world->is_variable && !quoted)
		fail(m, SH_FORBIDDEN);
	else
		m->at += len;
	m->out->values++;
	m->digits = false;
	if (m->world->marks)
		put(m, SH_VALUE, 0);
	for (; *value; value++)
		put(m, SH_LITERAL, *value);
	if (!quoted)
		put(m, SH_EMPTY, 0);
	return true;
}

/* Is there a value that may not be there? */
static bool is_value(const struct model *m)
{
	size_t len;

	return m->world->find(m->world->user, m->at, &len) != NULL;
}

static void read_single(struct model *m)
{
	m->digits = false;
	put_quoted(m);
	put(m, SH_EMPTY, 0);
	for (m->at++; *m->at != '\''; m->at++) {
		if (!*m->at || is_value(m)) {
			fail(m, *m->at ? SH_FORBIDDEN : SH_UNKNOWN);
			return;
		}
		put(m, SH_LITERAL, *m->at);
	}
	m->at++;
}

/* Up to `end`, with nothing in it that would have to be looked at. */
static void read_opaque(struct model *m, enum sh_class class, const char *end)
{
	size_t len = strlen(end);
	int open = 0;

	for (;; m->at++) {
		if (is_value(m)) {
			fail(m, SH_FORBIDDEN);
			return;
		}
		if (open == 0 && strncmp(m->at, end, len) == 0)
			break;
		if (!*m->at || strchr("'\"\\`", *m->at) ||
		    strncmp(m->at, "$(", 2) == 0) {
			fail(m, SH_UNKNOWN);
			return;
		}
		if (*end == '}')
			open += *m->at == '}'
					? -1
					: m->at[0] == '$' && m->at[1] == '{';
		if (*end == ')')
			open += *m->at == '(' ? 1 : -(*m->at == ')');
		put(m, class, *m->at);
	}
	m->at += len;
	put(m, class, *end);
}

static void read_list(struct model *m, bool nested);

/* Behind "$(" or "(". */
static void read_nested(struct model *m)
{
	size_t word = m->word;
	bool inside = m->inside;

	put(m, SH_NESTED, '(');
	m->inside = false;
	if (++m->depth > 60)
		fail(m, SH_UNKNOWN);
	else
		read_list(m, true);
	m->depth--;
	put(m, SH_NESTED, ')');
	m->word = word;
	m->inside = inside;
	m->digits = false;
}

static void read_dollar(struct model *m, bool quoted)
{
	enum sh_class class = quoted ? SH_QUOTED_EXPANSION : SH_EXPANSION;
	const char *p = m->at;
	size_t len = 2;

	if (!quoted)
		m->digits = false;
	if (p[1] == '[' || (!quoted && p[1] && strchr("'\"", p[1]))) {
		fail(m, SH_UNKNOWN);
		return;
	}
	if (!p[1] || !strchr(NAME "({@*#?-$!", p[1])) {
		put(m, SH_LITERAL, '$');
		m->at++;
		return;
	}
	if (strncmp(p, "$((", 3) == 0 || p[1] == '{') {
		m->at += p[1] == '{' ? 2 : 3;
		put(m, class, p[1]);
		read_opaque(m, class, p[1] == '{' ? "}" : "))");
		return;
	}
	if (p[1] == '(') {
		m->at += 2;
		put(m, class, '$');
		read_nested(m);
		return;
	}
	if (strchr(NAME, p[1]) && !strchr("0123456789", p[1]))
		len = 1 + strspn(p + 1, NAME);
	for (; len > 0; len--)
		put(m, class, *m->at++);
}

static void read_double(struct model *m)
{
	m->digits = false;
	put_quoted(m);
	put(m, SH_EMPTY, 0);
	for (m->at++; *m->at != '"';) {
		if (!*m->at) {
			fail(m, SH_UNKNOWN);
			return;
		}
		if (read_value(m, true))
			continue;
		if (*m->at == '`') {
			m->at++;
			read_opaque(m, SH_QUOTED_EXPANSION, "`");
		} else if (*m->at == '$') {
			read_dollar(m, true);
		} else if (m->at[0] == '\\' && m->at[1] == '\n') {
			m->at += 2;
		} else {
			m->at += m->at[0] == '\\' && m->at[1] &&
				 strchr("$`\"\\", m->at[1]);
			put(m, SH_LITERAL, *m->at++);
		}
	}
	m->at++;
}

/* ---- Lists ----------------------------------------------------------------- */

static void read_redirection(struct model *m)
{
	bool number = m->inside && m->digits;

	word_end(m);
	/* Its digits are no word. */
	if (number)
		put(m, SH_REDIRECTION, '#');
	if (strncmp(m->at, "<<", 2) == 0 && m->at[2] != '<') {
		fail(m, SH_UNKNOWN);
		return;
	}
	do {
		put(m, SH_REDIRECTION, *m->at++);
	} while (*m->at && strchr("<>&|", *m->at));
}

static void read_word_byte(struct model *m)
{
	word_begin(m);
	if (read_value(m, false))
		return;
	switch (*m->at) {
	case '\'':
		read_single(m);
		return;
	case '"':
		read_double(m);
		return;
	case '$':
		read_dollar(m, false);
		return;
	case '`':
		m->at++;
		read_opaque(m, SH_EXPANSION, "`");
		return;
	case '\\':
		m->digits = false;
		put_quoted(m);
		if (m->at[1])
			put(m, SH_LITERAL, *++m->at);
		else
			fail(m, SH_UNKNOWN);
		m->at += *m->at != '\0';
		return;
	default:
		m->digits = m->digits && strchr("0123456789", *m->at);
		put(m, strchr(SAFE, *m->at) ? SH_LITERAL : SH_UNQUOTED, *m->at);
		m->at++;
	}
}

static void read_list(struct model *m, bool nested)
{
	while (*m->at && !(nested && *m->at == ')')) {
		if (m->at[0] == '\\' && m->at[1] == '\n') {
			m->at += 2;
		} else if (strchr(" \t", *m->at)) {
			word_end(m);
			put(m, SH_BLANK, ' ');
			m->at += strspn(m->at, " \t");
		} else if (*m->at == '#' && !m->inside) {
			m->at += strcspn(m->at, "\n");
		} else if (strchr("<>", *m->at)) {
			read_redirection(m);
		} else if (*m->at == '(') {
			word_end(m);
			m->at++;
			if (*m->at == '(')
				fail(m, SH_UNKNOWN);
			else
				read_nested(m);
		} else if (strchr("\n;&|)", *m->at)) {
			word_end(m);
			put(m, SH_OPERATOR, *m->at++);
		} else {
			read_word_byte(m);
		}
	}
	word_end(m);
	if (nested && !*m->at)
		fail(m, SH_UNKNOWN);
	else
		m->at += nested;
}

enum sh_verdict sh_read(const char *text, const struct sh_world *world,
			struct sh_stream *stream)
{
	struct model m = { .at = text,
			   .world = world,
			   .out = stream,
			   .verdict = SH_READ };

	read_list(&m, false);
	return m.verdict;
}
