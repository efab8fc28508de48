/* SPDX-License-Identifier: MIT */
/*
 * What stands for a value in a template, and what of the value it stands for:
 *
 *	{}	the value	{#}	the job's number, from 1
 *	{.}	without its extension	{%}	its slot, from 1
 *	{/}	its last component	{//}	the directory it is in
 *	{/.}	its last component without extension
 *
 * and where values have numbers, {3}, {3.} and so on for the third of a job.
 */
#ifndef PLACEHOLDER_H
#define PLACEHOLDER_H

#include <stdbool.h>
#include <stddef.h>

/* How they are written.  Fixed for a run. */
struct placeholder_syntax {
	const char *value; /* what is written for {}; never empty */
	bool numbered;	   /* {1} is one */
	bool several;	   /* {} may stand for several values */
	unsigned most;	   /* values a job has; 0: that is not known */
};

enum part {
	PART_WHOLE,
	PART_NO_EXTENSION,
	PART_LAST,
	PART_LAST_NO_EXTENSION,
	PART_DIRECTORY,
	PART_JOB,
	PART_SLOT
};

struct placeholder {
	enum part part;
	unsigned number; /* of the value, from 1; 0: {} and its parts */
};

/* Is it one of a value, and not of the job? */
bool placeholder_of_value(const struct placeholder *p);

/* May it stand for several values, so that it has to be several words? */
bool placeholder_is_several(const struct placeholder_syntax *syntax,
			    const struct placeholder *p);

/* Is it of a value that no job has?  What to say then. */
bool placeholder_is_beyond(const struct placeholder_syntax *syntax,
			   const struct placeholder *p);
extern const char placeholder_why_beyond[];

/* Is there one of those in `text`? */
bool placeholder_has_beyond(const struct placeholder_syntax *syntax,
			    const char *text);

/* Is there one with a number, or what would be one where values have numbers? */
bool placeholder_has_number(const struct placeholder_syntax *syntax,
			    const char *text);

/* Is there one of the slot, which is known once the job runs? */
bool placeholder_has_slot(const struct placeholder_syntax *syntax,
			  const char *text);

bool placeholder_same(const struct placeholder *a, const struct placeholder *b);

/* Read the one that begins at `text`: its length, or 0 where there is none. */
size_t placeholder_read(const struct placeholder_syntax *syntax,
			const char *text, struct placeholder *p);

/* The first one in `text`, or NULL. */
const char *placeholder_find(const struct placeholder_syntax *syntax,
			     const char *text);

/*
 * The part of a value, malloc'd, or NULL.  Last components and directories
 * are those of basename(1) and dirname(1); an extension is what begins at the
 * last dot of the last component, unless that is its first or last byte.
 */
char *placeholder_part(enum part part, const char *value);

#endif
