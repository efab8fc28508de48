/* SPDX-License-Identifier: MIT */
#include <boundpool.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "peer.h"

#define KEYS 16u

/* ---- Jobs as they are --------------------------------------------------- */

static struct bpool *pool;
static work_fn *work;

static int run(void *arg)
{
	work(arg);
	return 0;
}

static void submit_plain(void *arg)
{
	if (bpool_submit(pool, run, arg))
		abort();
}

/* ---- Jobs on terms -------------------------------------------------------- */

static struct bpool_limit *limit;
static struct bpool_job job_terms;

static void submit_on_terms(void *arg)
{
	if (bpool_submit_with(pool, run, arg, &job_terms))
		abort();
}

static void submit_with_key(void *arg)
{
	static _Thread_local unsigned n;
	struct bpool_job terms = { .limit = limit };
	char key[8];

	snprintf(key, sizeof(key), "%u", n++ % KEYS);
	terms.key = key;
	if (bpool_submit_with(pool, run, arg, &terms))
		abort();
}

/* Once in vain, then again. */
static int run_again(void *arg)
{
	if (bpool_job_attempt() == 1)
		return -1;
	work(arg);
	return 0;
}

static void submit_to_fail(void *arg)
{
	if (bpool_submit_with(pool, run_again, arg, &job_terms))
		abort();
}

static const struct bpool_retry twice = { .attempts = 2,
					  .base_ns = 1,
					  .cap_ns = 1 };

static const struct terms {
	const char *name;
	void (*submit)(void *arg);
	unsigned of_pool, of_key; /* at once; 0: no such limit */
	struct bpool_job job;
} all_terms[] = {
	{ "none", submit_plain, 0, 0, { 0 } },
	/* Limits that never hold anybody back ... */
	{ "limit", submit_plain, 1000000, 0, { 0 } },
	{ "keys", submit_with_key, 0, 1000000, { 0 } },
	/* ... and one at which all but one are parked. */
	{ "parked", submit_plain, 1, 0, { 0 } },
	{ "delayed", submit_on_terms, 0, 0, { .delay_ns = 1 } },
	{ "retry", submit_on_terms, 0, 0, { .retry = &twice } },
	{ "retried", submit_to_fail, 0, 0, { .retry = &twice } },
};
static const struct terms *terms = all_terms;

static bool on_terms(const char *name)
{
	size_t n = sizeof(all_terms) / sizeof(*all_terms);

	for (terms = all_terms; strcmp(terms->name, name) != 0;)
		if (++terms == all_terms + n)
			return false;
	job_terms = terms->job;
	peer.submit = terms->submit;
	return true;
}

/* ---- The pool ------------------------------------------------------------- */

static bool begin(unsigned workers, size_t capacity, work_fn *fn)
{
	struct bpool_limit_options of_pool = { .size = sizeof(of_pool),
					       .max_running = terms->of_pool };
	struct bpool_limit_options of_key = { .size = sizeof(of_key),
					      .max_running = terms->of_key };
	struct bpool_options options = {
		.size = sizeof(options),
		.workers = workers,
		.max_in_flight = capacity,
		.limit = terms->of_pool ? &of_pool : NULL,
		.retry_budget = { .least = UINT64_MAX / 2, .share = 1 },
	};

	work = fn;
	return bpool_create(&pool, &options) == 0 &&
	       (!terms->of_key ||
		bpool_limit_create(&limit, pool, &of_key) == 0);
}

/* As the others: all have run, and then it is taken down. */
static void end(void)
{
	if (bpool_wait(pool, NULL) || bpool_destroy(pool))
		abort();
}

static void gather(void *args, size_t size, size_t n)
{
	if (bpool_map(pool, run, args, size, n, NULL))
		abort();
}

struct peer peer = { .on_terms = on_terms,
		     .begin = begin,
		     .submit = submit_plain,
		     .end = end,
		     .gather = gather };
