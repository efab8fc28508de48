/* SPDX-License-Identifier: MIT */
/* The producer.  See run.h. */
#include "run.h"

#include <boundpool.h>
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "input.h"
#include "io.h"
#include "execute.h"
#include "job.h"
#include "message.h"
#include "orphans.h"
#include "report.h"
#include "spawn.h"
#include "spool.h"
#include "stop.h"

/* A worker needs little: what is large is on the heap. */
#define WORKER_STACK (256u * 1024)

/* Jobs made ahead of the workers, at most. */
#define AHEAD_MAX 64u

/* Between looks at orphans, while there is nothing else to do. */
#define REAP_NS UINT64_C(1000000000)

/* CPUs that this process may use. */
static unsigned cpus_usable(void)
{
	size_t room;
	int n = 0;

	for (room = 1024; !n && room <= 1 << 20; room *= 2) {
		size_t size = CPU_ALLOC_SIZE(room);
		cpu_set_t *set = CPU_ALLOC(room);

		if (!set)
			break;
		if (sched_getaffinity(0, size, set) == 0)
			n = CPU_COUNT_S(size, set);
		CPU_FREE(set);
	}
	return n > 0 ? (unsigned)n : 1;
}

/* Say why the input ended early; true where that is bpool's failure. */
static bool input_error(const struct input *input, int error)
{
	const struct lines *lines = &input->lines;
	char shown[200] = "stdin";

	if (error == -ECANCELED)
		return false;
	if (lines->file)
		(void)escaped(shown, sizeof(shown), lines->file);
	if (error == -EILSEQ)
		say("%s: line %llu: has a NUL byte (see -0)", shown,
		    (unsigned long long)lines->number);
	else
		say("%s: %s", shown, strerror(-error));
	return true;
}

/* ---- --dry-run ---------------------------------------------------------- */

static int dry_run_print(struct command *command)
{
	size_t len = strlen(command->shown);
	int rc;

	/* Its NUL gives place to the newline: one write. */
	command->shown[len] = '\n';
	rc = write_all(STDOUT_FILENO, command->shown, len + 1);
	command->shown[len] = '\0';
	return rc;
}

static int dry_run_record(const struct template *t, const struct record *record,
			  uint64_t *job)
{
	struct turn turn = { .job = *job + 1, .slot = 1 };
	struct command command;
	int rc;

	if (!template_runs(t, record->line))
		return 0;
	++*job;
	rc = template_expand(t, record, turn, &command);
	if (rc) {
		say("%s", strerror(-rc));
		return rc;
	}
	rc = dry_run_print(&command);
	if (rc)
		say("stdout: %s", strerror(-rc));
	command_fini(&command);
	return rc;
}

int run_dry(struct options *options, const struct template *t, struct fds *fds)
{
	struct input input;
	struct record *record;
	uint64_t job = 0;
	int rc, failed = 0;

	rc = input_init(&input, options,
			options->jobs ? options->jobs : cpus_usable(), -1, fds);
	if (rc == -EINVAL)
		return STATUS_USAGE;
	if (rc) {
		say("%s", strerror(-rc));
		return STATUS_BPOOL_FAILED;
	}
	while (!failed && (rc = input_next(&input, &record)) > 0) {
		failed = dry_run_record(t, record, &job);
		free(record);
	}
	if (rc < 0)
		(void)input_error(&input, rc);
	input_fini(&input);
	return rc < 0 || failed ? STATUS_BPOOL_FAILED : STATUS_OK;
}

/* ---- The real run -------------------------------------------------------- */

/* Submit a job for the record, which is its in any case. */
static int produce_job(struct run *run, struct bpool *pool,
		       struct record *record, uint64_t place, uint64_t number)
{
	struct job *job = job_create(run, record, place, number);
	int rc;

	if (!job) {
		free(record);
		return -ENOMEM;
	}
	rc = bpool_submit(pool, execute_job, job);
	if (rc)
		job_destroy(job);
	return rc;
}

/* Make a job of each record and submit it: the producer. */
static void produce(struct run *run, struct bpool *pool, struct input *input)
{
	uint64_t place = 0;
	struct record *record;
	int rc;

	while ((rc = input_next(input, &record)) > 0) {
		if (!template_runs(run->template, record->line)) {
			free(record);
			continue;
		}
		rc = produce_job(run, pool, record, place, place + 1);
		place++;
		if (rc)
			break;
		if (stop_is_closed(run->stop))
			return;
		orphans_reap();
	}
	if (!rc)
		tally_total(run->tally, place);
	if (rc < 0 && input_error(input, rc))
		report_broken(run->report);
}

/*
 * A pool of `jobs` workers, or of fewer where the system does not give so
 * many threads; 0 and the pool, or negative errno.
 */
static int pool_create(struct bpool **pool, unsigned jobs, bool quiet)
{
	unsigned n = jobs;
	int rc;

	for (;;) {
		struct bpool_options options = {
			.size = sizeof(options),
			.workers = n,
			.max_in_flight = n + (n < AHEAD_MAX ? n : AHEAD_MAX),
			.stack_size = WORKER_STACK,
		};

		rc = bpool_create(pool, &options);
		if ((rc != -EAGAIN && rc != -ENOMEM) || n == 1)
			break;
		n /= 2;
	}
	if (!rc && n < jobs && !quiet)
		say("%u jobs at once instead of %u: no more threads", n, jobs);
	return rc;
}

/* Meanwhile whatever jobs leave behind may end. */
static void wait_for_jobs(struct bpool *pool)
{
	struct timespec soon = bpool_after(REAP_NS);

	while (bpool_wait(pool, &soon) == -ETIMEDOUT) {
		orphans_reap();
		soon = bpool_after(REAP_NS);
	}
}

/* Everything is ready: run what the lines say, wait, free. */
static int run_pool(struct run *run, struct options *options, unsigned jobs)
{
	struct bpool *pool;
	struct input input;
	int rc;

	rc = input_init(&input, options, jobs, stop_fd(run->stop), run->fds);
	if (rc)
		return rc;
	rc = pool_create(&pool, jobs, options->quiet);
	if (!rc) {
		produce(run, pool, &input);
		wait_for_jobs(pool);
		rc = bpool_destroy(pool);
	}
	input_fini(&input);
	return rc;
}

/* The run's parts are made and unmade here. */
static int run_all(struct run *run, struct options *options, unsigned jobs)
{
	struct spawner spawner;
	struct report_options report_options = {
		.keep_order = options->keep_order,
		.quiet = options->quiet,
		.halt = options->halt,
	};
	struct report report;
	struct tally tally;
	struct spool spool;
	struct gate gate;
	unsigned i;
	int rc, status = STATUS_BPOOL_FAILED;

	run->workers = calloc(jobs, sizeof(*run->workers));
	if (!run->workers)
		return -ENOMEM;
	rc = spool_init(&spool, run->fds);
	if (rc)
		goto free_workers;
	rc = spawner_init(&spawner, options->shell, stop_caller_mask(run->stop),
			  run->fds);
	if (rc)
		goto fini_spool;
	tally_init(&tally);
	rc = report_init(&report, &report_options, &tally, run->stop, &spool,
			 run->fds);
	if (rc)
		goto fini_tally;
	gate_init(&gate, options->delay_ms, options->load, options->memory,
		  stop_fd(run->stop), run->fds);
	run->gate = &gate;
	run->spool = &spool;
	run->spawner = &spawner;
	run->report = &report;
	run->tally = &tally;
	rc = run_pool(run, options, jobs);
	status = report_status(&report);
	gate_fini(&gate);
	report_fini(&report);
fini_tally:
	tally_fini(&tally);
	spawner_fini(&spawner);
fini_spool:
	spool_fini(&spool);
	for (i = 0; i < jobs; i++) {
		output_fini(&run->workers[i].out);
		output_fini(&run->workers[i].err);
	}
free_workers:
	free(run->workers);
	return rc ? rc : status;
}

int run_lines(struct options *options, const struct template *t,
	      struct fds *fds)
{
	struct mark mark;
	struct run run = {
		.mark = &mark,
		.grace_ms = options->grace_ms,
		.timeout = { options->timeout_ms, options->timeout_percent },
		.ungroup = options->ungroup,
		.verbose = options->verbose,
		.quiet = options->quiet,
		.shell = options->shell,
		.template = t,
		.syntax = template_syntax(t),
		.directory = options->directory,
		.line_buffer = options->line_buffer,
		.tag = options->tag && !*options->tag ? options->replace
						      : options->tag,
		.fds = fds,
	};
	struct stop_options stop_options = {
		.grace_ms = options->grace_ms,
		.deadline_ms = options->deadline_ms
				       ? now_ms() + options->deadline_ms
				       : 0,
	};
	unsigned wanted = options->jobs ? options->jobs : cpus_usable();
	unsigned jobs = fds_reserve(fds, wanted);
	int rc;

	if (jobs < wanted && !options->quiet)
		say("%u jobs at once instead of %u: no more descriptors (see "
		    "ulimit -n)",
		    jobs, wanted);
	/* A parent that ignores SIGCHLD would leave us nothing to wait for. */
	signal(SIGCHLD, SIG_DFL);
	mark_init(&mark);
	orphans_adopt();
	rc = stop_create(&run.stop, jobs, &stop_options, &mark, fds);
	if (!rc) {
		rc = run_all(&run, options, jobs);
		stop_destroy(run.stop);
	}
	if (rc == -EINVAL) /* -C, which has been said */
		return STATUS_USAGE;
	if (rc < 0) {
		say("cannot begin: %s", strerror(-rc));
		return STATUS_BPOOL_FAILED;
	}
	return rc;
}
