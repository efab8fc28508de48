/* SPDX-License-Identifier: MIT */
/*
 * The line splitter: its lines are those of the text, however that is read.
 *
 * The input: a delimiter, flags, a seed of how it is read, and the text, in which
 * a byte 0xff begins another file.  read(2) and its like are played here: the
 * linker puts __wrap_read() in the place of read().  Under libFuzzer little is
 * read at once; where a corpus is replayed as much as ever, and 0xfe is more.
 */
#include "lines.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fuzz.h"
#include "orphans.h"

#define FILES_MOST 4
#define FILE_FD 1000 /* of the first */
#define STOP_FD 999
#define SPLIT 0xff
#define LONG 0xfe
#define LONG_LEN 70000
#define LONG_MOST 2

enum {
	DROP_CR = 1,
	FROM_STDIN = 2,
	STOPPED = 4,
	BROKEN = 8
};

struct text {
	const char *at;
	size_t len, read;
};

/* ---- What there is to read ------------------------------------------------- */

static struct {
	struct text files[FILES_MOST];
	size_t nfiles;
	unsigned seed;
	int chunks; /* 0: a byte at a time; 1: all; 2: by chance */
	size_t reads, stop, breaks; /* at so many; 0: never */
	unsigned open;
} world;

static unsigned chance(unsigned n)
{
	world.seed = world.seed * 1103515245u + 12345u;
	return (world.seed >> 16) % n;
}

static struct text *file_of(int fd)
{
	size_t i = fd == STDIN_FILENO ? 0 : (size_t)(fd - FILE_FD);

	HOLDS(i < world.nfiles, "descriptor %d", fd);
	return &world.files[i];
}

ssize_t __wrap_read(int fd, void *to, size_t room);
ssize_t __wrap_read(int fd, void *to, size_t room)
{
	struct text *file = file_of(fd);
	size_t n = file->len - file->read;

	HOLDS(room > 0, "no room");
	world.reads++;
	errno = EIO;
	if (world.reads == world.breaks)
		return -1;
	errno = chance(2) ? EINTR : EAGAIN;
	if (world.chunks == 2 && chance(8) == 0)
		return -1;
	if (world.chunks == 2)
		n = n > 1 ? 1 + chance((unsigned)n) : n;
	else if (world.chunks == 0)
		n = n > 0;
	if (n > room)
		n = room;
	if (n > 0)
		memcpy(to, file->at + file->read, n);
	file->read += n;
	return (ssize_t)n;
}

int __wrap_poll(struct pollfd *fds, nfds_t n, int ms);
int __wrap_poll(struct pollfd *fds, nfds_t n, int ms)
{
	HOLDS(n == 2 && fds[1].fd == STOP_FD, "%d ms", ms);
	fds[0].revents = POLLIN;
	fds[1].revents = 0;
	if (world.stop && world.reads + 1 >= world.stop)
		fds[1].revents = POLLIN;
	errno = EINTR;
	if (world.chunks == 2 && chance(8) == 0)
		return (int)chance(2) - 1;
	return 1;
}

int __wrap_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...)
{
	(void)flags;
	world.open++;
	return FILE_FD + atoi(path);
}

int __wrap_open64(const char *path, int flags, ...);
int __wrap_open64(const char *path, int flags, ...)
{
	return __wrap_open(path, flags);
}

int __wrap_close(int fd);
int __wrap_close(int fd)
{
	(void)file_of(fd);
	HOLDS(world.open > 0, "descriptor %d", fd);
	world.open--;
	return 0;
}

void orphans_reap(void)
{
}

/* ---- What its lines are ---------------------------------------------------- */

/* The line of the file that begins at `at`; false: there is none. */
static bool line_at(const struct text *file, size_t at, char delimiter,
		    size_t *len)
{
	if (at >= file->len)
		return false;
	for (*len = 0; at + *len < file->len; ++*len)
		if (file->at[at + *len] == delimiter)
			return true;
	return true;
}

/* See that the lines of one file come, up to one that has a NUL: false. */
static bool file_is_split(struct lines *lines, size_t n, char delimiter,
			  bool drop_cr)
{
	static const char *const names[] = { "0", "1", "2", "3" };
	const struct text *file = &world.files[n];
	const char *name = lines->nfiles == 1 && !lines->files[0] ? NULL
								  : names[n];
	size_t at = 0, len;
	uint64_t number = 1;
	struct line line;

	for (; line_at(file, at, delimiter, &len); at += len + 1, number++) {
		const char *text = file->at + at;
		bool nul = delimiter && memchr(text, '\0', len);
		bool cr = drop_cr && len && text[len - 1] == '\r';
		int rc = lines_next(lines, &line);

		HOLDS(rc == (nul ? -EILSEQ : 1), "line %llu: %d",
		      (unsigned long long)number, rc);
		HOLDS(!lines->file == !name, "line %llu",
		      (unsigned long long)number);
		HOLDS(!name || strcmp(name, lines->file) == 0, "%s", name);
		HOLDS(lines->number == number, "line %llu is %llu",
		      (unsigned long long)number,
		      (unsigned long long)lines->number);
		if (nul)
			return false;
		HOLDS(line.len == len - cr && line.number == number,
		      "line %llu", (unsigned long long)number);
		HOLDS(memcmp(line.text, text, line.len) == 0, "line %llu",
		      (unsigned long long)number);
	}
	return true;
}

static void split(unsigned flags, char delimiter)
{
	static char letters[FILES_MOST][2] = { "0", "1", "2", "3" };
	char *names[] = { letters[0], letters[1], letters[2], letters[3] };
	bool drop_cr = flags & DROP_CR;
	struct fds fds = { 0 };
	struct lines lines;
	struct line line;
	int rc;

	for (size_t i = 0; i < world.nfiles; i++)
		world.files[i].read = 0;
	world.reads = 0;
	HOLDS(lines_init(&lines, names, flags & FROM_STDIN ? 0 : world.nfiles,
			 delimiter, drop_cr, STOP_FD, &fds) == 0,
	      "init");
	if (world.stop || world.breaks) {
		/* It ends with that, or before with all. */
		while ((rc = lines_next(&lines, &line)) > 0)
			;
		HOLDS(rc == 0 || rc == -EILSEQ ||
			      (world.stop && rc == -ECANCELED) ||
			      (world.breaks && rc == -EIO),
		      "%d", rc);
	} else {
		size_t i = 0;

		while (i < world.nfiles &&
		       file_is_split(&lines, i, delimiter, drop_cr))
			i++;
		HOLDS(i < world.nfiles || lines_next(&lines, &line) == 0,
		      "more lines");
	}
	lines_fini(&lines);
	HOLDS(world.open == 0, "%u files are open", world.open);
}

/* The text, with what LONG stands for; malloc'd. */
static char *text_make(const struct input *in, size_t *len)
{
	char *text = fuzz_alloc(in->left + LONG_MOST * LONG_LEN);
	size_t nlong = 0;

	*len = 0;
	for (size_t i = 0; i < in->left; i++) {
		if (in->at[i] != LONG || nlong++ >= LONG_MOST ||
		    !fuzz_replays) {
			text[(*len)++] = (char)in->at[i];
			continue;
		}
		memset(text + *len, 'x', LONG_LEN);
		*len += LONG_LEN;
	}
	return text;
}

/* The files that it is. */
static void files_make(const char *text, size_t len, size_t most)
{
	const char *end = text + len, *next;

	for (world.nfiles = 0; world.nfiles < most; text = next + 1) {
		next = NULL;
		if (text < end && world.nfiles + 1 < most)
			next = memchr(text, SPLIT, (size_t)(end - text));
		if (!next)
			next = end;
		world.files[world.nfiles++] =
			(struct text){ .at = text,
				       .len = (size_t)(next - text) };
		if (next == end)
			return;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, size };
	char delimiter = (char)input_byte(&in), *text;
	unsigned flags = input_byte(&in), seed = input_byte(&in);
	size_t len;

	text = text_make(&in, &len);
	files_make(text, len, flags & FROM_STDIN ? 1 : FILES_MOST);
	world.stop = flags & STOPPED ? 1 + seed % 16 : 0;
	world.breaks = flags & BROKEN ? 1 + seed / 16 : 0;
	for (world.chunks = 0; world.chunks < 3; world.chunks++) {
		world.seed = seed;
		if (world.chunks > 0 || len < LONG_LEN)
			split(flags, delimiter);
	}
	free(text);
	return 0;
}
