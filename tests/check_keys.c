/* SPDX-License-Identifier: MIT */
/* Keys that come and go, and what becomes of a job's key and its refusals in
 * places off its usual way. */
#include "support.h"

#define HOUR (3600000 * MS)

static const struct bpool_retry once = { .attempts = 1 };

/* ---- Keys that go in time ------------------------------------------------ */

/* One key there may be, and it is idle 50 ms after a start. */
static struct bpool_limit *one_key(struct bpool *pool)
{
	return limit_of(
		pool, LIMIT(.max_keys = 1,
			    .rate = { .starts = 20, .period_ns = 1000 * MS }));
}

/* One worker, in a job until the gate is opened; and a key "a", which is idle
 * soon. */
static struct bpool_limit *key_idle_soon(struct bpool *pool, struct gate *gate)
{
	struct bpool_limit *limit = one_key(pool);
	atomic_int runs = 0;

	gate_init(gate, 0);
	with(pool, count_job, &runs, TERMS(.limit = limit, .key = "a"));
	ck_assert_int_eq(bpool_wait(pool, NULL), 0);
	ck_assert_int_eq(bpool_submit(pool, gate_job, gate), 0);
	gate_await(gate, 1);
	return limit;
}

START_TEST(a_submit_sees_that_a_key_is_idle_while_all_workers_are_busy)
{
	struct bpool *pool = pool_of(1, 0);
	struct timespec later = bpool_after(10000 * MS);
	atomic_int runs = 0;
	struct gate gate;
	struct bpool_limit *limit = key_idle_soon(pool, &gate);

	/* It sleeps until then, and not until a worker is free. */
	with(pool, count_job, &runs,
	     TERMS(.limit = limit, .key = "b", .until = &later));
	ck_assert_int_eq(gate.running, 1);
	gate_open(&gate, 1);
	bpool_destroy(pool);
	ck_assert_int_eq(runs, 1);
}
END_TEST

START_TEST(who_sleeps_for_a_key_is_told_when_it_will_be_idle)
{
	struct bpool *pool = pool_of(1, 0);
	struct bpool_limit *limit = one_key(pool);
	atomic_int runs = 0;
	struct gate first, then;
	struct comer comer = { .pool = pool,
			       .runs = &runs,
			       .job = { .limit = limit, .key = "b" } };

	gate_init(&first, 0);
	gate_init(&then, 0);
	with(pool, gate_job, &first, TERMS(.limit = limit, .key = "a"));
	ck_assert_int_eq(bpool_submit(pool, gate_job, &then), 0);
	gate_await(&first, 1);
	comer_start(&comer);
	pool_await_users(pool, 1);
	/* Now there is a time to wait for, and the worker is in the next job. */
	gate_open(&first, 1);
	gate_await(&then, 1);
	ck_assert_int_eq(comer_join(&comer), 0);
	ck_assert_int_eq(then.running, 1);
	gate_open(&then, 1);
	bpool_destroy(pool);
	ck_assert_int_eq(runs, 1);
}
END_TEST

START_TEST(others_see_that_a_key_is_idle_while_all_workers_are_busy)
{
	struct bpool *pool = pool_of(1, 0);
	struct timespec later = bpool_after(HOUR);
	atomic_int runs = 0;
	struct gate gate;
	struct bpool_limit *limit = key_idle_soon(pool, &gate);

	while (key_stats(limit, NULL).keys > 0)
		sched_yield();
	ck_assert_int_eq(bpool_limit_pause_until(limit, "b", &later), 0);
	ck_assert_int_eq(
		bpool_try_submit_with(pool, count_job, &runs,
				      TERMS(.limit = limit, .key = "c")),
		-EAGAIN);
	gate_open(&gate, 1);
	bpool_destroy(pool);
}
END_TEST

START_TEST(who_waits_for_a_key_keeps_its_place)
{
	struct bpool *pool = pool_of(1, 0);
	atomic_int runs = 0;
	struct gate gate;
	struct bpool_limit *limit = key_idle_soon(pool, &gate);
	struct timespec later = bpool_after(20 * MS);
	struct comer first = { .pool = pool,
			       .runs = &runs,
			       .job = { .limit = limit, .key = "b" } };
	struct comer second = {
		.pool = pool,
		.runs = &runs,
		.job = { .limit = limit, .key = "c", .until = &later }
	};

	/* The first is let in when "a" is idle, the second when its own time is
	 * over, which is sooner: it takes nobody's place. */
	comer_start(&first);
	pool_await_users(pool, 1);
	comer_start(&second);
	ck_assert_int_eq(comer_join(&second), -ETIMEDOUT);
	ck_assert_int_eq(comer_join(&first), 0);
	gate_open(&gate, 1);
	bpool_destroy(pool);
	ck_assert_int_eq(runs, 1);
}
END_TEST

/* ---- Flushed ------------------------------------------------------------- */

struct seen {
	sem_t called;
	char key; /* its first letter */
	int attempt;
	struct bpool_limit *limit;
	int destroyed;
};

static int see_job(void *arg)
{
	struct seen *seen = arg;

	seen->key = bpool_job_key() ? bpool_job_key()[0] : '-';
	seen->attempt = bpool_job_attempt();
	if (bpool_cancelled())
		seen->destroyed = bpool_limit_destroy(seen->limit);
	sem_post(&seen->called);
	return -EIO;
}

START_TEST(a_flushed_job_knows_its_key_and_attempt)
{
	struct bpool *pool = pool_of(1, 0);
	struct bpool_limit *limit = limit_of(pool, LIMIT(.max_running = 1));
	struct bpool_retry later = { .attempts = 9,
				     .base_ns = HOUR,
				     .cap_ns = HOUR };
	struct seen tried = { .limit = limit }, fresh = { .limit = limit };

	sem_init(&tried.called, 0, 0);
	sem_init(&fresh.called, 0, 0);
	with(pool, see_job, &tried,
	     TERMS(.limit = limit, .key = "a", .retry = &later));
	sem_wait(&tried.called);
	while (stats_of(pool).retried == 0)
		sched_yield();
	with(pool, see_job, &fresh,
	     TERMS(.limit = limit, .key = "b", .delay_ns = HOUR));
	ck_assert_int_eq(bpool_close(pool, BPOOL_FLUSH), 0);
	sem_wait(&tried.called);
	sem_wait(&fresh.called);
	ck_assert_int_eq(tried.attempt, 2);
	ck_assert_int_eq(fresh.attempt, 1);
	ck_assert_int_eq(tried.key, 'a');
	ck_assert_int_eq(fresh.key, 'b');
	/* The limit is there as long as they are, and then goes. */
	ck_assert_int_eq(tried.destroyed, -EBUSY);
	ck_assert_int_eq(fresh.destroyed, -EBUSY);
	ck_assert_int_eq(bpool_wait(pool, NULL), 0);
	ck_assert_int_eq(bpool_limit_destroy(limit), 0);
	bpool_destroy(pool);
}
END_TEST

/* ---- Elements that run on the spot ----------------------------------------- */

static int asks_for_hours(void *arg)
{
	(void)arg;
	return bpool_job_retry_after(HOUR);
}

static int map_of_four(void *pool)
{
	return bpool_map(pool, asks_for_hours, NULL, 0, 4, NULL);
}

START_TEST(an_element_on_the_spot_pauses_and_counts_as_any_job)
{
	struct bpool_options options = {
		.size = sizeof(options),
		.workers = 1,
		.max_in_flight = 1,
		.limit = LIMIT(.max_running = 1, .pause_ns = MS),
	};
	struct bpool_future future = { 0 };
	struct bpool *pool;

	ck_assert_int_eq(bpool_create(&pool, &options), 0);
	/* It returns: nobody waits for longer than 300 s. */
	ck_assert_int_eq(bpool_async(pool, &future, map_of_four, pool), 0);
	ck_assert_int_eq(bpool_await(&future, NULL, NULL), 0);
	ck_assert_uint_eq(stats_of(pool).refused, 4);
	ck_assert_uint_eq(key_stats(bpool_limit_of(pool), NULL).refused, 4);
	bpool_destroy(pool);
}
END_TEST

/* ---- What a key has ---------------------------------------------------------- */

START_TEST(a_key_that_is_not_known_has_what_it_would_begin_with)
{
	struct bpool_options options = { .size = sizeof(options),
					 .workers = 1,
					 .limit = LIMIT(.max_running = 7) };
	struct bpool *pool;
	struct bpool_limit *adapts, *both;
	struct gate gate;

	ck_assert_int_eq(bpool_create(&pool, &options), 0);
	adapts = limit_of(pool, LIMIT(.adaptive = { .ceiling = 50 }));
	both = limit_of(pool,
			LIMIT(.max_running = 3, .adaptive = { .ceiling = 50 }));
	gate_init(&gate, 0);
	for (int n = 0; n < 3; n++)
		ck_assert_int_eq(bpool_submit(pool, gate_job, &gate), 0);
	gate_await(&gate, 1);
	ck_assert_uint_eq(key_stats(bpool_limit_of(pool), NULL).waiting, 2);
	ck_assert_uint_eq(key_stats(bpool_limit_of(pool), "x").waiting, 0);
	ck_assert_uint_eq(key_stats(bpool_limit_of(pool), "x").max_running, 7);
	ck_assert_uint_eq(key_stats(adapts, "x").max_running, 4);
	ck_assert_uint_eq(key_stats(both, "x").max_running, 3);
	gate_open(&gate, 3);
	bpool_destroy(pool);
}
END_TEST

struct order {
	atomic_int n;
	char of[64];
};

static int order_job(void *arg)
{
	struct order *order = arg;

	order->of[atomic_fetch_add(&order->n, 1)] = bpool_job_key()[0];
	return 0;
}

START_TEST(a_weight_is_starts_before_the_next_key_has_its_turn)
{
	struct bpool *pool = pool_of(1, 0);
	struct bpool_limit *limit = limit_of(pool, LIMIT(.max_keys = 2));
	struct order order = { 0 };
	struct gate gate;

	gate_init(&gate, 0);
	ck_assert_int_eq(bpool_submit(pool, gate_job, &gate), 0);
	gate_await(&gate, 1);
	for (int n = 0; n < 6; n++) {
		with(pool, order_job, &order,
		     TERMS(.limit = limit, .key = "a", .weight = 3));
		with(pool, order_job, &order,
		     TERMS(.limit = limit, .key = "b"));
	}
	gate_open(&gate, 1);
	bpool_destroy(pool);
	ck_assert_str_eq(order.of, "aaabaaabbbbb");
}
END_TEST

/* ---- Changed and paused ----------------------------------------------------- */

START_TEST(who_waits_for_a_rate_starts_when_that_is_lifted)
{
	struct bpool *pool = pool_of(2, 0);
	struct bpool_limit *limit =
		limit_of(pool, LIMIT(.rate = { 1, HOUR, 1 }));
	atomic_int runs = 0;

	for (int n = 0; n < 10; n++)
		with(pool, count_job, &runs, TERMS(.limit = limit));
	while (key_stats(limit, NULL).started == 0)
		sched_yield();
	/* Still one in an hour, and two of them at once. */
	ck_assert_int_eq(bpool_limit_set(limit, LIMIT(.rate = { 2, HOUR, 1 })),
			 0);
	ck_assert_uint_eq(key_stats(limit, NULL).started, 1);
	ck_assert_int_eq(
		bpool_limit_set(limit, LIMIT(.rate = { 1000, MS, 1000 })), 0);
	ck_assert_int_eq(bpool_wait(pool, NULL), 0);
	ck_assert_int_eq(runs, 10);
	bpool_destroy(pool);
}
END_TEST

START_TEST(a_pause_that_is_over_already_is_none)
{
	struct bpool *pool = pool_of(1, 0);
	struct bpool_limit *limit = limit_of(pool, LIMIT(.max_keys = 1));
	struct timespec now = bpool_after(0);

	ck_assert_int_eq(bpool_limit_pause_until(limit, NULL, &now), 0);
	ck_assert_uint_eq(key_stats(limit, NULL).pauses, 0);
	ck_assert_uint_eq(stats_of(pool).pauses, 0);
	bpool_destroy(pool);
}
END_TEST

static int asks_for_ages(void *arg)
{
	static const struct timespec never = { .tv_sec = (time_t)(INT64_MAX /
								  2) };

	atomic_fetch_add((atomic_int *)arg, 1);
	return bpool_job_overloaded(&never);
}

START_TEST(who_has_the_patience_waits_until_the_end_of_time)
{
	struct bpool *pool = pool_of(2, 0);
	struct bpool_limit *limit = limit_of(pool, LIMIT(.max_running = 2));
	struct bpool_retry patient = { .attempts = 1,
				       .patience_ns = UINT64_MAX };
	atomic_int runs = 0;

	with(pool, asks_for_ages, &runs,
	     TERMS(.limit = limit, .retry = &patient));
	while (key_stats(limit, NULL).refused == 0)
		sched_yield();
	ck_assert_uint_gt(key_stats(limit, NULL).paused_ns, HOUR);
	bpool_close(pool, BPOOL_CANCEL);
	bpool_destroy(pool);
	ck_assert_int_eq(runs, 1);
}
END_TEST

static int refused_first(void *arg)
{
	atomic_int *calls = arg;

	if (atomic_fetch_add(calls, 1) == 0)
		return bpool_job_overloaded(NULL);
	return -EIO;
}

/* What fails was let in: more than one runs again. */
START_TEST(failures_after_a_refusal_are_not_one_at_a_time)
{
	const struct bpool_limit_options *kinds[] = {
		LIMIT(.max_running = 3, .pause_ns = 1),
		LIMIT(.adaptive = { .floor = 3, .ceiling = 8 })
	};

	for (size_t i = 0; i < COUNT(kinds); i++) {
		struct bpool *pool = pool_of(4, 0);
		struct bpool_limit *limit = limit_of(pool, kinds[i]);
		atomic_int calls = 0;
		struct gate gate;

		gate_init(&gate, -EIO);
		/* The second of its attempts fails. */
		with(pool, refused_first, &calls,
		     TERMS(.limit = limit, .retry = &once));
		ck_assert_int_eq(bpool_wait(pool, NULL), 0);
		ck_assert_int_eq(calls, 2);
		for (int n = 0; n < 3; n++)
			with(pool, gate_job, &gate, TERMS(.limit = limit));
		gate_await(&gate, 3);
		gate_open(&gate, 3);
		bpool_destroy(pool);
	}
}
END_TEST

int main(void)
{
	return TESTS_RUN(
		"keys",
		a_submit_sees_that_a_key_is_idle_while_all_workers_are_busy,
		who_sleeps_for_a_key_is_told_when_it_will_be_idle,
		others_see_that_a_key_is_idle_while_all_workers_are_busy,
		who_waits_for_a_key_keeps_its_place,
		a_flushed_job_knows_its_key_and_attempt,
		an_element_on_the_spot_pauses_and_counts_as_any_job,
		a_key_that_is_not_known_has_what_it_would_begin_with,
		a_weight_is_starts_before_the_next_key_has_its_turn,
		who_waits_for_a_rate_starts_when_that_is_lifted,
		a_pause_that_is_over_already_is_none,
		who_has_the_patience_waits_until_the_end_of_time,
		failures_after_a_refusal_are_not_one_at_a_time);
}
