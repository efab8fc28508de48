/* SPDX-License-Identifier: MIT */
/* Calls from inside a job: they help, or are refused, and never hang. */
#include "support.h"

/* One job that makes one call and keeps what it was told. */
struct inside {
	struct bpool *pool;
	struct bpool_future *future;
	struct bpool_group *group;
	int err;
};

static int nothing(void *arg)
{
	(void)arg;
	return 0;
}

static int submit_inside(void *arg)
{
	struct inside *inside = arg;

	inside->err = bpool_submit(inside->pool, nothing, NULL);
	return 0;
}

START_TEST(submit_from_a_job_while_full_is_refused_at_once)
{
	struct inside inside = { .pool = pool_of(1, 1), .err = 1 };

	ck_assert_int_eq(bpool_submit(inside.pool, submit_inside, &inside), 0);
	ck_assert_int_eq(bpool_wait(inside.pool, NULL), 0);
	ck_assert_int_eq(inside.err, -EDEADLK);
	ck_assert_int_eq(bpool_destroy(inside.pool), 0);
}
END_TEST

START_TEST(submit_from_a_job_with_room_is_accepted)
{
	struct inside inside = { .pool = pool_of(1, 2), .err = 1 };

	ck_assert_int_eq(bpool_submit(inside.pool, submit_inside, &inside), 0);
	ck_assert_int_eq(bpool_wait(inside.pool, NULL), 0);
	ck_assert_int_eq(inside.err, 0);
	ck_assert_int_eq(bpool_destroy(inside.pool), 0);
}
END_TEST

static int try_inside(void *arg)
{
	struct inside *inside = arg;

	inside->err = bpool_try_submit(inside->pool, nothing, NULL);
	return 0;
}

START_TEST(try_submit_from_a_job_while_full_says_again)
{
	struct inside inside = { .pool = pool_of(1, 1), .err = 1 };

	ck_assert_int_eq(bpool_submit(inside.pool, try_inside, &inside), 0);
	ck_assert_int_eq(bpool_wait(inside.pool, NULL), 0);
	ck_assert_int_eq(inside.err, -EAGAIN);
	ck_assert_int_eq(bpool_destroy(inside.pool), 0);
}
END_TEST

static int wait_inside(void *arg)
{
	struct inside *inside = arg;

	inside->err = bpool_wait(inside->pool, NULL);
	return bpool_destroy(inside->pool);
}

START_TEST(wait_and_destroy_from_a_job_are_refused)
{
	struct inside inside = { .pool = pool_of(1, 2), .err = 1 };
	struct bpool_future future = { 0 };
	int result = 0;

	ck_assert_int_eq(
		bpool_async(inside.pool, &future, wait_inside, &inside), 0);
	ck_assert_int_eq(bpool_await(&future, &result, NULL), 0);
	ck_assert_int_eq(inside.err, -EDEADLK);
	ck_assert_int_eq(result, -EDEADLK);
	ck_assert_int_eq(bpool_destroy(inside.pool), 0);
}
END_TEST

static int close_inside(void *arg)
{
	struct inside *inside = arg;

	inside->err = bpool_close(inside->pool, BPOOL_CANCEL);
	return bpool_cancelled();
}

START_TEST(close_from_a_job_is_fine)
{
	struct inside inside = { .pool = pool_of(1, 2), .err = 1 };
	struct bpool_future future = { 0 };
	int result = 0;

	ck_assert_int_eq(
		bpool_async(inside.pool, &future, close_inside, &inside), 0);
	ck_assert_int_eq(bpool_await(&future, &result, NULL), 0);
	ck_assert_int_eq(inside.err, 0);
	ck_assert_int_eq(result, 1);
	ck_assert_int_eq(bpool_destroy(inside.pool), 0);
}
END_TEST

/* Fibonacci numbers, the slow way: every job waits for two more. */
struct fib {
	struct bpool *pool;
	int n;
};

static int fib_await(void *arg)
{
	struct fib *fib = arg;
	struct fib less[] = { { fib->pool, fib->n - 1 },
			      { fib->pool, fib->n - 2 } };
	struct bpool_future futures[2] = { 0 };
	struct bpool_group group;
	int results[2];

	if (fib->n < 2)
		return fib->n;
	if (bpool_group_init(&group, fib->pool, 0) != 0)
		return -1000000;
	for (int i = 0; i < 2; i++)
		if (bpool_group_async(&group, &futures[i], fib_await,
				      &less[i]) != 0)
			results[i] = fib_await(&less[i]);
		else if (bpool_await(&futures[i], &results[i], NULL) != 0)
			return -1000000;
	bpool_group_wait(&group, NULL);
	bpool_group_fini(&group);
	return results[0] + results[1];
}

static int fib_map(void *arg)
{
	struct fib *fib = arg;
	struct fib less[] = { { fib->pool, fib->n - 1 },
			      { fib->pool, fib->n - 2 } };
	int results[2];

	if (fib->n < 2)
		return fib->n;
	if (bpool_map(fib->pool, fib_map, less, sizeof(*less), 2, results) < 0)
		return -1000000;
	return results[0] + results[1];
}

static void run_fib(bpool_fn *fn)
{
	static const struct {
		unsigned workers;
		size_t room;
	} shapes[] = { { 1, 1 }, { 1, 2 },  { 2, 2 },
		       { 2, 3 }, { 3, 64 }, { 4, 1024 } };

	for (size_t i = 0; i < COUNT(shapes); i++) {
		struct bpool *pool = pool_of(shapes[i].workers, shapes[i].room);
		struct fib fib = { pool, 15 };
		struct bpool_stats stats;
		struct bpool_future future = { 0 };
		int result;

		ck_assert_int_eq(bpool_async(pool, &future, fn, &fib), 0);
		ck_assert_int_eq(bpool_await(&future, &result, NULL), 0);
		ck_assert_int_eq(result, 610);
		ck_assert_int_eq(bpool_wait(pool, NULL), 0);
		stats = stats_of(pool);
		ck_assert_uint_eq(stats.submitted, stats.finished);
		ck_assert_uint_le(stats.in_flight_peak, shapes[i].room);
		ck_assert_int_eq(bpool_destroy(pool), 0);
	}
}

START_TEST(jobs_that_await_jobs_help_and_never_hang)
{
	run_fib(fib_await);
}
END_TEST

START_TEST(jobs_that_map_over_jobs_help_and_never_hang)
{
	run_fib(fib_map);
}
END_TEST

static int await_inside(void *arg)
{
	struct inside *inside = arg;

	inside->err = bpool_await(inside->future, NULL, NULL);
	return 0;
}

START_TEST(a_job_that_awaits_itself_is_refused)
{
	struct bpool_future future = { 0 };
	struct inside inside = { .pool = pool_of(2, 4),
				 .future = &future,
				 .err = 1 };

	ck_assert_int_eq(
		bpool_async(inside.pool, &future, await_inside, &inside), 0);
	ck_assert_int_eq(bpool_await(&future, NULL, NULL), 0);
	ck_assert_int_eq(inside.err, -EDEADLK);
	ck_assert_int_eq(bpool_destroy(inside.pool), 0);
}
END_TEST

/* Two jobs, each of which waits until both run, then awaits the other. */
struct circle {
	struct inside inside;
	pthread_barrier_t *both;
};

static int circle_job(void *arg)
{
	struct circle *circle = arg;

	pthread_barrier_wait(circle->both);
	return await_inside(&circle->inside);
}

START_TEST(of_two_jobs_that_await_each_other_one_is_refused)
{
	for (int round = 0; round < MANY(200); round++) {
		struct bpool *pool = pool_of(2, 4);
		struct bpool_future futures[2] = { 0 };
		struct circle circles[2];
		pthread_barrier_t both;

		pthread_barrier_init(&both, NULL, 2);
		for (int i = 0; i < 2; i++) {
			circles[i] = (struct circle){
				.inside = { .pool = pool,
					    .future = &futures[1 - i],
					    .err = 1 },
				.both = &both
			};
			ck_assert_int_eq(bpool_async(pool, &futures[i],
						     circle_job, &circles[i]),
					 0);
		}
		for (int i = 0; i < 2; i++)
			ck_assert_int_eq(bpool_await(&futures[i], NULL, NULL),
					 0);
		/* Whoever came second was told, and the first got it all; or
		 * the first was done before the second looked. */
		ck_assert(circles[0].inside.err != circles[1].inside.err);
		ck_assert_int_eq(circles[0].inside.err + circles[1].inside.err,
				 -EDEADLK);
		ck_assert_int_eq(bpool_destroy(pool), 0);
		pthread_barrier_destroy(&both);
	}
}
END_TEST

static int group_wait_inside(void *arg)
{
	struct inside *inside = arg;

	inside->err = bpool_group_wait(inside->group, NULL);
	return 0;
}

START_TEST(a_job_that_waits_for_its_own_group_is_refused)
{
	struct bpool_future future = { 0 };
	struct bpool_group group;
	struct inside inside = { .pool = pool_of(2, 4),
				 .group = &group,
				 .err = 1 };

	ck_assert_int_eq(bpool_group_init(&group, inside.pool, 0), 0);
	ck_assert_int_eq(bpool_group_async(&group, &future, group_wait_inside,
					   &inside),
			 0);
	ck_assert_int_eq(bpool_await(&future, NULL, NULL), 0);
	ck_assert_int_eq(inside.err, -EDEADLK);
	ck_assert_int_eq(bpool_group_fini(&group), 0);
	ck_assert_int_eq(bpool_destroy(inside.pool), 0);
}
END_TEST

/* Of its own group a job may collect the others, but not itself. */
static int collect_inside(void *arg)
{
	struct inside *inside = arg;
	struct bpool_future *next;
	int n = 0;

	while ((inside->err = bpool_group_next(inside->group, &next, NULL)) ==
	       0)
		n++;
	return n;
}

START_TEST(a_job_collects_its_group_on_the_spot_up_to_itself)
{
	struct bpool *pool = pool_of(1, 8);
	struct bpool_future first = { 0 }, others[3] = { 0 };
	struct bpool_group group;
	struct inside inside = { .pool = pool, .group = &group, .err = 1 };
	struct gate gate;
	atomic_int count = 0;
	int result;

	gate_init(&gate, 0);
	ck_assert_int_eq(bpool_group_init(&group, pool, 0), 0);
	ck_assert_int_eq(bpool_submit(pool, gate_job, &gate), 0);
	gate_await(&gate, 1);
	ck_assert_int_eq(
		bpool_group_async(&group, &first, collect_inside, &inside), 0);
	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(bpool_group_async(&group, &others[i],
						   count_job, &count),
				 0);
	gate_open(&gate, 1);
	ck_assert_int_eq(bpool_await(&first, &result, NULL), 0);
	ck_assert_int_eq(result, 3);
	ck_assert_int_eq(inside.err, -EDEADLK);
	ck_assert_int_eq(atomic_load(&count), 3);
	ck_assert_int_eq(bpool_group_fini(&group), 0);
	ck_assert_int_eq(bpool_destroy(pool), 0);
}
END_TEST

static int fan_out(void *arg)
{
	struct inside *inside = arg;
	struct bpool_future futures[20] = { 0 };
	struct bpool_group group;
	atomic_int count = 0;

	if (bpool_group_init(&group, inside->pool, 0) != 0)
		return -1;
	for (int i = 0; i < 20; i++) {
		inside->err = bpool_group_async(&group, &futures[i], count_job,
						&count);
		if (inside->err == -EDEADLK)
			i--;
		else if (inside->err != 0)
			return -1;
	}
	if (bpool_group_wait(&group, NULL) != 0 ||
	    bpool_group_fini(&group) != 0)
		return -1;
	return atomic_load(&count);
}

START_TEST(group_async_from_a_job_makes_room_by_helping)
{
	struct inside inside = { .pool = pool_of(1, 2) };
	struct bpool_future future = { 0 };
	int result;

	ck_assert_int_eq(bpool_async(inside.pool, &future, fan_out, &inside),
			 0);
	ck_assert_int_eq(bpool_await(&future, &result, NULL), 0);
	ck_assert_int_eq(result, 20);
	ck_assert_int_eq(bpool_destroy(inside.pool), 0);
}
END_TEST

static int group_async_inside(void *arg)
{
	struct inside *inside = arg;

	inside->err =
		bpool_group_async(inside->group, inside->future, nothing, NULL);
	return 0;
}

START_TEST(group_async_from_a_job_while_full_with_nothing_to_help_is_refused)
{
	struct bpool_future future = { 0 };
	struct bpool_group group;
	struct inside inside = { .pool = pool_of(1, 1),
				 .future = &future,
				 .group = &group,
				 .err = 1 };

	ck_assert_int_eq(bpool_group_init(&group, inside.pool, 0), 0);
	ck_assert_int_eq(bpool_submit(inside.pool, group_async_inside, &inside),
			 0);
	ck_assert_int_eq(bpool_wait(inside.pool, NULL), 0);
	ck_assert_int_eq(inside.err, -EDEADLK);
	ck_assert_int_eq(bpool_future_fini(&future), 0);
	ck_assert_int_eq(bpool_group_fini(&group), 0);
	ck_assert_int_eq(bpool_destroy(inside.pool), 0);
}
END_TEST

/* An element of a map that awaits the job which maps. */
static int map_inside(void *arg)
{
	struct inside *inside = arg;
	int result;

	bpool_map(inside->pool, await_inside, inside, sizeof(*inside), 1,
		  &result);
	return inside->err;
}

START_TEST(an_element_that_awaits_the_job_that_maps_is_refused)
{
	struct bpool_future future = { 0 };
	struct inside inside = { .pool = pool_of(2, 4),
				 .future = &future,
				 .err = 1 };
	int result;

	ck_assert_int_eq(bpool_async(inside.pool, &future, map_inside, &inside),
			 0);
	ck_assert_int_eq(bpool_await(&future, &result, NULL), 0);
	ck_assert_int_eq(result, -EDEADLK);
	ck_assert_int_eq(bpool_destroy(inside.pool), 0);
}
END_TEST

static int timed_await_inside(void *arg)
{
	struct inside *inside = arg;
	struct timespec soon = bpool_after(20 * MS);

	inside->err = bpool_await(inside->future, NULL, &soon);
	return 0;
}

START_TEST(a_wait_with_a_deadline_ends_by_it_inside_a_job_too)
{
	struct bpool_future future = { 0 };
	struct inside inside = { .pool = pool_of(2, 4),
				 .future = &future,
				 .err = 1 };
	struct gate gate;

	gate_init(&gate, 0);
	ck_assert_int_eq(bpool_async(inside.pool, &future, gate_job, &gate), 0);
	gate_await(&gate, 1);
	ck_assert_int_eq(bpool_submit(inside.pool, timed_await_inside, &inside),
			 0);
	while (stats_of(inside.pool).in_flight > 1)
		sched_yield();
	ck_assert_int_eq(inside.err, -ETIMEDOUT);
	gate_open(&gate, 1);
	ck_assert_int_eq(bpool_destroy(inside.pool), 0);
}
END_TEST

START_TEST(a_job_of_one_pool_waits_for_another_pool)
{
	struct bpool *inner = pool_of(1, 2), *outer = pool_of(1, 2);
	struct bpool_future future = { 0 }, done = { 0 };
	struct inside inside = { .future = &future, .err = 1 };
	struct gate gate;

	gate_init(&gate, 0);
	ck_assert_int_eq(bpool_async(inner, &future, gate_job, &gate), 0);
	ck_assert_int_eq(bpool_async(outer, &done, await_inside, &inside), 0);
	pool_await_users(inner, 1);
	gate_open(&gate, 1);
	ck_assert_int_eq(bpool_await(&done, NULL, NULL), 0);
	ck_assert_int_eq(inside.err, 0);
	ck_assert_int_eq(bpool_destroy(outer), 0);
	ck_assert_int_eq(bpool_destroy(inner), 0);
}
END_TEST

int main(void)
{
	return TESTS_RUN(
		"nested", submit_from_a_job_while_full_is_refused_at_once,
		submit_from_a_job_with_room_is_accepted,
		try_submit_from_a_job_while_full_says_again,
		wait_and_destroy_from_a_job_are_refused,
		close_from_a_job_is_fine,
		jobs_that_await_jobs_help_and_never_hang,
		jobs_that_map_over_jobs_help_and_never_hang,
		a_job_that_awaits_itself_is_refused,
		of_two_jobs_that_await_each_other_one_is_refused,
		a_job_that_waits_for_its_own_group_is_refused,
		a_job_collects_its_group_on_the_spot_up_to_itself,
		group_async_from_a_job_makes_room_by_helping,
		group_async_from_a_job_while_full_with_nothing_to_help_is_refused,
		an_element_that_awaits_the_job_that_maps_is_refused,
		a_wait_with_a_deadline_ends_by_it_inside_a_job_too,
		a_job_of_one_pool_waits_for_another_pool);
}
