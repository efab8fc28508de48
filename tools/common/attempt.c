/* SPDX-License-Identifier: MIT */
/* One attempt of a job.  See attempt.h. */
#include "attempt.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

#include "clock.h"
#include "expire.h"
#include "observe.h"
#include "start.h"
#include "verdict.h"

/* With -u a job writes itself; where nobody reads any more, stop. */
static void attempt_check_reader(struct run *run)
{
	struct pollfd out = { .fd = STDOUT_FILENO };

	if (poll(&out, 1, 0) > 0 && (out.revents & POLLERR))
		report_reader_gone(run->report);
}

static void attempt_arrived(void *user)
{
	struct job *job = user;

	report_lines(job->run->report, job->place, &job->worker->printed);
}

/* Where lines are what counts, the last one ends too. */
static void attempt_end_line(struct job *job, struct output *output)
{
	if ((job->run->line_buffer || job->tag) && output->last &&
	    output->last != '\n')
		(void)output_append(output, job->run->spool, "\n", 1);
}

/* Read what the job prints, to its end.  Returns what capture() does. */
static int attempt_capture(struct job *job, const struct running *running)
{
	struct outputs *printed = &job->worker->printed;
	struct capture_how how = {
		.tags = { job->run->color_out ? job->tag_colored : job->tag,
			  job->run->color ? job->tag_colored : job->tag },
		.copy = { job->result.out, job->result.err },
		.tail = job->run->events ? &job->worker->tail : NULL,
		.arrived = job->run->line_buffer ? attempt_arrived : NULL,
		.user = job,
	};
	int rc;

	if (job->run->ungroup)
		return 0;
	rc = capture(&printed->out, running->out_fd, &printed->err,
		     running->err_fd, running->pid, &how, job->run->spool,
		     job->run->fds);
	job->ending.nout = how.nout;
	job->ending.nerr = how.nerr;
	job->copy_error = how.copy_error;
	job->spool_failed = how.spool_failed;
	attempt_end_line(job, &printed->out);
	attempt_end_line(job, &printed->err);
	return rc;
}

/* It runs: read, wait, judge. */
static void attempt_running(struct job *job, const struct running *running)
{
	int64_t begin = now_us();
	struct run *run = job->run;
	siginfo_t info = { 0 };
	int rc, captured;

	job->ending.started = true;
	/* It may have waited for a process, for seconds. */
	job->ending.started_us = wall_us();
	observe_start(job, running->pid, running->at_once);
	expire_begin(job);
	captured = attempt_capture(job, running);
	expire_end(job);
	rc = stop_reap(run->stop, job->slot, &info);
	job->ending.ran_us = now_us() - begin;
	if (running->script_fd >= 0)
		close(running->script_fd);
	if (run->ungroup)
		attempt_check_reader(run);
	if (rc) {
		verdict_broken(job, "waiting", rc);
		return;
	}
	if (job->feedback_fd >= 0)
		feedback_read(job->feedback_fd, &job->feedback);
	verdict_exited(job, running, &info);
	verdict_output(job, captured);
	if (job->copy_error)
		verdict_broken(job, "--results", job->copy_error);
}

void attempt(struct job *job, int rc)
{
	struct running running;

	if (rc) {
		verdict_broken(job, "cannot start", rc);
		return;
	}
	if (job->run->verbose)
		job_show(job);
	job->ending.started_us = wall_us();
	if (observe_before(job))
		return;
	rc = start_job(job, &running);
	if (rc)
		verdict_not_started(job, rc);
	else
		attempt_running(job, &running);
}
