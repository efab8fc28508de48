/* SPDX-License-Identifier: MIT */
/*
 * Circular doubly linked lists of what has a struct bpool_link inside.  The
 * head is a link too.  Know no threads, allocate nothing.
 */
#ifndef BP_LIST_H
#define BP_LIST_H

#include <boundpool.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The struct of `type` whose `member` is at `link`. */
#define bp_container(link, type, member)                                       \
	((type *)((uintptr_t)(link)-offsetof(type, member)))

static inline void list_init(struct bpool_link *head)
{
	head->prev = head->next = head;
}

static inline bool list_empty(const struct bpool_link *head)
{
	return head->next == head;
}

/* Before `where`: at the tail of the list if that is its head. */
static inline void list_insert(struct bpool_link *where,
			       struct bpool_link *link)
{
	link->next = where;
	link->prev = where->prev;
	where->prev->next = link;
	where->prev = link;
}

static inline void list_remove(struct bpool_link *link)
{
	link->prev->next = link->next;
	link->next->prev = link->prev;
}

#endif
