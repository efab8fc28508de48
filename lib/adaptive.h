/* SPDX-License-Identifier: MIT */
/*
 * A limit that finds itself: how many jobs at once a service takes that says
 * "not now" when there are too many, or only becomes slow.
 *
 * The plain ways fail.  A fixed number is a guess.  AIMD, as TCP has it,
 * finds the edge by crossing it again and again: with jobs that are refused
 * in a tenth of the time that they run for, a third of all answers are
 * refusals.  Going by latency finds no edge at all where a service answers
 * evenly and refuses the rest.
 *
 * So here what the service says decides, latency only proposes, what comes
 * through (goodput) judges, and looking for more is paid for out of a budget:
 *
 * - GROW from a small limit by one for each ok, which doubles it each round (a
 *   round is as many oks as the limit), until a refusal, or until two rounds
 *   brought no more goodput.
 * - A refusal says what the service holds: what runs now, less this one.  One
 *   burst of refusals is one answer: what had been started before the limit
 *   was lowered only corrects it by one each.  If another burst follows soon,
 *   it goes down by 1, 2, 4, 8, but not below what was proven.
 * - HOLD otherwise.  Each ok earns a credit of 1, each refusal costs 1 / share;
 *   only with that in hand is a little more tried (PROBE), so in the long run
 *   refusals are no more than that share.  A probe that fails makes the next
 *   one dearer; one that succeeds grows again.
 * - Refusals and no ok in between, for a while, or eight times, or of a job that
 *   ran alone, are an outage: nothing starts until a pause is over, which
 *   doubles each time, and then one job alone.  That it was let in ends the
 *   outage, and oks grow again, up to what
 *   was stable before.
 * - Where nothing was ever refused and latency has risen, less is tried (SINK):
 *   if as much comes through, it stays.
 *
 * Failures say nothing of capacity and are not told.  All times are
 * nanoseconds of one clock that does not go back; no threads, no clock of its
 * own, O(1) a job.
 */
#ifndef BP_ADAPTIVE_H
#define BP_ADAPTIVE_H

#include <stdbool.h>
#include <stdint.h>

#include "random.h"

enum bp_adaptive_mode {
	ADAPTIVE_GROW,
	ADAPTIVE_HOLD,
	ADAPTIVE_PROBE,
	ADAPTIVE_SINK
};

struct bp_adaptive {
	uint32_t floor, ceiling;
	double price; /* of a refusal, in oks: 1 / share */
	struct bp_random random;

	enum bp_adaptive_mode mode;
	uint32_t limit;
	bool canary;	     /* one alone, after an outage */
	uint64_t not_before; /* no start sooner */

	/* This round. */
	uint32_t round_oks, round_length;
	uint64_t round_began, round_latency;
	bool settling; /* what comes now was started under another limit */

	/* The budget. */
	double credit;	      /* oks in hand */
	double probe_price;   /* times `price` */
	uint64_t probe_after; /* a pause is paid for in time too */

	/* Refusals. */
	bool refused;	      /* ever */
	uint64_t epoch;	      /* jobs from before it say nothing new */
	uint32_t epoch_oks;   /* since then */
	uint32_t bursts;      /* of refusals, one soon after the other */
	uint32_t burst_floor; /* below which this one does not go */
	uint32_t proven;      /* held for a round without refusal */
	uint32_t stable;      /* the same, and kept through an outage */
	unsigned in_a_row;    /* of answers, those without an ok in between */
	unsigned outages;     /* without an ok in between */
	uint64_t last_ok;

	/* Growing. */
	uint32_t cap;
	uint32_t stalled;    /* rounds that brought no more */
	double best_goodput; /* oks a nanosecond */

	/* Latency. */
	double base; /* of a service at ease; 0: not known */
	uint64_t base_sum;
	uint32_t base_count;
	double steady_goodput; /* over like rounds */
	uint32_t steady_rounds;
	uint64_t quiet;	    /* oks since a refusal or a try of less */
	uint64_t sink_wait; /* oks before the next */
	double before_goodput, before_latency;
	uint32_t before_limit; /* what a try goes back to */
};

/* What has to be known of a job at its start. */
struct bp_adaptive_start {
	uint64_t time;
	uint32_t running; /* this one included */
};

/* 1 <= floor <= ceiling; 0 < share <= 1. */
void bp_adaptive_init(struct bp_adaptive *adaptive, uint64_t now,
		      uint32_t floor, uint32_t ceiling, double share,
		      uint64_t seed);

/* Change it while it is in use; what it found stays as far as it may. */
void bp_adaptive_set(struct bp_adaptive *adaptive, uint32_t floor,
		     uint32_t ceiling, double share);

/* How many may run at first. */
uint32_t bp_adaptive_first(uint32_t floor, uint32_t ceiling);

/* How many may run now; no start before `not_before`. */
static inline uint32_t adaptive_limit(const struct bp_adaptive *adaptive)
{
	if (adaptive->canary)
		return 1;
	/* What it goes back to may be from before the ceiling was lowered. */
	if (adaptive->limit > adaptive->ceiling)
		return adaptive->ceiling;
	return adaptive->limit > adaptive->floor ? adaptive->limit
						 : adaptive->floor;
}

/* A job that began at `start` came through; so many were running, it
 * included. */
void bp_adaptive_ok(struct bp_adaptive *adaptive, uint64_t now,
		    const struct bp_adaptive_start *start, uint32_t running);

/* It failed, which says that it was let in and no more. */
void bp_adaptive_failed(struct bp_adaptive *adaptive, uint64_t now,
			const struct bp_adaptive_start *start);

/* It was refused, and nothing should start for `retry_after` (0: not said). */
void bp_adaptive_refused(struct bp_adaptive *adaptive, uint64_t now,
			 const struct bp_adaptive_start *start,
			 uint32_t running, uint64_t retry_after);

#endif
