/* SPDX-License-Identifier: MIT */
/* What the main() of each command does in the same way. */
#ifndef COMMAND_H
#define COMMAND_H

#include "template.h"

/* Make the template: STATUS_OK, or another to exit with, which has been said. */
int command_template(struct template **t,
		     const struct template_options *options);

/* "bpool 1.0" to stdout; 0 or negative errno. */
int command_version(const char *name);

/* What to exit with, where that was to be `status`, and stdout failed with `rc`, or
 * with 0 has not yet. */
int command_end(int status, int rc);

#endif
