/* SPDX-License-Identifier: MIT */
#include "command.h"

#include <boundpool.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "io.h"
#include "message.h"
#include "report.h"

struct template *command_template(const struct template_options *options,
				  int *status)
{
	char *why, shown[MESSAGE_MAX];
	struct template *t;
	int rc = template_create(&t, options, &why);

	if (!rc)
		return t;
	*status = STATUS_BPOOL_FAILED;
	if (rc == -EINVAL) {
		say("%s", escaped(shown, sizeof(shown), why));
		free(why);
		*status = STATUS_USAGE;
	} else {
		say("%s", strerror(-rc));
	}
	return NULL;
}

int command_version(const char *name)
{
	char text[80];

	(void)snprintf(text, sizeof(text), "%s %s\n", name, bpool_version());
	return write_all(STDOUT_FILENO, text, strlen(text));
}

int command_end(int status, int rc)
{
	/* A file system over the network may tell only now. */
	if (!rc && close(STDOUT_FILENO) && errno != EINTR)
		rc = -errno;
	if (!rc)
		return status;
	say("stdout: %s", strerror(-rc));
	return STATUS_BPOOL_FAILED;
}
