/* SPDX-License-Identifier: MIT */
#include "deadletters.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "io.h"
#include "jobmessage.h"
#include "message.h"
#include "text.h"

/* What is not taken is offered so often again, and after so long. */
#define QUEUE_TRIES 50
#define QUEUE_MS 100

struct letters {
	struct bus *bus;
	const struct options *options;
	char stream[STREAM_SIZE], results[STREAM_SIZE];
	uint64_t n; /* so far */
};

/* "CLASS	BATCH	NUMBER	WHY	ARGUMENT ..." */
static int letter_print(const struct job_message *job)
{
	const char *argument = job->arguments, *end = argument + job->len;
	char text[TOKEN_SIZE], shown[3 * TOKEN_SIZE], number[32];
	struct text line = { 0 };
	char *all;
	int rc;

	token_text(text, job->class);
	text_say(&line, escaped(shown, sizeof(shown), text));
	token_text(text, job->batch);
	text_say(&line, "\t");
	text_say(&line, escaped(shown, sizeof(shown), text));
	(void)snprintf(number, sizeof(number), "\t%llu\t",
		       (unsigned long long)job->id.number);
	text_say(&line, number);
	text_say(&line,
		 job->why ? escaped(shown, sizeof(shown), job->why) : "failed");
	text_say(&line, "\t");
	for (; argument < end; argument += strlen(argument) + 1) {
		if (argument > job->arguments)
			text_say(&line, " ");
		text_add_word(&line, argument);
	}
	text_say(&line, "\n");
	all = text_take(&line);
	rc = all ? write_all(STDOUT_FILENO, all, strlen(all)) : -ENOMEM;
	free(all);
	if (rc)
		say("stdout: %s", strerror(-rc));
	return rc;
}

/* The result that it has, so that the next one is stored. */
static int letter_forget_result(struct letters *l,
				const struct job_message *job)
{
	char subject[SUBJECT_SIZE], id[JOB_ID_SIZE];
	natsMsg *message;
	jsErrCode code = BUS_NO_CODE;
	natsStatus s = NATS_ERR;
	int rc;

	job_id_write(id, &job->id);
	(void)snprintf(subject, sizeof(subject), "%s.res.%s.%s", l->bus->stream,
		       job->batch, id);
	rc = bus_last(l->bus, "RES", subject, &message);
	if (rc == 0)
		return 0;
	if (rc > 0)
		s = js_DeleteMsg(l->bus->js, l->results,
				 natsMsg_GetSequence(message), NULL, &code);
	natsMsg_Destroy(message);
	return s == NATS_OK ? 0 : bus_failed(l->bus, l->results, s);
}

/* Into the queue, which may still have the attempt that failed for a moment. */
static int letter_queue(struct letters *l, const struct job_message *job)
{
	natsMsg *message = NULL;
	jsErrCode code;
	natsStatus s = job_message_make(&message, "jobs", job);
	int tries = 0;

	while (s == NATS_OK) {
		code = BUS_NO_CODE;
		s = js_PublishMsg(NULL, l->bus->js, message, NULL, &code);
		if (s == NATS_OK || code != JSStreamStoreFailedErr ||
		    tries++ >= QUEUE_TRIES)
			break;
		(void)poll(NULL, 0, QUEUE_MS);
		s = NATS_OK;
	}
	natsMsg_Destroy(message);
	return s == NATS_OK ? 0 : bus_failed(l->bus, l->options->stream, s);
}

/* With all its attempts before it.  In this order: whatever this is interrupted at,
 * the letter is there until the job is queued. */
static int letter_retry(struct letters *l, struct job_message *job)
{
	int rc = letter_forget_result(l, job);

	job->stream = l->bus->stream;
	job->attempt = 1;
	job->due_ms = 0;
	job->why = NULL;
	job->again = true;
	return rc ? rc : letter_queue(l, job);
}

static int letter_do(struct letters *l, natsMsg *message)
{
	struct job_message job;
	jsErrCode code = BUS_NO_CODE;
	jsMsgMetaData *meta = NULL;
	char shown[200];
	natsStatus s;
	int rc = 0;

	if (job_message_read(message, &job)) {
		say("%s: no job",
		    escaped(shown, sizeof(shown), natsMsg_GetSubject(message)));
		return 0;
	}
	l->n++;
	if (l->options->use == USE_DLQ_LIST)
		return letter_print(&job);
	if (l->options->use == USE_DLQ_RETRY)
		rc = letter_retry(l, &job);
	if (rc)
		return rc;
	s = natsMsg_GetMetaData(&meta, message);
	if (s == NATS_OK)
		s = js_DeleteMsg(l->bus->js, l->stream, meta->Sequence.Stream,
				 NULL, &code);
	jsMsgMetaData_Destroy(meta);
	/* It may have failed once more, and a new letter be in the place of this. */
	if (s != NATS_OK && strstr(nats_GetLastError(NULL), "no message found"))
		s = NATS_OK;
	return s == NATS_OK ? 0 : bus_failed(l->bus, l->stream, s);
}

/* Those that there were at the beginning. */
static int letters_each(struct letters *l, natsSubscription *all, uint64_t n)
{
	int rc = 0;

	while (n-- && !rc) {
		natsMsg *message = NULL;
		natsStatus s =
			natsSubscription_NextMsg(&message, all, BUS_WAIT_MS);

		/* Some may be replaced, or too old, meanwhile. */
		if (s == NATS_TIMEOUT)
			break;
		rc = s == NATS_OK ? letter_do(l, message)
				  : bus_failed(l->bus, l->stream, s);
		natsMsg_Destroy(message);
	}
	return rc;
}

int deadletters_run(struct bus *bus, const struct options *options)
{
	struct letters l = { .bus = bus, .options = options };
	natsSubscription *all = NULL;
	char subject[SUBJECT_SIZE];
	jsConsumerInfo *info = NULL;
	jsSubOptions how;
	jsErrCode code = BUS_NO_CODE;
	natsStatus s;
	uint64_t n = 0;
	int rc;

	bus_stream(bus, l.stream, "DLQ");
	bus_stream(bus, l.results, "RES");
	(void)snprintf(subject, sizeof(subject), "%s.dlq.%s.%s.*.*",
		       bus->stream, *options->class ? options->class : "*",
		       *options->batch_token ? options->batch_token : "*");
	(void)jsSubOptions_Init(&how);
	how.Stream = l.stream;
	how.Ordered = true;
	s = js_SubscribeSync(&all, bus->js, subject, NULL, &how, &code);
	if (s == NATS_OK)
		s = natsSubscription_GetConsumerInfo(&info, all, NULL, &code);
	if (s == NATS_OK)
		n = info->NumPending + info->Delivered.Consumer;
	jsConsumerInfo_Destroy(info);
	rc = s == NATS_OK ? letters_each(&l, all, n)
			  : bus_failed(bus, options->stream, s);
	bus_end(bus);
	natsSubscription_Destroy(all);
	if (!rc && options->use != USE_DLQ_LIST)
		say("%llu jobs %s", (unsigned long long)l.n,
		    options->use == USE_DLQ_RETRY ? "queued again" : "dropped");
	return rc;
}
