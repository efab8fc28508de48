/* SPDX-License-Identifier: MIT */
/*
 * What there is to run: the records of the input, less what a job log says is
 * done; or the failed jobs of a log, whose commands are the records then.
 */
#ifndef AGENDA_H
#define AGENDA_H

#include <stdint.h>

#include "input.h"
#include "resume.h"
#include "template.h"

struct agenda {
	const struct template *t;
	const char *directory; /* --cwd */
	struct resume *resume; /* NULL: nothing is done */
	bool failed;	       /* --retry-failed: only what the log has */
	struct input input;    /* unless that */
	uint64_t position;     /* of the last record that runs anything */
};

/* One thing of it. */
struct task {
	struct record *record; /* the caller's to free */
	uint64_t number;       /* among all, from 1 */
	uint64_t log_number;   /* in the log */
};

/* All of this must outlive it; the rest is as with input_init(). */
int agenda_init(struct agenda *agenda, struct options *options,
		const struct template *t, struct resume *resume, unsigned slots,
		int stop_fd, struct fds *fds);
void agenda_fini(struct agenda *agenda);

/* The next task: 1, 0 at the end, or a negative errno. */
int agenda_next(struct agenda *agenda, struct task *task);

/* Say why agenda_next() failed; true where that is bpool's failure. */
bool agenda_say_error(const struct agenda *agenda, int error);

#endif
