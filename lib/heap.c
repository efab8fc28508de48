/* SPDX-License-Identifier: MIT */
#include "heap.h"

/* Of two heaps (NULL: empty) one: who is due later goes below the other. */
static struct bp_heap_node *heap_meld(struct bp_heap_node *a,
				      struct bp_heap_node *b)
{
	struct bp_heap_node *later;

	if (!a || !b)
		return a ? a : b;
	if (b->due < a->due) {
		later = a;
		a = b;
		b = later;
	}
	b->prev = a;
	b->next = a->child;
	if (b->next)
		b->next->prev = b;
	a->child = b;
	return a;
}

/* Of the heaps that hang side by side one: in pairs from the left, and then
 * all pairs from the right. */
static struct bp_heap_node *heap_gather(struct bp_heap_node *first)
{
	struct bp_heap_node *pairs = NULL, *all = NULL, *pair;

	while (first) {
		struct bp_heap_node *second = first->next, *rest = NULL;

		if (second)
			rest = second->next;
		first->prev = first->next = NULL;
		if (second)
			second->prev = second->next = NULL;
		pair = heap_meld(first, second);
		pair->next = pairs;
		pairs = pair;
		first = rest;
	}
	while (pairs) {
		pair = pairs;
		pairs = pairs->next;
		pair->next = NULL;
		all = heap_meld(all, pair);
	}
	return all;
}

void bp_heap_insert(struct bp_heap *heap, struct bp_heap_node *node)
{
	node->child = node->next = node->prev = NULL;
	node->inside = true;
	heap->first = heap_meld(heap->first, node);
}

void bp_heap_remove(struct bp_heap *heap, struct bp_heap_node *node)
{
	struct bp_heap_node *below = heap_gather(node->child);

	if (node->next)
		node->next->prev = node->prev;
	if (!node->prev) {
		heap->first = below;
	} else {
		if (node->prev->child == node)
			node->prev->child = node->next;
		else
			node->prev->next = node->next;
		heap->first = heap_meld(heap->first, below);
	}
	node->inside = false;
}
