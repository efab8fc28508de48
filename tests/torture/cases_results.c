/* SPDX-License-Identifier: MIT */
/* What comes back: futures, maps, groups, typed calls. */
#include "cases.h"

#include <errno.h>
#include <sched.h>
#include <string.h>

#include "faults.h"
#include "library.h"
#include "marks.h"

/* ---- Results -------------------------------------------------------------------- */

void case_futures(void)
{
	struct bpool *pool = pool_of(2, 3, NULL);
	struct mark marks[6] = { 0 };

	if (!pool)
		return;
	for (struct mark *mark = marks; mark < END(marks); mark++) {
		mark->result = (int)(mark - marks) - 2;
		mark_async(pool, mark);
	}
	for (struct mark *mark = marks; mark < END(marks); mark++)
		if (mark->accepted)
			MUST(mark_await(mark) != -ECANCELED);
	pool_end(pool);
	TOLD(marks);
}

static int future_in_time(struct bpool_future *future, uint64_t ns)
{
	struct timespec soon;
	int err;

	do {
		soon = bpool_after(ns);
		err = bpool_await(future, NULL, &soon);
	} while (err != -ETIMEDOUT && refused("bpool_await", err, -ENOMEM, 0));
	return err;
}

void case_futures_in_time(void)
{
	struct bpool *pool = pool_of(1, 3, NULL);
	atomic_bool go = false;
	struct mark marks[2] = { { .go = &go } };

	if (!pool)
		return;
	for (struct mark *mark = marks; mark < END(marks); mark++)
		mark_async(pool, mark);
	for (struct mark *mark = marks; mark < END(marks); mark++)
		MUST(!mark->accepted || future_in_time(&mark->future, MS) != 0);
	atomic_store(&go, true);
	for (struct mark *mark = marks; mark < END(marks); mark++)
		MUST(!mark->accepted ||
		     future_in_time(&mark->future, 100 * S) != -ETIMEDOUT ||
		     clock_fails());
	pool_end(pool);
	TOLD(marks);
}

#define ELEMENTS 6

struct mapping {
	struct bpool *pool;
	struct mark marks[ELEMENTS];
	int results[ELEMENTS];
	struct bpool_future future;
	atomic_bool done;
};

/* All ran, or none and nothing was touched. */
static int map_marks(struct mapping *mapping)
{
	struct mark *marks = mapping->marks;
	int err;

	for (int i = 0; i < ELEMENTS; i++) {
		mapping->results[i] = NO_RESULT;
		marks[i].result = i;
	}
	do
		err = bpool_map(mapping->pool, mark_job, marks, sizeof(*marks),
				ELEMENTS, mapping->results);
	while (refused("bpool_map", err, -ENOMEM, 0));
	for (int i = 0; i < ELEMENTS; i++) {
		MUST(mapping->results[i] == (err ? NO_RESULT : i));
		MUST(atomic_load(&marks[i].runs) == !err);
	}
	return err;
}

void case_map(void)
{
	struct mapping mapping = { .pool = pool_of(2, 3, NULL) };

	if (!mapping.pool)
		return;
	map_marks(&mapping);
	pool_end(mapping.pool);
}

static int mapping_job(void *arg)
{
	struct mapping *mapping = arg;
	int err = map_marks(mapping);

	atomic_store(&mapping->done, true);
	return err;
}

static void map_in_job(struct bpool *pool)
{
	struct mapping mapping = { .pool = pool };
	int err, result = NO_RESULT;

	if (!pool)
		return;
	do
		err = bpool_async(pool, &mapping.future, mapping_job, &mapping);
	while (refused("bpool_async", err, -ENOMEM, 0));
	while (!err && !atomic_load(&mapping.done))
		sched_yield();
	pool_end(pool);
	MUST(err || bpool_await(&mapping.future, &result, NULL) == 0);
	MUST(err || result == 0 || result == -ENOMEM);
}

void case_map_in_job(void)
{
	map_in_job(pool_of(1, 3, NULL));
}

/* It finds no room, and a rate. */
void case_map_on_the_spot(void)
{
	const struct bpool_limit_options limit = { .size = sizeof(limit),
						   .max_running = 1,
						   .rate = { 10000, S, 2 } };

	map_in_job(pool_of(2, 1, &limit));
}

/* ---- Groups ---------------------------------------------------------------------- */

/* -ENOENT, or what it was refused with; *n is how many were handed out. */
static int group_hand_out(struct bpool_group *group, size_t *n)
{
	struct bpool_future *none = (struct bpool_future *)group, *future;
	int err;

	for (*n = 0;; ++*n) {
		do {
			future = none;
			err = bpool_group_next(group, &future, NULL);
			MUST(!err || future == none);
		} while (err != -ENOENT &&
			 refused("bpool_group_next", err, -ENOMEM, 0));
		if (err)
			return err;
		err = bpool_await(future, NULL, NULL);
		MUST(err == 0 || err == -ECANCELED);
	}
}

static size_t accepted(const struct mark *marks, size_t n)
{
	size_t sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += marks[i].accepted;
	return sum;
}

static void group_begin(struct bpool_group *group, struct bpool *pool,
			int flags, struct mark *marks, size_t n)
{
	MUST(bpool_group_init(group, pool, flags) == 0);
	for (size_t i = 0; i < n; i++)
		mark_in_group(group, &marks[i]);
}

void case_as_completed(void)
{
	struct bpool *pool = pool_of(2, 3, NULL);
	struct bpool_group group;
	struct mark marks[6] = { 0 };
	size_t n;

	if (!pool)
		return;
	group_begin(&group, pool, 0, marks, COUNT(marks));
	if (group_hand_out(&group, &n) == -ENOENT)
		MUST(n == accepted(marks, COUNT(marks)));
	group_end(&group, pool);
	TOLD(marks);
}

void case_group_error(void)
{
	struct bpool *pool = pool_of(1, 6, NULL);
	struct bpool_group group;
	struct mark marks[5] = { 0 };
	int err;

	if (!pool)
		return;
	marks[1].result = -EIO;
	group_begin(&group, pool, BPOOL_CANCEL_ON_ERROR, marks, COUNT(marks));
	do
		err = bpool_group_wait(&group, NULL);
	while (err != -EIO && refused("bpool_group_wait", err, -ENOMEM, 0));
	MUST(err != 0 || !marks[1].accepted);
	group_end(&group, pool);
	TOLD_OR_CANCELLED(marks);
}

void case_group_cancel(void)
{
	struct bpool *pool = pool_of(1, 8, NULL);
	struct bpool_group group;
	atomic_bool go = false;
	struct mark marks[5] = { { .go = &go } }, late = { 0 };
	size_t n;

	if (!pool)
		return;
	group_begin(&group, pool, 0, marks, COUNT(marks));
	while (atomic_load(&marks[0].runs) == 0)
		sched_yield();
	MUST(bpool_group_cancel(&group) == 0);
	mark_in_group(&group, &late);
	MUST(!late.accepted);
	atomic_store(&go, true);
	if (group_hand_out(&group, &n) == -ENOENT)
		MUST(n == accepted(marks, COUNT(marks)));
	group_end(&group, pool);
	TOLD_OR_CANCELLED(marks);
	for (size_t i = 1; i < COUNT(marks); i++)
		MUST(atomic_load(&marks[i].runs) == 0);
}

/* ---- Typed calls ------------------------------------------------------------------ */

static int add(atomic_int *to, int n)
{
	return atomic_fetch_add(to, n);
}
BPOOL_TYPED(add, (atomic_int *, to), (int, n));

void case_typed(void)
{
	struct bpool *pool = pool_of(1, 2, NULL);
	struct bpool_group group;
	struct bpool_future futures[2] = { 0 };
	atomic_int sum = 0;
	int err, expected = 0;

	if (!pool)
		return;
	MUST(bpool_group_init(&group, pool, 0) == 0);
	do
		err = add_submit(pool, &sum, 1);
	while (refused("add_submit", err, -ENOMEM, 0));
	expected += !err * 1;
	do
		err = add_async(pool, &futures[0], &sum, 10);
	while (refused("add_async", err, -ENOMEM, 0));
	expected += !err * 10;
	do
		err = add_group_async(&group, &futures[1], &sum, 100);
	while (refused("add_group_async", err, -ENOMEM, 0));
	expected += !err * 100;
	group_end(&group, pool);
	MUST(atomic_load(&sum) == expected);
}
