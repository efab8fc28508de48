/* SPDX-License-Identifier: MIT */
/* The one writer.  See report.h. */
#include "report.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "io.h"
#include "message.h"

int report_init(struct report *report, const struct report_options *options,
		struct tally *tally, struct stop *stop, struct spool *spool,
		struct fds *fds)
{
	int rc;

	*report = (struct report){
		.stop = stop,
		.tally = tally,
		.spool = spool,
		.halt = options->halt,
		.quiet = options->quiet,
		.keep_order = options->keep_order,
		.alone = options->alone,
		.log = options->log,
		.events = options->events,
	};
	statusline_init(&report->line);
	waiting_init(&report->waiting, fds);
	rc = pthread_mutex_init(&report->lock, NULL);
	if (rc)
		return -rc;
	rc = pthread_cond_init(&report->turns, NULL);
	if (rc)
		pthread_mutex_destroy(&report->lock);
	return -rc;
}

void report_fini(struct report *report)
{
	waiting_fini(&report->waiting);
	pthread_cond_destroy(&report->turns);
	pthread_mutex_destroy(&report->lock);
}

/* ---- Printing; all under the lock ---------------------------------------- */

/* A write failed: that is the end of printing, and of the jobs. */
static void report_write_failed(struct report *report, int fd, int error)
{
	bool quiet = error == -EPIPE && stop_dies_of_pipe(report->stop);

	if (report->write_failed)
		return;
	report->write_failed = true;
	report->broken = true;
	(void)statusline_erase(&report->line);
	if (!quiet)
		say("%s: %s", fd == STDOUT_FILENO ? "stdout" : "stderr",
		    strerror(-error));
	stop_jobs(report->stop, error == -EPIPE ? SIGPIPE : 0);
}

struct sink {
	struct report *report;
	int fd;
};

static int sink_write(void *user, const char *data, size_t len)
{
	struct sink *sink = user;
	int rc;

	if (sink->report->write_failed)
		return -ECANCELED;
	if (len == 0)
		return 0;
	/* Where that fails, so does what follows. */
	(void)statusline_before(&sink->report->line, sink->fd, data, len);
	rc = write_all(sink->fd, data, len);
	if (!rc)
		return 0;
	report_write_failed(sink->report, sink->fd, rc);
	return -ECANCELED;
}

static void report_lost(struct report *report, int error)
{
	(void)statusline_erase(&report->line);
	say("reading kept output: %s", strerror(-error));
	report->broken = true;
}

/* How an output is taken: all of it, or whole lines. */
typedef int take_fn(struct output *output, struct spool *spool,
		    spool_sink *sink, void *user);

/* Print what `take` takes of stdout or stderr.  What could not be read back is
 * lost, which is told. */
static void report_take(struct report *report, struct outputs *outputs, int fd,
			take_fn *take)
{
	struct output *output = fd == STDOUT_FILENO ? &outputs->out
						    : &outputs->err;
	struct sink sink = { report, fd };
	int rc = take(output, report->spool, sink_write, &sink);

	if (!rc || rc == -ECANCELED)
		return;
	outputs->lost = true;
	report_lost(report, rc);
}

static int text_sink(void *user, const char *data, size_t len)
{
	struct text *text = user;

	text_add(text, data, len);
	return text->failed ? -ENOMEM : 0;
}

/*
 * Log a job whose outputs are printed; one whose are not does not stand there,
 * so that --resume runs it again.
 */
static void report_log(struct report *report, struct outputs *outputs)
{
	struct text text = { 0 };
	int rc = output_take(&outputs->log, report->spool, text_sink, &text);
	size_t len = text.len;
	char *line = text_take(&text);
	char shown[200];

	if (!line)
		rc = -ENOMEM;
	if (!rc && len && !outputs->lost && !report->write_failed &&
	    !report->log_failed)
		rc = joblog_write(report->log, line, len);
	free(line);
	if (!rc || report->log_failed)
		return;
	/* What runs is let end, but what would be lost is not begun. */
	report->log_failed = true;
	report->broken = true;
	(void)statusline_erase(&report->line);
	say("%s: %s: no more jobs start",
	    escaped(shown, sizeof(shown), report->log->path), joblog_why(rc));
	stop_starts(report->stop);
}

/* Print a job's outputs, which are empty then, and log it. */
static void report_outputs(struct report *report, struct outputs *outputs)
{
	report_take(report, outputs, STDOUT_FILENO, output_take);
	report_take(report, outputs, STDERR_FILENO, output_take);
	if (report->log)
		report_log(report, outputs);
	outputs->lost = false;
}

/* ---- Order; all under the lock ------------------------------------------ */

/* Keep a job's outputs for its turn.  On failure nothing is lost yet. */
static int report_keep(struct report *report, uint64_t place,
		       struct outputs *outputs)
{
	struct kept kept;
	int rc;

	rc = output_spool(&outputs->out, report->spool);
	if (!rc)
		rc = output_spool(&outputs->err, report->spool);
	if (!rc)
		rc = output_spool(&outputs->log, report->spool);
	if (rc)
		return rc;
	kept.out = outputs->out.stream;
	kept.err = outputs->err.stream;
	kept.log = outputs->log.stream;
	rc = waiting_put(&report->waiting, report->turn, place, &kept);
	if (rc)
		return rc;
	output_forget(&outputs->out);
	output_forget(&outputs->err);
	output_forget(&outputs->log);
	return 0;
}

/* Whose turn it was is printed: print those that waited for this. */
static void report_next_turns(struct report *report)
{
	for (;;) {
		struct outputs outputs = { 0 };
		struct kept kept;
		int rc;

		report->turn++;
		rc = waiting_take(&report->waiting, report->turn, &kept);
		if (rc == 0)
			break;
		if (rc < 0) {
			/* Those behind it are not lost; nor is it, if it still
			 * runs: it is printed when it ends. */
			report_lost(report, rc);
			continue;
		}
		outputs.out.stream = kept.out;
		outputs.err.stream = kept.err;
		outputs.log.stream = kept.log;
		report_outputs(report, &outputs);
	}
	pthread_cond_broadcast(&report->turns);
}

/* See whether the run has to end. */
static void report_check_halt(struct report *report,
			      const struct ending *ending)
{
	struct counts counts;

	if (report->halted || report->halt.why == HALT_NEVER ||
	    stop_is_closed(report->stop))
		return;
	counts = tally_counts(report->tally);
	if (!halt_reached(&report->halt, &counts))
		return;
	report->halted = true;
	/* A job that exits with 0 after its time was over has failed. */
	report->halter = ending_status(ending);
	if (ending->timed_out && !report->halter)
		report->halter = STATUS_LATE;
	if (report->halt.now)
		stop_jobs(report->stop, 0);
	else
		stop_starts(report->stop);
	if (report->events && events_halt(report->events, REPORT_HALT))
		report->broken = true;
	(void)statusline_erase(&report->line);
	if (!report->quiet)
		say("--halt: no more jobs start: %llu succeeded, %llu failed",
		    (unsigned long long)counts.ok,
		    (unsigned long long)counts_failed(&counts));
}

void report_job(struct report *report, uint64_t place,
		const struct ending *ending, struct outputs *outputs)
{
	pthread_mutex_lock(&report->lock);
	if (ending->outcome == OUTCOME_BROKEN)
		report->broken = true;
	report_check_halt(report, ending);
	if (report->keep_order && place > report->turn) {
		/*
		 * Where it cannot be kept (a full disk), its worker holds it
		 * until its turn.  Those before it have all started, so that
		 * comes.
		 */
		if (!report_keep(report, place, outputs)) {
			pthread_mutex_unlock(&report->lock);
			return;
		}
		report->broken |= report->alone;
		while (place > report->turn && !report->alone)
			pthread_cond_wait(&report->turns, &report->lock);
	}
	report_outputs(report, outputs);
	if (report->keep_order && place == report->turn)
		report_next_turns(report);
	pthread_mutex_unlock(&report->lock);
}

void report_lines(struct report *report, uint64_t place,
		  struct outputs *outputs)
{
	pthread_mutex_lock(&report->lock);
	if (!report->keep_order || place <= report->turn) {
		report_take(report, outputs, STDOUT_FILENO, output_take_lines);
		report_take(report, outputs, STDERR_FILENO, output_take_lines);
	}
	pthread_mutex_unlock(&report->lock);
}

void report_print(struct report *report, int fd, const char *text, size_t len)
{
	struct sink sink = { report, fd };

	pthread_mutex_lock(&report->lock);
	if (!statusline_at_start(&report->line, fd))
		(void)sink_write(&sink, "\n", 1);
	(void)sink_write(&sink, text, len);
	pthread_mutex_unlock(&report->lock);
}

void report_show(struct report *report, const char *text, bool fresh)
{
	pthread_mutex_lock(&report->lock);
	/* A terminal that fails is no loss of output. */
	if (fresh || !report->line.shown)
		(void)statusline_draw(&report->line, text);
	pthread_mutex_unlock(&report->lock);
}

void report_clear(struct report *report)
{
	pthread_mutex_lock(&report->lock);
	(void)statusline_erase(&report->line);
	pthread_mutex_unlock(&report->lock);
}

void report_reader_gone(struct report *report)
{
	pthread_mutex_lock(&report->lock);
	report_write_failed(report, STDOUT_FILENO, -EPIPE);
	pthread_mutex_unlock(&report->lock);
}

void report_broken(struct report *report)
{
	pthread_mutex_lock(&report->lock);
	report->broken = true;
	pthread_mutex_unlock(&report->lock);
}

const char *report_why_halted(struct report *report)
{
	const char *why = NULL;

	pthread_mutex_lock(&report->lock);
	if (report->halted)
		why = REPORT_HALT;
	else if (report->broken)
		why = "error";
	else if (stop_is_late(report->stop))
		why = "deadline";
	else if (stop_is_closed(report->stop))
		why = "signal";
	pthread_mutex_unlock(&report->lock);
	return why;
}

/* Of a run that went to its end. */
static int counts_status(const struct counts *counts)
{
	uint64_t unstarted = counts->missing + counts->not_executable;

	if (counts_failed(counts) == 0)
		return STATUS_OK;
	if (counts->failed || counts->ok)
		return STATUS_JOB_FAILED;
	return unstarted > counts->missing ? STATUS_NOT_EXECUTABLE
					   : STATUS_MISSING;
}

int report_status(struct report *report)
{
	struct counts counts = tally_counts(report->tally);
	int status;

	pthread_mutex_lock(&report->lock);
	if (report->broken)
		status = STATUS_BPOOL_FAILED;
	/* A percentage may be reached by the end of the input alone. */
	else if (report->halted || halt_reached(&report->halt, &counts))
		status = halt_status(&report->halt, &counts, report->halter);
	else if (stop_is_late(report->stop))
		status = STATUS_LATE;
	else
		status = counts_status(&counts);
	pthread_mutex_unlock(&report->lock);
	return status;
}
