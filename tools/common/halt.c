/* SPDX-License-Identifier: MIT */
#include "halt.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

/* As GNU parallel has it: what is more is told as one more. */
#define HALT_STATUS_MAX 101u

/* Jobs that have ended before their share says anything. */
#define HALT_ENOUGH 10u

uint64_t counts_failed(const struct counts *counts)
{
	return counts->failed + counts->missing + counts->not_executable;
}

uint64_t counts_done(const struct counts *counts)
{
	return counts->ok + counts_failed(counts);
}

/* What stands behind `word`, or NULL where it does not begin `text`. */
static const char *behind(const char *text, const char *word)
{
	size_t len = strlen(word);

	return strncmp(text, word, len) == 0 ? text + len : NULL;
}

static int halt_read_limit(const char *text, struct halt *halt)
{
	size_t digits = strspn(text, "0123456789");

	halt->limit = 0;
	if (digits == 0 || digits > 15)
		return -EINVAL;
	for (; digits; digits--)
		halt->limit = halt->limit * 10 + (uint64_t)(*text++ - '0');
	halt->percent = *text == '%';
	text += halt->percent;
	if (*text || halt->limit == 0 || (halt->percent && halt->limit > 100))
		return -EINVAL;
	return 0;
}

int halt_read(const char *text, struct halt *halt)
{
	static const struct {
		const char *word;
		enum halt_why why;
	} whys[] = {
		{ "fail=", HALT_FAIL },
		{ "success=", HALT_SUCCESS },
		{ "done=", HALT_DONE },
	};
	const char *why = behind(text, "now,"), *limit;
	size_t i;

	*halt = (struct halt){ .now = why != NULL };
	if (strcmp(text, "never") == 0)
		return 0;
	if (!why)
		why = behind(text, "soon,");
	for (i = 0; why && i < sizeof(whys) / sizeof(whys[0]); i++) {
		limit = behind(why, whys[i].word);
		halt->why = whys[i].why;
		if (limit)
			return halt_read_limit(limit, halt);
	}
	return -EINVAL;
}

/* What a percentage is of; 0: nothing yet. */
static uint64_t halt_of(const struct halt *halt, const struct counts *counts)
{
	uint64_t done = counts_done(counts);

	if (counts->total)
		return counts->total;
	if (halt->why == HALT_DONE || done < HALT_ENOUGH)
		return 0;
	return done * halt->limit >= 100 ? done : 0;
}

bool halt_reached(const struct halt *halt, const struct counts *counts)
{
	uint64_t of;
	uint64_t n = halt->why == HALT_FAIL	 ? counts_failed(counts)
		     : halt->why == HALT_SUCCESS ? counts->ok
						 : counts_done(counts);

	if (halt->why == HALT_NEVER)
		return false;
	if (!halt->percent)
		return n >= halt->limit;
	of = halt_of(halt, counts);
	return of && (double)n * 100 >= (double)halt->limit * (double)of;
}

int halt_status(const struct halt *halt, const struct counts *counts,
		int status)
{
	uint64_t failed = counts_failed(counts);
	uint64_t of = counts->total ? counts->total : counts_done(counts);

	if (halt->why == HALT_SUCCESS)
		return 0;
	if (halt->percent)
		return (int)((failed * 100 + of - 1) / of);
	if (halt->why == HALT_FAIL && halt->limit == 1)
		return status;
	return (int)(failed < HALT_STATUS_MAX ? failed : HALT_STATUS_MAX);
}
