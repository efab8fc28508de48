/* SPDX-License-Identifier: MIT */
/*
 * Values on the command line: `::: a b ::: c d` is every combination, the
 * last changing fastest; `::: a b :::+ c d` takes two together, as long as
 * both last.
 */
#ifndef SOURCES_H
#define SOURCES_H

#include <stdbool.h>
#include <stddef.h>

struct source {
	char *const *values; /* of argv */
	size_t n;
	bool linked; /* by :::+ to the one before */
	size_t at;   /* of the next combination */
};

struct sources {
	struct source *all;
	size_t n;
	bool ended;
};

/* Is this word the beginning of one? */
bool sources_begin(const char *word);

/* Is it the word by which others take values from files? */
bool sources_of_file(const char *word);

/*
 * Read `words`, which begin with one, and must outlive this.  0 or -ENOMEM.
 */
int sources_init(struct sources *sources, int n, char *const *words);
void sources_fini(struct sources *sources);

/* The next combination, sources->n values: true, or false at the end. */
bool sources_next(struct sources *sources, const char **values);

#endif
