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

#include "io.h"
#include "job.h"
#include "lines.h"
#include "message.h"
#include "report.h"
#include "spawn.h"
#include "spool.h"
#include "stop.h"

/* A worker needs little: what is large is on the heap. */
#define WORKER_STACK (256u * 1024)

/* Jobs made ahead of the workers, at most. */
#define AHEAD_MAX 64u

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
static bool input_error(const struct lines *lines, int error)
{
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

static int input_init(struct lines *lines, const struct options *options,
		      int stop, struct fds *fds)
{
	return lines_init(lines, options->files, options->nfiles,
			  options->null ? '\0' : '\n',
			  !options->null && !options->keep_cr, stop, fds);
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

int run_dry(const struct options *options, const struct template *t,
	    struct fds *fds)
{
	struct command command;
	struct lines lines;
	struct line line;
	int rc;

	rc = input_init(&lines, options, -1, fds);
	if (rc) {
		say("%s", strerror(-rc));
		return STATUS_BPOOL_FAILED;
	}
	while ((rc = lines_next(&lines, &line)) > 0) {
		rc = template_expand(t, line.text, line.len, &command);
		if (rc < 0)
			break;
		if (!rc)
			continue;
		rc = dry_run_print(&command);
		command_fini(&command);
		if (rc == 0)
			continue;
		say("stdout: %s", strerror(-rc));
		lines_fini(&lines);
		return STATUS_BPOOL_FAILED;
	}
	if (rc)
		(void)input_error(&lines, rc);
	lines_fini(&lines);
	return rc ? STATUS_BPOOL_FAILED : STATUS_OK;
}

/* ---- The real run -------------------------------------------------------- */

/* Make a job of each line and submit it: the producer. */
static void produce(struct run *run, struct bpool *pool, struct lines *lines,
		    const struct template *t)
{
	uint64_t place = 0;
	struct line line;
	int rc;

	while ((rc = lines_next(lines, &line)) > 0) {
		struct job *job = malloc(sizeof(*job));

		rc = job ? template_expand(t, line.text, line.len,
					   &job->command) :
			   -ENOMEM;
		if (rc <= 0) {
			free(job);
			if (rc < 0)
				break;
			continue;
		}
		job->run = run;
		job->place = place++;
		job->line = line.number;
		job->file = line.file;
		rc = bpool_submit(pool, job_run, job);
		if (rc) {
			command_fini(&job->command);
			free(job);
			break;
		}
		if (stop_requested(run->stop))
			return;
	}
	if (rc < 0 && input_error(lines, rc))
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

/* Everything is ready: run what the lines say, wait, free. */
static int run_pool(struct run *run, const struct options *options,
		    unsigned jobs, const struct template *t)
{
	struct bpool *pool;
	struct lines lines;
	int rc;

	rc = input_init(&lines, options, stop_fd(run->stop), run->fds);
	if (rc)
		return rc;
	rc = pool_create(&pool, jobs, options->quiet);
	if (!rc) {
		produce(run, pool, &lines, t);
		rc = bpool_destroy(pool);
	}
	lines_fini(&lines);
	return rc;
}

/* The run's parts are made and unmade here. */
static int run_all(struct run *run, const struct options *options,
		   unsigned jobs, const struct template *t)
{
	struct spawner spawner;
	struct report report;
	struct spool spool;
	unsigned i;
	int rc, status = STATUS_BPOOL_FAILED;

	run->workers = calloc(jobs, sizeof(*run->workers));
	if (!run->workers)
		return -ENOMEM;
	rc = spool_init(&spool, run->fds);
	if (rc)
		goto free_workers;
	rc = spawner_init(&spawner, options->shell,
			  stop_caller_mask(run->stop), run->fds);
	if (rc)
		goto fini_spool;
	rc = report_init(&report, options->keep_order, run->stop, &spool,
			 run->fds);
	if (rc)
		goto fini_spawner;
	run->spool = &spool;
	run->spawner = &spawner;
	run->report = &report;
	rc = run_pool(run, options, jobs, t);
	status = report_status(&report);
	report_fini(&report);
fini_spawner:
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

int run_lines(const struct options *options, const struct template *t,
	      struct fds *fds)
{
	struct run run = {
		.ungroup = options->ungroup,
		.verbose = options->verbose,
		.quiet = options->quiet,
		.shell = options->shell,
		.fds = fds,
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
	rc = stop_create(&run.stop, jobs, fds);
	if (!rc) {
		rc = run_all(&run, options, jobs, t);
		stop_destroy(run.stop);
	}
	if (rc < 0) {
		say("cannot begin: %s", strerror(-rc));
		return STATUS_BPOOL_FAILED;
	}
	return rc;
}
