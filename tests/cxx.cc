// SPDX-License-Identifier: MIT
// boundpool.h in C++: a gather, a typed call, and what an exception does.
#include <boundpool.h>

#include <cstdio>
#include <cstring>
#include <stdexcept>

static int square(void *arg)
{
	return *static_cast<int *>(arg) * *static_cast<int *>(arg);
}

static int join(const char *text, long n)
{
	return static_cast<int>(std::strlen(text)) + static_cast<int>(n);
}
BPOOL_TYPED(join, (const char *, text), (long, n));

static int thrower(void *)
{
	throw std::runtime_error("out of a job");
}

static int catcher(void *pool)
{
	try {
		return bpool_map(static_cast<bpool *>(pool), thrower, nullptr,
				 0, 1, nullptr);
	} catch (const std::exception &) {
		return 0; // must not come to this: see lib/call.h
	}
}

int main(int argc, char **argv)
{
	struct bpool_options options = {};
	struct bpool *pool;
	int args[] = {1, 2, 3}, results[3], result;
	bpool_future future = {};

	options.size = sizeof(options);
	options.workers = 1;
	if (bpool_create(&pool, &options) != 0)
		return 1;
	if (argc > 1) {
		bpool_fn *fn = std::strcmp(argv[1], "nested") ? thrower
							       : catcher;
		bpool_submit(pool, fn, pool);
		bpool_wait(pool, nullptr);
		std::puts("an exception passed");
		return 1;
	}
	if (bpool_map(pool, square, args, sizeof(*args), 3, results) != 0 ||
	    results[2] != 9)
		return 1;
	if (join_async(pool, &future, "abc", 4) != 0 ||
	    bpool_await(&future, &result, nullptr) != 0 || result != 7)
		return 1;
	return bpool_destroy(pool) != 0;
}
