/* SPDX-License-Identifier: MIT */
/* Submitting: room, order, batches, deadlines, and no job lost. */
#include "support.h"

START_TEST(try_submit_says_again_exactly_when_full)
{
	static const size_t sizes[] = { 1, 2, 3, 7, 8 };

	for (size_t s = 0; s < COUNT(sizes); s++) {
		struct bpool *pool = pool_of(1, sizes[s]);
		struct gate gate;

		gate_init(&gate, 0);
		for (size_t i = 0; i < sizes[s]; i++)
			ck_assert_int_eq(
				bpool_try_submit(pool, gate_job, &gate), 0);
		gate_await(&gate, 1);
		ck_assert_int_eq(bpool_try_submit(pool, gate_job, &gate),
				 -EAGAIN);
		ck_assert_uint_eq(stats_of(pool).in_flight, sizes[s]);
		gate_open(&gate, (int)sizes[s]);
		ck_assert_int_eq(bpool_wait(pool, NULL), 0);
		ck_assert_int_eq(bpool_try_submit(pool, gate_job, &gate), 0);
		gate_open(&gate, 1);
		ck_assert_int_eq(bpool_destroy(pool), 0);
		ck_assert_int_eq(atomic_load(&gate.runs), (int)sizes[s] + 1);
	}
}
END_TEST

START_TEST(submit_until_gives_up_at_its_deadline_and_keeps_nothing)
{
	struct bpool *pool = pool_of(1, 1);
	struct timespec deadline = { 0 };
	struct gate gate;
	atomic_int count = 0;

	gate_init(&gate, 0);
	ck_assert_int_eq(bpool_submit(pool, gate_job, &gate), 0);
	ck_assert_int_eq(bpool_submit_until(pool, count_job, &count, &deadline),
			 -ETIMEDOUT);
	deadline = bpool_after(20 * MS);
	ck_assert_int_eq(bpool_submit_until(pool, count_job, &count, &deadline),
			 -ETIMEDOUT);
	gate_open(&gate, 1);
	ck_assert_int_eq(bpool_wait(pool, NULL), 0);
	ck_assert_int_eq(bpool_submit_until(pool, count_job, &count, &deadline),
			 0);
	ck_assert_int_eq(bpool_submit_until(pool, count_job, &count, NULL), 0);
	ck_assert_int_eq(bpool_destroy(pool), 0);
	ck_assert_int_eq(atomic_load(&count), 2);
}
END_TEST

START_TEST(a_full_pool_makes_the_producer_sleep_until_a_job_ends)
{
	struct bpool *pool = pool_of(1, 2);
	struct producer producer;
	struct gate gate;
	atomic_int count = 0;

	gate_init(&gate, 0);
	for (int i = 0; i < 2; i++)
		ck_assert_int_eq(bpool_submit(pool, gate_job, &gate), 0);
	producer_start(&producer, pool, &count);
	pool_await_users(pool, 1);
	ck_assert_uint_eq(stats_of(pool).submitted, 2);
	gate_open(&gate, 1);
	ck_assert_int_eq(producer_join(&producer), 0);
	ck_assert_uint_eq(stats_of(pool).in_flight_peak, 2);
	gate_open(&gate, 1);
	ck_assert_int_eq(bpool_destroy(pool), 0);
	ck_assert_int_eq(atomic_load(&count), 1);
}
END_TEST

struct marker {
	atomic_int *clock;
	int at;
};

static int mark_job(void *arg)
{
	struct marker *marker = arg;

	marker->at = atomic_fetch_add(marker->clock, 1);
	return 0;
}

static void *marker_main(void *arg)
{
	void **pair = arg;

	bpool_submit(pair[0], mark_job, pair[1]);
	return NULL;
}

START_TEST(a_producer_goes_on_though_all_that_is_ready_waits_for_it)
{
	struct bpool *pool = pool_of(1, 16);
	struct gate gate;
	atomic_int count = 0;

	gate_init(&gate, 0);
	ck_assert_int_eq(bpool_submit(pool, count_job, &count), 0);
	/* The last finds no room until the first job has ended. */
	for (int i = 0; i < 16; i++)
		ck_assert_int_eq(bpool_submit(pool, gate_job, &gate), 0);
	gate_open(&gate, 16);
	ck_assert_int_eq(bpool_destroy(pool), 0);
	ck_assert_int_eq(atomic_load(&count), 1);
	ck_assert_int_eq(atomic_load(&gate.runs), 16);
}
END_TEST

START_TEST(sleeping_producers_are_let_in_in_the_order_they_came)
{
	struct bpool *pool = pool_of(1, 1);
	atomic_int clock = 0;
	struct marker markers[6];
	void *pairs[6][2];
	pthread_t threads[6];
	struct gate gate;

	gate_init(&gate, 0);
	ck_assert_int_eq(bpool_submit(pool, gate_job, &gate), 0);
	for (size_t i = 0; i < 6; i++) {
		markers[i] = (struct marker){ .clock = &clock, .at = -1 };
		pairs[i][0] = pool;
		pairs[i][1] = &markers[i];
		pthread_create(&threads[i], NULL, marker_main, pairs[i]);
		pool_await_users(pool, i + 1);
	}
	gate_open(&gate, 1);
	for (int i = 0; i < 6; i++)
		pthread_join(threads[i], NULL);
	ck_assert_int_eq(bpool_destroy(pool), 0);
	for (int i = 0; i < 6; i++)
		ck_assert_int_eq(markers[i].at, i);
}
END_TEST

START_TEST(one_worker_runs_jobs_in_the_order_submitted)
{
	struct bpool *pool = pool_of(1, 3);
	atomic_int clock = 0;
	struct marker markers[100];

	for (int i = 0; i < 100; i++) {
		markers[i] = (struct marker){ .clock = &clock, .at = -1 };
		ck_assert_int_eq(bpool_submit(pool, mark_job, &markers[i]), 0);
	}
	ck_assert_int_eq(bpool_destroy(pool), 0);
	for (int i = 0; i < 100; i++)
		ck_assert_int_eq(markers[i].at, i);
}
END_TEST

START_TEST(submit_many_takes_an_array_larger_than_the_pool)
{
	static const size_t sizes[] = { 1, 2, 3, 8, 1024 };

	for (size_t s = 0; s < COUNT(sizes); s++) {
		struct bpool *pool = pool_of(2, sizes[s]);
		struct bpool_call calls[3000];
		atomic_int count = 0;

		for (size_t i = 0; i < COUNT(calls); i++)
			calls[i] = (struct bpool_call){ count_job, &count };
		ck_assert_int_eq(bpool_submit_many(pool, calls, 3000), 3000);
		ck_assert_int_eq(bpool_submit_many(pool, calls, 0), 0);
		ck_assert_int_eq(bpool_destroy(pool), 0);
		ck_assert_int_eq(atomic_load(&count), 3000);
	}
}
END_TEST

START_TEST(submit_many_says_how_many_were_accepted_before_an_error)
{
	struct bpool *pool = pool_of(1, 8);
	atomic_int count = 0;
	struct bpool_call calls[3] = { { count_job, &count },
				       { count_job, &count },
				       { NULL, &count } };

	ck_assert_int_eq(bpool_submit_many(pool, calls, 3), 2);
	ck_assert_int_eq(bpool_submit_many(pool, calls + 2, 1), -EINVAL);
	ck_assert_int_eq(bpool_close(pool, BPOOL_DRAIN), 0);
	ck_assert_int_eq(bpool_submit_many(pool, calls, 2), -EPIPE);
	ck_assert_int_eq(bpool_destroy(pool), 0);
	ck_assert_int_eq(atomic_load(&count), 2);
}
END_TEST

struct sink {
	struct bpool *pool;
	atomic_int *seen;
	int from, n, errors;
	bool timed;
};

static void *sink_main(void *arg)
{
	struct sink *sink = arg;

	for (int i = 0; i < sink->n; i++) {
		struct timespec deadline;
		int err;

		do {
			deadline = bpool_after(50000 * SLOWER);
			err = sink->timed
				      ? bpool_submit_until(
						sink->pool, count_job,
						&sink->seen[sink->from + i],
						&deadline)
				      : bpool_submit(
						sink->pool, count_job,
						&sink->seen[sink->from + i]);
		} while (err == -ETIMEDOUT);
		sink->errors += err != 0;
	}
	return NULL;
}

static void run_sinks(unsigned workers, size_t max_in_flight)
{
	enum {
		PRODUCERS = 4,
		EACH = MANY(20000)
	};
	static atomic_int seen[PRODUCERS * EACH];
	struct bpool *pool = pool_of(workers, max_in_flight);
	struct sink sinks[PRODUCERS];
	pthread_t threads[PRODUCERS];
	int wrong = 0;

	memset(seen, 0, sizeof(seen));
	for (int i = 0; i < PRODUCERS; i++) {
		sinks[i] = (struct sink){ .pool = pool,
					  .seen = seen,
					  .from = i * EACH,
					  .n = EACH,
					  .timed = i % 2 };
		pthread_create(&threads[i], NULL, sink_main, &sinks[i]);
	}
	for (int i = 0; i < PRODUCERS; i++) {
		pthread_join(threads[i], NULL);
		ck_assert_int_eq(sinks[i].errors, 0);
	}
	ck_assert_uint_le(stats_of(pool).in_flight_peak, max_in_flight);
	ck_assert_int_eq(bpool_destroy(pool), 0);
	for (int i = 0; i < PRODUCERS * EACH; i++)
		wrong += atomic_load(&seen[i]) != 1;
	ck_assert_int_eq(wrong, 0);
}

START_TEST(every_job_of_many_producers_runs_exactly_once)
{
	run_sinks(4, 1);
	run_sinks(4, 3);
	run_sinks(4, 64);
}
END_TEST

static atomic_bool pinger_stop;

static void on_signal(int signo)
{
	(void)signo;
}

static void *pinger_main(void *arg)
{
	while (!atomic_load(&pinger_stop))
		pthread_kill(*(pthread_t *)arg, SIGUSR1);
	return NULL;
}

START_TEST(signals_end_no_sleep_early)
{
	struct bpool *pool = pool_of(1, 1);
	struct sigaction action = { .sa_handler = on_signal };
	struct timespec deadline;
	pthread_t self = pthread_self(), pinger;
	struct gate gate;

	sigaction(SIGUSR1, &action, NULL);
	gate_init(&gate, 0);
	ck_assert_int_eq(bpool_submit(pool, gate_job, &gate), 0);
	pthread_create(&pinger, NULL, pinger_main, &self);
	deadline = bpool_after(50 * MS);
	ck_assert_int_eq(bpool_submit_until(pool, gate_job, &gate, &deadline),
			 -ETIMEDOUT);
	deadline = bpool_after(50 * MS);
	ck_assert_int_eq(bpool_wait(pool, &deadline), -ETIMEDOUT);
	atomic_store(&pinger_stop, true);
	pthread_join(pinger, NULL);
	gate_open(&gate, 1);
	ck_assert_int_eq(bpool_destroy(pool), 0);
}
END_TEST

int main(void)
{
	return TESTS_RUN(
		"jobs", try_submit_says_again_exactly_when_full,
		submit_until_gives_up_at_its_deadline_and_keeps_nothing,
		a_full_pool_makes_the_producer_sleep_until_a_job_ends,
		a_producer_goes_on_though_all_that_is_ready_waits_for_it,
		sleeping_producers_are_let_in_in_the_order_they_came,
		one_worker_runs_jobs_in_the_order_submitted,
		submit_many_takes_an_array_larger_than_the_pool,
		submit_many_says_how_many_were_accepted_before_an_error,
		every_job_of_many_producers_runs_exactly_once,
		signals_end_no_sleep_early);
}
