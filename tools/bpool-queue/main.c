/* SPDX-License-Identifier: MIT */
/*
 * bpool-queue: the same bound over many machines, held by a NATS server.
 *
 * A job is a message in a stream, and a class of jobs a consumer of it, of which
 * the server has no more delivered and not acknowledged than the bound.  A worker
 * holds what it was given for a lease, which it renews; what it could not renew it
 * kills before the server gives the job to another.
 *
 *	main.c		this: what is asked for
 *	options.c	the command line and --help, from the table
 *	optiontable.c	each option
 *	streams.c	init, janitor: what the server keeps
 *	classes.c	limit: a class
 *	drain.c		drain, resume: nothing of it starts
 *	status.c	status: what waits, what runs
 *	submit.c	submit: lines into jobs
 *	batch.c		what is known of a batch
 *	outbox.c	many messages on their way at once
 *	jobmessage.c	a job as a message
 *	work.c		work: a worker, from its start to its end
 *	workjob.c	one of its jobs, from what was given to its result
 *	collect.c	results: what the jobs of a batch printed
 *	puller.c	jobs from the server
 *	lease.c		for how long they are this worker's
 *	terms.c		what holds of its class, and whether it is paused
 *	starts.c	when a job may start
 *	presence.c	who works
 *	pump.c		jobs that are to be tried again
 *	deadletters.c	dlq: jobs that have failed
 *	guard.c		who kills what has lost its lease
 *	jobresult.c	how a job ended, as a message
 *	identity.c	who this is to the server
 *	bus.c		the connection, its errors
 *	names.c		subjects, tokens, numbers of jobs
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "batch.h"
#include "bus.h"
#include "classes.h"
#include "collect.h"
#include "command.h"
#include "deadletters.h"
#include "drain.h"
#include "fds.h"
#include "io.h"
#include "message.h"
#include "options.h"
#include "report.h"
#include "status.h"
#include "streams.h"
#include "submit.h"
#include "work.h"

/* As a batch that it is given a name for, if it has none; returns a status. */
static int queue_submit(struct bus *bus, struct options *options,
			struct fds *fds)
{
	char name[BATCH_NAME_SIZE], line[NAME_MAX_TEXT + 2];
	int rc;

	if (!options->batch) {
		batch_name(name);
		options->batch = name;
		(void)token_of(options->batch_token, name);
		options->batch_is_made = true;
	}
	if (submit_lines(bus, options, fds))
		return STATUS_BPOOL_FAILED;
	options->follow = true;
	if (options->wait)
		return collect_run(bus, options, fds);
	(void)snprintf(line, sizeof(line), "%s\n", options->batch);
	rc = write_all(STDOUT_FILENO, line, strlen(line));
	if (rc)
		say("stdout: %s", strerror(-rc));
	return rc ? STATUS_BPOOL_FAILED : STATUS_OK;
}

static int queue_run(struct options *options, struct fds *fds)
{
	int status = STATUS_OK, rc = 0;
	struct bus bus;

	if (bus_open(&bus, options->url, options->stream, &options->identity))
		return STATUS_BPOOL_FAILED;
	if (options->use == USE_INIT)
		rc = streams_init(&bus, options);
	else if (options->use == USE_LIMIT)
		rc = classes_limit(&bus, options);
	else if (options->use & (USE_DRAIN | USE_RESUME))
		rc = drain_run(&bus, options);
	else if (options->use == USE_JANITOR)
		rc = streams_clean(&bus, options);
	else if (options->use & USE_DLQ)
		rc = deadletters_run(&bus, options);
	else if (options->use == USE_STATUS)
		rc = status_print(&bus, options);
	else if (options->use == USE_SUBMIT)
		status = queue_submit(&bus, options, fds);
	else
		status = collect_run(&bus, options, fds);
	bus_close(&bus);
	return rc ? STATUS_BPOOL_FAILED : status;
}

int main(int argc, char **argv)
{
	struct options options;
	struct fds fds;
	int rc, status = STATUS_OK;

	rc = fds_init(&fds);
	if (rc) {
		say("/dev/null: %s", strerror(-rc));
		return STATUS_BPOOL_FAILED;
	}
	rc = options_parse(&options, argc, argv);
	if (rc)
		return rc == -EINVAL ? STATUS_USAGE : STATUS_BPOOL_FAILED;
	if (options.help)
		rc = options_help(&options);
	else if (options.version)
		rc = command_version("bpool-queue");
	else if (options.use == USE_WORK)
		status = work_run(&options, &fds);
	else
		status = queue_run(&options, &fds);
	options_fini(&options);
	return command_end(status, rc);
}
