/* SPDX-License-Identifier: MIT */
/* The connection to the engine, and what is said where it fails. */
#ifndef BUS_H
#define BUS_H

#include <nats/nats.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "identity.h"
#include "names.h"

/* How long the engine may take to answer, in milliseconds. */
#define BUS_WAIT_MS 5000

/* Bytes that may stand beside the data in a message, of all that it takes. */
#define BUS_HEADERS_MAX 2048

/* What it says where a stream takes one message a subject, with the code that it
 * has for full ones too. */
#define BUS_ONE_A_SUBJECT "maximum messages per subject exceeded"

/* ... and where it is full. */
#define BUS_FULL "maximum messages exceeded"

/* What it says of an error beside the status of a call; this: nothing. */
#define BUS_NO_CODE ((jsErrCode)0)

/*
 * Any thread may use it.  The client's library ignores SIGPIPE; here that is
 * blocked instead, in the thread that opens and in all that come from it, so that
 * who prints still knows what its caller wants of it.
 */
struct bus {
	natsConnection *nc;   /* fixed */
	jsCtx *js;	      /* fixed */
	const char *stream;   /* fixed */
	const char *url;      /* fixed */
	const char *inbox;    /* fixed: what inboxes begin with; or NULL */
	sigset_t mask;	      /* fixed: what was blocked before */
	atomic_uint losses;   /* how often the connection was lost */
	pthread_mutex_t lock; /* guards what follows */
	bool waits;	      /* that something cannot be stored was said */
	char refused[256];    /* what this user may not do; "": nothing */
};

/* Connect to `url`; 0 or negative errno, which has been said.  What is pointed to must
 * outlive it. */
int bus_open(struct bus *bus, const char *url, const char *stream,
	     const struct identity *identity);

/* Where answers may go that only this connection gets. */
#define INBOX_SIZE 128
natsStatus bus_inbox(const struct bus *bus, char inbox[INBOX_SIZE]);

/* No message is sent or comes any more; who subscribed may let go of that then, and
 * not before: a message for who has let go crashes the client of 3.4. */
void bus_end(struct bus *bus);
void bus_close(struct bus *bus);

/* What is sent now reaches the server, as far as is known; else it would be kept, and
 * sent when nobody wants it any more. */
bool bus_is_connected(struct bus *bus);

/* "S_RES" for "RES", "S" for "". */
void bus_stream(const struct bus *bus, char name[STREAM_SIZE],
		const char *suffix);

/* Say that `what` failed, and why: -EIO.  That something was refused the engine tells
 * elsewhere, and the call only as a time-out. */
int bus_failed(struct bus *bus, const char *what, natsStatus status);

/* The same, as a text for a message. */
void bus_why(struct bus *bus, natsStatus status, char *text, size_t size);

/* Whether what failed so may go well later: the server is away, or has none that leads;
 * not where this user may not do it. */
bool bus_may_come_back(struct bus *bus, natsStatus status, jsErrCode code);

/* The last message of a subject, or of one with wildcards, in S_`suffix`: 1, and the
 * message, the caller's; 0: there is none; -EAGAIN: it may be had later; -EIO. */
int bus_last(struct bus *bus, const char *suffix, const char *subject,
	     natsMsg **message);

/* The same; while it may be had later it sleeps and tries again. */
int bus_last_waiting(struct bus *bus, const char *suffix, const char *subject,
		     natsMsg **message);

/*
 * Store the message: sleeps until it is, or until another of its subject is in a
 * stream that takes one alone.  While it cannot be, go_on(user) says whether to try
 * on: -ECANCELED where it says no.  That it tries is said, once.
 *
 * -E2BIG   the server takes none of this size
 */
int bus_store(struct bus *bus, natsMsg *message, bool (*go_on)(void *user),
	      void *user);

#endif
