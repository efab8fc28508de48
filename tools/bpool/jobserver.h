/* SPDX-License-Identifier: MIT */
/*
 * GNU make's jobserver: a pipe with a byte in it, a token, for each job that
 * may run beside the first.  The first needs none: the process has one from
 * who started it, the implicit token.
 *
 * While n > 0 jobs run, this holds n - 1 bytes and uses the implicit token.  It
 * gives back the bytes that it took: they need not be alike.
 *
 * The pipe is opened again, not to wait in a read() for a byte that somebody
 * else got: a descriptor that was passed on is everybody's, and O_NONBLOCK
 * would be too.
 */
#ifndef JOBSERVER_H
#define JOBSERVER_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

#include "fds.h"
#include "makeflags.h"

struct jobserver {
	struct fds *fds;      /* fixed */
	int fd;		      /* fixed before jobs start: the pipe, opened by
			       * us for both; -1: every job may start */
	int implicit_fd;      /* the same; an eventfd, readable while the
			       * implicit token is free */
	int ends[2];	      /* the same; what jobs get; -1: nothing */
	char *auth;	      /* the same; where jobs find it; NULL: where
			       * bpool did, or nowhere */
	pthread_mutex_t lock; /* guards what follows; fds' is taken under it */
	unsigned char *bytes; /* taken, not given back */
	size_t held;	      /* ... how many */
	char *directory;      /* made for a fifo; NULL: none */
	bool ended;	      /* never false again */
};

/* One that lets every job start. */
void jobserver_init(struct jobserver *js, struct fds *fds);

/*
 * Take part in another's.  Called before bpool opens anything, which could
 * get the number of a descriptor that make has closed.
 *
 * -EBADF    the descriptors are closed, or no pipe of a jobserver
 * -EINVAL   the path is no fifo
 * others    of open(2)
 */
int jobserver_join(struct jobserver *js, const struct makeflags *flags);

/*
 * Be one, with `n` tokens of which the first is implicit: by a pipe whose ends
 * jobs inherit, or by a fifo in a new directory in `parent` where that is not
 * NULL.  It is there until jobserver_end().
 *
 * -ENOBUFS   the pipe does not take so many
 * others     of pipe(2), mkdtemp(3), mkfifo(3), open(2)
 */
int jobserver_serve(struct jobserver *js, unsigned n, const char *parent);

bool jobserver_is_open(const struct jobserver *js);

/*
 * Sleep until there is a token for a job that wants to start; false: the
 * descriptor `stop_fd` has become readable meanwhile, or this has ended.
 */
bool jobserver_take(struct jobserver *js, int stop_fd);

/* A job has ended that a token was taken for. */
void jobserver_give(struct jobserver *js);

/*
 * Give back what is held, remove what was made; no more is taken.  Any thread,
 * any number of times.
 */
void jobserver_end(struct jobserver *js);

/* That, and free it. */
void jobserver_fini(struct jobserver *js);

#endif
