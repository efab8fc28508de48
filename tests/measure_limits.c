/* SPDX-License-Identifier: MIT */
/*
 * measure_limits: what limits, rates, pauses and retries of the library hold,
 * as the jobs themselves saw it.  Lines of docs/limits.md.
 */
#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "service.h"

/* ---- Jobs that note when they ran --------------------------------------- */

struct visit {
	uint64_t begun, ended; /* 0: never */
	uint64_t takes;
	uint32_t key;
};

static int visit_job(void *arg)
{
	struct visit *visit = arg;
	struct timespec t = { .tv_nsec = (long)visit->takes };

	visit->begun = clock_ns();
	if (visit->takes)
		clock_nanosleep(CLOCK_MONOTONIC, 0, &t, NULL);
	visit->ended = clock_ns();
	return 0;
}

static struct visit *visits_new(size_t n, uint64_t takes)
{
	struct visit *visits = calloc(n, sizeof(*visits));

	must(visits ? 0 : -ENOMEM, "visits");
	for (size_t i = 0; i < n; i++)
		visits[i].takes = takes;
	return visits;
}

static int by_beginning(const void *a, const void *b)
{
	const struct visit *x = a, *y = b;

	return (x->begun > y->begun) - (x->begun < y->begun);
}

static int by_time(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/* The most that ran at the same time. */
static unsigned most_at_once(const struct visit *visits, size_t n)
{
	uint64_t *begun = calloc(2 * n, sizeof(*begun)), *ended = begun + n;
	unsigned now = 0, most = 0;

	must(begun ? 0 : -ENOMEM, "times");
	for (size_t i = 0; i < n; i++) {
		begun[i] = visits[i].begun;
		ended[i] = visits[i].ended;
	}
	qsort(begun, n, sizeof(*begun), by_time);
	qsort(ended, n, sizeof(*ended), by_time);
	for (size_t b = 0, e = 0; b < n;)
		if (begun[b] < ended[e]) {
			b++;
			most = ++now > most ? now : most;
		} else {
			e++;
			now--;
		}
	free(begun);
	return most;
}

/* The most beginnings in any half-open window; visits are in that order. */
static size_t most_in_window(const struct visit *visits, size_t n,
			     uint64_t window)
{
	size_t most = 0;

	for (size_t i = 0, j = 0; j < n; j++) {
		while (visits[j].begun - visits[i].begun >= window)
			i++;
		if (j - i + 1 > most)
			most = j - i + 1;
	}
	return most;
}

static void percent(char to[32], double part, double of)
{
	snprintf(to, 32, "%.2f %%", 100 * part / of);
}

/* ---- 1: how many at once ------------------------------------------------ */

#define RUNS 20

static void peaks(unsigned most, bool by_key)
{
	unsigned low = UINT32_MAX, high = 0;
	uint64_t refused = 0;
	char what[60];

	for (int run = 0; run < RUNS; run++) {
		struct bpool *pool =
			pool_with(by_key ? most + 16 : most, 0, NULL);
		struct bpool_limit *limit =
			limit_with(pool, LIMIT(.max_running = most));
		struct service service = { .capacity = most,
					   .median_ns = 5 * MS };

		service_begin(&service);
		for (unsigned i = 0; i < 10 * most; i++)
			must(bpool_submit_with(pool, service_job, &service,
					       TERMS(.limit = by_key ? limit
								     : NULL)),
			     "a job");
		must(bpool_destroy(pool), "to end");
		service_end(&service);
		low = service.peak < low ? service.peak : low;
		high = service.peak > high ? service.peak : high;
		refused += service.refused;
	}
	snprintf(what, sizeof(what), "%s %u, %d runs: most at once, refused",
		 by_key ? "max_running" : "workers", most, RUNS);
	if (low == high)
		row(1, what, "exactly that, 0", "%u, %llu", low,
		    (unsigned long long)refused);
	else
		row(1, what, "exactly that, 0", "%u to %u, %llu", low, high,
		    (unsigned long long)refused);
}

/* ---- 2: slots in use while there is a backlog --------------------------- */

static void slots_in_use(unsigned most, bool by_key)
{
	struct bpool *pool = pool_with(by_key ? most + 16 : most, 0, NULL);
	struct bpool_limit *limit =
		limit_with(pool, LIMIT(.max_running = most));
	size_t n = 40 * (size_t)most;
	struct visit *visits = visits_new(n, 50 * MS);
	uint64_t last = 0, busy = 0, from;
	char what[60], share[32];

	for (size_t i = 0; i < n; i++)
		must(bpool_submit_with(pool, visit_job, &visits[i],
				       TERMS(.limit = by_key ? limit : NULL)),
		     "a job");
	must(bpool_destroy(pool), "to end");
	qsort(visits, n, sizeof(*visits), by_beginning);
	from = visits[most - 1].begun; /* all are in use */
	last = visits[n - 1].begun;
	for (size_t i = 0; i < n; i++) {
		uint64_t begun = visits[i].begun > from ? visits[i].begun
							: from;
		uint64_t ended = visits[i].ended < last ? visits[i].ended
							: last;

		busy += ended > begun ? ended - begun : 0;
	}
	free(visits);
	snprintf(what, sizeof(what), "%s %u, jobs of 50 ms: slots in use",
		 by_key ? "max_running" : "workers", most);
	percent(share, (double)busy, (double)most * (double)(last - from));
	row(2, what, ">= 98 %", "%s", share);
}

/* ---- 3: rates ----------------------------------------------------------- */

static void rate_row(uint64_t starts, uint64_t period, uint64_t burst,
		     double seconds)
{
	struct bpool *pool = pool_with(8, 0, NULL);
	struct bpool_limit *limit =
		limit_with(pool, LIMIT(.rate = { starts, period, burst }));
	double should = (double)(starts - burst + 1) / (double)period * 1e9;
	size_t n = (size_t)(should * seconds) + burst;
	struct visit *visits = visits_new(n, 0);
	char what[90], reached[32];

	for (size_t i = 0; i < n; i++)
		must(bpool_submit_with(pool, visit_job, &visits[i],
				       TERMS(.limit = limit)),
		     "a job");
	must(bpool_destroy(pool), "to end");
	qsort(visits, n, sizeof(*visits), by_beginning);
	percent(reached, (double)(n - burst) * 1e9,
		should * (double)(visits[n - 1].begun - visits[0].begun));
	snprintf(what, sizeof(what),
		 "%llu in %llu ms, burst %llu: most in a window (less 20 ms), "
		 "reached",
		 (unsigned long long)starts, (unsigned long long)(period / MS),
		 (unsigned long long)burst);
	row(3, what, "no more in a window less 20 ms, >= 98 %", "%zu (%zu), %s",
	    most_in_window(visits, n, period),
	    most_in_window(visits, n, period - 20 * MS), reached);
	free(visits);
}

static void burst_row(void)
{
	struct bpool *pool = pool_with(16, 0, NULL);
	struct bpool_limit *limit =
		limit_with(pool, LIMIT(.rate = { 100, 1000 * MS, 20 }));
	struct visit *visits = visits_new(50, 0);
	size_t at_once = 0;
	uint64_t since;

	/* Some, a rest, and a backlog. */
	for (size_t i = 0; i < 10; i++)
		must(bpool_submit_with(pool, visit_job, &visits[i],
				       TERMS(.limit = limit)),
		     "a job");
	must(bpool_wait(pool, NULL), "to wait");
	nanosleep(&(struct timespec){ .tv_sec = 1 }, NULL);
	since = clock_ns();
	for (size_t i = 0; i < 50; i++)
		must(bpool_submit_with(pool, visit_job, &visits[i],
				       TERMS(.limit = limit)),
		     "a job");
	must(bpool_destroy(pool), "to end");
	for (size_t i = 0; i < 50; i++)
		at_once += visits[i].begun < since + 6 * MS;
	row(3, "100 in 1000 ms, burst 20, after a rest: starts in 6 ms", "20",
	    "%zu", at_once);
	free(visits);
}

static void rate_and_number_row(void)
{
	struct bpool *pool = pool_with(16, 0, NULL);
	struct bpool_limit *limit = limit_with(
		pool, LIMIT(.rate = { 100, 1000 * MS, 1 }, .max_running = 3));
	size_t n = 180;
	struct visit *visits = visits_new(n, 50 * MS);
	char reached[32];

	for (size_t i = 0; i < n; i++)
		must(bpool_submit_with(pool, visit_job, &visits[i],
				       TERMS(.limit = limit)),
		     "a job");
	must(bpool_destroy(pool), "to end");
	qsort(visits, n, sizeof(*visits), by_beginning);
	percent(reached, (double)(n - 3) / 60 * 1e9,
		(double)(visits[n - 1].begun - visits[0].begun));
	row(3,
	    "100 a second and 3 at once, 50 ms each: most at once, share of "
	    "60 a second",
	    "3, >= 98 %", "%u, %s", most_at_once(visits, n), reached);
	free(visits);
}

/* ---- 4: Retry-After ----------------------------------------------------- */

#define ASKED_NS (2000 * MS)

/* A key's jobs, one of which is told to come back later. */
struct told {
	uint64_t at; /* be told from then on, once */
	_Atomic uint64_t told_ns, first_after, early;
	atomic_uint runs;
};

static int told_job(void *arg)
{
	struct told *told = arg;
	uint64_t now = clock_ns(), none = 0, when;

	atomic_fetch_add(&told->runs, 1);
	when = atomic_load(&told->told_ns);
	if (when && now >= when) {
		if (now < when + ASKED_NS)
			atomic_fetch_add(&told->early, 1);
		else
			atomic_compare_exchange_strong(&told->first_after,
						       &none, now);
	}
	nanosleep(&(struct timespec){ .tv_nsec = 20 * (long)MS }, NULL);
	if (told->at && !when && clock_ns() >= told->at) {
		uint64_t unset = 0;

		/* Those that started meanwhile are in time. */
		must(bpool_job_retry_after(ASKED_NS), "to say so");
		now = clock_ns();
		if (atomic_compare_exchange_strong(&told->told_ns, &unset, now))
			return -EAGAIN;
	}
	return 0;
}

/* Who comes to the service while one key waits. */
static void told_row(void)
{
	struct bpool *pool = pool_with(8, 400, NULL);
	struct bpool_limit *limit =
		limit_with(pool, LIMIT(.max_running = 4, .max_queued = 100));
	struct told a = { .at = clock_ns() + 1000 * MS }, b = { .at = 0 };
	struct bpool_retry retry = { .attempts = 1 };
	unsigned before = 0, during = 0;
	uint64_t since = clock_ns(), now;

	while ((now = clock_ns()) < since + 3500 * MS) {
		struct timespec soon = bpool_after(2 * MS);
		struct bpool_job job = { .limit = limit,
					 .retry = &retry,
					 .until = &soon };
		int err;

		job.key = "a";
		err = bpool_submit_with(pool, told_job, &a, &job);
		must(err == -ETIMEDOUT ? 0 : err, "a job");
		soon = bpool_after(2 * MS);
		job.key = "b";
		err = bpool_submit_with(pool, told_job, &b, &job);
		must(err == -ETIMEDOUT ? 0 : err, "a job");
		if (!before && now >= since + 1000 * MS)
			before = atomic_load(&b.runs);
		if (before && !during && now >= since + 2900 * MS)
			during = atomic_load(&b.runs) - before;
	}
	must(bpool_close(pool, BPOOL_CANCEL), "to close");
	must(bpool_destroy(pool), "to end");
	row(4, "told to come back in 2 s: early, first after it, other key",
	    "0, <= 200 ms, as before", "%u, %.0f ms, %.0f a second (%u before)",
	    (unsigned)a.early,
	    ((double)a.first_after - (double)a.told_ns - (double)ASKED_NS) /
		    (double)MS,
	    during / 1.9, before);
}

/* ---- 5: an outage ------------------------------------------------------- */

static void outage_row(const struct bpool_limit_options *limit,
		       const char *what)
{
	struct service service = { .capacity = 20, .median_ns = 50 * MS };
	struct bpool *pool = pool_with(64, 0, limit);
	struct bpool_retry retry = { .attempts = 1 };
	unsigned in_flight = 0;
	uint64_t before;
	double at = 0, back = -1;
	int phase = 0;

	service_begin(&service);
	while (at < 21) {
		struct timespec soon = bpool_after(10 * MS);
		int err = bpool_submit_with(pool, service_job, &service,
					    TERMS(.retry = &retry,
						  .until = &soon));

		must(err == -ETIMEDOUT ? 0 : err, "a job");
		at = (double)(clock_ns() - service.since_ns) / 1e9;
		if (phase == 0 && at >= 3) {
			pthread_mutex_lock(&service.lock);
			in_flight = service.running;
			pthread_mutex_unlock(&service.lock);
			service_change(&service, 0, 50 * MS);
			phase = 1;
		}
		if (phase == 1 && at >= 13) {
			service_change(&service, 20, 50 * MS);
			phase = 2;
		}
	}
	must(bpool_close(pool, BPOOL_CANCEL), "to close");
	must(bpool_destroy(pool), "to end");
	before = service_served(&service, 2, 3);
	for (double t = 13; t + 1 <= 21 && back < 0; t += 0.05)
		if ((double)service_served(&service, t, t + 1) >=
		    0.9 * (double)before)
			back = t - 13;
	row(5, what, "<= 60, within 5 s", "%llu (%u were in flight), %.1f s",
	    (unsigned long long)service_refused(&service, 3, 13), in_flight,
	    back);
	service_end(&service);
}

/* ---- 7: one key does not hold up another -------------------------------- */

/* Jobs of one key, from a producer of their own, until the pool is closed. */
struct backlog {
	struct bpool *pool;
	struct bpool_limit *limit;
	struct visit *visits;
	size_t n;
};

static void *backlog_thread(void *arg)
{
	struct backlog *backlog = arg;
	int err = 0;

	for (size_t i = 0; i < backlog->n && !err; i++)
		err = bpool_submit_with(
			backlog->pool, visit_job, &backlog->visits[i],
			TERMS(.limit = backlog->limit, .key = "slow"));
	must(err == -EPIPE ? 0 : err, "a job");
	return NULL;
}

static bool is_idle(struct bpool_limit *limit, const char *key)
{
	struct bpool_limit_stats stats = { .size = sizeof(stats) };

	must(bpool_limit_stats(limit, key, &stats), "to look");
	return stats.running + stats.waiting == 0;
}

static void nap(void)
{
	nanosleep(&(struct timespec){ .tv_nsec = 200000 }, NULL);
}

/* Seconds until the free key's 30 jobs are through, from the first submit. */
static double free_key(size_t slow, size_t max_queued)
{
	struct bpool *pool = pool_with(8, 1024, NULL);
	struct bpool_limit *limit = limit_with(
		pool, LIMIT(.max_running = 2, .max_queued = max_queued));
	struct visit *visits = visits_new(slow + 30, 20 * MS);
	struct backlog backlog = { pool, limit, visits + 30, slow };
	pthread_t thread;
	uint64_t since;

	must(-pthread_create(&thread, NULL, backlog_thread, &backlog),
	     "a thread");
	while (slow > 0 && is_idle(limit, "slow"))
		nap();
	since = clock_ns();
	for (size_t i = 0; i < 30; i++)
		must(bpool_submit_with(pool, visit_job, &visits[i],
				       TERMS(.limit = limit, .key = "free")),
		     "a job");
	while (!is_idle(limit, "free"))
		nap();
	since = clock_ns() - since;
	must(bpool_close(pool, BPOOL_CANCEL), "to close");
	pthread_join(thread, NULL);
	must(bpool_destroy(pool), "to end");
	free(visits);
	return (double)since / 1e9;
}

static void free_key_rows(void)
{
	double alone[5], beside[5], bounded[5];

	for (int i = 0; i < 5; i++) {
		alone[i] = free_key(0, 0);
		beside[i] = free_key(970, 0);
		bounded[i] = free_key(20000, 64);
	}
	for (int i = 0; i < 5; i++)
		row(7,
		    "a key of 30 jobs: alone, beside 970 of another, beside "
		    "20,000 (max_queued 64)",
		    "<= 1.1 times", "%.3f s, %.3f s (%.2f), %.3f s (%.2f)",
		    alone[i], beside[i], beside[i] / alone[i], bounded[i],
		    bounded[i] / alone[i]);
}

/* ---- 8: many keys ------------------------------------------------------- */

static void many_keys_row(void)
{
	enum {
		KEYS = 1000,
		EACH = 20,
		ALL = KEYS * EACH
	};
	struct bpool *pool = pool_with(64, ALL, NULL);
	struct bpool_limit *limit = limit_with(
		pool, LIMIT(.max_running = 1, .rate = { 20, 1000 * MS, 1 }));
	struct visit *visits = visits_new(ALL, 1 * MS);
	unsigned at_once = 0;
	size_t in_window = 0;
	uint64_t since = clock_ns();
	double seconds;
	char key[16];

	for (size_t i = 0; i < ALL; i++) {
		snprintf(key, sizeof(key), "%zu", i % KEYS);
		must(bpool_submit_with(pool, visit_job, &visits[i],
				       TERMS(.limit = limit, .key = key)),
		     "a job");
	}
	must(bpool_destroy(pool), "to end");
	seconds = (double)(clock_ns() - since) / 1e9;
	for (size_t k = 0; k < KEYS; k++) {
		struct visit own[EACH];
		unsigned most;
		size_t n;

		for (size_t i = 0; i < EACH; i++)
			own[i] = visits[k + i * KEYS];
		qsort(own, EACH, sizeof(*own), by_beginning);
		most = most_at_once(own, EACH);
		at_once = most > at_once ? most : at_once;
		n = most_in_window(own, EACH, 980 * MS);
		in_window = n > in_window ? n : in_window;
	}
	free(visits);
	row(8,
	    "1,000 keys of 20 jobs, one at a time and 20 a second: most of a "
	    "key at once, in a second (less 20 ms), all",
	    "1, 20, 0.95 s at least", "%u, %zu, %.2f s", at_once, in_window,
	    seconds);
}

static long resident_kib(void)
{
	FILE *file = fopen("/proc/self/statm", "r");
	long pages = -1;

	if (!file || fscanf(file, "%*d %ld", &pages) != 1)
		pages = -1;
	if (file)
		fclose(file);
	return pages < 0 ? -1 : pages * 4;
}

static void passing_keys_row(void)
{
	struct bpool *pool = pool_with(4, 0, NULL);
	struct bpool_limit *limit =
		limit_with(pool, LIMIT(.max_running = 1, .max_keys = 1024));
	struct bpool_limit_stats stats = { .size = sizeof(stats) };
	struct visit visit = { 0 };
	long first = 0;
	char key[32];

	for (int i = 0; i < 100000; i++) {
		snprintf(key, sizeof(key), "host-%d.example", i);
		must(bpool_submit_with(pool, visit_job, &visit,
				       TERMS(.limit = limit, .key = key,
					     .copy = sizeof(visit))),
		     "a job");
		if (i == 10000)
			first = resident_kib();
	}
	must(bpool_wait(pool, NULL), "to wait");
	must(bpool_limit_stats(limit, NULL, &stats), "to look");
	row(8,
	    "100,000 keys through a table of 1,024: KiB resident after "
	    "10,000 and all, keys in it",
	    "the same, <= 1,024", "%ld, %ld, %llu", first, resident_kib(),
	    (unsigned long long)stats.keys);
	must(bpool_destroy(pool), "to end");
}

/* ---- 10: changed while it is in use ------------------------------------- */

static void changed_row(void)
{
	static const unsigned sizes[] = { 5, 50, 2 };
	unsigned peaks_seen[COUNT(sizes)] = { 0 };
	struct bpool *pool = pool_with(64, 0, LIMIT(.max_running = 5));
	struct service service = { .capacity = 1000, .median_ns = 10 * MS };
	uint64_t since = clock_ns();
	size_t phase = 0;

	service_begin(&service);
	while (clock_ns() < since + 1500 * MS) {
		struct timespec soon = bpool_after(5 * MS);
		int err = bpool_submit_with(pool, service_job, &service,
					    TERMS(.until = &soon));
		size_t now = (clock_ns() - since) / (500 * MS);

		must(err == -ETIMEDOUT ? 0 : err, "a job");
		if (now == phase || now >= COUNT(sizes))
			continue;
		pthread_mutex_lock(&service.lock);
		peaks_seen[phase] = service.peak;
		pthread_mutex_unlock(&service.lock);
		phase = now;
		must(bpool_limit_set(bpool_limit_of(pool),
				     LIMIT(.max_running = sizes[phase])),
		     "to change");
		/* Those above it end first. */
		nanosleep(&(struct timespec){ .tv_nsec = 50 * (long)MS }, NULL);
		pthread_mutex_lock(&service.lock);
		service.peak = 0;
		pthread_mutex_unlock(&service.lock);
	}
	peaks_seen[phase] = service.peak;
	must(bpool_close(pool, BPOOL_CANCEL), "to close");
	must(bpool_destroy(pool), "to end");
	service_end(&service);
	row(10,
	    "max_running 5, then 50, then 2, while it is in use: most at "
	    "once",
	    "5, 50, 2", "%u, %u, %u", peaks_seen[0], peaks_seen[1],
	    peaks_seen[2]);
}

/* ---- 11: refused twice each --------------------------------------------- */

static int refused_twice(void *arg)
{
	atomic_uint *starts = arg;

	atomic_fetch_add(starts, 1);
	if (bpool_job_attempt() <= 2)
		must(bpool_job_overloaded(NULL), "to say so");
	return 0;
}

static void refused_row(void)
{
	struct bpool *pool = pool_with(
		8, 8, LIMIT(.pause_ns = 10000, .pause_most_ns = 10000));
	struct bpool_stats stats = { .size = sizeof(stats) };
	struct bpool_retry retry = { .attempts = 1 };
	atomic_uint starts = 0;

	for (int i = 0; i < 10000; i++)
		must(bpool_submit_with(pool, refused_twice, &starts,
				       TERMS(.retry = &retry)),
		     "a job");
	must(bpool_wait(pool, NULL), "to wait");
	must(bpool_stats(pool, &stats), "to look");
	must(bpool_destroy(pool), "to end");
	row(11,
	    "10,000 jobs, each refused twice, max_in_flight 8: starts, most "
	    "in flight",
	    "30000, 8", "%u, %llu", (unsigned)starts,
	    (unsigned long long)stats.in_flight_peak);
}

int main(void)
{
	static const unsigned most[] = { 1, 2, 5, 16, 64 };

	for (size_t i = 0; i < COUNT(most); i++) {
		peaks(most[i], false);
		peaks(most[i], true);
	}
	for (size_t i = 2; i < COUNT(most); i++) {
		slots_in_use(most[i], false);
		slots_in_use(most[i], true);
	}
	rate_row(10, 1000 * MS, 1, 4);
	rate_row(100, 1000 * MS, 20, 4);
	rate_row(1000, 1000 * MS, 100, 3);
	rate_row(50, 200 * MS, 10, 3);
	burst_row();
	rate_and_number_row();
	for (int i = 0; i < 3; i++)
		told_row();
	outage_row(LIMIT(.max_running = 20, .pause_most_ns = 5000 * MS),
		   "all refused for 10 s, max_running 20: refused, back after");
	outage_row(LIMIT(.adaptive = { .ceiling = 64 }),
		   "all refused for 10 s, adaptive: refused, back after");
	free_key_rows();
	many_keys_row();
	passing_keys_row();
	changed_row();
	refused_row();
	return 0;
}
