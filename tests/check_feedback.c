/* SPDX-License-Identifier: MIT */
/* What jobs say of a service, and how people write rates and retries. */
#include "feedback.h"

#include "retry.h"
#include "support.h"
#include "units.h"

/* 1994-11-06 08:49:07 UTC, half a minute before the date of RFC 9110. */
#define NOW INT64_C(784111747)

static int64_t after(const char *line)
{
	struct feedback feedback = { 0 };

	feedback_line(line, NOW, &feedback);
	return feedback.overloaded ? feedback.after_ms : -1;
}

START_TEST(a_time_is_seconds_or_a_date)
{
	ck_assert_int_eq(after("overloaded"), 0);
	ck_assert_int_eq(after("OVERLOADED"), 0);
	ck_assert_int_eq(after("retry-after 12"), 12000);
	ck_assert_int_eq(after("Retry-After: 12"), 12000);
	ck_assert_int_eq(after("retry-after\t1.5"), 1500);
	ck_assert_int_eq(after("retry-after Sun, 06 Nov 1994 08:49:37 GMT"),
			 30000);
	ck_assert_int_eq(after("retry-after Sunday, 06-Nov-94 08:49:37 GMT"),
			 30000);
	ck_assert_int_eq(after("retry-after Sun Nov  6 08:49:37 1994"), 30000);
	/* Longer than anybody lives. */
	ck_assert_int_gt(after("retry-after 99999999999999999999999"),
			 1000000000);
}
END_TEST

START_TEST(what_is_no_time_to_come_is_a_refusal_without_one)
{
	ck_assert_int_eq(after("retry-after 0"), 0);
	ck_assert_int_eq(after("retry-after -5"), 0);
	ck_assert_int_eq(after("retry-after soon"), 0);
	ck_assert_int_eq(after("retry-after 1.2.3"), 0);
	ck_assert_int_eq(after("retry-after 1e9"), 0);
	ck_assert_int_eq(after("retry-after nan"), 0);
	ck_assert_int_eq(after("retry-after: "), 0);
	ck_assert_int_eq(after("retry-after Sun, 06 Nov 1994 08:49:07 GMT"), 0);
	ck_assert_int_eq(after("retry-after Sun, 06 Nov 1994 08:48:00 GMT"), 0);
	ck_assert_int_eq(after("retry-after Sun, 06 Nov 1994 08:49:37 PST"), 0);
}
END_TEST

START_TEST(other_lines_say_nothing)
{
	ck_assert_int_eq(after(""), -1);
	ck_assert_int_eq(after("not overloaded"), -1);
	ck_assert_int_eq(after("retry-after"), -1);
	ck_assert_int_eq(after("retry-afterwards 3"), -1);
}
END_TEST

START_TEST(rates_are_starts_in_a_time)
{
	static const struct {
		const char *text;
		struct bpool_rate rate;
	} rates[] = {
		{ "10/s", { 10, 1000 * MS, 1 } },
		{ "100/m:20", { 100, 60000 * MS, 20 } },
		{ "5/2s", { 5, 2000 * MS, 1 } },
		{ "1/1.5h:1", { 1, 5400000 * MS, 1 } },
		{ "7/ms:7", { 7, MS, 7 } },
	};

	for (size_t i = 0; i < COUNT(rates); i++) {
		struct bpool_rate rate;

		ck_assert_int_eq(rate_read(rates[i].text, &rate), 0);
		ck_assert_uint_eq(rate.starts, rates[i].rate.starts);
		ck_assert_uint_eq(rate.period_ns, rates[i].rate.period_ns);
		ck_assert_uint_eq(rate.burst, rates[i].rate.burst);
	}
}
END_TEST

START_TEST(sizes_are_in_powers_of_1024_or_of_1000)
{
	static const struct {
		const char *text;
		uint64_t bytes;
	} sizes[] = {
		{ "512", 512 },
		{ "64K", 65536 },
		{ "64k", 64000 },
		{ "1.5M", 1572864 },
		{ "1.5m", 1500000 },
		{ "1G", UINT64_C(1) << 30 },
		{ "1g", UINT64_C(1000000000) },
		{ "2T", UINT64_C(2) << 40 },
		{ "2t", UINT64_C(2000000000000) },
	};
	static const char *const wrong[] = {
		"", "k", "1kk", "1 k", "1x", "1Ki"
	};
	uint64_t bytes;
	size_t i;

	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		ck_assert_int_eq(size_read(sizes[i].text, &bytes), 0);
		ck_assert_uint_eq(bytes, sizes[i].bytes);
	}
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		ck_assert_int_lt(size_read(wrong[i], &bytes), 0);
}
END_TEST

START_TEST(parts_of_a_unit_are_exact)
{
	static const struct {
		const char *text;
		int64_t ms;
	} times[] = {
		{ ".3", 300 },	    { "0.7s", 700 },
		{ "4.35s", 4350 },  { "1.001", 1001 },
		{ "0.0001m", 6 },   { ".0001ms", 1 },
		{ "1000d", 864e8 }, { "2.0000000000000000001", 2001 },
	};
	int64_t ms;
	uint64_t bytes;

	for (size_t i = 0; i < COUNT(times); i++) {
		ck_assert_int_eq(duration_read(times[i].text, &ms), 0);
		ck_assert_int_eq(ms, times[i].ms);
	}
	ck_assert_int_eq(duration_read("1000.000000000001d", &ms), -EINVAL);
	ck_assert_int_eq(size_read("4.35k", &bytes), 0);
	ck_assert_uint_eq(bytes, 4350);
	ck_assert_int_eq(size_read("1000000000.000001g", &bytes), -EINVAL);
}
END_TEST

START_TEST(budgets_are_a_number_and_a_share)
{
	struct retry retry;

	retry_init(&retry);
	ck_assert_int_eq(retry_budget_read("3+25%", &retry), 0);
	ck_assert_uint_eq(retry.least, 3);
	ck_assert_uint_eq(retry.per_cent, 25);
	ck_assert_int_eq(retry_budget_read("40%", &retry), 0);
	ck_assert_uint_eq(retry.least, 0);
	ck_assert_uint_eq(retry.per_cent, 40);
	ck_assert_int_eq(retry_budget_read("7", &retry), 0);
	ck_assert_uint_eq(retry.least, 7);
	ck_assert_uint_eq(retry.per_cent, 0);
	ck_assert(!retry.unbounded);
	ck_assert_int_eq(retry_budget_read("none", &retry), 0);
	ck_assert(retry.unbounded);
}
END_TEST

int main(void)
{
	return TESTS_RUN("feedback", a_time_is_seconds_or_a_date,
			 what_is_no_time_to_come_is_a_refusal_without_one,
			 other_lines_say_nothing, rates_are_starts_in_a_time,
			 sizes_are_in_powers_of_1024_or_of_1000,
			 parts_of_a_unit_are_exact,
			 budgets_are_a_number_and_a_share);
}
