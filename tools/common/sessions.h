/* SPDX-License-Identifier: MIT */
/* Signals to all processes of jobs, whatever session they have gone to. */
#ifndef SESSIONS_H
#define SESSIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "fds.h"
#include "mark.h"

/* A job that runs. */
struct session {
	pid_t leader; /* of its session or process group; not reaped */
	uint64_t job; /* its number in its mark */
};

/*
 * Those of n jobs: who is in a session or group of theirs, and who descends
 * from bpool and carries their mark.  With `whole`, also who descends from
 * bpool, began after the run and carries no mark of it.
 */
struct sessions {
	struct session *all;
	size_t n;
	const struct mark *mark;
	bool whole;
};

/*
 * Send `sig` (0: nothing) to all of them, and SIGCONT unless that is SIGSTOP.
 * SIGKILL goes to their descendants too, as nobody can pass that on.  Sorts
 * them.  Returns how many processes were alive.  Without a /proc that tells
 * of them, only the leaders and their process groups are seen.
 */
size_t sessions_signal(struct sessions *sessions, int sig, struct fds *fds);

/* When a process began, in ticks since the boot; 0 where /proc does not say. */
uint64_t sessions_since(pid_t pid, struct fds *fds);

/* A job of a run that is over. */
struct session_past {
	pid_t leader;	/* 0: not known */
	uint64_t since; /* when that began; 0: not known */
	uint64_t job;	/* its number in its mark ... */
	char run[48];	/* ... and that of its run */
};

/*
 * Whether anybody is alive of it: who carries its mark, or is in its session
 * or process group, as long as that is not another's of the same number.
 */
bool sessions_alive(const struct session_past *past, struct fds *fds);

/*
 * Send SIGKILL to all that is alive of the n jobs, and to whoever descends from
 * that.  Returns how many that were; who forked meanwhile is found by the next
 * call.
 */
size_t sessions_kill(const struct session_past *past, size_t n,
		     struct fds *fds);

#endif
