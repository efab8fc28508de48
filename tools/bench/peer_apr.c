/* SPDX-License-Identifier: MIT */
/* APR's thread pool, bounded from outside. */
#include <apr_general.h>
#include <apr_thread_pool.h>
#include <stdlib.h>

#include "bound.h"
#include "peer.h"

static apr_pool_t *memory;
static apr_thread_pool_t *pool;
static work_fn *work;

static void *APR_THREAD_FUNC run(apr_thread_t *thread, void *arg)
{
	(void)thread;
	work(arg);
	bound_give();
	return NULL;
}

static bool begin(unsigned workers, size_t capacity, work_fn *fn)
{
	work = fn;
	bound_begin(capacity);
	return apr_initialize() == APR_SUCCESS &&
	       apr_pool_create(&memory, NULL) == APR_SUCCESS &&
	       apr_thread_pool_create(&pool, workers, workers, memory) ==
		       APR_SUCCESS;
}

static void submit(void *arg)
{
	bound_take();
	if (apr_thread_pool_push(pool, run, arg,
				 APR_THREAD_TASK_PRIORITY_NORMAL, NULL))
		abort();
}

static void end(void)
{
	bound_end();
	apr_thread_pool_destroy(pool);
	apr_pool_destroy(memory);
	apr_terminate();
}

struct peer peer = { .begin = begin, .submit = submit, .end = end };
