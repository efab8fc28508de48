/* SPDX-License-Identifier: MIT */
/*
 * A line of the roster: a job's number in the log, its session, when the
 * leader of that began and in which boot of the machine, when the job started,
 * its mark and its command, with tabs between them.
 */
#ifndef ROSTERLINE_H
#define ROSTERLINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "mark.h"
#include "text.h"

struct roster_job {
	uint64_t number; /* in the log */
	pid_t session;	 /* 0: it has not started, as far as is known */
	uint64_t since;	 /* when the leader of that began, as in sessions.h */
	int64_t started_us;
	uint64_t mark; /* its number in the mark */
	const char *command;
};

/* The line of a job of this run, with its newline. */
void rosterline_say(struct text *text, const struct roster_job *job,
		    const struct mark *mark);

/*
 * Put session and `since` into a line: they have the same room in each.
 * Returns where, and *len.
 */
size_t rosterline_fill(char *line, pid_t session, uint64_t since, size_t *len);

/* One that is read back. */
struct rosterline {
	struct roster_job job; /* the command is in the line */
	char run[48];	       /* of its mark */
	char boot[MARK_BOOT];
};

/* Read one without its newline; false: it is none, or its job has ended. */
bool rosterline_read(const char *line, struct rosterline *read);

#endif
