/* SPDX-License-Identifier: MIT */
#include "eventfile.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io.h"
#include "message.h"
#include "text.h"
#include "units.h"

#define READER_MS 50 /* between looks for one */

const struct eventfile_form eventfile_lines = { .option = "--events" };

static int target_say(const struct eventfile_form *form, const char *target,
		      const char *why)
{
	char shown[200];

	say("%s %s: %s", form->option, escaped(shown, sizeof(shown), target),
	    why);
	return -EINVAL;
}

static int eventfile_say(struct eventfile *file, int error)
{
	if (!file->failed)
		(void)target_say(file->form, file->target,
				 error == -ELOOP ? "is a symbolic link"
						 : strerror(-error));
	file->failed = true;
	return error;
}

/* N of "fd:N" to *fd, -1 where it is the name of a file; or -EINVAL. */
static int target_read(const char *target, int *fd)
{
	unsigned n;

	if (strncmp(target, "fd:", 3) != 0) {
		*fd = -1;
		return 0;
	}
	if (count_read(target + 3, 0, INT32_MAX, &n))
		return -EINVAL;
	*fd = (int)n;
	return 0;
}

int eventfile_take(const char *target, const struct eventfile_form *form)
{
	int fd, mode, flags, rc = target_read(target, &fd);

	if (rc)
		return target_say(form, target,
				  "not the number of a descriptor");
	if (fd < 0)
		return 0;
	flags = fcntl(fd, F_GETFD);
	mode = fcntl(fd, F_GETFL);
	/* What exec closes did not come through it: fds_init() filled it. */
	if (flags < 0 || (flags & FD_CLOEXEC) || mode < 0 ||
	    (mode & O_ACCMODE) == O_RDONLY)
		return target_say(form, target,
				  "bpool was not given this descriptor "
				  "to write to");
	/* No job's; and it stays open, so no file of ours is mistaken for it. */
	if (fd > STDERR_FILENO && fcntl(fd, F_SETFD, FD_CLOEXEC))
		return target_say(form, target, strerror(errno));
	return 0;
}

bool eventfile_goes_to(const char *target, int file)
{
	struct stat theirs, is;
	int fd, rc = target_read(target, &fd);

	if (!rc)
		rc = fd < 0 ? stat(target, &theirs) : fstat(fd, &theirs);
	return !rc && !fstat(file, &is) && theirs.st_dev == is.st_dev &&
	       theirs.st_ino == is.st_ino;
}

/* A link may be somebody else's, but those of the system: /dev/stderr is one. */
static int target_follow(const char *target)
{
	return strncmp(target, "/dev/", 5) == 0 ? 0 : O_NOFOLLOW;
}

/* Open it, or -ENXIO at once where it is a FIFO that nobody reads. */
static int target_try_open(const char *target, struct fds *fds)
{
	int fd, rc = 0;

	fds_lock(fds);
	fd = open(target,
		  O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOCTTY |
			  O_NONBLOCK | target_follow(target),
		  0600);
	if (fd < 0)
		rc = -errno;
	fds_unlock(fds);
	/* What it is full of is waited for in write(2), as ever. */
	if (!rc && fcntl(fd, F_SETFL, 0)) {
		rc = -errno;
		close(fd);
	}
	return rc ? rc : fd;
}

/* A FIFO's reader is waited for here and not in open(2), which no stop would
 * end, and which would hold the lock that the stop needs. */
static int target_open(const char *target, int stop_fd, struct fds *fds)
{
	struct pollfd stop = { .fd = stop_fd, .events = POLLIN };
	struct stat is;
	int fd;

	while ((fd = target_try_open(target, fds)) == -ENXIO) {
		if (stat(target, &is) || !S_ISFIFO(is.st_mode))
			return fd;
		if (poll(&stop, 1, READER_MS) > 0)
			return -ECANCELED;
	}
	return fd;
}

int eventfile_init(struct eventfile *file, const char *target,
		   const struct eventfile_form *form, int stop_fd,
		   struct fds *fds)
{
	int rc;

	*file = (struct eventfile){
		.form = form,
		.target = target,
	};
	rc = target_read(target, &file->fd);
	if (!rc && file->fd < 0) {
		file->fd = target_open(target, stop_fd, fds);
		file->owned = file->fd >= 0;
		rc = file->owned ? 0 : file->fd;
	}
	if (!rc && form->head)
		rc = write_all(file->fd, form->head, strlen(form->head));
	return rc && rc != -ECANCELED ? eventfile_say(file, rc) : rc;
}

int eventfile_fini(struct eventfile *file)
{
	const char *tail = file->form->tail;
	int rc = 0;

	if (tail && !file->failed)
		rc = write_all(file->fd, tail, strlen(tail));
	if (file->owned && close(file->fd) && errno != EINTR && !rc)
		rc = -errno;
	return rc ? eventfile_say(file, rc) : 0;
}

static int write_escaped(int fd, const char *line, size_t len)
{
	const char *at, *end = line + len;
	struct text text = { 0 };
	char *escaped;
	int rc;

	while ((at = memchr(line, '<', (size_t)(end - line)))) {
		text_add(&text, line, (size_t)(at - line));
		text_say(&text, "\\u003c");
		line = at + 1;
	}
	text_add(&text, line, (size_t)(end - line));
	len = text.len;
	escaped = text_take(&text);
	rc = escaped ? write_all(fd, escaped, len) : -ENOMEM;
	free(escaped);
	return rc;
}

int eventfile_write(struct eventfile *file, const char *line, size_t len)
{
	int rc;

	if (file->failed)
		return -ECANCELED;
	if (!line)
		rc = -ENOMEM;
	else if (file->form->head && memchr(line, '<', len))
		rc = write_escaped(file->fd, line, len);
	else
		rc = write_all(file->fd, line, len);
	return rc ? eventfile_say(file, rc) : 0;
}
