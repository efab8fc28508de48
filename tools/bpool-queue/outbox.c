/* SPDX-License-Identifier: MIT */
#include "outbox.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "clock.h"
#include "jobmessage.h"
#include "message.h"

/* Before what was refused is sent again: doubles while there is no room. */
#define PAUSE_FIRST_MS 10
#define PAUSE_MAX_MS 1000

/* Whether it may go better later: it is full, or cannot be reached. */
static bool may_be_stored_later(const struct outbox *o,
				const jsPubAckErr *error)
{
	return error->ErrCode == JSStreamStoreFailedErr ||
	       bus_may_come_back(o->bus, error->Err, error->ErrCode);
}

/* One that was stored and not answered may be done meanwhile. */
static void outbox_doubt(natsMsg *message)
{
	const char *text;

	if (natsMsgHeader_Get(message, JOB_AGAIN, &text) != NATS_OK)
		(void)natsMsgHeader_Set(message, JOB_AGAIN, "1");
}

/* With the lock held: to be sent again, and maybe stored already. */
static void outbox_keep(struct outbox *o, natsMsg *message, bool doubt)
{
	uint64_t one = 1;

	if (doubt)
		outbox_doubt(message);
	o->refused[o->nrefused++] = message;
	(void)!write(o->event_fd, &one, sizeof(one));
}

/* With the lock held: an answer that is no yes.  True: it keeps the message. */
static bool outbox_refused(struct outbox *o, natsMsg *message,
			   const jsPubAckErr *error)
{
	if (error->ErrCode == JSStreamStoreFailedErr && error->ErrText &&
	    strstr(error->ErrText, BUS_ONE_A_SUBJECT)) {
		o->present++;
		return false;
	}
	if (!may_be_stored_later(o, error)) {
		o->failed = error->Err ? error->Err : NATS_ERR;
		(void)snprintf(o->why, sizeof(o->why), "%s",
			       error->ErrText ? error->ErrText : "");
		return false;
	}
	outbox_keep(o, message, error->Err == NATS_TIMEOUT);
	return true;
}

/* On a thread of the client's, one after the other; the message is ours. */
static void outbox_answer(jsCtx *js, natsMsg *message, jsPubAck *ack,
			  jsPubAckErr *error, void *user)
{
	struct outbox *o = user;
	bool kept = false;

	(void)js;
	pthread_mutex_lock(&o->lock);
	if (ack)
		o->stored++;
	else
		kept = outbox_refused(o, message, error);
	/* Whoever waits for the last answer may end then. */
	if (!kept)
		natsMsg_Destroy(message);
	o->outstanding--;
	pthread_cond_signal(&o->changed);
	pthread_mutex_unlock(&o->lock);
}

int outbox_init(struct outbox *o, struct bus *bus)
{
	jsOptions options;
	natsStatus s;

	*o = (struct outbox){ .bus = bus,
			      .lock = PTHREAD_MUTEX_INITIALIZER,
			      .changed = PTHREAD_COND_INITIALIZER };
	o->event_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (o->event_fd < 0) {
		say("eventfd: %s", strerror(errno));
		return -errno;
	}
	(void)jsOptions_Init(&options);
	options.PublishAsync.MaxPending = OUTBOX_MAX;
	options.PublishAsync.AckHandler = outbox_answer;
	options.PublishAsync.AckHandlerClosure = o;
	s = natsConnection_JetStream(&o->js, bus->nc, &options);
	if (s == NATS_OK)
		return 0;
	close(o->event_fd);
	return bus_failed(bus, "JetStream", s);
}

void outbox_fini(struct outbox *o)
{
	jsCtx_Destroy(o->js);
	while (o->nrefused)
		natsMsg_Destroy(o->refused[--o->nrefused]);
	close(o->event_fd);
}

/* With the lock held: hand one over that has its place among the outstanding. */
static void outbox_hand_over(struct outbox *o, natsMsg *message)
{
	jsPubOptions options;
	natsStatus s;

	(void)jsPubOptions_Init(&options);
	options.MaxWait = BUS_WAIT_MS;
	o->outstanding++;
	pthread_mutex_unlock(&o->lock);
	do
		s = js_PublishMsgAsync(o->js, &message, &options);
	while (s == NATS_TIMEOUT); /* it has enough, for a moment */
	pthread_mutex_lock(&o->lock);
	if (s == NATS_OK)
		return;
	o->outstanding--;
	if (s == NATS_MAX_PAYLOAD || s == NATS_INVALID_ARG ||
	    s == NATS_NO_MEMORY || s == NATS_CONNECTION_CLOSED) {
		natsMsg_Destroy(message);
		o->failed = s;
		return;
	}
	/* The connection was lost in the middle of it. */
	outbox_keep(o, message, true);
}

/* With the lock held: there is neither. */
static bool outbox_is_settled(const struct outbox *o)
{
	return o->failed || (!o->outstanding && !o->nrefused);
}

/* With the lock held: all answers are there; offer what was refused once more.  A
 * longer while each time nothing was taken. */
static void outbox_again(struct outbox *o)
{
	unsigned n = o->nrefused, i;
	natsMsg *messages[OUTBOX_MAX];
	uint64_t stored = o->stored + o->present, count;
	int64_t ms = o->pause_ms ? o->pause_ms : PAUSE_FIRST_MS;

	for (i = 0; i < n; i++)
		messages[i] = o->refused[i];
	o->nrefused = 0;
	pthread_mutex_unlock(&o->lock);
	(void)poll(NULL, 0, (int)ms);
	(void)!read(o->event_fd, &count, sizeof(count));
	pthread_mutex_lock(&o->lock);
	for (i = 0; i < n && !o->failed; i++)
		outbox_hand_over(o, messages[i]);
	for (; i < n; i++)
		natsMsg_Destroy(messages[i]);
	while (o->outstanding && !o->failed)
		pthread_cond_wait(&o->changed, &o->lock);
	ms = ms * 2 < PAUSE_MAX_MS ? ms * 2 : PAUSE_MAX_MS;
	o->pause_ms = o->stored + o->present > stored ? 0 : ms;
}

/* With the lock held. */
static void outbox_settle_locked(struct outbox *o)
{
	while (!outbox_is_settled(o)) {
		if (o->outstanding)
			pthread_cond_wait(&o->changed, &o->lock);
		else
			outbox_again(o);
	}
}

static int outbox_result(const struct outbox *o)
{
	return o->failed ? -EIO : 0;
}

int outbox_send(struct outbox *o, natsMsg *message)
{
	int rc;

	pthread_mutex_lock(&o->lock);
	while (!o->failed && !o->nrefused && o->outstanding >= OUTBOX_MAX)
		pthread_cond_wait(&o->changed, &o->lock);
	if (o->nrefused)
		outbox_settle_locked(o);
	if (o->failed)
		natsMsg_Destroy(message);
	else
		outbox_hand_over(o, message);
	rc = outbox_result(o);
	pthread_mutex_unlock(&o->lock);
	return rc;
}

int outbox_settle(struct outbox *o)
{
	int rc;

	pthread_mutex_lock(&o->lock);
	outbox_settle_locked(o);
	rc = outbox_result(o);
	pthread_mutex_unlock(&o->lock);
	return rc;
}

int outbox_finish(struct outbox *o)
{
	int rc = outbox_settle(o);

	/* Whose answers are not there yet would find nobody. */
	pthread_mutex_lock(&o->lock);
	while (o->outstanding)
		pthread_cond_wait(&o->changed, &o->lock);
	pthread_mutex_unlock(&o->lock);
	return rc;
}

void outbox_say(struct outbox *o, const char *what)
{
	char shown[200], why[300];

	pthread_mutex_lock(&o->lock);
	if (*o->why)
		(void)escaped(why, sizeof(why), o->why);
	else
		bus_why(o->bus, o->failed, why, sizeof(why));
	pthread_mutex_unlock(&o->lock);
	say("%s: %s", escaped(shown, sizeof(shown), what), why);
}
