// SPDX-License-Identifier: MIT
// oneTBB's concurrent_bounded_queue, and threads that pop from it.
#include <optional>
#include <tbb/concurrent_queue.h>
#include <thread>
#include <vector>

#include "peer.h"

static std::optional<tbb::concurrent_bounded_queue<void *>> queue;
static std::vector<std::thread> threads;
static work_fn *work;
static char ending; // its address, in place of an argument, ends a worker

static void run()
{
	void *arg;

	for (;;) {
		queue->pop(arg);
		if (arg == &ending)
			return;
		work(arg);
	}
}

static bool begin(unsigned workers, size_t capacity, work_fn *fn)
{
	work = fn;
	queue.emplace();
	queue->set_capacity((std::ptrdiff_t)capacity);
	for (unsigned i = 0; i < workers; i++)
		threads.emplace_back(run);
	return true;
}

static void submit(void *arg)
{
	queue->push(arg);
}

static void end(void)
{
	for (size_t i = 0; i < threads.size(); i++)
		queue->push(&ending);
	for (auto &thread : threads)
		thread.join();
	threads.clear();
	queue.reset();
}

struct peer peer = { .begin = begin, .submit = submit, .end = end };
