/* SPDX-License-Identifier: MIT */
#include "lease.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Of a lease: before its end it is renewed; and so often, where that was not
 * confirmed. */
#define RENEWED(lease) ((lease) / 2)
#define BETWEEN(lease) ((lease) / 6)
/* So long before the end a renewal may no longer reach who kills. */
#define MARGIN(lease) ((lease) / 30)

/* ---- What is said of them --------------------------------------------------------- */

static void lease_say(struct bus *bus, const natsMsg *message, const char *word)
{
	(void)natsConnection_PublishString(bus->nc, natsMsg_GetReply(message),
					   word);
}

void lease_refuse(struct bus *bus, const natsMsg *message)
{
	lease_say(bus, message, "-NAK");
}

/* With the lock held: as soon as it is time, and again until it is confirmed. */
static void delivery_renew(struct leases *l, struct delivery *d, int64_t now)
{
	char reply[sizeof(l->inbox) + 48];

	if (now < d->until_us - RENEWED(l->lease_us) ||
	    now < d->renewal_us + BETWEEN(l->lease_us))
		return;
	d->renewal_us = now;
	(void)snprintf(reply, sizeof(reply), "%s.w.%llu.%lld", l->inbox,
		       (unsigned long long)d->number, (long long)now);
	(void)natsConnection_PublishRequestString(
		l->bus->nc, natsMsg_GetReply(d->message), reply, "+WPI");
}

/* With the lock held. */
static void leases_tell(struct leases *l, const struct guard_told *told)
{
	if (guard_tell(l->guard, told))
		l->unguarded = true;
}

/* ---- All of them ------------------------------------------------------------------- */

/*
 * "$JS.ACK.STREAM.CONSUMER.DELIVERED.STREAM-SEQUENCE.SEQUENCE.TIME.PENDING", and
 * with a domain and an account's hash behind ACK where a server is newer.
 */
static uint64_t reply_delivered(const char *reply)
{
	const char *dot = reply;
	unsigned tokens = 1, skip;

	while ((dot = strchr(dot, '.')) != NULL) {
		tokens++;
		dot++;
	}
	skip = tokens >= 11 ? 6 : 4;
	for (dot = reply; dot && skip; skip--) {
		dot = strchr(dot, '.');
		dot = dot ? dot + 1 : NULL;
	}
	return dot ? strtoull(dot, NULL, 10) : 0;
}

struct delivery *leases_take(struct leases *l, natsMsg *message,
			     int64_t until_us)
{
	struct delivery *d = malloc(sizeof(*d));

	if (!d)
		return NULL;
	*d = (struct delivery){
		.leases = l,
		.message = message,
		.delivered = reply_delivered(natsMsg_GetReply(message)),
		.until_us = until_us,
	};
	pthread_mutex_lock(&l->lock);
	d->number = ++l->number;
	d->next = l->held;
	if (l->held)
		l->held->previous = d;
	l->held = d;
	l->nheld++;
	/* What was asked for a while ago has little left of its lease. */
	delivery_renew(l, d, guard_now_us());
	pthread_mutex_unlock(&l->lock);
	return d;
}

/* With the lock held; NULL: it has ended. */
static struct delivery *leases_find(const struct leases *l, uint64_t number)
{
	struct delivery *d = l->held;

	while (d && d->number != number)
		d = d->next;
	return d;
}

/* A renewal, confirmed: "INBOX.w.NUMBER.SENT". */
static void leases_renewed(natsConnection *nc, natsSubscription *subscription,
			   natsMsg *message, void *user)
{
	struct leases *l = user;
	const char *subject = natsMsg_GetSubject(message), *status;
	uint64_t number;
	struct delivery *d;
	int64_t sent_us;
	int len;

	(void)nc;
	(void)subscription;
	sent_us = strtoll(subject_token(subject, 0, &len), NULL, 10);
	number = strtoull(subject_token(subject, 1, &len), NULL, 10);
	pthread_mutex_lock(&l->lock);
	d = leases_find(l, number);
	/* One that comes too late confirms nothing: see lease.h. */
	if (d && natsMsgHeader_Get(message, "Status", &status) != NATS_OK &&
	    guard_now_us() < d->until_us - MARGIN(l->lease_us) &&
	    sent_us + LEASE_HELD(l->lease_us) > d->until_us) {
		d->until_us = sent_us + LEASE_HELD(l->lease_us);
		if (d->guarded)
			leases_tell(l, &(struct guard_told){
					       .word = GUARD_HOLDS,
					       .job = number,
					       .until_us = d->until_us });
	}
	pthread_mutex_unlock(&l->lock);
	natsMsg_Destroy(message);
}

int leases_init(struct leases *l, struct bus *bus, const struct guard *guard,
		int64_t lease_us, void (*closed)(void *user), void *user)
{
	char subject[sizeof(l->inbox) + 8];
	natsStatus s;

	*l = (struct leases){
		.bus = bus,
		.guard = guard,
		.closed = closed,
		.user = user,
		.lease_us = lease_us,
		.lock = PTHREAD_MUTEX_INITIALIZER,
	};
	s = bus_inbox(bus, l->inbox);
	if (s == NATS_OK) {
		(void)snprintf(subject, sizeof(subject), "%s.w.*.*", l->inbox);
		s = natsConnection_Subscribe(&l->renewals, bus->nc, subject,
					     leases_renewed, l);
	}
	return s == NATS_OK ? 0 : bus_failed(bus, "leases", s);
}

void leases_fini(struct leases *l)
{
	natsSubscription_Destroy(l->renewals);
}

void leases_tick(struct leases *l)
{
	int64_t now = guard_now_us();
	struct delivery *d;

	pthread_mutex_lock(&l->lock);
	for (d = l->held; d; d = d->next)
		if (now < d->until_us)
			delivery_renew(l, d, now);
	pthread_mutex_unlock(&l->lock);
}

unsigned leases_held(struct leases *l)
{
	unsigned n;

	pthread_mutex_lock(&l->lock);
	n = l->nheld;
	pthread_mutex_unlock(&l->lock);
	return n;
}

bool leases_unguarded(struct leases *l)
{
	bool unguarded;

	pthread_mutex_lock(&l->lock);
	unguarded = l->unguarded;
	pthread_mutex_unlock(&l->lock);
	return unguarded;
}

/* ---- One of them ------------------------------------------------------------------- */

bool delivery_is_held(struct delivery *d)
{
	bool held;

	pthread_mutex_lock(&d->leases->lock);
	held = guard_now_us() < d->until_us && !d->leases->unguarded;
	pthread_mutex_unlock(&d->leases->lock);
	return held;
}

bool delivery_begin(struct delivery *d)
{
	struct leases *l = d->leases;
	bool held;

	pthread_mutex_lock(&l->lock);
	held = guard_now_us() < d->until_us;
	if (held) {
		leases_tell(l, &(struct guard_told){ .word = GUARD_BEGINS,
						     .job = d->number,
						     .until_us = d->until_us });
		d->guarded = true;
	}
	held = held && !l->unguarded;
	pthread_mutex_unlock(&l->lock);
	return held;
}

void delivery_runs(struct delivery *d, pid_t leader, uint64_t since)
{
	struct leases *l = d->leases;

	pthread_mutex_lock(&l->lock);
	leases_tell(l, &(struct guard_told){ .word = GUARD_RUNS,
					     .job = d->number,
					     .leader = leader,
					     .since = since });
	pthread_mutex_unlock(&l->lock);
}

bool delivery_end(struct delivery *d)
{
	struct leases *l = d->leases;
	bool held;

	pthread_mutex_lock(&l->lock);
	held = guard_now_us() < d->until_us;
	if (d->guarded)
		leases_tell(l, &(struct guard_told){ .word = GUARD_ENDS,
						     .job = d->number });
	d->guarded = false;
	pthread_mutex_unlock(&l->lock);
	return held;
}

void delivery_close(struct delivery *d, enum delivery_fate fate)
{
	static const char *const words[] = {
		[DELIVERY_DONE] = "+ACK",
		[DELIVERY_BACK] = "-NAK",
		[DELIVERY_LATER] = "-NAK {\"delay\":1000000000}",
		[DELIVERY_LOST] = NULL,
	};
	struct leases *l = d->leases;

	pthread_mutex_lock(&l->lock);
	/* While the connection is lost it would be said later. */
	if (words[fate] && guard_now_us() < d->until_us &&
	    bus_is_connected(l->bus))
		lease_say(l->bus, d->message, words[fate]);
	if (d->previous)
		d->previous->next = d->next;
	else
		l->held = d->next;
	if (d->next)
		d->next->previous = d->previous;
	pthread_mutex_unlock(&l->lock);
	natsMsg_Destroy(d->message);
	free(d);
	l->closed(l->user);
	/* Last: where none is held all may be let go of. */
	pthread_mutex_lock(&l->lock);
	l->nheld--;
	pthread_mutex_unlock(&l->lock);
}
