/* SPDX-License-Identifier: MIT */
/* A line of the roster.  See rosterline.h. */
#include "rosterline.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Session and beginning, as wide as they may be: they are written over once
 * they are known. */
#define WHO_WIDTH (10 + 1 + 20)

/* More than that they cannot be. */
#define WHO_SIZE 64

static void who_print(char who[WHO_SIZE], pid_t session, uint64_t since)
{
	(void)snprintf(who, WHO_SIZE, "%10ld\t%20" PRIu64, (long)session,
		       since);
}

void rosterline_say(struct text *text, const struct roster_job *job,
		    const struct mark *mark)
{
	char who[WHO_SIZE], columns[250];

	who_print(who, job->session, job->since);
	(void)snprintf(columns, sizeof(columns),
		       "%" PRIu64 "\t%s\t%s\t%" PRId64 ".%03d\t%s.%" PRIu64
		       "\t",
		       job->number, who, mark->boot, job->started_us / 1000000,
		       (int)(job->started_us / 1000 % 1000), mark->run,
		       job->mark);
	text_say(text, columns);
	text_say(text, job->command);
	text_say(text, "\n");
}

size_t rosterline_fill(char *line, pid_t session, uint64_t since, size_t *len)
{
	size_t at = strcspn(line, "\t") + 1;
	char who[WHO_SIZE];

	who_print(who, session, since);
	memcpy(line + at, who, WHO_WIDTH);
	*len = WHO_WIDTH;
	return at;
}

bool rosterline_read(const char *line, struct rosterline *read)
{
	struct roster_job *job = &read->job;
	long session;
	int end = 0;

	if (sscanf(line,
		   "%" SCNu64 "\t%ld\t%" SCNu64 "\t%39[0-9a-f-]\t%*[0-9.]\t"
		   "%47[0-9a-f-].%" SCNu64 "\t%n",
		   &job->number, &session, &job->since, read->boot, read->run,
		   &job->mark, &end) != 6 ||
	    !end)
		return false;
	job->session = (pid_t)session;
	job->command = line + end;
	return true;
}
