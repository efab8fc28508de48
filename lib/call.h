/* SPDX-License-Identifier: MIT */
/*
 * The one place where the library calls a job.
 *
 * call.c is compiled without unwind tables, so that no exception can pass:
 * it would leave the job's record running for ever and, out of a wait that
 * runs jobs on the spot, structures on a stack that is gone.  The search for
 * a handler ends here and the language's runtime says why it stops the
 * process.  (A C++ job that throws catches its exceptions itself.)
 */
#ifndef BP_CALL_H
#define BP_CALL_H

#include <boundpool.h>

int bp_call(bpool_fn *fn, void *arg);

#endif
