/* SPDX-License-Identifier: MIT */
/*
 * MAKEFLAGS: what it says of the jobserver is what a reader says that takes it
 * to pieces first; and what is made of it for others says that of theirs, and
 * all else as it was.  The input is the variable's value.
 */
#include "makeflags.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

#define AUTH "--jobserver-auth="
#define OLD_AUTH "--jobserver-fds="

/* ---- The words ------------------------------------------------------------- */

struct words {
	char **all; /* behind the first = without backslashes */
	size_t n;
	const char *variables; /* from "--" on, as it stands; or NULL */
};

static void words_free(struct words *words)
{
	for (size_t i = 0; i < words->n; i++)
		free(words->all[i]);
	free(words->all);
}

/* One byte after the other. */
static void words_split(struct words *words, const char *text)
{
	char *word = fuzz_alloc(strlen(text) + 2);
	size_t len = 0;
	bool inside = false, escaped = false, name = true;

	*words = (struct words){ .all = fuzz_alloc((strlen(text) + 1) *
						   sizeof(char *)) };
	for (const char *at = text;; at++) {
		bool ends = !*at || (!escaped && (*at == ' ' || *at == '\t'));

		if (ends && inside) {
			/* A last backslash is one: two in a name. */
			if (escaped)
				word[len++] = '\\';
			word[len] = '\0';
			words->all[words->n++] = strdup(word);
			if (strcmp(word, "--") == 0) {
				words->variables = at - 2;
				free(words->all[--words->n]);
				break;
			}
			len = 0;
		}
		if (!*at)
			break;
		inside = !ends;
		if (!ends && *at == '\\' && !escaped) {
			escaped = true;
			if (name)
				word[len++] = *at;
			continue;
		}
		if (!ends)
			word[len++] = *at;
		name = ends || (name && (*at != '=' || escaped));
		escaped = false;
	}
	free(word);
}

/* What stands behind the last option of that name, or NULL. */
static const char *words_option(const struct words *words, const char *name)
{
	for (size_t i = words->n; i > 0; i--)
		if (strncmp(words->all[i - 1], name, strlen(name)) == 0)
			return words->all[i - 1] + strlen(name);
	return NULL;
}

/* ---- What it says ---------------------------------------------------------- */

/* "12" at *at, which moves behind it: as a descriptor that may be used, or -1;
 * false: it is no number as make writes it. */
static bool fd_of(const char **at, char end, int *fd)
{
	bool minus = **at == '-';
	size_t digits = strspn(*at + minus, "0123456789");
	double n = atof(*at);

	if (digits == 0 || (*at)[minus + digits] != end)
		return false;
	*fd = n >= 3 && n <= INT_MAX ? (int)n : -1;
	*at += minus + digits + 1;
	return true;
}

static void auth_is_read(const struct makeflags *flags, const char *auth,
			 int rc)
{
	const char *at = auth;
	int from, to;

	HOLDS(flags->auth && strcmp(flags->auth, auth) == 0, "<%s>", auth);
	if (strncmp(auth, "fifo:", 5) == 0 && auth[5]) {
		HOLDS(rc == 0 && strcmp(flags->fifo, auth + 5) == 0, "<%s>",
		      auth);
		return;
	}
	HOLDS(!flags->fifo, "<%s>", auth);
	if (fd_of(&at, ',', &from) && fd_of(&at, '\0', &to)) {
		HOLDS(rc == 0 && flags->ends[0] == from && flags->ends[1] == to,
		      "<%s> is %d, %d", auth, flags->ends[0], flags->ends[1]);
		return;
	}
	/* What strtol(3) takes besides is no harm. */
	HOLDS(rc == -EINVAL || strpbrk(auth, " \t\n\v\f\r+"), "<%s>", auth);
	HOLDS(flags->ends[0] == -1 || flags->ends[0] > 2, "<%s>", auth);
}

/* The N of the last -jN. */
static unsigned jobs_of(const char *text)
{
	struct words words;
	unsigned jobs = 0;

	words_split(&words, text);
	for (size_t i = 0; i < words.n; i++) {
		const char *n = words.all[i] + 2;
		double value = atof(n);

		if (strncmp(words.all[i], "-j", 2) != 0 || !*n ||
		    n[strspn(n, "0123456789")] || value < 1)
			continue;
		/* A very long one is none. */
		if (value < 655370)
			jobs = value > 65536 ? 65536 : (unsigned)value;
	}
	words_free(&words);
	return jobs;
}

static void is_read(const char *text)
{
	struct makeflags flags;
	struct words words;
	const char *auth;
	int rc = makeflags_read(&flags, text);

	words_split(&words, text);
	auth = words_option(&words, AUTH);
	if (!auth)
		auth = words_option(&words, OLD_AUTH);
	if (auth)
		auth_is_read(&flags, auth, rc);
	else
		HOLDS(rc == 0 && !flags.auth && !flags.fifo, "<%s>", text);
	HOLDS(flags.jobs == jobs_of(text), "<%s> has %u", text, flags.jobs);
	words_free(&words);
	makeflags_fini(&flags);
}

/* ---- What is made of it ---------------------------------------------------- */

static void words_are_kept(const struct words *old, const struct words *made,
			   const char *text)
{
	size_t at = 0;

	for (size_t i = 0; i < old->n; i++) {
		if (strncmp(old->all[i], "--jobserver-", 12) == 0)
			continue;
		HOLDS(at < made->n && strcmp(made->all[at], old->all[i]) == 0,
		      "<%s>: %s", text, old->all[i]);
		at++;
	}
	HOLDS(made->n == at + 2, "<%s>: %zu words, not %zu", text, made->n,
	      at + 2);
	HOLDS(!made->variables == !old->variables, "<%s>", text);
	HOLDS(!old->variables || strcmp(made->variables, old->variables) == 0,
	      "<%s>", text);
}

static void is_made(const char *text)
{
	static const char *const auths[] = { "3,4", "fifo:/tmp/x" };
	const char *auth = auths[strlen(text) % 2];
	char *made = makeflags_make(text, 17, auth);
	struct words old, words;
	struct makeflags flags;

	HOLDS(made, "<%s>", text);
	HOLDS(makeflags_read(&flags, made) == 0, "<%s>", made);
	HOLDS(strcmp(flags.auth, auth) == 0 && flags.jobs == 17, "<%s>", made);
	words_split(&old, text);
	words_split(&words, made);
	words_are_kept(&old, &words, text);
	/* A first word is letters, or there is a blank before it. */
	HOLDS(!strchr(" \t", *text) || strchr(" \t", *made), "<%s>", text);
	words_free(&old);
	words_free(&words);
	makeflags_fini(&flags);
	free(made);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, size };
	char *text = input_text(&in);

	is_read(text);
	is_made(text);
	free(text);
	return 0;
}
