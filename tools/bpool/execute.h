/* SPDX-License-Identifier: MIT */
/* A job from its turn to the report, on its worker. */
#ifndef EXECUTE_H
#define EXECUTE_H

#include "job.h"

/* A bpool_fn: run the struct job, report it, free it. */
int execute_job(void *job);

/* Tell the events how many may run, if that is another number than before. */
void execute_tell_limit(struct run *run);

#endif
