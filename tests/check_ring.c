/* SPDX-License-Identifier: MIT */
#include "ring.h"

#include "support.h"

static struct ring_place *places;
static struct ring ring, other;

static void rings_make(uint32_t size)
{
	places = bp_ring_places(size, 2);
	ck_assert_ptr_nonnull(places);
	bp_ring_init(&ring, places, size, 0);
	bp_ring_init(&other, places, size, 1);
}

static uint32_t take(struct ring *from)
{
	uint32_t n = ring_first(from);

	ring_remove(from, n);
	return n;
}

START_TEST(what_goes_in_first_comes_out_first)
{
	static const uint32_t sizes[] = { 1, 2, 3, 7, 8 };

	for (size_t s = 0; s < COUNT(sizes); s++) {
		rings_make(sizes[s]);
		for (int round = 0; round < 3; round++) {
			for (uint32_t i = 0; i < sizes[s]; i++)
				ring_push(&ring, i);
			ck_assert_uint_eq(ring.len, sizes[s]);
			for (uint32_t i = 0; i < sizes[s]; i++)
				ck_assert_uint_eq(take(&ring), i);
			ck_assert_uint_eq(ring.len, 0);
		}
		free(places);
	}
}
END_TEST

START_TEST(any_member_comes_out_of_the_middle)
{
	for (uint32_t gone = 0; gone < 5; gone++) {
		rings_make(5);
		for (uint32_t i = 0; i < 5; i++)
			ring_push(&ring, i);
		ring_remove(&ring, gone);
		ring_push(&ring, gone);
		for (uint32_t i = 0; i < 5; i++)
			if (i != gone)
				ck_assert_uint_eq(take(&ring), i);
		ck_assert_uint_eq(take(&ring), gone);
		free(places);
	}
}
END_TEST

START_TEST(rings_that_share_places_do_not_mix)
{
	rings_make(4);
	for (uint32_t i = 0; i < 4; i++)
		ring_push(i % 2 ? &ring : &other, i);
	ck_assert_uint_eq(take(&other), 0);
	ring_push(&ring, 0);
	ck_assert_uint_eq(take(&ring), 1);
	ck_assert_uint_eq(take(&ring), 3);
	ck_assert_uint_eq(take(&ring), 0);
	ck_assert_uint_eq(take(&other), 2);
	ck_assert_uint_eq(ring.len + other.len, 0);
	free(places);
}
END_TEST

int main(void)
{
	return TESTS_RUN("ring", what_goes_in_first_comes_out_first,
			 any_member_comes_out_of_the_middle,
			 rings_that_share_places_do_not_mix);
}
