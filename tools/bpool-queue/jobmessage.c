/* SPDX-License-Identifier: MIT */
#include "jobmessage.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

natsStatus job_message_make(natsMsg **message, const struct job_message *job)
{
	char subject[SUBJECT_SIZE], id[JOB_ID_SIZE];
	natsStatus s;

	job_id_write(id, &job->id);
	(void)snprintf(subject, sizeof(subject), "%s.jobs.%s.%s.%s",
		       job->stream, job->class, job->batch, id);
	s = natsMsg_Create(message, subject, NULL, job->arguments, job->len);
	if (s != NATS_OK)
		return s;
	s = natsMsgHeader_Set(*message, JOB_HEADER, JOB_FORMAT);
	if (s == NATS_OK && job->again)
		s = natsMsgHeader_Set(*message, JOB_AGAIN, "1");
	if (s != NATS_OK) {
		natsMsg_Destroy(*message);
		*message = NULL;
	}
	return s;
}

int job_message_read(natsMsg *message, char batch[TOKEN_SIZE],
		     struct job_message *job)
{
	const char *subject = natsMsg_GetSubject(message), *text = NULL, *token;
	int len;

	*job = (struct job_message){
		.batch = batch,
		.arguments = natsMsg_GetData(message),
		.len = natsMsg_GetDataLength(message),
	};
	if (natsMsgHeader_Get(message, JOB_HEADER, &text) != NATS_OK ||
	    strcmp(text, JOB_FORMAT) != 0)
		return -EINVAL;
	if (job->len < 1 || job->arguments[job->len - 1])
		return -EINVAL;
	job->again = natsMsgHeader_Get(message, JOB_AGAIN, &text) == NATS_OK;
	token = subject_token(subject, 1, &len);
	if (!token || len >= TOKEN_SIZE)
		return -EINVAL;
	memcpy(batch, token, (size_t)len);
	batch[len] = '\0';
	return job_id_read(subject_token(subject, 0, &len), &job->id);
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
