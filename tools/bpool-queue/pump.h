/* SPDX-License-Identifier: MIT */
/*
 * Jobs that are to be tried again wait in a stream of their own, outside the bound,
 * and go back into the queue when they are due.  Each worker does that for its class,
 * so that somebody does: one message after the other.
 */
#ifndef PUMP_H
#define PUMP_H

#include <pthread.h>
#include <stdbool.h>

#include "bus.h"

struct pump {
	struct bus *bus;		/* fixed */
	char inbox[INBOX_SIZE];		/* fixed */
	char ask[SUBJECT_SIZE];		/* fixed: where they are asked for */
	natsSubscription *subscription; /* fixed */
	pthread_mutex_t lock;		/* guards what follows */
	unsigned losses;		/* of the connection, as far as known */
	int64_t asked_ms;		/* when one was asked for; 0: none is */
	bool closed;
};

/* For the class that is this token: 0 or negative errno, which has been said. */
int pump_init(struct pump *pump, struct bus *bus, const char *class);

/* Ask for what is due, now and again. */
void pump_tick(struct pump *pump);

/* Nothing more is taken: what was is moved or given back. */
void pump_close(struct pump *pump);

/* The connection is closed. */
void pump_fini(struct pump *pump);

#endif
