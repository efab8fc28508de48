/* SPDX-License-Identifier: MIT */
/* bpool_map(), futures, groups. */
#include "support.h"

static int square(void *arg)
{
	int n = *(int *)arg;

	return n * n;
}

static int negate_odd(void *arg)
{
	int n = *(int *)arg;

	return n % 2 ? -n : n;
}

START_TEST(map_gives_results_in_the_order_of_the_elements)
{
	static const size_t sizes[] = { 1, 2, 3, 7, 1024 };
	int args[500], results[500];

	for (size_t s = 0; s < COUNT(sizes); s++) {
		struct bpool *pool = pool_of(3, sizes[s]);

		for (int i = 0; i < 500; i++)
			args[i] = i;
		memset(results, 0xff, sizeof(results));
		ck_assert_int_eq(bpool_map(pool, square, args, sizeof(*args),
					   500, results),
				 0);
		for (int i = 0; i < 500; i++)
			ck_assert_int_eq(results[i], i * i);
		ck_assert_int_eq(bpool_destroy(pool), 0);
	}
}
END_TEST

START_TEST(map_returns_the_error_with_the_lowest_index)
{
	struct bpool *pool = pool_of(4, 8);
	int args[] = { 2, 4, 9, 7, 6 }, results[5];

	ck_assert_int_eq(bpool_map(pool, negate_odd, args, sizeof(*args), 5,
				   results),
			 -9);
	ck_assert_int_eq(results[2], -9);
	ck_assert_int_eq(results[3], -7);
	ck_assert_int_eq(results[4], 6);
	ck_assert_int_eq(
		bpool_map(pool, negate_odd, args, sizeof(*args), 5, NULL), -9);
	ck_assert_int_eq(bpool_map(pool, NULL, NULL, 0, 0, NULL), 0);
	ck_assert_int_eq(bpool_destroy(pool), 0);
}
END_TEST

START_TEST(map_of_a_closed_pool_says_so_for_every_element)
{
	struct bpool *pool = pool_of(1, 8);
	int args[3] = { 1, 2, 3 }, results[3] = { 0 };

	ck_assert_int_eq(bpool_close(pool, BPOOL_DRAIN), 0);
	ck_assert_int_eq(bpool_map(pool, square, args, sizeof(*args), 3,
				   results),
			 -EPIPE);
	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(results[i], -EPIPE);
	ck_assert_int_eq(bpool_destroy(pool), 0);
}
END_TEST

struct cancelled_map {
	struct bpool *pool;
	struct gate gate;
	int results[4], err;
};

static void *map_main(void *arg)
{
	struct cancelled_map *map = arg;

	map->err =
		bpool_map(map->pool, gate_job, &map->gate, 0, 4, map->results);
	return NULL;
}

START_TEST(map_tells_which_elements_a_cancel_dropped)
{
	struct cancelled_map map = { .pool = pool_of(1, 2) };
	pthread_t thread;

	gate_init(&map.gate, 5);
	pthread_create(&thread, NULL, map_main, &map);
	gate_await(&map.gate, 1);
	pool_await_users(map.pool, 1);
	ck_assert_int_eq(bpool_close(map.pool, BPOOL_CANCEL), 0);
	gate_open(&map.gate, 1);
	pthread_join(thread, NULL);
	ck_assert_int_eq(map.results[0], 5);
	ck_assert_int_eq(map.results[1], -ECANCELED);
	ck_assert_int_eq(map.results[2], -EPIPE);
	ck_assert_int_eq(map.results[3], -EPIPE);
	ck_assert_int_eq(map.err, -ECANCELED);
	ck_assert_int_eq(bpool_destroy(map.pool), 0);
}
END_TEST

START_TEST(await_gives_what_the_job_returned_verbatim)
{
	static const int values[] = {
		0, 1, -1, INT32_MAX, INT32_MIN, -ECANCELED
	};
	struct bpool *pool = pool_of(2, 4);

	for (size_t i = 0; i < COUNT(values); i++) {
		struct bpool_future future;
		int value = values[i], result = 99;

		ck_assert_int_eq(bpool_future_init(&future), 0);
		ck_assert_int_eq(bpool_async(pool, &future, value_job, &value),
				 0);
		ck_assert_int_eq(bpool_await(&future, &result, NULL), 0);
		ck_assert_int_eq(result, values[i]);
		ck_assert_int_eq(bpool_await(&future, NULL, NULL), 0);
		ck_assert_int_eq(bpool_future_fini(&future), 0);
	}
	ck_assert_int_eq(bpool_destroy(pool), 0);
}
END_TEST

START_TEST(await_gives_up_at_its_deadline_and_the_job_goes_on)
{
	struct bpool *pool = pool_of(1, 4);
	struct bpool_future future = { 0 };
	struct timespec deadline = { 0 };
	struct gate gate;
	int result = 1;

	gate_init(&gate, 3);
	ck_assert_int_eq(bpool_async(pool, &future, gate_job, &gate), 0);
	ck_assert_int_eq(bpool_await(&future, &result, &deadline), -ETIMEDOUT);
	deadline = bpool_after(20 * MS);
	ck_assert_int_eq(bpool_await(&future, &result, &deadline), -ETIMEDOUT);
	ck_assert_int_eq(result, 1);
	ck_assert_int_eq(bpool_future_fini(&future), -EBUSY);
	ck_assert_int_eq(bpool_async(pool, &future, gate_job, &gate), -EBUSY);
	gate_open(&gate, 1);
	ck_assert_int_eq(bpool_await(&future, &result, NULL), 0);
	ck_assert_int_eq(result, 3);
	ck_assert_int_eq(bpool_destroy(pool), 0);
}
END_TEST

START_TEST(a_future_is_read_after_its_pool_is_gone)
{
	struct bpool *pool = pool_of(2, 4);
	struct bpool_future futures[10];
	struct bpool_group group;
	int values[10], result;

	ck_assert_int_eq(bpool_group_init(&group, pool, 0), 0);
	for (int i = 0; i < 10; i++) {
		values[i] = i;
		bpool_future_init(&futures[i]);
		ck_assert_int_eq(i % 2 ? bpool_async(pool, &futures[i],
						     value_job, &values[i])
				       : bpool_group_async(&group, &futures[i],
							   value_job,
							   &values[i]),
				 0);
	}
	ck_assert_int_eq(bpool_destroy(pool), 0);
	for (int i = 0; i < 10; i++) {
		ck_assert_int_eq(bpool_await(&futures[i], &result, NULL), 0);
		ck_assert_int_eq(result, i);
	}
	ck_assert_int_eq(bpool_group_fini(&group), 0);
}
END_TEST

START_TEST(a_finished_job_gives_its_record_back_read_or_not)
{
	struct bpool *pool = pool_of(1, 1);
	struct bpool_future futures[50];
	int value = 4, result;

	memset(futures, 0, sizeof(futures));
	for (int i = 0; i < 50; i++)
		ck_assert_int_eq(
			bpool_async(pool, &futures[i], value_job, &value), 0);
	for (int i = 0; i < 50; i++) {
		ck_assert_int_eq(bpool_await(&futures[i], &result, NULL), 0);
		ck_assert_int_eq(result, 4);
	}
	ck_assert_int_eq(bpool_destroy(pool), 0);
}
END_TEST

struct awaiter {
	struct bpool_future *future;
	int err, result;
};

static void *awaiter_main(void *arg)
{
	struct awaiter *awaiter = arg;

	awaiter->err = bpool_await(awaiter->future, &awaiter->result, NULL);
	return NULL;
}

START_TEST(every_thread_that_awaits_a_future_wakes)
{
	struct bpool *pool = pool_of(1, 4);
	struct bpool_future future = { 0 };
	struct awaiter awaiters[4];
	pthread_t threads[4];
	struct gate gate;

	gate_init(&gate, 8);
	ck_assert_int_eq(bpool_async(pool, &future, gate_job, &gate), 0);
	for (int i = 0; i < 4; i++) {
		awaiters[i] = (struct awaiter){ .future = &future };
		pthread_create(&threads[i], NULL, awaiter_main, &awaiters[i]);
	}
	pool_await_users(pool, 4);
	gate_open(&gate, 1);
	for (int i = 0; i < 4; i++) {
		pthread_join(threads[i], NULL);
		ck_assert_int_eq(awaiters[i].err, 0);
		ck_assert_int_eq(awaiters[i].result, 8);
	}
	ck_assert_int_eq(bpool_destroy(pool), 0);
}
END_TEST

START_TEST(group_next_hands_out_as_completed)
{
	struct bpool *pool = pool_of(3, 8);
	struct bpool_future futures[3], *next;
	struct bpool_group group;
	struct gate gates[3];
	static const int order[] = { 2, 0, 1 };
	int result;

	ck_assert_int_eq(bpool_group_init(&group, pool, 0), 0);
	for (int i = 0; i < 3; i++) {
		gate_init(&gates[i], i);
		bpool_future_init(&futures[i]);
		ck_assert_int_eq(bpool_group_async(&group, &futures[i],
						   gate_job, &gates[i]),
				 0);
	}
	for (int i = 0; i < 3; i++) {
		struct timespec past = { 0 };

		ck_assert_int_eq(bpool_group_next(&group, &next, &past),
				 -ETIMEDOUT);
		gate_open(&gates[order[i]], 1);
		ck_assert_int_eq(bpool_group_next(&group, &next, NULL), 0);
		ck_assert_ptr_eq(next, &futures[order[i]]);
		ck_assert_int_eq(bpool_await(next, &result, NULL), 0);
		ck_assert_int_eq(result, order[i]);
		ck_assert_int_eq(bpool_future_fini(next), 0);
	}
	ck_assert_int_eq(bpool_group_next(&group, &next, NULL), -ENOENT);
	ck_assert_int_eq(bpool_group_fini(&group), 0);
	ck_assert_int_eq(bpool_destroy(pool), 0);
}
END_TEST

START_TEST(group_wait_returns_the_first_error)
{
	struct bpool *pool = pool_of(1, 8);
	struct bpool_future futures[3] = { 0 };
	struct bpool_group group;
	int values[] = { 1, -5, -6 };

	ck_assert_int_eq(bpool_group_init(&group, pool, 0), 0);
	ck_assert_int_eq(bpool_group_wait(&group, NULL), 0);
	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(bpool_group_async(&group, &futures[i],
						   value_job, &values[i]),
				 0);
	ck_assert_int_eq(bpool_group_wait(&group, NULL), -5);
	ck_assert_int_eq(bpool_future_fini(&futures[0]), -EBUSY);
	ck_assert_int_eq(bpool_group_fini(&group), 0);
	ck_assert_int_eq(bpool_future_fini(&futures[0]), 0);
	ck_assert_int_eq(bpool_destroy(pool), 0);
}
END_TEST

struct group_waiter {
	struct bpool_group *group;
	int err;
};

static void *group_waiter_main(void *arg)
{
	struct group_waiter *waiter = arg;

	waiter->err = bpool_group_wait(waiter->group, NULL);
	return NULL;
}

START_TEST(group_wait_covers_what_was_submitted_before_it)
{
	struct bpool *pool = pool_of(2, 8);
	struct bpool_future first = { 0 }, second = { 0 };
	struct bpool_group group;
	struct group_waiter waiter = { .group = &group, .err = 1 };
	struct gate before, after;
	struct timespec past = { 0 };
	pthread_t thread;

	gate_init(&before, 0);
	gate_init(&after, 0);
	ck_assert_int_eq(bpool_group_init(&group, pool, 0), 0);
	ck_assert_int_eq(bpool_group_async(&group, &first, gate_job, &before),
			 0);
	pthread_create(&thread, NULL, group_waiter_main, &waiter);
	pool_await_users(pool, 1);
	ck_assert_int_eq(bpool_group_fini(&group), -EBUSY);
	ck_assert_int_eq(bpool_group_async(&group, &second, gate_job, &after),
			 0);
	gate_open(&before, 1);
	pthread_join(thread, NULL);
	ck_assert_int_eq(waiter.err, 0);
	ck_assert_int_eq(bpool_group_wait(&group, &past), -ETIMEDOUT);
	gate_open(&after, 1);
	ck_assert_int_eq(bpool_group_wait(&group, NULL), 0);
	ck_assert_int_eq(bpool_group_fini(&group), 0);
	ck_assert_int_eq(bpool_destroy(pool), 0);
}
END_TEST

static int until_cancelled(void *arg)
{
	sem_post(arg);
	while (!bpool_cancelled())
		sched_yield();
	return 1;
}

START_TEST(group_cancel_drops_the_ready_and_tells_the_running)
{
	struct bpool *pool = pool_of(1, 8);
	struct bpool_future running = { 0 }, ready = { 0 }, late = { 0 }, *next;
	struct bpool_group group;
	atomic_int count = 0;
	sem_t started;
	int result = 0;

	sem_init(&started, 0, 0);
	ck_assert_int_eq(bpool_group_init(&group, pool, 0), 0);
	ck_assert_int_eq(bpool_group_async(&group, &running, until_cancelled,
					   &started),
			 0);
	while (sem_wait(&started) != 0)
		;
	ck_assert_int_eq(bpool_group_async(&group, &ready, count_job, &count),
			 0);
	ck_assert_int_eq(bpool_group_cancel(&group), 0);
	ck_assert_int_eq(bpool_group_async(&group, &late, count_job, &count),
			 -ECANCELED);
	ck_assert_int_eq(bpool_group_next(&group, &next, NULL), 0);
	ck_assert_ptr_eq(next, &ready);
	ck_assert_int_eq(bpool_await(&ready, &result, NULL), -ECANCELED);
	ck_assert_int_eq(bpool_await(&running, &result, NULL), 0);
	ck_assert_int_eq(result, 1);
	ck_assert_int_eq(bpool_group_wait(&group, NULL), -ECANCELED);
	/* The pool itself goes on. */
	ck_assert_int_eq(bpool_submit(pool, count_job, &count), 0);
	ck_assert_int_eq(bpool_group_fini(&group), 0);
	ck_assert_int_eq(bpool_destroy(pool), 0);
	ck_assert_int_eq(atomic_load(&count), 1);
}
END_TEST

START_TEST(cancel_on_error_drops_the_rest_of_its_group_alone)
{
	struct bpool *pool = pool_of(1, 8);
	struct bpool_future failed = { 0 }, dropped[3] = { 0 }, other = { 0 };
	struct bpool_group group;
	struct gate gate;
	atomic_int count = 0;

	gate_init(&gate, -7);
	ck_assert_int_eq(bpool_group_init(&group, pool, BPOOL_CANCEL_ON_ERROR),
			 0);
	ck_assert_int_eq(bpool_group_async(&group, &failed, gate_job, &gate),
			 0);
	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(bpool_group_async(&group, &dropped[i],
						   count_job, &count),
				 0);
	ck_assert_int_eq(bpool_async(pool, &other, count_job, &count), 0);
	gate_open(&gate, 1);
	ck_assert_int_eq(bpool_group_wait(&group, NULL), -7);
	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(bpool_await(&dropped[i], NULL, NULL),
				 -ECANCELED);
	ck_assert_int_eq(bpool_await(&other, NULL, NULL), 0);
	ck_assert_int_eq(bpool_group_fini(&group), 0);
	ck_assert_int_eq(bpool_destroy(pool), 0);
	ck_assert_int_eq(atomic_load(&count), 1);
}
END_TEST

START_TEST(a_million_into_a_group_are_read_afterwards)
{
	enum {
		N = MANY(1000000)
	};
	struct bpool *pool = pool_of(4, 0);
	struct bpool_future *futures = calloc(N, sizeof(*futures)), *next;
	struct bpool_group group;
	int value = 3, result, wrong = 0, handed = 0;

	ck_assert_ptr_nonnull(futures);
	ck_assert_int_eq(bpool_group_init(&group, pool, 0), 0);
	for (int i = 0; i < N; i++)
		wrong += bpool_group_async(&group, &futures[i], value_job,
					   &value) != 0;
	ck_assert_int_eq(bpool_group_wait(&group, NULL), 0);
	for (int i = 0; i < N; i++)
		wrong += bpool_await(&futures[i], &result, NULL) != 0 ||
			 result != 3;
	while (bpool_group_next(&group, &next, NULL) == 0)
		handed++;
	ck_assert_int_eq(wrong, 0);
	ck_assert_int_eq(handed, N);
	ck_assert_int_eq(bpool_group_fini(&group), 0);
	ck_assert_int_eq(bpool_destroy(pool), 0);
	free(futures);
}
END_TEST

static void *next_main(void *arg)
{
	struct bpool_future *next;
	intptr_t n = 0;

	while (bpool_group_next(arg, &next, NULL) == 0)
		n++;
	return (void *)n;
}

START_TEST(many_collectors_share_a_group_and_all_come_back)
{
	struct bpool *pool = pool_of(2, 8);
	struct bpool_future futures[1000];
	struct bpool_group group;
	pthread_t threads[4];
	struct gate gate;
	int value = 1;
	intptr_t sum = 0;

	gate_init(&gate, 0);
	memset(futures, 0, sizeof(futures));
	ck_assert_int_eq(bpool_group_init(&group, pool, 0), 0);
	ck_assert_int_eq(
		bpool_group_async(&group, &futures[0], gate_job, &gate), 0);
	for (int i = 0; i < 4; i++)
		pthread_create(&threads[i], NULL, next_main, &group);
	for (int i = 1; i < 1000; i++)
		ck_assert_int_eq(bpool_group_async(&group, &futures[i],
						   value_job, &value),
				 0);
	gate_open(&gate, 1);
	for (int i = 0; i < 4; i++) {
		void *n;

		pthread_join(threads[i], &n);
		sum += (intptr_t)n;
	}
	ck_assert_int_eq(sum, 1000);
	ck_assert_int_eq(bpool_group_fini(&group), 0);
	ck_assert_int_eq(bpool_destroy(pool), 0);
}
END_TEST

START_TEST(cancel_against_start_leaves_one_verdict)
{
	enum {
		N = MANY(20000)
	};
	struct bpool *pool = pool_of(3, 16);
	struct bpool_future *futures = calloc(N, sizeof(*futures));
	struct bpool_group group;
	atomic_int count = 0;
	int ran = 0, dropped = 0, accepted = 0;

	for (int from = 0; from < N; from += 20) {
		ck_assert_int_eq(bpool_group_init(&group, pool, 0), 0);
		for (int i = from; i < from + 20; i++)
			accepted += bpool_group_async(&group, &futures[i],
						      count_job, &count) == 0;
		ck_assert_int_eq(bpool_group_cancel(&group), 0);
		bpool_group_wait(&group, NULL);
		ck_assert_int_eq(bpool_group_fini(&group), 0);
	}
	for (int i = 0; i < N; i++) {
		int err = bpool_await(&futures[i], NULL, NULL);

		ran += err == 0;
		dropped += err == -ECANCELED;
	}
	ck_assert_int_eq(accepted, N);
	ck_assert_int_eq(ran + dropped, N);
	ck_assert_int_eq(ran, atomic_load(&count));
	ck_assert_int_eq(bpool_destroy(pool), 0);
	free(futures);
}
END_TEST

int main(void)
{
	return TESTS_RUN("gather",
			 map_gives_results_in_the_order_of_the_elements,
			 map_returns_the_error_with_the_lowest_index,
			 map_of_a_closed_pool_says_so_for_every_element,
			 map_tells_which_elements_a_cancel_dropped,
			 await_gives_what_the_job_returned_verbatim,
			 await_gives_up_at_its_deadline_and_the_job_goes_on,
			 a_future_is_read_after_its_pool_is_gone,
			 a_finished_job_gives_its_record_back_read_or_not,
			 every_thread_that_awaits_a_future_wakes,
			 group_next_hands_out_as_completed,
			 group_wait_returns_the_first_error,
			 group_wait_covers_what_was_submitted_before_it,
			 group_cancel_drops_the_ready_and_tells_the_running,
			 cancel_on_error_drops_the_rest_of_its_group_alone,
			 a_million_into_a_group_are_read_afterwards,
			 many_collectors_share_a_group_and_all_come_back,
			 cancel_against_start_leaves_one_verdict);
}
