/* SPDX-License-Identifier: MIT */
/*
 * --results: a folder for each job, NUMBER-VALUE, with what it printed in
 * `stdout` and `stderr` and how it ended in `meta.json`.
 *
 * What of the name comes from the input is escaped as filename.h says and cut
 * where it is too long; several values have commas between them.  So it has no
 * slash, and the number makes it unique.
 */
#ifndef RESULTS_H
#define RESULTS_H

#include <stdint.h>

#include "ending.h"
#include "fds.h"
#include "record.h"

struct results {
	int fd;		 /* fixed: of the folder */
	struct fds *fds; /* fixed */
};

/* A job's; all are -1 where it has none. */
struct result {
	int fd;
	int out, err;
};

/* clang-format off */
#define RESULT_NONE { -1, -1, -1 }
/* clang-format on */

/* Make the folder `path` if it is not there; 0 or negative errno. */
int results_init(struct results *results, const char *path, struct fds *fds);
void results_fini(struct results *results);

/* What an error of those below means. */
const char *results_why(int error);

/*
 * Make the job's folder, in place of an older one's files.  0 or negative
 * errno: -ENXIO where something else is in the place of a file.
 */
int result_open(struct results *results, uint64_t number,
		const struct record *record, struct result *result);

/* What is told of the job in meta.json. */
struct result_meta {
	uint64_t number;
	unsigned slot;
	const char *command;
	const struct record *record;
};

/* Write how it ended, and close. */
int result_close(struct results *results, struct result *result,
		 const struct result_meta *meta, const struct ending *ending);

#endif
