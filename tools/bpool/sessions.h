/* SPDX-License-Identifier: MIT */
/* Signals to whole sessions: to every process of them, whatever its group. */
#ifndef SESSIONS_H
#define SESSIONS_H

#include <stddef.h>
#include <sys/types.h>

#include "fds.h"

/*
 * Send `sig` (0: nothing), then SIGCONT, to every process of the n sessions,
 * whose leaders have not been reaped.  SIGKILL, which nobody can pass on,
 * goes to the descendants of those too, as a bpool's own jobs are.  Sorts
 * `sids`.  Returns how many processes were alive in the sessions.  Without a
 * /proc that tells of them, only the leaders and their process groups are
 * seen.
 */
size_t sessions_signal(pid_t *sids, size_t n, int sig, struct fds *fds);

#endif
