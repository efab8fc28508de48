/* SPDX-License-Identifier: MIT */
/* Counts as Prometheus reads them:
 * https://prometheus.io/docs/instrumenting/exposition_formats/ */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "state.h"
#include "utf8.h"

/* What has been written, or would have been, to `room` bytes. */
struct page {
	char *at;
	size_t room, len;
};

__attribute__((format(printf, 2, 3))) static void
page_add(struct page *page, const char *format, ...)
{
	bool full = page->len >= page->room;
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(full ? NULL : page->at + page->len,
		      full ? 0 : page->room - page->len, format, args);
	va_end(args);
	BP_BUG_ON(n < 0);
	page->len += (size_t)n;
}

/* A label's value, which must be UTF-8: what is none is U+FFFD. */
static void page_add_label(struct page *page, const char *text)
{
	const unsigned char *s = (const unsigned char *)text;

	while (*s) {
		size_t len = bp_utf8_length(s);

		if (len == 0)
			page_add(page, "\xef\xbf\xbd");
		else if (*s == '\n')
			page_add(page, "\\n");
		else
			page_add(page, "%s%.*s",
				 *s == '"' || *s == '\\' ? "\\" : "", (int)len,
				 (const char *)s);
		s += len ? len : 1;
	}
}

/* A metric up to its value. */
static void page_add_name(struct page *page, const struct bpool *pool,
			  const char *name, const char *type, const char *help)
{
	page_add(page,
		 "# HELP boundpool_%s %s\n# TYPE boundpool_%s %s\n"
		 "boundpool_%s{pool=\"",
		 name, help, name, type, name);
	page_add_label(page, pool->name);
	page_add(page, "\"} ");
}

static void page_add_stats(struct page *page, const struct bpool *pool,
			   const struct bpool_stats *now)
{
	const struct {
		const char *name, *type, *help;
		uint64_t value;
	} metrics[] = {
		{ "jobs_submitted_total", "counter", "Jobs accepted.",
		  now->submitted },
		{ "jobs_finished_total", "counter", "Jobs that have returned.",
		  now->finished },
		{ "jobs_failed_total", "counter",
		  "Jobs that have returned a negative result.", now->failed },
		{ "jobs_cancelled_total", "counter", "Jobs that never started.",
		  now->cancelled },
		{ "retries_total", "counter",
		  "Attempts of jobs after their first.", now->retried },
		{ "refused_total", "counter",
		  "Attempts that a service refused.", now->refused },
		{ "pauses_total", "counter",
		  "Pauses of limits and their keys after refusals.",
		  now->pauses },
		{ "jobs_ready", "gauge", "Jobs that have not started.",
		  now->ready },
		{ "jobs_running", "gauge", "Workers in a job.", now->running },
		{ "jobs_in_flight", "gauge", "Jobs accepted and not over.",
		  now->in_flight },
		{ "jobs_in_flight_peak", "gauge",
		  "The most jobs accepted and not over.", now->in_flight_peak },
		{ "workers", "gauge", "Worker threads.", now->workers },
	};

	for (size_t i = 0; i < sizeof(metrics) / sizeof(*metrics); i++) {
		page_add_name(page, pool, metrics[i].name, metrics[i].type,
			      metrics[i].help);
		page_add(page, "%" PRIu64 "\n", metrics[i].value);
	}
	page_add_name(page, pool, "producers_slept_seconds_total", "counter",
		      "Time that producers have slept for want of room.");
	page_add(page, "%" PRIu64 ".%09" PRIu64 "\n",
		 now->producers_slept_ns / 1000000000,
		 now->producers_slept_ns % 1000000000);
}

ssize_t bpool_stats_prometheus(struct bpool *pool, char *buf, size_t n)
{
	struct bpool_stats now = { .size = sizeof(now) };
	struct bpool_limit_stats limit = { .size = sizeof(limit) };
	struct page page = { .at = buf, .room = n };
	int err = bpool_stats(pool, &now);

	if (err)
		return err;
	if (!buf && n > 0)
		return -EINVAL;
	page_add_stats(&page, pool, &now);
	if (pool->limit && bpool_limit_stats(pool->limit, NULL, &limit) == 0 &&
	    limit.max_running > 0) {
		page_add_name(&page, pool, "limit", "gauge",
			      "Jobs that may run at once.");
		page_add(&page, "%" PRIu64 "\n", limit.max_running);
	}
	return (ssize_t)page.len;
}
