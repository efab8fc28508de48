/* SPDX-License-Identifier: MIT */
/* What the end of a job means.  See verdict.h. */
#include "verdict.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include "argroom.h"
#include "message.h"

/* Who is told to wait for longer fails. */
#define PATIENCE_MS INT64_C(300000)

void verdict_broken(struct job *job, const char *what, int error)
{
	job->ending.outcome = OUTCOME_BROKEN;
	job->ending.status = STATUS_BPOOL_FAILED;
	job_say(job, "%s: %s", what, strerror(-error));
}

/* Whether PATH leads to something of this name, executable or not. */
static bool is_in_path(const char *name)
{
	const char *path = getenv("PATH");
	char file[PATH_MAX];
	bool found = !path; /* in the C library's own, for all we know */

	while (path && !found) {
		size_t len = strcspn(path, ":");

		found = snprintf(file, sizeof(file), "%.*s/%s",
				 len ? (int)len : 1, len ? path : ".",
				 name) < PATH_MAX &&
			access(file, F_OK) == 0;
		path = path[len] ? path + len + 1 : NULL;
	}
	return found;
}

/* ENOENT is also of what a file that is there names as its interpreter. */
static const char *missing_why(const struct job *job, const char *name)
{
	bool there;

	if (!strchr(name, '/'))
		there = is_in_path(name) && getenv("PATH");
	else
		there = (*name == '/' || !job->directory) &&
			access(name, F_OK) == 0;
	if (there)
		return "its interpreter, in its first line, is missing";
	return strchr(name, '/') ? strerror(ENOENT) : "command not found";
}

/* As a shell has it: what the command's name led to. */
static void verdict_no_command(struct job *job, int error)
{
	const char *name = job->command.shell ? job->run->shell
					      : job->command.argv[0];
	bool missing = error == -ENOENT || error == -ENOTDIR;
	char shown[200];

	/* The C library's EACCES may be of a directory in PATH. */
	if (error == -EACCES && !strchr(name, '/') && !is_in_path(name)) {
		missing = true;
		error = -ENOENT;
	}
	job_say(job, "%s: %s", escaped(shown, sizeof(shown), name),
		error == -ENOENT ? missing_why(job, name) : strerror(-error));
	job->ending.outcome = missing ? OUTCOME_MISSING
				      : OUTCOME_NOT_EXECUTABLE;
	job->ending.status = missing ? STATUS_MISSING : STATUS_NOT_EXECUTABLE;
}

void verdict_not_started(struct job *job, int error)
{
	struct ending *ending = &job->ending;
	char shown[200];

	ending->outcome = OUTCOME_FAILED;
	ending->status = STATUS_NOT_EXECUTABLE;
	if (error == -ECANCELED)
		ending->outcome = OUTCOME_DROPPED;
	else if (job->directory && access(job->directory, X_OK))
		job_say(job, "%s: %s",
			escaped(shown, sizeof(shown), job->directory),
			strerror(errno));
	else if (error == -E2BIG)
		job_say(job,
			"too long: the kernel takes 128 KiB a word, and %zu "
			"KiB of words and environment",
			argroom_limit() / 1024);
	else if (start_may_go_better(error))
		verdict_broken(job, "cannot start", error);
	else
		verdict_no_command(job, error);
}

/* Where it was tried without a shell, then with one, and neither found it.
 * EACCES may be of a directory in PATH, and the shell knows better. */
static enum outcome verdict_status(int status, int direct_error)
{
	bool forbidden = direct_error == -EACCES || direct_error == -EPERM ||
			 direct_error == -ENOTDIR;
	bool missing = direct_error == -ENOENT || forbidden;

	if (status == 0)
		return OUTCOME_OK;
	if (status == STATUS_MISSING && missing)
		return OUTCOME_MISSING;
	if (status == STATUS_NOT_EXECUTABLE && forbidden)
		return OUTCOME_NOT_EXECUTABLE;
	return OUTCOME_FAILED;
}

void verdict_exited(struct job *job, const struct running *running,
		    const siginfo_t *info)
{
	struct ending *ending = &job->ending;
	char how[100];

	if (info->si_code == CLD_EXITED)
		ending->status = info->si_status;
	else
		ending->signal = info->si_status;
	/* One that ends well all the same was not left in peace to. */
	if (ending->signal || ending->timed_out)
		ending->outcome = OUTCOME_FAILED;
	else
		ending->outcome =
			verdict_status(ending->status, running->direct_error);
	if (ending->outcome == OUTCOME_OK)
		return;
	ending->stopped = stop_requested(job->run->stop);
	ending_say(ending, how, sizeof(how));
	if (!job->run->quiet && !ending->stopped)
		job_say(job, "%s", how);
}

void verdict_output(struct job *job, int captured)
{
	const char *directory = spool_directory();
	char what[200], shown[100];

	if (captured < 0 && !job->spool_failed) {
		verdict_broken(job, "output lost", captured);
	} else if (captured < 0) {
		(void)snprintf(what, sizeof(what), "output lost: %s",
			       escaped(shown, sizeof(shown), directory));
		verdict_broken(job, what, captured);
	} else if (captured > 0 && !job->run->quiet &&
		   !stop_requested(job->run->stop)) {
		job_say(job,
			"a process in the background still has its output "
			"open; when it prints it fails or dies of SIGPIPE");
	}
}

static bool was_refused(const struct job *job)
{
	const struct ending *ending = &job->ending;

	return job->feedback.overloaded ||
	       (ending->outcome == OUTCOME_FAILED && !ending->signal &&
		!ending->timed_out && ending->status == EX_TEMPFAIL);
}

enum refusal verdict_refusal(struct job *job)
{
	int64_t ms = job->feedback.after_ms;

	if (!was_refused(job))
		return REFUSAL_NONE;
	if (ms <= PATIENCE_MS)
		return REFUSAL_AGAIN;
	job_say(job, "told to come back in %lld s, which is too long",
		(long long)(ms / 1000));
	return REFUSAL_TOO_LONG;
}
