/* SPDX-License-Identifier: MIT */
/*
 * What a program does with the library, while one call to libc fails or all
 * from one on.  What holds in each:
 *
 * - a call is refused with an error that the header has for it, and touches
 *   nothing of the caller's then;
 * - who asks again when the fault is over is let in;
 * - a job that was accepted runs once, or is told cancelled; one that was
 *   refused never runs;
 * - bpool_destroy() succeeds.
 *
 * The driver sees that nothing is left behind.
 */
#include "cases.h"

#include <stddef.h>

#include "library.h"

const struct torture_case cases[] = {
	{ "create", case_create, NULL },
	{ "create with hooks", case_create_with_hooks, NULL },
	{ "trace", case_trace, NULL },
	{ "wait", case_wait, NULL },
	{ "submit", case_submit, NULL },
	{ "submit in time", case_submit_in_time, NULL },
	{ "submit many", case_submit_many, NULL },
	{ "futures", case_futures, NULL },
	{ "futures in time", case_futures_in_time, NULL },
	{ "map", case_map, NULL },
	{ "map in a job", case_map_in_job, NULL },
	{ "map on the spot", case_map_on_the_spot, NULL },
	{ "as completed", case_as_completed, NULL },
	{ "group with an error", case_group_error, NULL },
	{ "group cancelled", case_group_cancel, NULL },
	{ "typed calls", case_typed, NULL },
	{ "cancel", case_cancel, NULL },
	{ "flush", case_flush, NULL },
	{ "nested", case_nested, NULL },
	{ "job ends its thread", case_exits, "no thread in place of one" },
	{ "retry", case_retry, NULL },
	{ "keys", case_keys, NULL },
	{ "pause", case_pause, NULL },
	{ "adaptive", case_adaptive, NULL },
};
const unsigned ncases = sizeof(cases) / sizeof(*cases);
