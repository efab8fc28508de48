/* SPDX-License-Identifier: MIT */
/*
 * MAKEFLAGS.  See makeflags.h.
 *
 *	kn -j3 --jobserver-auth=3,4 -- NAME=value
 *
 * First letters of options, or nothing before the first blank; then options;
 * behind -- what variables are set to, where anything may stand.  A blank in a
 * word has a backslash before it.
 */
#include "makeflags.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAKEFLAGS_JOBS_MAX 65536u

struct word {
	const char *text;
	size_t len;
};

/* The next word at *at, which moves past it; false: there is none. */
static bool word_next(const char **at, struct word *word)
{
	const char *s = *at + strspn(*at, " \t");

	word->text = s;
	while (*s && *s != ' ' && *s != '\t')
		s += s[0] == '\\' && s[1] ? 2 : 1;
	word->len = (size_t)(s - word->text);
	*at = s;
	return word->len > 0;
}

static bool word_begins(const struct word *word, const char *with)
{
	size_t len = strlen(with);

	return word->len >= len && strncmp(word->text, with, len) == 0;
}

/* Behind it variables are set. */
static bool word_is_last(const struct word *word)
{
	return word->len == 2 && word_begins(word, "--");
}

/* What follows the first `from` bytes, without backslashes; NULL: no memory. */
static char *word_value(const struct word *word, size_t from)
{
	char *value = malloc(word->len - from + 1), *to = value;

	for (; value && from < word->len; from++) {
		if (word->text[from] == '\\' && from + 1 < word->len)
			from++;
		*to++ = word->text[from];
	}
	if (value)
		*to = '\0';
	return value;
}

/* The N of -jN; 0 where it is none. */
static unsigned word_jobs(const struct word *word)
{
	unsigned n = 0;
	size_t i;

	if (!word_begins(word, "-j"))
		return 0;
	for (i = 2; i < word->len; i++) {
		char c = word->text[i];

		if (c < '0' || c > '9' || n > MAKEFLAGS_JOBS_MAX)
			return 0;
		n = n * 10 + (unsigned)(c - '0');
	}
	return n > MAKEFLAGS_JOBS_MAX ? MAKEFLAGS_JOBS_MAX : n;
}

/* Keep the option's value, in the place of another. */
static int auth_keep(char **auth, const struct word *word, const char *option)
{
	char *value = word_value(word, strlen(option));

	if (!value)
		return -ENOMEM;
	free(*auth);
	*auth = value;
	return 0;
}

/* A descriptor's number at *at, which moves past it and `end`. */
static bool fd_read(const char **at, char end, int *fd)
{
	char *behind;
	long n;

	errno = 0;
	n = strtol(*at, &behind, 10);
	if (behind == *at || *behind != end)
		return false;
	*at = behind + 1;
	/* 0 to 2 are bpool's own input and output, whatever they are. */
	*fd = errno || n < 3 || n > INT_MAX ? -1 : (int)n;
	return true;
}

/* "fifo:PATH" or "R,W". */
static int auth_read(struct makeflags *flags)
{
	static const char fifo[] = "fifo:";
	const char *s = flags->auth;
	int from, to;

	if (strncmp(s, fifo, strlen(fifo)) == 0 && s[strlen(fifo)]) {
		flags->fifo = s + strlen(fifo);
		return 0;
	}
	if (!fd_read(&s, ',', &from) || !fd_read(&s, '\0', &to))
		return -EINVAL;
	flags->ends[0] = from;
	flags->ends[1] = to;
	return 0;
}

int makeflags_read(struct makeflags *flags, const char *text)
{
	static const char option[] = "--jobserver-auth=",
			  old_option[] = "--jobserver-fds=";
	struct makeflags found = { .ends = { -1, -1 } };
	char *old = NULL;
	struct word word;
	int rc = 0;

	while (!rc && text && word_next(&text, &word) && !word_is_last(&word)) {
		if (word_begins(&word, option))
			rc = auth_keep(&found.auth, &word, option);
		else if (word_begins(&word, old_option))
			rc = auth_keep(&old, &word, old_option);
		else if (word_jobs(&word))
			found.jobs = word_jobs(&word);
	}
	if (rc) {
		free(found.auth);
		free(old);
		return rc;
	}
	if (found.auth)
		free(old);
	else
		found.auth = old;
	*flags = found;
	return found.auth ? auth_read(flags) : 0;
}

void makeflags_fini(struct makeflags *flags)
{
	free(flags->auth);
	flags->auth = NULL;
}

/* Does it end in a backslash with nothing behind it to escape? */
static bool word_is_open(const struct word *word)
{
	size_t n = 0;

	while (n < word->len && word->text[word->len - 1 - n] == '\\')
		n++;
	return n % 2;
}

char *makeflags_make(const char *text, unsigned jobs, const char *auth)
{
	const char *rest = text ? text : "";
	struct word word;
	char *made = NULL;
	size_t size;
	FILE *to = open_memstream(&made, &size);
	bool failed;

	if (!to)
		return NULL;
	while (word_next(&rest, &word) && !word_is_last(&word)) {
		if (word_begins(&word, "--jobserver-"))
			continue;
		/* At the very beginning a word is letters. */
		if (word.text != text)
			(void)fputc(' ', to);
		(void)fwrite(word.text, 1, word.len, to);
		/* The last of all; it would take our blank for its own. */
		if (word_is_open(&word))
			(void)fputc('\\', to);
	}
	(void)fprintf(to, " -j%u --jobserver-auth=%s", jobs, auth);
	if (word.len)
		(void)fprintf(to, " %s", word.text);
	failed = ferror(to);
	if (fclose(to) || failed) {
		free(made);
		return NULL;
	}
	return made;
}
