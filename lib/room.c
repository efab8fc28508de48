/* SPDX-License-Identifier: MIT */
/*
 * A producer that finds no room sleeps in a queue.  The job that ends wakes
 * the first of them, at most one at a time, and the record it freed is kept
 * for that one alone until it is there; so nobody is woken in vain and the
 * order of coming is the order of going.  While it is on its way (12 us is
 * 100 tiny jobs) more records come free, which producers that are awake may
 * take; when it arrives and sees room left, it wakes the next.
 *
 * Where jobs end within microseconds, waking and sleeping for each would cost
 * more than they do, and take a CPU from them.  Then who was woken lingers
 * until the workers have used up half of what is ready.
 */
#include "room.h"

#include "clock.h"
#include "run.h"

/* Lingering, see above. */
#define SOON_NS 100000u	   /* a record came free that soon: jobs are short */
#define LINGER_NS 1000000u /* at most: those may all wait for what it does */
#define LINGER_LEAST 8u	   /* records, or it was in vain ... */
#define LINGER_RESTS 64u   /* ... and the next so many do without */

/* Is a job of the group on this worker's stack? */
static bool in_group(const struct bp_worker *worker,
		     const struct bpool_group *group)
{
	const struct bp_frame *frame = worker->frame;

	while (frame && frame->group != group)
		frame = frame->outer;
	return frame != NULL;
}

/*
 * In a job: make room by running the group's own ready jobs.  Not for a job
 * of that group: those that it runs would do the same, each on top of the
 * other.
 */
static int room_help(struct bpool *pool, struct bp_worker *worker,
		     const struct bpool_group *group, struct bp_wakes *wakes)
{
	struct bp_waits waits = { .group = group,
				  .ticket = frame_ticket(worker->frame) };
	uint64_t at;
	uint32_t id;

	if (!group || in_group(worker, group))
		return -EDEADLK;
	id = bp_help_find(pool, &waits, &at);
	if (id == BP_NONE)
		return -EDEADLK;
	bp_job_run(worker, id, wakes);
	return 0;
}

/* What a producer sleeps for. */
struct want {
	struct bp_door *door; /* NULL: nothing is wanting */
	struct bp_gate *key;  /* whose door it is; NULL: another's */
	bool again;	      /* it slept there before */
};

/*
 * Until somebody wakes it, or the deadline.  At the door of a limit it keeps the
 * time itself: a key is idle at a time, and all workers may be in long jobs
 * then.  Of a sooner time the first there is told.
 */
static void door_rest(struct bpool *pool, const struct want *want,
		      struct bp_sleeper *sleeper,
		      const struct timespec *deadline, struct bp_wakes *wakes)
{
	bool keeps_time = want->door != &pool->door && !want->key;
	uint64_t end = deadline ? bp_deadline_ns(deadline) : UINT64_MAX;
	bool taken, early;

	do {
		uint64_t due = keeps_time ? schedule_due(&pool->schedule)
					  : UINT64_MAX;
		struct timespec until = bp_ns_deadline(due);

		sleeper->until = keeps_time ? due : 0;
		early = due < end;
		taken = bp_sleeper_rest(pool, sleeper,
					early ? &until : deadline);
		jobs_advance(pool, wakes);
		pool_post(pool, wakes);
	} while (sleeper->enlisted && (taken || early));
}

/* Is it worth while?  Not where a time is near. */
static bool room_may_linger(struct bpool *pool,
			    const struct bp_request *request,
			    const struct timespec *deadline, uint64_t now)
{
	/* When it comes there has to be the next job of each worker. */
	if (request->job || pool->ready.len / 2 <= pool->nworkers)
		return false;
	if (deadline && bp_deadline_ns(deadline) < bp_after(now, LINGER_NS))
		return false;
	if (pool->linger_rests == 0)
		return true;
	pool->linger_rests--;
	return false;
}

/* It has a record kept for it, and waits for more to come free. */
static void room_linger(struct bpool *pool, struct bp_sleeper *sleeper,
			uint64_t now)
{
	struct timespec until = bp_ns_deadline(bp_after(now, LINGER_NS));

	pool->lingers_until = pool->ready.len / 2;
	pool->lingering = sleeper;
	bp_sleeper_rest(pool, sleeper, &until);
	if (pool->lingering != sleeper)
		return;
	/* Its time was up, and nobody took it off. */
	pool->lingering = NULL;
	/* Nothing came free, or others took it. */
	if (pool->max_in_flight - pool->in_flight < LINGER_LEAST)
		pool->linger_rests = LINGER_RESTS;
}

static int room_sleep(struct bpool *pool, const struct want *want,
		      const struct bp_request *request,
		      const struct timespec *deadline, struct bp_wakes *wakes)
{
	bool held_back = want->door != &pool->door;
	struct bp_sleeper own, *sleeper = request->sleeper;
	uint64_t since = bp_clock_ns(), now;
	bool timed_out;

	if (!sleeper) {
		if (bp_sleeper_init(&own) != 0)
			return -ENOMEM;
		sleeper = &own;
	}
	sleeper->group = request->group;
	sleeper->hash = request->hash;
	sleeper->kept = false;
	/* Who came before newcomers stays before them. */
	bp_sleeper_enlist(sleeper, want->again ? want->door->sleepers.next
					       : &want->door->sleepers);
	pool->users++;
	pool->held_back += held_back;
	if (want->key)
		bp_gate_hold(want->key);
	/* It may have come for a record, and does not take it now. */
	door_wake(&pool->door, pool_has_room(pool), wakes);
	pool_post(pool, wakes);
	door_rest(pool, want, sleeper, deadline, wakes);
	timed_out = sleeper->enlisted;
	now = bp_clock_ns();
	if (sleeper->kept && !held_back && now - since < SOON_NS &&
	    room_may_linger(pool, request, deadline, now))
		room_linger(pool, sleeper, now);
	bp_sleeper_leave(pool, sleeper);
	if (sleeper == &own)
		bp_sleeper_fini(&own);
	/* Others: because the pool is closed or the group cancelled. */
	if (sleeper->kept)
		want->door->waking = false;
	if (want->key)
		bp_gate_release(&pool->schedule, want->key, bp_clock_ns());
	pool->held_back -= held_back;
	pool->users--;
	pool->producers_slept_ns += bp_clock_ns() - since;
	/* While another lingers there may be room. */
	if (timed_out && !held_back && pool_has_room(pool))
		return 0;
	return timed_out ? -ETIMEDOUT : 0;
}

/* With the lock held: what there is no room at, first that of the terms.
 * `slept` is where it slept last. */
static struct want room_want(struct bpool *pool, struct bp_request *request,
			     const struct bp_door *slept,
			     struct bp_wakes *wakes)
{
	const struct bpool_job *job = request->job;
	struct want want = { NULL, NULL, false };
	struct bp_key *key;

	if (job && job->limit) {
		/* A key may be idle by now, and no worker free to see it. */
		jobs_advance(pool, wakes);
		key = bp_key_get(job->limit, job->key, request->hash,
				 bp_clock_ns(), slept == &job->limit->door,
				 wakes);
		if (!key) {
			want.door = &job->limit->door;
		} else if (!bp_key_has_room(key)) {
			want.door = &key->door;
			want.key = &key->gate;
		} else {
			request->key = &key->gate;
		}
	}
	if (!want.door && !pool_has_room(pool))
		want.door = &pool->door;
	want.again = want.door && want.door == slept;
	return want;
}

/* It does not take what it may have been woken for: others may. */
static void room_leave(struct bpool *pool, const struct want *slept,
		       struct bp_wakes *wakes)
{
	if (!slept->door)
		return;
	bp_key_let_in(slept->key, wakes);
	bp_schedule_changed(pool, wakes);
}

/* What no room would help against. */
static int room_refuses(const struct bpool *pool,
			const struct bp_request *request)
{
	if (pool->closed)
		return -EPIPE;
	if (request->group && request->group->cancelled)
		return -ECANCELED;
	return request->future ? bp_future_free(request->future) : 0;
}

int bp_room_check(struct bpool *pool, struct bp_request *request,
		  struct bp_wakes *wakes)
{
	int err = room_refuses(pool, request);

	if (!err && room_want(pool, request, NULL, wakes).door)
		err = -EAGAIN;
	return err;
}

int bp_room_wait(struct bpool *pool, struct bp_request *request,
		 const struct timespec *deadline, struct bp_wakes *wakes)
{
	struct want want, slept = { NULL, NULL, false };
	struct bp_worker *worker;
	int err = 0;

	while (!err) {
		err = room_refuses(pool, request);
		if (err)
			break;
		want = room_want(pool, request, slept.door, wakes);
		if (!want.door)
			break;
		if (want.door != slept.door)
			room_leave(pool, &slept, wakes);
		slept = want;
		worker = bp_worker_in_job(pool);
		if (!worker)
			err = room_sleep(pool, &want, request, deadline, wakes);
		else if (want.door == &pool->door)
			err = room_help(pool, worker, request->group, wakes);
		else
			err = -EDEADLK;
	}
	if (err)
		room_leave(pool, &slept, wakes);
	return err;
}
