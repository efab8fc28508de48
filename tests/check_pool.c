/* SPDX-License-Identifier: MIT */
/* A pool's life: close, wait, destroy, stats, and no allocation between. */
#include <sys/resource.h>

#include "support.h"

#include "state.h"

START_TEST(close_with_drain_runs_what_was_accepted)
{
	struct bpool *pool = pool_of(1, 8);
	struct gate gate;
	atomic_int count = 0;

	gate_init(&gate, 0);
	ck_assert_int_eq(bpool_submit(pool, gate_job, &gate), 0);
	for (int i = 0; i < 7; i++)
		ck_assert_int_eq(bpool_submit(pool, count_job, &count), 0);
	ck_assert_int_eq(bpool_close(pool, BPOOL_DRAIN), 0);
	ck_assert_int_eq(bpool_submit(pool, count_job, &count), -EPIPE);
	ck_assert_int_eq(bpool_try_submit(pool, count_job, &count), -EPIPE);
	gate_open(&gate, 1);
	ck_assert_int_eq(bpool_wait(pool, NULL), 0);
	ck_assert_int_eq(atomic_load(&count), 7);
	ck_assert_int_eq(bpool_destroy(pool), 0);
}
END_TEST

START_TEST(close_with_cancel_drops_what_has_not_started_and_tells_its_future)
{
	struct bpool *pool = pool_of(1, 8);
	struct bpool_future running = { 0 }, dropped = { 0 };
	struct gate gate;
	atomic_int count = 0;
	int result = 7;

	gate_init(&gate, 42);
	ck_assert_int_eq(bpool_async(pool, &running, gate_job, &gate), 0);
	gate_await(&gate, 1);
	ck_assert_int_eq(bpool_async(pool, &dropped, count_job, &count), 0);
	ck_assert_int_eq(bpool_submit(pool, count_job, &count), 0);
	ck_assert_int_eq(bpool_close(pool, BPOOL_CANCEL), 0);
	ck_assert_int_eq(bpool_await(&dropped, &result, NULL), -ECANCELED);
	ck_assert_int_eq(result, 7);
	ck_assert_uint_eq(stats_of(pool).cancelled, 2);
	gate_open(&gate, 1);
	ck_assert_int_eq(bpool_await(&running, &result, NULL), 0);
	ck_assert_int_eq(result, 42);
	ck_assert_int_eq(bpool_destroy(pool), 0);
	ck_assert_int_eq(atomic_load(&count), 0);
}
END_TEST

START_TEST(cancel_may_follow_drain)
{
	struct bpool *pool = pool_of(1, 4);
	struct gate gate;
	atomic_int count = 0;

	gate_init(&gate, 0);
	ck_assert_int_eq(bpool_submit(pool, gate_job, &gate), 0);
	gate_await(&gate, 1);
	ck_assert_int_eq(bpool_submit(pool, count_job, &count), 0);
	ck_assert_int_eq(bpool_close(pool, BPOOL_DRAIN), 0);
	ck_assert_uint_eq(stats_of(pool).ready, 1);
	ck_assert_int_eq(bpool_close(pool, BPOOL_CANCEL), 0);
	ck_assert_uint_eq(stats_of(pool).ready, 0);
	ck_assert_int_eq(bpool_close(pool, BPOOL_DRAIN), 0);
	gate_open(&gate, 1);
	ck_assert_int_eq(bpool_destroy(pool), 0);
	ck_assert_int_eq(atomic_load(&count), 0);
}
END_TEST

START_TEST(close_wakes_every_sleeping_producer)
{
	struct bpool *pool = pool_of(1, 1);
	struct producer producers[5];
	struct gate gate;
	atomic_int count = 0;

	gate_init(&gate, 0);
	ck_assert_int_eq(bpool_submit(pool, gate_job, &gate), 0);
	for (int i = 0; i < 5; i++)
		producer_start(&producers[i], pool, &count);
	pool_await_users(pool, 5);
	ck_assert_int_eq(bpool_close(pool, BPOOL_DRAIN), 0);
	for (int i = 0; i < 5; i++)
		ck_assert_int_eq(producer_join(&producers[i]), -EPIPE);
	gate_open(&gate, 1);
	ck_assert_int_eq(bpool_destroy(pool), 0);
	ck_assert_int_eq(atomic_load(&count), 0);
}
END_TEST

START_TEST(close_never_sleeps_even_while_jobs_run)
{
	struct bpool *pool = pool_of(1, 2);
	struct gate gate;

	gate_init(&gate, 0);
	ck_assert_int_eq(bpool_submit(pool, gate_job, &gate), 0);
	gate_await(&gate, 1);
	/* Would hang here: only this thread opens the gate. */
	ck_assert_int_eq(bpool_close(pool, BPOOL_DRAIN), 0);
	ck_assert_int_eq(bpool_close(pool, BPOOL_CANCEL), 0);
	gate_open(&gate, 1);
	ck_assert_int_eq(bpool_destroy(pool), 0);
}
END_TEST

START_TEST(wait_covers_what_was_accepted_before_and_not_what_came_after)
{
	struct bpool *pool = pool_of(2, 4);
	struct gate before, after;
	struct timespec soon;

	gate_init(&before, 0);
	gate_init(&after, 0);
	ck_assert_int_eq(bpool_submit(pool, gate_job, &before), 0);
	soon = bpool_after(20 * MS);
	ck_assert_int_eq(bpool_wait(pool, &soon), -ETIMEDOUT);
	soon = (struct timespec){ 0 };
	ck_assert_int_eq(bpool_wait(pool, &soon), -ETIMEDOUT);
	gate_open(&before, 1);
	ck_assert_int_eq(bpool_wait(pool, NULL), 0);
	ck_assert_int_eq(bpool_submit(pool, gate_job, &after), 0);
	gate_await(&after, 1);
	gate_open(&after, 1);
	ck_assert_int_eq(bpool_wait(pool, NULL), 0);
	ck_assert_int_eq(bpool_wait(pool, &soon), 0);
	ck_assert_int_eq(bpool_destroy(pool), 0);
}
END_TEST

struct waiter {
	struct bpool *pool;
	int err;
};

static void *waiter_main(void *arg)
{
	struct waiter *waiter = arg;

	waiter->err = bpool_wait(waiter->pool, NULL);
	return NULL;
}

START_TEST(wait_returns_while_a_later_job_still_runs)
{
	struct bpool *pool = pool_of(2, 4);
	struct waiter waiter = { .pool = pool, .err = 1 };
	struct gate before, after;
	pthread_t thread;

	gate_init(&before, 0);
	gate_init(&after, 0);
	ck_assert_int_eq(bpool_submit(pool, gate_job, &before), 0);
	pthread_create(&thread, NULL, waiter_main, &waiter);
	pool_await_users(pool, 1);
	ck_assert_int_eq(bpool_submit(pool, gate_job, &after), 0);
	gate_await(&after, 1);
	gate_open(&before, 1);
	pthread_join(thread, NULL);
	ck_assert_int_eq(waiter.err, 0);
	ck_assert_int_eq(atomic_load(&after.running), 1);
	gate_open(&after, 1);
	ck_assert_int_eq(bpool_destroy(pool), 0);
}
END_TEST

START_TEST(wait_is_not_ended_by_a_job_accepted_later)
{
	struct bpool *pool = pool_of(2, 4);
	struct waiter waiter = { .pool = pool, .err = 1 };
	struct gate gate;
	atomic_int count = 0;
	pthread_t thread;

	gate_init(&gate, 0);
	ck_assert_int_eq(bpool_submit(pool, gate_job, &gate), 0);
	pthread_create(&thread, NULL, waiter_main, &waiter);
	pool_await_users(pool, 1);
	ck_assert_int_eq(bpool_submit(pool, count_job, &count), 0);
	while (stats_of(pool).finished < 1)
		sched_yield();
	/* It was not woken: the pool still counts it among its sleepers. */
	ck_assert_int_eq(bpool_destroy(pool), -EBUSY);
	gate_open(&gate, 1);
	pthread_join(thread, NULL);
	ck_assert_int_eq(waiter.err, 0);
	ck_assert_int_eq(bpool_destroy(pool), 0);
}
END_TEST

START_TEST(destroy_says_busy_while_another_thread_sleeps_in_a_call)
{
	struct bpool *pool = pool_of(1, 4);
	struct waiter waiter = { .pool = pool, .err = 1 };
	struct gate gate;
	pthread_t thread;

	gate_init(&gate, 0);
	ck_assert_int_eq(bpool_submit(pool, gate_job, &gate), 0);
	pthread_create(&thread, NULL, waiter_main, &waiter);
	pool_await_users(pool, 1);
	ck_assert_int_eq(bpool_destroy(pool), -EBUSY);
	ck_assert_int_eq(bpool_submit(pool, gate_job, &gate), -EPIPE);
	gate_open(&gate, 1);
	pthread_join(thread, NULL);
	ck_assert_int_eq(waiter.err, 0);
	ck_assert_int_eq(bpool_destroy(pool), 0);
}
END_TEST

static void *destroyer(void *arg)
{
	pthread_cancel(pthread_self());
	/* It acts at the next cancellation point, which this is not. */
	return (void *)(intptr_t)(bpool_destroy(arg) == 0);
}

START_TEST(destroy_is_no_cancellation_point)
{
	for (int i = 0; i < 200; i++) {
		pthread_t thread;
		void *done;

		ck_assert_int_eq(pthread_create(&thread, NULL, destroyer,
						pool_of(4, 0)),
				 0);
		ck_assert_int_eq(pthread_join(thread, &done), 0);
		ck_assert_ptr_eq(done, (void *)(intptr_t)1);
	}
}
END_TEST

/* Memory that was never used is not taken while enough that was is free. */
START_TEST(what_few_jobs_use_stays_small_in_a_large_pool)
{
	struct bpool *pool = pool_of(1, 1000000);
	struct bpool_future future = { 0 };
	atomic_int count = 0;

	for (int i = 0; i < 5000; i++) {
		ck_assert_int_eq(bpool_async(pool, &future, count_job, &count),
				 0);
		ck_assert_int_eq(bpool_await(&future, NULL, NULL), 0);
	}
	ck_assert_int_eq(bpool_wait(pool, NULL), 0);
	pool_lock(pool);
	ck_assert_uint_le(pool->fresh, 1100);
	pool_unlock(pool);
	ck_assert_int_eq(bpool_destroy(pool), 0);
}
END_TEST

START_TEST(destroy_of_nothing_does_nothing)
{
	ck_assert_int_eq(bpool_destroy(NULL), 0);
}
END_TEST

static int fail_job(void *arg)
{
	(void)arg;
	return -EIO;
}

START_TEST(stats_add_up)
{
	struct bpool *pool = pool_of(2, 8);
	struct bpool_stats stats;
	struct gate gate;

	gate_init(&gate, 0);
	for (int i = 0; i < 5; i++)
		ck_assert_int_eq(bpool_submit(pool, gate_job, &gate), 0);
	gate_await(&gate, 2);
	stats = stats_of(pool);
	ck_assert_uint_eq(stats.submitted, 5);
	ck_assert_uint_eq(stats.running, 2);
	ck_assert_uint_eq(stats.ready, 3);
	ck_assert_uint_eq(stats.in_flight, 5);
	ck_assert_uint_eq(stats.in_flight_peak, 5);
	ck_assert_uint_eq(stats.workers, 2);
	ck_assert_uint_eq(stats.producers_slept_ns, 0);
	gate_open(&gate, 5);
	ck_assert_int_eq(bpool_submit(pool, fail_job, NULL), 0);
	ck_assert_int_eq(bpool_wait(pool, NULL), 0);
	stats = stats_of(pool);
	ck_assert_uint_eq(stats.finished, 6);
	ck_assert_uint_eq(stats.failed, 1);
	ck_assert_uint_eq(stats.in_flight, 0);
	ck_assert_uint_eq(stats.ready, 0);
	ck_assert_uint_eq(stats.running, 0);
	ck_assert_int_eq(bpool_destroy(pool), 0);
}
END_TEST

START_TEST(stats_tell_how_long_producers_slept)
{
	struct bpool *pool = pool_of(1, 1);
	struct producer producer;
	struct gate gate;
	atomic_int count = 0;

	gate_init(&gate, 0);
	ck_assert_int_eq(bpool_submit(pool, gate_job, &gate), 0);
	producer_start(&producer, pool, &count);
	pool_await_users(pool, 1);
	gate_open(&gate, 1);
	ck_assert_int_eq(producer_join(&producer), 0);
	ck_assert_uint_gt(stats_of(pool).producers_slept_ns, 0);
	ck_assert_int_eq(bpool_destroy(pool), 0);
}
END_TEST

START_TEST(never_more_jobs_run_than_there_are_workers)
{
	for (unsigned workers = 1; workers <= 5; workers++) {
		struct bpool *pool = pool_of(workers, 64);
		struct gate gate;

		gate_init(&gate, 0);
		for (int i = 0; i < 30; i++)
			ck_assert_int_eq(bpool_submit(pool, gate_job, &gate),
					 0);
		/* All of them, and not one more. */
		gate_await(&gate, (int)workers);
		ck_assert_uint_eq(stats_of(pool).running, workers);
		gate_open(&gate, 30);
		ck_assert_int_eq(bpool_destroy(pool), 0);
		ck_assert_int_eq(atomic_load(&gate.peak), (int)workers);
		ck_assert_int_eq(atomic_load(&gate.runs), 30);
	}
}
END_TEST

/* A sanitizer has threads and allocations of its own. */
#if !ADDRESS_SANITIZER && !THREAD_SANITIZER && defined(__GLIBC__)
START_TEST(an_idle_pool_uses_no_cpu_and_no_wake_ups)
{
	struct bpool *pool = pool_of(8, 0);
	struct rusage before, after;
	struct timespec pause = { .tv_nsec = 200 * 1000 * 1000 };
	atomic_int count = 0;

	for (int i = 0; i < 100; i++)
		ck_assert_int_eq(bpool_submit(pool, count_job, &count), 0);
	ck_assert_int_eq(bpool_wait(pool, NULL), 0);
	/* Let the last worker reach its rest: it has no more to switch. */
	clock_nanosleep(CLOCK_MONOTONIC, 0, &pause, NULL);
	getrusage(RUSAGE_SELF, &before);
	clock_nanosleep(CLOCK_MONOTONIC, 0, &pause, NULL);
	getrusage(RUSAGE_SELF, &after);
	/* One for this thread's own sleep; eight that poll would show. */
	ck_assert_int_le(after.ru_nvcsw - before.ru_nvcsw, 3);
	ck_assert_int_eq(bpool_destroy(pool), 0);
}
END_TEST

static atomic_ulong allocations;

/* In place of libc's, for the whole process. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *old, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

void *malloc(size_t size)
{
	atomic_fetch_add(&allocations, 1);
	return __libc_malloc(size);
}

void *calloc(size_t n, size_t size)
{
	atomic_fetch_add(&allocations, 1);
	return __libc_calloc(n, size);
}

void *realloc(void *old, size_t size)
{
	atomic_fetch_add(&allocations, 1);
	return __libc_realloc(old, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
	atomic_fetch_add(&allocations, 1);
	return __libc_memalign(alignment, size);
}

START_TEST(a_million_jobs_allocate_nothing)
{
	unsigned long none = atomic_load(&allocations);
	struct bpool *pool = pool_of(4, 0);
	unsigned long created = atomic_load(&allocations), after;
	atomic_int count = 0;

	/* No assertion in between: Check allocates. */
	for (int i = 0; i < 1000000; i++)
		bpool_submit(pool, count_job, &count);
	bpool_wait(pool, NULL);
	after = atomic_load(&allocations);
	ck_assert_uint_gt(created, none);
	ck_assert_uint_eq(created, after);
	ck_assert_int_eq(atomic_load(&count), 1000000);
	ck_assert_int_eq(bpool_destroy(pool), 0);
}
END_TEST
#define MEASURING_TESTS                                                        \
	, an_idle_pool_uses_no_cpu_and_no_wake_ups,                            \
		a_million_jobs_allocate_nothing
#else
#define MEASURING_TESTS
#endif

START_TEST(pools_come_and_go)
{
	atomic_int count = 0;

	for (int i = 0; i < 500; i++) {
		struct bpool *pool = pool_of(1 + (unsigned)i % 4, 2);

		for (int j = 0; j < i % 7; j++)
			ck_assert_int_eq(bpool_submit(pool, count_job, &count),
					 0);
		ck_assert_int_eq(bpool_destroy(pool), 0);
	}
	ck_assert_int_eq(atomic_load(&count), 500 / 7 * 21 + 0 + 1 + 2);
}
END_TEST

int main(void)
{
	return TESTS_RUN(
		"pool", close_with_drain_runs_what_was_accepted,
		close_with_cancel_drops_what_has_not_started_and_tells_its_future,
		cancel_may_follow_drain, close_wakes_every_sleeping_producer,
		close_never_sleeps_even_while_jobs_run,
		wait_covers_what_was_accepted_before_and_not_what_came_after,
		wait_returns_while_a_later_job_still_runs,
		wait_is_not_ended_by_a_job_accepted_later,
		destroy_says_busy_while_another_thread_sleeps_in_a_call,
		destroy_is_no_cancellation_point,
		what_few_jobs_use_stays_small_in_a_large_pool,
		destroy_of_nothing_does_nothing, stats_add_up,
		stats_tell_how_long_producers_slept,
		never_more_jobs_run_than_there_are_workers,
		pools_come_and_go MEASURING_TESTS);
}
