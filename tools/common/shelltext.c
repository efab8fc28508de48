/* SPDX-License-Identifier: MIT */
#include "shelltext.h"

#include <stdio.h>
#include <stdlib.h>

#include "text.h"
#include "words.h"

/* The variable of the i-th value of a placeholder that first stands in hole
 * `hole`. */
static void variable_add(struct text *text, size_t hole, size_t i)
{
	char name[64];

	(void)snprintf(name, sizeof(name), SHELLSCAN_VARIABLE "_%zu_%zu",
		       hole + 1, i + 1);
	text_say(text, name);
}

/* The first hole with the same placeholder. */
static size_t hole_first(const struct shellscan *scan, size_t hole)
{
	size_t i = 0;

	while (!placeholder_same(&scan->holes[i].what, &scan->holes[hole].what))
		i++;
	return i;
}

/*
 * bash executes a list in a call for each command, so that a long one ends its
 * stack.  Those of a few values stay a line: a shell counts them in messages.
 */
#define VALUES_A_LINE 100

/* The values leave the arguments, so that the template finds none. */
static void assignments_add(const struct shellscan *scan,
			    const struct filling *f, struct text *text,
			    struct words *values)
{
	char assigned[64];
	size_t n = 0;

	for (size_t hole = 0; hole < scan->nholes; hole++) {
		const struct placeholder *what = &scan->holes[hole].what;

		if (hole_first(scan, hole) != hole)
			continue;
		for (size_t i = 0; i < filling_count(f, what); i++) {
			words_add(values, filling_word(f, what, i));
			variable_add(text, hole, i);
			n++;
			(void)snprintf(assigned, sizeof(assigned), "=${%zu}%s",
				       n, n % VALUES_A_LINE ? "; " : "\n");
			text_say(text, assigned);
		}
	}
	(void)snprintf(assigned, sizeof(assigned), "shift %zu; ", n);
	text_say(text, assigned);
}

static void hole_fill(const struct shellscan *scan, size_t hole,
		      const struct filling *f, struct text *text)
{
	const struct hole *h = &scan->holes[hole];
	bool quotes = h->kind == HOLE_WORD || h->kind == HOLE_BARE;

	for (size_t i = 0; i < filling_count(f, &h->what); i++) {
		text_say(text, i > 0 ? " " : "");
		text_say(text, quotes ? "\"${" : "${");
		variable_add(text, hole_first(scan, hole), i);
		text_say(text, quotes ? "}\"" : "}");
	}
}

static void value_show(const struct hole *hole, const char *value,
		       struct text *text)
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

static void hole_show(const struct shellscan *scan, size_t hole,
		      const struct filling *f, struct text *text)
{
	const struct hole *h = &scan->holes[hole];

	for (size_t i = 0; i < filling_count(f, &h->what); i++) {
		char *value = filling_word(f, &h->what, i);

		text_say(text, i > 0 ? " " : "");
		if (value)
			value_show(h, value, text);
		else
			text->failed = true;
		free(value);
	}
}

/* Behind what `text` has, the template with what `fill` writes in each hole. */
static char *text_filled(const struct shellscan *scan, const struct filling *f,
			 void (*fill)(const struct shellscan *, size_t,
				      const struct filling *, struct text *),
			 struct text *text)
{
	size_t at = 0;

	for (size_t i = 0; i < scan->nholes; i++) {
		const struct hole *hole = &scan->holes[i];

		text_add(text, scan->text + at, hole->at - at);
		fill(scan, i, f, text);
		at = hole->at + hole->len;
	}
	text_say(text, scan->text + at);
	return text_take(text);
}

char *shelltext_run(const struct shellscan *scan, const struct filling *f,
		    char ***values)
{
	struct text text = { 0 };
	struct words words = { 0 };
	char *filled;

	assignments_add(scan, f, &text, &words);
	filled = text_filled(scan, f, hole_fill, &text);
	*values = words_take(&words);
	if (filled && *values)
		return filled;
	words_free(*values);
	*values = NULL; /* the command's, which is freed as it is */
	free(filled);
	return NULL;
}

char *shelltext_show(const struct shellscan *scan, const struct filling *f)
{
	struct text text = { 0 };

	return text_filled(scan, f, hole_show, &text);
}
