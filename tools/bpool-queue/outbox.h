/* SPDX-License-Identifier: MIT */
/*
 * Messages on their way into a stream: many at once, so that each does not wait
 * for the answer to the one before.  What a full stream refuses is offered again
 * until there is room, and nothing new is sent meanwhile: so a queue that is full
 * makes who fills it sleep.
 */
#ifndef OUTBOX_H
#define OUTBOX_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "bus.h"

/* So many have no answer yet, at most. */
#define OUTBOX_MAX 1024u

struct outbox {
	struct bus *bus;	/* fixed */
	jsCtx *js;		/* fixed */
	int event_fd;		/* fixed: readable when one was refused */
	pthread_mutex_t lock;	/* guards what follows; the bus's is taken
				 * under it */
	pthread_cond_t changed; /* an answer has come */
	unsigned outstanding;
	natsMsg *refused[OUTBOX_MAX]; /* ours, to be sent again */
	unsigned nrefused;
	int64_t pause_ms;  /* before the refused are sent again */
	uint64_t stored;   /* in the stream now */
	uint64_t present;  /* were there already */
	natsStatus failed; /* why another could not be stored */
	char why[200];
};

/* 0 or negative errno, which has been said. */
int outbox_init(struct outbox *outbox, struct bus *bus);

/* Throws away what was refused; no message is outstanding. */
void outbox_fini(struct outbox *outbox);

/*
 * Send the message, which is the outbox's then in any case.  Sleeps while it may
 * not be sent.  0, or -EIO if some message could not be stored.
 */
int outbox_send(struct outbox *outbox, natsMsg *message);

/* Send again what was refused: sleeps until all of that is stored; the same. */
int outbox_settle(struct outbox *outbox);

/* Sleep until all is stored; the same. */
int outbox_finish(struct outbox *outbox);

/* Say why one could not be stored. */
void outbox_say(struct outbox *outbox, const char *what);

#endif
