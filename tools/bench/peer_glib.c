/* SPDX-License-Identifier: MIT */
/* GLib's GThreadPool, exclusive, and bounded from outside. */
#include <glib.h>
#include <stdlib.h>

#include "bound.h"
#include "peer.h"

static GThreadPool *pool;
static work_fn *work;
static char nothing; /* NULL is no job there */

static void run(gpointer arg, gpointer unused)
{
	(void)unused;
	work(arg == &nothing ? NULL : arg);
	bound_give();
}

static bool begin(unsigned workers, size_t capacity, work_fn *fn)
{
	work = fn;
	bound_begin(capacity);
	pool = g_thread_pool_new(run, NULL, (gint)workers, TRUE, NULL);
	return pool && g_thread_pool_get_num_threads(pool) == workers;
}

static void submit(void *arg)
{
	bound_take();
	if (!g_thread_pool_push(pool, arg ? arg : &nothing, NULL))
		abort();
}

static void end(void)
{
	bound_end();
	g_thread_pool_free(pool, FALSE, TRUE);
}

struct peer peer = { .begin = begin, .submit = submit, .end = end };
