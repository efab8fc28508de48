/* SPDX-License-Identifier: MIT */
/*
 * The controlling terminal: whose process group is in its foreground, and
 * what its settings are.  Knows groups, but no jobs.
 *
 * The foreground is never taken from strangers: bpool gives away what it has,
 * and takes back what its own descendants have.  Where it has not got it, it
 * waits as any background job that wants the terminal: stopped, with its whole
 * group, until a shell brings it to the foreground.
 */
#ifndef TERMINAL_H
#define TERMINAL_H

#include <pthread.h>
#include <stdbool.h>
#include <sys/types.h>
#include <termios.h>

#include "fds.h"

struct terminal {
	int fd;			     /* fixed */
	pid_t own;		     /* fixed: bpool's process group */
	pthread_mutex_t lock;	     /* guards what follows; no other lock is
				       * taken under it */
	pid_t group;		     /* of the job that gets it; 0: none */
	bool known;		     /* bpool has seen its settings ... */
	struct termios settings;     /* ... which are to be again */
	bool suspended;		     /* the job's were put aside ... */
	struct termios job_settings; /* ... here */
};

/*
 * Open it and see its settings.  With `lend` bpool wants it in the foreground
 * and sleeps, stopped, while it is not; before it makes other threads, as
 * signals are to end that.  Without, settings are only seen where it is.
 *
 * -ENXIO   there is none
 * -EIO     bpool is in the background, with nobody to change that
 * or what open(2) failed with
 */
int terminal_open(struct terminal *terminal, bool lend, struct fds *fds);

/* Its settings are put back, if bpool has it. */
void terminal_close(struct terminal *terminal);

/*
 * Sleep, stopped, until bpool or something that it started has it; false:
 * `stop_fd` has become readable instead.
 */
bool terminal_await(struct terminal *terminal, int stop_fd);

/* Give it to the group of a job, which must not be reaped before
 * terminal_take(). */
void terminal_give(struct terminal *terminal, pid_t group);

/*
 * The job has been stopped for it was not in the foreground.  If it can be,
 * or is now, it goes on; false: bpool has not got the terminal.
 */
bool terminal_give_again(struct terminal *terminal);

/* The job has ended: take it back, and put back its settings.  Where somebody
 * else has it, nothing is done. */
void terminal_take(struct terminal *terminal);

/* The same, but the job will want it again, with the settings it had. */
void terminal_suspend(struct terminal *terminal);

/* bpool has got it again: so does the job that was suspended, if there is
 * still one, which goes on then.  False: it does not. */
bool terminal_resume(struct terminal *terminal);

#endif
