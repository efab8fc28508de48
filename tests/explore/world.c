/* SPDX-License-Identifier: MIT */
/* Coroutines, and what they use.  See world.h. */
#include "world.h"

#include <errno.h>
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>

#define THREADS 16u
#define STACK 65536u
#define MEMORY (4u << 20)
#define MEMORY_AT ((void *)0x510000000000) /* the same in each run */
#define POINTS_MAX 20000ul		   /* no scenario takes so many */
#define BEGIN_NS UINT64_C(1000000000)

enum wants {
	NOTHING,
	A_MUTEX,
	A_SEM,
	AN_END, /* of a thread */
	A_VALUE
};

struct thread {
	ucontext_t made;
	jmp_buf at;
	bool begun, alive;
	void *(*fn)(void *arg);
	void (*plain)(void *arg);
	void *arg;
	enum wants wants;
	const void *object;
	int least;
	uint64_t deadline; /* 0: none */
	struct bp_worker *self;
	_Alignas(64) char stack[STACK];
};

/* What stands in the library's mutexes and semaphores. */
struct mutex {
	unsigned alive;
	struct thread *owner;
};

struct sem {
	unsigned alive;
	unsigned tokens;
};

#define ALIVE 0x600dcafeu
#define DEAD 0xdeadbeefu

_Static_assert(sizeof(struct mutex) <= sizeof(pthread_mutex_t), "room");
_Static_assert(sizeof(struct sem) <= sizeof(sem_t), "room");

/* The library's, one for each thread there. */
extern _Thread_local struct bp_worker *bp_self;

static struct thread threads[THREADS], *current;
static jmp_buf outside;
static const struct world_run *run;
static void (*invariants)(void);
static unsigned long points;
static unsigned held;
static uint64_t now;
void (*world_failed)(const char *why);

/* ---- What goes wrong ------------------------------------------------------ */

void world_fail(const char *format, ...)
{
	char why[300];
	va_list args;

	va_start(args, format);
	vsnprintf(why, sizeof(why), format, args);
	va_end(args);
	world_failed(why);
	abort();
}

static long number(const struct thread *thread)
{
	return thread - threads;
}

static void tell(const char *what, const void *object)
{
	if (run->tells)
		fprintf(stderr, "%4lu  thread %ld: %s %p\n", points,
			number(current), what, object);
}

/* ---- Threads -------------------------------------------------------------- */

static bool can_go_on(const struct thread *t)
{
	if (!t->alive)
		return false;
	switch (t->wants) {
	case A_MUTEX:
		return !((const struct mutex *)t->object)->owner;
	case A_SEM:
		return ((const struct sem *)t->object)->tokens > 0 ||
		       (t->deadline && t->deadline <= now);
	case AN_END:
		return !((const struct thread *)t->object)->alive;
	case A_VALUE:
		return *(const int *)t->object >= t->least;
	case NOTHING:
		break;
	}
	return true;
}

static void thread_body(void)
{
	for (;;) {
		if (current->fn)
			current->fn(current->arg);
		else
			current->plain(current->arg);
		tell("ends", NULL);
		current->alive = false;
		world_point();
	}
}

static void thread_make(struct thread *t)
{
	getcontext(&t->made);
	t->made.uc_stack.ss_sp = t->stack;
	t->made.uc_stack.ss_size = sizeof(t->stack);
	makecontext(&t->made, thread_body, 0);
}

/* It never comes back but by its own jmp_buf. */
static _Noreturn void thread_enter(struct thread *t)
{
	current = t;
	bp_self = t->self;
	if (t->begun)
		_longjmp(t->at, 1);
	t->begun = true;
	setcontext(&t->made);
	abort();
}

static void thread_switch(struct thread *to)
{
	if (to == current)
		return;
	current->self = bp_self;
	if (_setjmp(current->at) == 0)
		thread_enter(to);
}

static struct thread *thread_new(void *arg)
{
	for (struct thread *t = threads; t < threads + THREADS; t++)
		if (!t->alive) {
			t->fn = NULL;
			t->plain = NULL;
			t->arg = arg;
			t->alive = true;
			t->wants = NOTHING;
			t->deadline = 0;
			t->self = NULL;
			return t;
		}
	world_fail("more than %u threads", THREADS);
}

/* The first time that somebody waits for; 0: none. */
static uint64_t first_deadline(void)
{
	uint64_t first = 0;

	for (const struct thread *t = threads; t < threads + THREADS; t++)
		if (t->alive && t->wants == A_SEM && t->deadline > now &&
		    (first == 0 || t->deadline < first))
			first = t->deadline;
	return first;
}

/* Nobody can go on: all have ended, and the next run uses them again. */
static void all_ended(void)
{
	char who[200] = "";
	size_t len = 0;

	for (const struct thread *t = threads; t < threads + THREADS; t++)
		if (t->alive && len < sizeof(who))
			len += (size_t)snprintf(who + len, sizeof(who) - len,
						" %ld", number(t));
	if (len > 0)
		world_fail("threads%s sleep for ever", who);
	if (_setjmp(current->at) == 0)
		_longjmp(outside, 1);
}

/* Somebody goes on; returns when that is the calling thread. */
static void go_on(void)
{
	struct thread *ways[THREADS];
	uint64_t first;

	do {
		struct world_ways how = { 0 };
		unsigned taken = 0;

		if (++points > POINTS_MAX)
			world_fail("no end after %lu points", points);
		how.goes_on = can_go_on(current);
		if (how.goes_on)
			ways[how.n++] = current;
		for (unsigned i = 1; i < THREADS; i++) {
			struct thread *t =
				&threads[((size_t)number(current) + i) %
					 THREADS];

			if (can_go_on(t))
				ways[how.n++] = t;
		}
		first = first_deadline();
		how.time = first > 0;
		how.n += how.time;
		if (how.n == 0) {
			all_ended();
			return;
		}
		if (how.n > 1)
			taken = run->choose(run->user, &how);
		if (!how.time || taken < how.n - 1) {
			thread_switch(ways[taken]);
			return;
		}
		now = first;
		if (run->tells)
			fprintf(stderr, "%4lu  it is %" PRIu64 "\n", points,
				now);
	} while (true);
}

void world_point(void)
{
	go_on();
}

static void sleep_for(enum wants wants, const void *object, uint64_t deadline)
{
	current->wants = wants;
	current->object = object;
	current->deadline = deadline;
	go_on();
	current->wants = NOTHING;
	current->deadline = 0;
}

int world_create(pthread_t *thread, const pthread_attr_t *attr,
		 void *(*fn)(void *), void *arg)
{
	struct thread *t = thread_new(arg);

	(void)attr;
	t->fn = fn;
	*thread = (pthread_t)number(t);
	return 0;
}

pthread_t world_start(void (*fn)(void *arg), void *arg)
{
	struct thread *t = thread_new(arg);

	t->plain = fn;
	return (pthread_t)number(t);
}

void world_join(pthread_t thread)
{
	tell("joins", &threads[thread]);
	sleep_for(AN_END, &threads[thread], 0);
}

int world_pthread_join(pthread_t thread, void **result)
{
	(void)result;
	world_join(thread);
	return 0;
}

pthread_t world_self(void)
{
	return (pthread_t)number(current);
}

void world_await(const int *value, int least)
{
	current->least = least;
	sleep_for(A_VALUE, value, 0);
}

/* ---- Mutexes -------------------------------------------------------------- */

static struct mutex *mutex_of(pthread_mutex_t *mutex, const char *what)
{
	struct mutex *m = (struct mutex *)mutex;

	if (m->alive != ALIVE)
		world_fail("%s a mutex that is gone", what);
	tell(what, mutex);
	return m;
}

int world_mutex_init(pthread_mutex_t *mutex, const pthread_mutexattr_t *attr)
{
	(void)attr;
	*(struct mutex *)mutex = (struct mutex){ ALIVE, NULL };
	return 0;
}

int world_mutex_destroy(pthread_mutex_t *mutex)
{
	struct mutex *m = mutex_of(mutex, "destroys");

	if (m->owner)
		world_fail("a mutex is destroyed that is held");
	for (const struct thread *t = threads; t < threads + THREADS; t++)
		if (t->alive && t->wants == A_MUTEX && t->object == m)
			world_fail("a mutex is destroyed that is waited for");
	m->alive = DEAD;
	return 0;
}

int world_mutex_lock(pthread_mutex_t *mutex)
{
	struct mutex *m = mutex_of(mutex, "locks");

	sleep_for(A_MUTEX, m, 0);
	m = mutex_of(mutex, "has");
	m->owner = current;
	held++;
	return 0;
}

int world_mutex_unlock(pthread_mutex_t *mutex)
{
	struct mutex *m = mutex_of(mutex, "unlocks");

	if (m->owner != current)
		world_fail("a mutex is unlocked by another than its owner");
	m->owner = NULL;
	if (--held == 0 && invariants)
		invariants();
	return 0;
}

/* ---- Semaphores ----------------------------------------------------------- */

static struct sem *sem_of(sem_t *sem, const char *what)
{
	struct sem *s = (struct sem *)sem;

	if (s->alive != ALIVE)
		world_fail("%s a semaphore that is gone", what);
	tell(what, sem);
	return s;
}

int world_sem_init(sem_t *sem, int shared, unsigned value)
{
	(void)shared;
	*(struct sem *)sem = (struct sem){ ALIVE, value };
	return 0;
}

int world_sem_destroy(sem_t *sem)
{
	struct sem *s = sem_of(sem, "destroys");

	for (const struct thread *t = threads; t < threads + THREADS; t++)
		if (t->alive && t->wants == A_SEM && t->object == s)
			world_fail("a semaphore is destroyed that is slept on");
	s->alive = DEAD;
	return 0;
}

int world_sem_post(sem_t *sem)
{
	world_point();
	sem_of(sem, "posts")->tokens++;
	return 0;
}

int world_sem_wait(sem_t *sem)
{
	struct sem *s = sem_of(sem, "sleeps on");

	sleep_for(A_SEM, s, 0);
	sem_of(sem, "has a token of")->tokens--;
	return 0;
}

int world_sem_trywait(sem_t *sem)
{
	struct sem *s;

	world_point();
	s = sem_of(sem, "looks at");
	if (s->tokens == 0) {
		errno = EAGAIN;
		return -1;
	}
	s->tokens--;
	return 0;
}

int world_sem_clockwait(sem_t *sem, clockid_t clock,
			const struct timespec *deadline)
{
	struct sem *s = sem_of(sem, "sleeps for a time on");
	uint64_t until = (uint64_t)deadline->tv_sec * UINT64_C(1000000000) +
			 (uint64_t)deadline->tv_nsec;

	(void)clock;
	sleep_for(A_SEM, s, until);
	s = sem_of(sem, "slept on");
	if (s->tokens == 0) {
		errno = ETIMEDOUT;
		return -1;
	}
	s->tokens--;
	return 0;
}

/* ---- Time ----------------------------------------------------------------- */

uint64_t world_now(void)
{
	return now;
}

int world_clock_gettime(clockid_t clock, struct timespec *time)
{
	(void)clock;
	*time = (struct timespec){
		.tv_sec = (time_t)(now / 1000000000u),
		.tv_nsec = (long)(now % 1000000000u),
	};
	return 0;
}

/* ---- Memory --------------------------------------------------------------- */

struct block {
	size_t size;
	unsigned alive;
};

#define LINE 64u

static char *memory;
static size_t used, blocks;

static void memory_begin(void)
{
	if (!memory) {
		memory = mmap(MEMORY_AT, MEMORY, PROT_READ | PROT_WRITE,
			      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (memory == MAP_FAILED)
			abort();
	}
	/* What is not written before it is read is seen. */
	memset(memory, 0x5a, used);
	used = blocks = 0;
}

void *world_malloc(size_t size)
{
	struct block *block;
	size_t room = LINE + (size + LINE - 1) / LINE * LINE;

	if (room < size || room > MEMORY - used)
		world_fail("no memory left for %zu bytes", size);
	block = (struct block *)(void *)(memory + used);
	*block = (struct block){ size, ALIVE };
	used += room;
	blocks++;
	return (char *)block + LINE;
}

void *world_calloc(size_t n, size_t size)
{
	return memset(world_malloc(n * size), 0, n * size);
}

void *world_aligned_alloc(size_t line, size_t size)
{
	if (line > LINE)
		world_fail("memory for lines of %zu", line);
	return world_malloc(size);
}

void world_free(void *given)
{
	struct block *block;

	if (!given)
		return;
	block = (struct block *)(void *)((char *)given - LINE);
	if (block->alive != ALIVE)
		world_fail("freed twice, or what was none");
	block->alive = DEAD;
	memset(given, 0xdb, block->size);
	blocks--;
}

/* ---- The whole ------------------------------------------------------------ */

static void main_body(void *arg)
{
	(*(void (**)(void))arg)();
}

void world_invariants(void (*hold)(void))
{
	invariants = hold;
}

unsigned long world_run(const struct world_run *how, void (*fn)(void))
{
	run = how;
	points = 0;
	held = 0;
	now = BEGIN_NS;
	invariants = NULL;
	memory_begin();
	for (struct thread *t = threads; t < threads + THREADS; t++)
		if (!t->begun && t->made.uc_stack.ss_size == 0)
			thread_make(t);
	current = thread_new(&fn);
	current->plain = main_body;
	if (_setjmp(outside) == 0)
		thread_enter(current);
	bp_self = NULL;
	if (blocks > 0)
		world_fail("%zu blocks of memory are left", blocks);
	return points;
}
