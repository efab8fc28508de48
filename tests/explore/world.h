/* SPDX-License-Identifier: MIT */
/*
 * A world of one thread, in which the library's own source runs as it stands:
 * each file of lib/ is compiled with this header in front, which gives it
 * mutexes, semaphores, threads, atomics, memory and a clock of this world.
 * Before each operation on them another thread, a coroutine here, may go on
 * instead; which one is chosen by whoever runs the world (search.c), so that
 * any order can be had, and had again.
 *
 * Time passes only by choice.  Memory is never used twice in a run, and what
 * was freed or destroyed is known.  Sequentially consistent: what a weaker
 * order of memory would bring is not seen here but by the race checkers.
 */
#ifndef WORLD_H
#define WORLD_H

/* What is renamed below has been declared before. */
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

/* ---- For the scenarios ---------------------------------------------------- */

/* Another may go on here. */
void world_point(void);

pthread_t world_start(void (*fn)(void *arg), void *arg);
void world_join(pthread_t thread);

/* Sleep until *value is at least that much. */
void world_await(const int *value, int least);

uint64_t world_now(void);

/* End the run: the properties do not hold.  Does not return. */
_Noreturn void world_fail(const char *format, ...)
	__attribute__((format(printf, 1, 2)));

/* ---- For the search ------------------------------------------------------- */

/* How the world may go on: `n` ways, of which one is taken. */
struct world_ways {
	unsigned n;
	bool goes_on; /* way 0: the thread that ran goes on */
	bool time;    /* way n - 1: nobody does, and time passes */
};

struct world_run {
	unsigned (*choose)(void *user, const struct world_ways *ways);
	void *user;
	bool tells; /* each operation, on stderr */
};

/*
 * Run fn as the first thread, until all threads have ended.  Returns how often
 * another thread could have gone on.
 */
unsigned long world_run(const struct world_run *run, void (*fn)(void));

/* Looked at whenever nobody holds a mutex; NULL: nothing.  Until the end of the
 * run. */
void world_invariants(void (*hold)(void));

/* Called by world_fail(), and has to end the program. */
extern void (*world_failed)(const char *why);

/* ---- For the library ------------------------------------------------------ */

int world_mutex_init(pthread_mutex_t *mutex, const pthread_mutexattr_t *attr);
int world_mutex_destroy(pthread_mutex_t *mutex);
int world_mutex_lock(pthread_mutex_t *mutex);
int world_mutex_unlock(pthread_mutex_t *mutex);

int world_sem_init(sem_t *sem, int shared, unsigned value);
int world_sem_destroy(sem_t *sem);
int world_sem_post(sem_t *sem);
int world_sem_wait(sem_t *sem);
int world_sem_trywait(sem_t *sem);
int world_sem_clockwait(sem_t *sem, clockid_t clock,
			const struct timespec *deadline);

int world_create(pthread_t *thread, const pthread_attr_t *attr,
		 void *(*fn)(void *), void *arg);
int world_pthread_join(pthread_t thread, void **result);
pthread_t world_self(void);
int world_clock_gettime(clockid_t clock, struct timespec *now);

void *world_calloc(size_t n, size_t size);
void *world_malloc(size_t size);
void *world_aligned_alloc(size_t line, size_t size);
void world_free(void *memory);

#ifdef WORLD_INSIDE

#define pthread_mutex_init world_mutex_init
#define pthread_mutex_destroy world_mutex_destroy
#define pthread_mutex_lock world_mutex_lock
/* It may look again a few times before it sleeps: here that is the same. */
#define pthread_mutex_trylock world_mutex_lock
#define pthread_mutex_unlock world_mutex_unlock
#define sem_init world_sem_init
#define sem_destroy world_sem_destroy
#define sem_post world_sem_post
#define sem_wait world_sem_wait
#define sem_trywait world_sem_trywait
#define sem_clockwait world_sem_clockwait
#define pthread_create world_create
#define pthread_join world_pthread_join
#define pthread_self world_self
#define clock_gettime world_clock_gettime
#define calloc world_calloc
#define malloc world_malloc
#define aligned_alloc world_aligned_alloc
#define free world_free

#define __atomic_load_n(from, order)                                           \
	(world_point(), __atomic_load_n(from, order))
/* And after it: nobody need wait for a lock to see it. */
#define __atomic_store_n(to, value, order)                                     \
	(world_point(), __atomic_store_n(to, value, order), world_point())
#undef atomic_load_explicit
#define atomic_load_explicit(from, order) (world_point(), *(from))
#undef atomic_store_explicit
#define atomic_store_explicit(to, value, order)                                \
	(world_point(), (void)(*(to) = (value)), world_point())

/* Signals, names and cancellation are not of this world. */
static inline int world_ignore(const void *what)
{
	(void)what;
	return 0;
}
#define pthread_sigmask(how, set, old) world_ignore(set)
#define pthread_setname_np(thread, name) world_ignore(name)
#define pthread_setcancelstate(state, old) ((void)(state), world_ignore(old))
#undef pthread_cleanup_push
#undef pthread_cleanup_pop
#define pthread_cleanup_push(fn, arg)                                          \
	do {                                                                   \
		(void)(fn);                                                    \
	(void)(arg)
#define pthread_cleanup_pop(run)                                               \
	}                                                                      \
	while (0)

#endif
#endif
