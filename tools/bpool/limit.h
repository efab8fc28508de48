/* SPDX-License-Identifier: MIT */
/* A limit as it is asked for: so many at once under a name. */
#ifndef LIMIT_H
#define LIMIT_H

/* Who waits looks at each slot in turn. */
#define LIMIT_SLOTS_MAX 4096u

struct limit {
	char *name; /* any text that filename_make() takes */
	unsigned slots;
};

#endif
