/* SPDX-License-Identifier: MIT */
/*
 * The adaptive limit, answer by answer, against a service that takes 50 ms for
 * a job and so many at once; make simulate has the long runs.
 */
#include "adaptive.h"

#include <limits.h>

#include "support.h"

#define SERVICE_MS 50
#define MOST 256

static struct bp_adaptive adaptive;
static struct bp_adaptive_start running[MOST];
static uint64_t now;
static uint32_t nrunning;
static uint64_t refuses_in; /* so long */

static void begin(uint32_t floor, uint32_t ceiling)
{
	now = 1000 * MS;
	nrunning = 0;
	refuses_in = MS;
	bp_adaptive_init(&adaptive, now, floor, ceiling, 0.01, 1);
}

static struct bp_adaptive_start take_first(void)
{
	struct bp_adaptive_start first = running[0];

	memmove(running, running + 1, --nrunning * sizeof(*running));
	return first;
}

/*
 * `oks` answers of a service that takes `capacity` at once, with the limit kept
 * full.  What is beyond is refused, soon.  Returns the refusals.
 */
static unsigned serve(uint32_t capacity, unsigned oks, unsigned most_refusals)
{
	unsigned refused = 0;

	while (oks > 0) {
		struct bp_adaptive_start start;

		if (now < adaptive.not_before && nrunning == 0)
			now = adaptive.not_before;
		while (nrunning < adaptive_limit(&adaptive) &&
		       now >= adaptive.not_before) {
			ck_assert_uint_lt(nrunning, MOST);
			start = (struct bp_adaptive_start){ now, nrunning + 1 };
			if (nrunning < capacity) {
				running[nrunning++] = start;
				/* One after the other. */
				now += MS / 10;
				continue;
			}
			now += refuses_in;
			bp_adaptive_refused(&adaptive, now, &start,
					    nrunning + 1, 0);
			if (++refused >= most_refusals)
				return refused;
		}
		if (nrunning == 0)
			continue;
		start = take_first();
		if (now < start.time + SERVICE_MS * MS)
			now = start.time + SERVICE_MS * MS;
		bp_adaptive_ok(&adaptive, now, &start, nrunning + 1);
		oks--;
	}
	return refused;
}

START_TEST(it_finds_what_a_service_takes)
{
	static const uint32_t capacities[] = {
		1, 2, 3, 5, 10, 20, 50, 100, 200
	};

	for (size_t i = 0; i < COUNT(capacities); i++) {
		begin(1, MOST);
		serve(capacities[i], 20 * capacities[i] + 100, UINT_MAX);
		ck_assert_uint_ge(adaptive_limit(&adaptive),
				  capacities[i] - capacities[i] / 10);
		ck_assert_uint_le(adaptive_limit(&adaptive),
				  capacities[i] + capacities[i] / 16 + 1);
	}
}
END_TEST

START_TEST(refusals_are_no_more_than_their_share)
{
	static const uint32_t capacities[] = { 1, 3, 10, 50 };

	for (size_t i = 0; i < COUNT(capacities); i++) {
		begin(1, MOST);
		serve(capacities[i], 100, UINT_MAX);
		ck_assert_uint_le(serve(capacities[i], 20000, UINT_MAX), 200);
		/* A tenth of that, which the length of rounds alone would not
		 * keep. */
		bp_adaptive_init(&adaptive, now, 1, MOST, 0.001, 1);
		serve(capacities[i], 100, UINT_MAX);
		ck_assert_uint_le(serve(capacities[i], 40000, UINT_MAX), 40);
	}
}
END_TEST

START_TEST(less_capacity_is_found_and_more_too)
{
	begin(1, MOST);
	serve(50, 2000, UINT_MAX);
	ck_assert_uint_ge(adaptive_limit(&adaptive), 45);
	serve(10, 500, UINT_MAX);
	ck_assert_uint_le(adaptive_limit(&adaptive), 11);
	serve(100, 4000, UINT_MAX);
	ck_assert_uint_ge(adaptive_limit(&adaptive), 90);
}
END_TEST

START_TEST(one_burst_of_refusals_is_one_answer)
{
	struct bp_adaptive_start start;
	uint32_t before;

	begin(1, MOST);
	serve(200, 1000, UINT_MAX);
	before = adaptive_limit(&adaptive);
	ck_assert_uint_ge(before, 100);
	start = (struct bp_adaptive_start){ now, before };
	now += MS;
	/* All were started before the first was heard of. */
	for (uint32_t i = 0; i < 4; i++)
		bp_adaptive_refused(&adaptive, now + i, &start, before - i, 0);
	ck_assert_uint_ge(adaptive_limit(&adaptive), before - 5);
	ck_assert_uint_lt(adaptive_limit(&adaptive), before);
}
END_TEST

START_TEST(an_outage_pauses_longer_and_longer_and_one_job_ends_it)
{
	uint64_t longest = 0;

	begin(1, MOST);
	serve(20, 1000, UINT_MAX);
	while (nrunning > 0)
		take_first();
	for (int i = 0; i < 12; i++) {
		uint64_t before = adaptive.not_before;

		now += 200 * MS;
		serve(0, 1, 1);
		if (adaptive.not_before > before &&
		    adaptive.not_before - now > longest)
			longest = adaptive.not_before - now;
	}
	ck_assert_uint_eq(adaptive_limit(&adaptive), 1);
	ck_assert_uint_ge(longest, 2500 * MS);
	ck_assert_uint_le(longest, 5000 * MS);
	serve(20, 1, UINT_MAX);
	ck_assert_uint_gt(adaptive_limit(&adaptive), 1);
	serve(20, 200, UINT_MAX);
	ck_assert_uint_ge(adaptive_limit(&adaptive), 18);
	ck_assert_uint_le(adaptive_limit(&adaptive), 21);
}
END_TEST

/* Refusals in ten seconds of a service that has served so many at once and then
 * refuses everything, within microseconds. */
static unsigned outage_refusals(uint32_t floor, uint32_t capacity)
{
	unsigned refused;
	uint64_t until;

	begin(floor, MOST);
	serve(capacity, 1000, UINT_MAX);
	refuses_in = MS / 100;
	until = now + 10000 * MS;
	refused = serve(0, nrunning, UINT_MAX); /* what it has still to serve */
	while (now < until)
		refused += serve(0, 1, 1);
	return refused;
}

START_TEST(a_service_that_refuses_at_once_is_not_asked_all_the_time)
{
	for (uint32_t floor = 1; floor <= 8; floor++) {
		ck_assert_uint_le(outage_refusals(floor, 20), 60);
		ck_assert_uint_ge(outage_refusals(floor, 20), 5);
	}
}
END_TEST

START_TEST(retry_after_is_never_undercut)
{
	struct bp_adaptive_start start;

	begin(1, MOST);
	serve(20, 500, UINT_MAX);
	start = (struct bp_adaptive_start){ now, nrunning };
	now += MS;
	bp_adaptive_refused(&adaptive, now, &start, nrunning, 2000 * MS);
	ck_assert_uint_ge(adaptive.not_before, now + 2000 * MS);
}
END_TEST

START_TEST(it_stays_between_floor_and_ceiling)
{
	begin(3, 8);
	ck_assert_uint_eq(adaptive_limit(&adaptive), 4);
	serve(200, 1000, UINT_MAX);
	ck_assert_uint_eq(adaptive_limit(&adaptive), 8);
	/* Past a try of less, which brought less. */
	serve(200, 2000, UINT_MAX);
	ck_assert_uint_eq(adaptive_limit(&adaptive), 8);
	serve(2, 200, 400);
	ck_assert_uint_ge(adaptive_limit(&adaptive), 3);
	begin(6, 6);
	ck_assert_uint_eq(adaptive_limit(&adaptive), 6);
	begin(1, 1);
	serve(200, 2000, UINT_MAX);
	ck_assert_uint_eq(adaptive_limit(&adaptive), 1);
}
END_TEST

/* `oks` of a queue without end that is done with one each `each_ms`, and takes
 * no less than 50 ms for it. */
static void queue_serve(uint64_t each_ms, int oks)
{
	uint64_t free_at = now;

	while (oks-- > 0) {
		struct bp_adaptive_start start;

		while (nrunning < adaptive_limit(&adaptive)) {
			start = (struct bp_adaptive_start){ now, nrunning + 1 };
			running[nrunning++] = start;
		}
		start = take_first();
		free_at += each_ms * MS;
		if (free_at < start.time + SERVICE_MS * MS)
			free_at = start.time + SERVICE_MS * MS;
		now = free_at;
		bp_adaptive_ok(&adaptive, now, &start, nrunning + 1);
	}
}

START_TEST(a_queue_does_not_grow_for_ever)
{
	begin(1, MOST);
	queue_serve(5, 20000);
	ck_assert_uint_ge(adaptive_limit(&adaptive), 9);
	ck_assert_uint_le(adaptive_limit(&adaptive), 25);
}
END_TEST

START_TEST(a_queue_that_became_slower_gets_less)
{
	begin(1, MOST);
	queue_serve(2, 4000);
	ck_assert_uint_ge(adaptive_limit(&adaptive), 22);
	/* Five at once are all that it needs now. */
	queue_serve(10, 20000);
	ck_assert_uint_ge(adaptive_limit(&adaptive), 5);
	ck_assert_uint_le(adaptive_limit(&adaptive), 15);
}
END_TEST

START_TEST(a_try_of_less_that_brings_less_is_taken_back)
{
	begin(1, 8);
	while (adaptive.mode != ADAPTIVE_SINK)
		serve(200, 1, UINT_MAX);
	ck_assert_uint_lt(adaptive_limit(&adaptive), 8);
	while (adaptive.mode == ADAPTIVE_SINK)
		serve(200, 1, UINT_MAX);
	ck_assert_uint_eq(adaptive_limit(&adaptive), 8);
}
END_TEST

int main(void)
{
	return TESTS_RUN(
		"adaptive", it_finds_what_a_service_takes,
		refusals_are_no_more_than_their_share,
		less_capacity_is_found_and_more_too,
		one_burst_of_refusals_is_one_answer,
		an_outage_pauses_longer_and_longer_and_one_job_ends_it,
		a_service_that_refuses_at_once_is_not_asked_all_the_time,
		retry_after_is_never_undercut,
		it_stays_between_floor_and_ceiling,
		a_queue_does_not_grow_for_ever,
		a_queue_that_became_slower_gets_less,
		a_try_of_less_that_brings_less_is_taken_back);
}
