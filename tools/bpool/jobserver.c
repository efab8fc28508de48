/* SPDX-License-Identifier: MIT */
/* GNU make's jobserver.  See jobserver.h. */
#include "jobserver.h"

#include <boundpool.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <unistd.h>

/* Scripts redirect the descriptors below (exec 3<file). */
#define JOBSERVER_FD_MIN 10

#define JOBSERVER_FIFO "/jobserver"

void jobserver_init(struct jobserver *js, struct fds *fds)
{
	*js = (struct jobserver){
		.fds = fds,
		.fd = -1,
		.implicit_fd = -1,
		.ends = { -1, -1 },
		.lock = PTHREAD_MUTEX_INITIALIZER,
	};
}

bool jobserver_is_open(const struct jobserver *js)
{
	return js->fd >= 0;
}

static void fd_close(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

/* What jobserver_open() has opened. */
static void jobserver_close(struct jobserver *js)
{
	fd_close(&js->fd);
	fd_close(&js->implicit_fd);
	free(js->bytes);
	js->bytes = NULL;
}

/* ---- Opening --------------------------------------------------------------- */

/* Open the fifo or the pipe at `path`, for both; fds' lock is held. */
static int jobserver_open(struct jobserver *js, const char *path)
{
	struct stat st;
	int rc;

	/* Not to open a device, which may do something. */
	if (stat(path, &st))
		return -errno;
	if (!S_ISFIFO(st.st_mode))
		return -EINVAL;
	js->bytes = malloc(BPOOL_WORKERS_MAX);
	js->implicit_fd = eventfd(1, EFD_CLOEXEC | EFD_NONBLOCK);
	js->fd = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (js->bytes && js->implicit_fd >= 0 && js->fd >= 0)
		return 0;
	rc = -errno;
	jobserver_close(js);
	return rc;
}

/* The pipe that a descriptor of ours is of. */
static int jobserver_open_fd(struct jobserver *js, int fd)
{
	char path[40];

	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return jobserver_open(js, path);
}

/* Both ends of one pipe, and the right way round? */
static bool is_pipe(const int ends[2])
{
	int from = fcntl(ends[0], F_GETFL), to = fcntl(ends[1], F_GETFL);
	struct stat a, b;

	return from >= 0 && to >= 0 && (from & O_ACCMODE) != O_WRONLY &&
	       (to & O_ACCMODE) != O_RDONLY && fstat(ends[0], &a) == 0 &&
	       fstat(ends[1], &b) == 0 && S_ISFIFO(a.st_mode) &&
	       a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

int jobserver_join(struct jobserver *js, const struct makeflags *flags)
{
	int rc;

	fds_lock(js->fds);
	if (flags->fifo)
		rc = jobserver_open(js, flags->fifo);
	else if (is_pipe(flags->ends))
		rc = jobserver_open_fd(js, flags->ends[0]);
	else
		rc = -EBADF;
	fds_unlock(js->fds);
	return rc;
}

/* ---- Serving --------------------------------------------------------------- */

static int jobserver_fill(struct jobserver *js, unsigned n)
{
	while (n--) {
		ssize_t written;

		do {
			written = write(js->fd, "+", 1);
		} while (written < 0 && errno == EINTR);
		if (written < 0)
			return errno == EAGAIN ? -ENOBUFS : -errno;
	}
	return 0;
}

/* A pipe, whose ends are for jobs; fds' lock is held. */
static int serve_pipe(struct jobserver *js)
{
	int made[2], i, rc = 0;

	if (pipe2(made, O_CLOEXEC))
		return -errno;
	for (i = 0; !rc && i < 2; i++) {
		js->ends[i] = fcntl(made[i], F_DUPFD, JOBSERVER_FD_MIN);
		if (js->ends[i] < 0)
			rc = -errno;
	}
	close(made[0]);
	close(made[1]);
	if (!rc)
		rc = jobserver_open_fd(js, js->ends[0]);
	if (!rc && asprintf(&js->auth, "%d,%d", js->ends[0], js->ends[1]) < 0) {
		js->auth = NULL;
		rc = -ENOMEM;
	}
	return rc;
}

/*
 * Where a directory may be made that everybody finds by a name in MAKEFLAGS:
 * from any other, and without quoting, which not all undo.
 */
static char *fifo_parent(const char *parent)
{
	static const char safe[] = "abcdefghijklmnopqrstuvwxyz"
				   "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				   "_@%+:,./-";
	char *path = realpath(parent, NULL);

	if (path && path[strspn(path, safe)]) {
		free(path);
		path = strdup("/tmp");
	}
	return path;
}

/* A fifo in a directory of its own; fds' and our lock are held. */
static int serve_fifo(struct jobserver *js, const char *parent)
{
	char *path = fifo_parent(parent);
	int rc = 0;

	if (!path)
		return -errno;
	if (asprintf(&js->directory, "%s/bpool-XXXXXX", path) < 0) {
		js->directory = NULL;
		rc = -ENOMEM;
	} else if (!mkdtemp(js->directory)) {
		rc = -errno;
		free(js->directory);
		js->directory = NULL;
	}
	free(path);
	if (!rc &&
	    asprintf(&js->auth, "fifo:%s" JOBSERVER_FIFO, js->directory) < 0) {
		js->auth = NULL;
		rc = -ENOMEM;
	}
	if (rc)
		return rc;
	path = js->auth + strlen("fifo:");
	if (mkfifo(path, 0600))
		return -errno;
	return jobserver_open(js, path);
}

int jobserver_serve(struct jobserver *js, unsigned n, const char *parent)
{
	int rc;

	pthread_mutex_lock(&js->lock);
	fds_lock(js->fds);
	if (js->ended)
		rc = -ECANCELED;
	else
		rc = parent ? serve_fifo(js, parent) : serve_pipe(js);
	fds_unlock(js->fds);
	if (!rc)
		rc = jobserver_fill(js, n - 1);
	pthread_mutex_unlock(&js->lock);
	return rc;
}

/* ---- Tokens ---------------------------------------------------------------- */

/*
 * Write a byte back.  A pipe that is full, the one thing that can be in the
 * way, has no need of it.
 */
static void byte_give(const struct jobserver *js, unsigned char byte)
{
	ssize_t n;

	do {
		n = write(js->fd, &byte, 1);
	} while (n < 0 && errno == EINTR);
}

/* 1: there was a token; 0: not now; -1: none any more.  Never sleeps. */
static int jobserver_try(struct jobserver *js)
{
	uint64_t implicit;
	int got = 0;

	pthread_mutex_lock(&js->lock);
	if (js->ended) {
		got = -1;
	} else if (read(js->implicit_fd, &implicit, sizeof(implicit)) > 0) {
		got = 1;
	} else if (read(js->fd, &js->bytes[js->held], 1) == 1) {
		js->held++;
		got = 1;
	}
	pthread_mutex_unlock(&js->lock);
	return got;
}

bool jobserver_take(struct jobserver *js, int stop_fd)
{
	struct pollfd fds[] = {
		{ .fd = stop_fd, .events = POLLIN },
		{ .fd = js->implicit_fd, .events = POLLIN },
		{ .fd = js->fd, .events = POLLIN },
	};
	int got;

	if (!jobserver_is_open(js))
		return true;
	while ((got = jobserver_try(js)) == 0)
		if (poll(fds, 3, -1) > 0 && fds[0].revents)
			return false;
	return got > 0;
}

void jobserver_give(struct jobserver *js)
{
	uint64_t implicit = 1;

	if (!jobserver_is_open(js))
		return;
	pthread_mutex_lock(&js->lock);
	/* Bytes first: what still runs has the implicit token then. */
	if (js->held)
		byte_give(js, js->bytes[--js->held]);
	else if (!js->ended)
		(void)!write(js->implicit_fd, &implicit, sizeof(implicit));
	pthread_mutex_unlock(&js->lock);
}

void jobserver_end(struct jobserver *js)
{
	pthread_mutex_lock(&js->lock);
	js->ended = true;
	while (js->held)
		byte_give(js, js->bytes[--js->held]);
	if (js->directory) {
		if (js->auth)
			(void)unlink(js->auth + strlen("fifo:"));
		(void)rmdir(js->directory);
		free(js->directory);
		js->directory = NULL;
	}
	pthread_mutex_unlock(&js->lock);
}

void jobserver_fini(struct jobserver *js)
{
	jobserver_end(js);
	jobserver_close(js);
	fd_close(&js->ends[0]);
	fd_close(&js->ends[1]);
	free(js->auth);
	pthread_mutex_destroy(&js->lock);
}
