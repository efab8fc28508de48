/* SPDX-License-Identifier: MIT */
/* The floor: no pool, the call itself. */
#include "peer.h"

static work_fn *work;

static bool begin(unsigned workers, size_t capacity, work_fn *fn)
{
	(void)workers;
	(void)capacity;
	work = fn;
	return true;
}

static void submit(void *arg)
{
	work(arg);
}

static void end(void)
{
}

struct peer peer = {
	.one_producer = true,
	.most = 1,
	.begin = begin,
	.submit = submit,
	.end = end,
};
