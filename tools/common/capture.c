/* SPDX-License-Identifier: MIT */
/* What a job prints.  See capture.h. */
#include "capture.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"
#include "io.h"

#define OUTPUT_FIRST 4096u
#define OUTPUT_KEEP 65536u    /* of memory, from job to job */
#define CAPTURE_WATCH_MS 50   /* before the job itself is watched */
#define CAPTURE_LOOK_MS 50    /* without pidfd: between looks at the job */
#define CAPTURE_LINGER_MS 500 /* for what a job leaves behind to end */

#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif

/* ---- One output ---------------------------------------------------------- */

int output_spool(struct output *output, struct spool *spool)
{
	int rc =
		spool_append(spool, &output->stream, output->data, output->len);

	if (!rc)
		output->len = 0;
	return rc;
}

/* Make room for one byte at least. */
static int output_make_room(struct output *output, struct spool *spool)
{
	size_t size = output->size ? output->size * 2 : OUTPUT_FIRST;
	char *data;

	if (output->len < output->size)
		return 0;
	if (output->size >= OUTPUT_MEMORY)
		return output_spool(output, spool);
	data = realloc(output->data, size);
	if (!data)
		return -ENOMEM;
	output->data = data;
	output->size = size;
	return 0;
}

/* `len` bytes, one at least, were put behind those that were there. */
static void output_added(struct output *output, size_t len)
{
	output->len += len;
	output->last = output->data[output->len - 1];
}

int output_append(struct output *output, struct spool *spool, const void *data,
		  size_t len)
{
	const char *from = data;

	while (len) {
		size_t n;
		int rc = output_make_room(output, spool);

		if (rc)
			return rc;
		n = output->size - output->len;
		if (n > len)
			n = len;
		memcpy(output->data + output->len, from, n);
		output_added(output, n);
		from += n;
		len -= n;
	}
	return 0;
}

void output_fini(struct output *output)
{
	/* It does not see that the next line takes the pointer away.
	 * NOLINTNEXTLINE(clang-analyzer-unix.Malloc) */
	free(output->data);
	*output = (struct output){ 0 };
}

void output_forget(struct output *output)
{
	output->stream = (struct spool_stream){ 0 };
	output->len = 0;
	output->last = '\0';
}

int output_take(struct output *output, struct spool *spool, spool_sink *sink,
		void *user)
{
	int rc = spool_take(spool, &output->stream, sink, user);

	if (!rc && output->len)
		rc = sink(user, output->data, output->len);
	output_forget(output);
	if (output->size > OUTPUT_KEEP)
		output_fini(output);
	return rc;
}

static int sink_none(void *user, const char *data, size_t len)
{
	(void)user;
	(void)data;
	(void)len;
	return 0;
}

void output_drop(struct output *output, struct spool *spool)
{
	(void)output_take(output, spool, sink_none, NULL);
	output_fini(output);
}

void output_rest(struct output *output, struct spool *spool)
{
	if (output->len && output_spool(output, spool))
		return;
	free(output->data);
	output->data = NULL;
	output->size = 0;
}

int output_take_lines(struct output *output, struct spool *spool,
		      spool_sink *sink, void *user)
{
	const char *newline =
		output->len ? memrchr(output->data, '\n', output->len) : NULL;
	size_t whole;
	int rc;

	if (!newline)
		return 0;
	whole = (size_t)(newline + 1 - output->data);
	rc = spool_take(spool, &output->stream, sink, user);
	if (!rc)
		rc = sink(user, output->data, whole);
	output->len -= whole;
	memmove(output->data, output->data + whole, output->len);
	return rc;
}

/* Append with the tag before each line. */
static int output_append_tagged(struct output *output, struct spool *spool,
				const char *tag, const char *data, size_t len)
{
	size_t tag_len = strlen(tag);
	int rc = 0;

	while (!rc && len) {
		const char *newline = memchr(data, '\n', len);
		size_t n = newline ? (size_t)(newline + 1 - data) : len;

		if (!output->last || output->last == '\n')
			rc = output_append(output, spool, tag, tag_len);
		if (!rc)
			rc = output_append(output, spool, data, n);
		data += n;
		len -= n;
	}
	return rc;
}

/* ---- A job's two --------------------------------------------------------- */

struct pipe {
	struct output *output;
	int lost;   /* why the rest is dropped, or 0 */
	uint64_t n; /* bytes that came */
};

struct capture {
	struct pipe pipes[2];
	struct pollfd fds[3]; /* the pipes, the pidfd; -1: no more */
	pid_t pid;
	struct capture_how *how;
	struct spool *spool;
	struct fds *all_fds;
	bool watched;	  /* the job is, from until_ms on */
	bool exited;	  /* the job has */
	int64_t until_ms; /* ... and who holds its pipes may write */
};

/* Read once; what came goes to where it is copied to.  How many, 0 at the end,
 * negative errno. */
static ssize_t pipe_read_to(struct capture *c, int i, char *to, size_t room)
{
	ssize_t n;

	do {
		n = read(c->fds[i].fd, to, room);
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	c->pipes[i].n += (uint64_t)n;
	if (c->how->tail)
		tail_add(c->how->tail, to, (size_t)n);
	if (c->how->copy[i] >= 0 && !c->how->copy_error)
		c->how->copy_error = write_all(c->how->copy[i], to, (size_t)n);
	return n;
}

/* What is to have tags, or cannot be kept: dropped, so that its writer goes
 * on.  Not inlined: most jobs have no need of so much stack. */
__attribute__((noinline)) static ssize_t pipe_read_aside(struct capture *c,
							 int i, size_t limit)
{
	struct pipe *pipe = &c->pipes[i];
	char aside[16384];
	size_t room = sizeof(aside);
	ssize_t n = pipe_read_to(c, i, aside, limit < room ? limit : room);

	if (n > 0 && !pipe->lost)
		pipe->lost = output_append_tagged(pipe->output, c->spool,
						  c->how->tags[i], aside,
						  (size_t)n);
	return n;
}

/* Read once, no more than `limit` bytes.  As pipe_read_to(). */
static ssize_t pipe_read(struct capture *c, int i, size_t limit)
{
	struct pipe *pipe = &c->pipes[i];
	struct output *output = pipe->output;
	size_t room;
	ssize_t n;

	if (!pipe->lost && !c->how->tags[i])
		pipe->lost = output_make_room(output, c->spool);
	if (pipe->lost || c->how->tags[i])
		return pipe_read_aside(c, i, limit);
	room = output->size - output->len;
	n = pipe_read_to(c, i, output->data + output->len,
			 limit < room ? limit : room);
	if (n > 0)
		output_added(output, (size_t)n);
	return n;
}

/* Bytes that are in the pipe now; negative errno. */
static int pipe_holds(const struct capture *c, int i)
{
	int n = 0;

	return ioctl(c->fds[i].fd, FIONREAD, &n) ? -errno : n;
}

/* Read what is in the pipe now, and no more. */
static int pipe_drain(struct capture *c, int i)
{
	int left = pipe_holds(c, i);

	while (left > 0) {
		ssize_t n = pipe_read(c, i, (size_t)left);

		if (n <= 0)
			return (int)n;
		left -= (int)n;
	}
	return left;
}

static bool job_exited(pid_t pid)
{
	siginfo_t info = { 0 };

	return waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) ||
	       info.si_pid == pid;
}

/*
 * Most jobs are over soon, and their pipes at their end with them: what tells
 * that a job has exited is not made before a while.  Without one (an old
 * kernel) the job is looked at now and then.
 */
static void capture_watch(struct capture *c)
{
	if (c->watched || now_ms() < c->until_ms)
		return;
	c->watched = true;
	fds_lock(c->all_fds);
	c->fds[2].fd = (int)syscall(SYS_pidfd_open, c->pid, 0);
	fds_unlock(c->all_fds);
}

/* See whether the job has exited; from then on time is short. */
static void capture_look(struct capture *c)
{
	struct pollfd *pidfd = &c->fds[2];

	if (c->exited || !c->watched ||
	    !(pidfd->fd >= 0 ? pidfd->revents != 0 : job_exited(c->pid)))
		return;
	c->exited = true;
	c->until_ms = now_ms() + CAPTURE_LINGER_MS;
	if (pidfd->fd >= 0)
		close(pidfd->fd);
	pidfd->fd = -1;
}

/* How long poll(2) may sleep; -1: for ever. */
static int capture_patience(const struct capture *c)
{
	int64_t left = c->until_ms - now_ms();

	if (c->watched && !c->exited)
		return c->fds[2].fd >= 0 ? -1 : CAPTURE_LOOK_MS;
	return left > 0 ? (int)left : 0;
}

/* Sleep for the next event; 1: no more are waited for. */
static int capture_wait(struct capture *c)
{
	int n;

	do {
		n = poll(c->fds, 3, capture_patience(c));
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	capture_look(c);
	capture_watch(c);
	return c->exited && now_ms() >= c->until_ms;
}

/* What the pipe has, when `over` all of it; closes it at its end. */
static int capture_read(struct capture *c, int i, bool over)
{
	struct pollfd *pipe = &c->fds[i];
	ssize_t n;

	if (pipe->fd < 0)
		return 0;
	if (over)
		return pipe_drain(c, i);
	if (!pipe->revents)
		return 0;
	/* Hung up, and nothing in it: most jobs print nothing.  Not by what
	 * poll(2) says, which looks at the bytes before it looks at who may
	 * write, so that there may be more by then. */
	n = pipe->revents & POLLIN ? 1 : pipe_holds(c, i);
	if (n > 0)
		n = pipe_read(c, i, OUTPUT_MEMORY);
	if (n)
		return n < 0 ? (int)n : 0;
	close(pipe->fd);
	pipe->fd = -1;
	return 0;
}

static int capture_run(struct capture *c)
{
	while (c->fds[0].fd >= 0 || c->fds[1].fd >= 0) {
		int over = capture_wait(c), i;

		for (i = 0; over >= 0 && i < 2; i++) {
			int rc = capture_read(c, i, over);

			if (rc)
				return rc;
		}
		if (c->how->arrived)
			c->how->arrived(c->how->user);
		if (over)
			return over < 0 ? over : 0;
	}
	return 0;
}

/* One was given up and is not at its end: somebody may still write to it. */
static bool capture_is_held(struct capture *c)
{
	int i;

	if (c->fds[0].fd < 0 && c->fds[1].fd < 0)
		return false;
	if (poll(c->fds, 2, 0) < 0)
		return false;
	for (i = 0; i < 2; i++)
		if (c->fds[i].fd >= 0 && !(c->fds[i].revents & POLLHUP))
			return true;
	return false;
}

int capture(struct output *out, int out_fd, struct output *err, int err_fd,
	    pid_t pid, struct capture_how *how, struct spool *spool,
	    struct fds *fds)
{
	struct capture c = {
		.pipes = { { .output = out }, { .output = err } },
		.fds = { { .fd = out_fd, .events = POLLIN },
			 { .fd = err_fd, .events = POLLIN },
			 { .fd = -1, .events = POLLIN } },
		.pid = pid,
		.how = how,
		.spool = spool,
		.all_fds = fds,
		.until_ms = now_ms() + CAPTURE_WATCH_MS,
	};
	bool held;
	int i, rc;

	rc = capture_run(&c);
	held = capture_is_held(&c);
	for (i = 0; i < 3; i++)
		if (c.fds[i].fd >= 0)
			close(c.fds[i].fd);
	for (i = 0; !rc && i < 2; i++) {
		rc = c.pipes[i].lost;
		how->spool_failed = rc && rc != -ENOMEM;
	}
	how->nout = c.pipes[0].n;
	how->nerr = c.pipes[1].n;
	return rc ? rc : held;
}
