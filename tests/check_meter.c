/* SPDX-License-Identifier: MIT */
/* How far a run is, in one line. */
#include <check.h>
#include <inttypes.h>
#include <string.h>

#include "meter.h"
#include "support.h"

static const char *format(struct reading reading, unsigned width)
{
	static char text[256];
	size_t len = meter_format(text, sizeof(text), &reading, width);

	ck_assert_uint_eq(len, strlen(text));
	ck_assert_uint_le(len, width);
	return text;
}

#define S INT64_C(1000000)

START_TEST(a_run_is_told_as_far_as_it_is_known)
{
	struct reading r = { .running = 5, .elapsed_us = 4 * S };

	ck_assert_str_eq(format(r, 200), "0 done, 5 running, 0:04");
	r.counts.ok = 12;
	ck_assert_str_eq(format(r, 200), "12 done, 5 running, 3.0/s, 0:04");
	r.counts.failed = 1;
	r.counts.missing = 1;
	r.counts.total = 98;
	ck_assert_str_eq(format(r, 200), "14/98 done, 5 running, 2 failed, "
					 "3.5/s, 0:24 left, 0:04");
	r.counts.ok = 96;
	r.running = 0;
	ck_assert_str_eq(format(r, 200), "98/98 done, 0 running, 2 failed, "
					 "24/s, 0:04");
	ck_assert_str_eq(format((struct reading){ 0 }, 200),
			 "0 done, 0 running, 0:00");
}
END_TEST

START_TEST(times_have_hours_where_they_need_them)
{
	struct reading r = { .counts = { .ok = 1, .total = 3 },
			     .elapsed_us = 3599 * S };

	ck_assert_str_eq(format(r, 200),
			 "1/3 done, 0 running, 1.0/h, 1:59:58 left, 59:59");
	r.elapsed_us = 3600 * S;
	ck_assert_str_eq(format(r, 200),
			 "1/3 done, 0 running, 1.0/h, 2:00:00 left, 1:00:00");
}
END_TEST

START_TEST(what_is_left_is_rounded_up)
{
	struct reading r = { .counts = { .ok = 10, .total = 11 } };

	r.elapsed_us = 10 * S;
	ck_assert_ptr_nonnull(strstr(format(r, 200), " 0:01 left,"));
	r.elapsed_us = 1;
	ck_assert_ptr_nonnull(strstr(format(r, 200), " 0:01 left,"));
	r.elapsed_us = 10 * S + 1;
	ck_assert_ptr_nonnull(strstr(format(r, 200), " 0:02 left,"));
	r.counts.total = 10;
	ck_assert_ptr_null(strstr(format(r, 200), "left"));
	r.counts = (struct counts){ .total = 10 };
	ck_assert_ptr_null(strstr(format(r, 200), "left"));
}
END_TEST

START_TEST(a_slow_rate_has_a_longer_unit)
{
	struct reading r = { .counts = { .ok = 6 } };
	static const struct {
		int64_t seconds;
		const char *rate;
	} rates[] = {
		{ 2, " 3.0/s," },      { 60, " 0.1/s," },   { 61, " 5.9/min," },
		{ 3600, " 0.1/min," }, { 3601, " 6.0/h," },
	};
	size_t i;

	for (i = 0; i < sizeof(rates) / sizeof(rates[0]); i++) {
		r.elapsed_us = rates[i].seconds * S;
		ck_assert_msg(strstr(format(r, 200), rates[i].rate) != NULL,
			      "%s: %s", rates[i].rate, format(r, 200));
	}
	r.counts.ok = 600;
	r.elapsed_us = 2 * S;
	ck_assert_ptr_nonnull(strstr(format(r, 200), " 300/s,"));
}
END_TEST

START_TEST(colour_takes_no_columns)
{
	struct reading r = { .counts = { .ok = 12, .failed = 2, .total = 98 },
			     .running = 5,
			     .elapsed_us = 4 * S,
			     .color = true };
	char text[256];

	(void)meter_format(text, sizeof(text), &r, 53);
	ck_assert_str_eq(text,
			 "14/98 done, 5 running, \033[31m2 failed\033[0m, "
			 "3.5/s, 0:24 left");
	ck_assert_uint_eq(strlen(text),
			  meter_format(text, sizeof(text), &r, 53));
	ck_assert_uint_le(strlen(text), 53 + METER_COLOR);
	ck_assert_str_eq(format(r, 18), "14/98 done");
	r.counts.failed = 0;
	ck_assert_ptr_null(strchr(format(r, 200), '\033'));
}
END_TEST

START_TEST(what_does_not_fit_is_left_out_least_needed_first)
{
	struct reading r = { .counts = { .ok = 12, .failed = 2, .total = 98 },
			     .running = 5,
			     .elapsed_us = 4 * S };

	ck_assert_str_eq(format(r, 53), "14/98 done, 5 running, 2 failed, "
					"3.5/s, 0:24 left");
	ck_assert_str_eq(format(r, 44), "14/98 done, 5 running, 2 failed, "
					"0:24 left");
	ck_assert_str_eq(format(r, 41), "14/98 done, 2 failed, 0:24 left");
	ck_assert_str_eq(format(r, 30), "14/98 done, 2 failed");
	ck_assert_str_eq(format(r, 19), "14/98 done");
	ck_assert_str_eq(format(r, 5), "14/98");
	ck_assert_str_eq(format(r, 1), "1");
	ck_assert_str_eq(format(r, 0), "");
}
END_TEST

START_TEST(limits_and_what_was_tried_again_are_told)
{
	struct reading r = { .counts = { .ok = 12, .failed = 2, .total = 98 },
			     .running = 5,
			     .limit = 6,
			     .retried = 3,
			     .refused = 7,
			     .pauses = 1,
			     .elapsed_us = 4 * S };

	ck_assert_str_eq(format(r, 200),
			 "14/98 done, 5 running, limit 6, 2 failed, 3 retried, "
			 "7 refused, 1 pause, 3.5/s, 0:24 left, 0:04");
	ck_assert_str_eq(format(r, 83),
			 "14/98 done, 5 running, limit 6, 2 failed, 3 retried, "
			 "7 refused, 3.5/s, 0:24 left");
	ck_assert_str_eq(format(r, 60), "14/98 done, 5 running, limit 6, "
					"2 failed, 0:24 left");
	r.pauses = 2;
	ck_assert_ptr_nonnull(strstr(format(r, 200), " 2 pauses,"));
}
END_TEST

START_TEST(the_largest_numbers_fit)
{
	struct reading r = { .counts = { .ok = UINT64_MAX / 4,
					 .failed = UINT64_MAX / 4,
					 .total = UINT64_MAX },
			     .running = UINT32_MAX,
			     .limit = UINT64_MAX,
			     .retried = UINT64_MAX,
			     .refused = UINT64_MAX,
			     .pauses = UINT64_MAX,
			     .elapsed_us = 1 };
	char text[320];

	ck_assert_uint_lt(meter_format(text, sizeof(text), &r, 319),
			  sizeof(text));
	ck_assert_ptr_nonnull(strstr(text, ", 18446744073709551615 pauses, "));
	ck_assert_ptr_nonnull(strstr(text, "9223372036854775806/"
					   "18446744073709551615 done"));
}
END_TEST

int main(void)
{
	return TESTS_RUN("meter", a_run_is_told_as_far_as_it_is_known,
			 times_have_hours_where_they_need_them,
			 what_is_left_is_rounded_up,
			 a_slow_rate_has_a_longer_unit, colour_takes_no_columns,
			 what_does_not_fit_is_left_out_least_needed_first,
			 limits_and_what_was_tried_again_are_told,
			 the_largest_numbers_fit);
}
