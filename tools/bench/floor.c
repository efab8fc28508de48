/* SPDX-License-Identifier: MIT */
/*
 * floor N JOBS COMMAND [WORD...]: run the command so many times, N at once, and
 * do nothing else: what starting processes costs, beside which `make measure` and
 * `make bench-cli` show what bpool costs.
 */
#include <limits.h>
#include <pthread.h>
#include <spawn.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>

#define MOST 1024

static atomic_long left;
static atomic_bool bad;
static char **command;

static void *take_turns(void *arg)
{
	int status;
	pid_t pid;

	(void)arg;
	while (atomic_fetch_sub(&left, 1) > 0)
		if (posix_spawnp(&pid, command[0], NULL, NULL, command,
				 environ) ||
		    waitpid(pid, &status, 0) != pid || status != 0)
			atomic_store(&bad, true);
	return NULL;
}

/* From 1 to `most`, or 0. */
static long number(const char *text, long most)
{
	char *rest;
	long n = strtol(text, &rest, 10);

	return *rest || n < 1 || n > most ? 0 : n;
}

int main(int argc, char **argv)
{
	pthread_t threads[MOST];
	long n = argc > 3 ? number(argv[1], MOST) : 0;
	long jobs = argc > 3 ? number(argv[2], LONG_MAX - 1) : 0;

	if (n == 0 || jobs == 0) {
		fprintf(stderr,
			"usage: floor N JOBS COMMAND [WORD...], N up to %d\n",
			MOST);
		return 2;
	}
	atomic_store(&left, jobs);
	command = argv + 3;
	for (long i = 0; i < n; i++)
		if (pthread_create(&threads[i], NULL, take_turns, NULL)) {
			fprintf(stderr, "floor: no thread\n");
			exit(1);
		}
	for (long i = 0; i < n; i++)
		pthread_join(threads[i], NULL);
	return atomic_load(&bad);
}
