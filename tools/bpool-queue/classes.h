/* SPDX-License-Identifier: MIT */
/*
 * A class of jobs: a consumer of the queue's, which is its bound, another for those
 * that are to be tried again, and, where it has a rate, a stream that holds one
 * message for each start of the last while and takes no more than so many.
 */
#ifndef CLASSES_H
#define CLASSES_H

#include "bus.h"
#include "options.h"

#define CLASS_PAUSE_SIZE 48

/* Nobody pauses a class for longer. */
#define CLASS_PAUSE_MOST_MS 3600000

/* What holds of one. */
struct class_terms {
	int64_t lease_us;
	unsigned bound;
	unsigned attempts; /* to so many workers that die of it a job is given */
	unsigned starts;   /* at most, in any ... ; 0: no rate */
	int64_t period_ms; /* ... such time */
};

/*
 * Make a class with its bound, or change it.  How long its leases are is changed
 * only while nobody works: workers know them from their start.  0 or negative errno,
 * which has been said.
 */
int classes_limit(struct bus *bus, const struct options *options);

/* The consumer of a class, a token, the caller's: 0, or -ENOENT or -EIO. */
int classes_look(struct bus *bus, const char *class, jsConsumerInfo **info);

/* Say that there is none of this name. */
void classes_say_none(const char *name);

/* The consumer of options->class; what fails has been said. */
int classes_find(struct bus *bus, const struct options *options,
		 jsConsumerInfo **info);

void classes_terms(const jsConsumerInfo *info, struct class_terms *terms);

/* The subject that says `word` of a class, a token: see names.h. */
void classes_subject(const struct bus *bus, const char *class, const char *word,
		     char subject[SUBJECT_SIZE]);

/* What "pause" says: for how long, in milliseconds, and after how many refusals. */
void classes_pause_write(char text[CLASS_PAUSE_SIZE], int64_t ms,
			 unsigned refusals);
bool classes_pause_read(const natsMsg *message, int64_t *ms,
			unsigned *refusals);

#endif
