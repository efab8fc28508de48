/* SPDX-License-Identifier: MIT */
#include "journals.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "message.h"
#include "page.h"

static int journals_say(const char *what, const char *path, int error)
{
	char shown[200];

	say("%s%s: %s", what, escaped(shown, sizeof(shown), path),
	    strerror(-error));
	return error;
}

/* Each would overwrite the other, where both are one file. */
static int stands_apart(int fd, const char *what, const char *option,
			const char *target)
{
	char shown[200];

	if (!target || !eventfile_goes_to(target, fd))
		return 0;
	say("%s %s: this is the %s", option,
	    escaped(shown, sizeof(shown), target), what);
	return -EINVAL;
}

static int log_stands_apart(const struct joblog *log,
			    const struct options *options)
{
	int rc = stands_apart(log->fd, "job log", "--events", options->events);

	return rc ? rc
		  : stands_apart(log->fd, "job log", "--report",
				 options->report);
}

static int journals_say_log(const struct joblog *log, int error)
{
	char shown[200];

	say("%s: %s", escaped(shown, sizeof(shown), log->path),
	    joblog_why(error));
	return error;
}

/* The log is to be new; one is there that may be emptied, or nothing is. */
static int log_begin(struct joblog *log)
{
	char shown[200];
	int rc;

	if (!joblog_is_ours(log)) {
		say("%s: this is no job log: it is left as it is",
		    escaped(shown, sizeof(shown), log->path));
		return -EINVAL;
	}
	rc = joblog_begin(log);
	return rc ? journals_say_log(log, rc) : 0;
}

static int journals_open_log(struct journals *j, const struct options *options,
			     enum joblog_use use, struct fds *fds)
{
	int rc;

	rc = joblog_open(&j->a_log, options->joblog, use, fds);
	if (rc)
		return rc;
	j->log = &j->a_log;
	rc = log_stands_apart(j->log, options);
	if (rc)
		return rc;
	if (!options_resume(options))
		return log_begin(j->log);
	/* With both, failed jobs run again. */
	rc = resume_init(&j->a_resume, j->log,
			 options->resume_failed || options->retry_failed, fds);
	if (!rc)
		j->resume = &j->a_resume;
	return rc;
}

static int journals_open_roster(struct journals *j,
				const struct options *options, unsigned slots,
				int stop_fd, struct fds *fds)
{
	int rc;

	rc = roster_init(&j->a_roster, options->joblog, slots, fds);
	if (rc)
		return rc;
	j->roster = &j->a_roster;
	return roster_see_off(j->roster, j->resume && !options->no_wait,
			      stop_fd);
}

static int journals_open_events(struct journals *j,
				const struct options *options, int stop_fd,
				struct fds *fds)
{
	int rc = 0;

	if (!options->events && !options->report)
		return 0;
	events_init(&j->some_events);
	j->events = &j->some_events;
	if (options->events)
		rc = events_open(j->events, options->events, &eventfile_lines,
				 stop_fd, fds);
	if (!rc && options->events)
		rc = stands_apart(j->events->files[0].fd, "file of --events",
				  "--report", options->report);
	if (!rc && options->report)
		rc = events_open(j->events, options->report, &page_form,
				 stop_fd, fds);
	return rc;
}

int journals_init(struct journals *j, const struct options *options,
		  unsigned slots, int stop_fd, struct fds *fds)
{
	int rc = 0;

	*j = (struct journals){ 0 };
	/* To retry needs one: a new one would be a name mistyped. */
	if (options->joblog)
		rc = journals_open_log(j, options,
				       options->retry_failed ? JOBLOG_APPEND
							     : JOBLOG_MAKE,
				       fds);
	if (!rc && options->joblog)
		rc = journals_open_roster(j, options, slots, stop_fd, fds);
	if (!rc)
		rc = journals_open_events(j, options, stop_fd, fds);
	if (!rc && options->results) {
		rc = results_init(&j->some_results, options->results, fds);
		j->results = rc ? NULL : &j->some_results;
		if (rc)
			(void)journals_say("--results ", options->results, rc);
	}
	if (rc)
		(void)journals_fini(j);
	return rc;
}

int journals_init_dry(struct journals *j, const struct options *options,
		      struct fds *fds)
{
	int rc = 0;

	*j = (struct journals){ 0 };
	if (options->retry_failed ||
	    (options_resume(options) && access(options->joblog, F_OK) == 0))
		rc = journals_open_log(j, options, JOBLOG_READ, fds);
	if (rc)
		(void)journals_fini(j);
	return rc;
}

int journals_fini(struct journals *j)
{
	int rc = 0, closed;

	if (j->results)
		results_fini(j->results);
	if (j->events)
		rc = events_fini(j->events);
	if (j->roster)
		roster_fini(j->roster);
	if (j->resume)
		resume_fini(j->resume);
	closed = j->log ? joblog_close(j->log) : 0;
	if (closed)
		rc = journals_say_log(j->log, closed);
	return rc;
}
