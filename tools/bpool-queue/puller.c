/* SPDX-License-Identifier: MIT */
#include "puller.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "message.h"

/* Of a lease: how long a request stands. */
#define STANDS(lease) ((lease) / 3)

/* Later than this no word comes that a request is over. */
#define SLACK_US 2000000

/* ... and nothing to where it was to go. */
#define LET_GO_US 60000000

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

	/* After a loss it is looked first at what holds of the class by now. */
	if (!bus_is_connected(p->bus) ||
	    p->losses != atomic_load(&p->bus->losses))
		return;
	(void)snprintf(request, sizeof(request),
		       "{\"batch\":1,\"expires\":%lld}",
		       (long long)STANDS(p->lease_us) * 1000);
	while (p->room > 0 && p->slots - p->room < p->bound && !p->closed &&
	       !p->paused) {
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
	struct delivery *d;
	int64_t until_us;

	if (!natsMsg_GetReply(message)) {
		puller_refused(p, message);
		return NULL;
	}
	if (p->asked == 0)
		return NULL;
	until_us = puller_take(p) + LEASE_HELD(p->lease_us);
	d = leases_take(&p->leases, message, until_us);
	if (d)
		return d;
	p->room++;
	/* Not where it may be another's. */
	if (guard_now_us() < until_us)
		lease_refuse(p->bus, message);
	return NULL;
}

/* The same where it was asked for before a pause.  It is in flight, so it is run, and if
 * its slot was asked for again meanwhile, behind another. */
static struct delivery *puller_late(struct puller *p, const struct inbox *inbox,
				    natsMsg *message)
{
	struct delivery *d;

	if (!natsMsg_GetReply(message) || guard_now_us() >= inbox->until_us)
		return NULL;
	d = leases_take(&p->leases, message, inbox->until_us);
	if (!d)
		lease_refuse(p->bus, message);
	else if (p->room > 0)
		p->room--;
	else
		p->extra++;
	return d;
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
	if (inbox == p->jobs)
		d = puller_answer(p, message);
	else
		d = puller_late(p, inbox, message);
	pthread_mutex_unlock(&p->lock);
	if (d)
		p->deliver(p->user, d);
	else
		natsMsg_Destroy(message);
}

/* With the lock held: those that were left so long ago that nothing comes to them are
 * let go of; before, the client may be on its way there with a message. */
static void puller_let_go(struct puller *p, int64_t now)
{
	struct inbox **at = &p->jobs->before, *inbox;

	while ((inbox = *at) != NULL) {
		if (now < inbox->left_us + LET_GO_US) {
			at = &inbox->before;
			continue;
		}
		*at = inbox->before;
		natsSubscription_Destroy(inbox->subscription);
		free(inbox);
	}
}

/* With the lock held: nothing more is to come there.  What does nevertheless is ours if
 * it can be known how long. */
static void puller_leave(struct puller *p, int64_t now)
{
	struct inbox *inbox = p->jobs;

	inbox->left_us = now;
	if (p->paused && p->asked > 0) {
		inbox->until_us =
			p->asked_us[p->first] + LEASE_HELD(p->lease_us);
		(void)natsSubscription_Drain(inbox->subscription);
	} else {
		(void)natsSubscription_Unsubscribe(inbox->subscription);
	}
}

/* With the lock held: another inbox, and what was asked for is given up. */
static natsStatus puller_open(struct puller *p)
{
	struct inbox *inbox = calloc(1, sizeof(*inbox));
	int64_t now = guard_now_us();
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
		puller_leave(p, now);
	p->jobs = inbox;
	p->room += p->asked;
	p->asked = 0;
	puller_let_go(p, now);
	return NATS_OK;
}

/* ---- What goes out ------------------------------------------------------------------ */

/* A delivery is closed, and its slot free. */
static void puller_freed(void *user)
{
	struct puller *p = user;

	pthread_mutex_lock(&p->lock);
	if (p->extra > 0)
		p->extra--;
	else
		p->room++;
	puller_ask(p);
	pthread_mutex_unlock(&p->lock);
}

static int puller_begin(struct puller *p)
{
	natsStatus s = bus_inbox(p->bus, p->inbox);

	if (s == NATS_OK)
		s = puller_open(p);
	return s == NATS_OK ? 0 : bus_failed(p->bus, "jobs", s);
}

int puller_init(struct puller *p, struct bus *bus, const struct guard *guard,
		const struct puller_options *options)
{
	char stream[STREAM_SIZE];
	int rc;

	*p = (struct puller){
		.bus = bus,
		.deliver = options->deliver,
		.user = options->user,
		.lease_us = options->lease_us,
		.lock = PTHREAD_MUTEX_INITIALIZER,
		.room = options->slots,
		.slots = options->slots,
		.bound = options->bound,
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
	rc = leases_init(&p->leases, bus, guard, options->lease_us,
			 puller_freed, p);
	if (!rc)
		rc = puller_begin(p);
	if (rc)
		free(p->asked_us);
	return rc;
}

void puller_fini(struct puller *p)
{
	leases_fini(&p->leases);
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

/* With the lock held. */
static void puller_reopen(struct puller *p)
{
	if (!p->closed && puller_open(p) != NATS_OK)
		puller_break(p, "no jobs can be asked for any more");
}

void puller_tick(struct puller *p)
{
	int64_t now = guard_now_us();

	pthread_mutex_lock(&p->lock);
	if (puller_has_lost(p, now))
		puller_reopen(p);
	puller_ask(p);
	pthread_mutex_unlock(&p->lock);
	leases_tick(&p->leases);
}

void puller_bound(struct puller *p, unsigned bound)
{
	pthread_mutex_lock(&p->lock);
	p->bound = bound;
	puller_ask(p);
	pthread_mutex_unlock(&p->lock);
}

void puller_pause(struct puller *p, bool paused)
{
	pthread_mutex_lock(&p->lock);
	p->paused = paused;
	if (paused && p->asked > 0)
		puller_reopen(p);
	puller_ask(p);
	pthread_mutex_unlock(&p->lock);
}

void puller_close(struct puller *p)
{
	pthread_mutex_lock(&p->lock);
	p->closed = true;
	pthread_mutex_unlock(&p->lock);
	/* What was sent before the server knows of it is still delivered. */
	(void)natsSubscription_Drain(p->jobs->subscription);
}

void puller_flush(struct puller *p)
{
	/* Nothing comes, and nothing can be said. */
	if (!bus_is_connected(p->bus))
		return;
	(void)natsSubscription_WaitForDrainCompletion(p->jobs->subscription,
						      BUS_WAIT_MS);
	(void)natsConnection_FlushTimeout(p->bus->nc, BUS_WAIT_MS);
}

unsigned puller_held(struct puller *p)
{
	return leases_held(&p->leases);
}

const char *puller_broken(struct puller *p)
{
	const char *why;

	pthread_mutex_lock(&p->lock);
	if (leases_unguarded(&p->leases))
		puller_break(p, "who kills jobs at the end of their lease is "
				"gone");
	why = p->broken;
	pthread_mutex_unlock(&p->lock);
	return why;
}
