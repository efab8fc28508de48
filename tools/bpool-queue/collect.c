/* SPDX-License-Identifier: MIT */
/*
 * A consumer of its own reads the batch's results in the order in which they were
 * stored, and each goes to the report, as a job that has just ended would.
 */
#include "collect.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "batch.h"
#include "clock.h"
#include "jobresult.h"
#include "joblog.h"
#include "message.h"
#include "report.h"
#include "spool.h"
#include "stop.h"
#include "tally.h"

/* Between looks whether to stop, and at how many jobs there are. */
#define LOOK_MS 200
#define BATCH_MS 1000

struct collection {
	struct bus *bus;
	const struct options *options;
	struct report report;
	struct tally tally;
	struct spool spool;
	struct stop *stop;
	struct batch batch;
	bool logs;
	uint64_t got;	/* results so far */
	uint64_t there; /* results at the beginning */
	int64_t looked_ms;
};

/* Its line of the log; out of memory it has none, which is said. */
static void collect_log(struct collection *c, struct job_result *result)
{
	struct text text = { 0 };
	char *command = joblog_command(result->command, NULL), *line = NULL;
	size_t len = 0;

	if (command) {
		joblog_add_record(&text, result->id.number, &result->ending,
				  command);
		len = text.len;
		line = text_take(&text);
	}
	if (!line ||
	    output_append(&result->printed.log, &c->spool, line, len)) {
		output_forget(&result->printed.log);
		say("job %llu is not logged: out of memory",
		    (unsigned long long)result->id.number);
		report_broken(&c->report);
	}
	free(command);
	free(line);
}

/* One of them; it is the message's caller's to destroy. */
static void collect_one(struct collection *c, natsMsg *message)
{
	struct job_result result;
	int rc = job_result_read(c->bus, message, &c->spool, &result);
	char shown[200];

	c->got++;
	/* A number beyond the batch would be waited for in vain. */
	if (!rc && c->batch.counted && result.id.number > c->batch.jobs) {
		job_result_fini(&result);
		rc = -EINVAL;
	}
	if (rc) {
		say("%s: %s",
		    escaped(shown, sizeof(shown), natsMsg_GetSubject(message)),
		    rc == -EINVAL   ? "not a result of this format"
		    : rc == -ENOENT ? "a part of what it printed is gone"
				    : strerror(-rc));
		report_broken(&c->report);
		return;
	}
	tally_end(&c->tally, result.id.number, &result.ending, result.command);
	if (c->logs && result.ending.outcome != OUTCOME_BROKEN)
		collect_log(c, &result);
	report_job(&c->report, result.id.number - 1, &result.ending,
		   &result.printed);
	job_result_fini(&result);
}

/* How many there are by now; while that cannot be had, what is known holds. */
static void collect_look(struct collection *c)
{
	struct batch batch;

	if (batch_look(c->bus, c->options->batch_token, &batch) == 0)
		c->batch = batch;
}

/* Whether there is more to come. */
static bool collect_more(struct collection *c)
{
	if (stop_is_closed(c->stop))
		return false;
	if (!c->options->follow)
		return c->got < c->there;
	if (c->batch.counted && c->got >= c->batch.jobs)
		return false;
	/* It may be queued still, or once more. */
	if (now_ms() >= c->looked_ms + BATCH_MS) {
		c->looked_ms = now_ms();
		collect_look(c);
	}
	return true;
}

static void collect_all(struct collection *c, natsSubscription *results)
{
	natsMsg *message;
	natsStatus s;
	int quiet_ms = 0;

	while (collect_more(c)) {
		message = NULL;
		s = natsSubscription_NextMsg(&message, results, LOOK_MS);
		quiet_ms = s == NATS_OK ? 0 : quiet_ms + LOOK_MS;
		if (s == NATS_OK) {
			collect_one(c, message);
		} else if (s == NATS_TIMEOUT && !c->options->follow &&
			   quiet_ms > BUS_WAIT_MS) {
			break; /* some were replaced, or are too old now */
		} else if (s != NATS_TIMEOUT) {
			(void)bus_failed(c->bus, "results", s);
			report_broken(&c->report);
			break;
		}
		natsMsg_Destroy(message);
	}
}

/* In order, what waits behind those that are missing is still to be printed. */
static void collect_gaps(struct collection *c)
{
	const struct ending none = { .outcome = OUTCOME_DROPPED };

	while (c->report.keep_order && c->report.turn < c->report.waiting.end) {
		struct outputs nothing = { 0 };

		report_job(&c->report, c->report.turn, &none, &nothing);
	}
}

static void collect_tell(struct collection *c)
{
	if (c->batch.counted && c->got >= c->batch.jobs)
		return;
	if (c->batch.counted)
		say("batch %s: %llu of %llu jobs are not done",
		    c->options->batch,
		    (unsigned long long)(c->batch.jobs - c->got),
		    (unsigned long long)c->batch.jobs);
	else
		say("batch %s: %llu jobs are done, and it is not all queued",
		    c->options->batch, (unsigned long long)c->got);
	report_broken(&c->report);
}

static natsStatus collect_try(struct collection *c, const char *stream,
			      natsSubscription **results, jsErrCode *code)
{
	char subject[SUBJECT_SIZE];
	jsSubOptions options;

	*code = BUS_NO_CODE;
	(void)snprintf(subject, sizeof(subject), "%s.res.%s.*.*",
		       c->bus->stream, c->options->batch_token);
	(void)jsSubOptions_Init(&options);
	options.Stream = stream;
	options.Ordered = true;
	return js_SubscribeSync(results, c->bus->js, subject, NULL, &options,
				code);
}

static int collect_subscribe(struct collection *c, natsSubscription **results)
{
	char stream[STREAM_SIZE];
	jsConsumerInfo *info = NULL;
	jsErrCode code;
	natsStatus s;

	bus_stream(c->bus, stream, "RES");
	while ((s = collect_try(c, stream, results, &code)) != NATS_OK &&
	       c->options->follow && !stop_is_closed(c->stop) &&
	       bus_may_come_back(c->bus, s, code))
		(void)poll(NULL, 0, LOOK_MS);
	if (s == NATS_OK && !c->options->follow) {
		s = natsSubscription_GetConsumerInfo(&info, *results, NULL,
						     &code);
		if (s == NATS_OK)
			c->there = info->NumPending + info->Delivered.Consumer;
	}
	jsConsumerInfo_Destroy(info);
	return s == NATS_OK ? 0 : bus_failed(c->bus, stream, s);
}

/* There is a report: returns an exit status. */
static int collect_reported(struct collection *c)
{
	natsSubscription *results = NULL;

	if (collect_subscribe(c, &results))
		return STATUS_BPOOL_FAILED;
	collect_all(c, results);
	collect_gaps(c);
	if (!stop_is_closed(c->stop))
		collect_tell(c);
	bus_end(c->bus);
	natsSubscription_Destroy(results);
	return report_status(&c->report);
}

/* A log that is new. */
static int collect_open_log(struct joblog *log, const char *path,
			    struct fds *fds)
{
	char shown[200];
	int rc = joblog_open(log, path, JOBLOG_MAKE, fds);

	if (rc)
		return rc;
	if (!joblog_is_ours(log)) {
		say("%s: this is no job log: it is left as it is",
		    escaped(shown, sizeof(shown), path));
		rc = -EINVAL;
	} else {
		rc = joblog_begin(log);
		if (rc)
			say("%s: %s", escaped(shown, sizeof(shown), path),
			    joblog_why(rc));
	}
	if (rc)
		(void)joblog_close(log);
	return rc;
}

static int collect_logged(struct collection *c, struct joblog *log,
			  struct fds *fds)
{
	const struct options *o = c->options;
	struct report_options options = { .keep_order = o->keep_order,
					  .quiet = o->quiet,
					  .alone = true,
					  .log = log };
	int status = STATUS_BPOOL_FAILED;

	if (spool_init(&c->spool, fds))
		return STATUS_BPOOL_FAILED;
	tally_init(&c->tally);
	if (report_init(&c->report, &options, &c->tally, c->stop, &c->spool,
			fds) == 0) {
		c->logs = log != NULL;
		status = collect_reported(c);
		report_fini(&c->report);
	}
	tally_fini(&c->tally);
	spool_fini(&c->spool);
	return status;
}

/* What is known of the batch, when the server is there: 0 or negative errno, which has
 * been said. */
static int collect_batch(struct collection *c)
{
	const char *token = c->options->batch_token;
	int rc;

	while ((rc = batch_look(c->bus, token, &c->batch)) == -EAGAIN &&
	       c->options->follow)
		(void)poll(NULL, 0, LOOK_MS);
	return rc ? batch_read(c->bus, token, &c->batch) : 0;
}

int collect_run(struct bus *bus, const struct options *options, struct fds *fds)
{
	struct collection c = { .bus = bus, .options = options };
	struct stop_options stopping = { .grace_ms = 0 };
	struct joblog log;
	struct mark mark;
	int status;

	if (collect_batch(&c))
		return STATUS_BPOOL_FAILED;
	if (!c.batch.known) {
		say("batch %s: there is none of this name", options->batch);
		return STATUS_BPOOL_FAILED;
	}
	if (options->joblog && collect_open_log(&log, options->joblog, fds))
		return STATUS_BPOOL_FAILED;
	mark_init(&mark);
	/* It sees what its caller had blocked, and blocks the same. */
	pthread_sigmask(SIG_SETMASK, &bus->mask, NULL);
	if (stop_create(&c.stop, 1, &stopping, &mark, fds)) {
		status = STATUS_BPOOL_FAILED;
	} else {
		status = collect_logged(&c, options->joblog ? &log : NULL, fds);
		stop_destroy(c.stop);
	}
	if (options->joblog && joblog_close(&log))
		status = STATUS_BPOOL_FAILED;
	return status;
}
