/* SPDX-License-Identifier: MIT */
/*
 * The engine counts as given what a worker gave back and nobody else asked for yet, so
 * where it says that some are, the workers are asked too.  Who does not answer is cut
 * off, and has killed its jobs when a lease has passed.
 */
#include "drain.h"

#include <poll.h>
#include <string.h>

#include "classes.h"
#include "clock.h"
#include "presence.h"

#define LOOK_MS 200

/* Say it to all workers, and to those that come. */
static int drain_say(struct bus *bus, const struct options *options)
{
	const char *text = options->use == USE_DRAIN ? "1" : "";
	char subject[SUBJECT_SIZE];
	natsStatus s;

	classes_subject(bus, options->class, "drain", subject);
	s = js_Publish(NULL, bus->js, subject, text, (int)strlen(text), NULL,
		       NULL);
	return s == NATS_OK ? 0 : bus_failed(bus, options->class_name, s);
}

/* Whether something of it may run still: 1, 0 or negative errno; since when nobody has
 * asked for, or has, any is noted. */
static int drain_look(struct bus *bus, const struct options *options,
		      struct census *census, int64_t *idle_ms)
{
	struct class_terms terms;
	struct present present = { .class = options->class };
	jsConsumerInfo *info;
	natsStatus s;
	bool given, asked;
	int64_t begin = now_ms(), idle;
	int rc = classes_find(bus, options, &info);

	if (rc)
		return rc;
	given = info->NumAckPending > 0;
	asked = info->NumWaiting > 0;
	classes_terms(info, &terms);
	jsConsumerInfo_Destroy(info);
	s = census_take(census, &present, 1);
	if (s != NATS_OK)
		return bus_failed(bus, options->class_name, s);
	if (asked || present.held > 0)
		*idle_ms = now_ms();
	/* Up to this look: who had some on the way is heard of by the next. */
	idle = begin - *idle_ms;
	return idle < LOOK_MS ||
	       (given && idle < terms.lease_us / 1000 + CENSUS_MOST_MS);
}

static int drain_wait(struct bus *bus, const struct options *options)
{
	int64_t idle_ms = now_ms();
	struct census census;
	int rc = census_init(&census, bus);

	if (rc)
		return rc;
	while ((rc = drain_look(bus, options, &census, &idle_ms)) > 0)
		(void)poll(NULL, 0, LOOK_MS);
	bus_end(bus);
	census_fini(&census);
	return rc;
}

int drain_run(struct bus *bus, const struct options *options)
{
	jsConsumerInfo *info;
	int rc = classes_find(bus, options, &info);

	jsConsumerInfo_Destroy(info);
	if (!rc)
		rc = drain_say(bus, options);
	if (!rc && options->use == USE_DRAIN)
		rc = drain_wait(bus, options);
	return rc;
}
