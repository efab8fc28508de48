/* SPDX-License-Identifier: MIT */
/*
 * Gates and tickets, in time that is a number: what a pool does with a lock
 * and threads is here done in a loop, by chance, and looked at after each step.
 */
#include "schedule.h"

#include "random.h"
#include "support.h"

#define JOBS 48
#define KEYS 4
#define STARTS 4096
#define STEPS 20000

static struct bp_schedule schedule;
static struct ring ready, unused;
static struct ring_place *places;
static struct bp_ticket tickets[JOBS];
static struct bp_gate keys[KEYS], pool_gate;
static struct bp_random chance;
static uint64_t now;

/* What the test knows by itself. */
static bool accepted[JOBS], runs[JOBS];
static uint64_t order[JOBS], next_order;
static uint64_t started[KEYS + 1][STARTS];
static size_t nstarted[KEYS + 1];

static void begin(bool with_pool)
{
	free(places);
	places = bp_ring_places(JOBS, 2);
	ck_assert_ptr_nonnull(places);
	bp_ring_init(&ready, places, JOBS, 0);
	bp_ring_init(&unused, places, JOBS, 1);
	bp_schedule_init(&schedule, &ready, 1);
	now = 1000;
	memset(accepted, 0, sizeof(accepted));
	memset(runs, 0, sizeof(runs));
	memset(nstarted, 0, sizeof(nstarted));
	next_order = 1;
	for (size_t k = 0; k < KEYS; k++)
		bp_gate_init(&keys[k]);
	bp_gate_init(&pool_gate);
	pool_gate.is_pool = true;
	if (with_pool)
		schedule.pool = &pool_gate;
}

static void add(uint32_t n, struct bp_gate *key, uint64_t due,
		uint64_t deadline)
{
	tickets[n] = (struct bp_ticket){ .number = n,
					 .key = key,
					 .due = due,
					 .deadline = deadline };
	accepted[n] = true;
	order[n] = next_order++;
	bp_schedule_add(&schedule, &tickets[n], now);
}

/* Start the first of the ring; its number. */
static uint32_t start(void)
{
	uint32_t n = ring_first(&ready);
	struct bp_ticket *ticket = &tickets[n];

	HOLDS(ticket->place == TICKET_READY);
	if (ticket->key) {
		ptrdiff_t k = ticket->key - keys;

		HOLDS(!ticket->key->max_running ||
		      ticket->key->running < ticket->key->max_running);
		HOLDS(now >= ticket->key->not_before);
		started[k][nstarted[k]++ % STARTS] = now;
	}
	if (schedule.pool) {
		HOLDS(!pool_gate.max_running ||
		      pool_gate.running < pool_gate.max_running);
		HOLDS(now >= pool_gate.not_before);
		started[KEYS][nstarted[KEYS]++ % STARTS] = now;
	}
	bp_schedule_start(&schedule, ticket, NULL, now);
	accepted[n] = false;
	runs[n] = true;
	return n;
}

static void end(uint32_t n, enum bpool_outcome outcome, uint64_t not_before)
{
	runs[n] = false;
	bp_schedule_end(&schedule, &tickets[n], now, outcome, not_before);
}

static void drop(uint32_t n)
{
	bp_schedule_drop(&schedule, &tickets[n], now);
	accepted[n] = false;
}

static void advance(uint64_t by)
{
	now += by;
	bp_schedule_advance(&schedule, now);
	while (!list_empty(&schedule.overdue)) {
		struct bp_ticket *ticket = bp_container(schedule.overdue.next,
							struct bp_ticket, link);

		list_remove(&ticket->link);
		HOLDS(ticket->deadline <= now);
		accepted[ticket->number] = false;
	}
}

/* ---- Whatever happens --------------------------------------------------- */

static uint32_t count(const struct bpool_link *queue)
{
	uint32_t n = 0;

	for (const struct bpool_link *link = queue->next; link != queue;
	     link = link->next)
		n++;
	return n;
}

static void gate_hold(const struct bp_gate *gate)
{
	bool full = (gate->max_running && gate->running >= gate->max_running) ||
		    (gate->canary && gate->running >= 1);

	HOLDS(count(&gate->queue) == gate->queued);
	HOLDS(count(&gate->holders) == gate->running);
	if (gate->offered)
		HOLDS(!full && gate->not_before <= now);
	/* Nobody waits for nothing. */
	if (gate->queued > 0 && !gate->offered)
		HOLDS(full || (gate->timer.inside && gate->timer.due > now));
}

static void all_hold(void)
{
	uint32_t places_of[5] = { 0 }, naccepted = 0, queued = 0, nruns = 0;

	for (uint32_t n = 0; n < JOBS; n++) {
		naccepted += accepted[n];
		nruns += runs[n];
		if (accepted[n])
			places_of[tickets[n].place]++;
	}
	HOLDS(places_of[TICKET_NOWHERE] == 0);
	HOLDS(places_of[TICKET_READY] == ready.len);
	HOLDS(naccepted - ready.len == schedule.waiting);
	for (size_t k = 0; k < KEYS; k++) {
		gate_hold(&keys[k]);
		queued += keys[k].queued;
	}
	HOLDS(places_of[TICKET_AT_KEY] == queued);
	if (schedule.pool) {
		gate_hold(&pool_gate);
		HOLDS(places_of[TICKET_AT_POOL] == pool_gate.queued);
		HOLDS(pool_gate.running == nruns);
		HOLDS(ready.len <= 1);
	}
	HOLDS(naccepted == places_of[TICKET_READY] + places_of[TICKET_AT_KEY] +
				   places_of[TICKET_AT_POOL] +
				   places_of[TICKET_DELAYED]);
}

static uint64_t below(uint64_t n)
{
	return random_next(&chance) % n;
}

static void change(struct bp_gate *gate)
{
	switch (below(3)) {
	case 0:
		gate->max_running = (uint32_t)below(5);
		bp_gate_settle(&schedule, gate, now);
		break;
	case 1:
		bp_gate_pause(&schedule, gate, now, now + below(300));
		break;
	default:
		gate->weight = 1 + (uint32_t)below(3);
		break;
	}
}

static void step(void)
{
	uint32_t n = (uint32_t)below(JOBS);

	switch (below(8)) {
	case 0:
	case 1:
	case 2:
		if (!accepted[n] && !runs[n])
			add(n, below(5) ? &keys[below(KEYS)] : NULL,
			    below(4) ? 0 : now + below(200),
			    below(4) ? 0 : now + 1 + below(400));
		break;
	case 3:
	case 4:
		if (ready.len > 0)
			start();
		break;
	case 5:
		if (runs[n])
			end(n, (enum bpool_outcome)below(3), now + below(100));
		break;
	case 6:
		if (accepted[n] && !below(4))
			drop(n);
		else if (!below(4))
			change(below(5) ? &keys[below(KEYS)] : &pool_gate);
		break;
	default:
		advance(below(50));
		break;
	}
}

START_TEST(whatever_happens_no_job_is_lost_and_no_gate_stuck)
{
	for (uint64_t seed = 1; seed <= 8; seed++) {
		chance.state = seed;
		begin(seed % 2);
		for (int i = 0; i < STEPS; i++) {
			step();
			all_hold();
		}
		/* Left alone, everything that was accepted starts or is told
		 * that it is too late. */
		for (int i = 0; i < 10 * JOBS; i++) {
			for (uint32_t n = 0; n < JOBS; n++)
				if (runs[n])
					end(n, BPOOL_OK, 0);
			while (ready.len > 0)
				start();
			advance(100);
			all_hold();
		}
		for (uint32_t n = 0; n < JOBS; n++)
			ck_assert(!accepted[n]);
	}
}
END_TEST

/* ---- What gates promise ------------------------------------------------- */

START_TEST(no_more_run_than_may_and_the_next_as_soon_as_one_ends)
{
	begin(false);
	keys[0].max_running = 2;
	for (uint32_t n = 0; n < 6; n++)
		add(n, &keys[0], 0, 0);
	ck_assert_uint_eq(start(), 0);
	ck_assert_uint_eq(start(), 1);
	ck_assert_uint_eq(ready.len, 0);
	end(1, BPOOL_OK, 0);
	ck_assert_uint_eq(start(), 2);
	ck_assert_uint_eq(ready.len, 0);
}
END_TEST

START_TEST(keys_take_turns_and_weights_are_starts_a_turn)
{
	static const uint32_t want[] = {
		0, 10, 11, 20, 1, 12, 13, 21, 2, 22, 3
	};

	begin(false);
	keys[1].weight = 2;
	for (uint32_t n = 0; n < 4; n++) {
		add(n, &keys[0], 0, 0);
		add(10 + n, &keys[1], 0, 0);
		if (n < 3)
			add(20 + n, &keys[2], 0, 0);
	}
	for (size_t i = 0; i < COUNT(want); i++)
		ck_assert_uint_eq(start(), want[i]);
}
END_TEST

START_TEST(one_busy_key_does_not_hold_up_another)
{
	begin(true);
	keys[0].max_running = 1;
	for (uint32_t n = 0; n < 20; n++)
		add(n, &keys[0], 0, 0);
	add(20, &keys[1], 0, 0);
	add(21, NULL, 0, 0);
	ck_assert_uint_eq(start(), 0);
	ck_assert_uint_eq(start(), 20);
	ck_assert_uint_eq(start(), 21);
	ck_assert_uint_eq(ready.len, 0);
}
END_TEST

START_TEST(a_pause_takes_back_what_was_offered)
{
	begin(true);
	add(0, &keys[0], 0, 0);
	add(1, &keys[1], 0, 0);
	ck_assert_uint_eq(ready.len, 1);
	bp_gate_pause(&schedule, &keys[0], now, now + 100);
	ck_assert_uint_eq(start(), 1);
	ck_assert_uint_eq(ready.len, 0);
	ck_assert_uint_eq(schedule_due(&schedule), now + 100);
	advance(99);
	ck_assert_uint_eq(ready.len, 0);
	advance(1);
	ck_assert_uint_eq(start(), 0);
}
END_TEST

START_TEST(overload_pauses_its_key_and_no_other)
{
	begin(true);
	keys[0].max_running = 1;
	add(0, &keys[0], 0, 0);
	add(1, &keys[0], 0, 0);
	add(2, &keys[1], 0, 0);
	ck_assert_uint_eq(start(), 0);
	end(0, BPOOL_OVERLOADED, now + 500);
	ck_assert_uint_eq(start(), 2);
	ck_assert_uint_eq(ready.len, 0);
	advance(500 - 1);
	ck_assert_uint_eq(ready.len, 0);
	/* Those who were told the same time do not come at the same. */
	advance(1 + 500 / 20);
	ck_assert_uint_eq(start(), 1);
}
END_TEST

START_TEST(what_is_tried_again_goes_before_what_was_not)
{
	begin(false);
	keys[0].max_running = 1;
	for (uint32_t n = 0; n < 3; n++)
		add(n, &keys[0], 0, 0);
	ck_assert_uint_eq(start(), 0);
	end(0, BPOOL_FAILED, 0);
	/* 1 is offered already, and has to stand back for one that is due. */
	ck_assert_uint_eq(ring_first(&ready), 1);
	tickets[0].again = true;
	bp_schedule_add(&schedule, &tickets[0], now);
	ck_assert_uint_eq(ready.len, 1);
	ck_assert_uint_eq(start(), 0);
	end(0, BPOOL_FAILED, 0);
	/* It is next, after its delay. */
	tickets[0].again = true;
	tickets[0].due = now + 10;
	bp_schedule_add(&schedule, &tickets[0], now);
	accepted[0] = true;
	ck_assert_uint_eq(start(), 1);
	advance(10);
	end(1, BPOOL_OK, 0);
	ck_assert_uint_eq(start(), 0);
	end(0, BPOOL_OK, 0);
	ck_assert_uint_eq(start(), 2);
}
END_TEST

START_TEST(a_rate_holds_at_its_key_and_at_the_pool)
{
	begin(true);
	bp_rate_set(&pool_gate.rate, now, 10, 1000, 3);
	bp_rate_set(&keys[0].rate, now, 2, 1000, 1);
	for (int i = 0; i < 4000; i++) {
		for (uint32_t n = 0; n < JOBS; n++)
			if (!accepted[n] && !runs[n])
				add(n, n > 1 ? &keys[0] : NULL, 0, 0);
		while (ready.len > 0)
			end(start(), BPOOL_OK, 0);
		advance(7);
	}
	ck_assert_uint_ge(nstarted[KEYS], 200);
	ck_assert_uint_ge(nstarted[0], 30);
	for (size_t i = 10; i < nstarted[KEYS]; i++)
		ck_assert_uint_ge(started[KEYS][i] - started[KEYS][i - 10],
				  1000);
	for (size_t i = 2; i < nstarted[0]; i++)
		ck_assert_uint_ge(started[0][i] - started[0][i - 2], 1000);
}
END_TEST

START_TEST(a_deadline_ends_a_wait_wherever_it_is)
{
	begin(true);
	pool_gate.max_running = 1;
	keys[0].max_running = 1;
	add(0, &keys[0], 0, 0);
	ck_assert_uint_eq(start(), 0);
	add(1, &keys[0], 0, now + 10);		/* at its key */
	add(2, &keys[1], 0, now + 20);		/* at the pool */
	add(3, &keys[1], now + 1000, now + 30); /* delayed */
	advance(9);
	ck_assert(accepted[1]);
	advance(1);
	ck_assert(!accepted[1] && accepted[2]);
	advance(10);
	ck_assert(!accepted[2] && accepted[3]);
	advance(10);
	ck_assert(!accepted[3]);
	ck_assert_ptr_null(schedule.timers.first);
	end(0, BPOOL_OK, 0);
	ck_assert_uint_eq(ready.len, 0);
}
END_TEST

START_TEST(a_lowered_limit_drains_and_a_raised_one_starts)
{
	begin(false);
	keys[0].max_running = 5;
	for (uint32_t n = 0; n < 20; n++)
		add(n, &keys[0], 0, 0);
	for (int i = 0; i < 5; i++)
		start();
	ck_assert_uint_eq(ready.len, 0);
	keys[0].max_running = 2;
	bp_gate_settle(&schedule, &keys[0], now);
	for (uint32_t n = 0; n < 3; n++) {
		end(n, BPOOL_OK, 0);
		ck_assert_uint_eq(ready.len, 0);
	}
	end(3, BPOOL_OK, 0);
	ck_assert_uint_eq(start(), 5);
	ck_assert_uint_eq(ready.len, 0);
	keys[0].max_running = 10;
	bp_gate_settle(&schedule, &keys[0], now);
	for (int i = 0; i < 8; i++)
		start();
	ck_assert_uint_eq(ready.len, 0);
}
END_TEST

/* ---- What a limit does with its keys, and with its answers -------------- */

START_TEST(a_key_is_idle_once_it_might_as_well_be_new)
{
	struct bp_idle_keys idle = { .n = 0 };

	begin(false);
	list_init(&idle.keys);
	for (size_t k = 0; k < KEYS; k++)
		keys[k].idle_keys = &idle;
	/* A second start would be let through at once. */
	bp_rate_set(&keys[0].rate, now, 2, 1000, 2);
	for (size_t k = 0; k < 2; k++)
		bp_gate_settle(&schedule, &keys[k], now);
	ck_assert_uint_eq(count(&idle.keys), 2);
	add(0, &keys[0], 0, 0);
	ck_assert(!keys[0].is_idle && keys[1].is_idle);
	end(start(), BPOOL_OK, 0);
	/* Its rate remembers the start; when that is paid for, it is new. */
	ck_assert(!keys[0].is_idle);
	ck_assert_uint_eq(schedule_due(&schedule), now + 1000);
	advance(999);
	ck_assert_uint_eq(count(&idle.keys), 1);
	advance(1);
	ck_assert_uint_eq(count(&idle.keys), 2);
	/* The longest idle is the first. */
	ck_assert_ptr_eq(idle.keys.next, &keys[1].idle);
	bp_gate_pause(&schedule, &keys[1], now, now + 50);
	ck_assert(!keys[1].is_idle);
	advance(50);
	ck_assert(keys[1].is_idle);
	ck_assert_ptr_null(schedule.timers.first);
}
END_TEST

START_TEST(an_adaptive_gate_starts_as_many_as_it_has_found)
{
	uint32_t n, most;

	begin(true);
	pool_gate.adapts = true;
	bp_adaptive_init(&pool_gate.adaptive, now, 1, 16, 0.01, 1);
	for (n = 0; n < 20; n++)
		add(n, NULL, 0, 0);
	for (n = 0; n < 4; n++)
		ck_assert_uint_eq(start(), n);
	ck_assert_uint_eq(ready.len, 0);
	advance(50 * MS);
	/* One more for each that came through, while half of it is in use. */
	for (n = 0; n < 4; n++) {
		end(n, BPOOL_OK, 0);
		while (ready.len > 0)
			start();
	}
	most = pool_gate.running;
	ck_assert_uint_eq(most, 8);
	/* Refused: what runs, less that one; and none before it said. */
	advance(MS);
	end(4, BPOOL_OVERLOADED, now + 200 * MS);
	ck_assert_uint_eq(adaptive_limit(&pool_gate.adaptive), most - 1);
	for (n = 5; n < 12; n++)
		end(n, BPOOL_OK, 0);
	ck_assert_uint_eq(ready.len, 0);
	advance(200 * MS - 1);
	ck_assert_uint_eq(ready.len, 0);
	advance(1 + 200 * MS / 20);
	ck_assert_uint_eq(ready.len, 1);
}
END_TEST

START_TEST(a_failure_says_nothing_to_an_adaptive_gate)
{
	begin(true);
	pool_gate.adapts = true;
	bp_adaptive_init(&pool_gate.adaptive, now, 1, 16, 0.01, 1);
	for (uint32_t n = 0; n < 20; n++)
		add(n, NULL, 0, 0);
	for (int i = 0; i < 4; i++)
		start();
	for (uint32_t n = 0; n < 4; n++)
		end(n, BPOOL_FAILED, now + 1000);
	ck_assert_uint_eq(adaptive_limit(&pool_gate.adaptive), 4);
	ck_assert_uint_eq(ready.len, 1);
}
END_TEST

START_TEST(an_outage_holds_everything_back_and_then_lets_one_through)
{
	uint64_t until;

	begin(true);
	pool_gate.adapts = true;
	bp_adaptive_init(&pool_gate.adaptive, now, 1, 16, 0.01, 1);
	for (uint32_t n = 0; n < 20; n++)
		add(n, NULL, 0, 0);
	advance(200 * MS);
	/* Nobody said until when. */
	end(start(), BPOOL_OVERLOADED, 0);
	until = pool_gate.not_before;
	ck_assert_uint_gt(until, now);
	ck_assert_uint_eq(pool_gate.pauses, 1);
	ck_assert_uint_eq(schedule.pauses, 1);
	ck_assert_uint_eq(ready.len, 0);
	advance(until - now - 1);
	ck_assert_uint_eq(ready.len, 0);
	advance(1);
	end(start(), BPOOL_OK, 0);
	ck_assert_uint_gt(adaptive_limit(&pool_gate.adaptive), 1);
}
END_TEST

/* ---- A limit that does not adapt, refused ------------------------------- */

/* When a gate that was refused lets the next one through. */
static uint64_t pause_of(const struct bp_gate *gate)
{
	ck_assert_uint_gt(gate->not_before, now);
	ck_assert_uint_eq(ready.len, 0);
	return gate->not_before - now;
}

START_TEST(a_refused_gate_pauses_longer_and_longer_and_tries_with_one)
{
	uint64_t pause;

	begin(false);
	keys[0].max_running = 3;
	keys[0].backoff = (struct bp_backoff){ 1000, 4000 };
	for (uint32_t n = 0; n < 12; n++)
		add(n, &keys[0], 0, 0);
	for (uint32_t n = 0; n < 3; n++)
		ck_assert_uint_eq(start(), n);
	/* One burst is one answer. */
	advance(10);
	for (uint32_t n = 0; n < 3; n++)
		end(n, BPOOL_OVERLOADED, 0);
	ck_assert_uint_eq(keys[0].pauses, 1);
	ck_assert_uint_eq(schedule.pauses, 1);
	pause = pause_of(&keys[0]);
	ck_assert_uint_ge(pause, 500);
	ck_assert_uint_le(pause, 1000);
	for (uint32_t n = 3; n < 7; n++) {
		uint64_t least = n < 5 ? UINT64_C(1000) << (n - 3) : 2000;

		advance(pause);
		ck_assert_uint_eq(start(), n);
		ck_assert_uint_eq(ready.len, 0);
		advance(10);
		end(n, BPOOL_OVERLOADED, 0);
		pause = pause_of(&keys[0]);
		ck_assert_uint_ge(pause, least);
		ck_assert_uint_le(pause, 2 * least);
	}
	/* The one that comes through lets all through, and all is forgotten. */
	advance(pause);
	ck_assert_uint_eq(start(), 7);
	advance(10);
	end(7, BPOOL_OK, 0);
	for (uint32_t n = 8; n < 11; n++)
		ck_assert_uint_eq(start(), n);
	advance(10);
	end(8, BPOOL_OVERLOADED, 0);
	ck_assert_uint_le(pause_of(&keys[0]), 1000);
	ck_assert_uint_eq(keys[0].refused, 8);
	ck_assert_uint_eq(keys[0].started, 11);
}
END_TEST

START_TEST(what_was_started_before_a_refusal_ends_no_pause)
{
	begin(false);
	keys[0].max_running = 2;
	keys[0].backoff = (struct bp_backoff){ 1000, 4000 };
	for (uint32_t n = 0; n < 4; n++)
		add(n, &keys[0], 0, 0);
	start();
	start();
	advance(10);
	end(0, BPOOL_OVERLOADED, 0);
	end(1, BPOOL_OK, 0);
	advance(pause_of(&keys[0]));
	start();
	ck_assert_uint_eq(ready.len, 0);
}
END_TEST

/* ---- Jobs that run inside another's wait -------------------------------- */

static uint64_t nested_due(uint32_t n, uint32_t outer)
{
	return bp_schedule_start_due(&schedule, &tickets[n], &tickets[outer]);
}

START_TEST(a_job_inside_another_takes_its_place)
{
	begin(true);
	pool_gate.max_running = 1;
	keys[0].max_running = 1;
	keys[1].max_running = 1;
	add(0, &keys[0], 0, 0);
	add(1, &keys[1], 0, 0);
	add(2, &keys[0], 0, 0);
	ck_assert_uint_eq(start(), 0);
	ck_assert_uint_eq(ready.len, 0);
	/* Another key has room, and the pool's place is lent. */
	ck_assert_uint_eq(nested_due(1, 0), 0);
	bp_schedule_start(&schedule, &tickets[1], &tickets[0], now);
	ck_assert_uint_eq(pool_gate.running, 1);
	ck_assert_uint_eq(keys[1].running, 1);
	/* The same key: both places are lent. */
	ck_assert_uint_eq(nested_due(2, 1), 0);
	ck_assert_uint_eq(nested_due(2, 0), 0);
	bp_schedule_start(&schedule, &tickets[2], &tickets[1], now);
	ck_assert_uint_eq(pool_gate.running, 1);
	ck_assert_uint_eq(keys[0].running, 1);
	end(2, BPOOL_OK, 0);
	end(1, BPOOL_OK, 0);
	end(0, BPOOL_OK, 0);
	ck_assert_uint_eq(pool_gate.running, 0);
	ck_assert_uint_eq(keys[0].running, 0);
	ck_assert_uint_eq(keys[1].running, 0);
}
END_TEST

START_TEST(a_job_inside_another_waits_for_its_own_key_and_time)
{
	begin(true);
	keys[0].max_running = 1;
	keys[1].max_running = 1;
	bp_rate_set(&pool_gate.rate, now, 1, 100, 1);
	add(0, &keys[0], 0, 0);
	ck_assert_uint_eq(start(), 0);
	add(1, &keys[1], 0, 0);
	add(2, &keys[1], now + 500, 0);
	add(3, &keys[1], 0, 0);
	ck_assert_uint_eq(nested_due(1, 0), now + 100);
	ck_assert_uint_eq(nested_due(2, 0), now + 500);
	ck_assert(!bp_gate_holds_back(&keys[1], &tickets[0]));
	advance(100);
	ck_assert_uint_eq(start(), 1);
	/* Its key is full with one that is not below it. */
	ck_assert_uint_eq(nested_due(3, 0), UINT64_MAX);
	ck_assert(bp_gate_holds_back(&keys[1], &tickets[0]));
	ck_assert_ptr_eq(keys[1].holders.next, &tickets[1].at_key.holder);
	end(1, BPOOL_OK, 0);
	ck_assert_uint_eq(nested_due(3, 0), now + 100);
}
END_TEST

/* ---- The heap ----------------------------------------------------------- */

START_TEST(a_heap_gives_the_earliest_whatever_came_and_went)
{
	static struct bp_heap_node nodes[500];
	struct bp_heap heap = { NULL };

	chance.state = 7;
	for (int i = 0; i < 20000; i++) {
		struct bp_heap_node *node = &nodes[below(COUNT(nodes))];
		uint64_t least = UINT64_MAX;

		if (node->inside) {
			bp_heap_remove(&heap, node);
		} else {
			node->due = below(1000);
			bp_heap_insert(&heap, node);
		}
		for (size_t n = 0; n < COUNT(nodes); n++)
			if (nodes[n].inside && nodes[n].due < least)
				least = nodes[n].due;
		ck_assert_uint_eq(heap.first ? heap.first->due : UINT64_MAX,
				  least);
	}
}
END_TEST

int main(void)
{
	return TESTS_RUN(
		"schedule", whatever_happens_no_job_is_lost_and_no_gate_stuck,
		no_more_run_than_may_and_the_next_as_soon_as_one_ends,
		keys_take_turns_and_weights_are_starts_a_turn,
		one_busy_key_does_not_hold_up_another,
		a_pause_takes_back_what_was_offered,
		overload_pauses_its_key_and_no_other,
		what_is_tried_again_goes_before_what_was_not,
		a_rate_holds_at_its_key_and_at_the_pool,
		a_deadline_ends_a_wait_wherever_it_is,
		a_lowered_limit_drains_and_a_raised_one_starts,
		a_key_is_idle_once_it_might_as_well_be_new,
		an_adaptive_gate_starts_as_many_as_it_has_found,
		a_failure_says_nothing_to_an_adaptive_gate,
		an_outage_holds_everything_back_and_then_lets_one_through,
		a_refused_gate_pauses_longer_and_longer_and_tries_with_one,
		what_was_started_before_a_refusal_ends_no_pause,
		a_job_inside_another_takes_its_place,
		a_job_inside_another_waits_for_its_own_key_and_time,
		a_heap_gives_the_earliest_whatever_came_and_went);
}
