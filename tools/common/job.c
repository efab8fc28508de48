/* SPDX-License-Identifier: MIT */
/* One job: its parts and its messages.  See job.h. */
#include "job.h"

#include <boundpool.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "color.h"
#include "filling.h"
#include "message.h"

struct job *job_create(struct run *run, struct record *record, uint64_t place)
{
	struct job *job = malloc(sizeof(*job));

	if (job)
		*job = (struct job){ .run = run,
				     .record = record,
				     .place = place,
				     .feedback_fd = -1,
				     .result = RESULT_NONE };
	return job;
}

void job_clear(struct job *job)
{
	command_fini(&job->command);
	environment_fini(&job->environment);
	free(job->directory);
	free(job->log_text);
	free(job->tag);
	free(job->tag_colored);
	if (job->feedback_fd >= 0)
		close(job->feedback_fd);
	job->directory = job->log_text = job->tag = job->tag_colored = NULL;
	job->command = (struct command){ 0 };
	job->environment = (struct environment){ 0 };
	job->feedback_fd = -1;
	job->feedback = (struct feedback){ 0 };
	job->pid = 0;
	job->copy_error = 0;
	job->spool_failed = false;
	job->result = (struct result)RESULT_NONE;
	job->ending = (struct ending){ 0 };
}

void job_destroy(struct job *job)
{
	job_clear(job);
	output_fini(&job->kept.out);
	output_fini(&job->kept.err);
	output_fini(&job->kept.log);
	free(job->record);
	free(job);
}

/* A name with `end` behind it, without control characters of its own; NULL
 * where there is no memory. */
static char *line_of(bool color, const char *name, const char *end)
{
	size_t size = 4 * strlen(name) + 8;
	char *safe = malloc(size), *line = NULL;

	if (safe && asprintf(&line, "%s%s%s%s", color ? COLOR_NAME : "",
			     escaped(safe, size, name), color ? COLOR_OFF : "",
			     end) < 0)
		line = NULL;
	free(safe);
	return line;
}

static int job_make_tag(struct job *job, const struct filling *f)
{
	char *text = filling_text(f, job->run->syntax, job->run->tag);
	bool color = job->run->color || job->run->color_out;

	job->tag = text ? line_of(false, text, "\t") : NULL;
	job->tag_colored = text && color ? line_of(true, text, "\t") : NULL;
	free(text);
	return job->tag && (job->tag_colored || !color) ? 0 : -ENOMEM;
}

/* What it printed before comes first. */
static void job_take_kept(struct job *job)
{
	struct outputs *printed = &job->worker->printed;

	output_fini(&printed->out);
	output_fini(&printed->err);
	output_fini(&printed->log);
	*printed = job->kept;
	job->kept = (struct outputs){ 0 };
}

int job_expand(struct job *job)
{
	struct run *run = job->run;
	struct filling f = { .record = job->record };
	struct environment_of of = { .mark = run->mark,
				     .marked = job->marked,
				     .id = job->id };

	job->slot = (unsigned)bpool_worker();
	job->worker = &run->workers[job->slot];
	if (job->attempt++ > 0)
		job_take_kept(job);
	if (run->minds && run->fds->spare >= 0) {
		job->feedback_fd = feedback_open(run->fds);
		if (job->feedback_fd < 0)
			return job->feedback_fd;
	}
	f.turn = (struct turn){ .job = job->number, .slot = job->slot + 1 };
	if (run->directory) {
		job->directory = filling_text(&f, run->syntax, run->directory);
		if (!job->directory)
			return -ENOMEM;
	}
	if (run->tag && job_make_tag(job, &f))
		return -ENOMEM;
	of.turn = f.turn;
	of.attempt = job->attempt;
	of.directory = job->directory;
	of.feedback = job->feedback_fd < 0 ? -1 : run->fds->spare;
	if (environment_init(&job->environment, &of))
		return -ENOMEM;
	if (template_expand(run->template, job->record, f.turn, &job->command))
		return -ENOMEM;
	if (!run->logs)
		return 0;
	job->log_text = joblog_command(job->command.shown, job->directory);
	return job->log_text ? 0 : -ENOMEM;
}

const char *job_text(const struct job *job)
{
	if (job->command.shown)
		return job->command.shown;
	return job->record->line ? job->record->line : job->record->values[0];
}

/* A line that says which job, and why. */
static void job_message(const struct job *job, char *text, size_t size,
			const char *why)
{
	const struct record *record = job->record;
	const struct run *run = job->run;
	uint64_t number = record->number ? record->number : job->number;
	bool bad = run->color && job->ending.outcome != OUTCOME_OK;
	char shown[500], file[200];
	size_t len = message_begin(text, size);

	(void)snprintf(
		text + len, size - len, "%s%s%s %llu: %s%s%s: %s\n",
		record->file ? escaped(file, sizeof(file), record->file) : "",
		record->file ? ": " : "", record->number ? "line" : "job",
		(unsigned long long)number, bad ? COLOR_BAD : "", why,
		bad ? COLOR_OFF : "",
		escaped(shown, sizeof(shown), job_text(job)));
}

void job_say_now(struct job *job, const char *why)
{
	char text[MESSAGE_MAX];

	job_message(job, text, sizeof(text), why);
	report_print(job->run->report, STDERR_FILENO, text, strlen(text));
}

void job_say(struct job *job, const char *format, ...)
{
	struct output *err = &job->worker->printed.err;
	struct run *run = job->run;
	char why[200], text[MESSAGE_MAX];
	va_list args;

	va_start(args, format);
	(void)vsnprintf(why, sizeof(why), format, args);
	va_end(args);
	job_message(job, text, sizeof(text), why);
	if (err->last && err->last != '\n')
		(void)output_append(err, run->spool, "\n", 1);
	/* Where there is no room for it, it is said at once. */
	if (output_append(err, run->spool, text, strlen(text)))
		report_print(run->report, STDERR_FILENO, text, strlen(text));
}

void job_show(const struct job *job)
{
	bool color = job->run->color;
	char *text = line_of(color, job->command.shown, "\n");

	if (text)
		report_print(job->run->report, STDERR_FILENO, text,
			     strlen(text));
	free(text);
}
