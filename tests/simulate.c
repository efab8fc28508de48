/* SPDX-License-Identifier: MIT */
/*
 * simulate [SECONDS]: the adaptive limit of the library, and others beside it,
 * each against the same services, in simulated time: no threads, no sleeping.
 * An endless backlog of jobs; a service takes a log-normal time for each, of
 * 50 ms in the median.  Prints a table, the mean of three seeds:
 *
 *	goodput    jobs that came through, in % of what the service could do
 *	refused    share of answers that were refusals, in %
 *	latency    of the last third, over that of an idle service
 *	settled    seconds from each change of the service until two seconds
 *		   begin with 90 % of its goodput, 5 % refusals and twice its
 *		   latency at most
 */
#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "adaptive.h"
#include "backoff.h"
#include "random.h"

#define SEEDS 3
#define WORKERS 256 /* the ceiling of all that adapt */
#define MEDIAN 0.050
#define SIGMA 0.5
#define MEAN (MEDIAN * exp(SIGMA * SIGMA / 2))
#define NS 1e9
#define PHASES 3
#define COUNT(array) (sizeof(array) / sizeof(*(array)))

/* ---- Services ----------------------------------------------------------- */

enum kind {
	REFUSES,	/* beyond its capacity, at once */
	QUEUES,		/* without end */
	QUEUES_REFUSES, /* as many as its capacity */
	RATED /* so many a second, with Retry-After in whole seconds */
};

struct phase {
	double from; /* seconds */
	double capacity;
	double slower; /* times */
};

struct scenario {
	const char *name;
	enum kind kind;
	struct phase phases[PHASES];
	int nphases;
	double fails; /* share of the jobs that it took */
};

static const struct scenario scenarios[] = {
#define STEADY(what, how, c)                                                   \
	{                                                                      \
		what, how, { { 0, c, 1 } }, 1, 0                               \
	}
	STEADY("refuses, C=3", REFUSES, 3),
	STEADY("refuses, C=5", REFUSES, 5),
	STEADY("refuses, C=10", REFUSES, 10),
	STEADY("refuses, C=20", REFUSES, 20),
	STEADY("refuses, C=50", REFUSES, 50),
	STEADY("refuses, C=100", REFUSES, 100),
	STEADY("refuses, C=200", REFUSES, 200),
	STEADY("queues, C=3", QUEUES, 3),
	STEADY("queues, C=10", QUEUES, 10),
	STEADY("queues, C=50", QUEUES, 50),
	STEADY("queues, C=100", QUEUES, 100),
	STEADY("queues 20, then refuses, C=20", QUEUES_REFUSES, 20),
	{ "refuses, C=50, 10, 100",
	  REFUSES,
	  { { 0, 50, 1 }, { 20, 10, 1 }, { 40, 100, 1 } },
	  3,
	  0 },
	{ "queues, C=50, 10, 100",
	  QUEUES,
	  { { 0, 50, 1 }, { 20, 10, 1 }, { 40, 100, 1 } },
	  3,
	  0 },
	{ "refuses, C=20, 2 % fail", REFUSES, { { 0, 20, 1 } }, 1, 0.02 },
	{ "refuses, C=50, jobs 4 x longer",
	  REFUSES,
	  { { 0, 50, 1 }, { 30, 50, 4 } },
	  2,
	  0 },
	{ "queues, C=50, jobs 4 x longer",
	  QUEUES,
	  { { 0, 50, 1 }, { 30, 50, 4 } },
	  2,
	  0 },
	{ "refuses all from 20 to 30, C=20",
	  REFUSES,
	  { { 0, 20, 1 }, { 20, 0, 1 }, { 30, 20, 1 } },
	  3,
	  0 },
	STEADY("100 a second", RATED, 100),
};

/* ---- Limits ------------------------------------------------------------- */

enum outcome {
	OK,
	REFUSED,
	FAILED
};

struct answer {
	enum outcome outcome;
	double now;
	double started;
	uint32_t running_then, running; /* the job included */
	double retry_after;
	double capacity; /* for the one who knows */
};

struct limit {
	double value;
	double not_before;
	struct bp_adaptive adaptive;
};

static uint64_t ns(double seconds)
{
	return (uint64_t)(seconds * NS);
}

static void adaptive_begin(struct limit *limit, double capacity, uint64_t seed)
{
	(void)capacity;
	bp_adaptive_init(&limit->adaptive, 0, 1, WORKERS, 0.01, seed);
	limit->value = adaptive_limit(&limit->adaptive);
}

static void adaptive_hear(struct limit *limit, const struct answer *answer,
			  struct bp_random *random)
{
	struct bp_adaptive *adaptive = &limit->adaptive;
	struct bp_adaptive_start start = { ns(answer->started),
					   answer->running_then };

	if (answer->outcome == OK)
		bp_adaptive_ok(adaptive, ns(answer->now), &start,
			       answer->running);
	else if (answer->outcome == REFUSED)
		bp_adaptive_refused(
			adaptive, ns(answer->now), &start, answer->running,
			bp_backoff_asked(ns(answer->retry_after), random));
	limit->value = adaptive_limit(adaptive);
	limit->not_before = (double)adaptive->not_before / NS;
}

static void five_begin(struct limit *limit, double capacity, uint64_t seed)
{
	(void)capacity;
	(void)seed;
	limit->value = 5;
}

static void fifty_begin(struct limit *limit, double capacity, uint64_t seed)
{
	(void)capacity;
	(void)seed;
	limit->value = 50;
}

static void fixed_hear(struct limit *limit, const struct answer *answer,
		       struct bp_random *random)
{
	(void)limit;
	(void)answer;
	(void)random;
}

/* Additive increase, multiplicative decrease, as Netflix' concurrency-limits
 * has it by default: from 10, +1 for each ok, 0.9 for each refusal. */
static void aimd_begin(struct limit *limit, double capacity, uint64_t seed)
{
	(void)capacity;
	(void)seed;
	limit->value = 10;
}

static void aimd_hear(struct limit *limit, const struct answer *answer,
		      struct bp_random *random)
{
	(void)random;
	if (answer->outcome == REFUSED)
		limit->value = fmax(1, fmin(limit->value - 1,
					    floor(limit->value * 0.9)));
	else if (answer->running * 2 >= limit->value)
		limit->value = fmin(WORKERS, limit->value + 1);
}

static void oracle_begin(struct limit *limit, double capacity, uint64_t seed)
{
	(void)seed;
	limit->value = fmax(1, capacity);
}

static void oracle_hear(struct limit *limit, const struct answer *answer,
			struct bp_random *random)
{
	(void)random;
	limit->value = fmax(1, answer->capacity);
}

static const struct policy {
	const char *name;
	void (*begin)(struct limit *limit, double capacity, uint64_t seed);
	void (*hear)(struct limit *limit, const struct answer *answer,
		     struct bp_random *random);
} policies[] = {
	{ "one who knows", oracle_begin, oracle_hear },
	{ "fixed 5", five_begin, fixed_hear },
	{ "fixed 50", fifty_begin, fixed_hear },
	{ "AIMD", aimd_begin, aimd_hear },
	{ "adaptive", adaptive_begin, adaptive_hear },
};

/* ---- The run ------------------------------------------------------------ */

enum event_kind {
	WAKE,
	ARRIVES,
	ENDS,
	ANSWERS
};

struct job {
	double started;
	uint32_t running;
	enum outcome outcome;
	double retry_after;
};

struct event {
	double time;
	uint64_t seq;
	enum event_kind kind;
	struct job job;
};

struct times {
	double *at, *latency;
	size_t n, room;
};

struct run {
	const struct scenario *scenario;
	const struct policy *policy;
	struct limit limit;
	struct bp_random random;
	double end, now;
	/* A binary heap. */
	struct event *events;
	size_t nevents, events_room;
	uint64_t seq;
	uint32_t running;
	double wake; /* the next one that stands in the heap */
	/* The service. */
	double busy, tokens, filled;
	struct job *queue;
	size_t queued, queue_first, queue_room;
	/* What came of it. */
	struct times oks, refusals;
};

static void *grown(void *array, size_t n, size_t *room, size_t size)
{
	if (n < *room)
		return array;
	*room = *room ? *room * 2 : 1024;
	array = realloc(array, *room * size);
	if (!array) {
		perror("simulate");
		exit(1);
	}
	return array;
}

static void times_add(struct times *times, double at, double latency)
{
	size_t room = times->room;

	times->at = grown(times->at, times->n, &room, sizeof(double));
	times->latency =
		grown(times->latency, times->n, &times->room, sizeof(double));
	times->at[times->n] = at;
	times->latency[times->n++] = latency;
}

static bool sooner(const struct event *a, const struct event *b)
{
	return a->time < b->time || (a->time == b->time && a->seq < b->seq);
}

static void event_add(struct run *run, double time, enum event_kind kind,
		      const struct job *job)
{
	struct event event = { time, run->seq++, kind,
			       job ? *job : (struct job){ 0 } };
	size_t i = run->nevents;

	run->events = grown(run->events, run->nevents++, &run->events_room,
			    sizeof(*run->events));
	for (; i > 0 && sooner(&event, &run->events[(i - 1) / 2]);
	     i = (i - 1) / 2)
		run->events[i] = run->events[(i - 1) / 2];
	run->events[i] = event;
}

static struct event event_take(struct run *run)
{
	struct event first = run->events[0];
	struct event last = run->events[--run->nevents];
	size_t i = 0;

	for (;;) {
		size_t child = 2 * i + 1;

		if (child >= run->nevents)
			break;
		if (child + 1 < run->nevents &&
		    sooner(&run->events[child + 1], &run->events[child]))
			child++;
		if (!sooner(&run->events[child], &last))
			break;
		run->events[i] = run->events[child];
		i = child;
	}
	run->events[i] = last;
	return first;
}

static const struct phase *phase_at(const struct scenario *scenario, double t)
{
	const struct phase *phase = scenario->phases;

	for (int i = 1; i < scenario->nphases; i++)
		if (t >= scenario->phases[i].from)
			phase = &scenario->phases[i];
	return phase;
}

static double normal(struct bp_random *random)
{
	double u = 1 - random_unit(random), v = random_unit(random);

	return sqrt(-2 * log(u)) * cos(2 * acos(-1) * v);
}

static double service_time(struct run *run)
{
	return phase_at(run->scenario, run->now)->slower * MEDIAN *
	       exp(SIGMA * normal(&run->random));
}

static void job_serve(struct run *run, const struct job *job)
{
	run->busy++;
	event_add(run, run->now + service_time(run), ENDS, job);
}

static void job_refuse(struct run *run, struct job *job, double retry_after)
{
	job->outcome = REFUSED;
	job->retry_after = retry_after;
	event_add(run, run->now + random_between(&run->random, 0.002, 0.006),
		  ANSWERS, job);
}

static void job_queue(struct run *run, const struct job *job)
{
	run->queue = grown(run->queue, run->queue_first + run->queued,
			   &run->queue_room, sizeof(*run->queue));
	run->queue[run->queue_first + run->queued++] = *job;
}

static void job_arrives(struct run *run, struct job *job)
{
	double capacity = phase_at(run->scenario, run->now)->capacity;
	enum kind kind = run->scenario->kind;

	if (kind == RATED) {
		run->tokens = fmin(20, run->tokens + (run->now - run->filled) *
							     capacity);
		run->filled = run->now;
		if (run->tokens < 1) {
			job_refuse(run, job,
				   ceil((1 - run->tokens) / capacity));
		} else {
			run->tokens--;
			job_serve(run, job);
		}
	} else if (run->busy < capacity) {
		job_serve(run, job);
	} else if (kind == REFUSES || (kind == QUEUES_REFUSES &&
				       (double)run->queued >= capacity)) {
		job_refuse(run, job, 0);
	} else {
		job_queue(run, job);
	}
}

static void job_ends(struct run *run, struct job *job)
{
	const struct scenario *scenario = run->scenario;

	run->busy--;
	while (run->queued > 0 &&
	       run->busy < phase_at(scenario, run->now)->capacity) {
		run->queued--;
		job_serve(run, &run->queue[run->queue_first++]);
	}
	job->outcome = random_unit(&run->random) < scenario->fails ? FAILED
								   : OK;
	event_add(run, run->now + random_between(&run->random, 0.0005, 0.002),
		  ANSWERS, job);
}

static void job_answers(struct run *run, const struct job *job)
{
	struct answer answer = {
		.outcome = job->outcome,
		.now = run->now,
		.started = job->started,
		.running_then = job->running,
		.running = run->running,
		.retry_after = job->retry_after,
		.capacity = phase_at(run->scenario, run->now)->capacity,
	};

	run->policy->hear(&run->limit, &answer, &run->random);
	run->running--;
	if (job->outcome == OK)
		times_add(&run->oks, run->now, run->now - job->started);
	else if (job->outcome == REFUSED)
		times_add(&run->refusals, run->now, 0);
}

/* Start what may start. */
static void pump(struct run *run)
{
	while (run->running < run->limit.value) {
		double due = run->limit.not_before;
		struct job job = { .started = run->now };

		if (due > run->now) {
			if (run->wake <= run->now || run->wake > due) {
				run->wake = due;
				event_add(run, due, WAKE, NULL);
			}
			return;
		}
		job.running = ++run->running;
		event_add(run,
			  run->now +
				  random_between(&run->random, 0.0005, 0.002),
			  ARRIVES, &job);
	}
}

static void run_through(struct run *run)
{
	pump(run);
	while (run->nevents > 0) {
		struct event event = event_take(run);

		if (event.time > run->end)
			return;
		run->now = event.time;
		if (event.kind == ARRIVES)
			job_arrives(run, &event.job);
		else if (event.kind == ENDS)
			job_ends(run, &event.job);
		else if (event.kind == ANSWERS)
			job_answers(run, &event.job);
		pump(run);
	}
}

static void run_free(struct run *run)
{
	free(run->events);
	free(run->queue);
	free(run->oks.at);
	free(run->oks.latency);
	free(run->refusals.at);
	free(run->refusals.latency);
}

/* ---- What came of it ---------------------------------------------------- */

/* Jobs that the service could have done from `from` to `to`. */
static double could(const struct scenario *scenario, double from, double to)
{
	double sum = 0;
	int steps = 200;

	for (int i = 0; i < steps; i++) {
		double t = from + (to - from) * (i + 0.5) / steps;
		const struct phase *phase = phase_at(scenario, t);
		double each =
			scenario->kind == RATED
				? phase->capacity
				: phase->capacity / (MEAN * phase->slower);

		sum += each * (to - from) / steps;
	}
	return sum * (1 - scenario->fails);
}

static size_t before(const struct times *times, double t)
{
	size_t low = 0, high = times->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (times->at[middle] < t)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The mean latency from `from` to `to` over that of an idle service. */
static double slowness(const struct run *run, double from, double to)
{
	size_t first = before(&run->oks, from), last = before(&run->oks, to);
	double sum = 0;

	for (size_t i = first; i < last; i++)
		sum += run->oks.latency[i];
	return last > first ? sum / (double)(last - first) / MEAN /
				      phase_at(run->scenario, from)->slower
			    : 0;
}

/* Seconds until the run is as it should be, or -1. */
static double settled(const struct run *run, double from, double to)
{
	for (double t = from; t + 2 <= to; t += 0.1) {
		double ok = (double)(before(&run->oks, t + 2) -
				     before(&run->oks, t));
		double no = (double)(before(&run->refusals, t + 2) -
				     before(&run->refusals, t));

		if (ok >= 0.9 * could(run->scenario, t, t + 2) - 2 &&
		    no <= 0.05 * (ok + no) && slowness(run, t, t + 2) <= 2)
			return t - from;
	}
	return -1;
}

struct figures {
	double goodput, refused, latency, settled[PHASES], during;
};

static void run_once(const struct scenario *scenario,
		     const struct policy *policy, uint64_t seed, double end,
		     struct figures *sum)
{
	struct run run = { .scenario = scenario,
			   .policy = policy,
			   .random = { seed },
			   .end = end,
			   .wake = -1,
			   .tokens = 20 };
	double all;

	policy->begin(&run.limit, scenario->phases[0].capacity, seed);
	run_through(&run);
	all = (double)(run.oks.n + run.refusals.n);
	sum->goodput += (double)run.oks.n / could(scenario, 0, end);
	sum->refused += all > 0 ? (double)run.refusals.n / all : 0;
	sum->latency += slowness(&run, end * 2 / 3, end);
	for (int i = 0; i < scenario->nphases; i++) {
		double to = i + 1 < scenario->nphases
				    ? scenario->phases[i + 1].from
				    : end;
		double took = settled(&run, scenario->phases[i].from, to);

		if (took < 0 || sum->settled[i] < 0)
			sum->settled[i] = -1;
		else
			sum->settled[i] += took;
		if (scenario->phases[i].capacity == 0)
			sum->during +=
				(double)(before(&run.refusals, to) -
					 before(&run.refusals,
						scenario->phases[i].from));
	}
	run_free(&run);
}

static void show(const struct scenario *scenario, const struct policy *policy,
		 double end)
{
	struct figures sum = { 0 };

	for (uint64_t seed = 1; seed <= SEEDS; seed++)
		run_once(scenario, policy, seed, end, &sum);
	printf("| %s | %s | %.1f | %.2f | %.2f | ", scenario->name,
	       policy->name, 100 * sum.goodput / SEEDS,
	       100 * sum.refused / SEEDS, sum.latency / SEEDS);
	for (int i = 0; i < scenario->nphases; i++) {
		printf("%s", i ? ", " : "");
		if (scenario->phases[i].capacity == 0)
			printf("(%.0f refused)", sum.during / SEEDS);
		else if (sum.settled[i] < 0)
			printf("never");
		else
			printf("%.1f", sum.settled[i] / SEEDS);
	}
	printf(" |\n");
}

int main(int argc, char **argv)
{
	double end = argc > 1 ? atof(argv[1]) : 60;
	const char *only = argc > 2 ? argv[2] : NULL;

	if (end < 10) {
		fprintf(stderr,
			"usage: simulate [SECONDS [LIMIT]], 10 or more\n");
		return 2;
	}
	printf("| service | limit | goodput %% | refused %% | latency | settled "
	       "s |\n| --- | --- | --- | --- | --- | --- |\n");
	for (size_t s = 0; s < COUNT(scenarios); s++)
		for (size_t p = 0; p < COUNT(policies); p++)
			if (!only || !strcmp(only, policies[p].name))
				show(&scenarios[s], &policies[p], end);
	return fflush(stdout) || ferror(stdout);
}
