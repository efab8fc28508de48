/* SPDX-License-Identifier: MIT */
#include "puller.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "message.h"

/* Of a lease: when it is over here; how long a request stands; before its end it
 * is renewed; and so often, where that was not confirmed. */
#define HELD(lease) ((lease)*2 / 3)
#define STANDS(lease) ((lease) / 3)
#define RENEWED(lease) ((lease) / 2)
#define BETWEEN(lease) ((lease) / 6)
/* So long before the end a renewal may no longer reach who kills. */
#define MARGIN(lease) ((lease) / 30)

/* Later than this no word comes that a request is over. */
#define SLACK_US 2000000

/* ---- Asking, with the lock held ---------------------------------------------------- */

static void puller_break(struct puller *p, const char *why)
{
	if (!p->broken)
		p->broken = why;
	p->closed = true;
}

/* Ask for a job for each slot that has nothing. */
static void puller_ask(struct puller *p)
{
	int64_t now = guard_now_us();
	char request[80];

	if (!bus_is_connected(p->bus))
		return;
	(void)snprintf(request, sizeof(request),
		       "{\"batch\":1,\"expires\":%lld}",
		       (long long)STANDS(p->lease_us) * 1000);
	while (p->room > 0 && !p->closed) {
		if (natsConnection_PublishRequestString(p->bus->nc, p->ask,
							p->jobs->subject,
							request) != NATS_OK)
			break; /* puller_tick() tries again */
		p->asked_us[(p->first + p->asked++) % p->slots] = now;
		p->room--;
	}
}

/* The oldest request is over: when it was made. */
static int64_t puller_take(struct puller *p)
{
	int64_t asked_us = p->asked_us[p->first];

	p->first = (p->first + 1) % p->slots;
	p->asked--;
	return asked_us;
}

/* ---- What comes in, on threads of the client's ----------------------------------- */

static void delivery_say(const struct puller *p, const natsMsg *message,
			 const char *word)
{
	(void)natsConnection_PublishString(p->bus->nc,
					   natsMsg_GetReply(message), word);
}

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

/* With the lock held: as soon as it is time, and again until it is confirmed. */
static void delivery_renew(struct puller *p, struct delivery *d, int64_t now)
{
	char reply[sizeof(p->inbox) + 48];

	if (now < d->until_us - RENEWED(p->lease_us) ||
	    now < d->renewal_us + BETWEEN(p->lease_us))
		return;
	d->renewal_us = now;
	(void)snprintf(reply, sizeof(reply), "%s.w.%llu.%lld", p->inbox,
		       (unsigned long long)d->number, (long long)now);
	(void)natsConnection_PublishRequestString(
		p->bus->nc, natsMsg_GetReply(d->message), reply, "+WPI");
}

/* With the lock held: one of them, and until when. */
static struct delivery *puller_hold(struct puller *p, natsMsg *message,
				    int64_t until_us)
{
	struct delivery *d = malloc(sizeof(*d));

	if (!d)
		return NULL;
	*d = (struct delivery){
		.puller = p,
		.next = p->held,
		.message = message,
		.number = ++p->number,
		.delivered = reply_delivered(natsMsg_GetReply(message)),
		.until_us = until_us,
	};
	if (p->held)
		p->held->previous = d;
	p->held = d;
	p->nheld++;
	/* What was asked for a while ago has little left of its lease. */
	delivery_renew(p, d, guard_now_us());
	return d;
}

/* It was no job: the request is over, or could not be met. */
static void puller_refused(struct puller *p, natsMsg *message)
{
	const char *status = "", *why = "";

	(void)natsMsgHeader_Get(message, "Status", &status);
	(void)natsMsgHeader_Get(message, "Description", &why);
	if (strcasestr(why, "consumer deleted"))
		puller_break(p, "the class is no more");
	if (p->asked > 0) {
		(void)puller_take(p);
		p->room++;
	}
	/* At its time alone the next is asked for at once. */
	if (strcmp(status, "408") == 0)
		puller_ask(p);
}

/* What a request was answered with; NULL: nothing to run. */
static struct delivery *puller_answer(struct puller *p, natsMsg *message)
{
	struct delivery *d = NULL;
	int64_t until_us;

	if (!natsMsg_GetReply(message)) {
		puller_refused(p, message);
		return NULL;
	}
	if (p->asked == 0)
		return NULL;
	until_us = puller_take(p) + HELD(p->lease_us);
	if (!p->closed)
		d = puller_hold(p, message, until_us);
	if (d)
		return d;
	p->room++;
	/* Not where it may be another's. */
	if (guard_now_us() < until_us)
		delivery_say(p, message, "-NAK");
	return NULL;
}

static void puller_got(natsConnection *nc, natsSubscription *subscription,
		       natsMsg *message, void *user)
{
	struct inbox *inbox = user;
	struct puller *p = inbox->puller;
	struct delivery *d = NULL;

	(void)nc;
	(void)subscription;
	pthread_mutex_lock(&p->lock);
	/* What was given up is over by its lease: nothing may be said of it. */
	if (inbox == p->jobs)
		d = puller_answer(p, message);
	pthread_mutex_unlock(&p->lock);
	if (d)
		p->deliver(p->user, d);
	else
		natsMsg_Destroy(message);
}

/* With the lock held: another inbox, and what was asked for is given up.  The one
 * before stays, as a callback may be on its way to it; the engine answers there no
 * more. */
static natsStatus puller_open(struct puller *p)
{
	struct inbox *inbox = calloc(1, sizeof(*inbox));
	natsStatus s;

	if (!inbox)
		return NATS_NO_MEMORY;
	inbox->puller = p;
	inbox->before = p->jobs;
	(void)snprintf(inbox->subject, sizeof(inbox->subject), "%s.p%u",
		       p->inbox, p->inboxes++);
	s = natsConnection_Subscribe(&inbox->subscription, p->bus->nc,
				     inbox->subject, puller_got, inbox);
	if (s != NATS_OK) {
		free(inbox);
		return s;
	}
	if (p->jobs)
		(void)natsSubscription_Unsubscribe(p->jobs->subscription);
	p->jobs = inbox;
	p->room += p->asked;
	p->asked = 0;
	return NATS_OK;
}

/* With the lock held; NULL: it has ended. */
static struct delivery *puller_find(const struct puller *p, uint64_t number)
{
	struct delivery *d = p->held;

	while (d && d->number != number)
		d = d->next;
	return d;
}

/* With the lock held. */
static void puller_tell(struct puller *p, const struct guard_told *told)
{
	if (guard_tell(p->guard, told))
		puller_break(p, "who kills jobs at the end of their lease is "
				"gone");
}

/* A renewal, confirmed: "INBOX.w.NUMBER.SENT". */
static void puller_renewed(natsConnection *nc, natsSubscription *subscription,
			   natsMsg *message, void *user)
{
	struct puller *p = user;
	const char *subject = natsMsg_GetSubject(message), *status;
	uint64_t number;
	struct delivery *d;
	int64_t sent_us;
	int len;

	(void)nc;
	(void)subscription;
	sent_us = strtoll(subject_token(subject, 0, &len), NULL, 10);
	number = strtoull(subject_token(subject, 1, &len), NULL, 10);
	pthread_mutex_lock(&p->lock);
	d = puller_find(p, number);
	/* One that comes too late confirms nothing: see puller.h. */
	if (d && natsMsgHeader_Get(message, "Status", &status) != NATS_OK &&
	    guard_now_us() < d->until_us - MARGIN(p->lease_us) &&
	    sent_us + HELD(p->lease_us) > d->until_us) {
		d->until_us = sent_us + HELD(p->lease_us);
		if (d->guarded)
			puller_tell(p, &(struct guard_told){
					       .word = GUARD_HOLDS,
					       .job = number,
					       .until_us = d->until_us });
	}
	pthread_mutex_unlock(&p->lock);
	natsMsg_Destroy(message);
}

/* ---- What goes out ------------------------------------------------------------------ */

int puller_init(struct puller *p, struct bus *bus, const struct guard *guard,
		const struct puller_options *options)
{
	char subject[sizeof(p->inbox) + 8], stream[STREAM_SIZE];
	natsStatus s;

	*p = (struct puller){
		.bus = bus,
		.guard = guard,
		.deliver = options->deliver,
		.user = options->user,
		.lease_us = options->lease_us,
		.lock = PTHREAD_MUTEX_INITIALIZER,
		.room = options->slots,
		.slots = options->slots,
		.losses = atomic_load(&bus->losses),
	};
	p->asked_us = calloc(options->slots, sizeof(*p->asked_us));
	if (!p->asked_us) {
		say("%s", strerror(ENOMEM));
		return -ENOMEM;
	}
	bus_stream(bus, stream, "");
	(void)snprintf(p->ask, sizeof(p->ask),
		       "$JS.API.CONSUMER.MSG.NEXT.%s.%s", stream,
		       options->class);
	s = bus_inbox(bus, p->inbox);
	if (s == NATS_OK) {
		(void)snprintf(subject, sizeof(subject), "%s.w.*.*", p->inbox);
		s = natsConnection_Subscribe(&p->renewals, bus->nc, subject,
					     puller_renewed, p);
	}
	if (s == NATS_OK)
		s = puller_open(p);
	if (s == NATS_OK)
		return 0;
	free(p->asked_us);
	return bus_failed(bus, "jobs", s);
}

void puller_fini(struct puller *p)
{
	natsSubscription_Destroy(p->renewals);
	while (p->jobs) {
		struct inbox *inbox = p->jobs;

		p->jobs = inbox->before;
		natsSubscription_Destroy(inbox->subscription);
		free(inbox);
	}
	free(p->asked_us);
}

/* With the lock held: whether what was asked for has to be given up.  A server that
 * was lost may have forgotten it; one that is long over had its answer lost. */
static bool puller_has_lost(struct puller *p, int64_t now)
{
	unsigned losses = atomic_load(&p->bus->losses);
	bool lost = p->losses != losses;

	p->losses = losses;
	return p->asked > 0 &&
	       (lost ||
		now > p->asked_us[p->first] + STANDS(p->lease_us) + SLACK_US);
}

void puller_tick(struct puller *p)
{
	int64_t now = guard_now_us();
	struct delivery *d;

	pthread_mutex_lock(&p->lock);
	if (!p->closed && puller_has_lost(p, now) && puller_open(p) != NATS_OK)
		puller_break(p, "no jobs can be asked for any more");
	puller_ask(p);
	for (d = p->held; d; d = d->next)
		if (now < d->until_us)
			delivery_renew(p, d, now);
	pthread_mutex_unlock(&p->lock);
}

void puller_close(struct puller *p)
{
	pthread_mutex_lock(&p->lock);
	p->closed = true;
	pthread_mutex_unlock(&p->lock);
	/* What was sent before the server knows of it is still given to
	 * puller_got(), which gives it back. */
	(void)natsSubscription_Drain(p->jobs->subscription);
}

void puller_flush(struct puller *p)
{
	(void)natsSubscription_WaitForDrainCompletion(p->jobs->subscription,
						      BUS_WAIT_MS);
	(void)natsConnection_FlushTimeout(p->bus->nc, BUS_WAIT_MS);
}

unsigned puller_held(struct puller *p)
{
	unsigned n;

	pthread_mutex_lock(&p->lock);
	n = p->nheld;
	pthread_mutex_unlock(&p->lock);
	return n;
}

const char *puller_broken(struct puller *p)
{
	const char *why;

	pthread_mutex_lock(&p->lock);
	why = p->broken;
	pthread_mutex_unlock(&p->lock);
	return why;
}

bool delivery_is_held(struct delivery *d)
{
	bool held;

	pthread_mutex_lock(&d->puller->lock);
	held = guard_now_us() < d->until_us && !d->puller->broken;
	pthread_mutex_unlock(&d->puller->lock);
	return held;
}

bool delivery_begin(struct delivery *d)
{
	struct puller *p = d->puller;
	bool held;

	pthread_mutex_lock(&p->lock);
	held = guard_now_us() < d->until_us;
	if (held) {
		puller_tell(p, &(struct guard_told){ .word = GUARD_BEGINS,
						     .job = d->number,
						     .until_us = d->until_us });
		d->guarded = true;
	}
	held = held && !p->broken;
	pthread_mutex_unlock(&p->lock);
	return held;
}

void delivery_runs(struct delivery *d, pid_t leader, uint64_t since)
{
	struct puller *p = d->puller;

	pthread_mutex_lock(&p->lock);
	puller_tell(p, &(struct guard_told){ .word = GUARD_RUNS,
					     .job = d->number,
					     .leader = leader,
					     .since = since });
	pthread_mutex_unlock(&p->lock);
}

bool delivery_end(struct delivery *d)
{
	struct puller *p = d->puller;
	bool held;

	pthread_mutex_lock(&p->lock);
	held = guard_now_us() < d->until_us;
	if (d->guarded)
		puller_tell(p, &(struct guard_told){ .word = GUARD_ENDS,
						     .job = d->number });
	d->guarded = false;
	pthread_mutex_unlock(&p->lock);
	return held;
}

void delivery_close(struct delivery *d, enum delivery_fate fate)
{
	struct puller *p = d->puller;

	static const char *const words[] = {
		[DELIVERY_DONE] = "+ACK",
		[DELIVERY_BACK] = "-NAK",
		[DELIVERY_LATER] = "-NAK {\"delay\":1000000000}",
		[DELIVERY_LOST] = NULL,
	};

	pthread_mutex_lock(&p->lock);
	/* While the connection is lost it would be said later. */
	if (words[fate] && guard_now_us() < d->until_us &&
	    bus_is_connected(p->bus))
		delivery_say(p, d->message, words[fate]);
	if (d->previous)
		d->previous->next = d->next;
	else
		p->held = d->next;
	if (d->next)
		d->next->previous = d->previous;
	p->nheld--;
	p->room++;
	puller_ask(p);
	pthread_mutex_unlock(&p->lock);
	natsMsg_Destroy(d->message);
	free(d);
}
