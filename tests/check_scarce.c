/* SPDX-License-Identifier: MIT */
/* Where the system gives nothing more to sleep on.  The linker puts __wrap_x()
 * between the library and libc's x(). */
#include "support.h"

#include <limits.h>

/* How many there are left. */
static atomic_int left = INT_MAX;

int __real_sem_init(sem_t *sem, int shared, unsigned value);
int __wrap_sem_init(sem_t *sem, int shared, unsigned value);
int __real_pthread_cond_init(pthread_cond_t *cond,
			     const pthread_condattr_t *attr);
int __wrap_pthread_cond_init(pthread_cond_t *cond,
			     const pthread_condattr_t *attr);

int __wrap_sem_init(sem_t *sem, int shared, unsigned value)
{
	if (atomic_fetch_sub(&left, 1) > 0)
		return __real_sem_init(sem, shared, value);
	errno = ENOMEM;
	return -1;
}

/* What stands in for semaphores where libc has no sem_clockwait(). */
int __wrap_pthread_cond_init(pthread_cond_t *cond,
			     const pthread_condattr_t *attr)
{
	return atomic_fetch_sub(&left, 1) > 0
		       ? __real_pthread_cond_init(cond, attr)
		       : ENOMEM;
}

START_TEST(destroy_needs_nothing_that_could_be_wanting)
{
	struct bpool *pool = pool_of(2, 0);
	atomic_int count = 0;

	for (int i = 0; i < 20; i++)
		ck_assert_int_eq(bpool_submit(pool, count_job, &count), 0);
	atomic_store(&left, 0);
	ck_assert_int_eq(bpool_wait(pool, NULL), -ENOMEM);
	ck_assert_int_eq(bpool_destroy(pool), 0);
	ck_assert_int_eq(atomic_load(&count), 20);
}
END_TEST

struct mapping {
	struct bpool *pool;
	atomic_int count;
};

/* Stays until its producer sleeps. */
static int slow_job(void *arg)
{
	struct mapping *mapping = arg;

	pool_await_users(mapping->pool, 1);
	return count_job(&mapping->count);
}

START_TEST(a_map_that_has_begun_needs_nothing_more)
{
	struct mapping mapping = { .pool = pool_of(1, 1) };
	int results[5];

	atomic_store(&left, 0);
	ck_assert_int_eq(bpool_map(mapping.pool, slow_job, &mapping, 0,
				   COUNT(results), results),
			 -ENOMEM);
	ck_assert_int_eq(atomic_load(&mapping.count), 0);
	atomic_store(&left, 1);
	ck_assert_int_eq(bpool_map(mapping.pool, slow_job, &mapping, 0,
				   COUNT(results), results),
			 0);
	ck_assert_int_eq(atomic_load(&mapping.count), COUNT(results));
	for (size_t i = 0; i < COUNT(results); i++)
		ck_assert_int_eq(results[i], 0);
	ck_assert_int_eq(bpool_destroy(mapping.pool), 0);
}
END_TEST

static int mapping_job(void *arg)
{
	struct mapping *mapping = arg;

	return bpool_map(mapping->pool, count_job, &mapping->count, 0, 5, NULL);
}

/* Its elements find no room, and wait on the spot for the rate. */
START_TEST(nor_does_one_inside_a_job)
{
	struct bpool_options options = {
		.size = sizeof(options),
		.workers = 1,
		.max_in_flight = 1,
		.limit = LIMIT(.rate = { 1000, 1000 * MS, 1 }),
	};
	struct mapping mapping = { 0 };
	struct bpool_future future = { 0 };
	int result = -1;

	ck_assert_int_eq(bpool_create(&mapping.pool, &options), 0);
	/* One for the map, one to await it. */
	atomic_store(&left, 2);
	ck_assert_int_eq(
		bpool_async(mapping.pool, &future, mapping_job, &mapping), 0);
	ck_assert_int_eq(bpool_await(&future, &result, NULL), 0);
	ck_assert_int_eq(result, 0);
	ck_assert_int_eq(atomic_load(&mapping.count), 5);
	ck_assert_int_eq(bpool_destroy(mapping.pool), 0);
}
END_TEST

int main(void)
{
	return TESTS_RUN("scarce", destroy_needs_nothing_that_could_be_wanting,
			 a_map_that_has_begun_needs_nothing_more,
			 nor_does_one_inside_a_job);
}
