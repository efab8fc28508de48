/* SPDX-License-Identifier: MIT */
#include "terms.h"

#include "clock.h"
#include "probe.h"

#define RETRY_BASE_NS (UINT64_C(100) * BP_NS_PER_MS)
#define RETRY_CAP_NS (UINT64_C(30) * BP_NS_PER_S)
#define PATIENCE_NS (UINT64_C(300) * BP_NS_PER_S)

void bp_terms_retry(struct bp_terms *terms, const struct bpool_retry *retry)
{
	struct bpool_retry *own = &terms->retry;

	if (retry) {
		terms->retries = true;
		*own = *retry;
	}
	if (own->base_ns == 0)
		own->base_ns = RETRY_BASE_NS;
	if (own->cap_ns == 0)
		own->cap_ns = RETRY_CAP_NS;
	if (own->patience_ns == 0)
		own->patience_ns = PATIENCE_NS;
}

void bp_terms_accept(struct bpool *pool, uint32_t id,
		     const struct bp_request *request, struct bp_wakes *wakes)
{
	const struct bpool_job *job = request->job;
	struct bp_terms *terms = &pool->terms[id];
	uint64_t now = bp_clock_ns();

	*terms = (struct bp_terms){ .ticket = { .number = id } };
	if (job) {
		if (request->key && job->weight > 0)
			request->key->weight = job->weight;
		terms->ticket.key = request->key;
		terms->ticket.due = bp_after(now, job->delay_ns);
		terms->ticket.deadline = bp_deadline_ns(job->deadline);
	}
	bp_terms_retry(terms, job ? job->retry : NULL);
	bp_schedule_add(&pool->schedule, &terms->ticket, now);
	bp_key_let_in(terms->ticket.key, wakes);
	bp_schedule_changed(pool, wakes);
}

void bp_terms_start(struct bpool *pool, uint32_t id, struct bp_frame *frame,
		    struct bp_wakes *wakes)
{
	struct bp_terms *terms = &pool->terms[id];

	frame->terms = terms;
	terms->attempt++;
	pool->may_return += terms->retries;
	bp_schedule_start(&pool->schedule, &terms->ticket,
			  frame_ticket(frame->outer), bp_clock_ns());
	bp_key_let_in(terms->ticket.key, wakes);
	bp_schedule_changed(pool, wakes);
}

/* Nobody wants its result any more.  (Who flushes wants all to be called that
 * were not for the last time.) */
static bool job_is_vain(const struct bpool *pool, const struct bp_extra *extra)
{
	/* Relaxed: both are guarded by the lock here. */
	return (atomic_load_explicit(&pool->dropped, memory_order_relaxed) &&
		!pool->flushed) ||
	       (extra->group && extra->group->cancelled);
}

/* How long this job waits by itself; its gates may make it wait longer. */
static uint64_t retry_wait(struct bpool *pool, struct bp_terms *terms,
			   const struct bp_frame *frame, uint64_t now)
{
	struct bp_backoff backoff = { terms->retry.base_ns,
				      terms->retry.cap_ns };
	struct bp_random *random = &pool->schedule.random;

	if (frame->outcome == BPOOL_FAILED)
		return bp_backoff_failed(&backoff, terms->failed - 1, random);
	if (terms->ticket.key || pool->limit)
		return 0;
	if (frame->not_before > now)
		return bp_backoff_asked(frame->not_before - now, random);
	return bp_backoff_refused(&backoff, terms->refused - 1, random);
}

/* Whether the job is to be tried again; a failure is paid for. */
static bool retry_is_due(struct bpool *pool, struct bp_terms *terms,
			 const struct bp_frame *frame, uint64_t now)
{
	if (!terms->retries || frame->outcome == BPOOL_OK ||
	    frame->outcome == BPOOL_PERMANENT ||
	    job_is_vain(pool, &pool->extras[terms->ticket.number]))
		return false;
	if (terms->ticket.deadline && terms->ticket.deadline <= now)
		return false;
	if (frame->outcome == BPOOL_OVERLOADED) {
		terms->refused++;
		return frame->not_before <=
		       bp_after(now, terms->retry.patience_ns);
	}
	terms->refused = 0;
	return ++terms->failed < terms->retry.attempts &&
	       bp_retry_budget_take(&pool->retry_budget, pool->submitted);
}

void bp_terms_flush(struct bpool *pool, uint32_t id)
{
	struct bp_gate *key = pool->terms[id].ticket.key;

	pool->records[id].ticketed = false;
	pool->records[id].flushed = true;
	if (key)
		bp_gate_hold(key);
	ring_push(&pool->ready, id);
}

void bp_terms_start_flushed(struct bpool *pool, uint32_t id,
			    struct bp_frame *frame)
{
	struct bp_terms *terms = &pool->terms[id];

	frame->terms = terms;
	terms->attempt++;
	terms->ticket.outer = frame_ticket(frame->outer);
}

void bp_terms_settle_flushed(struct bpool *pool, uint32_t id)
{
	struct bp_gate *key = pool->terms[id].ticket.key;

	if (key)
		bp_gate_release(&pool->schedule, key, bp_clock_ns());
}

/* Back to where it waits for its start. */
static void job_again(struct bpool *pool, uint32_t id,
		      const struct bp_frame *frame, uint64_t now)
{
	struct bp_extra *extra = &pool->extras[id];
	struct bp_terms *terms = &pool->terms[id];

	pool->retried++;
	BP_PROBE3(retry, pool, pool->records[id].seq, terms->attempt);
	extra->worker = BP_NONE;
	if (extra->group) {
		list_remove(&extra->in_group);
		list_insert(extra->group->ready.next, &extra->in_group);
	}
	if (pool->flushed) {
		bp_terms_flush(pool, id);
		return;
	}
	terms->ticket.again = true;
	terms->ticket.due = bp_after(now, retry_wait(pool, terms, frame, now));
	bp_schedule_add(&pool->schedule, &terms->ticket, now);
}

static bool gate_may_shrink(const struct bp_gate *gate,
			    const struct bp_frame *frame)
{
	return gate && (gate->adapts || frame->outcome == BPOOL_OVERLOADED);
}

void bp_terms_tell(struct bpool *pool, struct bp_terms *terms,
		   const struct bp_frame *frame, uint64_t now)
{
	uint64_t not_before = frame->not_before;

	pool->refused += frame->outcome == BPOOL_OVERLOADED;
	/* Nobody waits for a time that the job itself would not wait for. */
	if (not_before > bp_after(now, terms->retry.patience_ns))
		not_before = 0;
	bp_schedule_end(&pool->schedule, &terms->ticket, now, frame->outcome,
			not_before);
}

bool bp_terms_end(struct bpool *pool, uint32_t id, int result,
		  const struct bp_frame *frame, struct bp_wakes *wakes)
{
	struct bp_terms *terms = &pool->terms[id];
	uint64_t now = bp_clock_ns();
	bool again;

	terms->result = result;
	pool->may_return -= terms->retries;
	again = retry_is_due(pool, terms, frame, now);
	bp_terms_tell(pool, terms, frame, now);
	if (again)
		job_again(pool, id, frame, now);
	bp_key_let_in(terms->ticket.key, wakes);
	bp_schedule_changed(pool, wakes);
	/* It may now wait for a gate that those hold who wait for it; or there
	 * is less room there for what they wait for. */
	if (again || gate_may_shrink(terms->ticket.key, frame) ||
	    gate_may_shrink(pool->schedule.pool, frame))
		bp_helpers_nudge(pool, wakes);
	return again;
}
