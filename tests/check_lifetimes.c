/* SPDX-License-Identifier: MIT */
/* When futures and groups may be used again or go away. */
#include "support.h"

static void *collector(void *arg)
{
	struct bpool_future *future;
	int err;

	do {
		err = bpool_group_next(arg, &future, NULL);
	} while (err == 0);
	return (void *)(intptr_t)err;
}

START_TEST(all_collectors_wake_when_an_error_cancels_the_rest)
{
	struct bpool_future failed = { 0 }, dropped = { 0 };
	struct bpool *pool = pool_of(1, 0);
	struct bpool_group group;
	pthread_t threads[3];
	struct gate gate;
	void *told;

	gate_init(&gate, -7);
	ck_assert_int_eq(bpool_group_init(&group, pool, BPOOL_CANCEL_ON_ERROR),
			 0);
	ck_assert_int_eq(bpool_group_async(&group, &failed, gate_job, &gate),
			 0);
	gate_await(&gate, 1);
	ck_assert_int_eq(bpool_group_async(&group, &dropped, count_job, NULL),
			 0);
	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(pthread_create(&threads[i], NULL, collector,
						&group),
				 0);
	pool_await_users(pool, 3);
	gate_open(&gate, 1);
	for (int i = 0; i < 3; i++) {
		ck_assert_int_eq(pthread_join(threads[i], &told), 0);
		ck_assert_int_eq((int)(intptr_t)told, -ENOENT);
	}
	ck_assert_int_eq(bpool_group_fini(&group), 0);
	ck_assert_int_eq(bpool_destroy(pool), 0);
}
END_TEST

struct adder {
	struct bpool_group *group;
	struct bpool_future future;
	atomic_int count;
};

static void *adder(void *arg)
{
	struct adder *adder = arg;
	int err = bpool_group_async(adder->group, &adder->future, count_job,
				    &adder->count);

	return (void *)(intptr_t)err;
}

START_TEST(a_group_is_busy_while_a_thread_sleeps_to_add_to_it)
{
	struct bpool *pool = pool_of(1, 1);
	struct bpool_group group;
	struct adder add = { .group = &group };
	struct gate gate;
	pthread_t thread;
	void *err;

	gate_init(&gate, 0);
	ck_assert_int_eq(bpool_group_init(&group, pool, 0), 0);
	ck_assert_int_eq(bpool_submit(pool, gate_job, &gate), 0);
	ck_assert_int_eq(pthread_create(&thread, NULL, adder, &add), 0);
	pool_await_users(pool, 1);
	ck_assert_int_eq(bpool_group_fini(&group), -EBUSY);
	gate_open(&gate, 1);
	ck_assert_int_eq(pthread_join(thread, &err), 0);
	ck_assert_int_eq((int)(intptr_t)err, 0);
	ck_assert_int_eq(bpool_group_wait(&group, NULL), 0);
	ck_assert_int_eq(bpool_group_fini(&group), 0);
	ck_assert_int_eq(atomic_load(&add.count), 1);
	ck_assert_int_eq(bpool_destroy(pool), 0);
}
END_TEST

START_TEST(cancelling_a_group_wakes_who_sleeps_to_add_to_it)
{
	struct bpool *pool = pool_of(1, 1);
	struct bpool_group group;
	struct adder add = { .group = &group };
	struct producer other;
	atomic_int count = 0;
	struct gate gate;
	pthread_t thread;
	void *err;

	gate_init(&gate, 0);
	ck_assert_int_eq(bpool_group_init(&group, pool, 0), 0);
	ck_assert_int_eq(bpool_submit(pool, gate_job, &gate), 0);
	ck_assert_int_eq(pthread_create(&thread, NULL, adder, &add), 0);
	pool_await_users(pool, 1);
	producer_start(&other, pool, &count);
	pool_await_users(pool, 2);
	ck_assert_int_eq(bpool_group_cancel(&group), 0);
	ck_assert_int_eq(pthread_join(thread, &err), 0);
	ck_assert_int_eq((int)(intptr_t)err, -ECANCELED);
	ck_assert_int_eq(bpool_group_fini(&group), 0);
	/* The place goes to who came after it. */
	gate_open(&gate, 1);
	ck_assert_int_eq(producer_join(&other), 0);
	ck_assert_int_eq(bpool_destroy(pool), 0);
	ck_assert_int_eq(atomic_load(&count), 1);
	ck_assert_int_eq(atomic_load(&add.count), 0);
}
END_TEST

static sem_t entered;

static void *group_waiter(void *arg)
{
	sem_post(&entered);
	return (void *)(intptr_t)bpool_group_wait(arg, NULL);
}

/* Released the moment that this is allowed, under one who comes out of it. */
START_TEST(a_group_is_not_released_under_a_call_that_returns)
{
	struct bpool *pool = pool_of(1, 0);

	sem_init(&entered, 0, 0);
	for (int i = 0; i < MANY(300); i++) {
		struct bpool_group *group = malloc(sizeof(*group));
		struct bpool_future future = { 0 };
		struct gate gate;
		pthread_t thread;
		void *err;

		ck_assert_ptr_nonnull(group);
		gate_init(&gate, 0);
		ck_assert_int_eq(bpool_group_init(group, pool, 0), 0);
		ck_assert_int_eq(
			bpool_group_async(group, &future, gate_job, &gate), 0);
		ck_assert_int_eq(
			pthread_create(&thread, NULL, group_waiter, group), 0);
		pool_await_users(pool, 1);
		gate_open(&gate, 1);
		while (bpool_group_fini(group) == -EBUSY)
			sched_yield();
		free(group);
		ck_assert_int_eq(pthread_join(thread, &err), 0);
		ck_assert_int_eq((int)(intptr_t)err, 0);
	}
	ck_assert_int_eq(bpool_destroy(pool), 0);
}
END_TEST

START_TEST(a_group_is_free_once_its_last_future_was_awaited)
{
	struct bpool *pool = pool_of(2, 0);
	atomic_int count = 0;

	for (int i = 0; i < MANY(20000); i++) {
		struct bpool_future future = { 0 };
		struct bpool_group group;

		ck_assert_int_eq(bpool_group_init(&group, pool, 0), 0);
		ck_assert_int_eq(bpool_group_async(&group, &future, count_job,
						   &count),
				 0);
		while (bpool_await(&future, NULL, &(struct timespec){ 0 }) ==
		       -ETIMEDOUT)
			;
		ck_assert_int_eq(bpool_group_fini(&group), 0);
	}
	ck_assert_int_eq(bpool_destroy(pool), 0);
}
END_TEST

struct awaiter {
	struct bpool_future *future;
	int result, err;
};

static void *awaiter(void *arg)
{
	struct awaiter *awaiter = arg;

	awaiter->err = bpool_await(awaiter->future, &awaiter->result, NULL);
	return NULL;
}

START_TEST(who_awaited_a_job_hears_of_that_one_though_the_future_is_used_again)
{
	struct bpool *pool = pool_of(1, 0);
	struct bpool_future future = { 0 };

	for (int i = 0; i < 200; i++) {
		struct awaiter first = { .future = &future };
		int two = 2, result;
		struct gate gate;
		pthread_t thread;

		gate_init(&gate, 1);
		ck_assert_int_eq(bpool_async(pool, &future, gate_job, &gate),
				 0);
		ck_assert_int_eq(pthread_create(&thread, NULL, awaiter, &first),
				 0);
		pool_await_users(pool, 1);
		gate_open(&gate, 1);
		while (bpool_async(pool, &future, value_job, &two) == -EBUSY)
			;
		ck_assert_int_eq(pthread_join(thread, NULL), 0);
		ck_assert_int_eq(first.err, 0);
		ck_assert_int_eq(first.result, 1);
		ck_assert_int_eq(bpool_await(&future, &result, NULL), 0);
		ck_assert_int_eq(result, 2);
	}
	ck_assert_int_eq(bpool_destroy(pool), 0);
}
END_TEST

/* One future, two threads that both sleep for room to use it. */
START_TEST(a_future_takes_one_job_at_a_time)
{
	struct bpool *pool = pool_of(1, 1);
	struct bpool_group group;
	struct adder add = { .group = &group };
	pthread_t threads[2];
	int accepted = 0, busy = 0;
	struct gate gate;
	void *err;

	gate_init(&gate, 0);
	ck_assert_int_eq(bpool_group_init(&group, pool, 0), 0);
	ck_assert_int_eq(bpool_submit(pool, gate_job, &gate), 0);
	for (int i = 0; i < 2; i++)
		ck_assert_int_eq(pthread_create(&threads[i], NULL, adder, &add),
				 0);
	pool_await_users(pool, 2);
	gate_open(&gate, 1);
	for (int i = 0; i < 2; i++) {
		ck_assert_int_eq(pthread_join(threads[i], &err), 0);
		accepted += (intptr_t)err == 0;
		busy += (intptr_t)err == -EBUSY;
	}
	ck_assert_int_eq(accepted, 1);
	ck_assert_int_eq(busy, 1);
	ck_assert_int_eq(bpool_group_wait(&group, NULL), 0);
	ck_assert_int_eq(atomic_load(&add.count), 1);
	ck_assert_int_eq(bpool_group_fini(&group), 0);
	ck_assert_int_eq(bpool_destroy(pool), 0);
}
END_TEST

int main(void)
{
	return TESTS_RUN(
		"lifetimes", all_collectors_wake_when_an_error_cancels_the_rest,
		a_group_is_busy_while_a_thread_sleeps_to_add_to_it,
		cancelling_a_group_wakes_who_sleeps_to_add_to_it,
		a_group_is_not_released_under_a_call_that_returns,
		a_group_is_free_once_its_last_future_was_awaited,
		who_awaited_a_job_hears_of_that_one_though_the_future_is_used_again,
		a_future_takes_one_job_at_a_time);
}
