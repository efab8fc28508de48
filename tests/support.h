/* SPDX-License-Identifier: MIT */
/* What the unit tests share.  Jobs never assert: Check's assertions jump. */
#ifndef SUPPORT_H
#define SUPPORT_H

#include <boundpool.h>
#include <check.h>
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* gcc has macros for it, clang a question. */
#ifdef __has_feature
#define BUILT_WITH(sanitizer) __has_feature(sanitizer)
#else
#define BUILT_WITH(sanitizer) 0
#endif
#if defined(__SANITIZE_THREAD__) || BUILT_WITH(thread_sanitizer)
#define THREAD_SANITIZER 1
#else
#define THREAD_SANITIZER 0
#endif
#if defined(__SANITIZE_ADDRESS__) || BUILT_WITH(address_sanitizer)
#define ADDRESS_SANITIZER 1
#else
#define ADDRESS_SANITIZER 0
#endif

#define MS UINT64_C(1000000)
/* How much longer all takes, and as many times as there is time for. */
#ifdef BP_HELGRIND
#define SLOWER 40
#else
#define SLOWER 1
#endif
#define MANY(times) ((times) / SLOWER)

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

/* ck_assert() for what is asserted a million times: Check's writes to a pipe
 * whenever it holds. */
#define HOLDS(expression)                                                      \
	do {                                                                   \
		if (!(expression))                                             \
			ck_abort_msg("Assertion '%s' failed", #expression);    \
	} while (0)

/* A job that says it has started and stays until the gate is opened. */
struct gate {
	sem_t entered, open;
	int result;
	atomic_int running, peak, runs;
};

void gate_init(struct gate *gate, int result);
int gate_job(void *gate);
/* Sleep until `n` more jobs are inside. */
void gate_await(struct gate *gate, int n);
/* Let `n` out. */
void gate_open(struct gate *gate, int n);

/* Adds 1 to the atomic_int it is given; returns 0. */
int count_job(void *counter);
/* Returns the int it is given. */
int value_job(void *value);

/* A pool or the test's end. */
struct bpool *pool_of(unsigned workers, size_t max_in_flight);
struct bpool_stats stats_of(struct bpool *pool);
/* Sleep until `n` producers or others sleep in the pool (by its private
 * count, so that no test has to guess with a delay). */
void pool_await_users(struct bpool *pool, size_t n);

/* Sleep until `n` jobs wait inside the pool, ready to help. */
void pool_await_helpers(struct bpool *pool, size_t n);

/* How many workers are at rest, one of them keeping the time if there is one
 * to keep. */
size_t pool_at_rest(struct bpool *pool);

/* A thread that submits count_job(arg) once and keeps what it was told. */
struct producer {
	pthread_t thread;
	struct bpool *pool;
	void *arg;
	int err;
};
void producer_start(struct producer *producer, struct bpool *pool, void *arg);
int producer_join(struct producer *producer);

/* A job on terms, and the options of a limit. */
#define TERMS(...) (&(struct bpool_job){ __VA_ARGS__ })
#define LIMIT(...)                                                             \
	(&(struct bpool_limit_options){                                        \
		.size = sizeof(struct bpool_limit_options),                    \
		__VA_ARGS__ })

/* Submit, make, look; or the test's end. */
void with(struct bpool *pool, bpool_fn *fn, void *arg,
	  const struct bpool_job *job);
struct bpool_limit *limit_of(struct bpool *pool,
			     const struct bpool_limit_options *options);
struct bpool_limit_stats key_stats(struct bpool_limit *limit, const char *key);

/* A thread that submits count_job(runs) once on terms. */
struct comer {
	pthread_t thread;
	struct bpool *pool;
	struct bpool_job job;
	atomic_int *runs;
	int err;
};
void comer_start(struct comer *comer);
int comer_join(struct comer *comer);

/* Run the tests of a file; the exit status of main(). */
int tests_run(const char *name, const TTest *const *tests, size_t n);
#define TESTS_RUN(name, ...)                                                   \
	tests_run(name, (const TTest *const[]){ __VA_ARGS__ },                 \
		  sizeof((const TTest *const[]){ __VA_ARGS__ }) /              \
			  sizeof(const TTest *))

#endif
