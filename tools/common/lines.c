/* SPDX-License-Identifier: MIT */
/* The lines of one or several inputs, by read(2). */
#include "lines.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "orphans.h"

#ifndef LINES_BLOCK /* who fuzzes this reads less at once */
#define LINES_BLOCK 65536u
#endif
#define LINES_REAP_MS 1000 /* between looks at orphans */

int lines_init(struct lines *lines, char *const *files, size_t nfiles,
	       char delimiter, bool drop_cr, int stop_fd, struct fds *fds)
{
	static char *const stdin_alone[] = { NULL };

	*lines = (struct lines){
		.files = nfiles ? files : stdin_alone,
		.nfiles = nfiles ? nfiles : 1,
		.fds = fds,
		.fd = -1,
		.stop_fd = stop_fd,
		.delimiter = delimiter,
		.drop_cr = drop_cr,
		.size = LINES_BLOCK,
	};
	lines->buffer = malloc(lines->size);
	return lines->buffer ? 0 : -ENOMEM;
}

static void lines_close(struct lines *lines)
{
	if (lines->fd > STDIN_FILENO)
		close(lines->fd);
	lines->fd = -1;
}

void lines_fini(struct lines *lines)
{
	lines_close(lines);
	free(lines->buffer);
	lines->buffer = NULL;
}

/* Open the next input: 1, or 0 where there is none. */
static int lines_open(struct lines *lines)
{
	const char *file;

	if (lines->next_file == lines->nfiles)
		return 0;
	file = lines->files[lines->next_file++];
	lines->file = file && strcmp(file, "-") != 0 ? file : NULL;
	lines->number = 0;
	lines->ended = false;
	lines->start = lines->scanned = lines->end = 0;
	if (!lines->file) {
		lines->fd = STDIN_FILENO;
		return 1;
	}
	/* Without blocking: a FIFO that nobody writes to yet is waited for
	 * where all input is, in lines_fill(). */
	fds_lock(lines->fds);
	lines->fd =
		open(lines->file, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	fds_unlock(lines->fds);
	return lines->fd < 0 ? -errno : 1;
}

/* Make room for a block behind what is in the buffer. */
static int lines_make_room(struct lines *lines)
{
	char *buffer;

	if (lines->start) {
		memmove(lines->buffer, lines->buffer + lines->start,
			lines->end - lines->start);
		lines->end -= lines->start;
		lines->scanned -= lines->start;
		lines->start = 0;
	}
	if (lines->size - lines->end >= LINES_BLOCK / 2)
		return 0;
	buffer = realloc(lines->buffer, lines->size * 2);
	if (!buffer)
		return -ENOMEM;
	lines->buffer = buffer;
	lines->size *= 2;
	return 0;
}

/* Sleep until there is something to read, and read it. */
static int lines_fill(struct lines *lines)
{
	struct pollfd fds[] = {
		{ .fd = lines->fd, .events = POLLIN },
		{ .fd = lines->stop_fd, .events = POLLIN },
	};
	size_t room;
	ssize_t n;
	int rc;

	rc = lines_make_room(lines);
	if (rc)
		return rc;
	room = lines->size - lines->end;
	if (room > LINES_BLOCK)
		room = LINES_BLOCK;
	for (;;) {
		int ready = poll(fds, 2, LINES_REAP_MS);

		if (ready < 0 && errno != EINTR)
			return -errno;
		orphans_reap();
		if (ready <= 0)
			continue;
		if (fds[1].revents)
			return -ECANCELED;
		n = read(lines->fd, lines->buffer + lines->end, room);
		if (n >= 0)
			break;
		/* EAGAIN: non-blocking, and another reader was faster. */
		if (errno != EINTR && errno != EAGAIN)
			return -errno;
	}
	lines->end += (size_t)n;
	lines->ended = n == 0;
	return 0;
}

/*
 * A line must not hold NUL, where that does not end it.  This looks at each
 * byte once, as it comes in, so that a line of nothing else (/dev/zero) is
 * refused before it fills the memory.
 */
static int lines_check(struct lines *lines, const char *from, size_t len)
{
	if (!lines->delimiter || !memchr(from, '\0', len))
		return 0;
	lines->number++;
	return -EILSEQ;
}

/* Hand out the `len` bytes at the start of the buffer, then skip `skip`. */
static int lines_take(struct lines *lines, struct line *line, size_t len,
		      size_t skip)
{
	char *text = lines->buffer + lines->start;

	lines->number++;
	if (lines->drop_cr && len && text[len - 1] == '\r')
		len--;
	line->text = text;
	line->len = len;
	line->number = lines->number;
	line->file = lines->file;
	lines->start += skip;
	lines->scanned = lines->start;
	return 1;
}

/* The next line of the open input: 1, or 0 at its end. */
static int lines_next_here(struct lines *lines, struct line *line)
{
	for (;;) {
		char *from = lines->buffer + lines->scanned;
		size_t len = lines->end - lines->scanned;
		char *found = memchr(from, lines->delimiter, len);
		int rc;

		if (found)
			len = (size_t)(found - from);
		rc = lines_check(lines, from, len);
		if (rc)
			return rc;
		if (found) {
			len = (size_t)(found - lines->buffer) - lines->start;
			return lines_take(lines, line, len, len + 1);
		}
		lines->scanned = lines->end;
		len = lines->end - lines->start;
		if (lines->ended)
			return len ? lines_take(lines, line, len, len) : 0;
		rc = lines_fill(lines);
		if (rc)
			return rc;
	}
}

int lines_next(struct lines *lines, struct line *line)
{
	int rc;

	for (;;) {
		if (lines->fd < 0) {
			rc = lines_open(lines);
			if (rc <= 0)
				return rc;
		}
		rc = lines_next_here(lines, line);
		if (rc)
			return rc;
		lines_close(lines);
	}
}
