/* SPDX-License-Identifier: MIT */
/*
 * A command line read by a table, which its help is made of too.  What the
 * options set is the command's own `struct options`.
 */
#ifndef OPTION_H
#define OPTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "retry.h"
#include "text.h"
#include "units.h"

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
	unsigned uses;	      /* what it is for: bits, the command's own */
	size_t flag;	      /* of a bool */
	size_t text;	      /* of a const char *, where take is NULL */
	int (*take)(struct options *options, const char *text);
	const char *help;
	const char *elsewhere; /* what other tools call it: "-P --max-procs" */
};

/* What other tools have and this has not: "-r --no-run-if-empty", and why. */
struct option_missing {
	const char *words, *why;
};

struct option_table {
	const struct option *all;
	size_t n;
	const struct option_missing *missing;
	size_t nmissing;
};

/* The command line argv[i] and what follows. */
struct option_reader {
	const struct option_table *table;
	struct options *options;
	unsigned use;  /* options that are for none of these there are not;
			* 0: all there are */
	unsigned uses; /* out: what all that were given are for */
	int argc;
	char **argv;
	int i; /* out: the first word that is no option, or argc */
};

/* Read options up to "--" or the first word that is none; 0 or negative
 * errno, which has been said. */
int option_read(struct option_reader *reader);

/* The lines of the help for those options that are for `use`; 0: for all. */
void option_help(const struct option_table *table, unsigned use,
		 struct text *text);

/* Say that `what` of the command line is wrong, and why; -EINVAL. */
int usage_error(const char *what, const char *why);

/* For `take`: a number of `what`, from 1 to `most`, behind the option `name`. */
int option_number(const char *name, const char *what, const char *text,
		  unsigned most, unsigned *number);

/* The same with a time. */
int option_duration(const char *name, const char *text, int64_t *ms);

/* The same with a rate. */
int option_rate(const char *name, const char *text, struct bpool_rate *rate);

/* The same with how long retries wait. */
int option_backoff(const char *name, const char *text, struct retry *retry);

#endif
