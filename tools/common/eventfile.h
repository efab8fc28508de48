/* SPDX-License-Identifier: MIT */
/* Where events go: a file, or a descriptor of the caller's. */
#ifndef EVENTFILE_H
#define EVENTFILE_H

#include <stdbool.h>
#include <stddef.h>

#include "fds.h"

/* What a file of events is to its reader. */
struct eventfile_form {
	const char *option; /* that asks for it; for messages */
	/* A page of HTML that holds the lines in between, where each '<' is
	 * written as JSON may have it, so that they end nothing; NULL: the lines
	 * alone. */
	const char *head, *tail;
};

extern const struct eventfile_form eventfile_lines;

struct eventfile {
	const struct eventfile_form *form;
	const char *target;
	int fd;
	bool owned;  /* we opened it */
	bool failed; /* nothing more is written; it was said */
};

/*
 * Where `target` is "fd:N": see that this is a descriptor of the caller's, and
 * keep it from jobs.  Called before bpool opens anything that stays open, and
 * could get that number.  0 or negative errno, which has been said.
 */
int eventfile_take(const char *target, const struct eventfile_form *form);

/* Whether `target` leads to the file that is open as `file`. */
bool eventfile_goes_to(const char *target, int file);

/*
 * Write to the file `target`, which is emptied, or to the descriptor N where
 * it is "fd:N", which was taken.  Waits until somebody reads it where it is a
 * FIFO.  0 or negative errno, which has been said, but for
 *
 * -ECANCELED   `stop_fd` became readable in the wait
 */
int eventfile_init(struct eventfile *file, const char *target,
		   const struct eventfile_form *form, int stop_fd,
		   struct fds *fds);

/* Both return 0 or negative errno; what went wrong is said once. */
int eventfile_fini(struct eventfile *file);

/* `line` is whole, with its newline; NULL: there was no memory for it. */
int eventfile_write(struct eventfile *file, const char *line, size_t len);

#endif
