/* SPDX-License-Identifier: MIT */
#include "terms.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "clock.h"
#include "message.h"

/* After a refusal that says no time: so long, twice that after the next, and so on. */
#define PAUSE_MS 100
#define PAUSE_MOST_MS 30000

static void terms_wake(struct terms *t)
{
	uint64_t one = 1;

	(void)!write(t->wake_fd, &one, sizeof(one));
}

/* ---- What is heard ------------------------------------------------------------------ */

/* From then on nothing starts, for so long. */
static void terms_hear_pause(struct terms *t, const natsMsg *message,
			     int64_t from_us)
{
	unsigned refusals;
	int64_t ms;

	if (!classes_pause_read(message, &ms, &refusals))
		return;
	pthread_mutex_lock(&t->lock);
	if (from_us + ms * 1000 > t->until_us) {
		t->until_us = from_us + ms * 1000;
		t->paused_us = from_us;
	}
	if (refusals > t->refusals)
		t->refusals = refusals;
	pthread_mutex_unlock(&t->lock);
}

/* The word of a notice that was stored, or has come, `age_us` ago. */
static void terms_hear(struct terms *t, const natsMsg *message, int64_t age_us)
{
	int len;
	const char *word = subject_token(natsMsg_GetSubject(message), 0, &len);

	if (strcmp(word, "pause") == 0) {
		terms_hear_pause(t, message, now_us() - age_us);
	} else {
		pthread_mutex_lock(&t->lock);
		if (strcmp(word, "drain") == 0)
			t->drained = natsMsg_GetDataLength(message) > 0;
		else
			t->changed = true;
		pthread_mutex_unlock(&t->lock);
	}
	terms_wake(t);
}

/* On a thread of the client's. */
static void terms_notice(natsConnection *nc, natsSubscription *subscription,
			 natsMsg *message, void *user)
{
	(void)nc;
	(void)subscription;
	terms_hear(user, message, 0);
	natsMsg_Destroy(message);
}

/* What was said of `word` last. */
static int terms_look(struct terms *t, const char *word)
{
	char subject[SUBJECT_SIZE];
	natsMsg *message;
	int64_t age_us;
	int rc;

	classes_subject(t->bus, t->options->class, word, subject);
	rc = bus_last(t->bus, "STATE", subject, &message);
	if (rc < 0)
		return bus_failed(t->bus, t->options->class_name, NATS_ERR);
	if (rc == 0)
		return 0;
	age_us = wall_us() - natsMsg_GetTime(message) / 1000;
	/* By a clock that is late it was said just now. */
	terms_hear(t, message, age_us > 0 ? age_us : 0);
	natsMsg_Destroy(message);
	return 0;
}

/* ---- What is read ------------------------------------------------------------------- */

/* It is another's to change while nobody works, which a worker that is cut off does
 * not prevent: it has to look again. */
static int terms_read(struct terms *t)
{
	struct class_terms class;
	jsConsumerInfo *info;
	int rc = classes_find(t->bus, t->options, &info);

	if (rc)
		return rc;
	classes_terms(info, &class);
	jsConsumerInfo_Destroy(info);
	pthread_mutex_lock(&t->lock);
	if (t->class.lease_us && t->class.lease_us != class.lease_us)
		rc = -ESTALE;
	else
		t->class = class;
	pthread_mutex_unlock(&t->lock);
	if (rc)
		say("the lease of the class is another now");
	return rc;
}

int terms_init(struct terms *t, struct bus *bus, const struct options *options)
{
	int rc;

	*t = (struct terms){ .bus = bus,
			     .options = options,
			     .losses = atomic_load(&bus->losses),
			     .lock = PTHREAD_MUTEX_INITIALIZER };
	rc = terms_read(t);
	if (rc)
		return rc;
	t->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (t->wake_fd >= 0)
		return 0;
	say("eventfd: %s", strerror(errno));
	return -errno;
}

void terms_fini(struct terms *t)
{
	natsSubscription_Destroy(t->notices);
	close(t->wake_fd);
}

static int terms_look_all(struct terms *t)
{
	int rc = terms_look(t, "pause");

	return rc ? rc : terms_look(t, "drain");
}

int terms_watch(struct terms *t)
{
	char subject[SUBJECT_SIZE];
	natsStatus s;

	classes_subject(t->bus, t->options->class, "*", subject);
	s = natsConnection_Subscribe(&t->notices, t->bus->nc, subject,
				     terms_notice, t);
	if (s != NATS_OK)
		return bus_failed(t->bus, t->options->class_name, s);
	return terms_look_all(t);
}

int terms_tick(struct terms *t)
{
	unsigned losses = atomic_load(&t->bus->losses);
	bool lost = losses != t->losses, changed;
	uint64_t count;
	int rc = 0;

	(void)!read(t->wake_fd, &count, sizeof(count));
	pthread_mutex_lock(&t->lock);
	changed = t->changed;
	pthread_mutex_unlock(&t->lock);
	if (!lost && !changed)
		return 0;
	if (!bus_is_connected(t->bus))
		return -ENOTCONN;
	pthread_mutex_lock(&t->lock);
	t->changed = false;
	pthread_mutex_unlock(&t->lock);
	rc = terms_read(t);
	if (rc == 0 && lost)
		rc = terms_look_all(t);
	if (rc == 0)
		t->losses = losses;
	pthread_mutex_lock(&t->lock);
	t->changed |= rc != 0;
	pthread_mutex_unlock(&t->lock);
	return rc;
}

/* ---- What is done -------------------------------------------------------------------- */

int64_t terms_pause_ms(struct terms *t)
{
	int64_t now = now_us(), ms = 0;

	pthread_mutex_lock(&t->lock);
	if (t->drained)
		ms = TERMS_DRAINED;
	else if (t->until_us > now)
		ms = (t->until_us - now + 999) / 1000;
	pthread_mutex_unlock(&t->lock);
	return ms;
}

struct class_terms terms_class(struct terms *t)
{
	struct class_terms class;

	pthread_mutex_lock(&t->lock);
	class = t->class;
	pthread_mutex_unlock(&t->lock);
	return class;
}

static void terms_say_pause(struct terms *t, int64_t ms, unsigned refusals)
{
	char subject[SUBJECT_SIZE], text[CLASS_PAUSE_SIZE];

	classes_subject(t->bus, t->options->class, "pause", subject);
	classes_pause_write(text, ms, refusals);
	(void)natsConnection_PublishString(t->bus->nc, subject, text);
	terms_wake(t);
}

int64_t terms_refused(struct terms *t, int64_t after_ms, int64_t ran_us)
{
	int64_t now = now_us(), ms = after_ms, left_ms;
	unsigned refusals;
	bool longer;

	pthread_mutex_lock(&t->lock);
	/* Of those that had begun before the pause each is refused: they tell
	 * nothing new. */
	if (!ms && now - ran_us > t->paused_us) {
		ms = PAUSE_MS;
		for (refusals = t->refusals++;
		     refusals > 0 && ms < PAUSE_MOST_MS; refusals--)
			ms *= 2;
		if (ms > PAUSE_MOST_MS)
			ms = PAUSE_MOST_MS;
	}
	longer = now + ms * 1000 > t->until_us;
	if (longer) {
		t->until_us = now + ms * 1000;
		t->paused_us = now;
	}
	left_ms = t->until_us > now ? (t->until_us - now + 999) / 1000 : 0;
	refusals = t->refusals;
	pthread_mutex_unlock(&t->lock);
	if (longer)
		terms_say_pause(t, ms, refusals);
	return left_ms;
}

void terms_served(struct terms *t)
{
	pthread_mutex_lock(&t->lock);
	t->refusals = 0;
	pthread_mutex_unlock(&t->lock);
}
