/* SPDX-License-Identifier: MIT */
#include "pace.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "filling.h"

/* Keys that have jobs, or remember a start. */
#define KEYS_MAX 65536u

#define AHEAD 4096u

static uint64_t pause_ns(int64_t ms)
{
	return (uint64_t)ms * 1000000;
}

static bool has_keys(const struct options *options)
{
	return options->key || options->key_host;
}

uint64_t pace_found(const struct options *options, struct bpool *pool)
{
	struct bpool_limit_stats limit = { .size = sizeof(limit) };

	if (pace_adapts(options))
		(void)bpool_limit_stats(bpool_limit_of(pool), NULL, &limit);
	return limit.max_running;
}

struct bpool_limit_options pace_of_all(const struct options *options,
				       unsigned workers)
{
	return (struct bpool_limit_options){
		.size = sizeof(struct bpool_limit_options),
		.max_running = workers,
		.adaptive = { .ceiling = pace_adapts(options) ? workers : 0 },
		.rate = options->rate,
		.pause_ns = pause_ns(options->retry.base_ms),
		.pause_most_ns = pause_ns(options->retry.cap_ms),
	};
}

size_t pace_ahead(const struct options *options)
{
	return has_keys(options) || options->retry.attempts ? AHEAD : 0;
}

bool pace_adapts(const struct options *options)
{
	return options->jobs_auto && !has_keys(options);
}

int pace_init(struct pace *pace, const struct options *options,
	      const struct placeholder_syntax *syntax, unsigned workers,
	      struct bpool *pool)
{
	struct bpool_limit_options limit = {
		.size = sizeof(limit),
		.max_running = options->per_key,
		.adaptive = { .ceiling = options->jobs_auto ? workers : 0 },
		.rate = options->key_rate,
		.max_keys = KEYS_MAX,
		.pause_ns = pause_ns(options->retry.base_ms),
		.pause_most_ns = pause_ns(options->retry.cap_ms),
	};

	*pace = (struct pace){ .options = options,
			       .syntax = syntax,
			       .pool = pool };
	if (!has_keys(options))
		return 0;
	return bpool_limit_create(&pace->limit, pool, &limit);
}

/* ---- Keys --------------------------------------------------------------- */

/* A long text is known by its beginning and a hash (FNV-1a) of all of it. */
static void key_set(struct pace_key *key, const char *text)
{
	size_t len = strlen(text);
	uint64_t hash = UINT64_C(14695981039346656037);

	if (len <= BPOOL_KEY_MAX) {
		memcpy(key->text, text, len + 1);
		return;
	}
	for (size_t i = 0; i < len; i++)
		hash = (hash ^ (unsigned char)text[i]) *
		       UINT64_C(1099511628211);
	(void)snprintf(key->text, sizeof(key->text), "%.200s...%016" PRIx64,
		       text, hash);
}

/* "://" with a scheme before it; NULL: none. */
static const char *find_url(const char *text)
{
	const char *at = strstr(text, "://");

	while (at && (at == text || !isalnum((unsigned char)at[-1])))
		at = strstr(at + 1, "://");
	return at;
}

/* The host of the first URL in the text, in small letters; false: there is
 * none. */
static bool find_host(const char *text, struct pace_key *key)
{
	/* A shell's characters may be in a name and its password, by RFC 3986. */
	static const char path[] = "/?#", gaps[] = " \t\n\"<>\\,",
			  others[] = "'|;&()";
	const char *at = find_url(text), *user;
	char ends[sizeof(path) + sizeof(gaps) + sizeof(others)];
	size_t len;

	if (!at)
		return false;
	at += 3;
	(void)snprintf(ends, sizeof(ends), "%s%s", path, gaps);
	user = memrchr(at, '@', strcspn(at, ends));
	if (user)
		at = user + 1;
	(void)snprintf(ends, sizeof(ends), "%s%s%s", path, gaps, others);
	len = strcspn(at, ends);
	if (len > 0 && *at == '[') /* IPv6 */
		len = strcspn(at, "]");
	else if (memchr(at, ':', len))
		len = strcspn(at, ":");
	if (len > 1 && at[len - 1] == '.') /* the root */
		len--;
	if (len == 0 || len > BPOOL_KEY_MAX)
		return false;
	for (size_t i = 0; i < len; i++)
		key->text[i] = (char)tolower((unsigned char)at[i]);
	key->text[len] = '\0';
	return true;
}

static bool record_host(const struct record *record, struct pace_key *key)
{
	bool found = false;

	/* Columns by themselves: a comma between them is not the host's. */
	for (size_t i = 0; i < record->nvalues && !found; i++)
		found = find_host(record->values[i], key);
	return found || (record->line && find_host(record->line, key));
}

int pace_terms(const struct pace *pace, const struct record *record,
	       uint64_t number, struct bpool_job *terms, struct pace_key *key)
{
	struct filling f = { .record = record, .turn = { .job = number } };
	char *text;

	if (!pace->limit)
		return 0;
	if (pace->options->key_host) {
		if (!record_host(record, key))
			return 0; /* that of no key */
	} else {
		text = filling_text(&f, pace->syntax, pace->options->key);
		if (!text)
			return -ENOMEM;
		key_set(key, text);
		free(text);
	}
	terms->limit = pace->limit;
	terms->key = key->text;
	return 0;
}

static uint64_t paused_ns(struct bpool_limit *limit, const char *key)
{
	struct bpool_limit_stats stats = { .size = sizeof(stats) };

	if (!limit || bpool_limit_stats(limit, key, &stats))
		return 0;
	return stats.paused_ns;
}

int64_t pace_paused_ms(const struct pace *pace, uint64_t refusals)
{
	struct bpool_stats stats = { .size = sizeof(stats) };
	uint64_t all, key = 0;

	(void)bpool_stats(pace->pool, &stats);
	if (stats.refused < refusals)
		return 1;
	all = paused_ns(bpool_limit_of(pace->pool), NULL);
	if (bpool_job_key())
		key = paused_ns(pace->limit, bpool_job_key());
	return (int64_t)(((key > all ? key : all) + 999999) / 1000000);
}
