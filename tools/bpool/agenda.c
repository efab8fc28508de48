/* SPDX-License-Identifier: MIT */
#include "agenda.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "filling.h"
#include "joblog.h"
#include "message.h"

int agenda_init(struct agenda *agenda, struct options *options,
		const struct template *t, struct resume *resume, unsigned slots,
		int stop_fd, struct fds *fds)
{
	*agenda = (struct agenda){
		.t = t,
		.directory = options->directory,
		.resume = resume,
		.failed = options->retry_failed,
	};
	if (agenda->failed)
		return 0;
	return input_init(&agenda->input, options, slots, stop_fd, fds);
}

void agenda_fini(struct agenda *agenda)
{
	if (!agenda->failed)
		input_fini(&agenda->input);
}

/* A job of the log that failed: its command is a line. */
static int agenda_next_failed(struct agenda *agenda, struct task *task)
{
	struct text command = { 0 };
	struct pieces pieces = { 0 };
	size_t len;
	char *line;
	int rc;

	rc = resume_next_failed(agenda->resume, &command, &task->number);
	len = command.len;
	line = text_take(&command);
	if (rc > 0 && (!line || pieces_add(&pieces, line, len)))
		rc = -ENOMEM;
	if (rc > 0) {
		task->record = record_create(&pieces, 0, 0, 1);
		task->log_number = task->number;
		rc = task->record ? 1 : -ENOMEM;
	}
	free(line);
	pieces_fini(&pieces);
	return rc;
}

/* Whether the log has the task: 1, 0 or negative errno. */
static int agenda_is_done(struct agenda *agenda, struct task *task)
{
	struct filling f = { .record = task->record,
			     .turn = { .job = task->number, .slot = 1 } };
	char *directory = NULL, *text = NULL;
	struct command command;
	int rc;

	rc = template_expand(agenda->t, task->record, f.turn, &command);
	if (rc)
		return rc;
	if (agenda->directory)
		directory = filling_text(&f, template_syntax(agenda->t),
					 agenda->directory);
	if (!agenda->directory || directory)
		text = joblog_command(command.shown, directory);
	rc = text ? resume_take(agenda->resume, text, task->number,
				&task->log_number)
		  : -ENOMEM;
	command_fini(&command);
	free(directory);
	free(text);
	return rc;
}

int agenda_next(struct agenda *agenda, struct task *task)
{
	int rc;

	if (agenda->failed)
		return agenda->resume ? agenda_next_failed(agenda, task) : 0;
	while ((rc = input_next(&agenda->input, &task->record)) > 0) {
		if (template_runs(agenda->t, task->record->line)) {
			task->number = ++agenda->position;
			task->log_number = task->number;
			rc = agenda->resume ? agenda_is_done(agenda, task) : 0;
			if (rc == 0)
				return 1;
		}
		free(task->record);
		if (rc < 0)
			break;
	}
	return rc;
}

bool agenda_say_error(const struct agenda *agenda, int error)
{
	const struct lines *lines = &agenda->input.lines;
	char shown[200] = "stdin";

	if (error == -ECANCELED)
		return false;
	if (lines->file)
		(void)escaped(shown, sizeof(shown), lines->file);
	if (agenda->failed)
		say("--retry-failed: %s", strerror(-error));
	else if (error == -EILSEQ)
		say("%s: line %llu: has a NUL byte (see -0)", shown,
		    (unsigned long long)lines->number);
	else
		say("%s: %s", shown, strerror(-error));
	return true;
}
