/* SPDX-License-Identifier: MIT */
/*
 * The limit on a user's processes (ulimit -u) counts threads too.  Workers
 * that use it up would leave none for what they are to start, and wait for
 * ever: so where the limit is near, it is tried out what there is room for
 * beside them.
 */
#include "crew.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/sysinfo.h>
#include <sys/wait.h>
#include <unistd.h>

#include "message.h"
#include "pace.h"

/* A worker needs little: what is large is on the heap. */
#define WORKER_STACK (256u * 1024)

/* Processes of a job: a shell and one that it starts. */
#define CREW_JOB 2u

/* Jobs made ahead of the workers, at most. */
#define AHEAD_MAX 64u

/* Processes that others may start meanwhile. */
#define CREW_AIR 64u

/* Where so many can be started, the rest is left to start_job(), which
 * tries again. */
#define CREW_TRIES 64u

/* Might processes be short?  No user has more than there are in all. */
static bool crew_limit_is_near(unsigned jobs)
{
	struct rlimit limit;
	struct sysinfo all;

	if (getrlimit(RLIMIT_NPROC, &limit) || limit.rlim_cur == RLIM_INFINITY)
		return false;
	return sysinfo(&all) ||
	       limit.rlim_cur < all.procs + (rlim_t)jobs * 2 + CREW_AIR;
}

/*
 * How many of `n` processes there is room for now, as it seems from the first
 * of them.  One that has ended counts until it is waited for.
 */
static unsigned crew_try_processes(unsigned n)
{
	unsigned most = n < CREW_TRIES ? n : CREW_TRIES, room, i;
	pid_t pids[CREW_TRIES];

	for (room = 0; room < most; room++) {
		pids[room] = fork();
		if (pids[room] == 0)
			_exit(0);
		if (pids[room] < 0)
			break;
	}
	for (i = 0; i < room; i++)
		while (waitpid(pids[i], NULL, 0) < 0 && errno == EINTR)
			;
	return room == most ? n : room;
}

/*
 * That a job has ended is told to the thread which started it.  Blocked there,
 * the signal would wake all who poll for others; let through, it is forgotten,
 * for nobody handles it.
 */
static int worker_started(void *user, unsigned worker)
{
	sigset_t child;

	(void)user;
	(void)worker;
	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	return -pthread_sigmask(SIG_UNBLOCK, &child, NULL);
}

static int crew_try(struct bpool **pool, unsigned n,
		    const struct options *given)
{
	struct bpool_limit_options limit = pace_of_all(given, n);
	size_t ahead = n < AHEAD_MAX ? n : AHEAD_MAX;
	struct bpool_options options = {
		.size = sizeof(options),
		.workers = n,
		.max_in_flight = n + ahead + pace_ahead(given),
		.stack_size = WORKER_STACK,
		.limit = &limit,
		/* With a terminal to lend, it is waited for. */
		.on_worker_start = given->tty ? NULL : worker_started,
		/* Jobs that are tried again are counted elsewhere. */
		.retry_budget = { .share = 1e9 },
	};

	return bpool_create(pool, &options);
}

int crew_create(struct bpool **pool, unsigned jobs,
		const struct options *options)
{
	bool near = crew_limit_is_near(jobs);
	unsigned n = jobs, room;
	int rc;

	for (;;) {
		rc = crew_try(pool, n, options);
		if (rc)
			room = 0;
		else
			room = near ? crew_try_processes(CREW_JOB * n)
				    : CREW_JOB * n;
		if (n == 1 || room == CREW_JOB * n ||
		    (rc && rc != -EAGAIN && rc != -ENOMEM))
			break;
		if (!rc && (rc = bpool_destroy(*pool)) != 0)
			return rc;
		/* Threads and processes, of the same room. */
		n = (n + room) / (1 + CREW_JOB);
		n = n ? n : 1;
	}
	if (!rc && n < jobs && !options->quiet)
		say("%u jobs at once instead of %u: no more threads or "
		    "processes (see ulimit -u)",
		    n, jobs);
	return rc;
}
