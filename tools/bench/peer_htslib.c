/* SPDX-License-Identifier: MIT */
/* HTSlib's hts_tpool: a queue of bounded length, its results in order. */
#include <htslib/thread_pool.h>
#include <stdlib.h>

#include "peer.h"

static hts_tpool *pool;
static hts_tpool_process *queue;
static size_t bound;
static unsigned threads;
static work_fn *work;

static void *run(void *arg)
{
	work(arg);
	return arg;
}

static bool begin(unsigned workers, size_t capacity, work_fn *fn)
{
	work = fn;
	threads = workers;
	bound = capacity;
	pool = hts_tpool_init((int)workers);
	if (!pool)
		return false;
	queue = hts_tpool_process_init(pool, (int)capacity, 1);
	return queue;
}

static void submit(void *arg)
{
	if (hts_tpool_dispatch(pool, queue, run, arg))
		abort();
}

static void end(void)
{
	if (hts_tpool_process_flush(queue))
		abort();
	hts_tpool_process_destroy(queue);
	hts_tpool_destroy(pool);
}

/* In a queue that keeps results, which come in order and have to be taken. */
static void gather(void *args, size_t size, size_t n)
{
	hts_tpool_process *ordered =
		hts_tpool_process_init(pool, (int)bound, 0);
	size_t sent = 0, got = 0;
	hts_tpool_result *result;
	char *all = args;

	if (!ordered)
		abort();
	while (got < n) {
		while (sent < n &&
		       hts_tpool_dispatch2(pool, ordered, run,
					   all + sent * size, 1) == 0)
			sent++;
		result = hts_tpool_next_result_wait(ordered);
		if (!result ||
		    hts_tpool_result_data(result) != (void *)(all + got * size))
			abort();
		hts_tpool_delete_result(result, 0);
		got++;
	}
	hts_tpool_process_destroy(ordered);
}

struct peer peer = { .begin = begin,
		     .submit = submit,
		     .end = end,
		     .gather = gather };
