/* SPDX-License-Identifier: MIT */
/*
 * The lines of one or several inputs, one after the other.
 *
 * Reads what is there and no more than one block ahead, so that a line is out
 * as soon as it is in.  Memory is that of the longest line.
 */
#ifndef LINES_H
#define LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fds.h"

struct line {
	const char *text; /* `len` bytes, until the next lines_next() */
	size_t len;
	uint64_t number;  /* in its file, from 1 */
	const char *file; /* NULL: stdin; lives as long as the names */
};

/* The members are private but for `file` and `number` after an error. */
struct lines {
	char *const *files;
	size_t nfiles, next_file;
	const char *file;
	uint64_t number;
	struct fds *fds;
	int fd; /* -1: none open */
	int stop_fd;
	char delimiter;
	bool drop_cr, ended;
	char *buffer;
	size_t size, start, scanned, end;
};

/*
 * Prepare to read `files` in order ("-" is stdin; none at all is stdin too).
 * The names stay the caller's and must outlive this.  Lines end at
 * `delimiter`; `drop_cr` drops one CR before it.  When `stop_fd` becomes
 * readable lines_next() returns -ECANCELED instead of sleeping.
 */
int lines_init(struct lines *lines, char *const *files, size_t nfiles,
	       char delimiter, bool drop_cr, int stop_fd, struct fds *fds);

/*
 * The next line: 1, or 0 at the end.  A last line without delimiter counts.
 *
 * -EILSEQ     the line `number` of `file` has a NUL byte
 * -ECANCELED  stop_fd
 * -ENOMEM     the line does not fit into memory
 * or what opening or reading `file` failed with
 */
int lines_next(struct lines *lines, struct line *line);

void lines_fini(struct lines *lines);

#endif
