/* SPDX-License-Identifier: MIT */
#include "guard.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"
#include "sessions.h"

/* Between looks at those whose lease is over. */
#define GUARD_LOOK_MS 50

/* ... and between looks at the clock, which poll(2) does not see go on while the
 * machine sleeps. */
#define GUARD_CLOCK_MS 250

/* Looks in a row at those that are killed. */
#define GUARD_TRIES 20

int64_t guard_now_us(void)
{
	return clock_us(CLOCK_BOOTTIME);
}

/* ---- In the guard's process -------------------------------------------------- */

struct guarded {
	uint64_t job, since;
	pid_t leader; /* 0: not known yet */
	int64_t until_us;
};

struct guards {
	int fd;
	const struct mark *mark;
	struct fds *fds;
	struct guarded *all;
	size_t n, size;
};

static struct guarded *guards_find(struct guards *g, uint64_t job)
{
	for (size_t i = 0; i < g->n; i++)
		if (g->all[i].job == job)
			return &g->all[i];
	return NULL;
}

/* Without memory for one more it must not run: the end of the guard stops the
 * worker. */
static struct guarded *guards_add(struct guards *g)
{
	size_t size = g->size ? g->size * 2 : 64;
	struct guarded *all;

	if (g->n == g->size) {
		all = realloc(g->all, size * sizeof(*all));
		if (!all)
			_exit(1);
		g->all = all;
		g->size = size;
	}
	return &g->all[g->n++];
}

static void guards_hear(struct guards *g, const struct guard_told *told)
{
	struct guarded *job = guards_find(g, told->job);

	if (told->word == GUARD_BEGINS && !job) {
		job = guards_add(g);
		*job = (struct guarded){ .job = told->job,
					 .until_us = told->until_us };
	} else if (!job) {
		return;
	} else if (told->word == GUARD_RUNS) {
		job->leader = told->leader;
		job->since = told->since;
	} else if (told->word == GUARD_HOLDS) {
		job->until_us = told->until_us;
	} else if (told->word == GUARD_ENDS) {
		*job = g->all[--g->n];
	}
}

/* Kill those whose lease is over at `now`, until nobody is left of them. */
static void guards_kill(struct guards *g, int64_t now)
{
	struct session_past *past;
	size_t i, n = 0;
	int tries = 0;

	for (i = 0; i < g->n; i++)
		n += g->all[i].until_us <= now;
	if (!n)
		return;
	past = calloc(n, sizeof(*past));
	if (!past)
		_exit(1);
	n = 0;
	for (i = 0; i < g->n; i++) {
		const struct guarded *job = &g->all[i];

		if (job->until_us > now)
			continue;
		past[n] = (struct session_past){ .leader = job->leader,
						 .since = job->since,
						 .job = job->job };
		memcpy(past[n++].run, g->mark->run, sizeof(g->mark->run));
	}
	/* Until a look finds nobody, for one may have forked meanwhile; but who
	 * cannot be killed holds up nobody else, and is looked at again. */
	while (sessions_kill(past, n, g->fds) && tries++ < GUARD_TRIES)
		(void)poll(NULL, 0, 1);
	free(past);
}

static int guards_wait_ms(const struct guards *g)
{
	int64_t first = INT64_MAX, us;

	for (size_t i = 0; i < g->n; i++)
		if (g->all[i].until_us < first)
			first = g->all[i].until_us;
	if (first == INT64_MAX)
		return -1;
	us = first - guard_now_us();
	if (us <= 0)
		return 0;
	return us / 1000 >= GUARD_CLOCK_MS ? GUARD_CLOCK_MS
					   : (int)(us / 1000) + 1;
}

/*
 * All there is to hear is heard before anybody is killed.  A job whose lease is
 * over stays in the list, until the worker says that it has ended: it might have
 * been about to start.
 */
static void guards_watch(struct guards *g)
{
	struct pollfd in = { .fd = g->fd, .events = POLLIN };
	struct guard_told told;
	ssize_t n;

	for (;;) {
		int wait = guards_wait_ms(g);

		/* Those that are over are looked at again, not without end. */
		if (wait == 0)
			wait = GUARD_LOOK_MS;
		(void)poll(&in, 1, wait);
		while ((n = read(g->fd, &told, sizeof(told))) ==
		       (ssize_t)sizeof(told))
			guards_hear(g, &told);
		if (n == 0)
			break;
		guards_kill(g, guard_now_us());
	}
	guards_kill(g, INT64_MAX);
}

static void guard_only(int in, const struct mark *mark, struct fds *fds)
	__attribute__((noreturn));

static void guard_only(int in, const struct mark *mark, struct fds *fds)
{
	struct guards guards = { .mark = mark, .fds = fds };
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	sigset_t all;

	(void)setsid();
	sigfillset(&all);
	(void)sigprocmask(SIG_BLOCK, &all, NULL);
	/* Who waits for the end of the worker's output, or of another descriptor of
	 * its caller's, does not wait for this. */
	for (int fd = STDIN_FILENO; null >= 0 && fd <= STDERR_FILENO; fd++)
		(void)dup2(null, fd);
	guards.fd = STDERR_FILENO + 1;
	if (in != guards.fd && dup2(in, guards.fd) < 0)
		_exit(1);
	(void)close_range((unsigned)guards.fd + 1, ~0u, 0);
	guards_watch(&guards);
	_exit(0);
}

/* ---- In the worker's ----------------------------------------------------------- */

int guard_create(struct guard *guard, const struct mark *mark, struct fds *fds)
{
	int ends[2], status, rc;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC))
		return -errno;
	(void)fcntl(ends[0], F_SETFL, O_NONBLOCK);
	/* One that hears nothing any more is as good as gone. */
	(void)fcntl(ends[1], F_SETFL, O_NONBLOCK);
	pid = fork();
	rc = -errno;
	if (pid == 0) {
		/* By a process that ends, so that it is nobody's child here. */
		close(ends[1]);
		pid = fork();
		if (pid == 0)
			guard_only(ends[0], mark, fds);
		_exit(pid < 0 ? 1 : 0);
	}
	close(ends[0]);
	if (pid > 0) {
		while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
			;
		rc = status ? -EAGAIN : 0;
	}
	if (rc) {
		close(ends[1]);
		return rc;
	}
	guard->fd = ends[1];
	return 0;
}

void guard_destroy(struct guard *guard)
{
	close(guard->fd);
}

int guard_tell(const struct guard *guard, const struct guard_told *told)
{
	ssize_t n;

	do
		n = write(guard->fd, told, sizeof(*told));
	while (n < 0 && errno == EINTR);
	/* Less than PIPE_BUF is written whole. */
	return n < 0 ? -errno : 0;
}
