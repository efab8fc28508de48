/* SPDX-License-Identifier: MIT */
/*
 * Stopping: the thread that waits for signals, what runs, and how it ends.
 *
 * The first of INT, TERM, HUP, QUIT (unless it was ignored or blocked when
 * bpool started): no new jobs; the same signal and CONT to each job's
 * session; what is left after the grace, or at a second signal (half a second
 * later, or from a key), is killed; then bpool dies of that signal, once what
 * the jobs had printed is out (or ten more seconds have passed).  A failed
 * write stops the jobs in the same way, with TERM.
 *
 * TSTP suspends the jobs with SIGSTOP, then bpool; CONT lets all go on.
 *
 * A job that is lent the terminal has it from its start to its end, but for
 * the time in which bpool is suspended.  What a key does to it happens to
 * bpool too: it dies of what killed the job, and is suspended where the job
 * was stopped, with its whole group.
 *
 * While it stops, ended jobs are left unreaped: so the number of a session
 * stays that session's, and no signal reaches a stranger.
 */
#ifndef STOP_H
#define STOP_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "fds.h"
#include "mark.h"
#include "stopevent.h"
#include "terminal.h"

struct stop;

struct stop_options {
	int64_t grace_ms;    /* what a stop leaves is killed after this */
	int64_t deadline_ms; /* by now_ms(): then all is stopped; 0: never */
	struct terminal *terminal; /* its settings are put back at the end, or
				    * NULL; must outlive it */
	bool lend;		   /* jobs, of one worker, get it */
};

/*
 * Block the signals in the calling thread, before it makes others, and start
 * the thread.  Up to `workers` jobs run at once and carry `mark`, which must
 * outlive it.  0 or negative errno.
 */
int stop_create(struct stop **stop, unsigned workers,
		const struct stop_options *options, const struct mark *mark,
		struct fds *fds);

/*
 * From now on tell `listener` of each event, on the stop's thread, which waits
 * for it; NULL: nobody, and when this returns, nobody is being told.  The
 * caller holds none of the locks that the listener takes.
 */
void stop_listen(struct stop *stop, stop_listener *listener, void *user);

/*
 * At SIGUSR1 and SIGUSR2, unless the caller ignores or has blocked them, call
 * fn(arg, more) on the stop's thread; `more` is true for the first.  NULL ends
 * that: no call is under way any more then.
 */
void stop_at_slots(struct stop *stop, void (*fn)(void *arg, bool more),
		   void *arg);

/*
 * Once no job may start any more, call fn(arg), at once where that is so
 * already; more than once, maybe, and on any thread, with the stop's lock held.
 * NULL ends that: no call is under way any more then.
 */
void stop_at_close(struct stop *stop, void (*fn)(void *arg), void *arg);

/* What the calling thread had blocked before stop_create(). */
const sigset_t *stop_caller_mask(const struct stop *stop);

/*
 * Where bpool dies of a signal, call fn(arg) on the stop's thread just before,
 * when nobody is left of the jobs that could be killed.  Workers may still be
 * at work on what they printed.
 */
void stop_at_death(struct stop *stop, void (*fn)(void *arg), void *arg);

/* A descriptor that becomes readable when no job may start any more, and stays
 * so. */
int stop_fd(const struct stop *stop);

/* No job may start any more. */
bool stop_is_closed(struct stop *stop);

/* Those that run are being stopped, or will be. */
bool stop_requested(struct stop *stop);

/* ... because the deadline has passed. */
bool stop_is_late(struct stop *stop);

/* The signal of which bpool will die; 0: none so far. */
int stop_dies_of(struct stop *stop);

/* From now on no job starts; those that run go on. */
void stop_starts(struct stop *stop);

/*
 * Stop the jobs.  `sig` is SIGPIPE, of which bpool will die unless it was
 * ignored, or 0, where bpool ends with a status of its own.  Returns at once.
 */
void stop_jobs(struct stop *stop, int sig);

/* Whether bpool, which gets an EPIPE, would have died of SIGPIPE. */
bool stop_dies_of_pipe(const struct stop *stop);

/*
 * Round the start of a job: false where none may start; sleeps while bpool is
 * suspended.  After true, stop_started() must follow, with pid 0 where nothing
 * was started, and else with the number in the job's mark.
 */
bool stop_may_start(struct stop *stop);
void stop_started(struct stop *stop, unsigned worker, pid_t pid, uint64_t job);

/* How many jobs run now. */
unsigned stop_running(struct stop *stop);

/* For how long bpool and its jobs were suspended so far; true: they are. */
bool stop_suspended(struct stop *stop, int64_t *ms);

/*
 * Signal (0: nothing) all that is there of the jobs on the `n` workers, which
 * were not reaped.  Returns how many processes that is.
 */
size_t stop_signal_slots(struct stop *stop, const unsigned *workers, unsigned n,
			 int sig);

/*
 * Sleep until the job that runs on `worker` has exited; how goes to *info.
 * It is then reaped, or, when stopping, left.  0 or negative errno.
 */
int stop_reap(struct stop *stop, unsigned worker, siginfo_t *info);

/*
 * No job runs and none will; all that there was to print is printed.  Where
 * jobs were stopped this sleeps until nobody is left of them; where a signal
 * did it, it does not return.  Else the thread is ended and all is freed.
 */
void stop_destroy(struct stop *stop);

#endif
