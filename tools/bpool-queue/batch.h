/* SPDX-License-Identifier: MIT */
/*
 * A batch: jobs of one name, counted from 1.  What is known of it is a message
 * of its own, whose data is how many jobs it has; nothing while they are queued.
 */
#ifndef BATCH_H
#define BATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "bus.h"

struct batch {
	bool known;    /* it has been queued, in part at least */
	bool counted;  /* it is known how many it has */
	uint64_t jobs; /* in all, if so */
};

/* A name that no other has. */
#define BATCH_NAME_SIZE 40
void batch_name(char name[BATCH_NAME_SIZE]);

/* What is known of it: 0, or the errors of bus_last(). */
int batch_look(struct bus *bus, const char *token, struct batch *batch);

/* The same; what fails has been said. */
int batch_read(struct bus *bus, const char *token, struct batch *batch);

/*
 * Note that it is being queued, unless that is known: who comes first finds
 * batch->known false.  0 or negative errno, which has been said.
 */
int batch_begin(struct bus *bus, const char *token, struct batch *batch);

/* Note how many jobs it has: sleeps while the server is away; 0 or negative errno, which
 * has been said. */
int batch_count(struct bus *bus, const char *token, uint64_t jobs);

#endif
