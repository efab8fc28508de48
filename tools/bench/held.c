/* SPDX-License-Identifier: MIT */
/*
 * What work.c is linked with to see the library's lock: at the end a line to
 * stderr, of how often it was taken, how many looks found it taken (some before
 * one taking), and for how many nanoseconds it was held in all, less what reading
 * the clock takes.
 */
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>

int held_trylock(pthread_mutex_t *lock);
int held_lock(pthread_mutex_t *lock);
int held_unlock(pthread_mutex_t *lock);

/* Guarded by the one lock that there is. */
static uint64_t since, taken, held;
static _Atomic uint64_t met;

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

int held_trylock(pthread_mutex_t *lock)
{
	int err = pthread_mutex_trylock(lock);

	if (err)
		met++;
	else
		since = now_ns();
	return err;
}

int held_lock(pthread_mutex_t *lock)
{
	int err = pthread_mutex_lock(lock);

	since = now_ns();
	return err;
}

int held_unlock(pthread_mutex_t *lock)
{
	held += now_ns() - since;
	taken++;
	return pthread_mutex_unlock(lock);
}

/* Of two readings one behind the other, the time between. */
static double clock_takes(void)
{
	enum {
		READINGS = 1000000
	};
	uint64_t begun = now_ns();

	for (int i = 1; i < READINGS; i++)
		(void)now_ns();
	return (double)(now_ns() - begun) / READINGS;
}

__attribute__((destructor)) static void tell(void)
{
	double clock = clock_takes() * (double)taken;

	fprintf(stderr, "%llu %llu %.0f\n", (unsigned long long)taken,
		(unsigned long long)met,
		(double)held > clock ? (double)held - clock : 0);
}
