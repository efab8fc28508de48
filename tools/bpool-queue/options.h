/* SPDX-License-Identifier: MIT */
/* bpool-queue's command line: a word for what is to be done, and its options. */
#ifndef OPTIONS_H
#define OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "identity.h"
#include "names.h"
#include "option.h"
#include "retry.h"

/* What there is to be done: bits, as options have them. */
enum {
	USE_INIT = 1,
	USE_LIMIT = 2,
	USE_SUBMIT = 4,
	USE_WORK = 8,
	USE_RESULTS = 16,
	USE_STATUS = 32,
	USE_JANITOR = 64,
	USE_DLQ_LIST = 128,
	USE_DLQ_RETRY = 256,
	USE_DLQ_DROP = 512,
	USE_DLQ = 128 | 256 | 512,
	USE_DRAIN = 1024,
	USE_RESUME = 2048,
	USE_ALL = 4095
};

struct options {
	unsigned use;
	const char *url;    /* --nats */
	const char *stream; /* --stream */
	struct identity identity;
	const char *class_name; /* --class, or NULL */
	const char *batch;	/* --batch, or NULL */
	char class[TOKEN_SIZE]; /* tokens of those two; "": none */
	char batch_token[TOKEN_SIZE];
	unsigned max_queued; /* --max-queued; 0: not given */
	unsigned replicas;   /* --replicas; 0: not given */
	int64_t keep_ms;     /* --keep; 0: not given */
	unsigned bound;	     /* -N; 0: not given */
	int64_t lease_ms;    /* --lease; 0: not given */
	unsigned attempts;   /* --attempts; 0: not given */
	bool rate_is_given;
	struct bpool_rate rate; /* --rate; without starts: none */
	struct retry retry;	/* --retries, --backoff */
	unsigned jobs;		/* -j; 0: as many as there are CPUs */
	int64_t grace_ms;	/* --grace */
	int64_t timeout_ms;	/* --timeout; 0: none */
	char delimiter;		/* -d; NUL: -0 */
	bool wait, follow, keep_order, quiet, json;
	bool batch_is_made; /* its name was not given */
	const char *joblog; /* --joblog, or NULL */
	const char *events; /* --events, or NULL */
	const char *shell;
	char **pass; /* --env, ours; words of argv */
	size_t npass;
	bool help, version;
	int argc; /* the command, inside the caller's argv */
	char **argv;
};

/*
 * Read argv, which must outlive `options`.
 *
 * -EINVAL   a usage error, which has been said
 * -ENOMEM
 */
int options_parse(struct options *options, int argc, char **argv);
void options_fini(struct options *options);

/* Write the help for options->use, or of all, to stdout; 0 or negative errno. */
int options_help(const struct options *options);

extern const struct option_table option_table;

#endif
