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

#define OUTPUT_FIRST 4096u
#define OUTPUT_KEEP 65536u	/* of memory, from job to job */
#define CAPTURE_LOOK_MS 50	/* without pidfd: between looks at the job */

#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif

/* ---- One output ---------------------------------------------------------- */

int output_spool(struct output *output, struct spool *spool)
{
	int rc = spool_append(spool, &output->stream, output->data,
			      output->len);

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
		output->len += n;
		from += n;
		len -= n;
	}
	return 0;
}

void output_fini(struct output *output)
{
	free(output->data);
	*output = (struct output){ 0 };
}

int output_take(struct output *output, struct spool *spool, spool_sink *sink,
		void *user)
{
	int rc = spool_take(spool, &output->stream, sink, user);

	if (!rc && output->len)
		rc = sink(user, output->data, output->len);
	output->len = 0;
	if (output->size > OUTPUT_KEEP)
		output_fini(output);
	return rc;
}

/*
 * Read once from a pipe that has something or is at its end, no more than
 * `limit` bytes.  Returns how many, 0 at the end, negative errno.
 */
static ssize_t output_read(struct output *output, int fd, size_t limit,
			   struct spool *spool)
{
	size_t room;
	ssize_t n;
	int rc = output_make_room(output, spool);

	if (rc)
		return rc;
	room = output->size - output->len;
	if (room > limit)
		room = limit;
	do {
		n = read(fd, output->data + output->len, room);
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	output->len += (size_t)n;
	return n;
}

/* ---- A job's two --------------------------------------------------------- */

/* The job has exited: read what is in the pipe now, and no more. */
static int output_drain(struct output *output, int fd, struct spool *spool)
{
	int left = 0;

	if (ioctl(fd, FIONREAD, &left))
		return -errno;
	while (left > 0) {
		ssize_t n = output_read(output, fd, (size_t)left, spool);

		if (n <= 0)
			return (int)n;
		left -= (int)n;
	}
	return 0;
}

static bool job_exited(pid_t pid)
{
	siginfo_t info = { 0 };

	return waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) ||
	       info.si_pid == pid;
}

struct capture {
	struct output *outputs[2];
	struct pollfd fds[3];	/* the pipes, the pidfd; -1: no more */
	pid_t pid;
	struct spool *spool;
};

/* Sleep for the next event; 1: the job has exited. */
static int capture_wait(struct capture *c)
{
	bool has_pidfd = c->fds[2].fd >= 0;
	int n;

	do {
		n = poll(c->fds, 3, has_pidfd ? -1 : CAPTURE_LOOK_MS);
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	if (has_pidfd)
		return c->fds[2].revents != 0;
	return n == 0 && job_exited(c->pid);
}

static int capture_run(struct capture *c)
{
	while (c->fds[0].fd >= 0 || c->fds[1].fd >= 0) {
		int i, rc, exited = capture_wait(c);

		if (exited < 0)
			return exited;
		for (i = 0; i < 2; i++) {
			struct pollfd *pipe = &c->fds[i];
			ssize_t n;

			if (pipe->fd < 0)
				continue;
			if (exited) {
				rc = output_drain(c->outputs[i], pipe->fd,
						  c->spool);
				if (rc)
					return rc;
				continue;
			}
			if (!pipe->revents)
				continue;
			n = output_read(c->outputs[i], pipe->fd, OUTPUT_MEMORY,
					c->spool);
			if (n < 0)
				return (int)n;
			if (n == 0) {
				close(pipe->fd);
				pipe->fd = -1;
			}
		}
		if (exited)
			return 0;
	}
	return 0;
}

int capture(struct output *out, int out_fd, struct output *err, int err_fd,
	    pid_t pid, struct spool *spool, struct fds *fds)
{
	struct capture c = {
		.outputs = { out, err },
		.fds = { { .fd = out_fd, .events = POLLIN },
			 { .fd = err_fd, .events = POLLIN },
			 { .fd = -1, .events = POLLIN } },
		.pid = pid,
		.spool = spool,
	};
	int i, rc;

	/* Without one (an old kernel) the job is looked at now and then. */
	fds_lock(fds);
	c.fds[2].fd = (int)syscall(SYS_pidfd_open, pid, 0);
	fds_unlock(fds);
	rc = capture_run(&c);
	for (i = 0; i < 3; i++)
		if (c.fds[i].fd >= 0)
			close(c.fds[i].fd);
	return rc;
}
