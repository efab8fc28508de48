/* SPDX-License-Identifier: MIT */
#include "jobmessage.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static natsStatus job_message_number(natsMsg *message, const char *header,
				     int64_t number)
{
	char text[32];

	if (!number)
		return NATS_OK;
	(void)snprintf(text, sizeof(text), "%lld", (long long)number);
	return natsMsgHeader_Set(message, header, text);
}

/* The headers beside the format, where they say more than none would. */
static natsStatus job_message_headers(natsMsg *message,
				      const struct job_message *job)
{
	natsStatus s = natsMsgHeader_Set(message, JOB_HEADER, JOB_FORMAT);
	char text[100];

	if (s == NATS_OK && job->again)
		s = natsMsgHeader_Set(message, JOB_AGAIN, "1");
	if (s == NATS_OK && job->attempts > 1) {
		(void)snprintf(text, sizeof(text), "%u %lld %lld",
			       job->attempts, (long long)job->base_ms,
			       (long long)job->cap_ms);
		s = natsMsgHeader_Set(message, "Bp-Retry", text);
	}
	if (s == NATS_OK && job->attempt > 1) {
		(void)snprintf(text, sizeof(text), "%u", job->attempt);
		s = natsMsgHeader_Set(message, "Bp-Attempt", text);
	}
	if (s == NATS_OK)
		s = job_message_number(message, "Bp-Timeout", job->timeout_ms);
	if (s == NATS_OK)
		s = job_message_number(message, "Bp-Due", job->due_ms);
	if (s == NATS_OK && job->why)
		s = natsMsgHeader_Set(message, "Bp-Why", job->why);
	return s;
}

natsStatus job_message_make(natsMsg **message, const char *where,
			    const struct job_message *job)
{
	char subject[SUBJECT_SIZE], id[JOB_ID_SIZE];
	natsStatus s;

	job_id_write(id, &job->id);
	(void)snprintf(subject, sizeof(subject), "%s.%s.%s.%s.%s", job->stream,
		       where, job->class, job->batch, id);
	s = natsMsg_Create(message, subject, NULL, job->arguments, job->len);
	if (s != NATS_OK)
		return s;
	s = job_message_headers(*message, job);
	if (s != NATS_OK) {
		natsMsg_Destroy(*message);
		*message = NULL;
	}
	return s;
}

/* One of its tokens, counted from the last. */
static int job_message_token(natsMsg *message, unsigned back,
			     char to[TOKEN_SIZE])
{
	int len;
	const char *token =
		subject_token(natsMsg_GetSubject(message), back, &len);

	if (!token || len >= TOKEN_SIZE)
		return -EINVAL;
	memcpy(to, token, (size_t)len);
	to[len] = '\0';
	return 0;
}

/* What stands in headers, if it does. */
static void job_message_read_headers(natsMsg *message, struct job_message *job)
{
	const char *text;
	long long base, cap;

	job->again = natsMsgHeader_Get(message, JOB_AGAIN, &text) == NATS_OK;
	if (natsMsgHeader_Get(message, "Bp-Retry", &text) == NATS_OK &&
	    sscanf(text, "%u %lld %lld", &job->attempts, &base, &cap) == 3 &&
	    job->attempts <= ATTEMPTS_MAX && base > 0 && cap >= base &&
	    cap <= DELAY_MAX_MS) {
		job->base_ms = base;
		job->cap_ms = cap;
	} else {
		job->attempts = 1;
	}
	job->attempt = 1;
	if (natsMsgHeader_Get(message, "Bp-Attempt", &text) == NATS_OK)
		job->attempt = (unsigned)strtoul(text, NULL, 10);
	if (job->attempt < 1 || job->attempt > job->attempts)
		job->attempt = job->attempts;
	if (natsMsgHeader_Get(message, "Bp-Due", &text) == NATS_OK)
		job->due_ms = strtoll(text, NULL, 10);
	if (natsMsgHeader_Get(message, "Bp-Timeout", &text) == NATS_OK)
		job->timeout_ms = strtoll(text, NULL, 10);
	if (job->timeout_ms < 0 || job->timeout_ms > DELAY_MAX_MS)
		job->timeout_ms = 0;
	if (natsMsgHeader_Get(message, "Bp-Why", &text) == NATS_OK)
		job->why = text;
}

int job_message_read(natsMsg *message, struct job_message *job)
{
	const char *text = NULL;

	*job = (struct job_message){
		.arguments = natsMsg_GetData(message),
		.len = natsMsg_GetDataLength(message),
		.attempt = 1,
	};
	if (natsMsgHeader_Get(message, JOB_HEADER, &text) != NATS_OK ||
	    strcmp(text, JOB_FORMAT) != 0)
		return -EINVAL;
	if (job->len < 1 || job->arguments[job->len - 1])
		return -EINVAL;
	job_message_read_headers(message, job);
	if (job_message_token(message, 2, job->batch) ||
	    job_message_token(message, 3, job->class))
		return -EINVAL;
	return job_id_read(natsMsg_GetSubject(message), &job->id);
}

struct record *job_message_record(const struct job_message *job)
{
	const char *end = job->arguments + job->len, *text = job->arguments;
	struct pieces pieces = { 0 };
	struct record *record = NULL;
	bool ok = true;

	for (; ok && text < end; text += strlen(text) + 1)
		ok = pieces_add(&pieces, text, strlen(text)) == 0;
	if (ok)
		record = record_create(&pieces,
				       pieces.n > 1 ? RECORD_SEVERAL : 0, 0,
				       pieces.n);
	pieces_fini(&pieces);
	if (record)
		record->number = job->id.number;
	return record;
}
