/* SPDX-License-Identifier: MIT */
#include "schedule.h"

static struct bp_ticket *ticket_of(struct bpool_link *link)
{
	return bp_container(link, struct bp_ticket, link);
}

void bp_schedule_init(struct bp_schedule *schedule, struct ring *ready)
{
	*schedule = (struct bp_schedule){ .ready = ready };
	list_init(&schedule->overdue);
}

void bp_gate_init(struct bp_gate *gate)
{
	*gate = (struct bp_gate){ .weight = 1 };
	list_init(&gate->queue);
	gate->timer.of_gate = true;
}

/* ---- Where a gate stands ------------------------------------------------ */

static uint32_t gate_limit(const struct bp_gate *gate)
{
	uint32_t most = gate->max_running ? gate->max_running : UINT32_MAX;
	uint32_t found = gate->adapts ? adaptive_limit(&gate->adaptive) : most;

	return found < most ? found : most;
}

static uint64_t gate_due(const struct bp_gate *gate)
{
	uint64_t due = gate->not_before, rate = 0;

	if (gate->rate.step > 0)
		rate = rate_due(&gate->rate);
	if (rate > due)
		due = rate;
	if (gate->adapts && gate->adaptive.not_before > due)
		due = gate->adaptive.not_before;
	return due;
}

bool bp_gate_is_fresh(const struct bp_gate *gate, uint64_t now)
{
	return gate->queued == 0 && !gate->offered && gate->running == 0 &&
	       gate_due(gate) <= now &&
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

/* In a queue of a gate, at its end or in front of all. */
static void gate_queue(struct bp_gate *gate, struct bp_ticket *ticket,
		       bool front)
{
	list_insert(front ? gate->queue.next : &gate->queue, &ticket->link);
	gate->queued++;
	ticket->place = gate->is_pool ? TICKET_AT_POOL : TICKET_AT_KEY;
}

static struct bp_ticket *gate_unqueue(struct bp_gate *gate,
				      struct bp_ticket *ticket)
{
	list_remove(&ticket->link);
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
	ticket->place = TICKET_READY;
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
	gate_queue(s->pool, ticket, front);
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
	gate_queue(gate, ticket, true);
}

static void gate_idle(struct bp_schedule *s, struct bp_gate *gate, bool idle)
{
	if (gate->is_pool || !s->idle || gate->is_idle == idle)
		return;
	if (idle)
		list_insert(s->idle, &gate->idle);
	else
		list_remove(&gate->idle);
	gate->is_idle = idle;
}

void bp_gate_settle(struct bp_schedule *s, struct bp_gate *gate, uint64_t now)
{
	bool full = gate->running >= gate_limit(gate);
	uint64_t due = gate_due(gate);

	if (gate->offered && (full || due > now)) {
		gate_take_back(s, gate);
		if (!gate->is_pool && s->pool)
			bp_gate_settle(s, s->pool, now);
	}
	if (full || due > now)
		gate->turn = 0;
	gate_idle(s, gate, bp_gate_is_fresh(gate, now));
	if (gate->offered || full)
		timer_clear(s, &gate->timer);
	else if (gate->queued == 0 && gate->running == 0 && !gate->is_idle &&
		 !gate->is_pool && s->idle)
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

void bp_gate_pause(struct bp_schedule *s, struct bp_gate *gate, uint64_t now,
		   uint64_t until)
{
	if (until <= gate->not_before)
		return;
	gate->not_before = until;
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
	gate_queue(gate, ticket, ticket->again);
	bp_gate_settle(s, gate, now);
}

void bp_schedule_add(struct bp_schedule *s, struct bp_ticket *ticket,
		     uint64_t now)
{
	if (ticket->due <= now) {
		ticket_arrive(s, ticket, now);
		return;
	}
	ticket->place = TICKET_DELAYED;
	timer_set(s, &ticket->timer,
		  ticket->deadline && ticket->deadline < ticket->due
			  ? ticket->deadline
			  : ticket->due);
}

/* One of its gates lets it through. */
static struct bp_adaptive_start gate_pass(struct bp_gate *gate, uint64_t now)
{
	gate->offered = NULL;
	gate->running++;
	if (gate->rate.step > 0)
		rate_start(&gate->rate, now);
	if (++gate->turn >= gate->weight)
		gate->turn = 0;
	return (struct bp_adaptive_start){ now, gate->running };
}

void bp_schedule_start(struct bp_schedule *s, struct bp_ticket *ticket,
		       uint64_t now)
{
	timer_clear(s, &ticket->timer);
	ticket->place = TICKET_NOWHERE;
	if (s->pool)
		ticket->at_pool = gate_pass(s->pool, now);
	if (ticket->key) {
		ticket->at_key = gate_pass(ticket->key, now);
		bp_gate_settle(s, ticket->key, now);
	}
	if (s->pool)
		bp_gate_settle(s, s->pool, now);
}

static void gate_leave(struct bp_schedule *s, struct bp_gate *gate,
		       const struct bp_adaptive_start *start, uint64_t now,
		       enum bp_outcome outcome, uint64_t not_before)
{
	if (gate->adapts && outcome == OUTCOME_OK)
		bp_adaptive_ok(&gate->adaptive, now, start, gate->running);
	if (gate->adapts && outcome == OUTCOME_OVERLOADED)
		bp_adaptive_refused(&gate->adaptive, now, start, gate->running,
				    not_before > now ? not_before - now : 0);
	if (outcome == OUTCOME_OVERLOADED && not_before > gate->not_before)
		gate->not_before = not_before;
	gate->running--;
	bp_gate_settle(s, gate, now);
}

void bp_schedule_end(struct bp_schedule *s, struct bp_ticket *ticket,
		     uint64_t now, enum bp_outcome outcome, uint64_t not_before)
{
	if (ticket->key)
		gate_leave(s, ticket->key, &ticket->at_key, now, outcome,
			   not_before);
	/* A key that says "not now" speaks for itself alone. */
	if (s->pool)
		gate_leave(s, s->pool, &ticket->at_pool, now, outcome,
			   ticket->key ? 0 : not_before);
}

void bp_schedule_drop(struct bp_schedule *s, struct bp_ticket *ticket,
		      uint64_t now)
{
	struct bp_gate *key = ticket->key;

	timer_clear(s, &ticket->timer);
	if (ticket->place == TICKET_AT_KEY) {
		gate_unqueue(key, ticket);
	} else if (ticket->place == TICKET_AT_POOL) {
		gate_unqueue(s->pool, ticket);
	} else if (ticket->place == TICKET_READY) {
		ring_remove(s->ready, ticket->number);
	}
	ticket->place = TICKET_NOWHERE;
	if (key && key->offered == ticket)
		key->offered = NULL;
	if (s->pool && s->pool->offered == ticket)
		s->pool->offered = NULL;
	if (key)
		bp_gate_settle(s, key, now);
	if (s->pool)
		bp_gate_settle(s, s->pool, now);
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
