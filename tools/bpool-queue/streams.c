/* SPDX-License-Identifier: MIT */
#include "streams.h"

#include <errno.h>
#include <stdio.h>

#include "message.h"

/* What is usual. */
#define QUEUED 1000000
#define KEPT_MS (INT64_C(7) * 24 * 3600 * 1000)
#define NS_PER_MS INT64_C(1000000)

/* One of them: its suffix, and the subjects behind the queue's name. */
struct stream_of {
	const char *suffix, *subjects[2];
	jsRetentionPolicy retention; /* js_LimitsPolicy is 0 */
	bool first; /* of a subject the first message stays, not the last */
	bool is_bounded; /* it holds as many as were asked for */
	bool ages;	 /* what is in it is kept for so long */
};

static const struct stream_of streams[] = {
	/* While a job is there it is not queued again. */
	{ .suffix = "",
	  .subjects = { "jobs.>" },
	  .retention = js_WorkQueuePolicy,
	  .first = true,
	  .is_bounded = true },
	/* The first result of a job is the only one. */
	{ .suffix = "RES",
	  .subjects = { "res.>", "out.>" },
	  .first = true,
	  .ages = true },
	{ .suffix = "RETRY",
	  .subjects = { "retry.>" },
	  .retention = js_WorkQueuePolicy },
	{ .suffix = "DLQ", .subjects = { "dlq.>" }, .ages = true },
	/* Known for longer than the results are. */
	{ .suffix = "STATE", .subjects = { "batch.*", "class.*.*" } },
};

/* What was asked for, or else what it has, or else what is usual. */
static void stream_config(jsStreamConfig *config, const struct stream_of *of,
			  const struct options *options,
			  const jsStreamConfig *old)
{
	(void)jsStreamConfig_Init(config);
	config->Retention = of->retention;
	config->Storage = js_FileStorage;
	config->MaxMsgsPerSubject = 1;
	config->AllowDirect = true;
	config->Replicas = options->replicas ? options->replicas
			   : old	     ? old->Replicas
					     : 1;
	if (of->is_bounded)
		config->MaxMsgs = options->max_queued ? options->max_queued
				  : old		      ? old->MaxMsgs
						      : QUEUED;
	if (of->ages)
		config->MaxAge = options->keep_ms ? options->keep_ms * NS_PER_MS
				 : old		  ? old->MaxAge
						  : KEPT_MS * NS_PER_MS;
	if (of->first) {
		config->Discard = js_DiscardNew;
		config->DiscardNewPerSubject = true;
	}
}

/* The engine would remove the oldest jobs. */
static bool stream_is_fuller(const jsStreamInfo *there,
			     const jsStreamConfig *config)
{
	if (!there || config->MaxMsgs <= 0 || there->State.Msgs == 0 ||
	    config->MaxMsgs >= there->Config->MaxMsgs)
		return false;
	say("--max-queued: it can be less only while the queue is empty, and "
	    "there are %llu jobs in it",
	    (unsigned long long)there->State.Msgs);
	return true;
}

static int stream_init(struct bus *bus, const struct options *options,
		       const struct stream_of *of)
{
	char subjects[2][SUBJECT_SIZE], name[STREAM_SIZE];
	jsStreamInfo *there = NULL, *info = NULL;
	jsErrCode code = BUS_NO_CODE;
	const char *list[2];
	jsStreamConfig config;
	natsStatus s;
	int n = 0, rc = 0;

	bus_stream(bus, name, of->suffix);
	for (; n < 2 && of->subjects[n]; n++) {
		(void)snprintf(subjects[n], sizeof(subjects[n]), "%s.%s",
			       bus->stream, of->subjects[n]);
		list[n] = subjects[n];
	}
	s = js_GetStreamInfo(&there, bus->js, name, NULL, &code);
	if (s != NATS_OK && code != JSStreamNotFoundErr)
		return bus_failed(bus, options->stream, s);
	stream_config(&config, of, options, there ? there->Config : NULL);
	config.Name = name;
	config.Subjects = list;
	config.SubjectsLen = n;
	if (stream_is_fuller(there, &config))
		rc = -EBUSY;
	else if (there)
		s = js_UpdateStream(&info, bus->js, &config, NULL, &code);
	else
		s = js_AddStream(&info, bus->js, &config, NULL, &code);
	if (!rc && s != NATS_OK)
		rc = bus_failed(bus, options->stream, s);
	jsStreamInfo_Destroy(info);
	jsStreamInfo_Destroy(there);
	return rc;
}

int streams_init(struct bus *bus, const struct options *options)
{
	int rc = 0;

	for (size_t i = 0; !rc && i < sizeof(streams) / sizeof(*streams); i++)
		rc = stream_init(bus, options, &streams[i]);
	return rc;
}

int streams_clean(struct bus *bus, const struct options *options)
{
	jsConsumerInfoList *list = NULL;
	char stream[STREAM_SIZE];
	jsErrCode code = BUS_NO_CODE;
	jsOptions purge;
	natsStatus s;

	bus_stream(bus, stream, "");
	s = js_Consumers(&list, bus->js, stream, NULL, &code);
	for (int i = 0; s == NATS_OK && i < list->Count; i++) {
		const jsConsumerInfo *info = list->List[i];

		/* All of the class up to here was acknowledged. */
		(void)jsOptions_Init(&purge);
		purge.Stream.Purge.Subject = info->Config->FilterSubject;
		purge.Stream.Purge.Sequence = info->AckFloor.Stream + 1;
		s = js_PurgeStream(bus->js, stream, &purge, &code);
	}
	jsConsumerInfoList_Destroy(list);
	return s == NATS_OK ? 0 : bus_failed(bus, options->stream, s);
}
