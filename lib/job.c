/* SPDX-License-Identifier: MIT */
#include "job.h"

#include <string.h>

#include "clock.h"

#define FREE_ENOUGH 1024u

int bp_future_free(const struct bpool_future *future)
{
	int state = future_state(future);

	if (state == FUTURE_IDLE)
		return 0;
	if (future->generation != bp_generation)
		return -ECHILD;
	return state != FUTURE_UNSETTLED && !future->group ? 0 : -EBUSY;
}

/*
 * In turn, so that neighbours in time are neighbours in memory.  Those that
 * were never used cost no memory yet, and are left alone once enough others
 * are free.
 */
static uint32_t record_take(struct bpool *pool)
{
	uint32_t id;

	if (pool->fresh < pool->max_in_flight && pool->free.len < FREE_ENOUGH)
		return pool->fresh++;
	BP_BUG_ON(pool->free.len == 0);
	id = ring_first(&pool->free);
	ring_remove(&pool->free, id);
	return id;
}

static void future_accept(struct bpool_future *future, struct bpool *pool,
			  struct bpool_group *group, uint32_t id)
{
	future->pool = pool;
	future->group = group;
	future->generation = pool->generation;
	future->record = id;
	list_init(&future->waiting);
	/* Release: whoever sees it sees what is above. */
	__atomic_store_n(&future->state, FUTURE_UNSETTLED, __ATOMIC_RELEASE);
}

/*
 * Those who sleep in bpool_group_next() inside a job look again: a job of the
 * group became ready, which they may run, or another took the future that
 * they could count on.  Who waits for the whole group never waits for a job
 * that came after.
 */
static void group_nudge(struct bpool_group *group, struct bp_wakes *wakes)
{
	struct bpool_link *link = group->collecting.next;

	for (; link != &group->collecting; link = link->next) {
		struct bp_sleeper *sleeper =
			bp_container(link, struct bp_sleeper, link);

		if (sleeper->helps)
			bp_sleeper_nudge(sleeper, wakes);
	}
}

static void extra_accept(struct bpool *pool, uint32_t id,
			 const struct bp_request *request,
			 struct bp_wakes *wakes)
{
	struct bp_extra *extra = &pool->extras[id];
	struct bpool_group *group = request->group;

	extra->future = request->future;
	extra->group = group;
	extra->number = id;
	extra->worker = BP_NONE;
	if (request->nbytes > 0) {
		memcpy(extra->copy.args, request->args, request->nbytes);
		pool->records[id].arg = extra->copy.args;
	} else {
		extra->copy.index = request->index;
	}
	if (request->future)
		future_accept(request->future, pool, group, id);
	if (!group)
		return;
	/* Relaxed: bpool_group_fini() reads it without the lock, and only a
	 * decrease has something to tell. */
	__atomic_store_n(&group->unfinished, group->unfinished + 1,
			 __ATOMIC_RELAXED);
	list_insert(&group->ready, &extra->in_group);
	group_nudge(group, wakes);
}

void bp_job_accept(struct bpool *pool, const struct bp_request *request,
		   struct bp_wakes *wakes)
{
	uint32_t id = record_take(pool);
	struct bp_record *record = &pool->records[id];

	record->fn = request->fn;
	record->arg = request->arg;
	record->seq = ++pool->submitted;
	BP_PROBE3(submit, pool, record->seq, record->fn);
	record->extra = request->extra | pool->gated;
	if (++pool->in_flight > pool->in_flight_peak)
		pool->in_flight_peak = pool->in_flight;
	if (!record->extra) {
		record->ticketed = false;
		ring_push(&pool->ready, id);
		worker_wake(pool, wakes);
		return;
	}
	record->ticketed = request->job || pool->gated;
	record->flushed = false;
	if (!record->ticketed)
		ring_push(&pool->ready, id);
	extra_accept(pool, id, request, wakes);
	if (record->ticketed)
		bp_terms_accept(pool, id, request, wakes);
	else
		worker_wake(pool, wakes);
}

void bp_extra_start(struct bpool *pool, uint32_t id, uint32_t worker,
		    uint32_t depth, struct bp_frame *frame,
		    struct bp_wakes *wakes)
{
	struct bp_extra *extra = &pool->extras[id];

	extra->worker = worker;
	extra->depth = depth;
	frame->group = extra->group;
	if (extra->group) {
		list_remove(&extra->in_group);
		list_insert(&extra->group->running, &extra->in_group);
	}
	if (!pool->records[id].ticketed) {
		ring_remove(&pool->ready, id);
		if (pool->records[id].flushed)
			bp_terms_start_flushed(pool, id, frame);
		return;
	}
	bp_terms_start(pool, id, frame, wakes);
}

void bp_group_note(struct bpool_group *group, size_t index, int result)
{
	if (group->results)
		group->results[index] = result;
	if (result < 0 &&
	    (group->first_error == 0 || index < group->first_error_index)) {
		group->first_error = result;
		group->first_error_index = index;
	}
}

/* Hand the future to who sleeps in bpool_group_next(), or keep it for one. */
static void group_hand_out(struct bpool_group *group,
			   struct bpool_future *future, struct bp_wakes *wakes)
{
	if (!list_empty(&group->collecting)) {
		struct bp_sleeper *sleeper = bp_container(
			group->collecting.next, struct bp_sleeper, link);

		sleeper->future = future;
		future->group = NULL;
		bp_sleeper_wake(sleeper, wakes);
		group_nudge(group, wakes);
		return;
	}
	future->next = NULL;
	if (group->done)
		group->done_last->next = future;
	else
		group->done = future;
	group->done_last = future;
}

static void group_tell(struct bpool *pool, const struct bp_extra *extra,
		       int result, struct bp_wakes *wakes)
{
	struct bpool_group *group = extra->group;

	bp_group_note(group, extra->future ? 0 : extra->copy.index, result);
	if (extra->future)
		group_hand_out(group, extra->future, wakes);
	bp_sleepers_count(&group->waiting, pool->records[extra->number].seq,
			  wakes);
	if (result < 0 && (group->flags & BPOOL_CANCEL_ON_ERROR) &&
	    !group->cancelled)
		bp_jobs_cancel_group(pool, group, wakes);
	/* Nothing more will come: those who collect hear it. */
	if (group->unfinished == 1)
		bp_sleepers_wake(&group->collecting, wakes);
}

/* The last store to the group: at 0 its owner may be gone with it. */
static void group_release(struct bpool_group *group)
{
	/* Release: pairs with the acquire in bpool_group_fini(). */
	__atomic_store_n(&group->unfinished, group->unfinished - 1,
			 __ATOMIC_RELEASE);
}

/* The last store frees the future's memory: its owner may be looking on
 * without the lock. */
static void future_settle(struct bpool_future *future, int result, bool ran,
			  struct bp_wakes *wakes)
{
	struct bpool_link *list = &future->waiting;
	int state = ran ? FUTURE_DONE : FUTURE_CANCELLED;

	while (!list_empty(list)) {
		struct bp_sleeper *sleeper =
			bp_container(list->next, struct bp_sleeper, link);

		/* Once it is awake the future may be used for another job. */
		sleeper->state = state;
		sleeper->result = result;
		bp_sleeper_wake(sleeper, wakes);
	}
	future->result = result;
	/* Release: pairs with the acquire in future_state(), so that the
	 * result and all that the job wrote are visible. */
	__atomic_store_n(&future->state, state, __ATOMIC_RELEASE);
}

static void extra_settle(struct bpool *pool, struct bp_extra *extra, int result,
			 bool ran, struct bp_wakes *wakes)
{
	if (extra->group) {
		list_remove(&extra->in_group);
		group_tell(pool, extra, result, wakes);
	}
	if (extra->future)
		future_settle(extra->future, result, ran, wakes);
	if (extra->group)
		group_release(extra->group);
}

void bp_job_settle(struct bpool *pool, uint32_t id, int result, bool ran,
		   struct bp_wakes *wakes)
{
	struct bp_record *record = &pool->records[id];

	pool->in_flight--;
	if (!ran)
		pool->cancelled++;
	else
		pool->finished++;
	if (ran && result < 0)
		pool->failed++;
	bp_sleepers_count(&pool->waiting, record->seq, wakes);
	if (record->extra && record->flushed)
		bp_terms_settle_flushed(pool, id);
	if (record->extra)
		extra_settle(pool, &pool->extras[id], result, ran, wakes);
	ring_push(&pool->free, id);
	door_wake(&pool->door, pool_has_room(pool), wakes);
	linger_look(pool, wakes);
}

/* ---- Not started -------------------------------------------------------- */

/* Its ticket is gone already. */
static void terms_drop(struct bpool *pool, uint32_t id, struct bp_wakes *wakes)
{
	const struct bp_terms *terms = &pool->terms[id];
	bool ran = terms->attempt > 0;

	bp_key_let_in(terms->ticket.key, wakes);
	bp_job_settle(pool, id, ran ? terms->result : -ECANCELED, ran, wakes);
}

static void job_cancel(struct bpool *pool, uint32_t id, struct bp_wakes *wakes)
{
	struct bp_ticket *ticket = &pool->terms[id].ticket;

	if (!pool->records[id].ticketed) {
		ring_remove(&pool->ready, id);
		bp_job_settle(pool, id, -ECANCELED, false, wakes);
		return;
	}
	if (ticket->place == TICKET_NOWHERE)
		list_remove(&ticket->link); /* overdue already */
	else
		bp_schedule_drop(&pool->schedule, ticket, bp_clock_ns());
	terms_drop(pool, id, wakes);
}

void bp_jobs_advance(struct bpool *pool, struct bp_wakes *wakes)
{
	struct bpool_link *overdue = &pool->schedule.overdue;
	uint64_t now = bp_clock_ns();

	if (schedule_due(&pool->schedule) > now)
		return;
	bp_schedule_advance(&pool->schedule, now);
	while (!list_empty(overdue)) {
		struct bp_ticket *ticket =
			bp_container(overdue->next, struct bp_ticket, link);

		list_remove(&ticket->link);
		terms_drop(pool, ticket->number, wakes);
	}
	bp_schedule_changed(pool, wakes);
}

void bp_producers_turn_away(struct bpool *pool, const struct bpool_group *group,
			    struct bp_wakes *wakes)
{
	bp_door_turn_away(&pool->door, group, wakes);
	/* Maybe of another group: then it is let in a little sooner. */
	linger_end(pool, wakes);
	bp_limits_turn_away(pool, group, wakes);
}

void bp_jobs_cancel_group(struct bpool *pool, struct bpool_group *group,
			  struct bp_wakes *wakes)
{
	/* Relaxed: bpool_cancelled() is advice, and orders nothing. */
	__atomic_store_n(&group->cancelled, 1, __ATOMIC_RELAXED);
	bp_producers_turn_away(pool, group, wakes);
	while (!list_empty(&group->ready))
		job_cancel(pool,
			   bp_container(group->ready.next, struct bp_extra,
					in_group)
				   ->number,
			   wakes);
	bp_schedule_changed(pool, wakes);
}

/* It waits for its start with a ticket.  A record that ever had one has terms
 * that were written. */
static bool job_has_ticket(const struct bpool *pool, uint32_t id)
{
	return pool->records[id].ticketed &&
	       pool->terms[id].ticket.place != TICKET_NOWHERE;
}

void bp_jobs_cancel_all(struct bpool *pool, struct bp_wakes *wakes)
{
	/* One that goes may let another into the ring. */
	while (pool->ready.len > 0 || pool->schedule.waiting > 0) {
		while (pool->ready.len > 0)
			job_cancel(pool, ring_first(&pool->ready), wakes);
		/* The others are in many places. */
		for (uint32_t id = 0; id < pool->fresh; id++)
			if (job_has_ticket(pool, id))
				job_cancel(pool, id, wakes);
	}
	bp_schedule_changed(pool, wakes);
}

void bp_jobs_flush(struct bpool *pool, struct bp_wakes *wakes)
{
	for (uint32_t id = 0; id < pool->fresh; id++) {
		if (!job_has_ticket(pool, id))
			continue;
		bp_schedule_drop(&pool->schedule, &pool->terms[id].ticket,
				 bp_clock_ns());
		bp_terms_flush(pool, id);
	}
	bp_schedule_changed(pool, wakes);
}
