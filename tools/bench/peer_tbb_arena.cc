// SPDX-License-Identifier: MIT
// oneTBB's task_arena::enqueue(), bounded from outside.
#include <optional>
#include <tbb/global_control.h>
#include <tbb/task_arena.h>

#include "bound.h"
#include "peer.h"

static std::optional<tbb::global_control> control;
static std::optional<tbb::task_arena> arena;
static work_fn *work;

static bool begin(unsigned workers, size_t capacity, work_fn *fn)
{
	work = fn;
	bound_begin(capacity);
	control.emplace(tbb::global_control::max_allowed_parallelism,
			workers + 1);
	// None of its places is kept for who submits.
	arena.emplace((int)workers, 0);
	arena->initialize();
	return true;
}

static void submit(void *arg)
{
	bound_take();
	arena->enqueue([arg] {
		work(arg);
		bound_give();
	});
}

static void end(void)
{
	bound_end();
	arena->terminate();
	arena.reset();
	control.reset();
}

struct peer peer = { .begin = begin, .submit = submit, .end = end };
