/* SPDX-License-Identifier: MIT */
/* Limits, retries and terms as a pool keeps them, seen from inside the jobs. */
#include "support.h"

#include <time.h>

static struct bpool *limited_pool(unsigned workers, size_t max_in_flight,
				  const struct bpool_limit_options *limit)
{
	struct bpool_options options = { .size = sizeof(options),
					 .workers = workers,
					 .max_in_flight = max_in_flight,
					 .limit = limit };
	struct bpool *pool;

	ck_assert_int_eq(bpool_create(&pool, &options), 0);
	return pool;
}

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static uint64_t ns_of(const struct timespec *time)
{
	return (uint64_t)time->tv_sec * 1000000000u + (uint64_t)time->tv_nsec;
}

/* ---- How many ----------------------------------------------------------- */

START_TEST(as_many_of_a_key_run_as_may_and_no_more)
{
	static const unsigned most[] = { 1, 2, 5, 16, 64 };

	for (size_t i = 0; i < 20 * COUNT(most); i++) {
		unsigned n = most[i % COUNT(most)];
		struct bpool *pool = pool_of(n + 8, 0);
		struct bpool_limit *limit =
			limit_of(pool, LIMIT(.max_running = n));
		struct gate gate;

		gate_init(&gate, 0);
		for (int job = 0; job < 100; job++)
			with(pool, gate_job, &gate,
			     TERMS(.limit = limit, .key = "a"));
		gate_await(&gate, (int)n);
		ck_assert_uint_eq(key_stats(limit, "a").running, n);
		ck_assert_uint_eq(key_stats(limit, "a").waiting, 100 - n);
		gate_open(&gate, 100);
		ck_assert_int_eq(bpool_wait(pool, NULL), 0);
		ck_assert_int_eq(gate.peak, (int)n);
		ck_assert_int_eq(gate.runs, 100);
		bpool_destroy(pool);
	}
}
END_TEST

START_TEST(a_job_that_waits_for_its_limit_holds_no_worker)
{
	struct bpool *pool = pool_of(2, 0);
	struct bpool_limit *limit = limit_of(pool, LIMIT(.max_running = 1));
	struct gate slow;
	atomic_int runs = 0;

	gate_init(&slow, 0);
	for (int n = 0; n < 10; n++)
		with(pool, gate_job, &slow,
		     TERMS(.limit = limit, .key = "slow"));
	gate_await(&slow, 1);
	for (int n = 0; n < 20; n++) {
		with(pool, count_job, &runs,
		     TERMS(.limit = limit, .key = "free"));
		with(pool, count_job, &runs, NULL);
		with(pool, count_job, &runs, TERMS(.limit = limit));
	}
	while (atomic_load(&runs) < 60)
		sched_yield();
	ck_assert_int_eq(slow.runs, 1);
	gate_open(&slow, 10);
	bpool_destroy(pool);
	ck_assert_int_eq(slow.runs, 10);
	ck_assert_int_eq(slow.peak, 1);
}
END_TEST

START_TEST(a_limit_on_all_jobs_holds_plain_ones_too)
{
	struct bpool *pool = limited_pool(8, 0, LIMIT(.max_running = 3));
	struct bpool_limit *limit = limit_of(pool, LIMIT(.max_running = 2));
	struct bpool_future future = { 0 };
	struct gate gate;

	gate_init(&gate, 0);
	for (int n = 0; n < 20; n++) {
		ck_assert_int_eq(bpool_submit(pool, gate_job, &gate), 0);
		with(pool, gate_job, &gate, TERMS(.limit = limit, .key = "k"));
	}
	ck_assert_int_eq(bpool_async(pool, &future, gate_job, &gate), 0);
	gate_await(&gate, 3);
	ck_assert_uint_eq(key_stats(bpool_limit_of(pool), NULL).running, 3);
	ck_assert_uint_eq(key_stats(bpool_limit_of(pool), NULL).waiting, 38);
	ck_assert_uint_eq(stats_of(pool).ready, 38);
	gate_open(&gate, 41);
	ck_assert_int_eq(bpool_await(&future, NULL, NULL), 0);
	bpool_destroy(pool);
	ck_assert_int_eq(gate.peak, 3);
	ck_assert_int_eq(gate.runs, 41);
}
END_TEST

START_TEST(a_limit_changed_while_it_is_in_use_holds_from_then_on)
{
	struct bpool *pool = limited_pool(60, 0, LIMIT(.max_running = 5));
	struct bpool_limit *limit = bpool_limit_of(pool);
	struct gate gate;

	gate_init(&gate, 0);
	for (int n = 0; n < 100; n++)
		ck_assert_int_eq(bpool_submit(pool, gate_job, &gate), 0);
	gate_await(&gate, 5);
	ck_assert_int_eq(bpool_limit_set(limit, LIMIT(.max_running = 50)), 0);
	gate_await(&gate, 45);
	ck_assert_int_eq(gate.running, 50);
	/* Nobody is stopped, and no other starts before there is room. */
	ck_assert_int_eq(bpool_limit_set(limit, LIMIT(.max_running = 2)), 0);
	gate_open(&gate, 48);
	while (atomic_load(&gate.running) > 2)
		sched_yield();
	ck_assert_int_eq(gate.runs, 50);
	gate_open(&gate, 1);
	gate_await(&gate, 1);
	ck_assert_int_eq(gate.runs, 51);
	gate_open(&gate, 100);
	bpool_destroy(pool);
	ck_assert_int_eq(gate.peak, 50);
	ck_assert_int_eq(gate.runs, 100);
}
END_TEST

static int exit_job(void *arg)
{
	(void)arg;
	pthread_exit(NULL);
}

static int rand_job(void *arg)
{
	int what = (int)(intptr_t)arg % 7;

	if (what == 0)
		bpool_job_overloaded(NULL);
	return what == 1 ? -EIO : 0;
}

START_TEST(however_jobs_end_the_limit_is_the_same_afterwards)
{
	struct bpool *pool = limited_pool(8, 64, LIMIT(.max_running = 7));
	struct bpool_limit *limit =
		limit_of(pool, LIMIT(.max_running = 3, .pause_ns = 1000,
				     .pause_most_ns = 1000));
	struct bpool_group group;
	struct bpool_future futures[20];
	struct gate gate;

	gate_init(&gate, 0);
	for (int round = 0; round < 500; round++) {
		struct timespec soon = bpool_after(20000);

		memset(futures, 0, sizeof(futures));
		bpool_group_init(&group, pool, 0);
		for (size_t i = 0; i < COUNT(futures); i++)
			with(pool, rand_job, (void *)(i + (size_t)round),
			     TERMS(.limit = limit, .key = i % 2 ? "a" : "b",
				   .deadline = i % 3 ? NULL : &soon,
				   .future = &futures[i], .group = &group));
		if (round % 2)
			bpool_group_cancel(&group);
		if (round % 50 == 0 && !THREAD_SANITIZER)
			with(pool, exit_job, NULL,
			     TERMS(.limit = limit, .key = "a"));
		bpool_group_wait(&group, NULL);
		while (bpool_group_fini(&group) == -EBUSY)
			sched_yield();
	}
	ck_assert_int_eq(bpool_wait(pool, NULL), 0);
	for (int n = 0; n < 20; n++)
		with(pool, gate_job, &gate, TERMS(.limit = limit, .key = "a"));
	gate_await(&gate, 1); /* after a refusal, one alone */
	gate_open(&gate, 1);
	gate_await(&gate, 3);
	ck_assert_uint_eq(key_stats(limit, "a").running, 3);
	gate_open(&gate, 19);
	bpool_destroy(pool);
	ck_assert_int_eq(gate.peak, 3);
}
END_TEST

/* ---- When --------------------------------------------------------------- */

struct timed {
	atomic_uint_least64_t first; /* start of all */
	atomic_int runs;
};

static int timed_job(void *arg)
{
	struct timed *timed = arg;
	uint64_t none = 0;

	atomic_compare_exchange_strong(&timed->first, &none, now_ns());
	atomic_fetch_add(&timed->runs, 1);
	return 0;
}

START_TEST(no_more_starts_in_a_time_than_a_rate_allows)
{
	struct bpool *pool = pool_of(4, 0);
	struct bpool_limit *limit =
		limit_of(pool, LIMIT(.rate = { .starts = 10,
					       .period_ns = 100 * MS,
					       .burst = 4 }));
	struct timed timed = { 0 };
	uint64_t since = now_ns();

	/* 4 at once, and then one each 100 / 7 ms. */
	for (int n = 0; n < 18; n++)
		with(pool, timed_job, &timed, TERMS(.limit = limit));
	ck_assert_int_eq(bpool_wait(pool, NULL), 0);
	ck_assert_int_eq(timed.runs, 18);
	ck_assert_uint_ge(now_ns() - since, 14 * 100 * MS / 7);
	bpool_destroy(pool);
}
END_TEST

START_TEST(nothing_of_a_paused_key_starts_before_the_time)
{
	struct bpool *pool = pool_of(4, 0);
	struct bpool_limit *limit = limit_of(pool, LIMIT(.max_running = 2));
	struct timed timed = { 0 }, other = { 0 };
	struct timespec until = bpool_after(1000 * MS);

	ck_assert_int_eq(bpool_limit_pause_until(limit, "k", &until), 0);
	for (int n = 0; n < 10; n++)
		with(pool, timed_job, &timed,
		     TERMS(.limit = limit, .key = "k"));
	with(pool, timed_job, &other, TERMS(.limit = limit, .key = "l"));
	while (atomic_load(&other.runs) == 0)
		sched_yield();
	ck_assert_uint_gt(key_stats(limit, "k").paused_ns, 0);
	ck_assert_int_eq(bpool_wait(pool, NULL), 0);
	ck_assert_int_eq(timed.runs, 10);
	ck_assert_uint_ge(timed.first, ns_of(&until));
	ck_assert_uint_eq(key_stats(limit, "k").pauses, 1);
	ck_assert_uint_eq(stats_of(pool).pauses, 1);
	bpool_destroy(pool);
}
END_TEST

START_TEST(a_delay_is_waited_for_without_a_worker)
{
	struct bpool *pool = pool_of(1, 0);
	struct timed late = { 0 }, soon = { 0 };
	uint64_t since = now_ns();

	with(pool, timed_job, &late, TERMS(.delay_ns = 50 * MS));
	with(pool, timed_job, &soon, NULL);
	ck_assert_int_eq(bpool_wait(pool, NULL), 0);
	ck_assert_uint_ge(late.first, since + 50 * MS);
	ck_assert_uint_lt(soon.first, late.first);
	/* Closed to new ones, it still comes. */
	with(pool, timed_job, &late, TERMS(.delay_ns = 20 * MS));
	bpool_destroy(pool);
	ck_assert_int_eq(late.runs, 2);
}
END_TEST

START_TEST(a_sooner_time_is_kept_while_a_later_one_is_waited_for)
{
	struct bpool *pool = pool_of(2, 0);
	struct timed late = { 0 }, soon = { 0 };

	with(pool, timed_job, &late, TERMS(.delay_ns = 3600000 * MS));
	/* Both workers are at rest, one of them until then. */
	while (pool_at_rest(pool) < 2)
		sched_yield();
	with(pool, timed_job, &soon, TERMS(.delay_ns = 10 * MS));
	while (atomic_load(&soon.runs) == 0)
		sched_yield();
	bpool_close(pool, BPOOL_CANCEL);
	bpool_destroy(pool);
	ck_assert_int_eq(late.runs, 0);
}
END_TEST

START_TEST(a_job_that_would_start_too_late_is_cancelled)
{
	struct bpool *pool = pool_of(2, 0);
	struct bpool_limit *limit = limit_of(pool, LIMIT(.max_running = 1));
	struct bpool_future future = { 0 };
	struct timespec deadline = bpool_after(20 * MS);
	struct gate gate;
	atomic_int runs = 0;

	gate_init(&gate, 0);
	with(pool, gate_job, &gate, TERMS(.limit = limit));
	with(pool, count_job, &runs,
	     TERMS(.limit = limit, .deadline = &deadline, .future = &future));
	ck_assert_int_eq(bpool_await(&future, NULL, NULL), -ECANCELED);
	ck_assert_uint_ge(now_ns(), ns_of(&deadline));
	ck_assert_uint_eq(stats_of(pool).cancelled, 1);
	gate_open(&gate, 1);
	bpool_destroy(pool);
	ck_assert_int_eq(runs, 0);
}
END_TEST

/* ---- And when again ----------------------------------------------------- */

struct tries {
	int attempts[8], n; /* what bpool_job_attempt() said */
	uint64_t times[8];  /* of starts */
	int results[8];	    /* what to return */
	bool overloaded[8]; /* what to say */
	uint64_t after_ns;  /* and when */
};

static int tries_job(void *arg)
{
	struct tries *tries = arg;
	int n = tries->n++;

	tries->times[n] = now_ns();
	tries->attempts[n] = bpool_job_attempt();
	if (tries->overloaded[n])
		bpool_job_retry_after(tries->after_ns);
	return tries->results[n];
}

static const struct bpool_retry thrice = { .attempts = 3, .base_ns = 1 };

START_TEST(a_failure_is_tried_again_as_often_as_asked)
{
	struct bpool *pool = pool_of(2, 0);
	struct bpool_future future = { 0 };
	struct tries fails = { .results = { -1, -2, -3, -4 } };
	struct tries comes = { .results = { -1, 7 } };
	struct tries once = { .results = { -1 } };
	int result;

	with(pool, tries_job, &fails,
	     TERMS(.retry = &thrice, .future = &future));
	ck_assert_int_eq(bpool_await(&future, &result, NULL), 0);
	ck_assert_int_eq(result, -3);
	ck_assert_int_eq(fails.n, 3);
	for (int n = 0; n < 3; n++)
		ck_assert_int_eq(fails.attempts[n], n + 1);
	with(pool, tries_job, &comes,
	     TERMS(.retry = &thrice, .future = &future));
	ck_assert_int_eq(bpool_await(&future, &result, NULL), 0);
	ck_assert_int_eq(result, 7);
	ck_assert_int_eq(comes.n, 2);
	with(pool, tries_job, &once, TERMS(.future = &future));
	ck_assert_int_eq(bpool_await(&future, &result, NULL), 0);
	ck_assert_int_eq(once.n, 1);
	ck_assert_int_eq(bpool_wait(pool, NULL), 0);
	ck_assert_uint_eq(stats_of(pool).retried, 3);
	ck_assert_uint_eq(stats_of(pool).finished, 3);
	ck_assert_uint_eq(stats_of(pool).failed, 2);
	bpool_destroy(pool);
}
END_TEST

START_TEST(being_refused_costs_no_attempt_and_is_never_early)
{
	struct bpool *pool = pool_of(2, 0);
	struct bpool_limit *limit = limit_of(pool, LIMIT(.max_running = 2));
	struct bpool_limit *none = NULL, *limits[] = { limit, none };

	for (size_t i = 0; i < COUNT(limits); i++) {
		struct tries tries = { .overloaded = { true, true, true },
				       .results = { -1, -1, -1, -5, 3 },
				       .after_ns = 20 * MS };
		struct bpool_future future = { 0 };
		int result;

		with(pool, tries_job, &tries,
		     TERMS(.limit = limits[i], .future = &future,
			   .retry = &(struct bpool_retry){ .attempts = 2,
							   .base_ns = 1 }));
		ck_assert_int_eq(bpool_await(&future, &result, NULL), 0);
		ck_assert_int_eq(result, 3);
		ck_assert_int_eq(tries.n, 5);
		for (int n = 1; n < 4; n++)
			ck_assert_uint_ge(tries.times[n] - tries.times[n - 1],
					  20 * MS);
	}
	ck_assert_uint_eq(stats_of(pool).refused, 6);
	ck_assert_uint_eq(key_stats(limit, NULL).refused, 3);
	bpool_destroy(pool);
}
END_TEST

START_TEST(who_is_asked_to_wait_for_too_long_is_not_tried_again)
{
	struct bpool *pool = pool_of(1, 0);
	struct bpool_limit *limit = limit_of(pool, LIMIT(.max_running = 2));
	struct tries tries = { .overloaded = { true },
			       .results = { -7 },
			       .after_ns = 301000 * MS };
	struct bpool_future future = { 0 };
	int result;

	with(pool, tries_job, &tries,
	     TERMS(.limit = limit, .retry = &thrice, .future = &future));
	ck_assert_int_eq(bpool_await(&future, &result, NULL), 0);
	ck_assert_int_eq(result, -7);
	/* Nor does anybody else wait for that. */
	ck_assert_uint_lt(key_stats(limit, NULL).paused_ns, 1000 * MS);
	bpool_destroy(pool);
}
END_TEST

static enum bpool_outcome http_outcome(int status)
{
	if (status == 429 || status == 503)
		return BPOOL_OVERLOADED;
	if (status == 404)
		return BPOOL_PERMANENT;
	return status >= 500 ? BPOOL_FAILED : BPOOL_OK;
}

START_TEST(what_a_result_means_is_the_callers_to_say)
{
	struct bpool *pool = pool_of(1, 0);
	struct tries tries = { .results = { 429, 500, 503, 404 } };
	struct bpool_future future = { 0 };
	int result;

	with(pool, tries_job, &tries,
	     TERMS(.future = &future,
		   .retry = &(struct bpool_retry){ .attempts = 2,
						   .base_ns = 1,
						   .outcome = http_outcome }));
	ck_assert_int_eq(bpool_await(&future, &result, NULL), 0);
	ck_assert_int_eq(result, 404);
	ck_assert_int_eq(tries.n, 4);
	ck_assert_uint_eq(stats_of(pool).refused, 2);
	/* One that is permanent is the last, whatever is left. */
	tries = (struct tries){ .results = { 404 } };
	with(pool, tries_job, &tries,
	     TERMS(.future = &future,
		   .retry = &(struct bpool_retry){ .attempts = 5,
						   .base_ns = 1,
						   .outcome = http_outcome }));
	ck_assert_int_eq(bpool_await(&future, &result, NULL), 0);
	ck_assert_int_eq(tries.n, 1);
	bpool_destroy(pool);
}
END_TEST

static int fail_job(void *runs)
{
	atomic_fetch_add((atomic_int *)runs, 1);
	return -EIO;
}

START_TEST(retries_of_all_jobs_together_have_a_budget)
{
	struct bpool_options options = { .size = sizeof(options),
					 .workers = 3,
					 .retry_budget = { .least = 5,
							   .share = 0.1 } };
	struct bpool *pool;
	atomic_int runs = 0;

	ck_assert_int_eq(bpool_create(&pool, &options), 0);
	for (int n = 0; n < 100; n++)
		with(pool, fail_job, &runs, TERMS(.retry = &thrice));
	ck_assert_int_eq(bpool_wait(pool, NULL), 0);
	ck_assert_int_eq(runs, 115);
	ck_assert_uint_eq(stats_of(pool).retried, 15);
	bpool_destroy(pool);
}
END_TEST

static int twice_refused_job(void *arg)
{
	atomic_int *starts = arg;

	atomic_fetch_add(starts, 1);
	if (bpool_job_attempt() <= 2)
		bpool_job_overloaded(NULL);
	return 0;
}

START_TEST(jobs_refused_twice_start_three_times_each_in_the_records_they_have)
{
	struct bpool *pool = pool_of(4, 4);
	struct bpool_limit *limit =
		limit_of(pool, LIMIT(.max_running = 4, .pause_ns = 1000));
	atomic_int starts = 0;

	for (int n = 0; n < 300; n++)
		with(pool, twice_refused_job, &starts,
		     TERMS(.limit = limit, .retry = &thrice));
	ck_assert_int_eq(bpool_wait(pool, NULL), 0);
	ck_assert_int_eq(starts, 900);
	ck_assert_uint_le(stats_of(pool).in_flight_peak, 4);
	bpool_destroy(pool);
}
END_TEST

START_TEST(cancelled_while_it_waits_to_be_tried_again_it_has_its_last_result)
{
	struct bpool *pool = pool_of(1, 0);
	struct bpool_future future = { 0 };
	struct tries tries = { .results = { -9 } };
	struct bpool_retry later = { .attempts = 3,
				     .base_ns = 3600000 * MS,
				     .cap_ns = 3600000 * MS };
	int result;

	with(pool, tries_job, &tries,
	     TERMS(.retry = &later, .future = &future));
	while (stats_of(pool).retried == 0)
		sched_yield();
	ck_assert_int_eq(bpool_close(pool, BPOOL_CANCEL), 0);
	ck_assert_int_eq(bpool_await(&future, &result, NULL), 0);
	ck_assert_int_eq(result, -9);
	bpool_destroy(pool);
}
END_TEST

/* ---- Keys --------------------------------------------------------------- */

static int key_job(void *arg)
{
	const char *want = arg, *is = bpool_job_key();

	return is && strcmp(is, want) == 0 && is != want ? 0 : -EINVAL;
}

START_TEST(a_job_knows_its_key)
{
	struct bpool *pool = pool_of(2, 0);
	struct bpool_limit *limit = limit_of(pool, LIMIT(.max_running = 1));
	char one[] = "one", none[] = "";

	ck_assert_ptr_null(bpool_job_key());
	with(pool, key_job, one, TERMS(.limit = limit, .key = one));
	with(pool, key_job, none, TERMS(.limit = limit, .key = none));
	ck_assert_int_eq(bpool_wait(pool, NULL), 0);
	ck_assert_uint_eq(stats_of(pool).failed, 0);
	with(pool, key_job, one, TERMS(.limit = limit));
	ck_assert_int_eq(bpool_wait(pool, NULL), 0);
	ck_assert_uint_eq(stats_of(pool).failed, 1);
	bpool_destroy(pool);
}
END_TEST

START_TEST(endlessly_many_keys_pass_through_a_small_table)
{
	struct bpool *pool = pool_of(4, 0);
	struct bpool_limit *limit =
		limit_of(pool, LIMIT(.max_running = 1, .max_keys = 16));
	atomic_int runs = 0;

	for (int n = 0; n < 20000; n++) {
		char key[16];

		snprintf(key, sizeof(key), "key %d", n);
		with(pool, count_job, &runs, TERMS(.limit = limit, .key = key));
	}
	ck_assert_int_eq(bpool_wait(pool, NULL), 0);
	ck_assert_int_eq(runs, 20000);
	ck_assert_uint_eq(key_stats(limit, "key 0").started, 0);
	ck_assert_uint_eq(key_stats(limit, "key 19999").started, 1);
	ck_assert_uint_eq(key_stats(limit, NULL).keys, 0);
	bpool_destroy(pool);
}
END_TEST

START_TEST(while_all_keys_are_in_use_a_submit_on_another_sleeps)
{
	struct bpool *pool = pool_of(4, 0);
	struct bpool_limit *limit =
		limit_of(pool, LIMIT(.max_running = 1, .max_keys = 2));
	atomic_int runs = 0;
	struct comer third = { .pool = pool,
			       .runs = &runs,
			       .job = { .limit = limit, .key = "c" } };
	struct gate gate;

	gate_init(&gate, 0);
	with(pool, gate_job, &gate, TERMS(.limit = limit, .key = "a"));
	with(pool, gate_job, &gate, TERMS(.limit = limit, .key = "b"));
	ck_assert_int_eq(bpool_try_submit_with(pool, count_job, &runs,
					       &third.job),
			 -EAGAIN);
	comer_start(&third);
	pool_await_users(pool, 1);
	/* Keys that are known go on, and so does what has none. */
	with(pool, gate_job, &gate, TERMS(.limit = limit, .key = "a"));
	with(pool, gate_job, &gate, TERMS(.limit = limit));
	gate_open(&gate, 4);
	ck_assert_int_eq(comer_join(&third), 0);
	bpool_destroy(pool);
	ck_assert_int_eq(runs, 1);
	ck_assert_int_eq(gate.runs, 4);
}
END_TEST

START_TEST(max_queued_holds_back_its_key_alone)
{
	struct bpool *pool = pool_of(4, 0);
	struct bpool_limit *limit =
		limit_of(pool, LIMIT(.max_running = 1, .max_queued = 3));
	atomic_int runs = 0;
	struct comer fifth = { .pool = pool,
			       .runs = &runs,
			       .job = { .limit = limit, .key = "a" } };
	struct gate gate;

	gate_init(&gate, 0);
	with(pool, gate_job, &gate, TERMS(.limit = limit, .key = "a"));
	gate_await(&gate, 1);
	for (int n = 0; n < 3; n++)
		with(pool, gate_job, &gate, TERMS(.limit = limit, .key = "a"));
	ck_assert_int_eq(bpool_try_submit_with(pool, count_job, &runs,
					       &fifth.job),
			 -EAGAIN);
	comer_start(&fifth);
	pool_await_users(pool, 1);
	with(pool, count_job, &runs, TERMS(.limit = limit, .key = "b"));
	gate_open(&gate, 1);
	ck_assert_int_eq(comer_join(&fifth), 0);
	gate_open(&gate, 3);
	bpool_destroy(pool);
	ck_assert_int_eq(runs, 2);
}
END_TEST

START_TEST(close_wakes_producers_that_wait_for_a_key)
{
	struct bpool *pool = pool_of(2, 0);
	struct bpool_limit *limit = limit_of(
		pool, LIMIT(.max_running = 1, .max_queued = 1, .max_keys = 1));
	atomic_int runs = 0;
	struct comer same = { .pool = pool,
			      .runs = &runs,
			      .job = { .limit = limit, .key = "a" } };
	struct comer other = { .pool = pool,
			       .runs = &runs,
			       .job = { .limit = limit, .key = "b" } };
	struct gate gate;

	gate_init(&gate, 0);
	with(pool, gate_job, &gate, TERMS(.limit = limit, .key = "a"));
	gate_await(&gate, 1);
	with(pool, gate_job, &gate, TERMS(.limit = limit, .key = "a"));
	comer_start(&same);
	comer_start(&other);
	pool_await_users(pool, 2);
	ck_assert_int_eq(bpool_limit_destroy(limit), -EBUSY);
	bpool_close(pool, BPOOL_DRAIN);
	ck_assert_int_eq(comer_join(&same), -EPIPE);
	ck_assert_int_eq(comer_join(&other), -EPIPE);
	gate_open(&gate, 2);
	bpool_destroy(pool);
	ck_assert_int_eq(gate.runs, 2);
}
END_TEST

/* ---- Ends --------------------------------------------------------------- */

START_TEST(cancel_reaches_jobs_wherever_they_wait)
{
	struct bpool *pool = limited_pool(2, 0, LIMIT(.max_running = 1));
	struct bpool_limit *limit = limit_of(pool, LIMIT(.max_running = 1));
	struct bpool_future futures[4] = { 0 };
	struct gate gate;
	atomic_int runs = 0;

	gate_init(&gate, 0);
	with(pool, gate_job, &gate, TERMS(.limit = limit, .key = "a"));
	gate_await(&gate, 1);
	with(pool, count_job, &runs,
	     TERMS(.limit = limit, .key = "a", .future = &futures[0]));
	with(pool, count_job, &runs,
	     TERMS(.limit = limit, .key = "b", .future = &futures[1]));
	with(pool, count_job, &runs,
	     TERMS(.delay_ns = 3600000 * MS, .future = &futures[2]));
	with(pool, count_job, &runs, TERMS(.future = &futures[3]));
	ck_assert_uint_eq(stats_of(pool).ready, 4);
	bpool_close(pool, BPOOL_CANCEL);
	for (size_t i = 0; i < COUNT(futures); i++)
		ck_assert_int_eq(bpool_await(&futures[i], NULL, NULL),
				 -ECANCELED);
	gate_open(&gate, 1);
	bpool_destroy(pool);
	ck_assert_int_eq(runs, 0);
}
END_TEST

static int release_job(void *arg)
{
	atomic_fetch_add((atomic_int *)arg, bpool_cancelled());
	return -EIO;
}

START_TEST(flush_calls_jobs_wherever_they_wait)
{
	struct bpool *pool = limited_pool(2, 0, LIMIT(.max_running = 1));
	struct bpool_limit *limit = limit_of(pool, LIMIT(.max_running = 1));
	struct bpool_retry later = { .attempts = 9,
				     .base_ns = 3600000 * MS,
				     .cap_ns = 3600000 * MS };
	struct tries tries = { .results = { -1, -2 } };
	struct bpool_future future = { 0 };
	struct timespec soon = bpool_after(3600000 * MS);
	struct gate gate;
	atomic_int released = 0;
	int result;

	gate_init(&gate, 0);
	with(pool, tries_job, &tries,
	     TERMS(.retry = &later, .future = &future));
	while (stats_of(pool).retried == 0)
		sched_yield();
	with(pool, gate_job, &gate, TERMS(.limit = limit, .key = "a"));
	gate_await(&gate, 1);
	with(pool, release_job, &released,
	     TERMS(.limit = limit, .key = "a", .retry = &later));
	with(pool, release_job, &released, TERMS(.limit = limit, .key = "b"));
	with(pool, release_job, &released,
	     TERMS(.delay_ns = 3600000 * MS, .deadline = &soon));
	with(pool, release_job, &released, TERMS(.retry = &later));
	ck_assert_int_eq(bpool_close(pool, BPOOL_FLUSH), 0);
	/* The other worker does it, while one still runs. */
	while (atomic_load(&released) < 4)
		sched_yield();
	ck_assert_int_eq(bpool_await(&future, &result, NULL), 0);
	ck_assert_int_eq(result, -2);
	gate_open(&gate, 1);
	bpool_destroy(pool);
	ck_assert_int_eq(released, 4);
	ck_assert_int_eq(gate.runs, 1);
}
END_TEST

START_TEST(flush_calls_what_runs_and_would_be_tried_again_once_more)
{
	struct bpool *pool = limited_pool(2, 0, LIMIT(.max_running = 2));
	struct bpool_retry later = { .attempts = 9,
				     .base_ns = 3600000 * MS,
				     .cap_ns = 3600000 * MS };
	struct bpool_future future = { 0 };
	struct gate gate;
	int result;

	gate_init(&gate, -7);
	with(pool, gate_job, &gate, TERMS(.retry = &later, .future = &future));
	gate_await(&gate, 1);
	ck_assert_int_eq(bpool_close(pool, BPOOL_FLUSH), 0);
	/* After that there is nothing to cancel. */
	ck_assert_int_eq(bpool_close(pool, BPOOL_CANCEL), 0);
	gate_open(&gate, 1);
	gate_await(&gate, 1);
	ck_assert_int_eq(bpool_close(pool, BPOOL_CANCEL), 0);
	gate_open(&gate, 1);
	ck_assert_int_eq(bpool_await(&future, &result, NULL), 0);
	ck_assert_int_eq(result, -7);
	ck_assert_uint_eq(stats_of(pool).in_flight, 0);
	bpool_destroy(pool);
	ck_assert_int_eq(gate.runs, 2);
}
END_TEST

START_TEST(a_drained_pool_ends_when_what_waited_is_cancelled)
{
	struct bpool *pool = pool_of(2, 0);
	struct bpool_future future = { 0 };
	struct bpool_group group;
	atomic_int runs = 0;

	bpool_group_init(&group, pool, 0);
	with(pool, count_job, &runs,
	     TERMS(.delay_ns = 3600000 * MS, .future = &future,
		   .group = &group));
	bpool_close(pool, BPOOL_DRAIN);
	bpool_group_cancel(&group);
	bpool_group_fini(&group);
	bpool_destroy(pool);
	ck_assert_int_eq(runs, 0);
}
END_TEST

/* ---- Waiting inside jobs ------------------------------------------------ */

struct nest {
	struct bpool *pool;
	struct bpool_limit *limit;
	const char *inner; /* key; "-": plain */
	uint64_t delay_ns;
	struct bpool_future future;
	atomic_int runs;
	int err;
};

static int outer_job(void *arg)
{
	struct nest *nest = arg;
	struct bpool_job job = { .limit = nest->limit,
				 .key = nest->inner,
				 .delay_ns = nest->delay_ns,
				 .future = &nest->future };
	int err = bpool_submit_with(nest->pool, count_job, &nest->runs, &job);

	nest->err = err ? err : bpool_await(&nest->future, NULL, NULL);
	return 0;
}

START_TEST(a_job_inside_another_takes_its_place_at_the_limits)
{
	struct bpool *pool = limited_pool(1, 0, LIMIT(.max_running = 1));
	struct bpool_limit *limit = limit_of(pool, LIMIT(.max_running = 1));
	static const char *const inner[] = { "a", "b", NULL };

	for (size_t i = 0; i < COUNT(inner); i++) {
		struct nest nest = { .pool = pool,
				     .limit = limit,
				     .inner = inner[i] };

		with(pool, outer_job, &nest, TERMS(.limit = limit, .key = "a"));
		ck_assert_int_eq(bpool_wait(pool, NULL), 0);
		ck_assert_int_eq(nest.err, 0);
		ck_assert_int_eq(nest.runs, 1);
	}
	bpool_destroy(pool);
}
END_TEST

START_TEST(a_job_inside_another_waits_for_its_time)
{
	struct bpool *pool = pool_of(1, 0);
	struct nest nest = { .pool = pool, .delay_ns = 30 * MS };
	uint64_t since = now_ns();

	with(pool, outer_job, &nest, NULL);
	ck_assert_int_eq(bpool_wait(pool, NULL), 0);
	ck_assert_int_eq(nest.err, 0);
	ck_assert_int_eq(nest.runs, 1);
	ck_assert_uint_ge(now_ns() - since, 30 * MS);
	bpool_destroy(pool);
}
END_TEST

START_TEST(a_job_that_waits_is_told_when_the_limit_lets_its_job_start)
{
	struct bpool *pool = pool_of(2, 0);
	struct bpool_limit *limit = limit_of(pool, LIMIT(.max_running = 1));
	struct nest nest = { .pool = pool, .limit = limit, .inner = "b" };
	struct gate gate;

	gate_init(&gate, 0);
	with(pool, gate_job, &gate, TERMS(.limit = limit, .key = "b"));
	gate_await(&gate, 1);
	with(pool, outer_job, &nest, TERMS(.limit = limit, .key = "a"));
	while (key_stats(limit, "b").waiting == 0)
		sched_yield();
	gate_open(&gate, 1);
	ck_assert_int_eq(bpool_wait(pool, NULL), 0);
	ck_assert_int_eq(nest.err, 0);
	ck_assert_int_eq(nest.runs, 1);
	bpool_destroy(pool);
}
END_TEST

struct cross {
	struct nest nest;
	pthread_barrier_t *both;
};

static int cross_job(void *arg)
{
	struct cross *cross = arg;

	pthread_barrier_wait(cross->both);
	return outer_job(&cross->nest);
}

START_TEST(a_circle_through_limits_is_refused)
{
	struct bpool *pool = pool_of(2, 0);
	struct bpool_limit *limit = limit_of(pool, LIMIT(.max_running = 1));
	pthread_barrier_t both;
	struct cross one = {
		.nest = { .pool = pool, .limit = limit, .inner = "b" },
		.both = &both
	};
	struct cross two = {
		.nest = { .pool = pool, .limit = limit, .inner = "a" },
		.both = &both
	};

	pthread_barrier_init(&both, NULL, 2);
	with(pool, cross_job, &one, TERMS(.limit = limit, .key = "a"));
	with(pool, cross_job, &two, TERMS(.limit = limit, .key = "b"));
	ck_assert_int_eq(bpool_wait(pool, NULL), 0);
	bpool_destroy(pool);
	/* Who closes it is told; the other's then comes through. */
	ck_assert_int_eq(one.nest.err + two.nest.err, -EDEADLK);
	ck_assert_int_eq(one.nest.runs + two.nest.runs, 2);
	pthread_barrier_destroy(&both);
}
END_TEST

static int map_job(void *arg)
{
	struct nest *nest = arg;

	nest->err = bpool_map(nest->pool, count_job, &nest->runs, 0, 20, NULL);
	return 0;
}

START_TEST(gather_works_behind_a_limit_on_all_jobs)
{
	static const size_t rooms[] = { 1, 2, 64 };

	for (size_t i = 0; i < COUNT(rooms); i++) {
		struct bpool *pool =
			limited_pool(2, rooms[i],
				     LIMIT(.max_running = 1,
					   .rate = { .starts = 1000,
						     .period_ns = 1000 * MS,
						     .burst = 1 }));
		struct nest nest = { .pool = pool };
		uint64_t since = now_ns();

		map_job(&nest);
		ck_assert_int_eq(nest.err, 0);
		ck_assert_int_eq(nest.runs, 20);
		ck_assert_int_eq(bpool_submit(pool, map_job, &nest), 0);
		ck_assert_int_eq(bpool_wait(pool, NULL), 0);
		ck_assert_int_eq(nest.err, 0);
		ck_assert_int_eq(nest.runs, 40);
		ck_assert_uint_ge(now_ns() - since, 40 * MS);
		ck_assert_uint_eq(key_stats(bpool_limit_of(pool), NULL).started,
				  41);
		bpool_destroy(pool);
	}
}
END_TEST

/* ---- A limit that finds itself ------------------------------------------ */

struct service {
	atomic_int inside, peak_ok, refused;
	int holds;
};

static int service_job(void *arg)
{
	struct service *service = arg;
	bool ok = atomic_fetch_add(&service->inside, 1) < service->holds;
	struct timespec while_ok = { .tv_nsec = 2000000 };

	if (ok)
		nanosleep(&while_ok, NULL);
	else
		bpool_job_overloaded(NULL);
	atomic_fetch_add(&service->refused, !ok);
	atomic_fetch_sub(&service->inside, 1);
	return ok ? 0 : -EAGAIN;
}

START_TEST(an_adaptive_limit_finds_what_the_service_holds)
{
	struct bpool *pool =
		limited_pool(32, 0, LIMIT(.adaptive = { .ceiling = 32 }));
	struct service service = { .holds = 6 };
	struct bpool_limit_stats stats;

	for (int n = 0; n < 3000; n++)
		with(pool, service_job, &service, TERMS(.retry = &thrice));
	ck_assert_int_eq(bpool_wait(pool, NULL), 0);
	stats = key_stats(bpool_limit_of(pool), NULL);
	ck_assert_uint_eq(stats_of(pool).finished, 3000);
	ck_assert_uint_eq(stats_of(pool).failed, 0);
	ck_assert_uint_eq(stats.started, 3000 + (unsigned)service.refused);
	ck_assert_uint_eq(stats.refused, (unsigned)service.refused);
	/* Where jobs are late, fewer are inside than run. */
	ck_assert_uint_le(stats.max_running, 12);
	/* 1 % in the long run, and what it took to find it. */
	ck_assert_int_le(service.refused, 30 + 70);
	bpool_destroy(pool);
}
END_TEST

/* ---- Bad input ---------------------------------------------------------- */

START_TEST(terms_that_make_no_sense_are_refused)
{
	struct bpool *pool = pool_of(1, 0),
		     *other = limited_pool(1, 0, LIMIT(.max_running = 1));
	struct bpool_limit *limit = limit_of(pool, LIMIT(.max_running = 1));
	struct bpool_limit *foreign = limit_of(other, LIMIT(.max_running = 1));
	char longest[BPOOL_KEY_MAX + 2];
	atomic_int runs = 0;
	struct bpool_group group;
	struct timespec no_time = { .tv_nsec = -1 };

	memset(longest, 'k', sizeof(longest));
	longest[BPOOL_KEY_MAX + 1] = '\0';
	bpool_group_init(&group, pool, 0);
#define REFUSED(err, ...)                                                      \
	ck_assert_int_eq(bpool_submit_with(pool, count_job, &runs,             \
					   TERMS(__VA_ARGS__)),                \
			 err)
	REFUSED(-EINVAL, .key = "no limit");
	REFUSED(-EINVAL, .limit = foreign);
	REFUSED(-EINVAL, .deadline = &no_time);
	REFUSED(-EINVAL, .copy = BPOOL_ARGS_MAX + 1);
	REFUSED(-EINVAL, .reserved = { 0, 0, 0, 1 });
	REFUSED(-EINVAL, .group = &group);
	REFUSED(-ENAMETOOLONG, .limit = limit, .key = longest);
#undef REFUSED
	ck_assert_int_eq(
		bpool_submit_with(other, count_job, &runs,
				  TERMS(.limit = bpool_limit_of(other))),
		-EINVAL);
	longest[BPOOL_KEY_MAX] = '\0';
	with(pool, count_job, &runs, TERMS(.limit = limit, .key = longest));
	bpool_destroy(pool);
	bpool_destroy(other);
	ck_assert_int_eq(runs, 1);
}
END_TEST

START_TEST(limits_that_make_no_sense_are_refused)
{
	struct bpool *pool = pool_of(1, 0);
	struct bpool_limit *limit = NULL;
	struct bpool_options options = { .size = sizeof(options) };

#define REFUSED(...)                                                           \
	ck_assert_int_eq(bpool_limit_create(&limit, pool, LIMIT(__VA_ARGS__)), \
			 -EINVAL)
	REFUSED(.rate = { .starts = 2, .period_ns = 1, .burst = 3 });
	REFUSED(.rate = { .starts = 2 });
	REFUSED(.adaptive = { .floor = 3 });
	REFUSED(.adaptive = { .floor = 3, .ceiling = 2 });
	REFUSED(.adaptive = { .ceiling = 2, .refusals = 1.5 });
	REFUSED(.adaptive = { .ceiling = 2, .refusals = -1 });
	REFUSED(.max_keys = (size_t)1 << 40);
#undef REFUSED
	ck_assert_int_eq(
		bpool_limit_create(&limit, pool,
				   &(struct bpool_limit_options){ .size = 3 }),
		-EINVAL);
	ck_assert_ptr_null(limit);
	ck_assert_int_eq(bpool_limit_create(&limit, pool, NULL), -EINVAL);
	ck_assert_int_eq(bpool_limit_create(NULL, pool, LIMIT(.max_keys = 1)),
			 -EINVAL);
	ck_assert_int_eq(bpool_limit_set(NULL, LIMIT(.max_keys = 1)), -EINVAL);
	ck_assert_int_eq(bpool_limit_stats(NULL, NULL, NULL), -EINVAL);
	ck_assert_int_eq(bpool_limit_destroy(NULL), 0);
	ck_assert_ptr_null(bpool_limit_of(pool));
	bpool_destroy(pool);

	options.limit = LIMIT(.max_queued = 1);
	ck_assert_int_eq(bpool_create(&pool, &options), -EINVAL);
	options.limit = LIMIT(.max_keys = 1);
	ck_assert_int_eq(bpool_create(&pool, &options), -EINVAL);
	options.limit = LIMIT(.max_running = 1);
	ck_assert_int_eq(bpool_create(&pool, &options), 0);
	ck_assert_int_eq(bpool_limit_destroy(bpool_limit_of(pool)), -EINVAL);
	bpool_destroy(pool);
	ck_assert_int_eq(bpool_job_overloaded(NULL), -ENOENT);
	ck_assert_int_eq(bpool_job_retry_after(1), -ENOENT);
	ck_assert_int_eq(bpool_job_attempt(), -ENOENT);
}
END_TEST

START_TEST(a_limit_goes_once_nobody_uses_it)
{
	struct bpool *pool = pool_of(1, 0);
	struct bpool_limit *limit =
		limit_of(pool, LIMIT(.rate = { .starts = 1,
					       .period_ns = 3600000 * MS }));
	struct timespec later = bpool_after(3600000 * MS);
	struct gate gate;

	gate_init(&gate, 0);
	with(pool, gate_job, &gate, TERMS(.limit = limit, .key = "a"));
	gate_await(&gate, 1);
	ck_assert_int_eq(bpool_limit_destroy(limit), -EBUSY);
	gate_open(&gate, 1);
	ck_assert_int_eq(bpool_wait(pool, NULL), 0);
	/* What it remembers of its keys goes with it. */
	ck_assert_int_eq(bpool_limit_pause_until(limit, "b", &later), 0);
	ck_assert_int_eq(bpool_limit_pause_until(limit, NULL, &later), 0);
	ck_assert_uint_eq(key_stats(limit, "a").keys, 2);
	while (bpool_limit_destroy(limit) == -EBUSY)
		sched_yield();
	with(pool, gate_job, &gate, NULL);
	gate_open(&gate, 1);
	bpool_destroy(pool);
	ck_assert_int_eq(gate.runs, 2);
}
END_TEST

int main(void)
{
	return TESTS_RUN(
		"limits", as_many_of_a_key_run_as_may_and_no_more,
		a_job_that_waits_for_its_limit_holds_no_worker,
		a_limit_on_all_jobs_holds_plain_ones_too,
		a_limit_changed_while_it_is_in_use_holds_from_then_on,
		however_jobs_end_the_limit_is_the_same_afterwards,
		no_more_starts_in_a_time_than_a_rate_allows,
		nothing_of_a_paused_key_starts_before_the_time,
		a_delay_is_waited_for_without_a_worker,
		a_sooner_time_is_kept_while_a_later_one_is_waited_for,
		a_job_that_would_start_too_late_is_cancelled,
		a_failure_is_tried_again_as_often_as_asked,
		being_refused_costs_no_attempt_and_is_never_early,
		who_is_asked_to_wait_for_too_long_is_not_tried_again,
		what_a_result_means_is_the_callers_to_say,
		retries_of_all_jobs_together_have_a_budget,
		jobs_refused_twice_start_three_times_each_in_the_records_they_have,
		cancelled_while_it_waits_to_be_tried_again_it_has_its_last_result,
		a_job_knows_its_key,
		endlessly_many_keys_pass_through_a_small_table,
		while_all_keys_are_in_use_a_submit_on_another_sleeps,
		max_queued_holds_back_its_key_alone,
		close_wakes_producers_that_wait_for_a_key,
		cancel_reaches_jobs_wherever_they_wait,
		flush_calls_jobs_wherever_they_wait,
		flush_calls_what_runs_and_would_be_tried_again_once_more,
		a_drained_pool_ends_when_what_waited_is_cancelled,
		a_job_inside_another_takes_its_place_at_the_limits,
		a_job_inside_another_waits_for_its_time,
		a_job_that_waits_is_told_when_the_limit_lets_its_job_start,
		a_circle_through_limits_is_refused,
		gather_works_behind_a_limit_on_all_jobs,
		an_adaptive_limit_finds_what_the_service_holds,
		terms_that_make_no_sense_are_refused,
		limits_that_make_no_sense_are_refused,
		a_limit_goes_once_nobody_uses_it);
}
