/* SPDX-License-Identifier: MIT */
/* Limits: made, released, changed, paused and looked at. */
#include "clock.h"
#include "job.h"
#include "options.h"

#define STATS_LEAST BP_SIZE_UP_TO(struct bpool_limit_stats, keys)

int bpool_limit_create(struct bpool_limit **made, struct bpool *pool,
		       const struct bpool_limit_options *given)
{
	struct bpool_limit_options options;
	struct bpool_limit *limit;
	int err = pool_check(pool);

	if (err)
		return err;
	if (!made || !given)
		return -EINVAL;
	err = bp_limit_options_read(&options, given);
	if (err)
		return err;
	limit = bp_limit_make(pool, &options, options.max_keys);
	if (!limit)
		return -ENOMEM;
	pool_lock(pool);
	bp_limit_begin(limit);
	pool_unlock(pool);
	*made = limit;
	return 0;
}

static int limit_check(const struct bpool_limit *limit)
{
	return limit ? pool_check(limit->pool) : -EINVAL;
}

static bool key_in_use(const struct bp_key *key)
{
	return key->gate.users > 0;
}

/* With the lock held. */
static bool limit_in_use(const struct bpool_limit *limit)
{
	bool used = key_in_use(&limit->own) || limit->callers > 0;

	for (size_t i = 0; i < limit->used && !used; i++)
		used = key_in_use(&limit->keys[i]);
	return used;
}

int bpool_limit_destroy(struct bpool_limit *limit)
{
	struct bpool *pool;
	int err = 0;

	if (!limit)
		return 0;
	err = limit_check(limit);
	if (err)
		return err;
	pool = limit->pool;
	if (limit == pool->limit)
		return -EINVAL;
	pool_lock(pool);
	if (limit_in_use(limit)) {
		err = -EBUSY;
	} else {
		list_remove(&limit->in_pool);
		bp_gate_fini(&pool->schedule, &limit->own.gate);
		for (size_t i = 0; i < limit->used; i++)
			bp_gate_fini(&pool->schedule, &limit->keys[i].gate);
	}
	pool_unlock(pool);
	if (!err)
		bp_limit_free(limit);
	return err;
}

struct bpool_limit *bpool_limit_of(struct bpool *pool)
{
	return pool_check(pool) ? NULL : pool->limit;
}

static void key_change(struct bp_key *key, uint64_t now, struct bp_wakes *wakes)
{
	bp_key_set(key, now);
	bp_gate_settle(&key->limit->pool->schedule, &key->gate, now);
	bp_key_let_in(&key->gate, wakes);
}

int bpool_limit_set(struct bpool_limit *limit,
		    const struct bpool_limit_options *given)
{
	struct bpool_limit_options options;
	struct bp_wakes wakes = { 0 };
	struct bpool *pool;
	uint64_t now = bp_clock_ns();
	int err = limit_check(limit);

	if (err)
		return err;
	if (!given)
		return -EINVAL;
	err = bp_limit_options_read(&options, given);
	if (err)
		return err;
	pool = limit->pool;
	if (limit == pool->limit &&
	    (options.max_queued > 0 || given->max_keys > 0))
		return -EINVAL;
	pool_lock(pool);
	options.max_keys = limit->options.max_keys;
	limit->options = options;
	key_change(&limit->own, now, &wakes);
	for (size_t i = 0; i < limit->used; i++)
		key_change(&limit->keys[i], now, &wakes);
	bp_schedule_changed(pool, &wakes);
	/* Fewer than hold a place, they may be waiting for. */
	bp_helpers_nudge(pool, &wakes);
	bp_pool_unlock_post(pool, &wakes);
	return 0;
}

int bpool_limit_pause_until(struct bpool_limit *limit, const char *name,
			    const struct timespec *until)
{
	struct bp_wakes wakes = { 0 };
	struct bpool *pool;
	struct bp_key *key;
	uint64_t hash, now = bp_clock_ns();
	int err = limit_check(limit);

	if (err)
		return err;
	if (!until || !bp_deadline_valid(until))
		return -EINVAL;
	err = bp_key_hash(limit, name, &hash);
	if (err)
		return err;
	pool = limit->pool;
	pool_lock(pool);
	jobs_advance(pool, &wakes);
	key = bp_key_get(limit, name, hash, now, false, &wakes);
	if (key)
		bp_gate_pause(&pool->schedule, &key->gate, now,
			      bp_deadline_ns(until));
	bp_schedule_changed(pool, &wakes);
	bp_pool_unlock_post(pool, &wakes);
	return key ? 0 : -EAGAIN;
}

static void key_stats(const struct bp_key *key, uint64_t now,
		      struct bpool_limit_stats *stats)
{
	const struct bp_gate *gate = &key->gate;
	uint64_t until = gate->not_before;

	stats->running = gate->running;
	stats->waiting = gate->waiting;
	stats->max_running = bp_gate_limit(gate);
	stats->paused_ns = until > now ? until - now : 0;
	stats->started = gate->started;
	stats->refused = gate->refused;
	stats->pauses = gate->pauses;
}

int bpool_limit_stats(struct bpool_limit *limit, const char *name,
		      struct bpool_limit_stats *stats)
{
	struct bpool_limit_stats now = { 0 };
	struct bp_wakes wakes = { 0 };
	const struct bp_key *key;
	struct bpool *pool;
	uint64_t hash, time = bp_clock_ns();
	int err = limit_check(limit);

	if (err)
		return err;
	if (!stats)
		return -EINVAL;
	err = bp_key_hash(limit, name, &hash);
	if (err)
		return err;
	pool = limit->pool;
	pool_lock(pool);
	jobs_advance(pool, &wakes);
	now.max_running = bp_limit_first(limit);
	now.keys = limit->used - limit->idle.n;
	key = bp_key_find(limit, name, hash);
	if (key)
		key_stats(key, time, &now);
	/* Of the pool's own, all that wait for a start. */
	if (key == &limit->own && limit == pool->limit)
		now.waiting = pool->schedule.waiting + pool->ready.len;
	bp_pool_unlock_post(pool, &wakes);
	return bp_struct_write(stats, &now, sizeof(now), STATS_LEAST);
}
