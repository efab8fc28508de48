/* SPDX-License-Identifier: MIT */
/*
 * libuv's uv_queue_work(): one pool in a program, of at most 1,024 threads, given
 * work by the thread of the loop alone.  Requests are of a list of `capacity`;
 * where none is free, the loop runs until one is.
 */
#include <stdio.h>
#include <stdlib.h>
#include <uv.h>

#include "peer.h"

struct request {
	uv_work_t work; /* first */
	void *arg;
	struct request *next;
};

static uv_loop_t loop;
static struct request *requests, *unused;
static work_fn *work;

static void run(uv_work_t *request)
{
	work(((struct request *)request)->arg);
}

static void done(uv_work_t *request, int status)
{
	struct request *r = (struct request *)request;

	(void)status;
	r->next = unused;
	unused = r;
}

static void submit(void *arg)
{
	struct request *r;

	while (!unused)
		uv_run(&loop, UV_RUN_ONCE);
	r = unused;
	unused = r->next;
	r->arg = arg;
	if (uv_queue_work(&loop, &r->work, run, done))
		abort();
}

static bool begin(unsigned workers, size_t capacity, work_fn *fn)
{
	char n[16];

	work = fn;
	snprintf(n, sizeof(n), "%u", workers);
	setenv("UV_THREADPOOL_SIZE", n, 1);
	requests = calloc(capacity, sizeof(*requests));
	if (!requests || uv_loop_init(&loop))
		return false;
	for (size_t i = 0; i < capacity; i++) {
		requests[i].next = unused;
		unused = &requests[i];
	}
	return true;
}

static void end(void)
{
	uv_run(&loop, UV_RUN_DEFAULT);
	uv_loop_close(&loop);
	free(requests);
}

struct peer peer = {
	.one_producer = true,
	.most = 1024,
	.begin = begin,
	.submit = submit,
	.end = end,
};
