/* SPDX-License-Identifier: MIT */
/*
 * Between the library and libc (the linker's --wrap): each call that can fail is
 * counted, and one of them fails when it is told to.  What the library has
 * taken and not given back is counted too: memory, semaphores, locks.
 */
#ifndef FAULTS_H
#define FAULTS_H

#include <pthread.h>
#include <stdbool.h>

enum fault {
	FAULT_MALLOC,
	FAULT_CALLOC,
	FAULT_ALIGNED_ALLOC,
	FAULT_CPUALLOC,
	FAULT_CREATE,
	FAULT_ATTR_INIT,
	FAULT_ATTR_GET,
	FAULT_ATTR_SET,
	FAULT_MUTEX_INIT,
	FAULT_TRYLOCK,
	FAULT_SEM_INIT,
	FAULT_SEM_WAIT,
	FAULT_SEM_CLOCKWAIT,
	FAULT_SEM_TRYWAIT,
	FAULT_CONDATTR_INIT,
	FAULT_CONDATTR_SETCLOCK,
	FAULT_COND_INIT,
	FAULT_COND_WAIT,
	FAULT_COND_TIMEDWAIT,
	FAULT_AFFINITY,
	FAULT_SYSCONF,
	FAULT_SETNAME,
	FAULT_CLOCK,
	FAULTS
};

/* As libc calls them. */
extern const char *const fault_names[FAULTS];

/* From now on the n-th call of that kind fails, with `later` all that follow
 * too; n 0: none does.  Counts begin anew. */
void faults_begin(enum fault call, unsigned n, bool later);

unsigned faults_calls(enum fault call);
/* How many calls failed. */
unsigned faults_met(void);
/* What the library has and owes. */
long faults_held(void);

/* A thread of the test's own, which meets no fault as it is made. */
int faults_thread(pthread_t *thread, void *(*fn)(void *), void *arg);

#endif
