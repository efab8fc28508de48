/* SPDX-License-Identifier: MIT */
/* Which jobs are tried again, as it is asked for. */
#ifndef RETRY_H
#define RETRY_H

#include <stdbool.h>
#include <stdint.h>

/* Fixed for a run. */
struct retry {
	unsigned attempts; /* in all; 0: --retries was not given */
	int64_t base_ms, cap_ms;
	bool only; /* failures of these kinds alone: */
	bool on_signal, on_timeout;
	uint32_t on_status[256 / 32];
	bool unbounded;		   /* no budget; else ... */
	unsigned least;		   /* ... so many retries of failures in all, */
	unsigned per_cent;	   /* and so many for a hundred jobs */
	bool all_attempts;	   /* print the output of each */
	bool budgeted, backed_off; /* the caller said something of it */
};

void retry_init(struct retry *retry);

/* "7,28,75,signal,timeout"; 0 or -EINVAL. */
int retry_on_read(const char *text, struct retry *retry);

/* "100ms..30s", or the first alone; 0 or -EINVAL. */
int backoff_read(const char *text, struct retry *retry);

/* "10+20%", one of the two, or "none"; 0 or -EINVAL. */
int retry_budget_read(const char *text, struct retry *retry);

/* Is a failure with this exit status, or by a signal, one of those? */
bool retry_covers(const struct retry *retry, int status, bool by_signal,
		  bool timed_out);

#endif
