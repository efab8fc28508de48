/* SPDX-License-Identifier: MIT */
#include "service.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

uint64_t clock_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

void must(int err, const char *what)
{
	if (err == 0)
		return;
	fprintf(stderr, "measure: %s: %s\n", what, strerror(-err));
	exit(1);
}

void service_begin(struct service *service)
{
	must(-pthread_mutex_init(&service->lock, NULL), "a mutex");
	must(-pthread_cond_init(&service->room, NULL), "a condition");
	service->since_ns = clock_ns();
}

void service_end(struct service *service)
{
	pthread_cond_destroy(&service->room);
	pthread_mutex_destroy(&service->lock);
}

/* Of a normal distribution, by Box and Muller (1958). */
static double normal(unsigned short state[3])
{
	double u = 1 - erand48(state), v = erand48(state);

	return sqrt(-2 * log(u)) * cos(2 * 3.14159265358979 * v);
}

/* A state for each thread. */
static unsigned short *chance(void)
{
	static unsigned short seed;
	static _Thread_local unsigned short state[3];

	if (state[2] == 0) {
		state[0] = __atomic_add_fetch(&seed, 1, __ATOMIC_RELAXED);
		state[2] = 1;
	}
	return state;
}

static void sleep_ns(uint64_t ns)
{
	struct timespec t = { .tv_sec = (time_t)(ns / 1000000000u),
			      .tv_nsec = (long)(ns % 1000000000u) };

	while (clock_nanosleep(CLOCK_MONOTONIC, 0, &t, &t) == EINTR)
		;
}

static size_t slice(const struct service *s)
{
	uint64_t n = (clock_ns() - s->since_ns) / SLICE_NS;

	return n < SLICES ? (size_t)n : SLICES - 1;
}

/* Its lock is held.  False: it has no room, and does not let wait. */
static bool service_enter(struct service *s)
{
	s->waiting++;
	while (s->queues && s->running >= s->capacity)
		pthread_cond_wait(&s->room, &s->lock);
	s->waiting--;
	if (++s->running > s->peak)
		s->peak = s->running;
	if (s->running <= s->capacity)
		return true;
	s->running--;
	s->refused++;
	s->refused_after_100 += s->served >= 100;
	s->refused_in[slice(s)]++;
	return false;
}

enum answer service_ask(struct service *s)
{
	unsigned short *state = chance();
	uint64_t came = clock_ns();
	double takes;
	bool fails;

	pthread_mutex_lock(&s->lock);
	if (!service_enter(s)) {
		pthread_mutex_unlock(&s->lock);
		return REFUSED;
	}
	takes = (double)s->median_ns *
		(s->sigma > 0 ? exp(s->sigma * normal(state)) : 1);
	fails = s->fails > 0 && erand48(state) < s->fails;
	pthread_mutex_unlock(&s->lock);
	sleep_ns((uint64_t)takes);
	pthread_mutex_lock(&s->lock);
	s->running--;
	s->served++;
	s->served_in[slice(s)]++;
	s->latency_ns += clock_ns() - came;
	pthread_cond_signal(&s->room);
	pthread_mutex_unlock(&s->lock);
	return fails ? FAILED : SERVED;
}

void service_change(struct service *s, unsigned capacity, uint64_t median_ns)
{
	pthread_mutex_lock(&s->lock);
	s->capacity = capacity;
	s->median_ns = median_ns;
	pthread_cond_broadcast(&s->room);
	pthread_mutex_unlock(&s->lock);
}

static uint64_t sum(const uint32_t *slices, double from, double to)
{
	size_t end = (size_t)(to * 1e9 / (double)SLICE_NS + 0.5);
	uint64_t n = 0;

	for (size_t i = (size_t)(from * 1e9 / (double)SLICE_NS + 0.5);
	     i < end && i < SLICES; i++)
		n += slices[i];
	return n;
}

uint64_t service_served(const struct service *s, double from, double to)
{
	return sum(s->served_in, from, to);
}

uint64_t service_refused(const struct service *s, double from, double to)
{
	return sum(s->refused_in, from, to);
}

int service_job(void *arg)
{
	enum answer answer = service_ask(arg);

	if (answer == REFUSED)
		must(bpool_job_overloaded(NULL), "to say that it was refused");
	return answer == FAILED ? -EIO : 0;
}

struct bpool *pool_with(unsigned workers, size_t max_in_flight,
			const struct bpool_limit_options *limit)
{
	struct bpool_options options = { .size = sizeof(options),
					 .workers = workers,
					 .max_in_flight = max_in_flight,
					 .limit = limit };
	struct bpool *pool;

	must(bpool_create(&pool, &options), "a pool");
	return pool;
}

struct bpool_limit *limit_with(struct bpool *pool,
			       const struct bpool_limit_options *options)
{
	struct bpool_limit *limit;

	must(bpool_limit_create(&limit, pool, options), "a limit");
	return limit;
}

void row(int number, const char *what, const char *asked, const char *format,
	 ...)
{
	va_list args;

	printf("| %d | %s | %s | ", number, what, asked);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	printf(" |\n");
	fflush(stdout);
}
