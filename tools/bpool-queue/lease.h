/* SPDX-License-Identifier: MIT */
/*
 * Leases: for how long a job that was given is this worker's.
 *
 * When a lease is over is judged here, for the engine takes word also from who has
 * lost one.  It was given no sooner than it was asked for; and when a renewal was
 * confirmed before the lease was over, it runs from when that was sent.  By this
 * clock it is over after two thirds of what the engine gives: the rest is for who
 * kills (guard.h), and for clocks that do not agree.
 */
#ifndef LEASE_H
#define LEASE_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "bus.h"
#include "guard.h"

/* Of a lease: for how long it is held here. */
#define LEASE_HELD(lease) ((lease)*2 / 3)

/* A job that the engine has given. */
struct delivery {
	struct leases *leases;
	struct delivery *next, *previous; /* the leases' */
	natsMsg *message;		  /* ours */
	uint64_t number;		  /* among all of this worker, from 1 */
	uint64_t delivered;		  /* how often it was given so far */
	int64_t until_us;		  /* the leases': when it is over */
	int64_t renewal_us; /* ... and when it was last to be renewed */
	bool guarded;	    /* ... and the guard knows of it */
};

/* Those that this worker holds. */
struct leases {
	struct bus *bus;	    /* fixed */
	const struct guard *guard;  /* fixed */
	void (*closed)(void *user); /* fixed: one was, with no lock held */
	void *user;		    /* fixed */
	int64_t lease_us;	    /* fixed */
	char inbox[INBOX_SIZE];	    /* fixed: renewals are answered there */
	natsSubscription *renewals; /* fixed */
	pthread_mutex_t lock;	    /* guards what follows */
	uint64_t number;	    /* of the last delivery */
	struct delivery *held;
	unsigned nheld;
	bool unguarded; /* who kills at their end is gone */
};

/* 0 or negative errno, which has been said.  `closed` may be called from then on. */
int leases_init(struct leases *leases, struct bus *bus,
		const struct guard *guard, int64_t lease_us,
		void (*closed)(void *user), void *user);

/* The connection is closed, and none is held. */
void leases_fini(struct leases *leases);

/* A job that was given, and until when it is held; the message is the delivery's.
 * NULL: out of memory. */
struct delivery *leases_take(struct leases *leases, natsMsg *message,
			     int64_t until_us);

/* Renew what is due: called again and again, at least six times a lease. */
void leases_tick(struct leases *leases);

unsigned leases_held(struct leases *leases);

/* Nobody would kill what has lost its lease: nothing may start. */
bool leases_unguarded(struct leases *leases);

/* The job may start now; false: its lease is over. */
bool delivery_begin(struct delivery *delivery);

/* It has: its process. */
void delivery_runs(struct delivery *delivery, pid_t leader, uint64_t since);

/* No process of it is left; false: its lease was over before. */
bool delivery_end(struct delivery *delivery);

/* Whether its lease is not over yet. */
bool delivery_is_held(struct delivery *delivery);

/* What becomes of it; its slot is free then, and it too.  Once its lease is over
 * nothing is said of it: it may be another's. */
enum delivery_fate {
	DELIVERY_DONE,	/* never again */
	DELIVERY_BACK,	/* another may have it, at once */
	DELIVERY_LATER, /* ... after a while: it could not be looked at */
	DELIVERY_LOST	/* it is not ours any more */
};
void delivery_close(struct delivery *delivery, enum delivery_fate fate);

/* Give back, at once, what was given and is not held. */
void lease_refuse(struct bus *bus, const natsMsg *message);

#endif
