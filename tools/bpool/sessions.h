/* SPDX-License-Identifier: MIT */
/* Signals to whole sessions: to every process of them, whatever its group. */
#ifndef SESSIONS_H
#define SESSIONS_H

#include <stddef.h>
#include <sys/types.h>

#include "fds.h"

/*
 * Send `sig` (0: nothing), then SIGCONT unless it is SIGKILL, to every process
 * of the n sessions, whose leaders have not been reaped.  `sids` is sorted.
 * Returns how many processes were alive in them.  Without /proc, only the
 * leaders' process groups are reached.
 */
size_t sessions_signal(const pid_t *sids, size_t n, int sig, struct fds *fds);

#endif
