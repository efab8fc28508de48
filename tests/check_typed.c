/* SPDX-License-Identifier: MIT */
/* Typed calls, and arguments copied into records. */
#include "support.h"

static atomic_int sum;

static int f0(void)
{
	return atomic_fetch_add(&sum, 1), 10;
}
static int f1(const char *text)
{
	return (int)strlen(text);
}
static int f2(const char *url, long max)
{
	return (int)max - (int)strlen(url);
}
static int f3(char a, short b, double c)
{
	return a + b + (int)c;
}
static int f4(int a, int b, int c, int d)
{
	return a * 1000 + b * 100 + c * 10 + d;
}
static int f5(int a, int b, int c, int d, int e)
{
	return f4(a, b, c, d) * 10 + e;
}
static int f6(int a, int b, int c, int d, int e, int f)
{
	return f5(a, b, c, d, e) * 10 + f;
}
static int f7(int a, int b, int c, int d, int e, int f, int g)
{
	return f6(a, b, c, d, e, f) * 10 + g;
}
static int f8(int64_t a, int64_t b, int64_t c, int64_t d, int64_t e, int64_t f,
	      int64_t g, int64_t h)
{
	return (int)(a * 10000000 + b * 1000000 + c * 100000 + d * 10000 +
		     e * 1000 + f * 100 + g * 10 + h);
}

BPOOL_TYPED(f0);
BPOOL_TYPED(f1, (const char *, text));
BPOOL_TYPED(f2, (const char *, url), (long, max));
BPOOL_TYPED(f3, (char, a), (short, b), (double, c));
BPOOL_TYPED(f4, (int, a), (int, b), (int, c), (int, d));
BPOOL_TYPED(f5, (int, a), (int, b), (int, c), (int, d), (int, e));
BPOOL_TYPED(f6, (int, a), (int, b), (int, c), (int, d), (int, e), (int, f));
BPOOL_TYPED(f7, (int, a), (int, b), (int, c), (int, d), (int, e), (int, f),
	    (int, g));
BPOOL_TYPED(f8, (int64_t, a), (int64_t, b), (int64_t, c), (int64_t, d),
	    (int64_t, e), (int64_t, f), (int64_t, g), (int64_t, h));

START_TEST(typed_calls_carry_up_to_eight_arguments)
{
	static const int expected[] = { 10,    4,      93,	6,	 1234,
					12345, 123456, 1234567, 12345678 };
	struct bpool *pool = pool_of(2, 16);
	struct bpool_future f[9] = { 0 };
	int result;

	ck_assert_int_eq(f0_async(pool, &f[0]), 0);
	ck_assert_int_eq(f1_async(pool, &f[1], "four"), 0);
	ck_assert_int_eq(f2_async(pool, &f[2], "1234567", 100), 0);
	ck_assert_int_eq(f3_async(pool, &f[3], 1, 2, 3.5), 0);
	ck_assert_int_eq(f4_async(pool, &f[4], 1, 2, 3, 4), 0);
	ck_assert_int_eq(f5_async(pool, &f[5], 1, 2, 3, 4, 5), 0);
	ck_assert_int_eq(f6_async(pool, &f[6], 1, 2, 3, 4, 5, 6), 0);
	ck_assert_int_eq(f7_async(pool, &f[7], 1, 2, 3, 4, 5, 6, 7), 0);
	ck_assert_int_eq(f8_async(pool, &f[8], 1, 2, 3, 4, 5, 6, 7, 8), 0);
	for (size_t i = 0; i < COUNT(f); i++) {
		ck_assert_int_eq(bpool_await(&f[i], &result, NULL), 0);
		ck_assert_int_eq(result, expected[i]);
	}
	ck_assert_int_eq(bpool_destroy(pool), 0);
}
END_TEST

static int add(int n)
{
	return atomic_fetch_add(&sum, n), 0;
}
BPOOL_TYPED(add, (int, n));

START_TEST(arguments_are_copied_so_the_caller_may_go_on)
{
	struct bpool *pool = pool_of(1, 100);
	struct bpool_future future = { 0 };
	struct bpool_group group;
	struct gate gate;

	gate_init(&gate, 0);
	atomic_store(&sum, 0);
	ck_assert_int_eq(bpool_submit(pool, gate_job, &gate), 0);
	for (int i = 0; i < 99; i++)
		ck_assert_int_eq(add_submit(pool, i), 0);
	gate_open(&gate, 1);
	ck_assert_int_eq(bpool_group_init(&group, pool, 0), 0);
	ck_assert_int_eq(add_group_async(&group, &future, 1000), 0);
	ck_assert_int_eq(bpool_group_wait(&group, NULL), 0);
	ck_assert_int_eq(bpool_group_fini(&group), 0);
	ck_assert_int_eq(bpool_destroy(pool), 0);
	ck_assert_int_eq(atomic_load(&sum), 98 * 99 / 2 + 1000);
}
END_TEST

static int bytes_job(void *arg)
{
	const unsigned char *bytes = arg;
	int total = (int)((uintptr_t)arg % 16) * 1000000;

	for (int i = 0; i < BPOOL_ARGS_MAX; i++)
		total += bytes[i];
	return total;
}

START_TEST(copies_hold_args_max_bytes_aligned_and_not_one_more)
{
	struct bpool *pool = pool_of(1, 4);
	struct bpool_future future = { 0 };
	unsigned char bytes[BPOOL_ARGS_MAX + 1];
	int result;

	memset(bytes, 2, sizeof(bytes));
	ck_assert_int_eq(bpool_async_copy(pool, &future, bytes_job, bytes,
					  BPOOL_ARGS_MAX),
			 0);
	memset(bytes, 0, sizeof(bytes));
	ck_assert_int_eq(bpool_await(&future, &result, NULL), 0);
	ck_assert_int_eq(result, 2 * BPOOL_ARGS_MAX);
	ck_assert_int_eq(bpool_submit_copy(pool, bytes_job, bytes,
					   BPOOL_ARGS_MAX + 1),
			 -EINVAL);
	ck_assert_int_eq(bpool_submit_copy(pool, bytes_job, NULL, 1), -EINVAL);
	ck_assert_int_eq(bpool_destroy(pool), 0);
}
END_TEST

int main(void)
{
	return TESTS_RUN("typed", typed_calls_carry_up_to_eight_arguments,
			 arguments_are_copied_so_the_caller_may_go_on,
			 copies_hold_args_max_bytes_aligned_and_not_one_more);
}
