/* SPDX-License-Identifier: MIT */
/*
 * What the variable MAKEFLAGS says of GNU make's jobserver, and MAKEFLAGS for
 * those who shall use another.  Text alone: nothing is opened.
 */
#ifndef MAKEFLAGS_H
#define MAKEFLAGS_H

/* Where the pipe is: one of them. */
struct makeflags {
	char *auth;	  /* as it was written; ours; NULL: no jobserver */
	const char *fifo; /* inside auth: a path; or NULL and */
	int ends[2];	  /* two descriptors, to read and to write; -1: none
			   * that could be meant */
	unsigned jobs;	  /* make's own -j, or 0 where it is not known */
};

/*
 * Read the variable's value (NULL: it is not set).  Of several jobservers the
 * last counts, and the option of make before 4.2 only where there is no other.
 *
 * -EINVAL   there is one, but where is not to be understood: auth alone is set
 * -ENOMEM   nothing is set
 */
int makeflags_read(struct makeflags *flags, const char *text);
void makeflags_fini(struct makeflags *flags);

/*
 * The value for those who shall use the jobserver of `jobs` at `auth`, with all
 * that `text` (or NULL) has but another.  The caller's to free; NULL where there
 * is no memory.
 */
char *makeflags_make(const char *text, unsigned jobs, const char *auth);

#endif
