/* SPDX-License-Identifier: MIT */
/* --dry-run.  See dryrun.h. */
#include "dryrun.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agenda.h"
#include "cpus.h"
#include "io.h"
#include "journals.h"
#include "message.h"
#include "report.h"

/* A line, in one write: its NUL gives place to the newline. */
static int dryrun_write(char *line)
{
	size_t len = strlen(line);
	int rc;

	line[len] = '\n';
	rc = write_all(STDOUT_FILENO, line, len + 1);
	line[len] = '\0';
	return rc;
}

/* As it is, but to a terminal without control characters. */
static int dryrun_print(struct command *command)
{
	size_t size = 4 * strlen(command->shown) + 8;
	char *safe;
	int rc;

	if (!isatty(STDOUT_FILENO))
		return dryrun_write(command->shown);
	safe = malloc(size);
	if (!safe)
		return -ENOMEM;
	rc = dryrun_write(escaped(safe, size, command->shown));
	free(safe);
	return rc;
}

static int dryrun_task(const struct template *t, const struct task *task)
{
	struct turn turn = { .job = task->number, .slot = 1 };
	struct command command;
	int rc = template_expand(t, task->record, turn, &command);

	if (rc) {
		say("%s", strerror(-rc));
		return rc;
	}
	rc = dryrun_print(&command);
	if (rc)
		say("stdout: %s", strerror(-rc));
	command_fini(&command);
	return rc;
}

static int dryrun_agenda(struct options *options, const struct template *t,
			 struct resume *resume, struct fds *fds)
{
	struct agenda agenda;
	struct task task;
	int rc, failed = 0;

	rc = agenda_init(&agenda, options, t, resume,
			 options->jobs ? options->jobs : cpus_usable(), -1,
			 fds);
	if (rc == -EINVAL)
		return STATUS_USAGE;
	if (rc) {
		say("%s", strerror(-rc));
		return STATUS_BPOOL_FAILED;
	}
	while (!failed && (rc = agenda_next(&agenda, &task)) > 0) {
		failed = dryrun_task(t, &task);
		free(task.record);
	}
	if (rc < 0)
		(void)agenda_say_error(&agenda, rc);
	agenda_fini(&agenda);
	return rc < 0 || failed ? STATUS_BPOOL_FAILED : STATUS_OK;
}

int dryrun(struct options *options, const struct template *t, struct fds *fds)
{
	struct journals journals;
	int status;

	if (journals_init_dry(&journals, options, fds))
		return STATUS_BPOOL_FAILED;
	status = dryrun_agenda(options, t, journals.resume, fds);
	if (journals_fini(&journals))
		status = STATUS_BPOOL_FAILED;
	return status;
}
