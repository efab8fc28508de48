/* SPDX-License-Identifier: MIT */
/*
 * A job as a message: its arguments, each with a NUL behind it.  What it is of
 * stands in its subject, and the rest in headers:
 *
 *	Bp: 1		this format
 *	Bp-Again: 1	the job may have been queued before, and may be done
 *	Bp-Retry: N B C	it has N attempts, B to C milliseconds apart
 *	Bp-Attempt: N	this is the N-th
 *	Bp-Timeout: T	it is stopped after T milliseconds
 *	Bp-Due: T	not before T, milliseconds since 1970 (to be tried again)
 *	Bp-Why: TEXT	how it failed (dead letters)
 *
 * There is no command in it, nor a directory nor an environment: those are the
 * worker's, so whoever may queue jobs runs nothing but what a worker offers.
 */
#ifndef JOBMESSAGE_H
#define JOBMESSAGE_H

#include <nats/nats.h>
#include <stdbool.h>

#include "names.h"
#include "record.h"

#define JOB_HEADER "Bp"
#define JOB_FORMAT "1"
#define JOB_AGAIN "Bp-Again"

/* Attempts of a job, and milliseconds between two: nobody may ask for more. */
#define ATTEMPTS_MAX 1000000u
#define DELAY_MAX_MS (INT64_C(1000) * 24 * 3600 * 1000)

/* A job of the `class` and `batch`, which are tokens, of the queue `stream`; what
 * is pointed to is the caller's. */
struct job_message {
	const char *stream;
	char class[TOKEN_SIZE], batch[TOKEN_SIZE];
	struct job_id id;
	const char *arguments;
	int len;
	bool again;
	unsigned attempts, attempt; /* how many it has, and which this is */
	int64_t base_ms, cap_ms;    /* between them */
	int64_t timeout_ms;	    /* 0: none of its own */
	int64_t due_ms;		    /* 0: now */
	const char *why;	    /* NULL: it has not failed */
};

/* Make the message, the caller's then; for "jobs", "retry" or "dlq". */
natsStatus job_message_make(natsMsg **message, const char *where,
			    const struct job_message *job);

/*
 * What a message says; the arguments, and why it failed, stay in the message.
 * -EINVAL: it is no job, or not in this format.
 */
int job_message_read(natsMsg *message, struct job_message *job);

/* The record of its arguments, to be released with free(); or NULL. */
struct record *job_message_record(const struct job_message *job);

#endif
