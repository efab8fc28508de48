/* SPDX-License-Identifier: MIT */
#include "pump.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "clock.h"
#include "jobmessage.h"
#include "message.h"

/* For so long a request stands; later no word comes that it is over. */
#define STANDS_MS 10000
#define SLACK_MS 2000

/* What could not be moved is looked at again after this. */
#define AGAIN_MS 200

/* With the lock held. */
static void pump_ask(struct pump *p)
{
	char request[80], reply[sizeof(p->inbox) + 8];

	if (p->asked_ms || p->closed || !bus_is_connected(p->bus))
		return;
	(void)snprintf(reply, sizeof(reply), "%s.r", p->inbox);
	(void)snprintf(request, sizeof(request),
		       "{\"batch\":1,\"expires\":%lld}", STANDS_MS * 1000000LL);
	if (natsConnection_PublishRequestString(p->bus->nc, p->ask, reply,
						request) == NATS_OK)
		p->asked_ms = now_ms();
}

/* After so long; at once where that is over. */
static void pump_later(struct pump *p, natsMsg *message, int64_t ms)
{
	char text[60];

	(void)snprintf(text, sizeof(text), "-NAK {\"delay\":%lld}",
		       (long long)(ms > 0 ? ms : 1) * 1000000);
	(void)natsConnection_PublishString(p->bus->nc,
					   natsMsg_GetReply(message), text);
}

/*
 * Into the queue, if it can be now.  While the attempt before is in it the engine
 * takes no other, and that may go the next moment: who parks a job does so before it
 * says that this attempt is over.
 */
static bool pump_move(struct pump *p, struct job_message *job)
{
	natsMsg *message = NULL;
	natsStatus s;

	job->stream = p->bus->stream;
	job->due_ms = 0;
	job->again = true;
	s = job_message_make(&message, "jobs", job);
	if (s == NATS_OK)
		s = js_PublishMsg(NULL, p->bus->js, message, NULL, NULL);
	natsMsg_Destroy(message);
	return s == NATS_OK;
}

static void pump_one(struct pump *p, natsMsg *message)
{
	struct job_message job;
	char shown[200];
	int64_t left_ms;

	if (job_message_read(message, &job)) {
		say("%s: no job, dropped",
		    escaped(shown, sizeof(shown), natsMsg_GetSubject(message)));
	} else {
		left_ms = job.due_ms - wall_us() / 1000;
		if (left_ms > DELAY_MAX_MS)
			left_ms = DELAY_MAX_MS;
		if (left_ms > 0) {
			pump_later(p, message, left_ms);
			return;
		}
		if (!pump_move(p, &job)) {
			pump_later(p, message, AGAIN_MS);
			return;
		}
	}
	(void)natsConnection_PublishString(p->bus->nc,
					   natsMsg_GetReply(message), "+ACK");
}

/* On a thread of the client's. */
static void pump_got(natsConnection *nc, natsSubscription *subscription,
		     natsMsg *message, void *user)
{
	struct pump *p = user;
	const char *status = "";
	bool is_job = natsMsg_GetReply(message) != NULL, at_once;

	(void)nc;
	(void)subscription;
	if (is_job)
		pump_one(p, message);
	else
		(void)natsMsgHeader_Get(message, "Status", &status);
	/* Where it was refused, pump_tick() asks after a while. */
	at_once = is_job || strcmp(status, "408") == 0;
	natsMsg_Destroy(message);
	pthread_mutex_lock(&p->lock);
	p->asked_ms = 0;
	if (at_once)
		pump_ask(p);
	pthread_mutex_unlock(&p->lock);
}

int pump_init(struct pump *p, struct bus *bus, const char *class)
{
	char subject[sizeof(p->inbox) + 8], stream[STREAM_SIZE];
	natsStatus s;

	*p = (struct pump){ .bus = bus,
			    .lock = PTHREAD_MUTEX_INITIALIZER,
			    .losses = atomic_load(&bus->losses) };
	bus_stream(bus, stream, "RETRY");
	(void)snprintf(p->ask, sizeof(p->ask),
		       "$JS.API.CONSUMER.MSG.NEXT.%s.%s", stream, class);
	s = bus_inbox(bus, p->inbox);
	if (s == NATS_OK) {
		(void)snprintf(subject, sizeof(subject), "%s.r", p->inbox);
		s = natsConnection_Subscribe(&p->subscription, bus->nc, subject,
					     pump_got, p);
	}
	return s == NATS_OK ? 0 : bus_failed(bus, stream, s);
}

void pump_tick(struct pump *p)
{
	unsigned losses = atomic_load(&p->bus->losses);

	pthread_mutex_lock(&p->lock);
	/* As puller_tick(): a server that was lost has forgotten it. */
	if (p->losses != losses ||
	    (p->asked_ms && now_ms() > p->asked_ms + STANDS_MS + SLACK_MS))
		p->asked_ms = 0;
	p->losses = losses;
	pump_ask(p);
	pthread_mutex_unlock(&p->lock);
}

void pump_close(struct pump *p)
{
	pthread_mutex_lock(&p->lock);
	p->closed = true;
	pthread_mutex_unlock(&p->lock);
	if (bus_is_connected(p->bus) &&
	    natsSubscription_Drain(p->subscription) == NATS_OK)
		(void)natsSubscription_WaitForDrainCompletion(p->subscription,
							      BUS_WAIT_MS);
}

void pump_fini(struct pump *p)
{
	natsSubscription_Destroy(p->subscription);
}
