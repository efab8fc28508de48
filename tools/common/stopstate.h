/* SPDX-License-Identifier: MIT */
/* What stop.c and its thread share.  For those two alone; see stop.h. */
#ifndef STOPSTATE_H
#define STOPSTATE_H

#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

#include "fds.h"
#include "sessions.h"
#include "stopevent.h"
#include "terminal.h"

struct stop {
	struct fds *fds;	   /* fixed */
	const struct mark *mark;   /* fixed */
	sigset_t caller_mask;	   /* fixed */
	sigset_t signals;	   /* fixed: those waited for */
	sigset_t slot_signals;	   /* fixed: USR1, USR2 */
	bool dies_of_pipe;	   /* fixed */
	struct terminal *terminal; /* fixed; NULL: none */
	bool lent;		   /* fixed: jobs get it, one at a time */
	int64_t grace_ms;	   /* fixed */
	int64_t deadline_ms;	   /* fixed: when all ends; 0: never */
	int signal_fd;		   /* fixed */
	int request_fd;		   /* fixed; wakes the thread */
	int suspend_fd; /* fixed; readable while TSTP is pending; or -1 */
	int slot_fd;	/* fixed; USR1, USR2; or -1 */
	int child_fd;	/* fixed; SIGCHLD, where a job may be stopped; or -1 */
	int closed_fd;	/* fixed; see stop_fd() */
	pthread_t thread;
	pthread_mutex_t hearing; /* guards the next four, held while one is
				  * told; the report's is tried under it */
	stop_listener *listener; /* or NULL */
	void *listener_user;
	void (*slots)(void *arg, bool more); /* or NULL */
	void *slots_arg;
	pthread_mutex_t lock;	/* guards what follows; the terminal's lock
				 * and the fds' are taken under it */
	pthread_cond_t resumed; /* `suspended` is over */
	bool closed;		/* no job starts; never false again */
	bool stopping;		/* those that run are stopped; the same */
	bool requested;		/* by stop_jobs() */
	bool printed;		/* stop_destroy() was called */
	bool late;		/* the deadline has passed */
	bool suspended;		/* no job starts just now */
	int64_t suspended_ms;	/* for so long in all */
	int job_signal;		/* when stopping: what jobs get */
	int own_signal;		/* ... and what bpool dies of; 0: nothing */
	int64_t signal_ms;	/* the thread's: when the first was passed
				 * on, or 0 */
	unsigned starting;	/* jobs between may_start and started */
	unsigned running;
	unsigned workers;	  /* fixed */
	struct session *sessions; /* by worker; leader 0: none */
	struct session *chosen;	  /* the thread's: the same, without 0 */
	void (*last)(void *arg);  /* see stop_at_death(); NULL: nothing */
	void *last_arg;
	void (*ending)(void *arg); /* see stop_at_close(); NULL: nothing */
	void *ending_arg;
};

/* Make the eventfd readable. */
void stop_raise_event(int fd);

/* With the lock held: no job starts any more. */
void stop_close(struct stop *stop);

/* The thread that waits for signals and for the deadline. */
void *stop_thread(void *stop);

#endif
