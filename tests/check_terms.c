/* SPDX-License-Identifier: MIT */
/* Terms where they meet: waits inside jobs, producers at doors, limits that
 * change. */
#include "support.h"

#include <math.h>
#include <time.h>

#include "adaptive.h"
#include "rate.h"

#define HOUR (3600000 * MS)

/* ---- Waits inside jobs -------------------------------------------------- */

struct waiter {
	struct bpool *pool;
	struct bpool_limit *limit;
	const char *key;
	uint64_t deadline_ns; /* of its job, from now; 0: none */
	struct bpool_future future;
	atomic_int runs;
	int err;
};

/* Submits one and waits for it. */
static int waiter_job(void *arg)
{
	struct waiter *waiter = arg;
	struct timespec deadline = bpool_after(waiter->deadline_ns);
	struct bpool_job job = { .limit = waiter->limit,
				 .key = waiter->key,
				 .deadline = waiter->deadline_ns ? &deadline
								 : NULL,
				 .future = &waiter->future };
	int err =
		bpool_submit_with(waiter->pool, count_job, &waiter->runs, &job);

	waiter->err = err ? err : bpool_await(&waiter->future, NULL, NULL);
	return 0;
}

START_TEST(who_waits_in_a_job_sees_that_its_job_is_too_late)
{
	struct bpool *pool = pool_of(1, 0);
	struct bpool_limit *limit = limit_of(pool, LIMIT(.max_running = 1));
	struct waiter waiter = { .pool = pool,
				 .limit = limit,
				 .deadline_ns = 20 * MS };
	struct timespec later = bpool_after(HOUR);

	bpool_limit_pause_until(limit, NULL, &later);
	with(pool, waiter_job, &waiter, NULL);
	ck_assert_int_eq(bpool_wait(pool, NULL), 0);
	ck_assert_int_eq(waiter.err, -ECANCELED);
	ck_assert_int_eq(waiter.runs, 0);
	bpool_destroy(pool);
}
END_TEST

/* Two that hold a key of two; `third` holds nothing and waits for a job of
 * it. */
struct circle {
	struct bpool *pool;
	struct bpool_limit *limit;
	struct bpool_future third, job;
	atomic_int go, first_err, third_err;
	bool refused;
};

static void circle_await(struct circle *circle, int go)
{
	while (atomic_load(&circle->go) < go)
		sched_yield();
}

static int first_job(void *arg)
{
	struct circle *circle = arg;

	circle_await(circle, 1);
	atomic_store(&circle->first_err,
		     bpool_await(&circle->third, NULL, NULL));
	return 0;
}

static int second_job(void *arg)
{
	struct circle *circle = arg;

	circle_await(circle, 2);
	if (circle->refused)
		bpool_job_overloaded(NULL);
	return 0;
}

static int third_job(void *arg)
{
	struct circle *circle = arg;

	atomic_store(&circle->third_err, bpool_await(&circle->job, NULL, NULL));
	return 0;
}

START_TEST(a_circle_that_a_shrinking_limit_closes_is_refused)
{
	for (int refused = 0; refused < 2; refused++) {
		struct bpool *pool = pool_of(4, 0);
		struct bpool_limit *limit = limit_of(
			pool, LIMIT(.max_running = 2, .pause_ns = 1000));
		struct circle circle = { .pool = pool,
					 .limit = limit,
					 .refused = refused };
		atomic_int runs = 0;

		with(pool, first_job, &circle,
		     TERMS(.limit = limit, .key = "k"));
		with(pool, second_job, &circle,
		     TERMS(.limit = limit, .key = "k"));
		while (key_stats(limit, "k").running < 2)
			sched_yield();
		with(pool, count_job, &runs,
		     TERMS(.limit = limit, .key = "k", .future = &circle.job));
		ck_assert_int_eq(bpool_async(pool, &circle.third, third_job,
					     &circle),
				 0);
		/* Or the first would run the third on the spot. */
		while (stats_of(pool).running < 3)
			sched_yield();
		atomic_store(&circle.go, 1);
		pool_await_helpers(pool, 2);
		if (!refused)
			ck_assert_int_eq(
				bpool_limit_set(limit, LIMIT(.max_running = 1)),
				0);
		atomic_store(&circle.go, 2);
		ck_assert_int_eq(bpool_wait(pool, NULL), 0);
		ck_assert_int_eq(circle.first_err + circle.third_err, -EDEADLK);
		ck_assert_int_eq(runs, 1);
		bpool_destroy(pool);
	}
}
END_TEST

static enum bpool_outcome asking_outcome(int result)
{
	return bpool_worker() >= 0 && bpool_job_attempt() == 1 && result < 0
		       ? BPOOL_FAILED
		       : BPOOL_OK;
}

static int minus_job(void *runs)
{
	atomic_fetch_add((atomic_int *)runs, 1);
	return -1;
}

START_TEST(an_outcome_is_asked_for_inside_the_job)
{
	struct bpool *pool = pool_of(1, 0);
	struct bpool_retry retry = { .attempts = 9,
				     .base_ns = 1,
				     .outcome = asking_outcome };
	atomic_int runs = 0;

	with(pool, minus_job, &runs, TERMS(.retry = &retry));
	bpool_destroy(pool);
	ck_assert_int_eq(runs, 2);
}
END_TEST

struct named {
	int *order, *n; /* of starts */
	int name;
	bool refused;
};

static int named_job(void *arg)
{
	struct named *named = arg;

	named->order[(*named->n)++] = named->name;
	if (named->refused && bpool_job_attempt() == 1)
		bpool_job_overloaded(NULL);
	return 0;
}

START_TEST(what_is_tried_again_goes_before_what_was_not)
{
	struct bpool *pool = pool_of(1, 0);
	/* One that adapts does not pause at the first refusal. */
	struct bpool_limit *limit =
		limit_of(pool, LIMIT(.adaptive = { .ceiling = 1 }));
	struct bpool_retry retry = { .attempts = 2 };
	int order[8] = { 0 }, n = 0;
	struct named jobs[] = { { order, &n, 1, true },
				{ order, &n, 2, false },
				{ order, &n, 3, false } };
	static const int right[] = { 1, 1, 2, 3 };
	struct gate gate;

	gate_init(&gate, 0);
	with(pool, gate_job, &gate, NULL);
	for (size_t i = 0; i < COUNT(jobs); i++)
		with(pool, named_job, &jobs[i],
		     TERMS(.limit = limit, .key = "k", .retry = &retry));
	gate_open(&gate, 1);
	bpool_destroy(pool);
	ck_assert_int_eq(n, 4);
	ck_assert_mem_eq(order, right, sizeof(right));
}
END_TEST

static int map_job(void *arg)
{
	struct waiter *waiter = arg;
	int results[3] = { 1, 1, 1 };

	waiter->err = bpool_map(waiter->pool, count_job, &waiter->runs, 0, 3,
				results);
	return results[2] == -ECANCELED ? 0 : -1;
}

START_TEST(elements_on_the_spot_are_cancelled_with_their_pool)
{
	struct bpool_options options = {
		.size = sizeof(options),
		.workers = 1,
		.max_in_flight = 1,
		.limit = LIMIT(.rate = { .starts = 1, .period_ns = HOUR }),
	};
	struct bpool *pool;
	struct bpool_future future = { 0 };
	struct waiter waiter = { 0 };
	int result;

	ck_assert_int_eq(bpool_create(&pool, &options), 0);
	waiter.pool = pool;
	ck_assert_int_eq(bpool_async(pool, &future, map_job, &waiter), 0);
	pool_await_helpers(pool, 1); /* for its first element's time */
	bpool_close(pool, BPOOL_CANCEL);
	ck_assert_int_eq(bpool_await(&future, &result, NULL), 0);
	bpool_destroy(pool);
	ck_assert_int_eq(result, 0);
	ck_assert_int_eq(waiter.runs, 0);
}
END_TEST

/* ---- Doors -------------------------------------------------------------- */

START_TEST(who_gives_up_at_a_door_lets_the_next_one_in)
{
	struct bpool *pool = pool_of(2, 0);
	struct bpool_limit *limit = limit_of(
		pool, LIMIT(.max_running = 1, .max_keys = 1, .max_queued = 1));
	struct bpool_future futures[2] = { 0 };
	struct bpool_group group;
	atomic_int runs = 0;
	struct comer one = { .pool = pool,
			     .runs = &runs,
			     .job = { .limit = limit,
				      .key = "a",
				      .group = &group,
				      .future = &futures[1] } };
	struct comer two = { .pool = pool,
			     .runs = &runs,
			     .job = { .limit = limit, .key = "b" } };

	bpool_group_init(&group, pool, 0);
	with(pool, count_job, &runs,
	     TERMS(.limit = limit, .key = "a", .delay_ns = HOUR,
		   .group = &group, .future = &futures[0]));
	comer_start(&one);
	pool_await_users(pool, 1);
	comer_start(&two);
	pool_await_users(pool, 2);
	bpool_group_cancel(&group);
	ck_assert_int_eq(comer_join(&one), -ECANCELED);
	ck_assert_int_eq(comer_join(&two), 0);
	while (bpool_group_fini(&group) == -EBUSY)
		sched_yield();
	bpool_destroy(pool);
	ck_assert_int_eq(runs, 1);
}
END_TEST

START_TEST(a_wider_door_lets_in_all_that_it_has_room_for)
{
	struct bpool *pool = pool_of(2, 0);
	struct bpool_limit *limit =
		limit_of(pool, LIMIT(.max_running = 1, .max_queued = 1));
	struct comer comers[4];
	struct gate gate;
	atomic_int runs = 0;

	gate_init(&gate, 0);
	with(pool, gate_job, &gate, TERMS(.limit = limit, .key = "a"));
	gate_await(&gate, 1);
	with(pool, gate_job, &gate, TERMS(.limit = limit, .key = "a"));
	for (size_t i = 0; i < COUNT(comers); i++) {
		comers[i] =
			(struct comer){ .pool = pool,
					.runs = &runs,
					.job = { .limit = limit, .key = "a" } };
		comer_start(&comers[i]);
	}
	pool_await_users(pool, COUNT(comers));
	ck_assert_int_eq(bpool_limit_set(limit, LIMIT(.max_running = 1,
						      .max_queued = 99)),
			 0);
	for (size_t i = 0; i < COUNT(comers); i++)
		ck_assert_int_eq(comer_join(&comers[i]), 0);
	gate_open(&gate, 2);
	bpool_destroy(pool);
	ck_assert_int_eq(runs, 4);
}
END_TEST

START_TEST(a_key_that_has_come_is_open_to_all_who_waited_for_one)
{
	struct bpool *pool = pool_of(2, 0);
	struct bpool_limit *limit =
		limit_of(pool, LIMIT(.max_running = 1, .max_keys = 1));
	struct comer comers[2];
	struct gate gate, other;
	atomic_int runs = 0;

	gate_init(&gate, 0);
	gate_init(&other, 0);
	with(pool, gate_job, &gate, TERMS(.limit = limit, .key = "a"));
	gate_await(&gate, 1);
	for (size_t i = 0; i < COUNT(comers); i++) {
		comers[i] = (struct comer){
			.pool = pool,
			.runs = &runs,
			.job = { .limit = limit, .key = "b", .delay_ns = HOUR }
		};
		comer_start(&comers[i]);
	}
	pool_await_users(pool, 2);
	gate_open(&gate, 1);
	for (size_t i = 0; i < COUNT(comers); i++)
		ck_assert_int_eq(comer_join(&comers[i]), 0);
	bpool_close(pool, BPOOL_CANCEL);
	bpool_destroy(pool);
}
END_TEST

START_TEST(a_limit_that_a_producer_names_does_not_go)
{
	struct bpool *pool = pool_of(1, 1);
	struct bpool_limit *limit = limit_of(pool, LIMIT(.max_running = 1));
	struct gate gate;
	atomic_int runs = 0;
	struct comer comer = { .pool = pool,
			       .runs = &runs,
			       .job = { .limit = limit } };

	gate_init(&gate, 0);
	with(pool, gate_job, &gate, NULL);
	comer_start(&comer);
	pool_await_users(pool, 1);
	ck_assert_int_eq(bpool_limit_destroy(limit), -EBUSY);
	gate_open(&gate, 1);
	ck_assert_int_eq(comer_join(&comer), 0);
	ck_assert_int_eq(bpool_wait(pool, NULL), 0);
	ck_assert_int_eq(bpool_limit_destroy(limit), 0);
	bpool_destroy(pool);
}
END_TEST

/* ---- Limits that change, and their ends --------------------------------- */

START_TEST(a_refused_limit_that_becomes_adaptive_grows)
{
	struct bpool *pool = pool_of(8, 0);
	struct bpool_limit *limit =
		limit_of(pool, LIMIT(.max_running = 8, .pause_ns = 1000));
	struct gate gate;

	gate_init(&gate, 0);
	with(pool, second_job, &(struct circle){ .go = 2, .refused = true },
	     TERMS(.limit = limit));
	ck_assert_int_eq(bpool_wait(pool, NULL), 0);
	ck_assert_uint_eq(key_stats(limit, NULL).max_running, 1);
	ck_assert_int_eq(
		bpool_limit_set(
			limit, LIMIT(.adaptive = { .floor = 3, .ceiling = 8 })),
		0);
	ck_assert_uint_ge(key_stats(limit, NULL).max_running, 3);
	for (int n = 0; n < 3; n++)
		with(pool, gate_job, &gate, TERMS(.limit = limit));
	gate_await(&gate, 3);
	gate_open(&gate, 3);
	bpool_destroy(pool);
}
END_TEST

START_TEST(an_adaptive_limit_of_one_stays_one_after_outages)
{
	struct bp_adaptive adaptive;
	uint64_t now = 1000 * MS;

	bp_adaptive_init(&adaptive, now, 1, 1, 0.01, 1);
	for (int n = 0; n < 200; n++) {
		struct bp_adaptive_start start = { now, 1 };

		now += 200 * MS;
		if (n % 7 < 3)
			bp_adaptive_refused(&adaptive, now, &start, 1, 0);
		else
			bp_adaptive_ok(&adaptive, now, &start, 1);
		ck_assert_uint_eq(adaptive_limit(&adaptive), 1);
		if (adaptive.not_before > now)
			now = adaptive.not_before;
	}
}
END_TEST

/* Whatever is answered, and however the ends are moved meanwhile. */
START_TEST(an_adaptive_limit_stays_between_its_ends)
{
	struct bp_random chance = { 5 };

	for (int run = 0; run < MANY(200); run++) {
		uint32_t ceiling = 1 + (uint32_t)(random_next(&chance) % 40);
		uint64_t now = 1000 * MS, slow = 1;
		struct bp_adaptive adaptive;

		bp_adaptive_init(&adaptive, now, 1, ceiling, 0.01,
				 random_next(&chance));
		for (int n = 0; n < 3000; n++) {
			uint32_t running = adaptive_limit(&adaptive);
			struct bp_adaptive_start start = { now, running };

			ck_assert(running >= 1 && running <= ceiling);
			if (random_next(&chance) % 500 == 0)
				slow = 1 + random_next(&chance) % 20;
			now += slow * MS;
			if (random_next(&chance) % (1 + slow * 9) == 0)
				bp_adaptive_refused(&adaptive, now, &start,
						    running, 0);
			else
				bp_adaptive_ok(&adaptive, now, &start, running);
			if (adaptive.not_before > now)
				now = adaptive.not_before;
			if (random_next(&chance) % 1000 == 0) {
				ceiling = 1 +
					  (uint32_t)(random_next(&chance) % 40);
				bp_adaptive_set(&adaptive, 1, ceiling, 0.01);
			}
		}
	}
}
END_TEST

START_TEST(rates_that_cannot_be_counted_with_are_refused)
{
	struct bpool *pool = pool_of(1, 0);
	struct bpool_limit *limit = NULL;
	struct bpool_options options = { .size = sizeof(options),
					 .retry_budget = {
						 .share = (double)NAN } };
	struct bp_rate rate = { 0 };

	/* Behind by a burst of steps: 5 times 146 years. */
	ck_assert_int_eq(bpool_limit_create(
				 &limit, pool,
				 LIMIT(.rate = { .starts = 5,
						 .period_ns = UINT64_C(1) << 62,
						 .burst = 5 })),
			 -EINVAL);
	ck_assert_int_eq(
		bpool_limit_create(&limit, pool,
				   LIMIT(.rate = { .starts = 1,
						   .period_ns = UINT64_MAX })),
		-EINVAL);
	ck_assert_int_eq(
		bpool_limit_create(&limit, pool,
				   LIMIT(.rate = { .starts = 7117,
						   .period_ns = 720 * HOUR,
						   .burst = 7117 })),
		-EINVAL);
	bpool_destroy(pool);
	ck_assert_int_eq(bpool_create(&pool, &options), -EINVAL);
	/* What is owed stays a number. */
	bp_rate_set(&rate, 1000, 10000, 10000, 10000);
	for (int n = 0; n < 10000; n++)
		rate_start(&rate, 1000);
	bp_rate_set(&rate, 1000, 1, 720 * HOUR, 1);
	ck_assert_uint_gt(rate_due(&rate), HOUR);
	ck_assert_uint_le(rate_due(&rate), 1000 + RATE_MOST_NS);
}
END_TEST

struct drained {
	struct bpool *pool;
	struct bpool_future future;
	struct timespec deadline;
	struct gate *other;
	int err;
};

static bool deadline_passed(const struct timespec *deadline)
{
	struct timespec now = bpool_after(0);

	return now.tv_sec > deadline->tv_sec ||
	       (now.tv_sec == deadline->tv_sec &&
		now.tv_nsec >= deadline->tv_nsec);
}

/* Its first attempt lets the other worker go, and lasts until nobody waits for
 * it any more. */
static int retried_job(void *arg)
{
	struct drained *drained = arg;

	if (bpool_job_attempt() > 1)
		return 0;
	gate_open(drained->other, 1);
	while (!deadline_passed(&drained->deadline))
		sched_yield();
	/* The other one stays: at rest, and not gone. */
	while (pool_at_rest(drained->pool) == 0)
		sched_yield();
	return -1;
}

static int drained_job(void *arg)
{
	struct drained *drained = arg;
	struct bpool_retry retry = { .attempts = 2, .base_ns = MS };
	struct timespec past = { 0 };

	drained->deadline = bpool_after(50 * MS);
	drained->err = bpool_submit_with(drained->pool, retried_job, drained,
					 TERMS(.retry = &retry,
					       .future = &drained->future));
	if (drained->err)
		return drained->err;
	bpool_close(drained->pool, BPOOL_DRAIN);
	drained->err = bpool_await(&drained->future, NULL, &drained->deadline);
	gate_open(drained->other, 1);
	while (drained->err == -ETIMEDOUT) {
		drained->err = bpool_await(&drained->future, NULL, &past);
		sched_yield();
	}
	return 0;
}

START_TEST(a_draining_pool_has_a_worker_for_what_is_tried_again)
{
	struct bpool *pool = pool_of(2, 0);
	struct gate other;
	struct drained drained = { .pool = pool, .other = &other };

	gate_init(&other, 0);
	with(pool, gate_job, &other, NULL);
	gate_await(&other, 1);
	with(pool, drained_job, &drained, NULL);
	while (stats_of(pool).finished < 3)
		sched_yield();
	bpool_destroy(pool);
	ck_assert_int_eq(drained.err, 0);
}
END_TEST

int main(void)
{
	return TESTS_RUN("terms",
			 who_waits_in_a_job_sees_that_its_job_is_too_late,
			 a_circle_that_a_shrinking_limit_closes_is_refused,
			 an_outcome_is_asked_for_inside_the_job,
			 what_is_tried_again_goes_before_what_was_not,
			 elements_on_the_spot_are_cancelled_with_their_pool,
			 who_gives_up_at_a_door_lets_the_next_one_in,
			 a_wider_door_lets_in_all_that_it_has_room_for,
			 a_key_that_has_come_is_open_to_all_who_waited_for_one,
			 a_limit_that_a_producer_names_does_not_go,
			 a_refused_limit_that_becomes_adaptive_grows,
			 an_adaptive_limit_of_one_stays_one_after_outages,
			 an_adaptive_limit_stays_between_its_ends,
			 rates_that_cannot_be_counted_with_are_refused,
			 a_draining_pool_has_a_worker_for_what_is_tried_again);
}
