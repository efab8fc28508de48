/* SPDX-License-Identifier: MIT */
#include "starts.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "clock.h"
#include "message.h"

/* Between two tries. */
#define LEAST_MS 10
#define MOST_MS 500

/* ... and looks at whether to go on, where another tries. */
#define BEHIND_MS INT64_C(100)

void starts_init(struct starts *starts, struct terms *terms)
{
	*starts = (struct starts){ .terms = terms,
				   .lock = PTHREAD_MUTEX_INITIALIZER };
}

static int clip_ms(int64_t ms)
{
	return ms < LEAST_MS ? LEAST_MS : ms > MOST_MS ? MOST_MS : (int)ms;
}

/* That nobody can be asked is said, once. */
static void starts_failed(struct starts *st, natsStatus status)
{
	char why[300];

	if (st->waits)
		return;
	st->waits = true;
	bus_why(st->terms->bus, status, why, sizeof(why));
	say("whether a job may start cannot be asked, trying again: %s", why);
}

/* One of its rate's; false: not now. */
static bool starts_take(struct starts *st)
{
	struct bus *bus = st->terms->bus;
	jsErrCode code = BUS_NO_CODE;
	char subject[SUBJECT_SIZE];
	const char *text;
	natsStatus s;

	if (!bus_is_connected(bus))
		return false;
	(void)snprintf(subject, sizeof(subject), "%s.rate.%s", bus->stream,
		       st->terms->options->class);
	s = js_Publish(NULL, bus->js, subject, "", 0, NULL, &code);
	text = nats_GetLastError(NULL);
	if (s == NATS_OK)
		st->waits = false;
	else if (code != JSStreamStoreFailedErr || !text ||
		 !strstr(text, BUS_FULL))
		starts_failed(st, s);
	return s == NATS_OK;
}

/* With the lock held: how long to sleep before another try; 0: it may start. */
static int starts_try(struct starts *st)
{
	struct class_terms class = terms_class(st->terms);
	int64_t ms = terms_pause_ms(st->terms);

	if (ms > 0)
		return clip_ms(ms);
	if (!class.starts || starts_take(st))
		return 0;
	return clip_ms(class.period_ms / class.starts / 4);
}

/* What waits when its class is drained is not to start; what need not wait has been
 * given before that. */
static bool starts_go_on(struct starts *st, bool (*go_on)(void *user),
			 void *user)
{
	return !terms_drained(st->terms) && go_on(user);
}

/* Behind those that came before; false: not yet. */
static bool starts_lock(struct starts *st)
{
	int64_t until = wall_us() + BEHIND_MS * 1000;
	struct timespec time = { .tv_sec = (time_t)(until / 1000000),
				 .tv_nsec = (long)(until % 1000000) * 1000 };

	return pthread_mutex_timedlock(&st->lock, &time) == 0;
}

int starts_wait(struct starts *st, bool (*go_on)(void *user), void *user)
{
	int ms = 1;

	/* Most often there is nothing to ask. */
	if (!terms_class(st->terms).starts && !terms_pause_ms(st->terms))
		return go_on(user) ? 0 : -ECANCELED;
	while (!starts_lock(st))
		if (!starts_go_on(st, go_on, user))
			return -ECANCELED;
	while (ms && starts_go_on(st, go_on, user)) {
		ms = starts_try(st);
		if (ms)
			(void)poll(NULL, 0, ms);
	}
	pthread_mutex_unlock(&st->lock);
	return ms ? -ECANCELED : 0;
}
