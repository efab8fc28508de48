/* SPDX-License-Identifier: MIT */
/* Command lines by a table: the parser, the help.  See option.h. */
#include "option.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "message.h"
#include "spelling.h"

int usage_error(const char *what, const char *why)
{
	char shown[200];

	say("%s: %s (see %s --help)", escaped(shown, sizeof(shown), what), why,
	    program_invocation_short_name);
	return -EINVAL;
}

int option_number(const char *name, const char *what, const char *text,
		  unsigned most, unsigned *number)
{
	char shown[80];

	if (count_read(text, 1, most, number) == 0)
		return 0;
	say("%s %s: not a number of %s (1 to %u)", name,
	    escaped(shown, sizeof(shown), text), what, most);
	return -EINVAL;
}

/* "5 sec" as it has to be written: "5s"; false where that is anybody's guess. */
static bool duration_mend(const char *text, char *mended, size_t size)
{
	size_t number = strspn(text, "0123456789.");
	const char *unit = text + number + strspn(text + number, " ");
	char letters[] = "?";
	int64_t ms;

	letters[0] = *unit;
	if (!*unit ||
	    strspn(unit, "abcdefghijklmnopqrstuvwxyz") != strlen(unit))
		return false;
	if (strncmp(unit, "ms", 2) == 0 || strncmp(unit, "mil", 3) == 0)
		unit = "ms";
	else
		unit = letters;
	(void)snprintf(mended, size, "%.*s%s", (int)number, text, unit);
	return duration_read(mended, &ms) == 0;
}

int option_duration(const char *name, const char *text, int64_t *ms)
{
	char shown[80], mended[40];

	if (duration_read(text, ms) == 0)
		return 0;
	(void)escaped(shown, sizeof(shown), text);
	if (duration_mend(text, mended, sizeof(mended)))
		say("%s %s: not a time; write %s", name, shown, mended);
	else
		say("%s %s: not a time, such as 1.5s, 300ms or 2m", name,
		    shown);
	return -EINVAL;
}

int option_rate(const char *name, const char *text, struct bpool_rate *rate)
{
	char shown[80];

	if (rate_read(text, rate) == 0)
		return 0;
	say("%s %s: not a rate, such as 10/s, 100/m or 100/m:20", name,
	    escaped(shown, sizeof(shown), text));
	return -EINVAL;
}

int option_backoff(const char *name, const char *text, struct retry *retry)
{
	char shown[80];

	if (backoff_read(text, retry) == 0)
		return 0;
	say("%s %s: not BASE..CAP, such as 100ms..30s", name,
	    escaped(shown, sizeof(shown), text));
	return -EINVAL;
}

static bool option_is_for(const struct option *o, unsigned use)
{
	return !use || (o->uses & use);
}

void option_help(const struct option_table *table, unsigned use,
		 struct text *text)
{
	size_t i;

	for (i = 0; i < table->n; i++) {
		const struct option *o = &table->all[i];
		char names[40], line[160];
		char brief[] = "-?, ";

		if (!option_is_for(o, use))
			continue;
		brief[1] = o->short_name;
		(void)snprintf(names, sizeof(names), "%s--%s%s%s%s%s",
			       o->short_name ? brief : "    ", o->long_name,
			       o->optional ? "[" : "", o->argument ? "=" : "",
			       o->argument ? o->argument : "",
			       o->optional ? "]" : "");
		(void)snprintf(line, sizeof(line), "  %-26s %s\n", names,
			       o->help);
		text_say(text, line);
	}
}

static int option_set(struct option_reader *r, const struct option *o,
		      const char *argument)
{
	char *options = (char *)r->options;

	r->uses &= o->uses;
	if (o->take)
		return o->take(r->options, argument);
	if (o->argument)
		*(const char **)(void *)(options + o->text) = argument;
	else
		*(bool *)(options + o->flag) = true;
	return 0;
}

/* The one of this name, of `len` bytes, or of this letter; NULL: none. */
static const struct option *option_find(const struct option_reader *r,
					const char *name, size_t len,
					char letter)
{
	size_t i;

	for (i = 0; i < r->table->n; i++) {
		const struct option *o = &r->table->all[i];

		if (!option_is_for(o, r->use))
			continue;
		if (letter ? o->short_name == letter
			   : strncmp(o->long_name, name, len) == 0 &&
				     !o->long_name[len])
			return o;
	}
	return NULL;
}

/* Whether `words`, with blanks between them, has this one. */
static bool words_have(const char *words, const char *word, size_t len)
{
	const char *at = words;

	while (at && *at) {
		size_t n = strcspn(at, " ");

		if (n == len && strncmp(at, word, len) == 0)
			return true;
		at += n + strspn(at + n, " ");
	}
	return false;
}

/* Whether `word` is `name`, whatever dashes are in them. */
static bool is_but_for_dashes(const char *word, size_t len, const char *name)
{
	const char *end = word + len;

	for (;;) {
		while (word < end && *word == '-')
			word++;
		while (*name == '-')
			name++;
		if (word == end || !*name)
			return word == end && !*name;
		if (*word++ != *name++)
			return false;
	}
}

/* How far from what was meant: 0 is what other tools call it. */
static unsigned option_distance(const struct option *o, const char *word,
				size_t len)
{
	const char *name = word + strspn(word, "-");
	size_t letters = len - (size_t)(name - word);
	size_t known = strlen(o->long_name);

	if (words_have(o->elsewhere, word, len))
		return 0;
	if (word[1] != '-' || letters < 3)
		return UINT_MAX;
	if (is_but_for_dashes(name, letters, o->long_name))
		return 0;
	/* A part of it, or more than it. */
	if (strncmp(o->long_name, name, letters < known ? letters : known) == 0)
		return 1;
	return spelling_distance(name, letters, o->long_name);
}

/* `word` ("-x", "--name" or "--name=argument") is none; which one may be meant. */
static int option_none(const struct option_reader *r, const char *word)
{
	char why[120] = "no such option";
	size_t len = strcspn(word, "=");
	/* One mistake, and more of them in a long one. */
	unsigned nearest = 2 + (len > 7);

	for (size_t i = 0; i < r->table->nmissing; i++)
		if (words_have(r->table->missing[i].words, word, len))
			return usage_error(word, r->table->missing[i].why);
	for (size_t i = 0; i < r->table->n; i++) {
		const struct option *o = &r->table->all[i];
		unsigned far = option_distance(o, word, len);

		if (!option_is_for(o, r->use) || far >= nearest)
			continue;
		nearest = far;
		(void)snprintf(why, sizeof(why),
			       "no such option; did you mean --%s?",
			       o->long_name);
	}
	return usage_error(word, why);
}

/* "--name", "--name=argument" or "--name argument". */
static int option_read_long(struct option_reader *r)
{
	const char *word = r->argv[r->i] + 2;
	size_t len = strcspn(word, "=");
	const struct option *o = option_find(r, word, len, 0);

	if (!o)
		return option_none(r, r->argv[r->i]);
	if (!o->argument && word[len])
		return usage_error(r->argv[r->i], "takes no argument");
	if (o->optional && !word[len])
		return option_set(r, o, NULL);
	if (!o->argument || word[len])
		return option_set(r, o, word + len + 1);
	if (r->i + 1 >= r->argc)
		return usage_error(r->argv[r->i], "needs an argument");
	return option_set(r, o, r->argv[++r->i]);
}

/* "-k", "-kv", "-j5", "-kj5" or "-j 5". */
static int option_read_short(struct option_reader *r)
{
	const char *letter;

	for (letter = r->argv[r->i] + 1; *letter; letter++) {
		const struct option *o = option_find(r, "", 0, *letter);
		char name[] = "-?";
		int rc;

		name[1] = *letter;
		if (!o)
			return option_none(r, name);
		if (o->argument && letter[1])
			return option_set(r, o, letter + 1);
		if (o->argument && r->i + 1 >= r->argc)
			return usage_error(name, "needs an argument");
		rc = option_set(r, o, o->argument ? r->argv[++r->i] : NULL);
		if (rc || o->argument)
			return rc;
	}
	return 0;
}

int option_read(struct option_reader *r)
{
	int rc = 0;

	r->uses = ~0u;
	for (; !rc && r->i < r->argc; r->i++) {
		const char *word = r->argv[r->i];

		if (word[0] != '-' || !word[1])
			break;
		if (strcmp(word, "--") == 0) {
			r->i++;
			break;
		}
		rc = word[1] == '-' ? option_read_long(r)
				    : option_read_short(r);
	}
	return rc;
}
