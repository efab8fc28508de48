/* SPDX-License-Identifier: MIT */
#include "environment.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "feedback.h"

/* More than are added. */
#define ENVIRONMENT_OWN 8u

/* Not that of a bpool around this one, nor of another directory. */
static bool is_inherited(const char *variable, const char *directory)
{
	return strncmp(variable, "BPOOL_SEQ=", 10) != 0 &&
	       strncmp(variable, "BPOOL_SLOT=", 11) != 0 &&
	       strncmp(variable, "BPOOL_ATTEMPT=", 14) != 0 &&
	       strncmp(variable, "BPOOL_JOB_ID=", 13) != 0 &&
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

/* NAME=NUMBER, one more of those that it has. */
static void environment_number(struct environment *e, size_t *to, size_t which,
			       const char *name, uint64_t number)
{
	char *text = e->numbers[which];

	(void)snprintf(text, sizeof(e->numbers[which]), "%s=%llu", name,
		       (unsigned long long)number);
	e->all[(*to)++] = text;
}

int environment_init(struct environment *e, const struct environment_of *of)
{
	size_t n = 0, to = 0;

	*e = (struct environment){ 0 };
	if (of->directory && environment_make_pwd(e, of->directory))
		return -ENOMEM;
	if (environment_make_mark(e, of->mark, of->marked))
		return -ENOMEM;
	if (of->id && asprintf(&e->id, "BPOOL_JOB_ID=%s", of->id) < 0) {
		e->id = NULL;
		return -ENOMEM;
	}
	while (environ[n])
		n++;
	e->all = malloc((n + ENVIRONMENT_OWN) * sizeof(*e->all));
	if (!e->all)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++)
		if (is_inherited(environ[i], of->directory))
			e->all[to++] = environ[i];
	environment_number(e, &to, 0, "BPOOL_SEQ", of->turn.job);
	environment_number(e, &to, 1, "BPOOL_SLOT", of->turn.slot);
	environment_number(e, &to, 2, "BPOOL_ATTEMPT", of->attempt);
	if (of->feedback >= 0)
		environment_number(e, &to, 3, FEEDBACK_VARIABLE,
				   (uint64_t)of->feedback);
	e->all[to++] = e->mark;
	if (e->id)
		e->all[to++] = e->id;
	if (e->pwd)
		e->all[to++] = e->pwd;
	e->all[to] = NULL;
	return 0;
}

void environment_fini(struct environment *e)
{
	free(e->all);
	free(e->mark);
	free(e->id);
	free(e->pwd);
}
