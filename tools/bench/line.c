/* SPDX-License-Identifier: MIT */
/*
 * Nanoseconds that a cache line takes from the core that wrote it to another that
 * waits for it, and back, halved; on a line of its own.  Exits with 3 where there
 * is one CPU.
 */
#include <pthread.h>
#include <sched.h>
#include <stdalign.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define ROUNDS 2000000u
#define ONE_CPU 3

static struct {
	alignas(64) atomic_uint turn;
	alignas(64) char end;
} line;

/* The n-th CPU that this process may use. */
static size_t cpu_at(unsigned n)
{
	cpu_set_t may;
	size_t cpu = 0;

	if (sched_getaffinity(0, sizeof(may), &may) || CPU_COUNT(&may) < 2)
		exit(ONE_CPU);
	while (!CPU_ISSET(cpu, &may) || n-- > 0)
		cpu++;
	return cpu;
}

static void *play(void *arg)
{
	unsigned mine = (unsigned)(uintptr_t)arg;
	cpu_set_t own;

	CPU_ZERO(&own);
	CPU_SET(cpu_at(mine), &own);
	if (pthread_setaffinity_np(pthread_self(), sizeof(own), &own))
		abort();
	for (unsigned i = mine; i < 2 * ROUNDS; i += 2) {
		while (atomic_load(&line.turn) != i)
			;
		atomic_store(&line.turn, i + 1);
	}
	return NULL;
}

int main(void)
{
	struct timespec begun, ended;
	pthread_t other;
	double ns;

	(void)cpu_at(1);
	clock_gettime(CLOCK_MONOTONIC, &begun);
	if (pthread_create(&other, NULL, play, (void *)(uintptr_t)1))
		abort();
	play(NULL);
	pthread_join(other, NULL);
	clock_gettime(CLOCK_MONOTONIC, &ended);
	ns = 1e9 * (double)(ended.tv_sec - begun.tv_sec) +
	     (double)(ended.tv_nsec - begun.tv_nsec);
	printf("%.1f\n", ns / (2 * ROUNDS));
	return fflush(stdout) != 0;
}
