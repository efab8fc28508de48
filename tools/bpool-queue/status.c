/* SPDX-License-Identifier: MIT */
#include "status.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "classes.h"
#include "clock.h"
#include "io.h"
#include "json.h"
#include "message.h"
#include "presence.h"
#include "text.h"

/* The engine forgets who counts dead letters after this. */
#define CENSUS_NS INT64_C(10000000000)

/* Of one class. */
struct standing {
	char class[TOKEN_SIZE];
	uint64_t queued, retrying, dead;
	int64_t in_flight, bound, waiting, lease_ms;
	int64_t oldest_us; /* age of the oldest job; -1: there is none */
	struct class_terms terms;
	const struct present *present;
	bool drained;
	int64_t paused_ms; /* for how long yet; 0: it is not */
};

struct status {
	struct bus *bus;
	const struct options *options;
	struct census census;
	struct text text;
};

/* ---- What is asked for --------------------------------------------------------------- */

/* How long the first job of the class has been there. */
static int64_t status_oldest(struct bus *bus, const char *stream,
			     const jsConsumerInfo *info)
{
	jsDirectGetMsgOptions get;
	natsMsg *message = NULL;
	int64_t age = -1;

	(void)jsDirectGetMsgOptions_Init(&get);
	get.NextBySubject = info->Config->FilterSubject;
	get.Sequence = info->AckFloor.Stream + 1;
	if (js_DirectGetMsg(&message, bus->js, stream, NULL, &get) == NATS_OK)
		age = wall_us() - natsMsg_GetTime(message) / 1000;
	natsMsg_Destroy(message);
	return age;
}

/* Those that wait to be tried again. */
static natsStatus status_retries(struct bus *bus, const char *class,
				 uint64_t *n)
{
	jsConsumerInfo *info = NULL;
	char stream[STREAM_SIZE];
	jsErrCode code = BUS_NO_CODE;
	natsStatus s;

	bus_stream(bus, stream, "RETRY");
	s = js_GetConsumerInfo(&info, bus->js, stream, class, NULL, &code);
	if (s == NATS_OK)
		*n = info->NumPending + (uint64_t)info->NumAckPending;
	jsConsumerInfo_Destroy(info);
	return s;
}

/* Its dead letters: the engine counts for a consumer what it has before it. */
static natsStatus status_dead(struct bus *bus, const char *class, uint64_t *n)
{
	char stream[STREAM_SIZE], filter[SUBJECT_SIZE];
	jsConsumerInfo *info = NULL;
	jsConsumerConfig config;
	jsErrCode code = BUS_NO_CODE;
	natsStatus s;

	bus_stream(bus, stream, "DLQ");
	(void)snprintf(filter, sizeof(filter), "%s.dlq.%s.>", bus->stream,
		       class);
	(void)jsConsumerConfig_Init(&config);
	config.FilterSubject = filter;
	config.AckPolicy = js_AckExplicit;
	config.InactiveThreshold = CENSUS_NS;
	s = js_AddConsumer(&info, bus->js, stream, &config, NULL, &code);
	if (s != NATS_OK)
		return s;
	*n = info->NumPending;
	/* Else the engine does it after a while. */
	(void)js_DeleteConsumer(bus->js, stream, info->Name, NULL, NULL);
	jsConsumerInfo_Destroy(info);
	return NATS_OK;
}

/* Whether anything of it may start now. */
static int status_notices(struct bus *bus, const char *class,
			  struct standing *st)
{
	char subject[SUBJECT_SIZE];
	natsMsg *message;
	int64_t ms, over_us;
	unsigned refusals;
	int rc;

	classes_subject(bus, class, "drain", subject);
	rc = bus_last(bus, "STATE", subject, &message);
	if (rc > 0)
		st->drained = natsMsg_GetDataLength(message) > 0;
	natsMsg_Destroy(message);
	if (rc < 0)
		return rc;
	classes_subject(bus, class, "pause", subject);
	rc = bus_last(bus, "STATE", subject, &message);
	if (rc > 0 && classes_pause_read(message, &ms, &refusals)) {
		over_us = natsMsg_GetTime(message) / 1000 + ms * 1000;
		if (over_us > wall_us())
			st->paused_ms = (over_us - wall_us()) / 1000;
	}
	natsMsg_Destroy(message);
	return rc < 0 ? rc : 0;
}

static int status_read(struct bus *bus, const char *stream,
		       const jsConsumerInfo *info, struct standing *st)
{
	natsStatus s;

	*st = (struct standing){
		.queued = info->NumPending,
		.in_flight = info->NumAckPending,
		.bound = info->Config->MaxAckPending,
		.waiting = info->NumWaiting,
		.lease_ms = info->Config->AckWait / 1000000,
		.oldest_us = -1,
	};
	token_text(st->class, info->Name);
	classes_terms(info, &st->terms);
	if (st->queued || st->in_flight)
		st->oldest_us = status_oldest(bus, stream, info);
	s = status_retries(bus, info->Name, &st->retrying);
	if (s == NATS_OK)
		s = status_dead(bus, info->Name, &st->dead);
	if (s != NATS_OK || status_notices(bus, info->Name, st))
		return bus_failed(bus, st->class, s == NATS_OK ? NATS_ERR : s);
	return 0;
}

/* ---- ... and printed -------------------------------------------------------------------- */

static void status_text(struct text *text, const struct standing *st)
{
	char line[400], shown[3 * TOKEN_SIZE], age[40] = "-", rate[60] = "",
					       paused[40] = "";

	if (st->oldest_us >= 0)
		(void)snprintf(age, sizeof(age), "%.0fs",
			       (double)st->oldest_us / 1e6);
	if (st->terms.starts)
		(void)snprintf(rate, sizeof(rate), "  (%u in %gs)",
			       st->terms.starts,
			       (double)st->terms.period_ms / 1000);
	if (st->paused_ms)
		(void)snprintf(paused, sizeof(paused), "  (paused for %.1fs)",
			       (double)st->paused_ms / 1000);
	(void)snprintf(line, sizeof(line),
		       "%10llu %9lld %6lld %8s %7u %5u %8llu %5llu  %s%s%s%s\n",
		       (unsigned long long)st->queued, (long long)st->in_flight,
		       (long long)st->bound, age, st->present->workers,
		       st->present->slots, (unsigned long long)st->retrying,
		       (unsigned long long)st->dead,
		       escaped(shown, sizeof(shown), st->class), rate, paused,
		       st->drained ? "  (drained)" : "");
	text_say(text, line);
}

static void status_json(struct text *text, const struct standing *st)
{
	json_begin(text);
	json_string(text, "class", st->class);
	json_number(text, "queued", (int64_t)st->queued);
	json_number(text, "in_flight", st->in_flight);
	json_number(text, "bound", st->bound);
	if (st->oldest_us >= 0)
		json_seconds(text, "oldest", st->oldest_us);
	json_number(text, "workers", st->present->workers);
	json_number(text, "slots", st->present->slots);
	json_number(text, "waiting", st->waiting);
	json_number(text, "retrying", (int64_t)st->retrying);
	json_number(text, "dead_letters", (int64_t)st->dead);
	json_seconds(text, "lease", st->lease_ms * 1000);
	json_number(text, "attempts", st->terms.attempts);
	if (st->terms.starts) {
		json_number(text, "rate_starts", st->terms.starts);
		json_seconds(text, "rate_period", st->terms.period_ms * 1000);
	}
	if (st->paused_ms)
		json_seconds(text, "paused", st->paused_ms * 1000);
	json_bool(text, "drained", st->drained);
	json_end(text);
	text_say(text, "\n");
}

static int status_classes(struct status *status, const char *stream,
			  const jsConsumerInfoList *list)
{
	struct standing st;
	int n = list ? list->Count : 0, rc = 0;
	struct present *present = calloc((size_t)n + 1, sizeof(*present));
	natsStatus s;

	if (!present) {
		say("%s", strerror(ENOMEM));
		return -ENOMEM;
	}
	for (int i = 0; i < n; i++)
		present[i].class = list->List[i]->Name;
	s = census_take(&status->census, present, (size_t)n);
	if (s != NATS_OK)
		rc = bus_failed(status->bus, stream, s);

	if (!status->options->json)
		text_say(&status->text,
			 "    queued in flight  bound   oldest workers slots "
			 "retrying  dead  class\n");
	for (int i = 0; !rc && i < n; i++) {
		rc = status_read(status->bus, stream, list->List[i], &st);
		if (rc)
			break;
		st.present = &present[i];
		if (status->options->json)
			status_json(&status->text, &st);
		else
			status_text(&status->text, &st);
	}
	free(present);
	return rc;
}

/* The consumers of the queue, the caller's: NULL where it has none. */
static int status_list(struct bus *bus, const char *stream,
		       jsConsumerInfoList **list)
{
	jsStreamInfo *there = NULL;
	jsErrCode code = BUS_NO_CODE;
	natsStatus s;

	*list = NULL;
	s = js_GetStreamInfo(&there, bus->js, stream, NULL, &code);
	jsStreamInfo_Destroy(there);
	if (s == NATS_OK)
		s = js_Consumers(list, bus->js, stream, NULL, &code);
	/* A queue without a class has none. */
	if (s == NATS_NOT_FOUND && code != JSStreamNotFoundErr)
		s = NATS_OK;
	return s == NATS_OK ? 0 : bus_failed(bus, stream, s);
}

int status_print(struct bus *bus, const struct options *options)
{
	struct status status = { .bus = bus, .options = options };
	jsConsumerInfoList *list;
	char stream[STREAM_SIZE], *all;
	int rc;

	bus_stream(bus, stream, "");
	rc = status_list(bus, stream, &list);
	if (rc)
		return rc;
	rc = census_init(&status.census, bus);
	if (!rc)
		rc = status_classes(&status, stream, list);
	jsConsumerInfoList_Destroy(list);
	bus_end(bus);
	census_fini(&status.census);
	all = text_take(&status.text);
	if (!rc) {
		rc = all ? write_all(STDOUT_FILENO, all, strlen(all)) : -ENOMEM;
		if (rc)
			say("stdout: %s", strerror(-rc));
	}
	free(all);
	return rc;
}
