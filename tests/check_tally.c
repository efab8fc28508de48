/* SPDX-License-Identifier: MIT */
/* Counts, percentiles, and when they end a run. */
#include <check.h>
#include <errno.h>
#include <stdlib.h>

#include "halt.h"
#include "histogram.h"
#include "support.h"
#include "tally.h"

START_TEST(percentiles_are_within_two_percent)
{
	struct histogram *h = calloc(1, sizeof(*h));
	uint64_t i;

	ck_assert_ptr_nonnull(h);
	ck_assert_uint_eq(histogram_percentile(h, 50), 0);
	for (i = 1; i <= 1000; i++)
		histogram_add(h, i * 1000);
	for (i = 1; i <= 100; i++) {
		double got = (double)histogram_percentile(h, (unsigned)i);

		ck_assert_double_le(got, 10200.0 * (double)i);
		ck_assert_double_ge(got, 9800.0 * (double)i);
	}
	ck_assert_uint_eq(histogram_percentile(h, 100), 1000000);
	free(h);
}
END_TEST

START_TEST(small_numbers_are_exact_and_large_ones_fit)
{
	struct histogram *h = calloc(1, sizeof(*h));
	uint64_t i;

	ck_assert_ptr_nonnull(h);
	for (i = 0; i < 100; i++) {
		histogram_add(h, i);
		ck_assert_uint_eq(histogram_percentile(h, 100), i);
	}
	ck_assert_uint_eq(histogram_percentile(h, 50), 49);
	histogram_add(h, UINT64_MAX);
	ck_assert_uint_ge(histogram_percentile(h, 100), UINT64_MAX / 100 * 98);
	ck_assert_uint_eq(h->max, UINT64_MAX);
	free(h);
}
END_TEST

static struct halt read_halt(const char *text)
{
	struct halt halt;

	ck_assert_int_eq(halt_read(text, &halt), 0);
	return halt;
}

START_TEST(halt_is_reached_at_its_number)
{
	struct halt halt = read_halt("now,fail=2");
	struct counts counts = { .ok = 100, .failed = 1 };

	ck_assert(!halt_reached(&halt, &counts));
	counts.missing = 1;
	ck_assert(halt_reached(&halt, &counts));
	ck_assert_int_eq(halt_status(&halt, &counts, 7), 2);
	counts.failed = 200;
	ck_assert_int_eq(halt_status(&halt, &counts, 7), 101);
	halt = read_halt("soon,fail=1");
	ck_assert_int_eq(halt_status(&halt, &counts, 7), 7);
	halt = read_halt("soon,success=100");
	ck_assert(halt_reached(&halt, &counts));
	ck_assert_int_eq(halt_status(&halt, &counts, 7), 0);
	halt = read_halt("soon,done=302");
	ck_assert(!halt_reached(&halt, &counts));
	halt = read_halt("never");
	ck_assert(!halt_reached(&halt, &counts));
}
END_TEST

START_TEST(halt_takes_percentages_of_what_is_known)
{
	struct halt fail = read_halt("now,fail=10%");
	struct halt done = read_halt("now,done=50%");
	struct counts counts = { .failed = 9 };

	ck_assert(!halt_reached(&fail, &counts)); /* nine are too few */
	counts.ok = 1;
	ck_assert(halt_reached(&fail, &counts));
	ck_assert_int_eq(halt_status(&fail, &counts, 7), 90);
	counts.ok = 82;
	ck_assert(!halt_reached(&fail, &counts));
	ck_assert(!halt_reached(&done, &counts)); /* of how many? */
	counts.total = 182;
	ck_assert(halt_reached(&done, &counts));
	counts.total = 183;
	ck_assert(!halt_reached(&done, &counts));
	counts.total = 90;
	ck_assert(halt_reached(&fail, &counts));
	/* One of a hundred is too few to tell with ten. */
	fail = read_halt("now,fail=1%");
	counts = (struct counts){ .failed = 1, .ok = 98 };
	ck_assert(!halt_reached(&fail, &counts));
	counts.ok = 99;
	ck_assert(halt_reached(&fail, &counts));
}
END_TEST

START_TEST(halt_that_makes_no_sense_is_refused)
{
	static const char *const wrong[] = {
		"",
		"1",
		"now",
		"now,",
		"now,fail",
		"now,fail=",
		"now,fail=0",
		"now,fail=-1",
		"now,fail=x",
		"now,fail=1x",
		"now,fail=101%",
		"now,fail=0%",
		"soon,fail=1%%",
		"never,fail=1",
		"now,fail=99999999999999999999",
	};
	struct halt halt;
	size_t i;

	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		ck_assert_msg(halt_read(wrong[i], &halt) == -EINVAL, "%s",
			      wrong[i]);
}
END_TEST

static void end_job(struct tally *tally, enum outcome outcome, int64_t ran_us)
{
	struct ending ending = {
		.outcome = outcome,
		.started = true,
		.ran_us = ran_us,
	};

	tally_started(tally, tally_starting(tally), true);
	tally_end(tally, 1, &ending, "command");
}

START_TEST(median_needs_three_that_succeeded)
{
	struct tally tally;

	tally_init(&tally);
	end_job(&tally, OUTCOME_OK, 100000);
	end_job(&tally, OUTCOME_FAILED, 900000);
	end_job(&tally, OUTCOME_OK, 100000);
	ck_assert_int_eq(tally_median_us(&tally), -1);
	end_job(&tally, OUTCOME_OK, 100000);
	ck_assert_int_ge(tally_median_us(&tally), 98000);
	ck_assert_int_le(tally_median_us(&tally), 102000);
	tally_fini(&tally);
}
END_TEST

START_TEST(first_ten_failures_are_kept)
{
	struct tally tally;
	struct ending stopped = {
		.outcome = OUTCOME_FAILED,
		.started = true,
		.stopped = true,
	};
	int i;

	tally_init(&tally);
	tally_started(&tally, tally_starting(&tally), true);
	tally_end(&tally, 1, &stopped, "was stopped with the run");
	ck_assert_uint_eq(tally.nfailures, 0);
	for (i = 0; i < 12; i++)
		end_job(&tally, OUTCOME_FAILED, 1);
	ck_assert_uint_eq(tally.nfailures, 10);
	ck_assert_str_eq(tally.failures[9].text, "command");
	ck_assert_uint_eq(tally_counts(&tally).failed, 12);
	ck_assert_uint_eq(tally_counts(&tally).stopped, 1);
	ck_assert_uint_eq(tally.peak, 1);
	tally_fini(&tally);
}
END_TEST

START_TEST(who_ends_before_it_is_known_that_another_started_ran_with_it)
{
	struct ending ending = { .outcome = OUTCOME_OK, .started = true };
	struct tally tally;
	unsigned running;

	tally_init(&tally);
	tally_started(&tally, tally_starting(&tally), true);
	running = tally_starting(&tally);
	tally_end(&tally, 1, &ending, "one");
	tally_started(&tally, running, true);
	ck_assert_uint_eq(tally.peak, 2);
	ck_assert_uint_eq(tally.running, 1);
	/* One that could not start ran with nobody. */
	(void)tally_starting(&tally);
	(void)tally_starting(&tally);
	tally_not_started(&tally);
	tally_not_started(&tally);
	ck_assert_uint_eq(tally.peak, 2);
	ck_assert_uint_eq(tally.running, 1);
	tally_fini(&tally);
}
END_TEST

int main(void)
{
	return TESTS_RUN(
		"tally", percentiles_are_within_two_percent,
		small_numbers_are_exact_and_large_ones_fit,
		halt_is_reached_at_its_number,
		halt_takes_percentages_of_what_is_known,
		halt_that_makes_no_sense_is_refused,
		median_needs_three_that_succeeded, first_ten_failures_are_kept,
		who_ends_before_it_is_known_that_another_started_ran_with_it);
}
