/* SPDX-License-Identifier: MIT */
#include "key.h"

#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "options.h"

static struct bp_key *key_of(const struct bp_gate *gate)
{
	return bp_container(gate, struct bp_key, gate);
}

const char *bp_gate_name(const struct bp_gate *gate)
{
	return gate && key_of(gate)->named ? key_of(gate)->name : NULL;
}

/* ---- Keys --------------------------------------------------------------- */

/* FNV-1a from a start that nobody outside knows, and mixed at the end. */
int bp_key_hash(const struct bpool_limit *limit, const char *name,
		uint64_t *hash)
{
	struct bp_random mix = { limit->seed };
	size_t n = 0;

	for (; name && name[n] != '\0'; n++) {
		if (n == BPOOL_KEY_MAX)
			return -ENAMETOOLONG;
		mix.state = (mix.state ^ (unsigned char)name[n]) *
			    UINT64_C(0x100000001b3);
	}
	*hash = random_next(&mix);
	return 0;
}

static struct bp_key **key_bucket(const struct bpool_limit *limit,
				  uint64_t hash)
{
	return &limit->buckets[hash & (limit->nbuckets - 1)];
}

void bp_key_set(struct bp_key *key, uint64_t now)
{
	const struct bpool_limit_options *options = &key->limit->options;
	const struct bpool_adaptive *adaptive = &options->adaptive;
	struct bp_gate *gate = &key->gate;

	gate->max_running = options->max_running;
	gate->backoff = (struct bp_backoff){ options->pause_ns,
					     options->pause_most_ns };
	bp_rate_set(&gate->rate, now, options->rate.starts,
		    options->rate.period_ns, options->rate.burst);
	if (adaptive->ceiling == 0) {
		gate->adapts = false;
		return;
	}
	/* It knows itself when to pause. */
	gate->canary = false;
	gate->bursts = 0;
	gate->epoch = 0;
	if (gate->adapts)
		bp_adaptive_set(&gate->adaptive, adaptive->floor,
				adaptive->ceiling, adaptive->refusals);
	else
		bp_adaptive_init(
			&gate->adaptive, now, adaptive->floor,
			adaptive->ceiling, adaptive->refusals,
			random_next(&key->limit->pool->schedule.random));
	gate->adapts = true;
}

unsigned bp_limit_first(const struct bpool_limit *limit)
{
	const struct bpool_limit_options *options = &limit->options;
	unsigned most = options->max_running, finds;

	if (options->adaptive.ceiling == 0)
		return most;
	finds = bp_adaptive_first(options->adaptive.floor,
				  options->adaptive.ceiling);
	return most == 0 || finds < most ? finds : most;
}

static void key_init(struct bp_key *key, struct bpool_limit *limit,
		     uint64_t now)
{
	bp_gate_init(&key->gate);
	key->limit = limit;
	key->named = false;
	list_init(&key->door.sleepers);
	key->door.waking = false;
	bp_key_set(key, now);
}

/* One that is not in use; NULL: all are. */
static struct bp_key *key_take(struct bpool_limit *limit)
{
	struct bp_key *key, **at;

	if (limit->used < limit->options.max_keys)
		return &limit->keys[limit->used++];
	if (limit->idle.n == 0)
		return NULL;
	key = bp_container(limit->idle.keys.next, struct bp_key, gate.idle);
	list_remove(&key->gate.idle);
	limit->idle.n--;
	bp_gate_fini(&limit->pool->schedule, &key->gate);
	at = key_bucket(limit, key->hash);
	while (*at != key)
		at = &(*at)->next;
	*at = key->next;
	return key;
}

struct bp_key *bp_key_find(struct bpool_limit *limit, const char *name,
			   uint64_t hash)
{
	struct bp_key *key = *key_bucket(limit, hash);

	if (!name)
		return &limit->own;
	while (key && (key->hash != hash || strcmp(key->name, name) != 0))
		key = key->next;
	return key;
}

/* Those who wait at the limit's door for this very key need no other. */
static void key_is_known(struct bpool_limit *limit, uint64_t hash,
			 struct bp_wakes *wakes)
{
	struct bpool_link *link = limit->door.sleepers.next;

	while (link != &limit->door.sleepers) {
		struct bp_sleeper *sleeper =
			bp_container(link, struct bp_sleeper, link);

		link = link->next;
		if (sleeper->hash == hash)
			bp_sleeper_wake(sleeper, wakes);
	}
}

struct bp_key *bp_key_get(struct bpool_limit *limit, const char *name,
			  uint64_t hash, uint64_t now, bool waited,
			  struct bp_wakes *wakes)
{
	struct bp_key *key = bp_key_find(limit, name, hash);
	struct bp_key **bucket = key_bucket(limit, hash);

	if (key)
		return key;
	if (!waited &&
	    (limit->door.waking || !list_empty(&limit->door.sleepers)))
		return NULL;
	key = key_take(limit);
	if (!key)
		return NULL;
	key_is_known(limit, hash, wakes);
	key_init(key, limit, now);
	key->named = true;
	strcpy(key->name, name);
	key->hash = hash;
	key->next = *bucket;
	*bucket = key;
	key->gate.idle_keys = &limit->idle;
	bp_gate_settle(&limit->pool->schedule, &key->gate, now);
	return key;
}

/* ---- Doors -------------------------------------------------------------- */

bool bp_key_has_room(const struct bp_key *key)
{
	size_t most = key->limit->options.max_queued;

	return most == 0 || most > (size_t)key->gate.waiting + key->door.waking;
}

void bp_key_let_in(struct bp_gate *gate, struct bp_wakes *wakes)
{
	if (gate)
		door_wake(&key_of(gate)->door, bp_key_has_room(key_of(gate)),
			  wakes);
}

static struct bpool_limit *limit_in(struct bpool_link *link)
{
	return bp_container(link, struct bpool_limit, in_pool);
}

/* The first who sleeps there keeps the time. */
static void door_tell_time(struct bp_door *door, uint64_t due,
			   struct bp_wakes *wakes)
{
	struct bp_sleeper *first;

	if (list_empty(&door->sleepers))
		return;
	first = bp_container(door->sleepers.next, struct bp_sleeper, link);
	if (due < first->until)
		bp_sleeper_nudge(first, wakes);
}

void bp_limits_let_in(struct bpool *pool, struct bp_wakes *wakes)
{
	struct bpool_link *link = pool->limits.next;

	if (pool->held_back == 0)
		return;
	for (; link != &pool->limits; link = link->next) {
		struct bpool_limit *limit = limit_in(link);

		door_wake(&limit->door, limit->idle.n > 0, wakes);
		door_tell_time(&limit->door, schedule_due(&pool->schedule),
			       wakes);
	}
}

void bp_limits_turn_away(struct bpool *pool, const struct bpool_group *group,
			 struct bp_wakes *wakes)
{
	struct bpool_link *link = pool->limits.next;

	if (pool->held_back == 0)
		return;
	for (; link != &pool->limits; link = link->next) {
		struct bpool_limit *limit = limit_in(link);

		bp_door_turn_away(&limit->door, group, wakes);
		bp_door_turn_away(&limit->own.door, group, wakes);
		for (size_t i = 0; i < limit->used; i++)
			bp_door_turn_away(&limit->keys[i].door, group, wakes);
	}
}

/* ---- A limit's life ----------------------------------------------------- */

void bp_limit_free(struct bpool_limit *limit)
{
	free(limit->buckets);
	free(limit->keys);
	free(limit);
}

struct bpool_limit *bp_limit_make(struct bpool *pool,
				  const struct bpool_limit_options *options,
				  size_t nkeys)
{
	struct bpool_limit *limit = calloc(1, sizeof(*limit));

	if (!limit)
		return NULL;
	limit->pool = pool;
	limit->options = *options;
	limit->options.max_keys = nkeys;
	for (limit->nbuckets = 1; limit->nbuckets < nkeys;)
		limit->nbuckets *= 2;
	list_init(&limit->idle.keys);
	list_init(&limit->door.sleepers);
	limit->buckets = calloc(limit->nbuckets, sizeof(struct bp_key *));
	/* Not cleared: keys that never come cost no memory. */
	limit->keys = nkeys > SIZE_MAX / sizeof(struct bp_key)
			      ? NULL
			      : malloc(nkeys * sizeof(struct bp_key) + 1);
	if (limit->buckets && limit->keys)
		return limit;
	bp_limit_free(limit);
	return NULL;
}

void bp_limit_begin(struct bpool_limit *limit)
{
	struct bpool *pool = limit->pool;

	limit->seed = random_next(&pool->schedule.random);
	list_insert(&pool->limits, &limit->in_pool);
	key_init(&limit->own, limit, bp_clock_ns());
}

int bp_limit_make_own(struct bpool *pool,
		      const struct bpool_limit_options *given)
{
	struct bpool_limit_options options;
	int err = bp_limit_options_read(&options, given);

	if (err)
		return err;
	if (given->max_keys > 0 || options.max_queued > 0)
		return -EINVAL;
	pool->limit = bp_limit_make(pool, &options, 0);
	if (!pool->limit)
		return -ENOMEM;
	bp_limit_begin(pool->limit);
	pool->limit->own.gate.is_pool = true;
	pool->schedule.pool = &pool->limit->own.gate;
	pool->gated = true;
	return 0;
}

void bp_limits_free(struct bpool *pool)
{
	while (!list_empty(&pool->limits)) {
		struct bpool_limit *limit = limit_in(pool->limits.next);

		list_remove(&limit->in_pool);
		bp_limit_free(limit);
	}
}
