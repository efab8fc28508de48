/* SPDX-License-Identifier: MIT */
#include "sem.h"

#include <errno.h>

#include "bug.h"
#include "clock.h"

/*
 * Thread sanitizers know sem_wait() and sem_post() but not sem_clockwait(),
 * and see a race in whatever was handed over by it; helgrind knows
 * sem_trywait() no better.  They are told here, in the one place that calls
 * them.  BP_HELGRIND: make helgrind, which alone needs valgrind's header.
 */
#if defined(__SANITIZE_THREAD__)
#define BP_TSAN 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define BP_TSAN 1
#endif
#endif

#ifdef BP_TSAN
void __tsan_acquire(void *addr);
void __tsan_release(void *addr);
#define TOLD_ACQUIRE(addr) __tsan_acquire(addr)
#define TOLD_RELEASE(addr) __tsan_release(addr)
#elif defined(BP_HELGRIND)
#include <valgrind/helgrind.h>
#define TOLD_ACQUIRE(addr) ANNOTATE_HAPPENS_AFTER(addr)
#define TOLD_RELEASE(addr) ANNOTATE_HAPPENS_BEFORE(addr)
#else
#define TOLD_ACQUIRE(addr) ((void)(addr))
#define TOLD_RELEASE(addr) ((void)(addr))
#endif

#ifdef BP_SEM_CLOCKWAIT

int bp_sem_init(struct bp_sem *sem)
{
	return sem_init(&sem->sem, 0, 0) == 0 ? 0 : -ENOMEM;
}

void bp_sem_fini(struct bp_sem *sem)
{
	BP_BUG_ON(sem_destroy(&sem->sem) != 0);
}

void bp_sem_post(struct bp_sem *sem)
{
	TOLD_RELEASE(sem);
	BP_BUG_ON(sem_post(&sem->sem) != 0);
}

static bool sem_take(struct bp_sem *sem, const struct timespec *deadline)
{
	int err;

	/* The kernel would put the thread to sleep before it looks. */
	if (deadline && bp_deadline_ns(deadline) <= bp_clock_ns())
		return sem_trywait(&sem->sem) == 0;
	do {
		if (deadline)
			err = sem_clockwait(&sem->sem, CLOCK_MONOTONIC,
					    deadline);
		else
			err = sem_wait(&sem->sem);
	} while (err != 0 && errno == EINTR);
	BP_BUG_ON(err != 0 && errno != ETIMEDOUT);
	return err == 0;
}

#else

int bp_sem_init(struct bp_sem *sem)
{
	pthread_condattr_t attr;
	int err = -ENOMEM;

	if (pthread_mutex_init(&sem->lock, NULL) != 0)
		return -ENOMEM;
	if (pthread_condattr_init(&attr) != 0)
		goto fini_lock;
	if (pthread_condattr_setclock(&attr, CLOCK_MONOTONIC) == 0 &&
	    pthread_cond_init(&sem->posted, &attr) == 0)
		err = 0;
	pthread_condattr_destroy(&attr);
	sem->tokens = 0;
	if (err == 0)
		return 0;
fini_lock:
	pthread_mutex_destroy(&sem->lock);
	return err;
}

void bp_sem_fini(struct bp_sem *sem)
{
	/* Whoever posted last may still be inside its unlock. */
	BP_BUG_ON(pthread_mutex_lock(&sem->lock) != 0);
	BP_BUG_ON(pthread_mutex_unlock(&sem->lock) != 0);
	BP_BUG_ON(pthread_cond_destroy(&sem->posted) != 0);
	BP_BUG_ON(pthread_mutex_destroy(&sem->lock) != 0);
}

void bp_sem_post(struct bp_sem *sem)
{
	BP_BUG_ON(pthread_mutex_lock(&sem->lock) != 0);
	sem->tokens++;
	BP_BUG_ON(pthread_cond_signal(&sem->posted) != 0);
	BP_BUG_ON(pthread_mutex_unlock(&sem->lock) != 0);
}

static bool sem_take(struct bp_sem *sem, const struct timespec *deadline)
{
	bool taken;
	int err = 0;

	BP_BUG_ON(pthread_mutex_lock(&sem->lock) != 0);
	while (sem->tokens == 0 && err != ETIMEDOUT) {
		if (deadline)
			err = pthread_cond_timedwait(&sem->posted, &sem->lock,
						     deadline);
		else
			err = pthread_cond_wait(&sem->posted, &sem->lock);
		BP_BUG_ON(err != 0 && err != ETIMEDOUT);
	}
	taken = sem->tokens > 0;
	if (taken)
		sem->tokens--;
	BP_BUG_ON(pthread_mutex_unlock(&sem->lock) != 0);
	return taken;
}

#endif

bool bp_sem_rest(struct bp_sem *sem, const struct timespec *deadline)
{
	bool taken;
	int state;

	BP_BUG_ON(pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &state) != 0);
	taken = sem_take(sem, deadline);
	BP_BUG_ON(pthread_setcancelstate(state, &state) != 0);
	if (taken)
		TOLD_ACQUIRE(sem);
	return taken;
}
