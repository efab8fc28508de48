/* SPDX-License-Identifier: MIT */
#include "status.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "io.h"
#include "json.h"
#include "message.h"
#include "text.h"

/* Of one class. */
struct standing {
	char class[TOKEN_SIZE];
	uint64_t queued;
	int64_t in_flight, bound, waiting, lease_ms;
	int64_t oldest_us; /* age of the oldest job; -1: there is none */
};

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

static void status_text(struct text *text, const struct standing *st)
{
	char line[400], shown[3 * TOKEN_SIZE], age[40] = "-";

	if (st->oldest_us >= 0)
		(void)snprintf(age, sizeof(age), "%.0fs",
			       (double)st->oldest_us / 1e6);
	(void)snprintf(line, sizeof(line), "%10llu %9lld %6lld %8s %7lld  %s\n",
		       (unsigned long long)st->queued, (long long)st->in_flight,
		       (long long)st->bound, age, (long long)st->waiting,
		       escaped(shown, sizeof(shown), st->class));
	text_say(text, line);
}

static void status_json(struct text *text, const struct standing *st)
{
	json_begin(text);
	json_string(text, "class", st->class);
	json_number(text, "queued", (int64_t)st->queued);
	json_number(text, "in_flight", st->in_flight);
	json_number(text, "bound", st->bound);
	json_number(text, "waiting", st->waiting);
	json_seconds(text, "lease", st->lease_ms * 1000);
	if (st->oldest_us >= 0)
		json_seconds(text, "oldest", st->oldest_us);
	json_end(text);
	text_say(text, "\n");
}

int status_print(struct bus *bus, const struct options *options)
{
	jsConsumerInfoList *list = NULL;
	jsStreamInfo *there = NULL;
	char stream[STREAM_SIZE], *all;
	struct text text = { 0 };
	jsErrCode code = BUS_NO_CODE;
	natsStatus s;
	int rc;

	bus_stream(bus, stream, "");
	s = js_GetStreamInfo(&there, bus->js, stream, NULL, &code);
	jsStreamInfo_Destroy(there);
	if (s == NATS_OK)
		s = js_Consumers(&list, bus->js, stream, NULL, &code);
	/* A queue without a class has none. */
	if (s == NATS_NOT_FOUND && code != JSStreamNotFoundErr)
		s = NATS_OK;
	if (s != NATS_OK)
		return bus_failed(bus, options->stream, s);
	if (!options->json)
		text_say(&text, "    queued in flight  bound   oldest waiting"
				"  class\n");
	for (int i = 0; list && i < list->Count; i++) {
		const jsConsumerInfo *info = list->List[i];
		struct standing st = {
			.queued = info->NumPending,
			.in_flight = info->NumAckPending,
			.bound = info->Config->MaxAckPending,
			.waiting = info->NumWaiting,
			.lease_ms = info->Config->AckWait / 1000000,
			.oldest_us = -1,
		};

		token_text(st.class, info->Name);
		if (st.queued || st.in_flight)
			st.oldest_us = status_oldest(bus, stream, info);
		if (options->json)
			status_json(&text, &st);
		else
			status_text(&text, &st);
	}
	jsConsumerInfoList_Destroy(list);
	all = text_take(&text);
	rc = all ? write_all(STDOUT_FILENO, all, strlen(all)) : -ENOMEM;
	free(all);
	if (rc)
		say("stdout: %s", strerror(-rc));
	return rc;
}
