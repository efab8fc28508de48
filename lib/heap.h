/* SPDX-License-Identifier: MIT */
/*
 * What is due when: a pairing heap (Fredman, Sedgewick, Sleator, Tarjan, 1986)
 * of nodes that stand in the caller's structs, so that nothing is allocated
 * and no room can run out.  Inserting and looking cost O(1), taking out
 * O(log n), amortised.  Knows no threads.
 */
#ifndef BP_HEAP_H
#define BP_HEAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bp_heap_node {
	uint64_t due;
	bool inside;  /* it is in a heap */
	bool of_gate; /* the caller's: what it stands in */
	/* Private: the first below, the next beside, and whose first below or
	 * next beside this is. */
	struct bp_heap_node *child, *next, *prev;
};

struct bp_heap {
	struct bp_heap_node *first; /* the one that is due first; or NULL */
};

/* Put one in that is in none, with its `due` set. */
void bp_heap_insert(struct bp_heap *heap, struct bp_heap_node *node);

/* Take one out that is in. */
void bp_heap_remove(struct bp_heap *heap, struct bp_heap_node *node);

#endif
