/* SPDX-License-Identifier: MIT */
#include "sleep.h"

int bp_sleeper_init(struct bp_sleeper *sleeper)
{
	*sleeper = (struct bp_sleeper){ 0 };
	return bp_sem_init(&sleeper->sem);
}

void bp_sleeper_fini(struct bp_sleeper *sleeper)
{
	bp_sem_fini(&sleeper->sem);
}

void bp_sleeper_enlist(struct bp_sleeper *sleeper, struct bpool_link *where)
{
	list_insert(where, &sleeper->link);
	sleeper->enlisted = true;
}

bool bp_sleeper_rest(struct bpool *pool, struct bp_sleeper *sleeper,
		     const struct timespec *deadline)
{
	bool taken;

	pool_unlock(pool);
	taken = bp_sem_rest(&sleeper->sem, deadline);
	pool_lock(pool);
	if (taken)
		sleeper->due--;
	return taken;
}

void bp_sleeper_leave(struct bpool *pool, struct bp_sleeper *sleeper)
{
	if (sleeper->enlisted) {
		list_remove(&sleeper->link);
		sleeper->enlisted = false;
	}
	while (sleeper->due > 0)
		bp_sleeper_rest(pool, sleeper, NULL);
}

void bp_sleeper_nudge(struct bp_sleeper *sleeper, struct bp_wakes *wakes)
{
	/* One token is enough, however many have something to say. */
	if (sleeper->due > 0)
		return;
	sleeper->due = 1;
	sleeper->next_wake = wakes->first;
	wakes->first = sleeper;
}

void bp_sleeper_wake(struct bp_sleeper *sleeper, struct bp_wakes *wakes)
{
	list_remove(&sleeper->link);
	sleeper->enlisted = false;
	bp_sleeper_nudge(sleeper, wakes);
}

void bp_sleepers_wake(struct bpool_link *list, struct bp_wakes *wakes)
{
	while (!list_empty(list))
		bp_sleeper_wake(bp_container(list->next, struct bp_sleeper,
					     link),
				wakes);
}

void bp_sleepers_count(struct bpool_link *list, uint64_t seq,
		       struct bp_wakes *wakes)
{
	struct bpool_link *link = list->next;

	while (link != list) {
		struct bp_sleeper *sleeper =
			bp_container(link, struct bp_sleeper, link);

		link = link->next;
		if (seq <= sleeper->last && --sleeper->left == 0)
			bp_sleeper_wake(sleeper, wakes);
	}
}

void bp_door_wake_first(struct bp_door *door, struct bp_wakes *wakes)
{
	struct bp_sleeper *first =
		bp_container(door->sleepers.next, struct bp_sleeper, link);

	door->waking = true;
	first->kept = true;
	bp_sleeper_wake(first, wakes);
}

void bp_door_turn_away(struct bp_door *door, const struct bpool_group *group,
		       struct bp_wakes *wakes)
{
	struct bpool_link *link = door->sleepers.next;

	while (link != &door->sleepers) {
		struct bp_sleeper *sleeper =
			bp_container(link, struct bp_sleeper, link);

		link = link->next;
		if (!group || sleeper->group == group)
			bp_sleeper_wake(sleeper, wakes);
	}
}

void bp_pool_unlock_post(struct bpool *pool, struct bp_wakes *wakes)
{
	struct bp_sleeper *sleeper = wakes->first;

	wakes->first = NULL;
	pool_unlock(pool);
	while (sleeper) {
		/* Once posted to, it may be gone. */
		struct bp_sleeper *next = sleeper->next_wake;

		bp_sem_post(&sleeper->sem);
		sleeper = next;
	}
}
