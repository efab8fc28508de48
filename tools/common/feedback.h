/* SPDX-License-Identifier: MIT */
/*
 * What a job says of the service that it asked, on a descriptor of its own:
 *
 *	overloaded		it was refused, now
 *	retry-after 12		... and should not ask for so many seconds
 *	retry-after DATE	... or before that, as HTTP writes dates
 */
#ifndef FEEDBACK_H
#define FEEDBACK_H

#include <stdbool.h>
#include <stdint.h>

#include "fds.h"

#define FEEDBACK_VARIABLE "BPOOL_FEEDBACK"

/* A file that a job may write to whether it is read or not; or negative
 * errno. */
int feedback_open(struct fds *fds);

struct feedback {
	bool overloaded;
	int64_t after_ms; /* 0: no time was said, or none that is to come */
};

/* What the job has written so far; of several times the latest. */
void feedback_read(int fd, struct feedback *feedback);

/* One line of it, for `now`, seconds since 1970. */
void feedback_line(const char *line, int64_t now, struct feedback *feedback);

#endif
