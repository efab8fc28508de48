/* SPDX-License-Identifier: MIT */
/*
 * explore [OPTION...] [SCENARIO...]: run each scenario in every order of its
 * threads that takes up to so many preemptions, then in orders taken by chance.
 *
 * A preemption is that another thread goes on though this one could, or that
 * time passes though somebody could go on.  Bugs of this kind need few of them
 * (Musuvathi and Qadeer, "Iterative Context Bounding for Systematic Testing of
 * Multithreaded Programs", 2007), so that all orders with two are worth more
 * than many by chance; chance finds what needs more.
 */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "scenarios.h"
#include "world.h"

#define CHOICES 8192u

struct choice {
	unsigned char n, taken;
	bool goes_on, time;
	unsigned char spent; /* preemptions before it */
};

/* The order that is run, or was. */
static struct choice choices[CHOICES + 1];
static size_t nchoices, given; /* those that are known from the beginning */

static const struct scenario *scenario;
static unsigned long runs;

static struct {
	unsigned bound;
	unsigned long most, random;
	unsigned long long seed;
	const char *replay;
} options = { .bound = 2, .most = 200000, .random = 20000, .seed = 1 };

/* ---- What failed ---------------------------------------------------------- */

static void say_choices(void)
{
	for (size_t i = 0; i < nchoices; i++)
		fprintf(stderr, "%s%u", i ? "." : "", choices[i].taken);
}

static _Noreturn void failed(const char *why)
{
	fprintf(stderr, "explore: %s: %s (run %lu)\n", scenario->name, why,
		runs + 1);
	if (!options.replay) {
		fprintf(stderr, "explore: see it by --replay ");
		say_choices();
		fprintf(stderr, " '%s'\n", scenario->name);
	}
	_exit(1);
}

static void broken(int sig)
{
	failed(sig == SIGABRT ? "the library stopped itself" : "a bad address");
}

/* ---- Every order ---------------------------------------------------------- */

static unsigned cost(const struct choice *c, unsigned taken)
{
	if (c->time && taken == c->n - 1u)
		return c->n > 1;
	return c->goes_on && taken > 0;
}

static struct choice *choice_add(const struct world_ways *ways)
{
	struct choice *c = &choices[nchoices];

	if (nchoices == CHOICES)
		failed("more choices than there is room for");
	c->n = (unsigned char)ways->n;
	c->goes_on = ways->goes_on;
	c->time = ways->time;
	c->spent = 0;
	if (nchoices > 0)
		c->spent = (unsigned char)(c[-1].spent +
					   cost(&c[-1], c[-1].taken));
	nchoices++;
	return c;
}

/* Those that are given, then the first each time. */
static unsigned choose_given(void *user, const struct world_ways *ways)
{
	bool known = nchoices < given;
	unsigned n = choices[nchoices].n;
	struct choice *c = choice_add(ways);

	(void)user;
	if (known && !options.replay && n != c->n)
		failed("the same choices led elsewhere: something is not of "
		       "this world");
	if (!known)
		c->taken = 0;
	if (c->taken >= c->n)
		failed("no such choice");
	return c->taken;
}

/* The next order with at most so many preemptions; false: there is none. */
static bool next_order(unsigned bound)
{
	while (nchoices > 0) {
		struct choice *c = &choices[nchoices - 1];

		while (++c->taken < c->n)
			if (c->spent + cost(c, c->taken) <= bound) {
				given = nchoices;
				return true;
			}
		nchoices--;
	}
	return false;
}

static void one_run(unsigned (*choose)(void *, const struct world_ways *),
		    void *user)
{
	struct world_run how = { .choose = choose,
				 .user = user,
				 .tells = options.replay != NULL };

	nchoices = 0;
	world_run(&how, scenario->fn);
	runs++;
}

/* All with at most so many preemptions, or as many as may be: true if all. */
static bool every_order(unsigned bound)
{
	unsigned long first = runs;

	given = 0;
	do {
		if (runs - first >= options.most)
			return false;
		one_run(choose_given, NULL);
	} while (next_order(bound));
	return true;
}

/* ---- By chance ------------------------------------------------------------ */

struct chance {
	unsigned long long state;
	unsigned patience; /* of so many choices one is a preemption */
};

/* SplitMix64, by Steele, Lea and Flood (2014). */
static unsigned long long chance_next(struct chance *chance)
{
	unsigned long long z = chance->state += 0x9e3779b97f4a7c15u;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

static unsigned choose_by_chance(void *user, const struct world_ways *ways)
{
	struct chance *chance = user;
	struct choice *c = choice_add(ways);
	unsigned n = ways->n;

	c->taken = 0;
	if (!ways->goes_on) {
		/* Time passes rarely while somebody can go on. */
		if (ways->time && chance_next(chance) % chance->patience != 0)
			n--;
		c->taken = (unsigned char)(chance_next(chance) % n);
	} else if (chance_next(chance) % chance->patience == 0) {
		c->taken = (unsigned char)(1 + chance_next(chance) % (n - 1));
	}
	return c->taken;
}

static void by_chance(void)
{
	for (unsigned long i = 0; i < options.random; i++) {
		struct chance chance = { options.seed + i, 2u << i % 5 };

		given = 0;
		one_run(choose_by_chance, &chance);
	}
}

/* ---- The whole ------------------------------------------------------------ */

static double seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Fewest preemptions first: what needs few is found early, and told short. */
static void explore(void)
{
	double since = seconds();
	unsigned long systematic;
	unsigned bound = 0;
	bool all = true;

	runs = 0;
	while (all && bound <= options.bound)
		all = every_order(bound++);
	systematic = runs;
	by_chance();
	printf("%-44s %8lu, %s %u preemptions; %lu by chance; %.1f s\n",
	       scenario->name, systematic, all ? "all up to" : "not all of",
	       bound - 1, runs - systematic, seconds() - since);
	fflush(stdout);
}

static void replay(void)
{
	const char *text = options.replay;
	char *end;

	for (given = 0; *text && given < CHOICES; given++) {
		choices[given].taken = (unsigned char)strtoul(text, &end, 10);
		text = end + (*end == '.');
		if (end == options.replay)
			break;
	}
	one_run(choose_given, NULL);
	printf("%s: holds\n", scenario->name);
}

static bool wanted(const char *name, char **names)
{
	if (!*names)
		return true;
	while (*names)
		if (strstr(name, *names++))
			return true;
	return false;
}

static const struct option long_options[] = {
	{ "bound", required_argument, NULL, 'b' },
	{ "most", required_argument, NULL, 'm' },
	{ "random", required_argument, NULL, 'r' },
	{ "seed", required_argument, NULL, 's' },
	{ "replay", required_argument, NULL, 'p' },
	{ NULL, 0, NULL, 0 },
};

static bool read_options(int argc, char **argv)
{
	int c;

	while ((c = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
		if (c == 'b')
			options.bound = (unsigned)strtoul(optarg, NULL, 10);
		else if (c == 'm')
			options.most = strtoul(optarg, NULL, 10);
		else if (c == 'r')
			options.random = strtoul(optarg, NULL, 10);
		else if (c == 's')
			options.seed = strtoull(optarg, NULL, 10);
		else if (c == 'p')
			options.replay = optarg;
		else
			return false;
	}
	return true;
}

/* Those of the list that are wanted; how many they are. */
static unsigned explore_list(const struct scenario *list, char **names)
{
	unsigned n = 0;

	for (scenario = list; scenario->name; scenario++)
		if (wanted(scenario->name, names)) {
			n++;
			if (options.replay)
				replay();
			else
				explore();
		}
	return n;
}

int main(int argc, char **argv)
{
	static const struct scenario *const lists[] = {
		scenarios_of_pool,
		scenarios_of_results,
		scenarios_of_terms,
	};
	unsigned n = 0;

	if (!read_options(argc, argv)) {
		fprintf(stderr,
			"usage: explore [--bound PREEMPTIONS] [--most RUNS] "
			"[--random RUNS] [--seed N]\n"
			"               [--replay CHOICES] [SCENARIO...]\n");
		return 2;
	}
	world_failed = failed;
	signal(SIGABRT, broken);
	signal(SIGSEGV, broken);
	signal(SIGBUS, broken);
	for (size_t i = 0; i < sizeof(lists) / sizeof(*lists); i++)
		n += explore_list(lists[i], argv + optind);
	printf("explore: %u scenarios, seed %llu\n%u passed, 0 failed\n", n,
	       options.seed, n);
	return n == 0;
}
