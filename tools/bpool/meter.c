/* SPDX-License-Identifier: MIT */
#include "meter.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "color.h"

#define US_PER_S 1000000
#define METER_LEFT_MAX 1e12 /* seconds: what is more is not known */

/* The parts in the order in which they stand. */
enum part_of_meter {
	METER_DONE,
	METER_RUNNING,
	METER_LIMIT,
	METER_FAILED,
	METER_RETRIED,
	METER_REFUSED,
	METER_PAUSES,
	METER_RATE,
	METER_LEFT,
	METER_ELAPSED,
	METER_PARTS
};

struct meter {
	char parts[METER_PARTS][48]; /* empty: not there */
};

/* 0:07, 12:34, 1:02:03 */
static void format_time(char *to, size_t size, const char *behind,
			uint64_t seconds)
{
	if (seconds < 3600)
		(void)snprintf(to, size, "%" PRIu64 ":%02u%s", seconds / 60,
			       (unsigned)(seconds % 60), behind);
	else
		(void)snprintf(to, size, "%" PRIu64 ":%02u:%02u%s",
			       seconds / 3600, (unsigned)(seconds / 60 % 60),
			       (unsigned)(seconds % 60), behind);
}

/* In a unit of which there is at least a tenth: 24/s, 3.2/s, 5.0/min, 1.5/h. */
static void format_rate(char *to, size_t size, double rate)
{
	const char *unit = "s";

	if (rate < 0.1) {
		rate *= 60;
		unit = "min";
	}
	if (rate < 0.1) {
		rate *= 60;
		unit = "h";
	}
	(void)snprintf(to, size, rate < 10 ? "%.1f/%s" : "%.0f/%s", rate, unit);
}

/* How long the rest takes, if it goes on like this; rounded up, so that it is
 * not over before the end. */
static void format_left(char *to, size_t size, const struct reading *r,
			uint64_t done)
{
	double left = (double)(r->counts.total - done) * (double)r->elapsed_us /
		      (double)done / US_PER_S;
	uint64_t seconds = (uint64_t)left;

	if (left < METER_LEFT_MAX)
		format_time(to, size, " left",
			    seconds + ((double)seconds < left));
}

/* "limit 7" or "7 failed", with 7 for the number; nothing for nought. */
static void meter_count(struct meter *m, enum part_of_meter part,
			const char *before, uint64_t n, const char *behind)
{
	if (n > 0)
		(void)snprintf(m->parts[part], sizeof(m->parts[part]),
			       "%s%" PRIu64 "%s", before, n, behind);
}

static void meter_fill(struct meter *m, const struct reading *r)
{
	uint64_t failed = counts_failed(&r->counts);
	uint64_t done = counts_done(&r->counts) + r->counts.stopped;
	double seconds = (double)r->elapsed_us / US_PER_S;
	double rate = seconds > 0 ? (double)done / seconds : 0;
	const size_t size = sizeof(m->parts[0]);

	if (r->counts.total)
		(void)snprintf(m->parts[METER_DONE], size,
			       "%" PRIu64 "/%" PRIu64 " done", done,
			       r->counts.total);
	else
		(void)snprintf(m->parts[METER_DONE], size, "%" PRIu64 " done",
			       done);
	(void)snprintf(m->parts[METER_RUNNING], size, "%u running", r->running);
	meter_count(m, METER_LIMIT, "limit ", r->limit, "");
	meter_count(m, METER_FAILED, "", failed, " failed");
	meter_count(m, METER_RETRIED, "", r->retried, " retried");
	meter_count(m, METER_REFUSED, "", r->refused, " refused");
	meter_count(m, METER_PAUSES, "", r->pauses,
		    r->pauses == 1 ? " pause" : " pauses");
	if (done)
		format_rate(m->parts[METER_RATE], size, rate);
	if (done && r->counts.total > done)
		format_left(m->parts[METER_LEFT], size, r, done);
	format_time(m->parts[METER_ELAPSED], size, "",
		    (uint64_t)(r->elapsed_us / US_PER_S));
}

static size_t meter_join(const struct meter *m, char *to, size_t size)
{
	size_t len = 0;
	int i;

	to[0] = '\0';
	for (i = 0; i < METER_PARTS; i++)
		if (m->parts[i][0] && len < size)
			len += (size_t)snprintf(to + len, size - len, "%s%s",
						len ? ", " : "", m->parts[i]);
	return len;
}

/* The whole again, with what failed in its colour. */
static size_t meter_color(struct meter *m, char *to, size_t size)
{
	char plain[sizeof(m->parts[0])];

	memcpy(plain, m->parts[METER_FAILED], sizeof(plain));
	(void)snprintf(m->parts[METER_FAILED], sizeof(plain), "%s%.30s%s",
		       COLOR_BAD, plain, COLOR_OFF);
	return meter_join(m, to, size);
}

size_t meter_format(char *to, size_t size, const struct reading *reading,
		    unsigned width)
{
	static const enum part_of_meter least_first[] = {
		METER_ELAPSED, METER_PAUSES,  METER_RATE,
		METER_RETRIED, METER_REFUSED, METER_LIMIT,
		METER_RUNNING, METER_LEFT,    METER_FAILED,
	};
	struct meter m = { 0 };
	size_t i, len;

	meter_fill(&m, reading);
	len = meter_join(&m, to, size);
	for (i = 0;
	     len > width && i < sizeof(least_first) / sizeof(*least_first);
	     i++) {
		m.parts[least_first[i]][0] = '\0';
		len = meter_join(&m, to, size);
	}
	if (reading->color && m.parts[METER_FAILED][0])
		len = meter_color(&m, to, size);
	else if (len > width)
		len = width;
	if (len >= size)
		len = size - 1;
	to[len] = '\0';
	return len;
}
