/* SPDX-License-Identifier: MIT */
/* What one job is made of: the values that its template is filled with. */
#ifndef RECORD_H
#define RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct record {
	const char *line;    /* what {} is, if it is one value; else NULL:
			      * it is each of the values */
	char *const *values; /* {1}, {2} ... */
	size_t nvalues;	     /* at least one */
	const char *file;    /* where the line stands; NULL: stdin */
	uint64_t number;     /* ... and which it is there, from 1; of several
			      * the first; 0: it stands in none */
};

/* A job's own numbers, both from 1. */
struct turn {
	uint64_t job;
	unsigned slot;
};

/* Texts from which a record is made; all zero is none. */
struct pieces {
	char *bytes; /* each with a NUL behind it */
	size_t len, size;
	size_t *starts;
	size_t n, nstarts;
};

/* 0 or -ENOMEM. */
int pieces_add(struct pieces *pieces, const char *text, size_t len);
void pieces_clear(struct pieces *pieces);
void pieces_fini(struct pieces *pieces);

/*
 * A record in one block, to be released with free(); or NULL.  Its values are
 * the `n` pieces from `first` on; {} is the piece `line`, which is no later,
 * or each of the values if that is RECORD_SEVERAL.
 */
#define RECORD_SEVERAL SIZE_MAX
struct record *record_create(const struct pieces *pieces, size_t line,
			     size_t first, size_t n);

#endif
