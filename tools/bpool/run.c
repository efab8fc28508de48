/* SPDX-License-Identifier: MIT */
/* The producer.  See run.h. */
#include "run.h"

#include <boundpool.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "color.h"
#include "again.h"
#include "agenda.h"
#include "budget.h"
#include "cpus.h"
#include "crew.h"
#include "execute.h"
#include "expire.h"
#include "gate.h"
#include "job.h"
#include "journals.h"
#include "message.h"
#include "notice.h"
#include "orphans.h"
#include "pace.h"
#include "progress.h"
#include "report.h"
#include "shares.h"
#include "slots.h"
#include "spawn.h"
#include "spool.h"
#include "stop.h"
#include "summary.h"

/* Between looks at orphans, while there is nothing else to do. */
#define REAP_NS UINT64_C(1000000000)

/* ... and after each, which is for where it is refused. */
#define WAIT_MS 5

/* Jobs for each CPU of which more are a crowd: see start.c. */
#define CROWD 32u

/* Submit a job for the task, whose record is its in any case. */
static int produce_job(struct run *run, struct bpool *pool,
		       const struct pace *pace, const struct task *task,
		       uint64_t place)
{
	struct job *job = job_create(run, task->record, place);
	struct bpool_retry retry;
	struct bpool_job terms = { .retry = run->minds ? &retry : NULL };
	struct pace_key key;
	int rc;

	if (!job) {
		free(task->record);
		return -ENOMEM;
	}
	job->number = job->marked = task->number;
	job->log_number = task->log_number;
	again_terms(run->retry, &retry);
	rc = pace_terms(pace, job->record, job->number, &terms, &key);
	while (!rc) {
		struct timespec soon = bpool_after(REAP_NS);

		orphans_reap();
		execute_tell_limit(run);
		terms.until = &soon;
		rc = bpool_submit_with(pool, execute_job, job, &terms);
		if (rc != -ETIMEDOUT)
			break;
		rc = 0;
	}
	if (rc == -EPIPE) /* by run_close() */
		rc = -ECANCELED;
	if (rc)
		job_destroy(job);
	return rc;
}

/* Make a job of each task and submit it: the producer. */
static void produce(struct run *run, struct bpool *pool,
		    const struct pace *pace, struct agenda *agenda)
{
	uint64_t place = 0;
	struct task task;
	int rc;

	while ((rc = agenda_next(agenda, &task)) > 0) {
		rc = produce_job(run, pool, pace, &task, place++);
		if (rc)
			break;
		if (stop_is_closed(run->stop))
			break;
	}
	/* The end was read, and not only the end of this. */
	if (!rc && !stop_is_closed(run->stop))
		tally_total(run->tally, place);
	if (rc >= 0)
		return;
	/* For what is said now. */
	report_clear(run->report);
	if (agenda_say_error(agenda, rc))
		report_broken(run->report);
}

static bool jobs_are_left(struct bpool *pool)
{
	struct bpool_stats stats = { .size = sizeof(stats) };

	return bpool_stats(pool, &stats) == 0 && stats.in_flight > 0;
}

/* Meanwhile whatever jobs leave behind may end.  Nothing of the run is taken
 * down under a job, also where there is no memory to wait with. */
static void wait_for_jobs(struct run *run, struct bpool *pool)
{
	struct timespec soon = bpool_after(REAP_NS);

	while (bpool_wait(pool, &soon) != 0 && jobs_are_left(pool)) {
		orphans_reap();
		execute_tell_limit(run);
		(void)poll(NULL, 0, WAIT_MS);
		soon = bpool_after(REAP_NS);
	}
}

/* No job starts any more: those that wait for a time are called at once, to be
 * ended, and the producer wakes. */
static void run_close(void *pool)
{
	(void)bpool_close(pool, BPOOL_FLUSH);
}

struct changing {
	struct pace pace;
	struct slots slots;
};

/* A slot more or fewer, on the stop's thread, which waits for no reader of the
 * events: others tell of it. */
static void run_change_slots(void *arg, bool more)
{
	struct changing *changing = arg;

	slots_change(&changing->slots, more);
	atomic_store(&changing->pace.slots, changing->slots.now);
}

/* There is a pool: run the jobs, seen by those who watch the slots. */
static int run_jobs(struct run *run, const struct options *options,
		    unsigned jobs, struct bpool *pool, struct agenda *agenda,
		    struct progress *progress)
{
	struct changing changing;
	struct slots *slots = &changing.slots;
	struct pace *pace = &changing.pace;
	int rc = pace_init(pace, options, run->syntax, jobs, pool);

	if (rc)
		return rc;
	run->pace = pace;
	slots_init(slots, pool, options);
	atomic_init(&pace->slots, slots->now);
	execute_tell_limit(run);
	stop_at_slots(run->stop, run_change_slots, &changing);
	stop_at_close(run->stop, run_close, pool);
	if (progress)
		progress_watch(progress, slots);
	produce(run, pool, pace, agenda);
	wait_for_jobs(run, pool);
	if (progress)
		progress_watch(progress, NULL);
	stop_at_close(run->stop, NULL, NULL);
	stop_at_slots(run->stop, NULL, NULL);
	slots_tell(slots, run->tally);
	return 0;
}

/* Everything is ready: run what there is to run, wait, free; returns a status, or
 * negative errno. */
static int run_pool(struct run *run, struct options *options,
		    struct resume *resume, unsigned jobs,
		    struct progress *progress)
{
	struct bpool *pool;
	struct agenda agenda;
	int rc, destroyed;

	rc = agenda_init(&agenda, options, run->template, resume, jobs,
			 stop_fd(run->stop), run->fds);
	if (rc == -EINVAL) /* -C, which has been said */
		return STATUS_USAGE;
	if (rc)
		return rc;
	rc = crew_create(&pool, jobs, options);
	if (!rc) {
		rc = run_jobs(run, options, jobs, pool, &agenda, progress);
		destroyed = bpool_destroy(pool);
		rc = rc ? rc : destroyed;
	}
	agenda_fini(&agenda);
	return rc;
}

/* What came of it, told where it was asked for; bpool's exit status. */
static int run_end(struct run *run, struct journals *journals)
{
	const char *why = report_why_halted(run->report);
	int sig = stop_dies_of(run->stop);
	int status = sig ? SIGNAL_STATUS + sig : report_status(run->report);
	int rc = 0;

	if (journals->events && why && strcmp(why, REPORT_HALT) != 0)
		rc = events_halt(journals->events, why);
	if (journals->events && !rc)
		rc = events_summary(journals->events, run->tally, status);
	if (journals_fini(journals) || rc)
		report_broken(run->report);
	return report_status(run->report);
}

/* The first event: what is run, with so many slots. */
static int run_begin(struct run *run, const struct options *options,
		     unsigned jobs)
{
	struct text text = { 0 };
	char *command = NULL;
	int i, rc;

	if (!run->events)
		return 0;
	for (i = 0; i < options->argc; i++) {
		text_say(&text, i ? " " : "");
		/* One word is a command line as it is. */
		if (options->argc == 1)
			text_say(&text, options->argv[i]);
		else
			text_add_word(&text, options->argv[i]);
	}
	if (options->argc) {
		command = text_take(&text);
		if (!command)
			return -ENOMEM;
	}
	rc = events_begin(run->events, BPOOL_VERSION, command, jobs);
	free(command);
	return rc;
}

/* All is run that there is to run, and shown meanwhile. */
static int run_reported(struct run *run, struct options *options,
			struct journals *journals, unsigned jobs)
{
	struct progress progress;
	struct gate gate;
	bool shown;
	int rc;

	gate_init(&gate, options->delay_ms, options->load, options->memory,
		  stop_fd(run->stop), run->fds);
	gate_rate(&gate, &options->rate);
	gate_share(&gate, run->shares);
	gate_share_tokens(&gate, run->jobserver);
	run->gate = &gate;
	run->roster = journals->roster;
	run->events = journals->events;
	run->results = journals->results;
	run->logs = journals->log != NULL;
	notice_begin(run->report);
	shown = progress_wanted(options) &&
		!progress_init(&progress, run->color, run->tally, run->report);
	if (run_begin(run, options, jobs))
		report_broken(run->report);
	rc = expire_create(&run->expire, run, jobs);
	if (!rc)
		rc = run_pool(run, options, journals->resume, jobs,
			      shown ? &progress : NULL);
	expire_destroy(run->expire);
	if (shown)
		progress_fini(&progress);
	notice_end(run->report);
	gate_fini(&gate);
	if (!rc && options->summary)
		summary_print(run->report, run->tally, run->color);
	return rc;
}

/* The report and what it prints to; returns a status, or negative errno. */
static int run_journals(struct run *run, struct options *options,
			struct journals *journals, unsigned jobs)
{
	struct report_options report_options = {
		.keep_order = options->keep_order,
		.quiet = options->quiet,
		.halt = options->halt,
		.log = journals->log,
		.events = journals->events,
	};
	struct report report;
	struct spool spool;
	int rc, status = STATUS_BPOOL_FAILED;

	rc = spool_init(&spool, run->fds);
	if (rc)
		return rc;
	rc = report_init(&report, &report_options, run->tally, run->stop,
			 &spool, run->fds);
	if (!rc) {
		run->spool = &spool;
		run->report = &report;
		rc = run_reported(run, options, journals, jobs);
		status = run_end(run, journals);
		report_fini(&report);
	}
	spool_fini(&spool);
	return rc ? rc : status;
}

static void workers_free(struct worker *workers, unsigned n)
{
	unsigned i;

	for (i = 0; workers && i < n; i++) {
		output_fini(&workers[i].printed.out);
		output_fini(&workers[i].printed.err);
		output_fini(&workers[i].printed.log);
	}
	free(workers);
}

/* It ended while it waited for the jobs of a run before it, or for a reader of
 * the events. */
static int status_before_jobs(const struct run *run)
{
	if (!stop_is_late(run->stop))
		return STATUS_OK;
	say("--deadline: the time is over before any job");
	return STATUS_LATE;
}

/* The run's parts are made and unmade from here. */
static int run_all(struct run *run, struct options *options, unsigned jobs)
{
	struct journals journals;
	struct spawner spawner;
	struct tally tally;
	int rc;

	rc = journals_init(&journals, options, jobs, stop_fd(run->stop),
			   run->fds);
	if (rc == -ECANCELED)
		return status_before_jobs(run);
	if (rc)
		return STATUS_BPOOL_FAILED;
	rc = spawner_init(&spawner, options->shell, stop_caller_mask(run->stop),
			  options->tty ? SPAWN_TTY : SPAWN_PLAIN, run->fds);
	if (rc) {
		(void)journals_fini(&journals);
		return rc;
	}
	tally_init(&tally);
	run->tally = &tally;
	run->spawner = &spawner;
	run->workers = calloc(jobs, sizeof(*run->workers));
	if (run->workers) {
		rc = run_journals(run, options, &journals, jobs);
	} else {
		rc = -ENOMEM;
		(void)journals_fini(&journals);
	}
	workers_free(run->workers, jobs);
	run->workers = NULL;
	run->tally = NULL;
	run->spawner = NULL;
	tally_fini(&tally);
	spawner_fini(&spawner);
	return rc;
}

/* The same, with its limits, if any. */
static int run_sharing(struct run *run, struct options *options, unsigned jobs)
{
	struct shares shares;
	int rc;

	if (!options->nlimits)
		return run_all(run, options, jobs);
	rc = shares_init(&shares, options->limits, options->nlimits, jobs,
			 stop_fd(run->stop));
	if (rc) /* which has been said */
		return STATUS_BPOOL_FAILED;
	run->shares = &shares;
	rc = run_all(run, options, jobs);
	run->shares = NULL;
	shares_fini(&shares);
	return rc;
}

/* On the stop's thread: nobody else will give back what others wait for. */
static void run_die(void *arg)
{
	jobserver_end(arg);
}

/* With a budget: wait for signals, and run. */
static int run_budget(struct run *run, struct options *options,
		      struct budget *budget)
{
	struct stop_options stop_options = {
		.terminal = run->terminal,
		.lend = options->tty,
		.grace_ms = options->grace_ms,
		.deadline_ms = options->deadline_ms
				       ? now_ms() + options->deadline_ms
				       : 0,
	};
	int rc;

	/* A parent that ignores SIGCHLD would leave us nothing to wait for. */
	(void)signal(SIGCHLD, SIG_DFL);
	orphans_adopt();
	rc = stop_create(&run->stop, budget->jobs, &stop_options, run->mark,
			 run->fds);
	if (rc)
		return rc;
	run->jobserver = &budget->jobserver;
	run->crowded = budget->jobs / cpus_usable() > CROWD;
	stop_at_death(run->stop, run_die, run->jobserver);
	rc = budget_serve(budget, options)
		     ? STATUS_BPOOL_FAILED
		     : run_sharing(run, options, budget->jobs);
	stop_destroy(run->stop);
	return rc;
}

int run_lines(struct options *options, const struct template *t,
	      struct terminal *terminal, struct fds *fds)
{
	struct mark mark;
	struct run run = {
		.mark = &mark,
		.grace_ms = options->grace_ms,
		.timeout = { .ms = options->timeout_ms,
			     .percent = options->timeout_percent },
		.ungroup = options->ungroup,
		.verbose = options->verbose,
		.quiet = options->quiet,
		.color = color_for(options->color, STDERR_FILENO),
		.color_out = color_for(options->color, STDOUT_FILENO),
		.shell = options->shell,
		.template = t,
		.syntax = template_syntax(t),
		.directory = options->directory,
		.line_buffer = options->line_buffer,
		.tag = options->tag && !*options->tag ? options->replace
						      : options->tag,
		.terminal = terminal,
		.fds = fds,
		.retry = &options->retry,
		.minds = options_mind(options),
		.starts = PTHREAD_MUTEX_INITIALIZER,
		.waits_told = ATOMIC_FLAG_INIT,
	};
	struct budget budget;
	int rc;

	mark_init(&mark);
	rc = budget_init(&budget, options, fds);
	if (!rc)
		rc = run_budget(&run, options, &budget);
	budget_fini(&budget);
	if (rc < 0) {
		say("cannot begin: %s", strerror(-rc));
		return STATUS_BPOOL_FAILED;
	}
	return rc;
}
