/* SPDX-License-Identifier: MIT */
#include "ending.h"

#include <stdio.h>
#include <string.h>

#include "json.h"

int ending_status(const struct ending *ending)
{
	return ending->signal ? SIGNAL_STATUS + ending->signal : ending->status;
}

void ending_say(const struct ending *ending, char *text, size_t size)
{
	const char *late = ending->timed_out ? "timed out: " : "";

	if (ending->signal)
		(void)snprintf(text, size, "%skilled by signal %d (%s)", late,
			       ending->signal, strsignal(ending->signal));
	else
		(void)snprintf(text, size, "%sexit status %d", late,
			       ending->status);
}

static const char *outcome_name(enum outcome outcome)
{
	static const char *const names[] = {
		[OUTCOME_OK] = "ok",
		[OUTCOME_FAILED] = "failed",
		[OUTCOME_MISSING] = "missing",
		[OUTCOME_NOT_EXECUTABLE] = "not executable",
		[OUTCOME_BROKEN] = "broken",
		[OUTCOME_DROPPED] = "dropped",
	};

	return names[outcome];
}

void ending_add(struct text *json, const struct ending *ending)
{
	json_string(json, "outcome", outcome_name(ending->outcome));
	if (ending->signal)
		json_number(json, "signal", ending->signal);
	else
		json_number(json, "status", ending->status);
	json_bool(json, "timed_out", ending->timed_out);
	json_seconds(json, "seconds", ending->ran_us);
	json_number(json, "stdout_bytes", (int64_t)ending->nout);
	json_number(json, "stderr_bytes", (int64_t)ending->nerr);
}
