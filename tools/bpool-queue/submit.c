/* SPDX-License-Identifier: MIT */
/*
 * A job is known by its number in the batch and what it is given, so lines that
 * are submitted again are the jobs that they were: while one is in the stream the
 * engine refuses it, and then its result is there.  Between the two looks it may
 * end, so a worker looks for the result of such a job once more (Bp-Again).
 */
#include "submit.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "batch.h"
#include "classes.h"
#include "jobmessage.h"
#include "lines.h"
#include "message.h"
#include "outbox.h"
#include "text.h"

struct submission {
	struct bus *bus;
	const struct options *options;
	struct batch batch;
	struct outbox outbox;
	struct text arguments; /* of the job that is made */
	uint64_t jobs;	       /* so far */
	uint64_t done;	       /* of those that were before */
};

/* Whether there is such a class: what nobody is to run is not queued. */
static int submit_check_class(struct bus *bus, const struct options *options)
{
	jsConsumerInfo *info;
	int rc = classes_find(bus, options, &info);

	jsConsumerInfo_Destroy(info);
	return rc;
}

/* Whether there is another job of this number in the batch: 1, 0 or negative errno.
 * The one that is the same goes to *found. */
static int submit_differs(struct submission *sub, const struct job_message *job,
			  const char *suffix, const char *where, bool *found)
{
	char subject[SUBJECT_SIZE];
	struct job_id id;
	natsMsg *message;
	int rc;

	(void)snprintf(subject, sizeof(subject), "%s.%s.%s.%llu.*", job->stream,
		       where, job->batch, (unsigned long long)job->id.number);
	rc = bus_last_waiting(sub->bus, suffix, subject, &message);
	if (rc < 0)
		return bus_failed(sub->bus, "the batch", NATS_ERR);
	if (rc == 0)
		return 0;
	rc = job_id_read(natsMsg_GetSubject(message), &id) == 0 &&
	     id.hash != job->id.hash;
	*found = !rc;
	natsMsg_Destroy(message);
	return rc;
}

/* Of a batch that is known: whether the job is done, 1 or 0; or negative errno.  Its
 * lines are what they were: another would be a second job of the same number. */
static int submit_known(struct submission *sub, const struct job_message *job)
{
	static const char *const places[][2] = { { "RES", "res" },
						 { "", "jobs.*" },
						 { "RETRY", "retry.*" } };
	bool found[3] = { false };
	int rc = 0;

	for (int i = 0; !rc && i < 3; i++)
		rc = submit_differs(sub, job, places[i][0], places[i][1],
				    &found[i]);
	if (rc <= 0)
		return rc ? rc : found[0];
	say("line %llu: the batch had another there: its lines do not change",
	    (unsigned long long)job->id.number);
	return -EEXIST;
}

static int submit_line(struct submission *sub, const struct line *line)
{
	const struct options *o = sub->options;
	struct job_message job = {
		.stream = o->stream,
		.attempts = o->retry.attempts,
		.attempt = 1,
		.base_ms = o->retry.base_ms,
		.cap_ms = o->retry.cap_ms,
		.timeout_ms = o->timeout_ms,
		.len = (int)line->len + 1,
		.again = sub->batch.known,
	};
	struct text *arguments = &sub->arguments;
	natsMsg *message = NULL;
	natsStatus s;
	int rc = 0;

	if ((int64_t)line->len + BUS_HEADERS_MAX >=
	    natsConnection_GetMaxPayload(sub->bus->nc)) {
		say("line %llu: longer than the server takes",
		    (unsigned long long)line->number);
		return -E2BIG;
	}
	memcpy(job.class, o->class, sizeof(job.class));
	memcpy(job.batch, o->batch_token, sizeof(job.batch));
	arguments->len = 0;
	text_add(arguments, line->text, line->len);
	text_add(arguments, "", 1);
	if (arguments->failed) {
		say("line %llu: %s", (unsigned long long)line->number,
		    strerror(ENOMEM));
		return -ENOMEM;
	}
	job.arguments = arguments->data;
	job.id.number = ++sub->jobs;
	job.id.hash = job_hash(job.arguments, (uint64_t)job.len);
	if (sub->batch.known)
		rc = submit_known(sub, &job);
	if (rc) {
		sub->done += rc > 0;
		return rc < 0 ? rc : 0;
	}
	s = job_message_make(&message, "jobs", &job);
	if (s != NATS_OK)
		return bus_failed(sub->bus, "a job", s);
	return outbox_send(&sub->outbox, message);
}

/* All of stdin.  What was refused is sent again while the next line is waited
 * for. */
static int submit_input(struct submission *sub, struct lines *lines)
{
	struct line line;
	int rc, sent = 0;

	while (!sent && (rc = lines_next(lines, &line)) != 0) {
		if (rc == -ECANCELED) {
			sent = outbox_settle(&sub->outbox);
		} else if (rc < 0) {
			say("stdin: line %llu: %s",
			    (unsigned long long)lines->number,
			    rc == -EILSEQ ? "it has a NUL byte"
					  : strerror(-rc));
			return rc;
		} else {
			sent = submit_line(sub, &line);
		}
	}
	return sent;
}

static int submit_all(struct submission *sub, struct fds *fds)
{
	const struct options *o = sub->options;
	struct lines lines;
	int rc, finished;

	rc = lines_init(&lines, NULL, 0, o->delimiter, false,
			sub->outbox.event_fd, fds);
	if (rc) {
		say("stdin: %s", strerror(-rc));
		return rc;
	}
	rc = submit_input(sub, &lines);
	lines_fini(&lines);
	finished = outbox_finish(&sub->outbox);
	if (finished)
		outbox_say(&sub->outbox, o->stream);
	if (rc || finished)
		return rc ? rc : finished;
	if (sub->batch.counted && sub->jobs < sub->batch.jobs)
		return 0;
	return batch_count(sub->bus, o->batch_token, sub->jobs);
}

static void submit_tell(const struct submission *sub)
{
	char before[80] = "";

	if (sub->batch.known)
		(void)snprintf(before, sizeof(before),
			       ", %llu queued before, %llu done before",
			       (unsigned long long)sub->outbox.present,
			       (unsigned long long)sub->done);
	say("batch %s: %llu queued%s", sub->options->batch,
	    (unsigned long long)sub->outbox.stored, before);
}

int submit_lines(struct bus *bus, const struct options *options,
		 struct fds *fds)
{
	struct submission sub = { .bus = bus, .options = options };
	int rc;

	rc = submit_check_class(bus, options);
	if (!rc)
		rc = batch_begin(bus, options->batch_token, &sub.batch);
	if (!rc)
		rc = outbox_init(&sub.outbox, bus);
	if (rc)
		return rc;
	/* Whoever stops it wants to go on with it. */
	if (options->batch_is_made && !options->quiet)
		say("batch %s", options->batch);
	rc = submit_all(&sub, fds);
	if (rc || !options->quiet)
		submit_tell(&sub);
	outbox_fini(&sub.outbox);
	free(sub.arguments.data);
	return rc;
}
