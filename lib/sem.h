/* SPDX-License-Identifier: MIT */
/*
 * Semaphores with no EINTR, no silent failure, and deadlines on
 * CLOCK_MONOTONIC.  Each sleeper has one of its own, so there is never more
 * than one thread to a semaphore and never more than a few tokens in it.
 *
 * Where libc has no sem_clockwait() (musl, glibc before 2.30) a mutex and a
 * condition variable on the monotonic clock stand in: sem_timedwait() goes by
 * CLOCK_REALTIME, and somebody setting the clock would stretch every sleep.
 */
#ifndef BP_SEM_H
#define BP_SEM_H

#include <pthread.h>
#include <semaphore.h>
#include <stdbool.h>
#include <time.h>

/* BP_NO_SEM_CLOCKWAIT: to test what stands in. */
#if defined(__GLIBC__) && defined(__GLIBC_PREREQ) &&                           \
	!defined(BP_NO_SEM_CLOCKWAIT)
#if __GLIBC_PREREQ(2, 30)
#define BP_SEM_CLOCKWAIT 1
#endif
#endif

struct bp_sem {
#ifdef BP_SEM_CLOCKWAIT
	sem_t sem;
#else
	pthread_mutex_t lock;
	pthread_cond_t posted; /* on CLOCK_MONOTONIC */
	unsigned tokens;       /* guarded by lock */
#endif
};

/* A semaphore with no token.  -ENOMEM if the system gives none. */
int bp_sem_init(struct bp_sem *sem);
void bp_sem_fini(struct bp_sem *sem);

/* Put a token in.  The sleeper may have freed *sem when this returns. */
void bp_sem_post(struct bp_sem *sem);

/*
 * Sleep until there is a token and take it: true.  False if the deadline
 * passed first (NULL: never).  No cancellation point.
 */
bool bp_sem_rest(struct bp_sem *sem, const struct timespec *deadline);

#endif
