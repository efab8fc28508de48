/* SPDX-License-Identifier: MIT */
/* One attempt of a job: it is started, read, waited for, judged. */
#ifndef ATTEMPT_H
#define ATTEMPT_H

#include "job.h"

/*
 * From its start to its end, on the calling worker; `rc` is what job_expand()
 * returned.  How it went is the job's ending, and what it printed its worker's.
 */
void attempt(struct job *job, int rc);

#endif
