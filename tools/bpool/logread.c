/* SPDX-License-Identifier: MIT */
#include "logread.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io.h"
#include "message.h"

#ifndef LOGREAD_FIRST /* who fuzzes this begins with less */
#define LOGREAD_FIRST 65536u
#endif

/* A file, line by line. */
struct reader {
	int fd;
	char *buffer;
	size_t size, start, end;
	off_t at; /* of the line */
	off_t to; /* where to read on */
	bool ended;
};

static int reader_fill(struct reader *r)
{
	ssize_t n;

	if (r->start) {
		r->end -= r->start;
		memmove(r->buffer, r->buffer + r->start, r->end);
		r->start = 0;
	}
	if (r->end == r->size) {
		size_t size = r->size ? r->size * 2 : LOGREAD_FIRST;
		char *buffer = realloc(r->buffer, size);

		if (!buffer)
			return -ENOMEM;
		r->buffer = buffer;
		r->size = size;
	}
	do {
		n = pread(r->fd, r->buffer + r->end, r->size - r->end, r->to);
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	r->ended = n == 0;
	r->end += (size_t)n;
	r->to += n;
	return 0;
}

/*
 * The next line, without its newline: 1; 0 at the end, where *len is what
 * stands there without one; or negative errno.
 */
static int reader_next(struct reader *r, const char **line, size_t *len)
{
	size_t scanned = 0;

	for (;;) {
		size_t left = r->end - r->start;
		const char *newline = NULL;
		int rc;

		/* Before it was ever filled there is no buffer. */
		if (left > scanned)
			newline = memchr(r->buffer + r->start + scanned, '\n',
					 left - scanned);
		if (newline || r->ended) {
			*line = r->buffer + r->start;
			*len = newline ? (size_t)(newline - *line) : left;
			return newline != NULL;
		}
		scanned = left;
		rc = reader_fill(r);
		if (rc)
			return rc;
	}
}

static void reader_pass(struct reader *r, size_t len)
{
	r->start += len + 1;
	r->at += (off_t)len + 1;
}

/* ---- One look at all of it -------------------------------------------------- */

struct look {
	struct joblog *log;
	logread_fn *take; /* NULL: none yet */
	void *user;
	int copy;	  /* where whole lines go; -1: nowhere */
	off_t copied;	  /* so many bytes */
	uint64_t number;  /* of the line */
	uint64_t damaged; /* records that were not whole */
};

static int look_say_foreign(const struct look *look)
{
	char shown[200];

	say("%s: line %llu: this is no job log",
	    escaped(shown, sizeof(shown), look->log->path),
	    (unsigned long long)look->number);
	return -EINVAL;
}

static int look_line(struct look *look, const struct reader *r,
		     const char *line, size_t len)
{
	struct joblog_record record;
	enum joblog_kind kind = joblog_parse(line, len, &record);
	int rc = 0;

	look->number++;
	if (kind == JOBLOG_FOREIGN ||
	    (kind == JOBLOG_HEADER) != (look->number == 1))
		return look_say_foreign(look);
	if (kind == JOBLOG_DAMAGED) {
		look->damaged++;
		return 0;
	}
	if (kind == JOBLOG_RECORD && look->take)
		rc = look->take(look->user, &record,
				r->at + (record.command - line));
	if (!rc && look->copy >= 0) {
		rc = pwrite_all(look->copy, line, len, look->copied);
		if (!rc)
			rc = pwrite_all(look->copy, "\n", 1,
					look->copied + (off_t)len);
		look->copied += (off_t)len + 1;
	}
	return rc;
}

static int look_through(struct look *look)
{
	struct reader r = { .fd = look->log->fd };
	const char *line = NULL;
	size_t len = 0;
	int rc;

	while ((rc = reader_next(&r, &line, &len)) > 0) {
		rc = look_line(look, &r, line, len);
		if (rc)
			break;
		reader_pass(&r, len);
	}
	if (!rc && len) {
		/* Without a newline: not written to its end.  A first line
		 * that is not even the beginning of a header is no log's. */
		look->number++;
		look->damaged++;
		if (look->number == 1 && !joblog_is_header(line, len))
			rc = look_say_foreign(look);
	}
	free(r.buffer);
	return rc;
}

/* ---- Mending ---------------------------------------------------------------- */

/* Make the file that person's whose the log is: 0, or -1 and errno. */
static int mend_own(int fd, const struct stat *log)
{
	struct stat fresh;

	if (fstat(fd, &fresh))
		return -1;
	if (fresh.st_uid == log->st_uid && fresh.st_gid == log->st_gid)
		return 0;
	return fchown(fd, log->st_uid, log->st_gid);
}

/* Put the log's whole lines into `path`, and that into the log's place. */
static int mend_into(struct joblog *log, const char *target, const char *path,
		     struct fds *fds)
{
	struct joblog fresh = { .path = log->path };
	struct look look = { .log = log };
	struct stat stat;
	int rc;

	fds_lock(fds);
	fresh.fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	rc = fresh.fd < 0 ? -errno : joblog_lock(&fresh);
	fds_unlock(fds);
	look.copy = fresh.fd;
	if (!rc)
		rc = look_through(&look);
	/* The owner first: to change that takes bits from the mode. */
	if (!rc && (fstat(log->fd, &stat) || mend_own(fresh.fd, &stat) ||
		    fchmod(fresh.fd, stat.st_mode & 07777) ||
		    fdatasync(fresh.fd) || rename(path, target)))
		rc = -errno;
	if (rc) {
		if (fresh.fd >= 0) {
			close(fresh.fd);
			(void)unlink(path);
		}
		return rc;
	}
	/* Who opened the old file before, and locks it now, finds it out of
	 * its place. */
	close(log->fd);
	fresh.end = look.copied;
	*log = fresh;
	return 0;
}

static int mend(struct joblog *log, struct fds *fds)
{
	char *target = realpath(log->path, NULL), *path;
	int rc;

	if (!target)
		return -errno;
	if (asprintf(&path, "%s.mended", target) < 0) {
		free(target);
		return -ENOMEM;
	}
	/* One that a run left which was killed while it mended. */
	(void)unlink(path);
	rc = mend_into(log, target, path, fds);
	free(path);
	free(target);
	return rc;
}

int logread(struct joblog *log, logread_fn *take, void *user, struct fds *fds)
{
	struct look look = { .log = log, .copy = -1 };
	char shown[200];
	int rc = 0;

	if (log->end)
		rc = look_through(&look);
	else if (!log->reads)
		rc = joblog_begin(log);
	if (!rc && look.damaged && !log->reads) {
		say("%s: %llu damaged records: taken out, as if their jobs "
		    "had never run",
		    escaped(shown, sizeof(shown), log->path),
		    (unsigned long long)look.damaged);
		rc = mend(log, fds);
		if (!rc && log->end == 0)
			rc = joblog_begin(log);
	}
	if (!rc) {
		look = (struct look){ .log = log,
				      .copy = -1,
				      .take = take,
				      .user = user };
		rc = look_through(&look);
	}
	if (rc && rc != -EINVAL && rc != -ENOMEM)
		say("%s: %s", escaped(shown, sizeof(shown), log->path),
		    joblog_why(rc));
	return rc;
}
