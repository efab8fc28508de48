/* SPDX-License-Identifier: MIT */
#include "results.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "filename.h"
#include "io.h"
#include "json.h"

/* Bytes of a name; some file systems take no more. */
#define RESULT_NAME_MAX 160u

/* What meta.json is called until it is whole. */
#define META_ASIDE "meta.json.part"

int results_init(struct results *results, const char *path, struct fds *fds)
{
	int rc;

	*results = (struct results){ .fd = -1, .fds = fds };
	if (mkdir(path, 0700) && errno != EEXIST)
		return -errno;
	fds_lock(fds);
	results->fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	rc = results->fd < 0 ? -errno : 0;
	fds_unlock(fds);
	return rc;
}

const char *results_why(int error)
{
	/* Also what open(2) says of a FIFO that nobody reads, or a socket. */
	return error == -ENXIO	 ? "not a regular file"
	       : error == -ELOOP ? "a symbolic link is in its place"
				 : strerror(-error);
}

void results_fini(struct results *results)
{
	close(results->fd);
}

static void name_make(char name[FILENAME_SIZE], uint64_t number,
		      const struct record *record)
{
	size_t len = (size_t)sprintf(name, "%" PRIu64 "-", number), i;
	size_t n = record->line ? 1 : record->nvalues;

	for (i = 0; i < n && len < RESULT_NAME_MAX; i++) {
		const char *rest;

		if (i)
			name[len++] = ',';
		len += filename_escape(
			name + len, RESULT_NAME_MAX - len + 1,
			record->line ? record->line : record->values[i], &rest);
	}
}

/*
 * A file of a job, opened under the lock of the descriptors, so it must not
 * sleep, as for the reader of a FIFO that somebody left in its place.
 *
 * -ENXIO   something is there that is no regular file
 */
static int file_open(int dir, const char *name)
{
	struct stat is;
	int rc = 0, fd = openat(dir, name,
				O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC |
					O_NOFOLLOW | O_NOCTTY | O_NONBLOCK,
				0600);

	if (fd < 0)
		return -errno;
	if (fstat(fd, &is))
		rc = -errno;
	else if (!S_ISREG(is.st_mode))
		rc = -ENXIO;
	if (!rc)
		return fd;
	close(fd);
	return rc;
}

static int result_open_files(struct results *results, const char *name,
			     struct result *result)
{
	result->fd = openat(results->fd, name,
			    O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	if (result->fd < 0)
		return -errno;
	/* What an older run said of it is not true of this one. */
	if (unlinkat(result->fd, "meta.json", 0) && errno != ENOENT)
		return -errno;
	result->out = file_open(result->fd, "stdout");
	if (result->out < 0)
		return result->out;
	result->err = file_open(result->fd, "stderr");
	return result->err < 0 ? result->err : 0;
}

static int result_close_files(struct result *result)
{
	int rc = 0;

	/* A file system over the network may tell only now. */
	if (result->out >= 0 && close(result->out) && errno != EINTR)
		rc = -errno;
	if (result->err >= 0 && close(result->err) && errno != EINTR)
		rc = -errno;
	if (result->fd >= 0)
		close(result->fd);
	*result = (struct result)RESULT_NONE;
	return rc;
}

int result_open(struct results *results, uint64_t number,
		const struct record *record, struct result *result)
{
	char name[FILENAME_SIZE];
	int rc;

	*result = (struct result)RESULT_NONE;
	name_make(name, number, record);
	if (mkdirat(results->fd, name, 0700) && errno != EEXIST)
		return -errno;
	fds_lock(results->fds);
	rc = result_open_files(results, name, result);
	fds_unlock(results->fds);
	if (rc)
		(void)result_close_files(result);
	return rc;
}

/* The whole of it under a name of its own. */
static int meta_write_aside(struct results *results, int dir, const char *line,
			    size_t len)
{
	int fd, rc;

	fds_lock(results->fds);
	fd = file_open(dir, META_ASIDE);
	fds_unlock(results->fds);
	if (fd < 0)
		return fd;
	rc = write_all(fd, line, len);
	if (close(fd) && errno != EINTR && !rc)
		rc = -errno;
	return rc;
}

/* Under the name that is looked for there is all of it or nothing. */
static int meta_write(struct results *results, const struct result *result,
		      struct text *text)
{
	size_t len = text->len;
	char *line = text_take(text);
	int rc = line ? meta_write_aside(results, result->fd, line, len)
		      : -ENOMEM;

	free(line);
	if (!rc && renameat(result->fd, META_ASIDE, result->fd, "meta.json"))
		rc = -errno;
	if (rc)
		(void)unlinkat(result->fd, META_ASIDE, 0);
	return rc;
}

int result_close(struct results *results, struct result *result,
		 const struct result_meta *meta, const struct ending *ending)
{
	struct text text = { 0 };
	int rc, closed;

	json_begin(&text);
	json_number(&text, "job", (int64_t)meta->number);
	json_number(&text, "slot", meta->slot);
	json_string(&text, "command", meta->command);
	json_strings(&text, "values", meta->record->values,
		     meta->record->nvalues);
	json_time(&text, "started", ending->started_us);
	ending_add(&text, ending);
	json_end(&text);
	text_say(&text, "\n");
	rc = meta_write(results, result, &text);
	closed = result_close_files(result);
	return rc ? rc : closed;
}
