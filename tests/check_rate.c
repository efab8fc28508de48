/* SPDX-License-Identifier: MIT */
/* Rates, waits and retries as numbers: no threads, no sleeping. */
#include "rate.h"

#include "backoff.h"
#include "support.h"

#include <limits.h>

#define STARTS 400

static struct bp_random random_state = { 1 };

/* The most of times[0..n) in any half-open window of `period`. */
static size_t most_in_a_window(const uint64_t *times, size_t n, uint64_t period)
{
	size_t first = 0, most = 0;

	for (size_t last = 0; last < n; last++) {
		while (times[last] - times[first] >= period)
			first++;
		if (last - first + 1 > most)
			most = last - first + 1;
	}
	return most;
}

/* Start as soon as it is due, now and then after a pause. */
static size_t starts_make(struct bp_rate *rate, uint64_t *times, uint64_t pause)
{
	uint64_t now = 1000000;

	for (size_t i = 0; i < STARTS; i++) {
		if (rate_due(rate) > now)
			now = rate_due(rate);
		if (pause > 0 && random_next(&random_state) % 8 == 0)
			now += random_next(&random_state) % pause;
		rate_start(rate, now);
		times[i] = now;
	}
	return STARTS;
}

START_TEST(no_window_of_a_period_has_more_starts_than_the_rate)
{
	uint64_t times[STARTS];

	for (uint64_t n = 1; n < 60; n++)
		for (uint64_t burst = 1; burst <= n; burst++)
			for (uint64_t period = n; period < 4000;
			     period = period * 3 + 1) {
				struct bp_rate rate = { 0 };

				bp_rate_set(&rate, 0, n, period, burst);
				starts_make(&rate, times, 0);
				ck_assert_uint_le(
					most_in_a_window(times, STARTS, period),
					n);
				starts_make(&rate, times, 3 * period);
				ck_assert_uint_le(
					most_in_a_window(times, STARTS, period),
					n);
			}
}
END_TEST

START_TEST(a_rate_is_reached_but_for_its_burst)
{
	uint64_t times[STARTS];

	for (uint64_t n = 1; n < 60; n++)
		for (uint64_t burst = 1; burst <= n; burst++) {
			struct bp_rate rate = { 0 };
			uint64_t period = 1000000, took;

			bp_rate_set(&rate, 0, n, period, burst);
			starts_make(&rate, times, 0);
			took = times[STARTS - 1] - times[0];
			/* burst at once, then n - burst + 1 a period. */
			ck_assert_uint_le(took * (n - burst + 1),
					  (STARTS - burst) * (period + n));
		}
}
END_TEST

START_TEST(a_burst_is_at_once_after_a_rest_and_no_more)
{
	struct bp_rate rate = { 0 };
	uint64_t now = 5000;

	bp_rate_set(&rate, 0, 10, 1000, 4);
	for (int i = 0; i < 4; i++) {
		ck_assert_uint_le(rate_due(&rate), now);
		rate_start(&rate, now);
	}
	ck_assert_uint_gt(rate_due(&rate), now);
	ck_assert(!rate_rested(&rate, now));
	now += 1000;
	ck_assert(rate_rested(&rate, now));
	for (int i = 0; i < 4; i++) {
		ck_assert_uint_le(rate_due(&rate), now);
		rate_start(&rate, now);
	}
	ck_assert_uint_gt(rate_due(&rate), now);
}
END_TEST

START_TEST(burst_1_is_even_spacing)
{
	struct bp_rate rate = { 0 };
	uint64_t now = 1;

	bp_rate_set(&rate, now, 4, 1000, 1);
	for (int i = 0; i < 10; i++) {
		rate_start(&rate, now);
		ck_assert_uint_eq(rate_due(&rate), now + 250);
		now += 250;
	}
}
END_TEST

START_TEST(a_changed_rate_keeps_what_was_started)
{
	struct bp_rate rate = { 0 };

	bp_rate_set(&rate, 1000, 10, 1000, 1);
	rate_start(&rate, 1000);
	bp_rate_set(&rate, 1000, 1, 1000, 1);
	ck_assert_uint_eq(rate_due(&rate), 2000);
	bp_rate_set(&rate, 1000, 100, 1000, 1);
	ck_assert_uint_eq(rate_due(&rate), 1010);
	bp_rate_set(&rate, 1000, 0, 0, 0);
	ck_assert_uint_le(rate_due(&rate), 1000);
	rate_start(&rate, 1000);
	ck_assert_uint_le(rate_due(&rate), 1000);
}
END_TEST

typedef uint64_t wait_fn(const struct bp_backoff *backoff, unsigned again,
			 struct bp_random *random);

/* Whatever the number of the try, waits are spread over the upper `part` of
 * base * 2^again, capped: also at the cap. */
static void waits_are_spread(wait_fn *wait, double part)
{
	static const struct bp_backoff backoff = { 100, 3000 };

	for (unsigned again = 0; again < 100; again++) {
		unsigned full = again < 5 ? 100u << again : 3000;
		unsigned least = UINT_MAX, most = 0;

		for (int i = 0; i < 1000; i++) {
			unsigned ns =
				(unsigned)wait(&backoff, again, &random_state);

			least = ns < least ? ns : least;
			most = ns > most ? ns : most;
		}
		ck_assert(least >= full * (1 - part));
		ck_assert_uint_le(most, full);
		ck_assert(most - least >= full * part * 0.9);
	}
}

START_TEST(a_rate_that_is_set_again_and_again_loses_nothing)
{
	struct bp_rate rate = { 0 };
	uint64_t times[12], now = 0;

	bp_rate_set(&rate, now, 10, 1000 * MS, 1);
	for (size_t n = 0; n < COUNT(times); n++) {
		for (; rate_due(&rate) > now; now += MS / 1000)
			bp_rate_set(&rate, now, 10, 1000 * MS, 1);
		times[n] = now;
		rate_start(&rate, now);
	}
	ck_assert_uint_le(most_in_a_window(times, COUNT(times), 1000 * MS), 10);
}
END_TEST

START_TEST(a_wait_after_a_refusal_is_half_to_all_of_a_doubling_one)
{
	waits_are_spread(bp_backoff_refused, 0.5);
}
END_TEST

START_TEST(a_wait_after_a_failure_is_nothing_to_all_of_it)
{
	waits_are_spread(bp_backoff_failed, 1);
}
END_TEST

START_TEST(a_wait_asked_for_is_never_early)
{
	static const uint64_t asked[] = { 0,	     1,		 9,
					  10,	     1000000007, UINT64_MAX / 2,
					  UINT64_MAX };

	for (size_t a = 0; a < COUNT(asked); a++)
		for (int i = 0; i < 1000; i++) {
			uint64_t ns = bp_backoff_asked(asked[a], &random_state);

			ck_assert_uint_ge(ns, asked[a]);
			ck_assert_uint_le(ns - asked[a], asked[a] / 20);
		}
}
END_TEST

START_TEST(retries_cost_no_more_than_their_budget)
{
	struct bp_retry_budget budget = { .floor = 10, .share = 0.2 };

	for (int i = 0; i < 10; i++)
		ck_assert(bp_retry_budget_take(&budget, 0));
	ck_assert(!bp_retry_budget_take(&budget, 4));
	ck_assert(bp_retry_budget_take(&budget, 5));
	ck_assert(!bp_retry_budget_take(&budget, 9));
	ck_assert_uint_eq(budget.spent, 11);
}
END_TEST

int main(void)
{
	return TESTS_RUN(
		"rate", no_window_of_a_period_has_more_starts_than_the_rate,
		a_rate_is_reached_but_for_its_burst,
		a_burst_is_at_once_after_a_rest_and_no_more,
		burst_1_is_even_spacing, a_changed_rate_keeps_what_was_started,
		a_rate_that_is_set_again_and_again_loses_nothing,
		a_wait_after_a_refusal_is_half_to_all_of_a_doubling_one,
		a_wait_after_a_failure_is_nothing_to_all_of_it,
		a_wait_asked_for_is_never_early,
		retries_cost_no_more_than_their_budget);
}
