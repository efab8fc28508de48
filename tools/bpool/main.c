/* SPDX-License-Identifier: MIT */
/*
 * bpool: run a command for each line of input, so many at once and no more.
 *
 * The main thread reads lines, makes a record of each and submits it as a
 * job to a pool of libboundpool, which puts it to sleep while enough jobs are
 * accepted.  Each worker makes a command of its job's record, starts it, reads
 * what it prints, waits for it and reports it.  One more thread waits for
 * signals.
 *
 *	main.c		this: what is asked for
 *	options.c	the command line and --help, from the table
 *	optiontable.c	each option
 *	optioncheck.c	several of them together
 *	run.c		the producer: a job of each record
 *	dryrun.c	what the producer would do
 *	agenda.c	what there is to run: records, less those done
 *	input.c		the records: of lines, columns, combinations
 *	sources.c	the values behind :::
 *	crew.c		the workers, as many as there is room for
 *	execute.c	a job from its turn to the report, on its worker
 *	again.c		what those that are tried again are until then
 *	pace.c		how fast: limits on all jobs and on those of a key
 *	gate.c		when the next job may start
 *	budget.c	how many at once
 *	slots.c		one more or fewer, meanwhile
 *	jobserver.c	tokens shared with GNU make
 *	makeflags.c	where they are
 *	shares.c	what jobs share with those of other runs
 *	semaphore.c	slots that processes share
 *	limit.h		... as they are asked for
 *	ownfile.c	files that only this user can touch
 *	become.c	--sem: the command in bpool's place
 *	progress.c	how far the run is: when that is shown,
 *	meter.c		in which words
 *	notice.c	what a stop does to that
 *	summary.c	what it came to
 *	journals.c	what a run writes about itself
 *	page.c		--report: the events in a page that draws them
 *	logread.c	reading and mending the job log,
 *	resume.c	what it says is done
 *
 * In tools/common/, what it takes to run a job and to report it, whoever does:
 *
 *	attempt.c	one attempt of a job, from its start to its end
 *	job.c		one job: its parts, what is said of it
 *	start.c		starting it, again where it cannot yet
 *	spawn.c		starting a process
 *	capture.c	reading what it prints
 *	tail.c		the end of that
 *	spool.c		output that does not fit into memory or waits
 *	expire.c	--timeout
 *	verdict.c	what its end means
 *	ending.h	how a job ended
 *	retry.c		which jobs are tried again
 *	feedback.c	what jobs say of the service that they ask
 *	environment.c	what a job finds in its environment
 *	argroom.c	how much a command and its environment may hold
 *	observe.c	who is told of a job's start and end:
 *	tally.c		what the run has come to: counts, run times;
 *	histogram.c	percentiles in constant memory
 *	halt.c		when that ends it
 *	roster.c	who runs now,
 *	rosterline.c	in which words;
 *	events.c	what happens, as JSON,
 *	eventfile.c	and where that goes;
 *	results.c	a folder for each job
 *	filename.c	any text as the name of a file
 *	joblog.c	the job log
 *	report.c	the one writer: printing, order, exit status
 *	waiting.c	which output waits for whom
 *	statusline.c	the line below what is printed
 *	template.c	what a record becomes: words or a shell command
 *	record.c	the values of one job
 *	lines.c		the lines of the input
 *	placeholder.c	{} and its kin
 *	filling.c	what they stand for
 *	shelltext.c	a shell's command with values in it
 *	shellscan.c	where a shell would take a value for code
 *	shellcommand.c	what a word means where it stands
 *	shellword.c	one word, as every shell reads it
 *	scan.c		what is skipped in it, and what was found
 *	codeword.c	which words a builtin runs
 *	interpreter.c	which words a program runs
 *	programs.c	which programs do
 *	plain.c		which command lines need no shell
 *	stop.c		stopping jobs, dying, suspending
 *	stopper.c	the thread for signals and time
 *	stopstate.h	what those two share
 *	stopevent.h	what they tell of
 *	terminal.c	who has the terminal, and its settings
 *	sessions.c	every process of a job
 *	mark.c		how those that left its session are known
 *	orphans.c	who is left behind
 *	fds.c		standard descriptors, the limit on descriptors
 *	command.c	what the main() of each does alike
 *	option.c	command lines by a table of options
 *	message.c	what is said
 *	color.c		what is coloured
 *	cpus.c		how many processors there are
 *	units.c		times and sizes as people write them
 *	text.c		text that grows, words quoted for a shell
 *	words.c		words that grow in number
 *	json.c		objects of JSON
 *	utf8.c		characters
 *	clock.h		time
 *	io.c		whole reads and writes
 *
 * Locks, outermost first: that of starts; who listens to the stop; the report's;
 * the spool's, the stop's or the jobserver's; the terminal's or the fds'.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "become.h"
#include "command.h"
#include "dryrun.h"
#include "eventfile.h"
#include "fds.h"
#include "message.h"
#include "options.h"
#include "page.h"
#include "report.h"
#include "run.h"
#include "template.h"
#include "terminal.h"

/* What cannot be read, or written to, is told before anything runs. */
static int files_check(const struct options *options)
{
	size_t i;

	if (options->events &&
	    eventfile_take(options->events, &eventfile_lines))
		return -EINVAL;
	if (options->report && eventfile_take(options->report, &page_form))
		return -EINVAL;
	for (i = 0; i < options->nfiles; i++) {
		const char *file = options->files[i];
		char shown[200];

		if (strcmp(file, "-") == 0 || access(file, R_OK) == 0)
			continue;
		say("%s: %s", escaped(shown, sizeof(shown), file),
		    strerror(errno));
		return -errno;
	}
	return 0;
}

/* With the terminal that jobs get (--tty), or may change all the same (-u). */
static int terminal_run(struct options *options, const struct template *t,
			struct fds *fds)
{
	struct terminal terminal;
	int status, rc = -ENXIO;

	if (options->ungroup)
		rc = terminal_open(&terminal, options->tty, fds);
	if (rc && options->tty) {
		say("--tty: %s",
		    rc == -ENXIO ? "there is no controlling terminal"
		    : rc == -EIO ? "bpool is in the background for good"
				 : strerror(-rc));
		return STATUS_BPOOL_FAILED;
	}
	status = run_lines(options, t, rc ? NULL : &terminal, fds);
	if (!rc)
		terminal_close(&terminal);
	return status;
}

/* How placeholders are written, and what they may stand for. */
static struct placeholder_syntax syntax_of(const struct options *o)
{
	size_t sources = o->sources.n;
	struct placeholder_syntax syntax = {
		.value = o->replace,
		.numbered = o->columns || o->max_values || o->fill || sources,
		.several = o->max_values > 1 || o->fill || sources > 1,
	};

	if (!o->columns && !o->fill)
		syntax.most = o->max_values ? o->max_values : (unsigned)sources;
	return syntax;
}

/* The placeholders of options, as template_create() those of the command. */
static int texts_check(const struct options *o,
		       const struct placeholder_syntax *syntax)
{
	const char *const texts[] = { o->tag, o->directory, o->key };
	char shown[200];

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		if (!texts[i] || !placeholder_has_beyond(syntax, texts[i]))
			continue;
		say("%s: %s", escaped(shown, sizeof(shown), texts[i]),
		    placeholder_why_beyond);
		return -EINVAL;
	}
	/* It would be the same for all, silently. */
	if (o->key && !syntax->numbered &&
	    placeholder_has_number(syntax, o->key)) {
		say("--key %s: lines have no columns without -C, -n or :::",
		    escaped(shown, sizeof(shown), o->key));
		return -EINVAL;
	}
	if (o->key && placeholder_has_slot(syntax, o->key)) {
		say("--key %s: the slot is not known before the start",
		    escaped(shown, sizeof(shown), o->key));
		return -EINVAL;
	}
	return 0;
}

static int options_run(struct options *options, struct fds *fds)
{
	struct template_options template = { .argc = options->argc,
					     .argv = options->argv,
					     .shell = options->shell,
					     .syntax = syntax_of(options) };
	struct template *t;
	int status;

	if (texts_check(options, &template.syntax))
		return STATUS_USAGE;
	status = command_template(&t, &template);
	if (status != STATUS_OK)
		return status;
	if (files_check(options))
		status = STATUS_BPOOL_FAILED;
	else if (options->dry_run)
		status = dryrun(options, t, fds);
	else
		status = terminal_run(options, t, fds);
	template_destroy(t);
	return status;
}

/* Whoever may start such a program would choose what runs with its rights. */
static bool is_set_id(void)
{
	return geteuid() != getuid() || getegid() != getgid();
}

int main(int argc, char **argv)
{
	struct options options;
	struct fds fds;
	int rc, status = STATUS_OK;

	rc = fds_init(&fds);
	if (rc) {
		say("/dev/null: %s", strerror(-rc));
		return STATUS_BPOOL_FAILED;
	}
	if (is_set_id()) {
		say("does not run set-user-ID or set-group-ID");
		return STATUS_BPOOL_FAILED;
	}
	rc = options_parse(&options, argc, argv);
	if (rc)
		return rc == -EINVAL ? STATUS_USAGE : STATUS_BPOOL_FAILED;
	if (options.help)
		rc = options_help();
	else if (options.version)
		rc = command_version("bpool");
	else if (options.semaphore)
		status = become(options.semaphore,
				options.jobs ? options.jobs : 1, options.argv);
	else if (options.from)
		status = page_make(options.report, options.from, &fds);
	else
		status = options_run(&options, &fds);
	options_fini(&options);
	return command_end(status, rc);
}
