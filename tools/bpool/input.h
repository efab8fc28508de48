/* SPDX-License-Identifier: MIT */
/*
 * What the jobs are made of, one record after the other: a line, its columns,
 * several lines, or a combination of the values behind `:::`.
 */
#ifndef INPUT_H
#define INPUT_H

#include <regex.h>

#include "fds.h"
#include "lines.h"
#include "options.h"
#include "record.h"

struct input {
	const struct options *options;
	unsigned slots; /* how many share the end of the lines (-m) */
	struct lines lines;
	struct sources *sources; /* instead of them, or NULL */
	regex_t columns;
	const char **combination;
	struct pieces pieces; /* read; those before `taken` are in records */
	size_t taken;
	size_t fill_max;  /* bytes in a job, with their pointers (-m) */
	struct line held; /* read, and too much for the job before it */
	bool holds;
	size_t shares; /* of what is left at the end (-m) */
	int error;     /* of reading, when they are taken; or 0 */
	bool ended;
	uint64_t number; /* of the line that is the first piece */
	const char *file;
};

/*
 * Prepare to read what the options say, which must outlive this, for jobs of
 * which `slots` run at once.  When `stop_fd` becomes readable input_next()
 * returns -ECANCELED instead of sleeping.  0; -EINVAL, which has been said;
 * -ENOMEM.
 */
int input_init(struct input *input, struct options *options, unsigned slots,
	       int stop_fd, struct fds *fds);
void input_fini(struct input *input);

/*
 * The next record, the caller's to free(): 1, 0 at the end, or the errors of
 * lines_next(), once what was read before is handed out.
 */
int input_next(struct input *input, struct record **record);

#endif
