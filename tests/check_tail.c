/* SPDX-License-Identifier: MIT */
/* The end of what came in pieces of any size. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "support.h"
#include "tail.h"

START_TEST(the_last_bytes_stay_however_they_came)
{
	static char all[1 << 16];
	struct tail tail = { 0 };
	size_t n = 0, len, piece;
	const char *text;

	for (size_t i = 0; i < sizeof(all); i++)
		all[i] = (char)('a' + i % 23);
	for (piece = 1; n + piece <= sizeof(all); piece = piece * 3 % 1789) {
		tail_add(&tail, all + n, piece);
		n += piece;
		text = tail_text(&tail, &len);
		ck_assert_uint_eq(len, n < TAIL_MAX ? n : TAIL_MAX);
		ck_assert_mem_eq(text, all + n - len, len);
		ck_assert_int_eq(text[len], 0);
	}
	ck_assert_uint_gt(n, 10 * TAIL_MAX);
	tail_add(&tail, all, 0);
	text = tail_text(&tail, &len);
	ck_assert_mem_eq(text, all + n - len, len);
	tail_clear(&tail);
	text = tail_text(&tail, &len);
	ck_assert_uint_eq(len, 0);
	ck_assert_str_eq(text, "");
}
END_TEST

START_TEST(a_character_that_is_cut_in_two_is_left_out)
{
	static const char euro[] = "\342\202\254";
	struct tail tail = { 0 };
	const char *text;
	size_t len;

	/* Whole, it stays, and so do bytes that are none. */
	tail_add(&tail, euro + 1, 2);
	text = tail_text(&tail, &len);
	ck_assert_uint_eq(len, 2);
	ck_assert_str_eq(text, euro + 1);
	for (int i = 0; i < 400; i++)
		tail_add(&tail, euro, 3);
	text = tail_text(&tail, &len);
	/* 1000 is 333 times three, and one byte. */
	ck_assert_uint_eq(len, 999);
	ck_assert_mem_eq(text, euro, 3);
}
END_TEST

int main(void)
{
	return TESTS_RUN("tail", the_last_bytes_stay_however_they_came,
			 a_character_that_is_cut_in_two_is_left_out);
}
