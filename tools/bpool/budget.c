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

int budget_init(struct budget *budget, const struct options *options,
		struct fds *fds)
{
	unsigned more = (options->results ? 3 : 0) +
			(unsigned)options->nlimits + options_mind(options);
	unsigned wanted;
	int rc;

	*budget = (struct budget){ 0 };
	jobserver_init(&budget->jobserver, fds);
	rc = budget_join(budget, options, &wanted);
	if (rc)
		return rc;
	budget->jobs = fds_reserve(fds, wanted, more);
	if (budget->jobs < wanted && !options->quiet)
		say("%u jobs at once instead of %u: no more descriptors (see "
		    "ulimit -n)",
		    budget->jobs, wanted);
	return 0;
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
