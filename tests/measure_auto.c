/* SPDX-License-Identifier: MIT */
/*
 * measure_auto: what an adaptive limit finds, in real time, against services
 * that hold so many and refuse more, or let them wait; each beside the same
 * service asked by exactly as many as it holds.  Lines of docs/limits.md.
 * Answers take a log-normal time of 50 ms in the median.
 */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "scene.h"

#define MEDIAN (50 * MS)
#define SIGMA 0.5
#define RUN_S 12.0

/* Seconds from `from` until a second begins with 90 % of so many answers a
 * second; -1: never before `to`. */
static double settled(const struct service *s, double from, double to,
		      double per_second)
{
	double slice_s = (double)SLICE_NS / 1e9;

	for (double at = from; at + 1 <= to; at += slice_s)
		if ((double)service_served(s, at, at + 1) >= 0.9 * per_second)
			return at - from;
	return -1;
}

static double seconds_a_job(double median_ns)
{
	return median_ns / 1e9 * exp(SIGMA * SIGMA / 2);
}

static void share_text(char to[32], double part, double of)
{
	snprintf(to, 32, "%.1f %%", of > 0 ? 100 * part / of : 0);
}

/* Found beside fixed: asked by bpool where it is given, else by the library. */
static void capacity_row(const struct service *service, char *bpool,
			 const char *what)
{
	struct scene fixed = { .service = *service,
			       .seconds = RUN_S / 2,
			       .bpool = bpool };
	struct scene found = fixed;
	double best, latency;
	char goodput[32], refused[32], reached[32];

	found.seconds = RUN_S;
	scene_play(&fixed, service->capacity);
	scene_play(&found, 0);
	best = (double)service_served(&fixed.service, 1, fixed.seconds) /
	       (fixed.seconds - 1);
	share_text(goodput,
		   (double)service_served(&found.service, 1, found.seconds) /
			   (found.seconds - 1),
		   best);
	share_text(refused, (double)found.service.refused_after_100,
		   (double)(found.service.refused_after_100 +
			    found.service.served - 100));
	share_text(reached, best * seconds_a_job((double)MEDIAN),
		   service->capacity);
	latency = (double)found.service.latency_ns /
		  (double)found.service.served /
		  ((double)fixed.service.latency_ns /
		   (double)fixed.service.served);
	if (service->queues)
		row(6, what, "", "goodput %s of fixed, latency %.2f times",
		    goodput, latency);
	else
		row(6, what, "refused <= 1 %, goodput >= 97 %, within 1 s",
		    "refused %s, goodput %s of fixed, which had %s of the "
		    "slots, settled in %.2f s",
		    refused, goodput, reached,
		    settled(&found.service, 0, found.seconds, best));
}

/* Capacity or latency changes; each step is told. */
static void change_rows(const char *what, const char *asked, bool queues,
			const struct change *changes, size_t n)
{
	struct scene scene = { .service = { .capacity = changes[0].capacity,
					    .median_ns = changes[0].median_ns,
					    .sigma = SIGMA,
					    .queues = queues },
			       .nchanges = n };
	const double step_s = changes[1].at;
	double could = 0, total = 0;
	char steps[100] = "", goodput[32], refused[32];

	memcpy(scene.changes, changes, n * sizeof(*changes));
	scene.seconds = step_s * (double)n;
	scene_play(&scene, 0);
	for (size_t i = 0; i < n; i++) {
		double from = changes[i].at, to = from + step_s;
		double rate = changes[i].capacity /
			      seconds_a_job((double)changes[i].median_ns);
		size_t len = strlen(steps);

		could += rate * step_s;
		total += (double)service_served(&scene.service, from, to);
		snprintf(steps + len, sizeof(steps) - len, "%s%.1f",
			 i ? ", " : "",
			 settled(&scene.service, from, to, rate));
	}
	share_text(goodput, total, could);
	share_text(refused, (double)scene.service.refused,
		   (double)(scene.service.refused + scene.service.served));
	row(6, what, asked, "goodput %s, refused %s, settled in %s s", goodput,
	    refused, steps);
}

#define SERVICE(...)                                                           \
	(&(struct service){ .median_ns = MEDIAN, .sigma = SIGMA, __VA_ARGS__ })

static void library_rows(void)
{
	static const unsigned capacities[] = { 3, 5, 10, 20, 50, 100, 200 };
	static const struct change sizes[] = { { 0, 50, MEDIAN },
					       { 15, 10, MEDIAN },
					       { 30, 100, MEDIAN } };
	static const struct change slower[] = { { 0, 50, MEDIAN },
						{ 15, 50, 4 * MEDIAN } };
	char what[60];

	for (size_t i = 0; i < COUNT(capacities); i++) {
		snprintf(what, sizeof(what), "auto, a service that holds %u",
			 capacities[i]);
		capacity_row(SERVICE(.capacity = capacities[i]), NULL, what);
	}
	capacity_row(SERVICE(.capacity = 20, .fails = 0.02), NULL,
		     "the same with 20, 2 % of answers fail");
	change_rows("it holds 50, 10, 100, 15 s each",
		    "goodput >= 85 %, each within 6 s", false, sizes, 3);
	change_rows("it holds 50, and answers take 4 times as long after 15 s",
		    "", false, slower, 2);
	capacity_row(SERVICE(.capacity = 10, .queues = true), NULL,
		     "it serves 10 and lets others wait");
	change_rows("it serves 50, 10, 100 and lets others wait, 15 s each", "",
		    true, sizes, 3);
}

/* Up to what two cores can start, and beyond. */
static void command_rows(char *bpool)
{
	static const unsigned capacities[] = { 3, 5, 10, 20 };
	char what[60];

	for (size_t i = 0; i < COUNT(capacities); i++) {
		snprintf(what, sizeof(what),
			 "bpool -j auto, a service that holds %u",
			 capacities[i]);
		capacity_row(SERVICE(.capacity = capacities[i]), bpool, what);
	}
}

/* measure_auto [BPOOL]: of the library, or of the command. */
int main(int argc, char **argv)
{
	if (argc > 2)
		return scene_ask(argv[2]);
	if (argc > 1)
		command_rows(argv[1]);
	else
		library_rows();
	return 0;
}
