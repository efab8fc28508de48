/* SPDX-License-Identifier: MIT */
/* Bad input gets the stated error; nothing leaks, nothing is left running. */
#include <dirent.h>
#include <limits.h>
#include <sys/resource.h>

#include "support.h"

static int threads_now(void)
{
	DIR *dir = opendir("/proc/self/task");
	int n = 0;

	ck_assert_ptr_nonnull(dir);
	while (readdir(dir))
		n++;
	closedir(dir);
	return n;
}

static int create_with(struct bpool_options options)
{
	struct bpool *pool = NULL;
	int before = threads_now(), err = bpool_create(&pool, &options);

	if (err == 0) {
		ck_assert_int_eq(bpool_destroy(pool), 0);
	} else {
		ck_assert_ptr_null(pool);
		ck_assert_int_eq(threads_now(), before);
	}
	return err;
}

#define SIZED(...)                                                             \
	((struct bpool_options){ .size = sizeof(struct bpool_options),         \
				 __VA_ARGS__ })

START_TEST(create_refuses_options_that_make_no_sense)
{
	ck_assert_int_eq(bpool_create(NULL, NULL), -EINVAL);
	ck_assert_int_eq(create_with((struct bpool_options){ 0 }), -EINVAL);
	ck_assert_int_eq(create_with((struct bpool_options){ .size = 7 }),
			 -EINVAL);
	ck_assert_int_eq(
		create_with((struct bpool_options){ .size = SIZE_MAX }),
		-EINVAL);
	ck_assert_int_eq(create_with(SIZED(.workers = BPOOL_WORKERS_MAX + 1)),
			 -EINVAL);
	ck_assert_int_eq(create_with(SIZED(.workers = UINT_MAX)), -EINVAL);
	ck_assert_int_eq(
		create_with(SIZED(.max_in_flight = (size_t)SEM_VALUE_MAX + 1)),
		-EINVAL);
	ck_assert_int_eq(create_with(SIZED(.max_in_flight = SIZE_MAX)),
			 -EINVAL);
	ck_assert_int_eq(create_with(SIZED(.stack_size = 1)), -EINVAL);
	ck_assert_int_eq(create_with(SIZED(.stack_size = 4096)), -EINVAL);
	ck_assert_int_eq(create_with(SIZED(.stack_size = SIZE_MAX)), -EINVAL);
}
END_TEST

START_TEST(create_takes_defaults_and_the_least)
{
	struct bpool *pool;

	ck_assert_int_eq(bpool_create(&pool, NULL), 0);
	ck_assert_uint_ge(stats_of(pool).workers, 1);
	ck_assert_int_eq(bpool_destroy(pool), 0);
	ck_assert_int_eq(create_with(SIZED(.workers = 1, .max_in_flight = 1)),
			 0);
	ck_assert_int_eq(create_with(SIZED(.workers = 4, .max_in_flight = 2)),
			 0);
	ck_assert_int_eq(create_with(SIZED(.name = "")), 0);
}
END_TEST

START_TEST(options_of_a_newer_header_are_refused_only_if_they_say_more)
{
	struct {
		struct bpool_options known;
		long more;
	} newer = { .known = { .size = sizeof(newer) } };
	struct bpool *pool;

	ck_assert_int_eq(bpool_create(&pool, &newer.known), 0);
	ck_assert_int_eq(bpool_destroy(pool), 0);
	newer.more = 1;
	ck_assert_int_eq(bpool_create(&pool, &newer.known), -E2BIG);
}
END_TEST

START_TEST(stats_of_a_newer_header_are_zero_where_nothing_is_known)
{
	struct {
		struct bpool_stats known;
		uint64_t more[2];
	} newer = { .known = { .size = sizeof(newer) }, .more = { 1, 2 } };
	struct bpool *pool = pool_of(3, 0);

	ck_assert_int_eq(bpool_stats(pool, &newer.known), 0);
	ck_assert_uint_eq(newer.known.workers, 3);
	ck_assert_uint_eq(newer.known.size, sizeof(newer));
	ck_assert_uint_eq(newer.more[0], 0);
	ck_assert_uint_eq(newer.more[1], 0);
	ck_assert_int_eq(bpool_destroy(pool), 0);
}
END_TEST

#if !ADDRESS_SANITIZER && !THREAD_SANITIZER
START_TEST(more_threads_than_there_are_unwinds_those_that_started)
{
	struct rlimit limit;
	int err;

	/* Room for a few stacks of 64 MiB and no more. */
	ck_assert_int_eq(getrlimit(RLIMIT_AS, &limit), 0);
	limit.rlim_cur = (rlim_t)1 << 30;
	ck_assert_int_eq(setrlimit(RLIMIT_AS, &limit), 0);
	err = create_with(SIZED(.workers = 100, .stack_size = 64 << 20));
	ck_assert_int_eq(err, -EAGAIN);
	ck_assert_int_eq(create_with(SIZED(.workers = 100,
					   .stack_size = 64 << 20,
					   .max_in_flight = SEM_VALUE_MAX)),
			 -ENOMEM);
	ck_assert_int_eq(create_with(SIZED(.workers = 2)), 0);
}
END_TEST
#define LIMIT_TESTS , more_threads_than_there_are_unwinds_those_that_started
#else
#define LIMIT_TESTS
#endif

START_TEST(null_is_refused_everywhere)
{
	struct bpool *pool = pool_of(1, 2);
	struct bpool_future future = { 0 }, *next;
	struct bpool_group group, none = { 0 };
	atomic_int count = 0;

	ck_assert_int_eq(bpool_group_init(&group, pool, 0), 0);
	ck_assert_int_eq(bpool_submit(NULL, count_job, &count), -EINVAL);
	ck_assert_int_eq(bpool_submit(pool, NULL, &count), -EINVAL);
	ck_assert_int_eq(bpool_try_submit(pool, NULL, &count), -EINVAL);
	ck_assert_int_eq(bpool_submit_until(pool, NULL, &count, NULL), -EINVAL);
	ck_assert_int_eq(bpool_submit_many(pool, NULL, 1), -EINVAL);
	ck_assert_int_eq(bpool_submit_many(NULL, NULL, 0), -EINVAL);
	ck_assert_int_eq(bpool_map(NULL, count_job, NULL, 0, 1, NULL), -EINVAL);
	ck_assert_int_eq(bpool_map(pool, NULL, NULL, 0, 1, NULL), -EINVAL);
	ck_assert_int_eq(bpool_map(pool, count_job, NULL, 4, 1, NULL), -EINVAL);
	ck_assert_int_eq(bpool_async(pool, NULL, count_job, &count), -EINVAL);
	ck_assert_int_eq(bpool_async(pool, &future, NULL, &count), -EINVAL);
	ck_assert_int_eq(bpool_await(NULL, NULL, NULL), -EINVAL);
	ck_assert_int_eq(bpool_await(&future, NULL, NULL), -EINVAL);
	ck_assert_int_eq(bpool_future_init(NULL), -EINVAL);
	ck_assert_int_eq(bpool_future_fini(NULL), -EINVAL);
	ck_assert_int_eq(bpool_group_init(NULL, pool, 0), -EINVAL);
	ck_assert_int_eq(bpool_group_init(&group, NULL, 0), -EINVAL);
	ck_assert_int_eq(bpool_group_init(&group, pool, 2), -EINVAL);
	ck_assert_int_eq(bpool_group_async(&group, NULL, count_job, &count),
			 -EINVAL);
	ck_assert_int_eq(bpool_group_async(&none, &future, count_job, &count),
			 -EINVAL);
	ck_assert_int_eq(bpool_group_next(&group, NULL, NULL), -EINVAL);
	ck_assert_int_eq(bpool_group_next(NULL, &next, NULL), -EINVAL);
	ck_assert_int_eq(bpool_group_wait(NULL, NULL), -EINVAL);
	ck_assert_int_eq(bpool_group_cancel(NULL), -EINVAL);
	ck_assert_int_eq(bpool_group_fini(NULL), -EINVAL);
	ck_assert_int_eq(bpool_wait(NULL, NULL), -EINVAL);
	ck_assert_int_eq(bpool_close(NULL, BPOOL_DRAIN), -EINVAL);
	ck_assert_int_eq(bpool_close(pool, 0), -EINVAL);
	ck_assert_int_eq(bpool_close(pool, 4), -EINVAL);
	ck_assert_int_eq(bpool_stats(pool, NULL), -EINVAL);
	ck_assert_int_eq(bpool_stats(pool, &(struct bpool_stats){ .size = 4 }),
			 -EINVAL);
	ck_assert_int_eq(bpool_destroy(pool), 0);
	ck_assert_int_eq(atomic_load(&count), 0);
}
END_TEST

START_TEST(a_deadline_that_is_no_time_is_refused)
{
	static const struct timespec wrong[] = { { .tv_nsec = -1 },
						 { .tv_nsec = 1000000000 } };
	struct timespec past = { .tv_sec = -5 };
	struct bpool *pool = pool_of(1, 1);
	struct bpool_future future = { 0 }, *next;
	struct bpool_group group;
	struct gate gate;

	gate_init(&gate, 0);
	ck_assert_int_eq(bpool_group_init(&group, pool, 0), 0);
	ck_assert_int_eq(bpool_group_async(&group, &future, gate_job, &gate),
			 0);
	for (size_t i = 0; i < COUNT(wrong); i++) {
		ck_assert_int_eq(bpool_submit_until(pool, gate_job, &gate,
						    &wrong[i]),
				 -EINVAL);
		ck_assert_int_eq(bpool_wait(pool, &wrong[i]), -EINVAL);
		ck_assert_int_eq(bpool_await(&future, NULL, &wrong[i]),
				 -EINVAL);
		ck_assert_int_eq(bpool_group_wait(&group, &wrong[i]), -EINVAL);
		ck_assert_int_eq(bpool_group_next(&group, &next, &wrong[i]),
				 -EINVAL);
	}
	ck_assert_int_eq(bpool_submit_until(pool, gate_job, &gate, &past),
			 -ETIMEDOUT);
	ck_assert_int_eq(bpool_wait(pool, &past), -ETIMEDOUT);
	gate_open(&gate, 1);
	ck_assert_int_eq(bpool_group_wait(&group, NULL), 0);
	ck_assert_int_eq(bpool_group_fini(&group), 0);
	ck_assert_int_eq(bpool_destroy(pool), 0);
}
END_TEST

START_TEST(the_version_is_the_headers)
{
	ck_assert_str_eq(bpool_version(), BPOOL_VERSION);
}
END_TEST

int main(void)
{
	return TESTS_RUN(
		"bad_input", create_refuses_options_that_make_no_sense,
		create_takes_defaults_and_the_least,
		options_of_a_newer_header_are_refused_only_if_they_say_more,
		stats_of_a_newer_header_are_zero_where_nothing_is_known,
		null_is_refused_everywhere,
		a_deadline_that_is_no_time_is_refused,
		the_version_is_the_headers LIMIT_TESTS);
}
