/* SPDX-License-Identifier: MIT */
/*
 * How a job ended, as a message: what it printed to stdout, what to stderr, and
 * the command that ran, one behind the other, and in headers
 *
 *	Bp: 1		this format
 *	Bp-Ending:	outcome, status, signal, timed out, began (microseconds
 *			since 1970), ran (microseconds), bytes printed to stdout
 *			and to stderr
 *	Bp-Parts:	bytes of stdout, of stderr, and of the command, and how
 *			many messages before this hold the beginning of all that
 *	Bp-Run:		what the subjects of those messages have in common
 *	Bp-Worker:	where it ran
 *
 * Of a job the first result alone is stored, for the stream takes one message a
 * subject.
 */
#ifndef JOBRESULT_H
#define JOBRESULT_H

#include <stdbool.h>

#include "bus.h"
#include "ending.h"
#include "names.h"
#include "report.h"
#include "spool.h"

/* Of the result of the job `id`, of a batch that is a token. */
struct job_result_of {
	const char *batch;
	struct job_id id;
	const char *run;    /* no other has the same; token-safe */
	const char *worker; /* where it ran; one line */
	const char *command;
	const struct ending *ending;
	struct spool *spool;
	/* While it cannot be stored: whether to go on trying. */
	bool (*go_on)(void *user);
	void *user;
};

/*
 * Store it, with what was printed, which is empty then.  Sleeps until it is
 * stored, or another result of the job is.  0 or negative errno:
 *
 * -ECANCELED   go_on() said no
 * others       what was printed could not be read back
 */
int job_result_store(struct bus *bus, const struct job_result_of *of,
		     struct outputs *printed);

/* Whether a result of the job is there: 1, and how it ended, 0, or -EIO. */
int job_result_look(struct bus *bus, const char *batch, const struct job_id *id,
		    struct ending *ending);

/* What is read back; all is the caller's, to be freed by job_result_fini(). */
struct job_result {
	struct job_id id;
	struct ending ending;
	struct outputs printed;
	char *command;
};

/*
 * Read a result, with what stands in messages before it.
 *
 * -EINVAL   it is none, or not in this format
 * -ENOENT   one of those is no more there
 * -EIO      it cannot be had now, which has been said
 * others    are those of the spool, and -ENOMEM
 */
int job_result_read(struct bus *bus, natsMsg *message, struct spool *spool,
		    struct job_result *result);
void job_result_fini(struct job_result *result);

#endif
