/* SPDX-License-Identifier: MIT */
/* What the jobs are made of, one record after the other. */
#ifndef INPUT_H
#define INPUT_H

#include "fds.h"
#include "lines.h"
#include "options.h"
#include "record.h"

struct input {
	struct lines lines;
	struct pieces pieces;
};

/*
 * Prepare to read what the options say, which must outlive this.  When
 * `stop_fd` becomes readable input_next() returns -ECANCELED instead of
 * sleeping.  0 or -ENOMEM.
 */
int input_init(struct input *input, const struct options *options, int stop_fd,
	       struct fds *fds);
void input_fini(struct input *input);

/* The next record, the caller's to free(): 1, 0 at the end, or the errors of
 * lines_next(). */
int input_next(struct input *input, struct record **record);

#endif
