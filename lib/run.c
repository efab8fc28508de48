/* SPDX-License-Identifier: MIT */
/*
 * A job that waits for others of its pool holds a worker.  If every worker
 * did that, nobody would be left to run what they wait for.  So a waiting job
 * first runs, on the spot, what it waits for and has not started; only that,
 * so that the stack grows with the nesting of the caller's own calls and not
 * with whatever stands in the ring.
 *
 * What is left is running on other workers.  Resting is safe as long as it
 * will end without us.  A job ends if the waits from it upwards on its
 * worker's stack end; a wait ends if it has been told, has a deadline, or each
 * job it waits for (or one, where any will do) is ready or ends.  So what is
 * to be known of a worker is the depth of the innermost wait on its stack
 * that does not end; the least such depths are found by repetition.  A wait
 * that does not end is refused.  Every wait is asked before it rests, and
 * again when somebody took what it could count on, so whoever closes a circle
 * is told.
 */
#include "run.h"

#include "clock.h"
#include "probe.h"
#include "trace.h"

_Thread_local struct bp_worker *bp_self;

struct bp_worker *bp_worker_in_job(const struct bpool *pool)
{
	struct bp_worker *self = bp_self;

	return self && self->pool == pool && self->depth > 0 ? self : NULL;
}

void bp_frame_judge(struct bp_frame *frame, int result)
{
	bool failed = result < 0;

	if (frame->outcome == BPOOL_OVERLOADED)
		return;
	if (frame->terms->retry.outcome)
		frame->outcome = frame->terms->retry.outcome(result);
	else
		frame->outcome = failed ? BPOOL_FAILED : BPOOL_OK;
}

/* The same with its events.  Not inlined: others have no need of so much stack. */
__attribute__((noinline)) static void job_run_traced(struct bp_worker *worker,
						     uint32_t id,
						     struct bp_frame *frame,
						     struct bp_wakes *wakes)
{
	struct bpool *pool = worker->pool;
	const struct bp_record *record = &pool->records[id];
	bool outermost = worker->depth == 0, again;
	struct bp_traced traced;
	int result;

	bp_traced_begin(&traced, pool, id, worker->number, frame);
	bp_pool_unlock_post(pool, wakes);
	bp_traced_tell_start(&traced);
	if (outermost) {
		worker->trace = traced.trace;
		worker->began = traced.began;
	}
	result = frame_run(worker, frame, record->fn, record->arg);
	pool_lock(pool);
	pool->running -= outermost;
	again = job_end(pool, id, result, frame, wakes);
	bp_traced_settle(&traced, pool);
	bp_pool_unlock_post(pool, wakes);
	bp_traced_tell_end(&traced, result, frame, again);
	if (outermost)
		worker->trace = NULL;
	pool_lock(pool);
	bp_traced_finish(&traced);
}

void bp_job_run(struct bp_worker *worker, uint32_t id, struct bp_wakes *wakes)
{
	struct bpool *pool = worker->pool;
	const struct bp_record *record = &pool->records[id];
	struct bp_frame frame = { .outer = worker->frame };
	bool outermost = worker->depth == 0;
	int result;

	job_start(pool, id, worker->number, worker->depth + 1, &frame, wakes);
	pool->running += outermost;
	if (outermost)
		worker->running = id;
	BP_PROBE4(start, pool, record->seq, worker->number,
		  frame.terms ? frame.terms->attempt : 1);
	if (pool->trace) {
		job_run_traced(worker, id, &frame, wakes);
		return;
	}
	bp_pool_unlock_post(pool, wakes);
	result = frame_run(worker, &frame, record->fn, record->arg);
	pool_lock(pool);
	pool->running -= outermost;
	(void)job_end(pool, id, result, &frame, wakes);
}

static bool running_ends(const struct bpool *pool, const struct bp_extra *extra,
			 uint32_t waiter, const struct bp_waits *waits)
{
	if (extra->worker == waiter)
		return extra->depth > waits->depth;
	return extra->depth > pool->workers[extra->worker].stuck;
}

/* It lets one through, some time: there is room, a job below the waiting one
 * has a place to lend, or enough of those end that hold one. */
static bool gate_opens(const struct bpool *pool, const struct bp_gate *gate,
		       uint32_t waiter, const struct bp_waits *waits)
{
	const struct bpool_link *link;
	uint32_t need;

	if (!bp_gate_holds_back(gate, waits->ticket))
		return true;
	need = gate->running - bp_gate_limit(gate) + 1;
	for (link = gate->holders.next; link != &gate->holders;
	     link = link->next)
		if (running_ends(pool,
				 &pool->extras[bp_gate_holder(gate, link)],
				 waiter, waits) &&
		    --need == 0)
			return true;
	return false;
}

static bool record_ends(const struct bpool *pool, const struct bp_extra *extra,
			uint32_t waiter, const struct bp_waits *waits)
{
	const struct bp_ticket *ticket;

	if (extra->worker != BP_NONE)
		return running_ends(pool, extra, waiter, waits);
	if (!pool->records[extra->number].ticketed)
		return true;
	ticket = &pool->terms[extra->number].ticket;
	return ticket->place == TICKET_READY || ticket->deadline ||
	       (gate_opens(pool, ticket->key, waiter, waits) &&
		gate_opens(pool, pool->schedule.pool, waiter, waits));
}

/* A group's jobs that have not started end, but for what gates hold. */
static bool ready_end(const struct bpool *pool, uint32_t waiter,
		      const struct bp_waits *waits)
{
	const struct bpool_link *head = &waits->group->ready;

	for (const struct bpool_link *link = head->next; link != head;
	     link = link->next) {
		const struct bp_extra *extra =
			bp_container(link, struct bp_extra, in_group);
		bool ends = record_ends(pool, extra, waiter, waits);

		if (waits->any && ends)
			return true;
		if (!waits->any && !ends &&
		    pool->records[extra->number].seq <= bp_waits_last(waits))
			return false;
	}
	return !waits->any;
}

static bool group_ends(const struct bpool *pool, uint32_t waiter,
		       const struct bp_waits *waits)
{
	const struct bpool_link *head = &waits->group->running;
	uint64_t last = bp_waits_last(waits);
	bool ready = ready_end(pool, waiter, waits);

	if (waits->any == ready)
		return ready;
	for (const struct bpool_link *link = head->next; link != head;
	     link = link->next) {
		const struct bp_extra *extra =
			bp_container(link, struct bp_extra, in_group);
		bool ends = record_ends(pool, extra, waiter, waits);

		if (waits->any && ends)
			return true;
		if (!waits->any && !ends &&
		    pool->records[extra->number].seq <= last)
			return false;
	}
	return !waits->any;
}

static bool waits_end(const struct bpool *pool, uint32_t waiter,
		      const struct bp_waits *waits)
{
	if (waits->timed || (waits->sleeper && !waits->sleeper->enlisted))
		return true;
	if (waits->future)
		return record_ends(pool, &pool->extras[waits->future->record],
				   waiter, waits);
	return group_ends(pool, waiter, waits);
}

/* The depth of its innermost wait that is not known to end; 0: none. */
static uint32_t worker_stuck(const struct bpool *pool,
			     const struct bp_worker *worker)
{
	const struct bp_waits *waits = worker->waits;

	while (waits && waits_end(pool, worker->number, waits))
		waits = waits->outer;
	return waits ? waits->depth : 0;
}

/* Look at one worker again: true if more is known of it now. */
static bool worker_look(const struct bpool *pool, struct bp_worker *worker)
{
	uint32_t stuck;

	if (worker->stuck == 0)
		return false;
	stuck = worker_stuck(pool, worker);
	if (stuck >= worker->stuck)
		return false;
	worker->stuck = stuck;
	return true;
}

/* With the lock held: would this worker's innermost wait never end? */
static bool hangs(struct bpool *pool, struct bp_worker *self)
{
	uint32_t depth = self->waits->depth;
	bool changed = true;

	for (uint32_t i = 0; i < pool->nworkers; i++)
		pool->workers[i].stuck = UINT32_MAX;
	worker_look(pool, self);
	while (changed && self->stuck >= depth) {
		changed = false;
		for (uint32_t i = 0; i < pool->nworkers; i++)
			changed |= worker_look(pool, &pool->workers[i]);
	}
	return self->stuck >= depth;
}

void bp_waits_enter(struct bp_worker *worker, struct bp_waits *waits)
{
	waits->outer = worker->waits;
	waits->depth = worker->depth;
	waits->ticket = frame_ticket(worker->frame);
	worker->waits = waits;
}

void bp_waits_leave(struct bp_worker *worker)
{
	worker->waits = worker->waits->outer;
}

/* Sleep until told, until the deadline, or until `at` (a time to look again):
 * 0 to look again. */
static int helper_rest(struct bpool *pool, struct bp_sleeper *sleeper,
		       const struct timespec *deadline, uint64_t at)
{
	uint64_t end = deadline ? bp_deadline_ns(deadline) : UINT64_MAX;
	struct timespec until = bp_ns_deadline(at);
	bool early = at < end;

	sleeper->until = at;
	if (bp_sleeper_rest(pool, sleeper, early ? &until : deadline))
		return 0;
	return early ? 0 : -ETIMEDOUT;
}

/* Run one job that `waits` names, or rest: 0 to look again. */
static int help_or_rest(struct bp_worker *worker, struct bp_sleeper *sleeper,
			const struct bp_waits *waits,
			const struct timespec *deadline)
{
	struct bpool *pool = worker->pool;
	struct bp_wakes wakes = { 0 };
	uint64_t at;
	uint32_t id;

	if (bp_deadline_passed(deadline))
		return -ETIMEDOUT;
	/* Nobody else may be there to see that what it waits for is overdue. */
	if (pool->schedule.timers.first) {
		bp_jobs_advance(pool, &wakes);
		pool_post(pool, &wakes);
		if (!sleeper->enlisted)
			return 0;
	}
	id = bp_help_find(pool, waits, &at);
	if (id != BP_NONE) {
		bp_job_run(worker, id, &wakes);
		pool_post(pool, &wakes);
		return 0;
	}
	if (!waits->sure && hangs(pool, worker))
		return -EDEADLK;
	return helper_rest(pool, sleeper, deadline, at);
}

int bp_wait_helping(struct bpool *pool, struct bpool_link *list,
		    struct bp_sleeper *sleeper, struct bp_waits *waits,
		    const struct timespec *deadline)
{
	struct bp_worker *worker = bp_worker_in_job(pool);
	int err = 0;

	waits->sleeper = sleeper;
	sleeper->helps = worker != NULL;
	bp_sleeper_enlist(sleeper, list);
	if (worker) {
		bp_waits_enter(worker, waits);
		sleeper->waits = waits;
		list_insert(&pool->helpers, &sleeper->in_helpers);
		while (sleeper->enlisted && !err)
			err = help_or_rest(worker, sleeper, waits, deadline);
		list_remove(&sleeper->in_helpers);
		bp_waits_leave(worker);
	} else {
		pool->users++;
		bp_sleeper_rest(pool, sleeper, deadline);
		err = -ETIMEDOUT;
	}
	/* Told before it left: that counts, whatever came first. */
	if (!sleeper->enlisted)
		err = 0;
	bp_sleeper_leave(pool, sleeper);
	/* The pool may be gone once nobody uses it. */
	if (!worker)
		pool->users--;
	return err;
}
