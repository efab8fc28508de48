/* SPDX-License-Identifier: MIT */
#include "input.h"

#include <errno.h>

int input_init(struct input *input, const struct options *options, int stop_fd,
	       struct fds *fds)
{
	*input = (struct input){ 0 };
	return lines_init(&input->lines, options->files, options->nfiles,
			  options->null ? '\0' : '\n',
			  !options->null && !options->keep_cr, stop_fd, fds);
}

void input_fini(struct input *input)
{
	pieces_fini(&input->pieces);
	lines_fini(&input->lines);
}

int input_next(struct input *input, struct record **record)
{
	struct line line;
	int rc = lines_next(&input->lines, &line);

	if (rc <= 0)
		return rc;
	pieces_clear(&input->pieces);
	rc = pieces_add(&input->pieces, line.text, line.len);
	if (rc)
		return rc;
	*record = record_create(&input->pieces, true, 0);
	if (!*record)
		return -ENOMEM;
	(*record)->file = line.file;
	(*record)->number = line.number;
	return 1;
}
