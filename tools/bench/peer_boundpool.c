/* SPDX-License-Identifier: MIT */
#include <boundpool.h>
#include <stdlib.h>

#include "peer.h"

static struct bpool *pool;
static work_fn *work;

static int run(void *arg)
{
	work(arg);
	return 0;
}

static bool begin(unsigned workers, size_t capacity, work_fn *fn)
{
	struct bpool_options options = { .size = sizeof(options),
					 .workers = workers,
					 .max_in_flight = capacity };

	work = fn;
	return bpool_create(&pool, &options) == 0;
}

static void submit(void *arg)
{
	if (bpool_submit(pool, run, arg))
		abort();
}

static void end(void)
{
	if (bpool_destroy(pool))
		abort();
}

static void gather(void *args, size_t size, size_t n)
{
	if (bpool_map(pool, run, args, size, n, NULL))
		abort();
}

const struct peer peer = { .begin = begin,
			   .submit = submit,
			   .end = end,
			   .gather = gather };
