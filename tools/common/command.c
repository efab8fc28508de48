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

int command_template(struct template **t,
		     const struct template_options *options)
{
	char *why, shown[MESSAGE_MAX];
	int rc = template_create(t, options, &why);

	if (!rc)
		return STATUS_OK;
	if (rc != -EINVAL) {
		say("%s", strerror(-rc));
		return STATUS_BPOOL_FAILED;
	}
	say("%s", escaped(shown, sizeof(shown), why));
	free(why);
	return STATUS_USAGE;
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
