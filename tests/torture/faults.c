/* SPDX-License-Identifier: MIT */
#include "faults.h"

#include <errno.h>
#include <sched.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define NS_PER_S 1000000000ll
#define HOUR_NS (3600 * NS_PER_S)
#define SLOW_NS 10000000ll

const char *const fault_names[FAULTS] = {
	"malloc",
	"calloc",
	"aligned_alloc",
	"CPU_ALLOC",
	"pthread_create",
	"pthread_attr_init",
	"pthread_attr_getstacksize",
	"pthread_attr_setstacksize",
	"pthread_mutex_init",
	"pthread_mutex_trylock",
	"sem_init",
	"sem_wait",
	"sem_clockwait",
	"sem_trywait",
	"pthread_condattr_init",
	"pthread_condattr_setclock",
	"pthread_cond_init",
	"pthread_cond_wait",
	"pthread_cond_timedwait",
	"sched_getaffinity",
	"sysconf",
	"pthread_setname_np",
	"clock_gettime",
};

static enum fault failing; /* these three: before the library is called */
static unsigned from;
static bool later;
static atomic_uint calls[FAULTS], met;
static atomic_long held;
static atomic_llong ahead_ns; /* of the clock, this one is */

void faults_begin(enum fault call, unsigned n, bool all)
{
	for (int i = 0; i < FAULTS; i++)
		atomic_store(&calls[i], 0);
	atomic_store(&met, 0);
	atomic_store(&held, 0);
	failing = call;
	from = n;
	later = all;
}

unsigned faults_calls(enum fault call)
{
	return atomic_load(&calls[call]);
}

unsigned faults_met(void)
{
	return atomic_load(&met);
}

long faults_held(void)
{
	return atomic_load(&held);
}

static bool fails(enum fault call)
{
	unsigned n = atomic_fetch_add(&calls[call], 1) + 1;

	if (call != failing || from == 0 || n < from || (n > from && !later))
		return false;
	atomic_fetch_add(&met, 1);
	return true;
}

/* Of calls that sleep every second fails: nobody could wait by them. */
static bool sleep_fails(enum fault call)
{
	unsigned n = atomic_load(&calls[call]) + 1;

	if (n > from && (n - from) % 2 == 1) {
		atomic_fetch_add(&calls[call], 1);
		return false;
	}
	return fails(call);
}

static int fail(int error)
{
	errno = error;
	return -1;
}

/* What a call came to; where that is good, there is one more to give back. */
static int took(int err)
{
	if (err == 0)
		atomic_fetch_add(&held, 1);
	return err;
}

static void gave_back(void)
{
	atomic_fetch_sub(&held, 1);
}

/* WRAP(type, name, (parameters)): the two functions of a call. */
#define WRAP(type, name, parameters)                                           \
	type __real_##name parameters;                                         \
	type __wrap_##name parameters;                                         \
	type __wrap_##name parameters

/* ---- Memory ----------------------------------------------------------------- */

static void *memory(void *got)
{
	if (got)
		atomic_fetch_add(&held, 1);
	else
		errno = ENOMEM;
	return got;
}

WRAP(void *, malloc, (size_t size))
{
	return memory(fails(FAULT_MALLOC) ? NULL : __real_malloc(size));
}

WRAP(void *, calloc, (size_t n, size_t size))
{
	return memory(fails(FAULT_CALLOC) ? NULL : __real_calloc(n, size));
}

WRAP(void *, aligned_alloc, (size_t line, size_t size))
{
	return memory(fails(FAULT_ALIGNED_ALLOC)
			      ? NULL
			      : __real_aligned_alloc(line, size));
}

WRAP(void, free, (void *old))
{
	if (old)
		gave_back();
	__real_free(old);
}

WRAP(cpu_set_t *, __sched_cpualloc, (size_t n))
{
	return memory(fails(FAULT_CPUALLOC) ? NULL
					    : __real___sched_cpualloc(n));
}

WRAP(void, __sched_cpufree, (cpu_set_t * set))
{
	gave_back();
	__real___sched_cpufree(set);
}

/* ---- Threads ------------------------------------------------------------------ */

WRAP(int, pthread_create,
     (pthread_t * thread, const pthread_attr_t *attr, void *(*fn)(void *),
      void *arg))
{
	return fails(FAULT_CREATE)
		       ? EAGAIN
		       : __real_pthread_create(thread, attr, fn, arg);
}

int faults_thread(pthread_t *thread, void *(*fn)(void *), void *arg)
{
	return __real_pthread_create(thread, NULL, fn, arg);
}

WRAP(int, pthread_setname_np, (pthread_t thread, const char *name))
{
	return fails(FAULT_SETNAME) ? ERANGE
				    : __real_pthread_setname_np(thread, name);
}

WRAP(int, pthread_attr_init, (pthread_attr_t * attr))
{
	return fails(FAULT_ATTR_INIT) ? ENOMEM
				      : took(__real_pthread_attr_init(attr));
}

WRAP(int, pthread_attr_destroy, (pthread_attr_t * attr))
{
	gave_back();
	return __real_pthread_attr_destroy(attr);
}

WRAP(int, pthread_attr_getstacksize,
     (const pthread_attr_t *restrict attr, size_t *restrict size))
{
	return fails(FAULT_ATTR_GET)
		       ? EINVAL
		       : __real_pthread_attr_getstacksize(attr, size);
}

WRAP(int, pthread_attr_setstacksize, (pthread_attr_t * attr, size_t size))
{
	return fails(FAULT_ATTR_SET)
		       ? EINVAL
		       : __real_pthread_attr_setstacksize(attr, size);
}

/* It does so by itself where a pthread_atfork() that fails is asked for: the
 * library calls it when the program is loaded. */
WRAP(int, pthread_atfork,
     (void (*prepare)(void), void (*parent)(void), void (*child)(void)))
{
	return getenv("TORTURE_ATFORK")
		       ? ENOMEM
		       : __real_pthread_atfork(prepare, parent, child);
}

/* ---- Locks ---------------------------------------------------------------------- */

WRAP(int, pthread_mutex_init,
     (pthread_mutex_t * mutex, const pthread_mutexattr_t *attr))
{
	return fails(FAULT_MUTEX_INIT)
		       ? ENOMEM
		       : took(__real_pthread_mutex_init(mutex, attr));
}

WRAP(int, pthread_mutex_destroy, (pthread_mutex_t * mutex))
{
	gave_back();
	return __real_pthread_mutex_destroy(mutex);
}

WRAP(int, pthread_mutex_trylock, (pthread_mutex_t * mutex))
{
	return fails(FAULT_TRYLOCK) ? EBUSY
				    : __real_pthread_mutex_trylock(mutex);
}

/* ---- Sleeping ------------------------------------------------------------------- */

static int64_t ns_of(const struct timespec *time)
{
	return time->tv_sec * NS_PER_S + time->tv_nsec;
}

static struct timespec time_of(int64_t ns)
{
	return (struct timespec){ ns / NS_PER_S, ns % NS_PER_S };
}

/* Once: an hour passes at one go, as it does for a process that was stopped.
 * From then on: 10 ms pass each time that somebody looks. */
WRAP(int, clock_gettime, (clockid_t id, struct timespec *now))
{
	int err = __real_clock_gettime(id, now);

	if (fails(FAULT_CLOCK))
		atomic_fetch_add(&ahead_ns, later ? SLOW_NS : HOUR_NS);
	*now = time_of(ns_of(now) + atomic_load(&ahead_ns));
	return err;
}

/* By the system's clock. */
static struct timespec real_time(const struct timespec *until)
{
	int64_t ns = ns_of(until) - atomic_load(&ahead_ns);

	return time_of(ns > 0 ? ns : 0);
}

WRAP(int, sem_init, (sem_t * sem, int shared, unsigned value))
{
	if (fails(FAULT_SEM_INIT))
		return fail(ENOMEM);
	return took(__real_sem_init(sem, shared, value));
}

WRAP(int, sem_destroy, (sem_t * sem))
{
	gave_back();
	return __real_sem_destroy(sem);
}

WRAP(int, sem_wait, (sem_t * sem))
{
	return sleep_fails(FAULT_SEM_WAIT) ? fail(EINTR) : __real_sem_wait(sem);
}

WRAP(int, sem_clockwait,
     (sem_t *restrict sem, clockid_t id, const struct timespec *restrict until))
{
	struct timespec real = real_time(until);

	return sleep_fails(FAULT_SEM_CLOCKWAIT)
		       ? fail(EINTR)
		       : __real_sem_clockwait(sem, id, &real);
}

/* A token that comes a moment later. */
WRAP(int, sem_trywait, (sem_t * sem))
{
	return fails(FAULT_SEM_TRYWAIT) ? fail(EAGAIN)
					: __real_sem_trywait(sem);
}

WRAP(int, pthread_condattr_init, (pthread_condattr_t * attr))
{
	return fails(FAULT_CONDATTR_INIT)
		       ? ENOMEM
		       : took(__real_pthread_condattr_init(attr));
}

WRAP(int, pthread_condattr_destroy, (pthread_condattr_t * attr))
{
	gave_back();
	return __real_pthread_condattr_destroy(attr);
}

WRAP(int, pthread_condattr_setclock, (pthread_condattr_t * attr, clockid_t id))
{
	return fails(FAULT_CONDATTR_SETCLOCK)
		       ? EINVAL
		       : __real_pthread_condattr_setclock(attr, id);
}

WRAP(int, pthread_cond_init,
     (pthread_cond_t *restrict cond, const pthread_condattr_t *restrict attr))
{
	return fails(FAULT_COND_INIT)
		       ? ENOMEM
		       : took(__real_pthread_cond_init(cond, attr));
}

WRAP(int, pthread_cond_destroy, (pthread_cond_t * cond))
{
	gave_back();
	return __real_pthread_cond_destroy(cond);
}

/* Both may wake for nothing. */
WRAP(int, pthread_cond_wait,
     (pthread_cond_t *restrict cond, pthread_mutex_t *restrict mutex))
{
	return sleep_fails(FAULT_COND_WAIT)
		       ? 0
		       : __real_pthread_cond_wait(cond, mutex);
}

WRAP(int, pthread_cond_timedwait,
     (pthread_cond_t *restrict cond, pthread_mutex_t *restrict mutex,
      const struct timespec *restrict until))
{
	struct timespec real = real_time(until);

	return sleep_fails(FAULT_COND_TIMEDWAIT)
		       ? 0
		       : __real_pthread_cond_timedwait(cond, mutex, &real);
}

/* ---- The machine ---------------------------------------------------------------- */

WRAP(int, sched_getaffinity, (pid_t pid, size_t size, cpu_set_t *set))
{
	return fails(FAULT_AFFINITY) ? fail(EINVAL)
				     : __real_sched_getaffinity(pid, size, set);
}

/* The size of a page is always known. */
WRAP(long, sysconf, (int name))
{
	if (name == _SC_NPROCESSORS_ONLN && fails(FAULT_SYSCONF))
		return fail(EINVAL);
	return __real_sysconf(name);
}
