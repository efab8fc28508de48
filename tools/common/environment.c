/* SPDX-License-Identifier: MIT */
#include "environment.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "feedback.h"

/* More than are added. */
#define ENVIRONMENT_OWN 7u

/* Not that of a bpool around this one, nor of another directory. */
static bool is_inherited(const char *variable, const char *directory)
{
	return strncmp(variable, "BPOOL_SEQ=", 10) != 0 &&
	       strncmp(variable, "BPOOL_SLOT=", 11) != 0 &&
	       strncmp(variable, "BPOOL_ATTEMPT=", 14) != 0 &&
	       strncmp(variable, FEEDBACK_VARIABLE "=",
		       sizeof(FEEDBACK_VARIABLE)) != 0 &&
	       strncmp(variable, MARK_VARIABLE "=", sizeof(MARK_VARIABLE)) !=
		       0 &&
	       (!directory || strncmp(variable, "PWD=", 4) != 0);
}

/* PWD, as the shell would set it; none where there is no such directory. */
static int environment_make_pwd(struct environment *e, const char *directory)
{
	char *path = realpath(directory, NULL);
	int rc = 0;

	if (path)
		rc = asprintf(&e->pwd, "PWD=%s", path);
	else if (errno == ENOMEM)
		rc = -1;
	free(path);
	if (rc < 0)
		e->pwd = NULL;
	return rc < 0 ? -ENOMEM : 0;
}

/* Behind that of a bpool around this one. */
static int environment_make_mark(struct environment *e, const struct mark *mark,
				 uint64_t job)
{
	const char *outer = getenv(MARK_VARIABLE);

	if (!outer || !*outer)
		outer = NULL;
	if (asprintf(&e->mark, MARK_VARIABLE "=%s%s%s.%llu", outer ? outer : "",
		     outer ? "/" : "", mark->run, (unsigned long long)job) < 0)
		e->mark = NULL;
	return e->mark ? 0 : -ENOMEM;
}

int environment_init(struct environment *e, const struct turn *turn,
		     const struct mark *mark, const char *directory,
		     unsigned attempt, int feedback)
{
	size_t n = 0, to = 0;

	*e = (struct environment){ 0 };
	if (directory && environment_make_pwd(e, directory))
		return -ENOMEM;
	if (environment_make_mark(e, mark, turn->job))
		return -ENOMEM;
	while (environ[n])
		n++;
	e->all = malloc((n + ENVIRONMENT_OWN) * sizeof(*e->all));
	if (!e->all)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++)
		if (is_inherited(environ[i], directory))
			e->all[to++] = environ[i];
	(void)snprintf(e->numbers[0], sizeof(e->numbers[0]), "BPOOL_SEQ=%llu",
		       (unsigned long long)turn->job);
	(void)snprintf(e->numbers[1], sizeof(e->numbers[1]), "BPOOL_SLOT=%u",
		       turn->slot);
	(void)snprintf(e->numbers[2], sizeof(e->numbers[2]), "BPOOL_ATTEMPT=%u",
		       attempt);
	(void)snprintf(e->numbers[3], sizeof(e->numbers[3]),
		       FEEDBACK_VARIABLE "=%d", feedback);
	for (size_t i = 0; i < 3; i++)
		e->all[to++] = e->numbers[i];
	if (feedback >= 0)
		e->all[to++] = e->numbers[3];
	e->all[to++] = e->mark;
	if (e->pwd)
		e->all[to++] = e->pwd;
	e->all[to] = NULL;
	return 0;
}

void environment_fini(struct environment *e)
{
	free(e->all);
	free(e->mark);
	free(e->pwd);
}
