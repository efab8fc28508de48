/* SPDX-License-Identifier: MIT */
/*
 * Empty jobs through the library and through the plainest pool there is, one
 * mutex and two condition variables, in turn in one run.  Prints medians of
 * nanoseconds a job, and their spread; nothing here passes or fails.
 */
#include <boundpool.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define ROUNDS 9
#define JOBS 1000000
#define RING 1024

static void must(int err, const char *what)
{
	if (err == 0)
		return;
	fprintf(stderr, "pairs: %s failed: %d\n", what, err);
	exit(1);
}

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static int empty(void *arg)
{
	(void)arg;
	return 0;
}

/* ---- The plain pool --------------------------------------------------- */

struct plain {
	pthread_mutex_t lock;
	pthread_cond_t room, work;
	struct bpool_call ring[RING];
	unsigned head, len;
	bool closed;
};

static void *plain_main(void *arg)
{
	struct plain *plain = arg;

	pthread_mutex_lock(&plain->lock);
	for (;;) {
		struct bpool_call call;

		while (plain->len == 0 && !plain->closed)
			pthread_cond_wait(&plain->work, &plain->lock);
		if (plain->len == 0)
			break;
		call = plain->ring[plain->head++ % RING];
		plain->len--;
		pthread_cond_signal(&plain->room);
		pthread_mutex_unlock(&plain->lock);
		call.fn(call.arg);
		pthread_mutex_lock(&plain->lock);
	}
	pthread_mutex_unlock(&plain->lock);
	return NULL;
}

static void plain_submit(struct plain *plain, bpool_fn *fn, void *arg)
{
	pthread_mutex_lock(&plain->lock);
	while (plain->len == RING)
		pthread_cond_wait(&plain->room, &plain->lock);
	plain->ring[(plain->head + plain->len++) % RING] =
		(struct bpool_call){ fn, arg };
	pthread_cond_signal(&plain->work);
	pthread_mutex_unlock(&plain->lock);
}

static double plain_run(unsigned workers)
{
	static struct plain plain;
	pthread_t threads[64];
	uint64_t since;

	plain = (struct plain){ 0 };
	must(pthread_mutex_init(&plain.lock, NULL), "pthread_mutex_init");
	must(pthread_cond_init(&plain.room, NULL), "pthread_cond_init");
	must(pthread_cond_init(&plain.work, NULL), "pthread_cond_init");
	for (unsigned i = 0; i < workers; i++)
		must(pthread_create(&threads[i], NULL, plain_main, &plain),
		     "pthread_create");
	since = now_ns();
	for (int i = 0; i < JOBS; i++)
		plain_submit(&plain, empty, NULL);
	pthread_mutex_lock(&plain.lock);
	plain.closed = true;
	pthread_cond_broadcast(&plain.work);
	pthread_mutex_unlock(&plain.lock);
	for (unsigned i = 0; i < workers; i++)
		pthread_join(threads[i], NULL);
	since = now_ns() - since;
	return (double)since / JOBS;
}

/* ---- Ours ---------------------------------------------------------------- */

static double bound_run(unsigned workers)
{
	struct bpool_options options = { .size = sizeof(options),
					 .workers = workers,
					 .max_in_flight = RING };
	struct bpool *pool;
	uint64_t since;

	must(bpool_create(&pool, &options), "bpool_create");
	since = now_ns();
	for (int i = 0; i < JOBS; i++)
		must(bpool_submit(pool, empty, NULL), "bpool_submit");
	must(bpool_destroy(pool), "bpool_destroy");
	return (double)(now_ns() - since) / JOBS;
}

static int ascending(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

int main(int argc, char **argv)
{
	static const unsigned workers[] = { 1, 4, 16 };
	double bound[ROUNDS], plain[ROUNDS];

	/* pairs WORKERS: ours alone, once, for who counts something else. */
	if (argc == 2) {
		bound_run((unsigned)strtoul(argv[1], NULL, 10));
		printf("%d\n", JOBS);
		return 0;
	}

	printf("%d empty jobs, ring of %d, %d rounds in turn; ns a job: median "
	       "(least..most)\n",
	       JOBS, RING, ROUNDS);
	for (size_t w = 0; w < 3; w++) {
		bound_run(workers[w]);
		plain_run(workers[w]);
		for (int i = 0; i < ROUNDS; i++) {
			bound[i] = bound_run(workers[w]);
			plain[i] = plain_run(workers[w]);
		}
		qsort(bound, ROUNDS, sizeof(*bound), ascending);
		qsort(plain, ROUNDS, sizeof(*plain), ascending);
		printf("%2u workers: boundpool %5.0f (%.0f..%.0f), mutex and "
		       "condition variables %5.0f (%.0f..%.0f), ratio %.1f\n",
		       workers[w], bound[ROUNDS / 2], bound[0],
		       bound[ROUNDS - 1], plain[ROUNDS / 2], plain[0],
		       plain[ROUNDS - 1],
		       plain[ROUNDS / 2] / bound[ROUNDS / 2]);
	}
	return 0;
}
