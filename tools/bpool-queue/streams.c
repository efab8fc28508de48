/* SPDX-License-Identifier: MIT */
#include "streams.h"

#include <errno.h>
#include <stdio.h>

#include "message.h"

#define LEASE_MS 30000
#define NS_PER_MS INT64_C(1000000)

/* Workers of a class that wait for a job; each has a few requests. */
#define WAITING_MAX 65536

/* One of the streams: what it keeps, and how. */
static natsStatus stream_make(struct bus *bus, jsStreamConfig *config,
			      const char *suffix, const char **subjects, int n)
{
	char name[STREAM_SIZE];
	jsStreamInfo *info = NULL;
	jsErrCode code = BUS_NO_CODE;
	natsStatus s;

	bus_stream(bus, name, suffix);
	config->Name = name;
	config->Subjects = subjects;
	config->SubjectsLen = n;
	config->Storage = js_FileStorage;
	config->MaxMsgsPerSubject = 1;
	s = js_AddStream(&info, bus->js, config, NULL, &code);
	if (s != NATS_OK && code == JSStreamNameExistErr)
		s = js_UpdateStream(&info, bus->js, config, NULL, &code);
	jsStreamInfo_Destroy(info);
	return s;
}

int streams_init(struct bus *bus, const struct options *options)
{
	char jobs[SUBJECT_SIZE], res[SUBJECT_SIZE], out[SUBJECT_SIZE],
		batch[SUBJECT_SIZE];
	const char *of_jobs[] = { jobs }, *of_results[] = { res, out },
		   *of_state[] = { batch };
	jsStreamConfig config;
	natsStatus s;

	(void)snprintf(jobs, sizeof(jobs), "%s.jobs.>", bus->stream);
	(void)snprintf(res, sizeof(res), "%s.res.>", bus->stream);
	(void)snprintf(out, sizeof(out), "%s.out.>", bus->stream);
	(void)snprintf(batch, sizeof(batch), "%s.batch.*", bus->stream);

	/* One subject a job: while it is there it is not queued again. */
	(void)jsStreamConfig_Init(&config);
	config.Retention = js_WorkQueuePolicy;
	config.MaxMsgs = options->max_queued;
	config.Discard = js_DiscardNew;
	config.DiscardNewPerSubject = true;
	config.AllowDirect = true;
	config.Replicas = options->replicas;
	s = stream_make(bus, &config, "", of_jobs, 1);

	/* The first result of a job is the only one. */
	(void)jsStreamConfig_Init(&config);
	config.MaxAge = options->keep_ms * NS_PER_MS;
	config.Discard = js_DiscardNew;
	config.DiscardNewPerSubject = true;
	config.AllowDirect = true;
	config.Replicas = options->replicas;
	if (s == NATS_OK)
		s = stream_make(bus, &config, "RES", of_results, 2);

	/* Of a batch the last that was said. */
	(void)jsStreamConfig_Init(&config);
	config.MaxAge = options->keep_ms * NS_PER_MS;
	config.Replicas = options->replicas;
	if (s == NATS_OK)
		s = stream_make(bus, &config, "STATE", of_state, 1);
	return s == NATS_OK ? 0 : bus_failed(bus, options->stream, s);
}

/* What holds of a class that is there already; -EBUSY where it may not be
 * changed now. */
static int limit_keep(const jsConsumerInfo *there, jsConsumerConfig *config,
		      const struct options *options)
{
	const jsConsumerConfig *old = there->Config;

	if (!options->lease_ms)
		config->AckWait = old->AckWait;
	config->MaxWaiting = old->MaxWaiting;
	if (config->AckWait == old->AckWait ||
	    (there->NumAckPending == 0 && there->NumWaiting == 0))
		return 0;
	say("--lease: workers of this class know another; stop them first");
	return -EBUSY;
}

int streams_limit(struct bus *bus, const struct options *options)
{
	char filter[SUBJECT_SIZE], name[STREAM_SIZE];
	jsConsumerInfo *info = NULL;
	jsConsumerConfig config;
	int64_t lease_ms = options->lease_ms ? options->lease_ms : LEASE_MS;
	natsStatus s;
	jsErrCode code = BUS_NO_CODE;
	int rc = 0;

	bus_stream(bus, name, "");
	(void)snprintf(filter, sizeof(filter), "%s.jobs.%s.>", bus->stream,
		       options->class);
	(void)jsConsumerConfig_Init(&config);
	config.Durable = options->class;
	config.FilterSubject = filter;
	config.AckPolicy = js_AckExplicit;
	config.AckWait = lease_ms * NS_PER_MS;
	config.MaxAckPending = options->bound;
	config.MaxWaiting = WAITING_MAX;
	s = js_GetConsumerInfo(&info, bus->js, name, options->class, NULL,
			       &code);
	if (s == NATS_OK)
		rc = limit_keep(info, &config, options);
	else if (code == JSConsumerNotFoundErr)
		s = NATS_OK;
	jsConsumerInfo_Destroy(info);
	info = NULL;
	if (rc)
		return rc;
	if (s == NATS_OK)
		s = js_AddConsumer(&info, bus->js, name, &config, NULL, &code);
	jsConsumerInfo_Destroy(info);
	return s == NATS_OK ? 0 : bus_failed(bus, options->class_name, s);
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
