/* SPDX-License-Identifier: MIT */
/*
 * Who works for a class now: whoever wants to know asks, and each worker answers for
 * itself.  Nothing of it is stored.
 */
#ifndef PRESENCE_H
#define PRESENCE_H

#include "bus.h"

/* ---- A worker's part ---- */

struct presence {
	struct bus *bus;	      /* these are fixed */
	unsigned slots;		      /* that it has */
	unsigned (*held)(void *user); /* jobs that it has */
	void *user;
	natsSubscription *asked;
};

/* Answer for a worker of the class, a token, on a thread of the client's: 0 or
 * negative errno, which has been said. */
int presence_init(struct presence *presence, struct bus *bus, const char *class,
		  unsigned slots, unsigned (*held)(void *user), void *user);

/* The connection is closed. */
void presence_fini(struct presence *presence);

/* ---- Of whoever asks ---- */

struct census {
	struct bus *bus;
	char inbox[INBOX_SIZE];
	natsSubscription *answers;
	unsigned asked; /* questions so far */
};

/* 0 or negative errno, which has been said. */
int census_init(struct census *census, struct bus *bus);

/* So long it takes, at most. */
#define CENSUS_MOST_MS 3000

/* Those of a class each, a token, that have answered when nobody has for a while. */
struct present {
	const char *class;
	unsigned workers, slots, held; /* of all together */
};
natsStatus census_take(struct census *census, struct present *all, size_t n);

/* The connection is closed. */
void census_fini(struct census *census);

#endif
