/* SPDX-License-Identifier: MIT */
/*
 * bpool's command line.  One table serves the parser and --help; what is in
 * the one is in the other.
 */
#ifndef OPTIONS_H
#define OPTIONS_H

#include <boundpool.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "color.h"
#include "halt.h"
#include "limit.h"
#include "option.h"
#include "retry.h"
#include "sources.h"

struct options {
	unsigned jobs;	       /* -j: at once; 0: as many as there are CPUs */
	bool jobs_auto;	       /* ... at most; how many is found out */
	bool keep_order;       /* -k */
	char delimiter;	       /* -d; NUL: -0 */
	const char *columns;   /* -C: what parts them, or NULL */
	unsigned max_values;   /* -n; 0: not given */
	bool fill;	       /* -m */
	const char *replace;   /* -I, or "{}" */
	const char *directory; /* --cwd, or NULL */
	bool dry_run;
	bool quiet;   /* -q */
	bool verbose; /* -v */
	bool ungroup; /* -u, or --tty */
	bool tty;
	bool line_buffer;
	int64_t delay_ms;	  /* --delay */
	int64_t grace_ms;	  /* --kill-after */
	int64_t timeout_ms;	  /* --timeout; 0: not given, or ... */
	unsigned timeout_percent; /* ... of the median */
	int64_t deadline_ms;	  /* --deadline, from the start; 0: none */
	struct halt halt;	  /* --halt */
	const char *joblog;	  /* --joblog, or NULL */
	bool resume, resume_failed, retry_failed;
	bool no_wait;
	bool progress, summary;
	enum color_mode color;
	const char *events;    /* --events, or NULL */
	const char *report;    /* --report, or NULL */
	const char *from;      /* --from, or NULL */
	const char *results;   /* --results, or NULL */
	double load;	       /* --load; 0: not given */
	uint64_t memory;       /* --memfree, bytes; 0: not given */
	const char *tag;       /* --tag, or NULL */
	const char *jobserver; /* --jobserver: "pipe", "fifo", or NULL */
	bool keep_cr;
	bool help;
	bool version;
	const char *semaphore;	    /* --sem, or NULL */
	unsigned uses;		    /* what all that were given are for */
	struct retry retry;	    /* --retries and its kin */
	struct bpool_rate rate;	    /* --rate; no starts: none */
	const char *key;	    /* --key, or NULL */
	bool key_host;		    /* --key-host */
	unsigned per_key;	    /* --per-key; 0: any number */
	struct bpool_rate key_rate; /* --key-rate */
	struct limit *limits;	    /* --limit, ours */
	size_t nlimits;
	const char *shell;
	char **files; /* -a, in order, ours; words of argv */
	size_t nfiles;
	int argc; /* the command, inside the caller's argv */
	char **argv;
	struct sources sources; /* ::: */
};

/* What options are for; all of them for a run. */
#define USE_SEMAPHORE 1u /* --sem */
#define USE_PAGE 2u	 /* --report --from */

extern const struct option_table option_table;

/* What makes no sense together: said, and -EINVAL.  What one option implies of
 * others is set. */
int option_check(struct options *options);

/*
 * Read argv, which must outlive `options`.  Stops at "--" or at the first
 * word that is no option: a command's own options are the command's.
 *
 * -EINVAL   a usage error, which has been said
 * -ENOMEM
 */
int options_parse(struct options *options, int argc, char **argv);

/* Whether what jobs say of the service that they ask is listened to. */
bool options_mind(const struct options *options);

/* Whether a job log says what is done. */
bool options_resume(const struct options *options);

/* Whether lines are typed at a terminal. */
bool options_list_is_typed(const struct options *options);

void options_fini(struct options *options);

/* Write the help to stdout; 0 or negative errno. */
int options_help(void);

#endif
