/* SPDX-License-Identifier: MIT */
/*
 * The job log: a file with a header and a line for each job that has ended, in
 * the columns of GNU parallel's.  A record is its line whole with its newline:
 * one that was not written to its end is known by that.
 *
 * A command of several lines stands there as `eval "$(printf %b '...')"`, so
 * that every record is one line, and is a command line that does the same.
 * GNU parallel writes NUL for each newline of it.
 */
#ifndef JOBLOG_H
#define JOBLOG_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "ending.h"
#include "fds.h"
#include "text.h"

struct joblog {
	const char *path;
	int fd;
	bool reads;   /* and nothing of it changes */
	off_t end;    /* where the next record goes */
	dev_t device; /* with the inode: which file it is */
	ino_t inode;
	bool gone; /* it was not at its path when a record was to be written */
};

enum joblog_use {
	JOBLOG_READ,   /* one that is there; nothing of it changes */
	JOBLOG_APPEND, /* one that is there */
	JOBLOG_MAKE    /* the same, or a new one */
};

/*
 * Open and lock the log at `path`, which must outlive it.  Whoever else has it
 * open for a run keeps it.  What is wrong is said.
 *
 * -EBUSY    another run writes it, and goes on to
 * -EINVAL   it is no regular file
 * -ESTALE   others put one after the other into its place
 * others    are those of open(2)
 */
int joblog_open(struct joblog *log, const char *path, enum joblog_use use,
		struct fds *fds);

/* Lock it, and note its end: 0 or the errors of joblog_open(). */
int joblog_lock(struct joblog *log);

/* What an error of those above and below is, in words. */
const char *joblog_why(int error);

/* Empty it but for the header. */
int joblog_begin(struct joblog *log);

/* Whether it may be emptied: it has nothing in it, or a job log. */
bool joblog_is_ours(const struct joblog *log);

/*
 * Put a record at its end, in one write; on failure there is no part of it.
 *
 * -ESTALE   the log is no longer at its path
 * others    are those of writing
 */
int joblog_write(struct joblog *log, const char *record, size_t len);

/* To disk, and close it.  0 or negative errno; -ESTALE as above, if no write
 * has said so. */
int joblog_close(struct joblog *log);

/*
 * A command as it stands in a record, malloc'd, or NULL: a command line that
 * does the same wherever it is run; with a `directory`, it goes there first.
 */
char *joblog_command(const char *command, const char *directory);

/*
 * A command as joblog_parse() found it, with NULs for newlines or without, as
 * it stands in our records: malloc'd, or NULL.
 */
char *joblog_restore(const char *command, size_t len);

/* The record of a job whose command stands there so, with its newline. */
void joblog_add_record(struct text *text, uint64_t number,
		       const struct ending *ending, const char *command);

/* Is it a header, or the beginning of one? */
bool joblog_is_header(const char *line, size_t len);

/* What is read back of a record. */
struct joblog_record {
	uint64_t number;
	bool failed;
	const char *command; /* in the line */
	size_t command_len;
};

enum joblog_kind {
	JOBLOG_RECORD,
	JOBLOG_HEADER,
	JOBLOG_DAMAGED, /* it began as a record */
	JOBLOG_FOREIGN	/* nothing that was ever in a job log */
};

/* Read a line of `len` bytes, its newline apart. */
enum joblog_kind joblog_parse(const char *line, size_t len,
			      struct joblog_record *record);

#endif
