/* SPDX-License-Identifier: MIT */
#include "support.h"

#include "state.h"

void gate_init(struct gate *gate, int result)
{
	memset(gate, 0, sizeof(*gate));
	sem_init(&gate->entered, 0, 0);
	sem_init(&gate->open, 0, 0);
	gate->result = result;
}

static void sem_take(sem_t *sem)
{
	while (sem_wait(sem) != 0)
		;
}

int gate_job(void *arg)
{
	struct gate *gate = arg;
	int running = atomic_fetch_add(&gate->running, 1) + 1;
	int peak = atomic_load(&gate->peak);

	atomic_fetch_add(&gate->runs, 1);
	while (running > peak &&
	       !atomic_compare_exchange_weak(&gate->peak, &peak, running))
		;
	sem_post(&gate->entered);
	sem_take(&gate->open);
	atomic_fetch_sub(&gate->running, 1);
	return gate->result;
}

void gate_await(struct gate *gate, int n)
{
	while (n-- > 0)
		sem_take(&gate->entered);
}

void gate_open(struct gate *gate, int n)
{
	while (n-- > 0)
		sem_post(&gate->open);
}

int count_job(void *arg)
{
	atomic_fetch_add((atomic_int *)arg, 1);
	return 0;
}

int value_job(void *arg)
{
	return *(int *)arg;
}

struct bpool *pool_of(unsigned workers, size_t max_in_flight)
{
	struct bpool_options options = { .size = sizeof(options),
					 .workers = workers,
					 .max_in_flight = max_in_flight };
	struct bpool *pool;

	ck_assert_int_eq(bpool_create(&pool, &options), 0);
	return pool;
}

struct bpool_stats stats_of(struct bpool *pool)
{
	struct bpool_stats stats = { .size = sizeof(stats) };

	ck_assert_int_eq(bpool_stats(pool, &stats), 0);
	return stats;
}

void pool_await_users(struct bpool *pool, size_t n)
{
	size_t users;

	do {
		sched_yield();
		pool_lock(pool);
		users = pool->users;
		pool_unlock(pool);
	} while (users < n);
}

static size_t list_length(const struct bpool_link *list)
{
	size_t n = 0;

	for (const struct bpool_link *link = list->next; link != list;
	     link = link->next)
		n++;
	return n;
}

void pool_await_helpers(struct bpool *pool, size_t n)
{
	size_t helpers;

	do {
		sched_yield();
		pool_lock(pool);
		helpers = list_length(&pool->helpers);
		pool_unlock(pool);
	} while (helpers < n);
}

size_t pool_at_rest(struct bpool *pool)
{
	size_t n;

	pool_lock(pool);
	n = list_length(&pool->idle);
	if (pool->schedule.timers.first && !pool->timekeeper)
		n = 0;
	pool_unlock(pool);
	return n;
}

static void *producer_main(void *arg)
{
	struct producer *producer = arg;

	producer->err = bpool_submit(producer->pool, count_job, producer->arg);
	return NULL;
}

void producer_start(struct producer *producer, struct bpool *pool, void *arg)
{
	producer->pool = pool;
	producer->arg = arg;
	producer->err = 1;
	ck_assert_int_eq(pthread_create(&producer->thread, NULL, producer_main,
					producer),
			 0);
}

int producer_join(struct producer *producer)
{
	ck_assert_int_eq(pthread_join(producer->thread, NULL), 0);
	return producer->err;
}

void with(struct bpool *pool, bpool_fn *fn, void *arg,
	  const struct bpool_job *job)
{
	ck_assert_int_eq(bpool_submit_with(pool, fn, arg, job), 0);
}

struct bpool_limit *limit_of(struct bpool *pool,
			     const struct bpool_limit_options *options)
{
	struct bpool_limit *limit;

	ck_assert_int_eq(bpool_limit_create(&limit, pool, options), 0);
	return limit;
}

struct bpool_limit_stats key_stats(struct bpool_limit *limit, const char *key)
{
	struct bpool_limit_stats stats = { .size = sizeof(stats) };

	ck_assert_int_eq(bpool_limit_stats(limit, key, &stats), 0);
	return stats;
}

static void *comer_main(void *arg)
{
	struct comer *comer = arg;

	comer->err = bpool_submit_with(comer->pool, count_job, comer->runs,
				       &comer->job);
	return NULL;
}

void comer_start(struct comer *comer)
{
	ck_assert_int_eq(
		pthread_create(&comer->thread, NULL, comer_main, comer), 0);
}

int comer_join(struct comer *comer)
{
	ck_assert_int_eq(pthread_join(comer->thread, NULL), 0);
	return comer->err;
}

int tests_run(const char *name, const TTest *const *tests, size_t n)
{
	Suite *suite = suite_create(name);
	TCase *cases = tcase_create(name);
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_set_timeout(cases, 120);
	for (size_t i = 0; i < n; i++)
		tcase_add_test(cases, tests[i]);
	suite_add_tcase(suite, cases);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
