/* SPDX-License-Identifier: MIT */
/*
 * What the files that read the command line share: the table of the options,
 * and what holds for several of them together.
 */
#ifndef OPTION_H
#define OPTION_H

#include <stdbool.h>
#include <stddef.h>

struct options;

/*
 * One option: `take` gets its argument, NULL where it has none, and returns 0
 * or negative errno and says what was wrong.  Without `take` a flag sets the
 * bool at `flag`, and an argument is kept at `text`.
 */
struct option {
	char short_name; /* 0: none */
	const char *long_name;
	const char *argument; /* its name in the help; NULL: a flag */
	bool optional;	      /* ... and it may be left out */
	size_t flag;	      /* of a bool */
	size_t text;	      /* of a const char *, where take is NULL */
	int (*take)(struct options *options, const char *text);
	bool beside_semaphore; /* --sem takes it too */
	const char *help;
};

extern const struct option option_table[];
extern const size_t option_table_n;

/* Say that `what` of the command line is wrong, and why; -EINVAL. */
int usage_error(const char *what, const char *why);

/* What makes no sense together: said, and -EINVAL.  What one option implies of
 * others is set. */
int option_check(struct options *options);

#endif
