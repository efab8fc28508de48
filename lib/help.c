/* SPDX-License-Identifier: MIT */
#include "help.h"

#include "clock.h"

uint64_t bp_waits_last(const struct bp_waits *waits)
{
	return waits->sleeper && !waits->any ? waits->sleeper->last
					     : UINT64_MAX;
}

/* Whether it may start inside that wait now; else *at is no later than when
 * that, or its deadline, is to be looked at again. */
static bool may_start(const struct bpool *pool, uint32_t id,
		      const struct bp_waits *waits, uint64_t *at)
{
	const struct bp_ticket *ticket = &pool->terms[id].ticket;
	uint64_t now, due;

	if (!pool->records[id].ticketed)
		return true;
	now = bp_clock_ns();
	due = bp_schedule_start_due(&pool->schedule, ticket, waits->ticket);
	if (due <= now && (!ticket->deadline || now < ticket->deadline))
		return true;
	if (due > now && due < *at)
		*at = due;
	if (ticket->deadline && ticket->deadline < *at)
		*at = ticket->deadline;
	return false;
}

static uint32_t find_in_group(const struct bpool *pool,
			      const struct bp_waits *waits, uint64_t *at)
{
	const struct bpool_link *head = &waits->group->ready;

	/* Without limits the first is the oldest, and may start. */
	for (const struct bpool_link *link = head->next; link != head;
	     link = link->next) {
		uint32_t id =
			bp_container(link, struct bp_extra, in_group)->number;

		/* Behind it are later ones alone: what is tried again stands
		 * in front. */
		if (pool->records[id].seq > bp_waits_last(waits)) {
			if (!pool->records[id].ticketed)
				return BP_NONE;
			continue;
		}
		if (may_start(pool, id, waits, at))
			return id;
	}
	return BP_NONE;
}

uint32_t bp_help_find(const struct bpool *pool, const struct bp_waits *waits,
		      uint64_t *at)
{
	uint32_t id;

	*at = UINT64_MAX;
	if (!waits->future)
		return find_in_group(pool, waits, at);
	id = waits->future->record;
	if (pool->extras[id].worker != BP_NONE)
		return BP_NONE;
	return may_start(pool, id, waits, at) ? id : BP_NONE;
}

static struct bp_sleeper *helper_of(struct bpool_link *link)
{
	return bp_container(link, struct bp_sleeper, in_helpers);
}

void bp_helpers_look(struct bpool *pool, struct bp_wakes *wakes)
{
	struct bpool_link *link = pool->helpers.next;

	for (; link != &pool->helpers; link = link->next) {
		struct bp_sleeper *sleeper = helper_of(link);
		uint64_t at;

		/* Off its list it was told, and its future may be gone. */
		if (!sleeper->enlisted)
			continue;
		if (!sleeper->waits ||
		    bp_help_find(pool, sleeper->waits, &at) != BP_NONE ||
		    at < sleeper->until)
			bp_sleeper_nudge(sleeper, wakes);
	}
}

void bp_helpers_nudge(struct bpool *pool, struct bp_wakes *wakes)
{
	struct bpool_link *link = pool->helpers.next;

	for (; link != &pool->helpers; link = link->next)
		if (helper_of(link)->enlisted)
			bp_sleeper_nudge(helper_of(link), wakes);
}
