/* SPDX-License-Identifier: MIT */
/* Each option: its names, its line of the help, how its argument is read. */
#include <boundpool.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "message.h"
#include "options.h"

/* What the engine counts up to is more. */
#define QUEUED_MAX 1000000000u
#define BOUND_MAX 1000000u

#define ATTEMPTS_MAX 1000000u

/* Leases of less are over before they are renewed. */
#define LEASE_LEAST_MS 300

#define RATE_LEAST_NS UINT64_C(100000000)

static int take_max_queued(struct options *options, const char *text)
{
	return option_number("--max-queued", "jobs", text, QUEUED_MAX,
			     &options->max_queued);
}

static int take_replicas(struct options *options, const char *text)
{
	return option_number("--replicas", "servers", text, 5,
			     &options->replicas);
}

static int take_keep(struct options *options, const char *text)
{
	return option_duration("--keep", text, &options->keep_ms);
}

static int take_bound(struct options *options, const char *text)
{
	return option_number("-N", "jobs", text, BOUND_MAX, &options->bound);
}

static int take_lease(struct options *options, const char *text)
{
	int rc = option_duration("--lease", text, &options->lease_ms);

	if (!rc && options->lease_ms < LEASE_LEAST_MS)
		return usage_error("--lease", "300ms is the least");
	return rc;
}

static int take_attempts(struct options *options, const char *text)
{
	return option_number("--attempts", "times", text, ATTEMPTS_MAX,
			     &options->attempts);
}

static int take_rate(struct options *options, const char *text)
{
	options->rate_is_given = true;
	options->rate = (struct bpool_rate){ 0 };
	if (strcmp(text, "none") == 0)
		return 0;
	if (option_rate("--rate", text, &options->rate))
		return -EINVAL;
	if (strchr(text, ':'))
		return usage_error("--rate", "it has no burst: all may start "
					     "at once, and none for the rest");
	/* By what the engine's clock of them is. */
	if (options->rate.period_ns < RATE_LEAST_NS)
		return usage_error("--rate", "100ms is the shortest period");
	return 0;
}

static int take_retries(struct options *options, const char *text)
{
	return option_number("--retries", "attempts", text, ATTEMPTS_MAX,
			     &options->retry.attempts);
}

static int take_backoff(struct options *options, const char *text)
{
	return option_backoff("--backoff", text, &options->retry);
}

static int take_jobs(struct options *options, const char *text)
{
	return option_number("-j", "jobs", text, BPOOL_WORKERS_MAX,
			     &options->jobs);
}

static int take_grace(struct options *options, const char *text)
{
	return option_duration("--grace", text, &options->grace_ms);
}

static int take_timeout(struct options *options, const char *text)
{
	return option_duration("--timeout", text, &options->timeout_ms);
}

static int take_null(struct options *options, const char *text)
{
	(void)text;
	options->delimiter = '\0';
	return 0;
}

static int take_env(struct options *options, const char *text)
{
	union {
		const char *from;
		char *to;
	} name = { .from = text };
	char **pass;

	if (!*text || strchr(text, '='))
		return usage_error("--env", "takes the name of a variable");
	pass = realloc(options->pass,
		       (options->npass + 1) * sizeof(*options->pass));
	if (!pass)
		return -ENOMEM;
	options->pass = pass;
	pass[options->npass++] = name.to;
	return 0;
}

#define FLAG(name) .flag = offsetof(struct options, name)
#define TEXT(name) .text = offsetof(struct options, name)

static const struct option table[] = {
	{ 0, "nats", "URL", .uses = USE_ALL, TEXT(url),
	  .help = "the server (default: $NATS_URL, or this machine's)" },
	{ 0, "user", "NAME", .uses = USE_ALL, TEXT(identity.user),
	  .help = "who this is to the server, with --password-file" },
	{ 0, "password-file", "FILE", .uses = USE_ALL,
	  TEXT(identity.password_file), .help = "... its first line" },
	{ 0, "creds", "FILE", .uses = USE_ALL, TEXT(identity.creds),
	  .help = "the same by a credentials file (JWT and seed)" },
	{ 0, "nkey", "KEY", .uses = USE_ALL, TEXT(identity.nkey),
	  .help = "the same by a public key, with --nkey-seed" },
	{ 0, "nkey-seed", "FILE", .uses = USE_ALL, TEXT(identity.seed),
	  .help = "... the file that has its seed" },
	{ 0, "tls", .uses = USE_ALL, FLAG(identity.tls),
	  .help = "talk to no server but over TLS, and check its name" },
	{ 0, "ca", "FILE", .uses = USE_ALL, TEXT(identity.ca),
	  .help = "... whose certificate is of one of these" },
	{ 0, "cert", "FILE", .uses = USE_ALL, TEXT(identity.cert),
	  .help = "... and show it this certificate, with --key" },
	{ 0, "key", "FILE", .uses = USE_ALL, TEXT(identity.key),
	  .help = "... the file that has its key" },
	{ 0, "inbox", "WORD", .uses = USE_ALL, TEXT(identity.inbox),
	  .help = "subjects of answers begin with it (_INBOX)" },
	{ 0, "stream", "S", .uses = USE_ALL, TEXT(stream),
	  .help = "the queue's name" },
	{ 0, "class", "C",
	  .uses = USE_LIMIT | USE_SUBMIT | USE_WORK | USE_DLQ | USE_DRAIN |
		  USE_RESUME,
	  TEXT(class_name),
	  .help = "what the bound is for, as api.example.com" },
	{ 0, "max-queued", "N", .uses = USE_INIT, .take = take_max_queued,
	  .help = "jobs that may wait, of all classes (1000000)" },
	{ 0, "replicas", "N", .uses = USE_INIT, .take = take_replicas,
	  .help = "servers that have each message (1)" },
	{ 0, "keep", "TIME", .uses = USE_INIT, .take = take_keep,
	  .help = "how long results are kept (7d)" },
	{ 'N', "bound", "N", .uses = USE_LIMIT, .take = take_bound,
	  .help = "run at most N jobs of the class at once, in all" },
	{ 0, "lease", "TIME", .uses = USE_LIMIT, .take = take_lease,
	  .help = "a worker silent so long has lost its jobs (30s)" },
	{ 0, "attempts", "N", .uses = USE_LIMIT, .take = take_attempts,
	  .help = "give a job to no more workers that die of it (5)" },
	{ 0, "rate", "N/TIME", .uses = USE_LIMIT, .take = take_rate,
	  .help = "start at most N in any such time, or none" },
	{ 0, "batch", "ID", .uses = USE_SUBMIT | USE_RESULTS | USE_DLQ,
	  TEXT(batch), .help = "the jobs' common name (default: a new one)" },
	{ '0', "null", .uses = USE_SUBMIT, .take = take_null,
	  .help = "lines end with NUL, not with newline" },
	{ 0, "retries", "N", .uses = USE_SUBMIT, .take = take_retries,
	  .help = "try a job that fails again, N times in all" },
	{ 0, "backoff", "BASE..CAP", .uses = USE_SUBMIT, .take = take_backoff,
	  .help = "... after a while that grows (100ms..30s)" },
	{ 0, "timeout", "TIME", .uses = USE_WORK | USE_SUBMIT,
	  .take = take_timeout, .help = "stop a job after TIME" },
	{ 'w', "wait", .uses = USE_SUBMIT, FLAG(wait),
	  .help = "then wait for the results, and print them" },
	{ 'j', "jobs", "N", .uses = USE_WORK, .take = take_jobs,
	  .help = "run N jobs at once here (default: CPUs)" },
	{ 0, "grace", "TIME", .uses = USE_WORK, .take = take_grace,
	  .help = "when stopped, let jobs run on for TIME (30s)" },
	{ 0, "env", "NAME", .uses = USE_WORK, .take = take_env,
	  .help = "let jobs have this variable too (may be repeated)" },
	{ 0, "events", "FILE", .uses = USE_WORK, TEXT(events),
	  .help = "write what happens, as JSON lines" },
	{ 'f', "follow", .uses = USE_RESULTS, FLAG(follow),
	  .help = "wait for those that are not there yet" },
	{ 'k', "keep-order", .uses = USE_RESULTS | USE_SUBMIT, FLAG(keep_order),
	  .help = "print outputs in the order of the input" },
	{ 0, "joblog", "FILE", .uses = USE_RESULTS | USE_SUBMIT, TEXT(joblog),
	  .help = "write a line about each job" },
	{ 'q', "quiet", .uses = USE_RESULTS | USE_SUBMIT, FLAG(quiet),
	  .help = "say nothing of what went well" },
	{ 0, "json", .uses = USE_STATUS, FLAG(json),
	  .help = "as JSON lines, one a class" },
	{ 'h', "help", .uses = USE_ALL, FLAG(help),
	  .help = "show this and exit" },
	{ 'V', "version", .uses = USE_ALL, FLAG(version),
	  .help = "show the version and exit" },
};

const struct option_table option_table = {
	.all = table,
	.n = sizeof(table) / sizeof(table[0]),
};
