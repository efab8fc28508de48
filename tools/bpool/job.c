/* SPDX-License-Identifier: MIT */
/* One job on its worker.  See job.h. */
#include "job.h"

#include <boundpool.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "filling.h"
#include "message.h"

#define JOB_WAIT_FIRST_MS 10 /* before a start is tried again; doubles */
#define JOB_WAIT_MAX_MS 1000
#define JOB_TRIES 12 /* while no other job runs that could end */

/*
 * A message about the job, with its line and its command, at the end of its
 * stderr: so it is printed with it, in order, on a line of its own, and never
 * inside another's.
 */
static void job_say(struct job *job, struct worker *worker, const char *format,
		    ...) __attribute__((format(printf, 3, 4)));

static void job_say(struct job *job, struct worker *worker, const char *format,
		    ...)
{
	const struct record *record = job->record;
	uint64_t number = record->number ? record->number : job->place + 1;
	char why[200], shown[500], file[200], text[MESSAGE_MAX];
	va_list args;

	va_start(args, format);
	(void)vsnprintf(why, sizeof(why), format, args);
	va_end(args);
	(void)snprintf(
		text, sizeof(text), "bpool: %s%s%s %llu: %s: %s\n",
		record->file ? escaped(file, sizeof(file), record->file) : "",
		record->file ? ": " : "", record->number ? "line" : "job",
		(unsigned long long)number, why,
		escaped(shown, sizeof(shown),
			job->command.shown ? job->command.shown
			: record->line	   ? record->line
					   : record->values[0]));
	if (worker->err.last && worker->err.last != '\n')
		(void)output_append(&worker->err, job->run->spool, "\n", 1);
	/* Where there is no room for it, it is said at once. */
	if (output_append(&worker->err, job->run->spool, text, strlen(text)))
		report_print(job->run->report, STDERR_FILENO, text,
			     strlen(text));
}

static bool may_go_better(int error)
{
	return error == -EAGAIN || error == -ENOMEM || error == -EMFILE ||
	       error == -ENFILE;
}

struct running {
	pid_t pid;
	int out_fd, err_fd; /* -1: passed through */
	int script_fd;
	int direct_error;
};

static void close_pipe(const int ends[2])
{
	if (ends[0] >= 0) {
		close(ends[0]);
		close(ends[1]);
	}
}

static int job_open_pipes(struct run *run, int out[2], int err[2])
{
	int rc = 0;

	out[0] = out[1] = err[0] = err[1] = -1;
	if (run->ungroup)
		return 0;
	fds_lock(run->fds);
	if (pipe2(out, O_CLOEXEC) || pipe2(err, O_CLOEXEC))
		rc = -errno;
	fds_unlock(run->fds);
	if (rc)
		close_pipe(out);
	return rc;
}

/* Start the job, once; -ECANCELED when none may start any more. */
static int job_try_start(struct job *job, unsigned number,
			 struct running *running)
{
	struct surroundings around = { job->environment, job->directory };
	struct run *run = job->run;
	struct spawned spawned;
	int out[2], err[2], rc;

	rc = job_open_pipes(run, out, err);
	if (rc)
		return rc;
	if (!stop_may_start(run->stop)) {
		close_pipe(out);
		close_pipe(err);
		return -ECANCELED;
	}
	rc = spawner_start(run->spawner, &job->command, &around, out[1], err[1],
			   &spawned);
	stop_started(run->stop, number, rc ? 0 : spawned.pid);
	if (rc) {
		close_pipe(out);
		close_pipe(err);
		return rc;
	}
	if (!run->ungroup) {
		close(out[1]);
		close(err[1]);
	}
	*running = (struct running){
		.pid = spawned.pid,
		.out_fd = out[0],
		.err_fd = err[0],
		.script_fd = spawned.script_fd,
		.direct_error = spawned.direct_error,
	};
	return 0;
}

/*
 * Start the job.  Where the system has no more processes, memory or
 * descriptors just now, try again: as long as other jobs run, whose end may
 * help, and for some seconds where none does.
 */
static int job_start(struct job *job, unsigned number, struct running *running)
{
	struct pollfd stop = { .fd = stop_fd(job->run->stop),
			       .events = POLLIN };
	int ms = JOB_WAIT_FIRST_MS, tries = 0, rc;

	for (;;) {
		rc = job_try_start(job, number, running);
		if (!may_go_better(rc))
			return rc;
		if (!stop_running(job->run->stop) && ++tries == JOB_TRIES)
			return rc;
		(void)poll(&stop, 1, ms);
		ms = ms * 2 < JOB_WAIT_MAX_MS ? ms * 2 : JOB_WAIT_MAX_MS;
	}
}

static void job_show(struct job *job)
{
	size_t size = 4 * strlen(job->command.shown) + 8;
	char *text = malloc(size);
	size_t len;

	if (!text)
		return;
	len = strlen(escaped(text, size - 1, job->command.shown));
	text[len++] = '\n';
	report_print(job->run->report, STDERR_FILENO, text, len);
	free(text);
}

/* What a failed start means, and say so. */
static enum outcome judge_start(struct job *job, struct worker *worker,
				int error)
{
	const char *name = job->command.shell ? job->run->shell
					      : job->command.argv[0];
	char shown[200];

	if (error == -ECANCELED)
		return OUTCOME_DROPPED;
	if (job->directory && access(job->directory, X_OK)) {
		job_say(job, worker, "%s: %s",
			escaped(shown, sizeof(shown), job->directory),
			strerror(errno));
		return OUTCOME_FAILED;
	}
	if (error == -E2BIG) {
		job_say(job, worker,
			"too long: the kernel takes 128 KiB a word, and %ld "
			"KiB of words and environment",
			sysconf(_SC_ARG_MAX) / 1024);
		return OUTCOME_FAILED;
	}
	if (may_go_better(error)) {
		job_say(job, worker, "cannot start: %s", strerror(-error));
		return OUTCOME_BROKEN;
	}
	job_say(job, worker, "%s: %s", escaped(shown, sizeof(shown), name),
		strerror(-error));
	if (error == -ENOENT || error == -ENOTDIR)
		return OUTCOME_MISSING;
	return OUTCOME_NOT_EXECUTABLE;
}

/* What its end means; a failure is worth a remark. */
static enum outcome judge_end(struct job *job, struct worker *worker,
			      const struct running *running,
			      const siginfo_t *info)
{
	bool silent = job->run->quiet || stop_requested(job->run->stop);
	int missing = running->direct_error;

	if (info->si_code != CLD_EXITED) {
		if (!silent)
			job_say(job, worker, "killed by signal %d (%s)",
				info->si_status, strsignal(info->si_status));
		return OUTCOME_FAILED;
	}
	if (info->si_status == 0)
		return OUTCOME_OK;
	if (!silent)
		job_say(job, worker, "exit status %d", info->si_status);
	/* Tried without a shell, then with one, and neither found it. */
	if (info->si_status == STATUS_MISSING &&
	    (missing == -ENOENT || missing == -ENOTDIR))
		return OUTCOME_MISSING;
	if (info->si_status == STATUS_NOT_EXECUTABLE &&
	    (missing == -EACCES || missing == -EPERM || missing == -ENOTDIR))
		return OUTCOME_NOT_EXECUTABLE;
	return OUTCOME_FAILED;
}

/* What capture() returned, said; false: output was lost. */
static bool judge_output(struct job *job, struct worker *worker, int captured)
{
	char shown[100];

	if (captured < 0)
		job_say(job, worker, "output lost: %s: %s",
			escaped(shown, sizeof(shown), spool_directory()),
			strerror(-captured));
	else if (captured > 0 && !job->run->quiet &&
		 !stop_requested(job->run->stop))
		job_say(job, worker,
			"a process in the background still has its output "
			"open; what that prints now is lost");
	return captured >= 0;
}

/* With -u a job writes itself; where nobody reads any more, stop. */
static void job_check_reader(struct run *run)
{
	struct pollfd out = { .fd = STDOUT_FILENO };

	if (poll(&out, 1, 0) > 0 && (out.revents & POLLERR))
		report_reader_gone(run->report);
}

/* Not that of a bpool around this one, nor of another directory. */
static bool is_inherited(const struct job *job, const char *variable)
{
	return strncmp(variable, "BPOOL_SEQ=", 10) != 0 &&
	       strncmp(variable, "BPOOL_SLOT=", 11) != 0 &&
	       (!job->directory || strncmp(variable, "PWD=", 4) != 0);
}

/* PWD, as the shell would set it; none where there is no such directory. */
static int job_make_pwd(struct job *job)
{
	char *path = realpath(job->directory, NULL);
	int rc = 0;

	if (path)
		rc = asprintf(&job->pwd, "PWD=%s", path);
	else if (errno == ENOMEM)
		rc = -1;
	free(path);
	if (rc < 0)
		job->pwd = NULL;
	return rc < 0 ? -ENOMEM : 0;
}

/* bpool's own environment, the job's numbers and its directory. */
static int job_make_environment(struct job *job, const struct turn *turn)
{
	size_t n = 0, to = 0;

	if (job->directory && job_make_pwd(job))
		return -ENOMEM;

	while (environ[n])
		n++;
	job->environment = malloc((n + 4) * sizeof(*job->environment));
	if (!job->environment)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++)
		if (is_inherited(job, environ[i]))
			job->environment[to++] = environ[i];
	(void)snprintf(job->numbers[0], sizeof(job->numbers[0]),
		       "BPOOL_SEQ=%llu", (unsigned long long)turn->job);
	(void)snprintf(job->numbers[1], sizeof(job->numbers[1]),
		       "BPOOL_SLOT=%u", turn->slot);
	job->environment[to++] = job->numbers[0];
	job->environment[to++] = job->numbers[1];
	if (job->pwd)
		job->environment[to++] = job->pwd;
	job->environment[to] = NULL;
	return 0;
}

/* It stands at the terminal, in a line: without control characters. */
static int job_make_tag(struct job *job, const struct filling *f)
{
	char *text = filling_text(f, job->run->syntax, job->run->tag);
	size_t size = text ? 4 * strlen(text) + 2 : 0;

	job->tag = text ? malloc(size) : NULL;
	if (job->tag) {
		(void)escaped(job->tag, size - 1, text);
		strcat(job->tag, "\t");
	}
	free(text);
	return job->tag ? 0 : -ENOMEM;
}

/* What the job is on this worker. */
static int job_expand(struct job *job, unsigned number)
{
	struct filling f = { job->record,
			     { .job = job->place + 1, .slot = number + 1 } };
	struct run *run = job->run;

	if (run->directory) {
		job->directory = filling_text(&f, run->syntax, run->directory);
		if (!job->directory)
			return -ENOMEM;
	}
	if (run->tag && job_make_tag(job, &f))
		return -ENOMEM;
	if (job_make_environment(job, &f.turn))
		return -ENOMEM;
	return template_expand(run->template, job->record, f.turn,
			       &job->command);
}

static void job_arrived(void *user)
{
	struct job *job = user;
	struct worker *worker = &job->run->workers[bpool_worker()];

	report_lines(job->run->report, job->place, &worker->out, &worker->err);
}

/* Where lines are what counts, the last one ends too. */
static void job_end_line(struct job *job, struct output *output)
{
	if ((job->run->line_buffer || job->tag) && output->last &&
	    output->last != '\n')
		(void)output_append(output, job->run->spool, "\n", 1);
}

/* Read what the job prints, to its end.  Returns what capture() does. */
static int job_capture(struct job *job, struct worker *worker,
		       const struct running *running)
{
	struct capture_how how = {
		.tag = job->tag,
		.arrived = job->run->line_buffer ? job_arrived : NULL,
		.user = job,
	};
	int rc;

	if (job->run->ungroup)
		return 0;
	rc = capture(&worker->out, running->out_fd, &worker->err,
		     running->err_fd, running->pid, &how, job->run->spool,
		     job->run->fds);
	job_end_line(job, &worker->out);
	job_end_line(job, &worker->err);
	return rc;
}

static enum outcome job_execute(struct job *job, unsigned number,
				struct worker *worker)
{
	struct run *run = job->run;
	struct running running;
	enum outcome outcome;
	siginfo_t info = { 0 };
	int rc, captured;

	if (stop_requested(run->stop))
		return OUTCOME_DROPPED;
	if (!gate_wait(run->gate))
		return OUTCOME_DROPPED;
	rc = job_expand(job, number);
	if (rc) {
		job_say(job, worker, "cannot start: %s", strerror(-rc));
		return OUTCOME_BROKEN;
	}
	if (run->verbose)
		job_show(job);
	rc = job_start(job, number, &running);
	if (rc)
		return judge_start(job, worker, rc);
	captured = job_capture(job, worker, &running);
	rc = stop_reap(run->stop, number, &info);
	if (running.script_fd >= 0)
		close(running.script_fd);
	if (run->ungroup)
		job_check_reader(run);
	if (rc) {
		job_say(job, worker, "waiting: %s", strerror(-rc));
		return OUTCOME_BROKEN;
	}
	outcome = judge_end(job, worker, &running, &info);
	return judge_output(job, worker, captured) ? outcome : OUTCOME_BROKEN;
}

int job_run(void *arg)
{
	struct job *job = arg;
	struct run *run = job->run;
	unsigned number = (unsigned)bpool_worker();
	struct worker *worker = &run->workers[number];
	enum outcome outcome = job_execute(job, number, worker);

	report_job(run->report, job->place, outcome, &worker->out,
		   &worker->err);
	command_fini(&job->command);
	free(job->environment);
	free(job->directory);
	free(job->pwd);
	free(job->tag);
	free(job->record);
	free(job);
	return outcome == OUTCOME_OK ? 0 : -ECANCELED;
}
