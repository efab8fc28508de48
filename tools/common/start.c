/* SPDX-License-Identifier: MIT */
/* Starting a job.  See start.h. */
#include "start.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdatomic.h>
#include <unistd.h>

#include "message.h"

#define START_WAIT_FIRST_MS 10 /* before it is tried again; doubles */
#define START_WAIT_MAX_MS 1000
#define START_TRIES 10 /* while no other job runs that could end: 3 s */

bool start_may_go_better(int error)
{
	return error == -EAGAIN || error == -ENOMEM || error == -EMFILE ||
	       error == -ENFILE;
}

static void pipe_close(const int ends[2])
{
	if (ends[0] >= 0) {
		close(ends[0]);
		close(ends[1]);
	}
}

static int start_pipes(struct run *run, int out[2], int err[2])
{
	int rc = 0;

	out[0] = out[1] = err[0] = err[1] = -1;
	if (run->ungroup)
		return 0;
	fds_lock(run->fds);
	if (pipe2(out, O_CLOEXEC) || pipe2(err, O_CLOEXEC))
		rc = -errno;
	fds_unlock(run->fds);
	if (rc)
		pipe_close(out);
	return rc;
}

/* Once; -ECANCELED when none may start any more. */
static int start_process(struct job *job, struct running *running)
{
	struct surroundings around = {
		.environment = job->environment.all,
		.directory = job->directory,
		.keep = job->feedback_fd,
		.keep_as = job->run->fds->spare,
	};
	struct run *run = job->run;
	struct spawned spawned;
	int out[2], err[2], rc;
	unsigned at_once;

	rc = start_pipes(run, out, err);
	if (rc)
		return rc;
	if (!stop_may_start(run->stop)) {
		pipe_close(out);
		pipe_close(err);
		return -ECANCELED;
	}
	at_once = tally_starting(run->tally);
	rc = spawner_start(run->spawner, &job->command, &around, out[1], err[1],
			   &spawned);
	stop_started(run->stop, job->slot, rc ? 0 : spawned.pid, job->marked);
	if (rc) {
		tally_not_started(run->tally);
		pipe_close(out);
		pipe_close(err);
		return rc;
	}
	if (!run->ungroup) {
		close(out[1]);
		close(err[1]);
	}
	*running = (struct running){
		.pid = spawned.pid,
		.out_fd = out[0],
		.err_fd = err[0],
		.script_fd = spawned.script_fd,
		.direct_error = spawned.direct_error,
		.at_once = at_once,
	};
	return 0;
}

/*
 * The same, of many one by one.  A child begins with all that is open, also the
 * ends of pipes that other jobs are to write to.  It has them until it executes its
 * program, and where hundreds are to do that, it waits for a CPU for so long that
 * those jobs are over, and seem to have left somebody behind.
 */
static int start_try(struct job *job, struct running *running)
{
	struct run *run = job->run;
	int rc;

	if (run->crowded)
		pthread_mutex_lock(&run->starts);
	rc = start_process(job, running);
	if (run->crowded)
		pthread_mutex_unlock(&run->starts);
	return rc;
}

/* Whoever starts it has to know what it waits for; once a run will do. */
static void start_tell(struct run *run)
{
	if (!run->quiet && !atomic_flag_test_and_set(&run->waits_told))
		say("no more processes, waiting for some to end (see ulimit "
		    "-u)");
}

int start_job(struct job *job, struct running *running)
{
	struct stop *stop = job->run->stop;
	struct pollfd stopping = { .fd = stop_fd(stop), .events = POLLIN };
	atomic_bool *hopeless = &job->run->hopeless;
	int ms = START_WAIT_FIRST_MS, tries = 0, rc;
	bool alone;

	for (;;) {
		rc = start_try(job, running);
		if (rc == 0)
			atomic_store(hopeless, false);
		if (!start_may_go_better(rc))
			return rc;
		alone = !stop_running(stop);
		tries += alone;
		if (alone && rc != -EAGAIN &&
		    (tries >= START_TRIES || atomic_load(hopeless))) {
			atomic_store(hopeless, true);
			return rc;
		}
		if (alone && tries >= START_TRIES)
			start_tell(job->run);
		(void)poll(&stopping, 1, ms);
		ms = ms * 2 < START_WAIT_MAX_MS ? ms * 2 : START_WAIT_MAX_MS;
	}
}
