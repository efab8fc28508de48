/* SPDX-License-Identifier: MIT */
#include "summary.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "color.h"
#include "message.h"

static void summary_say(struct report *report, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void summary_say(struct report *report, const char *format, ...)
{
	char line[MESSAGE_MAX];
	size_t len = message_begin(line, sizeof(line));
	va_list args;

	va_start(args, format);
	(void)vsnprintf(line + len, sizeof(line) - len - 1, format, args);
	va_end(args);
	len = strlen(line);
	line[len++] = '\n';
	report_print(report, STDERR_FILENO, line, len);
}

static double seconds(uint64_t us)
{
	return (double)us / 1e6;
}

static void summary_failures(struct report *report, const struct tally *tally,
			     bool color)
{
	uint64_t failed = counts_failed(&tally->counts);
	char shown[500];
	unsigned i;

	for (i = 0; i < tally->nfailures; i++) {
		const struct failure *f = &tally->failures[i];

		summary_say(
			report, "job %" PRIu64 ": %s%s%s: %s", f->number,
			color ? COLOR_BAD : "", f->how, color ? COLOR_OFF : "",
			escaped(shown, sizeof(shown), f->text ? f->text : "?"));
	}
	if (failed > tally->nfailures)
		summary_say(report, "and %" PRIu64 " more that failed",
			    failed - tally->nfailures);
}

void summary_print(struct report *report, struct tally *tally, bool color)
{
	const struct counts *counts = &tally->counts;
	uint64_t failed = counts_failed(counts);
	bool bad = color && failed;
	uint64_t ended = counts_done(counts) + counts->stopped;
	char stopped[60] = "", unrun[60] = "";

	if (counts->stopped)
		(void)snprintf(stopped, sizeof(stopped),
			       ", %" PRIu64 " stopped", counts->stopped);
	if (counts->total > ended)
		(void)snprintf(unrun, sizeof(unrun), ", %" PRIu64 " not run",
			       counts->total - ended);
	summary_say(report,
		    "%" PRIu64 " jobs, %s%" PRIu64 " failed%s%s%s, in %.3f s, "
		    "up to %u at once",
		    ended, bad ? COLOR_BAD : "", failed, bad ? COLOR_OFF : "",
		    stopped, unrun,
		    seconds((uint64_t)(now_us() - tally->since_us)),
		    tally->peak);
	if (tally->ran.n)
		summary_say(report,
			    "run times: half within %.3f s, 95%% within %.3f "
			    "s, the longest %.3f s",
			    seconds(histogram_percentile(&tally->ran, 50)),
			    seconds(histogram_percentile(&tally->ran, 95)),
			    seconds(tally->ran.max));
	if (tally->retried + tally->refused + tally->pauses > 0)
		summary_say(report,
			    "tried again: %" PRIu64 " times after a failure, "
			    "%" PRIu64 " after a refusal; %" PRIu64 " pauses",
			    tally->retried, tally->refused, tally->pauses);
	if (tally->limit)
		summary_say(report, "-j auto: %" PRIu64 " at once in the end",
			    tally->limit);
	summary_failures(report, tally, color);
}
