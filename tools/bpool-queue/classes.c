/* SPDX-License-Identifier: MIT */
#include "classes.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "message.h"
#include "presence.h"

/* What is usual. */
#define LEASE_MS 30000
#define ATTEMPTS 5u

/* Jobs that wait to be tried again; the rest is not looked at. */
#define RETRIES_MAX 10000
#define RETRIES_LEASE_MS 30000

/* Requests of workers that wait for a job. */
#define WAITING_MAX 65536

/* For so long the engine looks for what was sent twice, unless it keeps less. */
#define TWICE_MS (INT64_C(2) * 60 * 1000)

#define NS_PER_MS INT64_C(1000000)

/* ---- What the engine does not know of it: its description -------------------------- */

static void terms_write(const struct class_terms *terms, char *text,
			size_t size)
{
	int len = snprintf(text, size, "attempts %u", terms->attempts);

	if (terms->starts)
		(void)snprintf(text + len, size - (size_t)len,
			       " rate %u/%lldms", terms->starts,
			       (long long)terms->period_ms);
}

void classes_terms(const jsConsumerInfo *info, struct class_terms *terms)
{
	const char *text = info->Config->Description;
	long long period;

	*terms = (struct class_terms){
		.lease_us = info->Config->AckWait / 1000,
		.bound = (unsigned)info->Config->MaxAckPending,
		.attempts = ATTEMPTS
	};
	if (!text || sscanf(text, "attempts %u rate %u/%lldms",
			    &terms->attempts, &terms->starts, &period) != 3)
		terms->starts = 0;
	else
		terms->period_ms = period;
}

void classes_subject(const struct bus *bus, const char *class, const char *word,
		     char subject[SUBJECT_SIZE])
{
	(void)snprintf(subject, SUBJECT_SIZE, "%s.class.%s.%s", bus->stream,
		       class, word);
}

void classes_pause_write(char text[CLASS_PAUSE_SIZE], int64_t ms,
			 unsigned refusals)
{
	(void)snprintf(text, CLASS_PAUSE_SIZE, "%lld %u", (long long)ms,
		       refusals);
}

bool classes_pause_read(const natsMsg *message, int64_t *ms, unsigned *refusals)
{
	const char *data = natsMsg_GetData(message);
	char text[CLASS_PAUSE_SIZE];
	long long value;

	(void)snprintf(text, sizeof(text), "%.*s",
		       natsMsg_GetDataLength(message), data ? data : "");
	if (sscanf(text, "%lld %u", &value, refusals) != 2 || value < 0)
		return false;
	*ms = value < CLASS_PAUSE_MOST_MS ? value : CLASS_PAUSE_MOST_MS;
	return true;
}

/* ---- Making it --------------------------------------------------------------------- */

/* Those of a class that is drained ask for nothing, and still know it. */
static bool limit_has_workers(struct bus *bus, const struct options *options,
			      struct census *census)
{
	struct present present = { .class = options->class };

	return census_init(census, bus) ||
	       census_take(census, &present, 1) != NATS_OK || present.workers;
}

/* What holds of a class that is there already; -EBUSY where it may not be
 * changed now. */
static int limit_keep(struct bus *bus, const struct options *options,
		      struct census *census, const jsConsumerInfo *there,
		      jsConsumerConfig *config)
{
	const jsConsumerConfig *old = there->Config;

	if (!options->lease_ms)
		config->AckWait = old->AckWait;
	config->MaxWaiting = old->MaxWaiting;
	if (config->AckWait == old->AckWait ||
	    (there->NumAckPending == 0 && there->NumWaiting == 0 &&
	     !limit_has_workers(bus, options, census)))
		return 0;
	say("--lease: workers of this class know another; stop them first");
	return -EBUSY;
}

/* What was asked for, and else what it has. */
static void limit_terms(const struct options *options,
			const jsConsumerInfo *there, struct class_terms *terms)
{
	*terms = (struct class_terms){ .attempts = ATTEMPTS };
	if (there)
		classes_terms(there, terms);
	if (options->attempts)
		terms->attempts = options->attempts;
	if (options->rate_is_given) {
		terms->starts = (unsigned)options->rate.starts;
		terms->period_ms =
			(int64_t)(options->rate.period_ns / NS_PER_MS);
	}
}

/* Where its starts are counted. */
static int limit_rate(struct bus *bus, const struct options *options,
		      const struct class_terms *terms)
{
	char name[STREAM_SIZE + TOKEN_SIZE + 8], subject[SUBJECT_SIZE];
	const char *subjects[] = { subject };
	jsStreamInfo *jobs = NULL, *info = NULL;
	jsErrCode code = BUS_NO_CODE;
	jsStreamConfig config;
	natsStatus s;

	(void)snprintf(name, sizeof(name), "%s_RATE_%s", bus->stream,
		       options->class);
	(void)snprintf(subject, sizeof(subject), "%s.rate.%s", bus->stream,
		       options->class);
	s = js_GetStreamInfo(&jobs, bus->js, bus->stream, NULL, &code);
	if (s != NATS_OK)
		return bus_failed(bus, options->stream, s);
	(void)jsStreamConfig_Init(&config);
	config.Name = name;
	config.Subjects = subjects;
	config.SubjectsLen = 1;
	config.Storage = js_FileStorage;
	config.Replicas = jobs->Config->Replicas;
	config.MaxMsgs = terms->starts;
	config.MaxAge = terms->period_ms * NS_PER_MS;
	config.Duplicates =
		(terms->period_ms < TWICE_MS ? terms->period_ms : TWICE_MS) *
		NS_PER_MS;
	config.Discard = js_DiscardNew;
	jsStreamInfo_Destroy(jobs);
	s = js_UpdateStream(&info, bus->js, &config, NULL, &code);
	if (s != NATS_OK && code == JSStreamNotFoundErr)
		s = js_AddStream(&info, bus->js, &config, NULL, &code);
	jsStreamInfo_Destroy(info);
	return s == NATS_OK ? 0 : bus_failed(bus, "--rate", s);
}

/* The consumer that is a class's bound. */
static int limit_jobs(struct bus *bus, const struct options *options,
		      struct census *census)
{
	char filter[SUBJECT_SIZE], name[STREAM_SIZE], description[80];
	struct class_terms terms;
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
		rc = limit_keep(bus, options, census, info, &config);
	else if (code == JSConsumerNotFoundErr)
		s = NATS_OK;
	limit_terms(options, info, &terms);
	jsConsumerInfo_Destroy(info);
	info = NULL;
	/* Before workers know of it. */
	if (!rc && s == NATS_OK && terms.starts)
		rc = limit_rate(bus, options, &terms);
	if (rc)
		return rc;
	terms_write(&terms, description, sizeof(description));
	config.Description = description;
	if (s == NATS_OK)
		s = js_AddConsumer(&info, bus->js, name, &config, NULL, &code);
	jsConsumerInfo_Destroy(info);
	return s == NATS_OK ? 0 : bus_failed(bus, options->class_name, s);
}

/* The one that tells when its jobs are to be tried again. */
static int limit_retries(struct bus *bus, const struct options *options)
{
	char filter[SUBJECT_SIZE], name[STREAM_SIZE];
	jsConsumerInfo *info = NULL;
	jsConsumerConfig config;
	jsErrCode code = BUS_NO_CODE;
	natsStatus s;

	bus_stream(bus, name, "RETRY");
	(void)snprintf(filter, sizeof(filter), "%s.retry.%s.>", bus->stream,
		       options->class);
	(void)jsConsumerConfig_Init(&config);
	config.Durable = options->class;
	config.FilterSubject = filter;
	config.AckPolicy = js_AckExplicit;
	config.AckWait = RETRIES_LEASE_MS * NS_PER_MS;
	config.MaxAckPending = RETRIES_MAX;
	s = js_AddConsumer(&info, bus->js, name, &config, NULL, &code);
	jsConsumerInfo_Destroy(info);
	return s == NATS_OK ? 0 : bus_failed(bus, options->class_name, s);
}

/* Its workers look at it again. */
static int limit_tell(struct bus *bus, const struct options *options)
{
	char subject[SUBJECT_SIZE];
	natsStatus s;

	classes_subject(bus, options->class, "limit", subject);
	s = js_Publish(NULL, bus->js, subject, "", 0, NULL, NULL);
	return s == NATS_OK ? 0 : bus_failed(bus, options->class_name, s);
}

int classes_limit(struct bus *bus, const struct options *options)
{
	struct census census = { 0 };
	int rc = limit_jobs(bus, options, &census);

	if (!rc)
		rc = limit_retries(bus, options);
	if (!rc)
		rc = limit_tell(bus, options);
	bus_end(bus);
	census_fini(&census);
	return rc;
}

int classes_look(struct bus *bus, const char *class, jsConsumerInfo **info)
{
	char stream[STREAM_SIZE];
	jsErrCode code = BUS_NO_CODE;
	natsStatus s;

	*info = NULL;
	bus_stream(bus, stream, "");
	s = js_GetConsumerInfo(info, bus->js, stream, class, NULL, &code);
	if (s == NATS_OK)
		return 0;
	return code == JSConsumerNotFoundErr ? -ENOENT : -EIO;
}

void classes_say_none(const char *name)
{
	char shown[200];

	say("%s: no such class (see bpool-queue limit)",
	    escaped(shown, sizeof(shown), name));
}

int classes_find(struct bus *bus, const struct options *options,
		 jsConsumerInfo **info)
{
	int rc = classes_look(bus, options->class, info);
	natsStatus s = NATS_ERR;

	(void)nats_GetLastError(&s);
	if (rc == -ENOENT)
		classes_say_none(options->class_name);
	else if (rc)
		(void)bus_failed(bus, options->stream, s);
	return rc;
}
