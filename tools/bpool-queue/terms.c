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

/* Between two looks without a reason, and where the one before failed. */
#define LOOK_MS 60000
#define LOOK_AGAIN_MS 1000

/* So long what was heard is newer than what is stored. */
#define HEARD_MS 2000

static void terms_wake(struct terms *t)
{
	uint64_t one = 1;

	(void)!write(t->wake_fd, &one, sizeof(one));
}

/* ---- What is heard ------------------------------------------------------------------ */

/* With the lock held: from then on nothing starts, for so long. */
static void terms_pause(struct terms *t, int64_t from_us, int64_t ms,
			unsigned refusals)
{
	int64_t until_us = from_us + ms * 1000;

	/* One that is over says nothing of how it is now. */
	if (until_us <= now_us())
		return;
	if (until_us > t->until_us) {
		t->until_us = until_us;
		t->paused_us = from_us;
	}
	if (refusals > t->refusals)
		t->refusals = refusals;
}

/* With the lock held. */
static void terms_hear(struct terms *t, const natsMsg *message)
{
	int len;
	const char *word = subject_token(natsMsg_GetSubject(message), 0, &len);
	unsigned refusals;
	int64_t ms;

	if (strcmp(word, "pause") == 0) {
		if (classes_pause_read(message, &ms, &refusals))
			terms_pause(t, now_us(), ms, refusals);
		return;
	}
	t->heard++;
	if (strcmp(word, "drain") == 0) {
		t->drained = natsMsg_GetDataLength(message) > 0;
		t->drain_ms = now_ms();
		pthread_cond_signal(&t->due);
	} else {
		t->changed = true;
		pthread_cond_signal(&t->due);
	}
}

/* On a thread of the client's. */
static void terms_notice(natsConnection *nc, natsSubscription *subscription,
			 natsMsg *message, void *user)
{
	struct terms *t = user;

	(void)nc;
	(void)subscription;
	pthread_mutex_lock(&t->lock);
	terms_hear(t, message);
	pthread_mutex_unlock(&t->lock);
	terms_wake(t);
	natsMsg_Destroy(message);
}

/* ---- What is looked at -------------------------------------------------------------- */

struct found {
	struct class_terms class;
	bool drained;
	int64_t from_us, pause_ms; /* 0: no pause */
	unsigned refusals;
};

static int terms_look_at(struct terms *t, const char *word, natsMsg **message)
{
	char subject[SUBJECT_SIZE];

	classes_subject(t->bus, t->options->class, word, subject);
	return bus_last(t->bus, "STATE", subject, message);
}

/* 0 or -ENOENT or -EIO. */
static int terms_look(struct terms *t, struct found *found)
{
	jsConsumerInfo *info;
	natsMsg *message;
	int64_t age_us;
	int rc = classes_look(t->bus, t->options->class, &info);

	*found = (struct found){ 0 };
	if (rc)
		return rc;
	classes_terms(info, &found->class);
	jsConsumerInfo_Destroy(info);
	rc = terms_look_at(t, "drain", &message);
	if (rc > 0)
		found->drained = natsMsg_GetDataLength(message) > 0;
	natsMsg_Destroy(message);
	if (rc < 0)
		return rc;
	rc = terms_look_at(t, "pause", &message);
	if (rc > 0) {
		age_us = wall_us() - natsMsg_GetTime(message) / 1000;
		/* By a clock that is late it was said just now. */
		found->from_us = now_us() - (age_us > 0 ? age_us : 0);
		(void)classes_pause_read(message, &found->pause_ms,
					 &found->refusals);
	}
	natsMsg_Destroy(message);
	return rc < 0 ? rc : 0;
}

/* With the lock held.  The lease is another's to change while nobody works, which a
 * worker that is cut off does not prevent. */
static int terms_take(struct terms *t, const struct found *found)
{
	if (t->class.lease_us && t->class.lease_us != found->class.lease_us)
		return -ESTALE;
	t->class = found->class;
	if (now_ms() >= t->drain_ms + HEARD_MS)
		t->drained = found->drained;
	terms_pause(t, found->from_us, found->pause_ms, found->refusals);
	return 0;
}

/* With the lock held: wait for something to do, no longer than that. */
static void terms_wait(struct terms *t, int64_t ms)
{
	int64_t now = now_ms(), until = now + ms;
	struct timespec time;

	/* What was heard is looked at when it must be stored. */
	if (t->drain_ms + HEARD_MS >= now && until > t->drain_ms + HEARD_MS)
		until = t->drain_ms + HEARD_MS + 1;
	time = (struct timespec){ .tv_sec = (time_t)(until / 1000),
				  .tv_nsec = (long)(until % 1000) * 1000000 };
	if (pthread_cond_timedwait(&t->due, &t->lock, &time) == ETIMEDOUT)
		t->changed = true;
}

/* With the lock held, which is let go of meanwhile: look, and take what is found, unless
 * something was heard meanwhile that may be newer. */
static int terms_look_once(struct terms *t)
{
	unsigned losses = atomic_load(&t->bus->losses), heard = t->heard;
	struct found found;
	int rc;

	pthread_mutex_unlock(&t->lock);
	rc = bus_is_connected(t->bus) ? terms_look(t, &found) : -ENOTCONN;
	/* At its end, and the server's, there is no answer. */
	if (rc && !bus_is_connected(t->bus))
		rc = -ENOTCONN;
	pthread_mutex_lock(&t->lock);
	if (rc || heard != t->heard)
		return rc;
	rc = terms_take(t, &found);
	if (rc)
		return rc;
	t->losses = losses;
	t->changed = t->lost = t->said = false;
	return 0;
}

static void terms_say(struct terms *t, int error)
{
	char why[300], shown[200];
	const char *class = t->options->class_name;
	natsStatus s = NATS_ERR;

	if (error == -ESTALE) {
		say("the lease of the class is another now");
	} else if (error == -ENOENT) {
		classes_say_none(class);
	} else {
		(void)nats_GetLastError(&s);
		bus_why(t->bus, s, why, sizeof(why));
		say("%s: cannot be looked at, trying again: %s",
		    escaped(shown, sizeof(shown), class), why);
	}
}

/* With the lock held, which is let go of meanwhile: say why it cannot go on, or is
 * looked at once more. */
static void terms_failed(struct terms *t, int error)
{
	bool say_it = !t->over && !t->said && error != -ENOTCONN;

	t->said |= say_it;
	pthread_mutex_unlock(&t->lock);
	if (say_it)
		terms_say(t, error);
	pthread_mutex_lock(&t->lock);
	t->gone = error == -ESTALE || error == -ENOENT;
	if (!t->over && !t->gone)
		terms_wait(t, LOOK_AGAIN_MS);
}

static void *terms_looker(void *arg)
{
	struct terms *t = arg;
	int rc;

	pthread_mutex_lock(&t->lock);
	while (!t->over && !t->gone) {
		if (!t->changed && !t->lost) {
			terms_wait(t, LOOK_MS);
			continue;
		}
		rc = terms_look_once(t);
		terms_wake(t);
		if (rc)
			terms_failed(t, rc);
	}
	pthread_mutex_unlock(&t->lock);
	terms_wake(t);
	return NULL;
}

/* ---- Its life ----------------------------------------------------------------------- */

int terms_init(struct terms *t, struct bus *bus, const struct options *options)
{
	jsConsumerInfo *info;
	int rc;

	*t = (struct terms){ .bus = bus,
			     .options = options,
			     .losses = atomic_load(&bus->losses),
			     .drain_ms = -HEARD_MS,
			     .lock = PTHREAD_MUTEX_INITIALIZER };
	rc = classes_find(bus, options, &info);
	if (rc)
		return rc;
	classes_terms(info, &t->class);
	jsConsumerInfo_Destroy(info);
	rc = cond_init_monotonic(&t->due);
	t->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (!rc && t->wake_fd < 0)
		rc = -errno;
	if (rc)
		say("cannot begin: %s", strerror(-rc));
	return rc;
}

int terms_watch(struct terms *t)
{
	char subject[SUBJECT_SIZE];
	natsStatus s;
	int rc;

	classes_subject(t->bus, t->options->class, "*", subject);
	s = natsConnection_Subscribe(&t->notices, t->bus->nc, subject,
				     terms_notice, t);
	if (s != NATS_OK)
		return bus_failed(t->bus, t->options->class_name, s);
	pthread_mutex_lock(&t->lock);
	t->lost = true;
	rc = terms_look_once(t);
	pthread_mutex_unlock(&t->lock);
	if (rc)
		return bus_failed(t->bus, t->options->class_name, NATS_ERR);
	rc = pthread_create(&t->looker, NULL, terms_looker, t);
	t->looks = rc == 0;
	if (rc)
		say("cannot begin: %s", strerror(rc));
	return -rc;
}

void terms_fini(struct terms *t)
{
	pthread_mutex_lock(&t->lock);
	t->over = true;
	pthread_cond_signal(&t->due);
	pthread_mutex_unlock(&t->lock);
	if (t->looks)
		pthread_join(t->looker, NULL);
	natsSubscription_Destroy(t->notices);
	pthread_cond_destroy(&t->due);
	close(t->wake_fd);
}

int terms_tick(struct terms *t)
{
	uint64_t count;
	int rc;

	(void)!read(t->wake_fd, &count, sizeof(count));
	pthread_mutex_lock(&t->lock);
	if (t->losses != atomic_load(&t->bus->losses) && !t->lost) {
		t->lost = true;
		pthread_cond_signal(&t->due);
	}
	rc = t->gone ? -ESTALE : t->lost ? -EAGAIN : 0;
	pthread_mutex_unlock(&t->lock);
	return rc;
}

/* ---- What is asked and told ---------------------------------------------------------- */

/* With the lock held. */
static int64_t terms_left_ms(const struct terms *t, int64_t now)
{
	return t->until_us > now ? (t->until_us - now + 999) / 1000 : 0;
}

int64_t terms_pause_ms(struct terms *t)
{
	int64_t ms;

	pthread_mutex_lock(&t->lock);
	ms = terms_left_ms(t, now_us());
	pthread_mutex_unlock(&t->lock);
	return ms;
}

bool terms_drained(struct terms *t)
{
	bool drained;

	pthread_mutex_lock(&t->lock);
	drained = t->drained;
	pthread_mutex_unlock(&t->lock);
	return drained;
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

	/* Later it would be a pause from then on. */
	if (bus_is_connected(t->bus)) {
		classes_subject(t->bus, t->options->class, "pause", subject);
		classes_pause_write(text, ms, refusals);
		(void)natsConnection_PublishString(t->bus->nc, subject, text);
	}
	terms_wake(t);
}

/* After so many refusals in a row. */
static int64_t pause_ms(unsigned refusals)
{
	int64_t ms = PAUSE_MS;

	for (; refusals > 1 && ms < PAUSE_MOST_MS; refusals--)
		ms *= 2;
	return ms < PAUSE_MOST_MS ? ms : PAUSE_MOST_MS;
}

int64_t terms_refused(struct terms *t, int64_t after_ms, int64_t ran_us)
{
	int64_t now = now_us(), ms = after_ms, left_ms;
	unsigned refusals;
	bool longer;

	pthread_mutex_lock(&t->lock);
	/* Of those that had begun before the pause each is refused: they tell
	 * nothing new. */
	if (!ms && now - ran_us > t->paused_us)
		ms = pause_ms(++t->refusals);
	longer = ms > 0 && now + ms * 1000 > t->until_us;
	if (longer) {
		t->until_us = now + ms * 1000;
		t->paused_us = now;
	}
	refusals = t->refusals;
	left_ms = terms_left_ms(t, now);
	if (!left_ms)
		left_ms = pause_ms(refusals);
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
