/* SPDX-License-Identifier: MIT */
/* See adaptive.h for what it does; here the numbers are explained. */
#include "adaptive.h"

#include "backoff.h"
#include "clock.h"

#define MS UINT64_C(1000000)

#define FIRST_LIMIT 4
#define EASY_RUNNING 8	     /* a service is at ease with so many */
#define BASE_SAMPLES 16	     /* oks that make the base latency ... */
#define BASE_SAMPLES_LEAST 4 /* ... or these, where there are no more */
#define ROUND_LEAST 8
#define HOLD_ROUND 100 /* oks, or two limits' worth: what goodput is read off */
#define SINK_ROUND 400
#define GAIN 1.25	  /* goodput that is worth a doubled limit */
#define STALLS 2	  /* rounds without */
#define SLACK 1.5	  /* over what Little's law says is needed */
#define SLOW_GROWN 1.4	  /* latency over base: the limit is in a queue */
#define SLOW_STEADY 1.7	  /* the same, while holding */
#define SLOW_PROBE 1.3	  /* a queue begins */
#define STEADY_WITHIN 0.2 /* of each other: rounds are alike */
#define STEADY_ROUNDS 3	  /* that make a goodput to compare with */
#define SINK_TO 0.6	  /* of the limit */
#define SINK_KEEPS 0.93	  /* of the goodput */
#define SINK_WAIT 400	  /* oks before a try of less, doubled after each */
#define SINK_WAIT_MOST 25600
#define PROBE_PART 16	  /* of the limit is what a probe adds */
#define PRICE_REFUSED 4.0 /* the most a probe costs after refusals ... */
#define PRICE_QUEUED 16.0 /* ... and after those that only made a queue */
#define CREDIT_MOST 16.0  /* refusals that may be saved up for */
#define OUTAGE_LEAST (100 * MS)
#define OUTAGE_REFUSALS 8 /* in a row, of jobs started one after another */
#define PAUSE_BASE (50 * MS)
#define PAUSE_CAP (5000 * MS)
#define PAUSE_REPAID 10 /* times a pause pass before a probe */

static uint32_t least_of(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

static uint32_t most_of(uint32_t a, uint32_t b)
{
	return a > b ? a : b;
}

uint32_t bp_adaptive_first(uint32_t floor, uint32_t ceiling)
{
	return most_of(floor, least_of(FIRST_LIMIT, ceiling));
}

void bp_adaptive_init(struct bp_adaptive *a, uint64_t now, uint32_t floor,
		      uint32_t ceiling, double share, uint64_t seed)
{
	*a = (struct bp_adaptive){
		.floor = floor,
		.ceiling = ceiling,
		.price = 1 / share,
		.random = { seed },
		.limit = bp_adaptive_first(floor, ceiling),
		.round_began = now,
		.round_length = ROUND_LEAST,
		.probe_price = 1,
		.proven = 1,
		.stable = least_of(FIRST_LIMIT, ceiling),
		.last_ok = now,
		.cap = ceiling,
		.sink_wait = SINK_WAIT,
	};
}

void bp_adaptive_set(struct bp_adaptive *a, uint32_t floor, uint32_t ceiling,
		     double share)
{
	a->cap = a->cap == a->ceiling ? ceiling : least_of(a->cap, ceiling);
	a->floor = floor;
	a->ceiling = ceiling;
	a->price = 1 / share;
}

static void round_begin(struct bp_adaptive *a, uint64_t now, bool settling)
{
	uint32_t least = HOLD_ROUND, times = 2;

	if (settling || a->mode == ADAPTIVE_GROW) {
		least = ROUND_LEAST;
		times = 1;
	} else if (a->mode == ADAPTIVE_SINK) {
		least = SINK_ROUND;
	}
	a->round_oks = 0;
	a->round_latency = 0;
	a->round_began = now;
	a->round_length = most_of(least, times * a->limit);
	a->settling = settling;
}

static void enter(struct bp_adaptive *a, enum bp_adaptive_mode mode,
		  uint64_t now, bool settling)
{
	a->mode = mode;
	round_begin(a, now, settling);
}

/* By Little's law: what carries this goodput at the base latency, and a bit. */
static uint32_t little(const struct bp_adaptive *a, double goodput)
{
	double needed = SLACK * goodput * a->base;

	if (a->base == 0)
		return a->limit;
	if (needed >= a->ceiling)
		return a->ceiling;
	return (uint32_t)needed + 1;
}

static void probe_dearer(struct bp_adaptive *a, double most)
{
	a->probe_price *= 2;
	if (a->probe_price > most)
		a->probe_price = most;
}

/* ---- Rounds ------------------------------------------------------------- */

static void grow_round(struct bp_adaptive *a, uint64_t now, double goodput,
		       double latency)
{
	if (goodput > GAIN * a->best_goodput) {
		a->best_goodput = goodput;
		a->stalled = 0;
		a->probe_price = 1;
	} else {
		a->stalled++;
	}
	if (a->stalled < STALLS && a->limit < a->cap) {
		round_begin(a, now, false);
		return;
	}
	/* The pipe is full and nobody said so: keep what carries it. */
	if (a->base == 0 && a->base_count >= BASE_SAMPLES_LEAST)
		a->base = (double)a->base_sum / a->base_count;
	if (a->base > 0 && latency > SLOW_GROWN * a->base)
		a->limit = least_of(a->limit,
				    little(a, goodput > a->best_goodput
						      ? goodput
						      : a->best_goodput));
	a->cap = a->ceiling;
	a->stalled = 0;
	probe_dearer(a, PRICE_QUEUED);
	if (a->credit > 0)
		a->credit = 0;
	enter(a, ADAPTIVE_HOLD, now, true);
}

static void steady_note(struct bp_adaptive *a, double goodput)
{
	double off = goodput - a->steady_goodput;

	if (off < 0)
		off = -off;
	if (a->steady_goodput > 0 && off < STEADY_WITHIN * a->steady_goodput) {
		a->steady_goodput = 0.75 * a->steady_goodput + 0.25 * goodput;
		a->steady_rounds++;
	} else {
		a->steady_goodput = goodput;
		a->steady_rounds = 0;
	}
}

/* The base follows down at once, and up only where refusals bound the queue. */
static void base_note(struct bp_adaptive *a, double latency)
{
	if (a->base == 0)
		a->base = latency;
	else if (latency < a->base)
		a->base = 0.8 * a->base + 0.2 * latency;
	else if (a->refused)
		a->base = 0.98 * a->base + 0.02 * latency;
}

static bool may_sink(const struct bp_adaptive *a, double latency)
{
	return a->limit > 1 && a->steady_rounds >= STEADY_ROUNDS &&
	       a->quiet > a->sink_wait &&
	       (latency > SLOW_STEADY * a->base ||
		(!a->refused && a->quiet > 4 * a->sink_wait));
}

static bool may_probe(const struct bp_adaptive *a, uint64_t now, double latency,
		      uint32_t running)
{
	return a->credit >= a->price * a->probe_price &&
	       now >= a->probe_after && running * 2 >= a->limit &&
	       a->limit < a->ceiling &&
	       (a->refused || latency < SLOW_PROBE * a->base);
}

static void hold_round(struct bp_adaptive *a, uint64_t now, double goodput,
		       double latency, uint32_t running)
{
	a->proven = a->stable = a->limit;
	steady_note(a, goodput);
	base_note(a, latency);
	a->before_limit = a->limit;
	if (may_sink(a, latency)) {
		a->before_goodput = a->steady_goodput;
		a->before_latency = latency;
		a->limit = most_of(1, least_of((uint32_t)(a->limit * SINK_TO),
					       little(a, goodput)));
		enter(a, ADAPTIVE_SINK, now, true);
	} else if (may_probe(a, now, latency, running)) {
		a->steady_goodput = 0;
		a->credit = 0;
		a->limit =
			least_of(a->ceiling,
				 a->limit + most_of(1, a->limit / PROBE_PART));
		enter(a, ADAPTIVE_PROBE, now, true);
	} else {
		round_begin(a, now, false);
	}
}

static void probe_round(struct bp_adaptive *a, uint64_t now, double goodput,
			double latency)
{
	if (!a->refused && latency > SLOW_PROBE * a->base) {
		a->limit = a->before_limit;
		probe_dearer(a, PRICE_QUEUED);
		enter(a, ADAPTIVE_HOLD, now, false);
		return;
	}
	a->best_goodput = goodput;
	a->stalled = 0;
	enter(a, ADAPTIVE_GROW, now, false);
}

static void sink_round(struct bp_adaptive *a, uint64_t now, double goodput,
		       double latency)
{
	if (goodput < SINK_KEEPS * a->before_goodput) {
		a->limit = a->before_limit;
		a->base = latency < a->before_latency ? latency
						      : a->before_latency;
		if (a->sink_wait < SINK_WAIT_MOST)
			a->sink_wait *= 2;
	} else {
		a->sink_wait = SINK_WAIT;
		if (latency < a->base)
			a->base = latency;
	}
	a->quiet = 0;
	a->steady_goodput = 0;
	enter(a, ADAPTIVE_HOLD, now, true);
}

static void round_end(struct bp_adaptive *a, uint64_t now, uint32_t running)
{
	uint64_t took = now > a->round_began ? now - a->round_began : 1;
	double goodput = (double)a->round_oks / (double)took;
	double latency = (double)a->round_latency / a->round_oks;

	if (a->settling)
		round_begin(a, now, false);
	else if (a->mode == ADAPTIVE_GROW)
		grow_round(a, now, goodput, latency);
	else if (a->mode == ADAPTIVE_HOLD)
		hold_round(a, now, goodput, latency, running);
	else if (a->mode == ADAPTIVE_PROBE)
		probe_round(a, now, goodput, latency);
	else
		sink_round(a, now, goodput, latency);
}

/* ---- Answers ------------------------------------------------------------ */

/* The first that was let in after an outage. */
static void outage_over(struct bp_adaptive *a, uint64_t now)
{
	a->canary = false;
	a->best_goodput = 0;
	a->stalled = 0;
	a->bursts = 0;
	a->cap = most_of(2, a->stable);
	a->proven = 1;
	enter(a, ADAPTIVE_GROW, now, false);
}

static void base_sample(struct bp_adaptive *a, uint64_t latency)
{
	a->base_sum += latency;
	if (++a->base_count == BASE_SAMPLES)
		a->base = (double)a->base_sum / BASE_SAMPLES;
}

void bp_adaptive_ok(struct bp_adaptive *a, uint64_t now,
		    const struct bp_adaptive_start *start, uint32_t running)
{
	uint64_t latency = now > start->time ? now - start->time : 0;

	a->outages = 0;
	a->in_a_row = 0;
	a->epoch_oks++;
	a->quiet++;
	a->last_ok = now;
	if (a->base == 0 && start->running <= EASY_RUNNING)
		base_sample(a, latency);
	if (a->canary)
		outage_over(a, now);
	if (a->credit < CREDIT_MOST * a->price)
		a->credit++;
	a->round_oks++;
	a->round_latency += latency;
	if (a->mode == ADAPTIVE_GROW && a->stalled == 0 &&
	    running * 2 >= a->limit && a->limit < a->cap)
		a->limit++;
	/* Settled is what runs under this limit alone. */
	if (a->round_oks >= a->round_length &&
	    (!a->settling || running <= a->limit + 1))
		round_end(a, now, running);
}

void bp_adaptive_failed(struct bp_adaptive *a, uint64_t now,
			const struct bp_adaptive_start *start)
{
	if (a->canary && start->time >= a->epoch)
		outage_over(a, now);
}

/* Stop means stop. */
static void outage(struct bp_adaptive *a, uint64_t now, uint64_t retry_after)
{
	static const struct bp_backoff pause = { PAUSE_BASE, PAUSE_CAP };
	uint64_t ns = bp_backoff_refused(&pause, ++a->outages, &a->random);

	a->limit = 1;
	a->canary = true;
	a->not_before = bp_after(now, ns > retry_after ? ns : retry_after);
}

static uint32_t less(uint32_t from, uint32_t by)
{
	return from > by ? from - by : 1;
}

/* The first burst for a while says what the service holds; those that follow
 * soon, that this was too much. */
static void lower(struct bp_adaptive *a, uint32_t running)
{
	uint32_t held = least_of(a->limit, running);
	bool looking = a->mode == ADAPTIVE_GROW || a->mode == ADAPTIVE_PROBE;
	uint32_t step = a->bursts > 30 ? a->ceiling : 1u << (a->bursts - 1);

	if (a->bursts == 1) {
		a->burst_floor = looking ? a->proven : 1;
		a->limit = most_of(least_of(a->limit, less(running, 1)),
				   least_of(a->limit, a->burst_floor));
	} else if (a->limit > a->proven) {
		a->limit = most_of(less(held, step), a->proven);
	} else {
		a->limit = most_of(most_of(1, a->limit / 2), less(held, step));
		a->proven = least_of(a->proven, a->limit);
	}
}

static uint64_t outage_after(const struct bp_adaptive *a)
{
	uint64_t two = (uint64_t)(2 * a->base);

	return two > OUTAGE_LEAST ? two : OUTAGE_LEAST;
}

/*
 * Nothing got through since the last answer, for long enough or often enough:
 * who refuses at once would be asked as fast as it can refuse.  And one that
 * ran alone was one too many.
 */
static bool is_outage(const struct bp_adaptive *a, uint64_t now,
		      uint32_t running)
{
	return a->epoch_oks == 0 &&
	       (running <= 1 || a->in_a_row >= OUTAGE_REFUSALS ||
		now - a->last_ok > outage_after(a));
}

static uint64_t after_pause(uint64_t end, uint64_t now)
{
	uint64_t pause = end - now;

	if (pause > UINT64_MAX / PAUSE_REPAID)
		return UINT64_MAX;
	return bp_after(end, PAUSE_REPAID * pause);
}

/* More credit than that is not owed, or one burst would forbid probes for
 * ever. */
static void credit_pay(struct bp_adaptive *a)
{
	double part = (double)a->limit / PROBE_PART;
	double least = -a->price * (part > 1 ? part : 1);

	a->credit -= a->price;
	if (a->credit < least)
		a->credit = least;
}

void bp_adaptive_refused(struct bp_adaptive *a, uint64_t now,
			 const struct bp_adaptive_start *start,
			 uint32_t running, uint64_t retry_after)
{
	bool first = !a->refused;
	bool looking = a->mode == ADAPTIVE_GROW || a->mode == ADAPTIVE_PROBE;

	credit_pay(a);
	a->quiet = 0;
	if (start->time < a->epoch) {
		/* Answered already; only, one fewer was held than it seemed. */
		if (a->bursts == 1 && a->limit > most_of(1, a->burst_floor))
			a->limit--;
		return;
	}
	a->refused = true;
	a->in_a_row++;
	if (is_outage(a, now, running)) {
		outage(a, now, retry_after);
	} else {
		if (first || a->epoch_oks >= most_of(8, 2 * a->limit))
			a->bursts = 0;
		a->bursts++;
		if (retry_after > 0)
			a->not_before = bp_after(now, retry_after);
		lower(a, running);
	}
	if (looking && !first)
		probe_dearer(a, PRICE_REFUSED);
	if (a->not_before > now)
		a->probe_after = after_pause(a->not_before, now);
	a->epoch = a->not_before > now ? a->not_before : now;
	a->epoch_oks = 0;
	a->steady_goodput = 0;
	enter(a, ADAPTIVE_HOLD, now, true);
}
