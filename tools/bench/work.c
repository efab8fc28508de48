/* SPDX-License-Identifier: MIT */
/*
 * PEER WORK [OPTION...]: one measurement of the pool that this program is linked
 * with (peer.h), in numbers on one line:
 *
 *	WALL CPU VOLUNTARY INVOLUNTARY RSS MIDDLE LAST
 *
 * nanoseconds from the first submit until all has run; nanoseconds of CPU and
 * context switches of both kinds in them; the program's most resident memory in
 * KiB; and of latencies their median and 99th percentile, in ns, or 0.
 *
 *	empty	jobs that do nothing
 *	busy	jobs that keep a CPU busy for --ns
 *	sleep	jobs that sleep for --ns
 *	idle	one job at a time, each when all workers have slept for 200 us:
 *		from before it is submitted until it runs
 *	make	no jobs: the pool is made and destroyed
 *	gather	jobs that each have a result, handed back in the order of their
 *		arguments
 *
 * --workers N, --producers N (threads that submit, each its share), --jobs N,
 * --capacity N (how much may be submitted and not have run), --terms NAME (the
 * pool's own).
 *
 * Exits with 3 where the pool cannot be had so: more producers or workers than it
 * has, or terms that it has not.
 */
#include <getopt.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "peer.h"

#define CANNOT_BE_HAD 3
#define IDLE_NS 200000
#define NUMBER_MOST 1000000000u /* fits an unsigned int, and a semaphore */
#define NS_MOST 3600000000000u
#define PRODUCERS_MOST 64u

static struct {
	unsigned workers, producers;
	size_t jobs, capacity;
	uint64_t ns;
	const char *terms; /* NULL: none */
} options = { .workers = 1, .producers = 1, .jobs = 1, .capacity = 1024 };

/* Each job has its own of these, or none. */
static struct {
	char *all;
	size_t size;
} args;

static uint64_t now_ns(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void sleep_ns(uint64_t ns)
{
	struct timespec t = { .tv_sec = (time_t)(ns / 1000000000u),
			      .tv_nsec = (long)(ns % 1000000000u) };

	while (nanosleep(&t, &t))
		;
}

/* ---- Jobs ----------------------------------------------------------------- */

static void empty(void *arg)
{
	(void)arg;
}

static void busy(void *arg)
{
	uint64_t until = now_ns(CLOCK_MONOTONIC) + options.ns;

	(void)arg;
	while (now_ns(CLOCK_MONOTONIC) < until)
		;
}

static void sleeps(void *arg)
{
	sleep_ns(options.ns);
	*(uint64_t *)arg = now_ns(CLOCK_MONOTONIC);
}

/* Of `gather`: an argument, and room for what comes of it. */
struct pair {
	uint64_t in, out;
};

static void doubles(void *arg)
{
	struct pair *pair = arg;

	pair->out = 2 * pair->in;
}

static sem_t ran;
static uint64_t ran_at;

static void tells_when(void *arg)
{
	(void)arg;
	ran_at = now_ns(CLOCK_MONOTONIC);
	sem_post(&ran);
}

/* ---- Handing them over ------------------------------------------------------ */

static void *submit_share(void *arg)
{
	size_t n = (size_t)(uintptr_t)arg, jobs = options.jobs;
	size_t first = jobs / options.producers * n;
	size_t last = n + 1 < options.producers
			      ? first + jobs / options.producers
			      : jobs;

	for (size_t i = first; i < last; i++)
		peer.submit(args.all ? args.all + i * args.size : NULL);
	return NULL;
}

static void submit_all(void)
{
	pthread_t threads[PRODUCERS_MOST];

	for (unsigned i = 1; i < options.producers; i++)
		if (pthread_create(&threads[i], NULL, submit_share,
				   (void *)(uintptr_t)i))
			abort();
	submit_share(NULL);
	for (unsigned i = 1; i < options.producers; i++)
		pthread_join(threads[i], NULL);
}

/* ---- What is measured --------------------------------------------------------- */

struct sample {
	uint64_t wall, cpu, middle, last;
	struct rusage usage;
};

static void sample_begin(struct sample *sample)
{
	*sample = (struct sample){ .wall = now_ns(CLOCK_MONOTONIC),
				   .cpu = now_ns(CLOCK_PROCESS_CPUTIME_ID) };
	getrusage(RUSAGE_SELF, &sample->usage);
}

static void sample_end(struct sample *sample)
{
	struct rusage now;

	getrusage(RUSAGE_SELF, &now);
	sample->wall = now_ns(CLOCK_MONOTONIC) - sample->wall;
	sample->cpu = now_ns(CLOCK_PROCESS_CPUTIME_ID) - sample->cpu;
	now.ru_nvcsw -= sample->usage.ru_nvcsw;
	now.ru_nivcsw -= sample->usage.ru_nivcsw;
	sample->usage = now;
}

/* Not what getrusage() has, which is also that of who this process was before it
 * was executed; 0: unknown. */
static long peak_kib(void)
{
	FILE *status = fopen("/proc/self/status", "r");
	char line[256];
	long kib = 0;

	while (status && kib == 0 && fgets(line, sizeof(line), status))
		if (sscanf(line, "VmHWM: %ld", &kib) != 1)
			kib = 0;
	if (status)
		fclose(status);
	return kib;
}

static void begin(work_fn *fn)
{
	if ((peer.one_producer && options.producers > 1) ||
	    (peer.most && options.workers > peer.most) ||
	    (options.terms &&
	     !(peer.on_terms && peer.on_terms(options.terms))) ||
	    !peer.begin(options.workers, options.capacity, fn))
		exit(CANNOT_BE_HAD);
}

static void measure_jobs(struct sample *sample, work_fn *fn)
{
	begin(fn);
	sample_begin(sample);
	submit_all();
	peer.end();
	sample_end(sample);
}

static void *args_make(size_t size)
{
	args.size = size;
	args.all = calloc(options.jobs, size);
	if (!args.all)
		abort();
	return args.all;
}

/* To the last job's end: threads that are joined are not of it. */
static void measure_sleep(struct sample *sample)
{
	uint64_t *ends = args_make(sizeof(*ends)), since, last = 0;

	begin(sleeps);
	sample_begin(sample);
	since = sample->wall;
	submit_all();
	peer.end();
	sample_end(sample);
	for (size_t i = 0; i < options.jobs; i++)
		last = ends[i] > last ? ends[i] : last;
	sample->wall = last - since;
}

static int ascending(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static void measure_idle(struct sample *sample)
{
	uint64_t *took = calloc(options.jobs, sizeof(*took));

	if (!took || sem_init(&ran, 0, 0))
		abort();
	begin(tells_when);
	sample_begin(sample);
	for (size_t i = 0; i < options.jobs; i++) {
		uint64_t since;

		sleep_ns(IDLE_NS);
		since = now_ns(CLOCK_MONOTONIC);
		peer.submit(NULL);
		while (sem_wait(&ran))
			;
		took[i] = ran_at - since;
	}
	peer.end();
	sample_end(sample);
	qsort(took, options.jobs, sizeof(*took), ascending);
	sample->middle = took[options.jobs / 2];
	sample->last = took[options.jobs * 99 / 100];
}

static void measure_make(struct sample *sample)
{
	sample_begin(sample);
	begin(empty);
	peer.end();
	sample_end(sample);
}

static void measure_gather(struct sample *sample)
{
	struct pair *pairs = args_make(sizeof(*pairs));

	for (size_t i = 0; i < options.jobs; i++)
		pairs[i].in = i + 1;
	begin(doubles);
	sample_begin(sample);
	if (peer.gather) {
		peer.gather(pairs, sizeof(*pairs), options.jobs);
		sample_end(sample);
		peer.end();
	} else {
		submit_all();
		peer.end();
		sample_end(sample);
	}
	for (size_t i = 0; i < options.jobs; i++)
		if (pairs[i].out != 2 * (i + 1))
			abort();
}

static void measure_empty(struct sample *sample)
{
	measure_jobs(sample, empty);
}

static void measure_busy(struct sample *sample)
{
	measure_jobs(sample, busy);
}

static const struct work {
	const char *name;
	void (*measure)(struct sample *sample);
} works[] = {
	{ "empty", measure_empty }, { "busy", measure_busy },
	{ "sleep", measure_sleep }, { "idle", measure_idle },
	{ "make", measure_make },   { "gather", measure_gather },
};

static _Noreturn void usage(void)
{
	fprintf(stderr, "usage: PEER empty|busy|sleep|idle|make|gather "
			"[--workers N] [--producers N]\n"
			"            [--jobs N] [--capacity N] [--ns N] "
			"[--terms NAME]\n");
	exit(2);
}

static void read_options(int argc, char **argv)
{
	static const struct option names[] = {
		{ "workers", required_argument, NULL, 'w' },
		{ "producers", required_argument, NULL, 'p' },
		{ "jobs", required_argument, NULL, 'j' },
		{ "capacity", required_argument, NULL, 'c' },
		{ "ns", required_argument, NULL, 'n' },
		{ "terms", required_argument, NULL, 't' },
		{ NULL, 0, NULL, 0 },
	};
	unsigned long long n;
	char *rest;
	int c;

	while ((c = getopt_long(argc, argv, "", names, NULL)) >= 0) {
		if (c == '?')
			usage();
		if (c == 't') {
			options.terms = optarg;
			continue;
		}
		n = strtoull(optarg, &rest, 10);
		if (*rest || n == 0 ||
		    n > (c == 'n' ? NS_MOST : (unsigned long long)NUMBER_MOST))
			usage();
		if (c == 'w')
			options.workers = (unsigned)n;
		else if (c == 'p')
			options.producers = (unsigned)n;
		else if (c == 'j')
			options.jobs = n;
		else if (c == 'c')
			options.capacity = n;
		else
			options.ns = n;
	}
	if (optind != argc || options.producers > PRODUCERS_MOST)
		usage();
}

int main(int argc, char **argv)
{
	const struct work *work = works;
	struct sample s;

	if (argc < 2)
		usage();
	while (strcmp(work->name, argv[1]) != 0)
		if (++work == works + sizeof(works) / sizeof(*works))
			usage();
	read_options(argc - 1, argv + 1);
	work->measure(&s);
	printf("%llu %llu %ld %ld %ld %llu %llu\n", (unsigned long long)s.wall,
	       (unsigned long long)s.cpu, s.usage.ru_nvcsw, s.usage.ru_nivcsw,
	       peak_kib(), (unsigned long long)s.middle,
	       (unsigned long long)s.last);
	return fflush(stdout) != 0;
}
