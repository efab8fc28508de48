/* SPDX-License-Identifier: MIT */
/* How many jobs run at once.  See budget.h. */
#include "budget.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cpus.h"
#include "makeflags.h"
#include "message.h"
#include "report.h"
#include "spool.h"

#define BUDGET_VARIABLE "MAKEFLAGS"

/* A jobserver that cannot be used, and what is done without. */
static void say_unusable(const struct makeflags *flags, int error,
			 unsigned jobs)
{
	char shown[200], what[40];

	if (jobs > 1)
		(void)snprintf(what, sizeof(what), "-j%u holds without it",
			       jobs);
	else
		(void)snprintf(what, sizeof(what), "one job at a time");
	if (error == -EBADF)
		say("make's jobserver is closed to bpool: put + before its "
		    "recipe in the makefile; %s",
		    what);
	else if (error == -EINVAL)
		say("MAKEFLAGS: %s: not a jobserver; %s",
		    escaped(shown, sizeof(shown), flags->auth), what);
	else
		say("make's jobserver: %s: %s; %s",
		    escaped(shown, sizeof(shown), flags->auth),
		    strerror(-error), what);
}

/* Join what MAKEFLAGS tells of; how many jobs may run goes to *jobs. */
static int budget_join(struct budget *budget, const struct options *options,
		       unsigned *jobs)
{
	struct makeflags flags;
	int rc = makeflags_read(&flags, getenv(BUDGET_VARIABLE));

	if (rc == -ENOMEM)
		return rc;
	*jobs = options->jobs;
	if (!flags.auth) {
		*jobs = *jobs ? *jobs : cpus_usable();
		return 0;
	}
	if (!rc)
		rc = jobserver_join(&budget->jobserver, &flags);
	if (!*jobs && !rc)
		*jobs = flags.jobs ? flags.jobs : cpus_usable();
	else if (!*jobs)
		*jobs = 1;
	if (rc && !options->quiet)
		say_unusable(&flags, rc, *jobs);
	makeflags_fini(&flags);
	return 0;
}

/* The descriptors that bpool opens, each where it is open at its most. */
static struct fds_need budget_need(const struct options *o)
{
	/* For signals and stops 5, spool, /dev/null; 2 for /proc or for the C
	 * library, one of which has the lock; a script. */
	struct fds_need need = { .beside = 9, .job = 1 };

	if (o->keep_order)
		need.beside++;
	if (o->tty)
		need.beside++;
	if (o->nfiles)
		need.beside++;
	if (o->jobserver)
		need.beside += 3;
	if (o->joblog)
		need.beside += 3; /* and the roster, twice for a moment */
	if (o->events && strncmp(o->events, "fd:", 3) != 0)
		need.beside++;
	if (o->results) {
		need.beside++;
		need.job += 3; /* a directory and two files */
	}
	if (!o->ungroup)
		need.job += 4; /* two pipes */
	if (options_mind(o))
		need.job++;
	need.job += (unsigned)o->nlimits;
	return need;
}

/* Room for `wanted` jobs, or for fewer; 0, or a status of bpool's. */
static int budget_reserve(struct budget *budget, const struct options *options,
			  struct fds *fds, unsigned wanted)
{
	struct fds_need need = budget_need(options);
	unsigned limit;

	budget->jobs = wanted;
	if (fds_reserve(fds, &need, &budget->jobs, &limit)) {
		say("no room for a job: %u descriptors are needed (see ulimit "
		    "-n)",
		    limit);
		return STATUS_BPOOL_FAILED;
	}
	if (budget->jobs < wanted && !options->quiet)
		say("%u jobs at once instead of %u: no more descriptors (see "
		    "ulimit -n)",
		    budget->jobs, wanted);
	return 0;
}

int budget_init(struct budget *budget, const struct options *options,
		struct fds *fds)
{
	unsigned wanted;
	int rc;

	*budget = (struct budget){ 0 };
	jobserver_init(&budget->jobserver, fds);
	rc = budget_join(budget, options, &wanted);
	return rc ? rc : budget_reserve(budget, options, fds, wanted);
}

/* Tell jobs of it. */
static int budget_export(const struct budget *budget)
{
	char *flags = makeflags_make(getenv(BUDGET_VARIABLE), budget->jobs,
				     budget->jobserver.auth);
	int rc = 0;

	if (!flags || setenv(BUDGET_VARIABLE, flags, 1))
		rc = -ENOMEM;
	free(flags);
	return rc;
}

int budget_serve(struct budget *budget, const struct options *options)
{
	struct jobserver *js = &budget->jobserver;
	const char *parent = NULL;
	char shown[200];
	int rc;

	if (!options->jobserver || jobserver_is_open(js))
		return 0;
	if (strcmp(options->jobserver, "fifo") == 0)
		parent = spool_directory();
	rc = jobserver_serve(js, budget->jobs, parent);
	if (!rc)
		rc = budget_export(budget);
	if (rc)
		say("--jobserver: %s%s%s",
		    parent ? escaped(shown, sizeof(shown), parent) : "",
		    parent ? ": " : "", strerror(-rc));
	return rc;
}

void budget_fini(struct budget *budget)
{
	jobserver_fini(&budget->jobserver);
}
