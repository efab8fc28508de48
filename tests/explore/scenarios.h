/* SPDX-License-Identifier: MIT */
/* What is explored: each a program of a few threads that ends, and says by
 * world_fail() where what is promised did not hold. */
#ifndef SCENARIOS_H
#define SCENARIOS_H

struct scenario {
	const char *name; /* NULL: the end of the list */
	void (*fn)(void);
};

extern const struct scenario scenarios_of_pool[];
extern const struct scenario scenarios_of_results[];
extern const struct scenario scenarios_of_terms[];

#endif
