/* SPDX-License-Identifier: MIT */
#include "schedule.h"

#include "clock.h"

static struct bp_ticket *ticket_of(struct bpool_link *link)
{
	return bp_container(link, struct bp_ticket, link);
}

void bp_schedule_init(struct bp_schedule *schedule, struct ring *ready,
		      uint64_t seed)
{
	*schedule = (struct bp_schedule){ .ready = ready, .random = { seed } };
	list_init(&schedule->overdue);
}

void bp_gate_init(struct bp_gate *gate)
{
	*gate = (struct bp_gate){ .weight = 1 };
	list_init(&gate->queue);
	list_init(&gate->holders);
	gate->timer.of_gate = true;
}

void bp_gate_fini(struct bp_schedule *s, struct bp_gate *gate)
{
	if (gate->timer.inside)
		bp_heap_remove(&s->timers, &gate->timer);
}

/* ---- Where a gate stands ------------------------------------------------ */

uint32_t bp_gate_limit(const struct bp_gate *gate)
{
	uint32_t most = gate->max_running, found = 0;

	if (gate->canary)
		return 1;
	if (gate->adapts)
		found = adaptive_limit(&gate->adaptive);
	return most == 0 || (found > 0 && found < most) ? found : most;
}

static bool gate_full(const struct bp_gate *gate)
{
	uint32_t most = bp_gate_limit(gate);

	return most > 0 && gate->running >= most;
}

static uint64_t gate_due(const struct bp_gate *gate)
{
	uint64_t rate = gate->rate.step > 0 ? rate_due(&gate->rate) : 0;

	return rate > gate->not_before ? rate : gate->not_before;
}

bool bp_gate_is_fresh(const struct bp_gate *gate, uint64_t now)
{
	return gate->users == 0 && gate_due(gate) <= now &&
	       (gate->rate.step == 0 || rate_rested(&gate->rate, now));
}

/* When a gate without jobs is fresh again. */
static uint64_t gate_fresh_at(const struct bp_gate *gate)
{
	uint64_t at = gate_due(gate);

	return gate->rate.step > 0 && gate->rate.ahead > at ? gate->rate.ahead
							    : at;
}

static void timer_set(struct bp_schedule *s, struct bp_heap_node *timer,
		      uint64_t due)
{
	if (timer->inside)
		bp_heap_remove(&s->timers, timer);
	timer->due = due;
	bp_heap_insert(&s->timers, timer);
}

static void timer_clear(struct bp_schedule *s, struct bp_heap_node *timer)
{
	if (timer->inside)
		bp_heap_remove(&s->timers, timer);
}

static bool is_waiting(enum bp_ticket_place place)
{
	return place != TICKET_NOWHERE && place != TICKET_READY;
}

static void ticket_place(struct bp_schedule *s, struct bp_ticket *ticket,
			 enum bp_ticket_place place)
{
	s->waiting += is_waiting(place);
	s->waiting -= is_waiting(ticket->place);
	if (ticket->key) {
		ticket->key->waiting += place != TICKET_NOWHERE;
		ticket->key->waiting -= ticket->place != TICKET_NOWHERE;
	}
	ticket->place = place;
}

/* In a queue of a gate, at its end or in front of all. */
static void gate_queue(struct bp_schedule *s, struct bp_gate *gate,
		       struct bp_ticket *ticket, bool front)
{
	list_insert(front ? gate->queue.next : &gate->queue, &ticket->link);
	gate->queued++;
	ticket_place(s, ticket, gate->is_pool ? TICKET_AT_POOL : TICKET_AT_KEY);
}

static struct bp_ticket *gate_unqueue(struct bp_gate *gate,
				      struct bp_ticket *ticket)
{
	list_remove(&ticket->link);
	/* A ticket at the pool's gate: there is one.
	 * NOLINTNEXTLINE(clang-analyzer-core.NullDereference) */
	gate->queued--;
	return ticket;
}

static void ring_enter(struct bp_schedule *s, struct bp_ticket *ticket,
		       bool front)
{
	if (front)
		ring_push_front(s->ready, ticket->number);
	else
		ring_push(s->ready, ticket->number);
	ticket_place(s, ticket, TICKET_READY);
}

/* The first of the queue goes up; in front, while the gate's turn lasts. */
static void gate_offer(struct bp_schedule *s, struct bp_gate *gate,
		       uint64_t now)
{
	struct bp_ticket *ticket =
		gate_unqueue(gate, ticket_of(gate->queue.next));
	bool front = gate->turn > 0;

	gate->offered = ticket;
	if (gate->is_pool || !s->pool) {
		ring_enter(s, ticket, front);
		return;
	}
	gate_queue(s, s->pool, ticket, front);
	bp_gate_settle(s, s->pool, now);
}

/* What was offered comes back, to the front of the queue. */
static void gate_take_back(struct bp_schedule *s, struct bp_gate *gate)
{
	struct bp_ticket *ticket = gate->offered;

	gate->offered = NULL;
	if (ticket->place == TICKET_AT_POOL)
		gate_unqueue(s->pool, ticket);
	else
		ring_remove(s->ready, ticket->number);
	if (!gate->is_pool && s->pool && s->pool->offered == ticket)
		s->pool->offered = NULL;
	gate_queue(s, gate, ticket, true);
}

/* The first of the list has been idle for longest. */
static void gate_idle(struct bp_gate *gate, bool idle)
{
	if (!gate->idle_keys || gate->is_idle == idle)
		return;
	if (idle)
		list_insert(&gate->idle_keys->keys, &gate->idle);
	else
		list_remove(&gate->idle);
	gate->idle_keys->n += idle;
	gate->idle_keys->n -= !idle;
	gate->is_idle = idle;
}

void bp_gate_settle(struct bp_schedule *s, struct bp_gate *gate, uint64_t now)
{
	bool full = gate_full(gate);
	uint64_t due = gate_due(gate);

	if (gate->offered && (full || due > now)) {
		gate_take_back(s, gate);
		if (!gate->is_pool && s->pool)
			bp_gate_settle(s, s->pool, now);
	}
	if (full || due > now)
		gate->turn = 0;
	gate_idle(gate, bp_gate_is_fresh(gate, now));
	if (gate->offered || full)
		timer_clear(s, &gate->timer);
	else if (gate->users == 0 && !gate->is_idle && gate->idle_keys)
		timer_set(s, &gate->timer, gate_fresh_at(gate));
	else if (gate->queued == 0)
		timer_clear(s, &gate->timer);
	else if (due > now)
		timer_set(s, &gate->timer, due);
	else {
		timer_clear(s, &gate->timer);
		gate_offer(s, gate, now);
	}
}

static void gate_not_before(struct bp_schedule *s, struct bp_gate *gate,
			    uint64_t now, uint64_t until)
{
	if (until <= now || until <= gate->not_before)
		return;
	if (gate->not_before <= now) {
		gate->pauses++;
		s->pauses++;
	}
	gate->not_before = until;
}

void bp_gate_pause(struct bp_schedule *s, struct bp_gate *gate, uint64_t now,
		   uint64_t until)
{
	gate_not_before(s, gate, now, until);
	bp_gate_settle(s, gate, now);
}

void bp_gate_hold(struct bp_gate *gate)
{
	gate->users++;
	gate_idle(gate, false);
}

void bp_gate_release(struct bp_schedule *s, struct bp_gate *gate, uint64_t now)
{
	gate->users--;
	bp_gate_settle(s, gate, now);
}

/* ---- A ticket's way ----------------------------------------------------- */

/* The first gate that it meets; NULL: none. */
static struct bp_gate *ticket_gate(const struct bp_schedule *s,
				   const struct bp_ticket *ticket)
{
	return ticket->key ? ticket->key : s->pool;
}

/* It is due: to its first gate. */
static void ticket_arrive(struct bp_schedule *s, struct bp_ticket *ticket,
			  uint64_t now)
{
	struct bp_gate *gate = ticket_gate(s, ticket);

	if (ticket->deadline)
		timer_set(s, &ticket->timer, ticket->deadline);
	if (!gate) {
		ring_enter(s, ticket, false);
		return;
	}
	/* Ahead of what was not tried yet, and stands above already. */
	if (ticket->again && gate->offered && !gate->offered->again)
		gate_take_back(s, gate);
	gate_queue(s, gate, ticket, ticket->again);
	bp_gate_settle(s, gate, now);
}

void bp_schedule_add(struct bp_schedule *s, struct bp_ticket *ticket,
		     uint64_t now)
{
	if (ticket->key)
		bp_gate_hold(ticket->key);
	if (s->pool)
		bp_gate_hold(s->pool);
	if (ticket->due <= now) {
		ticket_arrive(s, ticket, now);
		return;
	}
	ticket_place(s, ticket, TICKET_DELAYED);
	timer_set(s, &ticket->timer,
		  ticket->deadline && ticket->deadline < ticket->due
			  ? ticket->deadline
			  : ticket->due);
}

/* Out of wherever it is; its gates are not settled. */
static void ticket_take(struct bp_schedule *s, struct bp_ticket *ticket)
{
	timer_clear(s, &ticket->timer);
	if (ticket->place == TICKET_AT_KEY)
		gate_unqueue(ticket->key, ticket);
	else if (ticket->place == TICKET_AT_POOL)
		gate_unqueue(s->pool, ticket);
	else if (ticket->place == TICKET_READY)
		ring_remove(s->ready, ticket->number);
	ticket_place(s, ticket, TICKET_NOWHERE);
	if (ticket->key && ticket->key->offered == ticket)
		ticket->key->offered = NULL;
	if (s->pool && s->pool->offered == ticket)
		s->pool->offered = NULL;
}

static void gates_settle(struct bp_schedule *s, const struct bp_ticket *ticket,
			 uint64_t now)
{
	if (ticket->key)
		bp_gate_settle(s, ticket->key, now);
	if (s->pool)
		bp_gate_settle(s, s->pool, now);
}

/* ---- Starting ----------------------------------------------------------- */

/* A job on the stack that it would run on has a place there to lend. */
static bool gate_lent(const struct bp_gate *gate, const struct bp_ticket *outer)
{
	while (outer && !gate->is_pool && outer->key != gate)
		outer = outer->outer;
	return outer != NULL;
}

bool bp_gate_holds_back(const struct bp_gate *gate,
			const struct bp_ticket *outer)
{
	return gate && gate_full(gate) && !gate_lent(gate, outer);
}

uint32_t bp_gate_holder(const struct bp_gate *gate,
			const struct bpool_link *holder)
{
	if (gate->is_pool)
		return bp_container(holder, struct bp_ticket, at_pool.holder)
			->number;
	return bp_container(holder, struct bp_ticket, at_key.holder)->number;
}

uint64_t bp_schedule_start_due(const struct bp_schedule *s,
			       const struct bp_ticket *ticket,
			       const struct bp_ticket *outer)
{
	uint64_t due = ticket->place == TICKET_DELAYED ? ticket->due : 0;
	uint64_t key = ticket->key ? gate_due(ticket->key) : 0;
	uint64_t pool = s->pool ? gate_due(s->pool) : 0;

	if (ticket->place == TICKET_READY)
		return 0;
	if (bp_gate_holds_back(ticket->key, outer) ||
	    bp_gate_holds_back(s->pool, outer))
		return UINT64_MAX;
	due = key > due ? key : due;
	return pool > due ? pool : due;
}

static void gate_pass(struct bp_gate *gate, const struct bp_ticket *ticket,
		      struct bp_pass *pass, uint64_t now)
{
	pass->holds = !gate_lent(gate, ticket->outer);
	if (pass->holds) {
		gate->running++;
		list_insert(&gate->holders, &pass->holder);
	}
	gate->started++;
	if (gate->rate.step > 0)
		rate_start(&gate->rate, now);
	if (++gate->turn >= gate->weight)
		gate->turn = 0;
	pass->start = (struct bp_adaptive_start){ now, gate->running };
}

void bp_schedule_start(struct bp_schedule *s, struct bp_ticket *ticket,
		       const struct bp_ticket *outer, uint64_t now)
{
	ticket_take(s, ticket);
	ticket->outer = outer;
	if (s->pool)
		gate_pass(s->pool, ticket, &ticket->at_pool, now);
	if (ticket->key)
		gate_pass(ticket->key, ticket, &ticket->at_key, now);
	gates_settle(s, ticket, now);
}

/* ---- Ending ------------------------------------------------------------- */

/* It was let in: one alone is enough no more.  Whether what failed there says
 * that all is well again is another question. */
static void gate_accepted(struct bp_gate *gate, const struct bp_pass *pass,
			  uint64_t now, bool ok)
{
	if (gate->adapts && ok) {
		bp_adaptive_ok(&gate->adaptive, now, &pass->start,
			       gate->running);
	} else if (gate->adapts) {
		bp_adaptive_failed(&gate->adaptive, now, &pass->start);
	} else if (pass->start.time > gate->epoch) {
		gate->canary = false;
		if (ok)
			gate->bursts = 0;
	}
}

/*
 * What adapts knows itself when to pause.  What does not pauses each time,
 * longer and longer, and tries with one job alone afterwards; or it would
 * only be refused faster.
 */
static void gate_refused(struct bp_schedule *s, struct bp_gate *gate,
			 const struct bp_pass *pass, uint64_t now,
			 uint64_t until)
{
	gate->refused++;
	if (gate->adapts) {
		bp_adaptive_refused(&gate->adaptive, now, &pass->start,
				    gate->running,
				    until > now ? until - now : 0);
		if (gate->adaptive.not_before > until)
			until = gate->adaptive.not_before;
	} else if (pass->start.time > gate->epoch) {
		gate->epoch = now;
		gate->canary = true;
		if (until == 0)
			until = bp_after(now, bp_backoff_refused(&gate->backoff,
								 gate->bursts++,
								 &s->random));
	}
	gate_not_before(s, gate, now, until);
}

static void gate_leave(struct bp_schedule *s, struct bp_gate *gate,
		       struct bp_pass *pass, uint64_t now)
{
	if (pass->holds) {
		gate->running--;
		list_remove(&pass->holder);
	}
	bp_gate_release(s, gate, now);
}

void bp_schedule_end(struct bp_schedule *s, struct bp_ticket *ticket,
		     uint64_t now, enum bpool_outcome outcome,
		     uint64_t not_before)
{
	struct bp_gate *key = ticket->key;
	uint64_t until = 0;

	if (outcome == BPOOL_OVERLOADED && not_before > now)
		until = bp_after(now, bp_backoff_asked(not_before - now,
						       &s->random));
	if (outcome != BPOOL_OVERLOADED && key)
		gate_accepted(key, &ticket->at_key, now, outcome == BPOOL_OK);
	if (outcome != BPOOL_OVERLOADED && s->pool)
		gate_accepted(s->pool, &ticket->at_pool, now,
			      outcome == BPOOL_OK);
	if (outcome == BPOOL_OVERLOADED && key)
		gate_refused(s, key, &ticket->at_key, now, until);
	/* A key that is refused speaks for itself alone, unless the pool's gate
	 * looks for its own number. */
	if (outcome == BPOOL_OVERLOADED && s->pool && (!key || s->pool->adapts))
		gate_refused(s, s->pool, &ticket->at_pool, now,
			     key ? 0 : until);
	if (key)
		gate_leave(s, key, &ticket->at_key, now);
	if (s->pool)
		gate_leave(s, s->pool, &ticket->at_pool, now);
}

void bp_schedule_drop(struct bp_schedule *s, struct bp_ticket *ticket,
		      uint64_t now)
{
	ticket_take(s, ticket);
	if (ticket->key)
		bp_gate_release(s, ticket->key, now);
	if (s->pool)
		bp_gate_release(s, s->pool, now);
}

static void ticket_due(struct bp_schedule *s, struct bp_ticket *ticket,
		       uint64_t now)
{
	if (ticket->deadline && ticket->deadline <= now) {
		bp_schedule_drop(s, ticket, now);
		list_insert(&s->overdue, &ticket->link);
		return;
	}
	ticket_arrive(s, ticket, now);
}

void bp_schedule_advance(struct bp_schedule *s, uint64_t now)
{
	while (schedule_due(s) <= now) {
		struct bp_heap_node *timer = s->timers.first;

		bp_heap_remove(&s->timers, timer);
		if (timer->of_gate)
			bp_gate_settle(
				s, bp_container(timer, struct bp_gate, timer),
				now);
		else
			ticket_due(s,
				   bp_container(timer, struct bp_ticket, timer),
				   now);
	}
}
