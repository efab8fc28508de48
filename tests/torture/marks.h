/* SPDX-License-Identifier: MIT */
/* What the cases share: jobs that are marked, and calls that may be refused. */
#ifndef MARKS_H
#define MARKS_H

#include <boundpool.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#define MS UINT64_C(1000000)
#define S UINT64_C(1000000000)
#define COUNT(array) (sizeof(array) / sizeof(*(array)))
#define END(array) ((array) + COUNT(array))
#define NO_RESULT 77

/* A job, and what its submit came to. */
struct mark {
	struct bpool *pool;
	struct bpool_future future;
	const atomic_bool *go; /* NULL: at once */
	bool accepted;
	int result;
	atomic_int runs;
};

/* Jobs with a struct mark: this runs until it may go ... */
int mark_job(void *mark);
/* ... and this too, or until somebody sleeps for room. */
int slow_job(void *mark);
bool somebody_sleeps(const struct bpool *pool);

/* NULL: refused, and untouched. */
struct bpool *pool_with(const struct bpool_options *options);
struct bpool *pool_of(unsigned workers, size_t max_in_flight,
		      const struct bpool_limit_options *limit);
/* Sleep until all is finished; false: it could not be. */
bool pool_wait(struct bpool *pool);
void pool_end(struct bpool *pool);

void mark_submit(struct bpool *pool, bpool_fn *fn, struct mark *mark);
void mark_async(struct bpool *pool, struct mark *mark);
void mark_in_group(struct bpool_group *group, struct mark *mark);
void group_end(struct bpool_group *group, struct bpool *pool);
/* What bpool_await() says in the end. */
int mark_await(struct mark *mark);

/* What was accepted ran so often, and nothing else did. */
void marks_ran(struct mark *marks, size_t n, int times);
#define RAN_ONCE(marks) marks_ran(marks, COUNT(marks), 1)

/* Once the pool is destroyed: each that was accepted has its result, or, if it
 * may be, is cancelled and did not run. */
void marks_told(struct mark *marks, size_t n, bool cancelled);
#define TOLD(marks) marks_told(marks, COUNT(marks), false)
#define TOLD_OR_CANCELLED(marks) marks_told(marks, COUNT(marks), true)

#endif
