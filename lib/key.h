/* SPDX-License-Identifier: MIT */
/*
 * Limits and their keys: which gates there are, and where producers sleep
 * that have to wait for one.  With the pool's lock held, unless it says
 * otherwise.
 */
#ifndef BP_KEY_H
#define BP_KEY_H

#include "sleep.h"

/* A key is a gate with a name. */
struct bp_key {
	struct bp_gate gate;
	struct bpool_limit *limit;
	struct bp_key *next; /* in its bucket */
	struct bp_door door; /* while it has max_queued jobs that wait */
	uint64_t hash;
	bool named; /* false: of jobs without a key, or the pool's gate */
	char name[BPOOL_KEY_MAX + 1];
};

struct bpool_limit {
	struct bpool *pool;
	struct bpool_link in_pool; /* among its limits */
	struct bpool_limit_options options;
	struct bp_key own;	 /* of jobs without a key, or the pool's gate */
	struct bp_key *keys;	 /* max_keys; those from `used` on never were */
	struct bp_key **buckets; /* nbuckets, a power of two */
	size_t used, nbuckets;
	size_t callers;		  /* in a submit that names it */
	uint64_t seed;		  /* of the hash */
	struct bp_idle_keys idle; /* those that may go */
	struct bp_door door;	  /* while no key is free */
};

/* 0 and *hash, or -ENAMETOOLONG.  No lock needed. */
int bp_key_hash(const struct bpool_limit *limit, const char *name,
		uint64_t *hash);

/* The key of that name (NULL: of none); NULL: it is not known. */
struct bp_key *bp_key_find(struct bpool_limit *limit, const char *name,
			   uint64_t hash);

/* The same, or one made for it; NULL: all are in use, or others who came before
 * (`waited`: this one did) are to have what is free. */
struct bp_key *bp_key_get(struct bpool_limit *limit, const char *name,
			  uint64_t hash, uint64_t now, bool waited,
			  struct bp_wakes *wakes);

/* How many jobs of a key that comes now may run; 0: any number. */
unsigned bp_limit_first(const struct bpool_limit *limit);

/* Give it its limit's numbers, which have changed. */
void bp_key_set(struct bp_key *key, uint64_t now);

/* Room for one more job that waits, not counting what is kept for a waking
 * producer. */
bool bp_key_has_room(const struct bp_key *key);

/* NULL: it has none. */
const char *bp_gate_name(const struct bp_gate *gate);

/* A job of the key (NULL: none) came or went: let a producer in. */
void bp_key_let_in(struct bp_gate *gate, struct bp_wakes *wakes);

/* Keys may have become idle, or be so sooner: let producers in that wait for
 * one, or have them look. */
void bp_limits_let_in(struct bpool *pool, struct bp_wakes *wakes);

/* Wake the producers at their doors who are there for this group (NULL: all):
 * it is in vain. */
void bp_limits_turn_away(struct bpool *pool, const struct bpool_group *group,
			 struct bp_wakes *wakes);

/* One with `nkeys` keys and checked options, or NULL.  No lock needed. */
struct bpool_limit *bp_limit_make(struct bpool *pool,
				  const struct bpool_limit_options *options,
				  size_t nkeys);
void bp_limit_free(struct bpool_limit *limit);

/* It is among those of its pool from now on. */
void bp_limit_begin(struct bpool_limit *limit);

/* The pool's own, before others know the pool.  0, or what bpool_create()
 * says. */
int bp_limit_make_own(struct bpool *pool,
		      const struct bpool_limit_options *options);

/* All of them, with the pool. */
void bp_limits_free(struct bpool *pool);

#endif
