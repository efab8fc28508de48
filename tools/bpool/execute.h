/* SPDX-License-Identifier: MIT */
/* A job from its turn to the report, on its worker. */
#ifndef EXECUTE_H
#define EXECUTE_H

/* A bpool_fn: run the struct job, report it, free it. */
int execute_job(void *job);

#endif
