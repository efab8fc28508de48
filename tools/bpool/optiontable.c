/* SPDX-License-Identifier: MIT */
/* Each option: its names, its line of the help, how its argument is read. */
#include <boundpool.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "filename.h"
#include "message.h"
#include "option.h"
#include "options.h"
#include "units.h"

/* Lines a job, at most. */
#define VALUES_MAX 65536u

/* What -j auto looks up to. */
#define JOBS_AUTO 64u

/* Attempts of a job, at most. */
#define ATTEMPTS_MAX 1000000u

/* "auto" and "auto:200", too. */
static int take_jobs(struct options *options, const char *text)
{
	options->jobs_auto = strncmp(text, "auto", 4) == 0 &&
			     (!text[4] || text[4] == ':');
	if (options->jobs_auto && !text[4]) {
		options->jobs = JOBS_AUTO;
		return 0;
	}
	if (options->jobs_auto)
		text += 5;
	return option_number(options->jobs_auto ? "-j auto:" : "-j", "jobs",
			     text, BPOOL_WORKERS_MAX, &options->jobs);
}

static int take_max_values(struct options *options, const char *text)
{
	return option_number("-n", "lines", text, VALUES_MAX,
			     &options->max_values);
}

/* One byte, or an escape of one. */
static int take_delimiter(struct options *options, const char *text)
{
	static const char letters[] = "abfnrtv0\\",
			  bytes[] = "\a\b\f\n\r\t\v\0\\";
	const char *found = NULL;
	size_t digits = 0;

	if (text[0] && !text[1]) {
		options->delimiter = text[0];
		return 0;
	}
	if (text[0] == '\\' && text[1] && !text[2])
		found = strchr(letters, text[1]);
	if (text[0] == '\\' && text[1] == 'x')
		digits = strspn(text + 2, "0123456789abcdefABCDEF");
	if (found) {
		options->delimiter = bytes[found - letters];
	} else if ((digits == 1 || digits == 2) && !text[2 + digits]) {
		options->delimiter = (char)strtoul(text + 2, NULL, 16);
	} else {
		char shown[80];

		say("-d %s: not one byte, or an escape such as \\t, \\0 or "
		    "\\x1f",
		    escaped(shown, sizeof(shown), text));
		return -EINVAL;
	}
	return 0;
}

/* The same as -d '\0'; the last of them counts. */
static int take_null(struct options *options, const char *text)
{
	(void)text;
	options->delimiter = '\0';
	return 0;
}

/* What no shell gives a meaning to. */
static int take_replace(struct options *options, const char *text)
{
	static const char safe[] = "abcdefghijklmnopqrstuvwxyz"
				   "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				   "_@%+:,./-{}^";

	if (!*text || text[strspn(text, safe)]) {
		char shown[80];

		say("-I %s: only letters, digits and %s",
		    escaped(shown, sizeof(shown), text), strchr(safe, '_'));
		return -EINVAL;
	}
	options->replace = text;
	return 0;
}

/* One that is not over at once. */
static int take_limit(const char *name, const char *text, int64_t *ms)
{
	int rc = option_duration(name, text, ms);

	if (!rc && *ms == 0) {
		say("%s %s: no time at all", name, text);
		return -EINVAL;
	}
	return rc;
}

static int take_delay(struct options *options, const char *text)
{
	return option_duration("--delay", text, &options->delay_ms);
}

static int take_grace(struct options *options, const char *text)
{
	return option_duration("--kill-after", text, &options->grace_ms);
}

/* A time, or a percentage. */
static int take_timeout(struct options *options, const char *text)
{
	size_t digits = strspn(text, "0123456789");

	if (strcmp(text + digits, "%") != 0) {
		options->timeout_percent = 0;
		return take_limit("--timeout", text, &options->timeout_ms);
	}
	if (digits < 3 || digits > 6 || text[0] == '0') {
		char shown[80];

		say("--timeout %s: not a percentage of at least 100, such as "
		    "300%%",
		    escaped(shown, sizeof(shown), text));
		return -EINVAL;
	}
	options->timeout_percent = (unsigned)strtoul(text, NULL, 10);
	return 0;
}

static int take_deadline(struct options *options, const char *text)
{
	return take_limit("--deadline", text, &options->deadline_ms);
}

static int take_color(struct options *options, const char *text)
{
	char shown[80];

	if (color_read(text, &options->color) == 0)
		return 0;
	say("--color %s: not auto, always or never",
	    escaped(shown, sizeof(shown), text));
	return -EINVAL;
}

static int take_halt(struct options *options, const char *text)
{
	char shown[80];

	if (halt_read(text, &options->halt) == 0)
		return 0;
	say("--halt %s: not WHEN,WHAT=N, such as now,fail=1, soon,fail=3, "
	    "now,success=1 or soon,done=50%%",
	    escaped(shown, sizeof(shown), text));
	return -EINVAL;
}

static int take_load(struct options *options, const char *text)
{
	char shown[80], *end;

	/* Without the hexadecimal and the infinite. */
	options->load = strtod(text, &end);
	if (end == text + strspn(text, "0123456789.") && !*end &&
	    options->load > 0 && options->load < 1e6)
		return 0;
	say("--load %s: not a load, such as 4 or 1.5",
	    escaped(shown, sizeof(shown), text));
	return -EINVAL;
}

static int take_memory(struct options *options, const char *text)
{
	char shown[80];

	if (size_read(text, &options->memory) == 0)
		return 0;
	say("--memfree %s: not a size, such as 500M or 1.5G",
	    escaped(shown, sizeof(shown), text));
	return -EINVAL;
}

static int take_rate(struct options *options, const char *text)
{
	return option_rate("--rate", text, &options->rate);
}

static int take_key_rate(struct options *options, const char *text)
{
	return option_rate("--key-rate", text, &options->key_rate);
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

static int take_retry_on(struct options *options, const char *text)
{
	char shown[80];

	if (retry_on_read(text, &options->retry) == 0)
		return 0;
	say("--retry-on %s: not a list such as 7,28,signal,timeout",
	    escaped(shown, sizeof(shown), text));
	return -EINVAL;
}

static int take_retry_budget(struct options *options, const char *text)
{
	char shown[80];

	if (retry_budget_read(text, &options->retry) == 0)
		return 0;
	say("--retry-budget %s: not N, P%%, N+P%% or none",
	    escaped(shown, sizeof(shown), text));
	return -EINVAL;
}

static int take_per_key(struct options *options, const char *text)
{
	return option_number("--per-key", "jobs", text, BPOOL_WORKERS_MAX,
			     &options->per_key);
}

/* The name of a file, or "fd:" and a number; whether that is open is seen
 * later. */
static int check_target(const char *name, const char *text)
{
	char shown[200];
	unsigned fd;

	if (strncmp(text, "fd:", 3) != 0 ||
	    count_read(text + 3, 0, INT32_MAX, &fd) == 0)
		return 0;
	say("%s %s: not the number of a descriptor", name,
	    escaped(shown, sizeof(shown), text));
	return -EINVAL;
}

static int take_events(struct options *options, const char *text)
{
	options->events = text;
	return check_target("--events", text);
}

static int take_report(struct options *options, const char *text)
{
	options->report = text;
	return check_target("--report", text);
}

/* Without a text the value is the tag. */
static int take_tag(struct options *options, const char *text)
{
	options->tag = text ? text : "";
	return 0;
}

/* make 4.3 and older know no fifo. */
static int take_jobserver(struct options *options, const char *text)
{
	char shown[80];

	options->jobserver = text ? text : "pipe";
	if (strcmp(options->jobserver, "pipe") == 0 ||
	    strcmp(options->jobserver, "fifo") == 0)
		return 0;
	say("--jobserver=%s: not pipe, nor fifo",
	    escaped(shown, sizeof(shown), text));
	return -EINVAL;
}

static int take_file(struct options *options, const char *text)
{
	/* Never written through: options_parse() got it as char *. */
	union {
		const char *from;
		char *to;
	} word = { .from = text };
	char **files;

	files = realloc(options->files, (options->nfiles + 1) * sizeof(*files));
	if (!files) {
		say("-a: %s", strerror(ENOMEM));
		return -ENOMEM;
	}
	options->files = files;
	files[options->nfiles++] = word.to;
	return 0;
}

static int take_shell(struct options *options, const char *text)
{
	if (!*text) {
		say("--shell: needs the path of a shell");
		return -EINVAL;
	}
	options->shell = text;
	return 0;
}

/* Whether it may be the name of a semaphore. */
static int check_name(const char *option, const char *name)
{
	char file[FILENAME_SIZE], shown[80];
	int rc = filename_make(file, name);

	if (rc)
		say("%s %s: %s", option, escaped(shown, sizeof(shown), name),
		    rc == -EINVAL ? "needs a name" : "too long a name");
	return rc ? -EINVAL : 0;
}

/* Of the last: twice the same would wait for itself. */
static int check_limit(const struct options *options, const char *name)
{
	char shown[80];
	size_t i;

	for (i = 0; i + 1 < options->nlimits; i++) {
		if (strcmp(options->limits[i].name, name) != 0)
			continue;
		say("--limit %s: given twice",
		    escaped(shown, sizeof(shown), name));
		return -EINVAL;
	}
	return check_name("--limit", name);
}

static int take_semaphore(struct options *options, const char *text)
{
	options->semaphore = text;
	return check_name("--sem", text);
}

/* "NAME=N"; a name may hold a '='. */
static int take_named_limit(struct options *options, const char *text)
{
	const char *equals = strrchr(text, '=');
	struct limit limit = { 0 }, *limits;
	char shown[80];

	if (!equals ||
	    count_read(equals + 1, 1, LIMIT_SLOTS_MAX, &limit.slots)) {
		say("--limit %s: not NAME=N, N from 1 to %u",
		    escaped(shown, sizeof(shown), text), LIMIT_SLOTS_MAX);
		return -EINVAL;
	}
	limit.name = strndup(text, (size_t)(equals - text));
	limits = limit.name ? realloc(options->limits,
				      (options->nlimits + 1) * sizeof(*limits))
			    : NULL;
	if (!limits) {
		free(limit.name);
		say("--limit: %s", strerror(ENOMEM));
		return -ENOMEM;
	}
	options->limits = limits;
	limits[options->nlimits++] = limit;
	return check_limit(options, limit.name);
}

#define FLAG(name) .flag = offsetof(struct options, name)
#define TEXT(name) .text = offsetof(struct options, name)

static const struct option table[] = {
	{ 'j', "jobs", "N", .take = take_jobs, .uses = USE_SEMAPHORE,
	  .help = "run N jobs at once (default: CPUs), or auto[:N]",
	  .elsewhere = "-P --max-procs --procs --concurrency" },
	{ 'k', "keep-order", FLAG(keep_order),
	  .help = "print outputs in the order of the input",
	  .elsewhere = "--sorted --ordered" },
	{ '0', "null", .take = take_null,
	  .help = "lines end with NUL, not with newline", .elsewhere = "-z" },
	{ 'd', "delimiter", "CHAR", .take = take_delimiter,
	  .help = "lines end with CHAR, which may be \\t, \\0 or \\x1f" },
	{ 'a', "arg-file", "FILE", .take = take_file,
	  .help = "read lines from FILE, - is stdin (may be repeated)" },
	{ 'C', "colsep", "REGEX", TEXT(columns),
	  .help = "what parts the columns {1}, {2} ... of a line" },
	{ 'n', "max-args", "N", .take = take_max_values,
	  .help = "N lines a job: {1}, {2} ...; {} is all of them",
	  .elsewhere = "-L --max-lines --batch" },
	{ 'N', "max-replace-args", "N", .take = take_max_values,
	  .help = "the same as -n" },
	{ 'm', "fill", FLAG(fill),
	  .help = "as many lines a job as fit, the end split evenly",
	  .elsewhere = "-X --xargs" },
	{ 'I', "replace", "STR", .take = take_replace,
	  .help = "write STR instead of {}", .elsewhere = "-i" },
	{ 0, "cwd", "DIR", TEXT(directory),
	  .help = "run each job in DIR, which may hold {}",
	  .elsewhere = "--wd --workdir --chdir" },
	{ 'u', "ungroup", FLAG(ungroup),
	  .help = "pass output through as it comes" },
	{ 0, "tty", FLAG(tty), .help = "-j1 -u, and the job has the terminal" },
	{ 0, "line-buffer", FLAG(line_buffer),
	  .help = "print whole lines as they come",
	  .elsewhere = "--lb --linebuffer" },
	{ 0, "tag", "TEXT", .optional = true, .take = take_tag,
	  .help = "begin each line with TEXT (default: {}) and a tab",
	  .elsewhere = "--tagstring --tag-string --prefix" },
	{ 'q', "quiet", FLAG(quiet),
	  .help = "do not name jobs that failed; errors stay" },
	{ 'v', "verbose", FLAG(verbose),
	  .help = "show each command on stderr as it starts",
	  .elsewhere = "-t --echo" },
	{ 0, "progress", FLAG(progress),
	  .help = "show how far the run is, on stderr",
	  .elsewhere = "--bar --eta" },
	{ 0, "summary", FLAG(summary),
	  .help = "say at the end what it came to" },
	{ 0, "color", "WHEN", .take = take_color,
	  .help = "colour what bpool says: auto, always or never" },
	{ 0, "delay", "TIME", .take = take_delay,
	  .help = "start no job sooner than TIME after another" },
	{ 0, "retries", "N", .take = take_retries,
	  .help = "try a job that fails again, N times in all",
	  .elsewhere = "--retry --tries" },
	{ 0, "backoff", "BASE..CAP", .take = take_backoff,
	  .help = "... after a while that grows (100ms..30s)" },
	{ 0, "retry-on", "LIST", .take = take_retry_on,
	  .help = "... if it fails like this: 7,28,signal,timeout" },
	{ 0, "retry-budget", "BUDGET", .take = take_retry_budget,
	  .help = "retries of all jobs: N, P%, none (10+20%)" },
	{ 0, "all-attempts", FLAG(retry.all_attempts),
	  .help = "print the output of each attempt, not of the last" },
	{ 0, "rate", "RATE", .take = take_rate,
	  .help = "start no more than 10/s, 100/m; 100/m:20 may burst",
	  .elsewhere = "--throttle" },
	{ 0, "key", "TEXT", TEXT(key),
	  .help = "what a job's limits are for, such as {1}" },
	{ 0, "key-host", FLAG(key_host),
	  .help = "that is the host of its first URL" },
	{ 0, "per-key", "N", .take = take_per_key,
	  .help = "run at most N jobs of a key at once" },
	{ 0, "key-rate", "RATE", .take = take_key_rate,
	  .help = "start no more than that of a key" },
	{ 0, "load", "N", .take = take_load,
	  .help = "start none while the machine's load is N or more" },
	{ 0, "memfree", "SIZE", .take = take_memory,
	  .help = "start none while no more memory than SIZE is free",
	  .elsewhere = "--mem" },
	{ 0, "timeout", "TIME", .take = take_timeout,
	  .help = "stop a job after TIME, or N% of the median so far" },
	{ 0, "deadline", "TIME", .take = take_deadline,
	  .help = "stop everything after TIME" },
	{ 0, "halt", "HALT", .take = take_halt,
	  .help = "end early: now,fail=1, soon,done=50% and so on",
	  .elsewhere = "--halt-on-error --fail-fast" },
	{ 0, "limit", "NAME=N", .take = take_named_limit,
	  .help = "N at once of all who share it (may be repeated)" },
	{ 0, "kill-after", "TIME", .take = take_grace,
	  .help = "when stopped, kill what is left after TIME (10s)",
	  .elsewhere = "--grace --termseq" },
	{ 0, "joblog", "FILE", TEXT(joblog),
	  .help = "write a line about each job that has ended",
	  .elsewhere = "--log" },
	{ 0, "resume", FLAG(resume),
	  .help = "run only what the job log does not have" },
	{ 0, "resume-failed", FLAG(resume_failed),
	  .help = "... and what failed" },
	{ 0, "retry-failed", FLAG(retry_failed),
	  .help = "run what failed, from the job log alone" },
	{ 0, "no-wait", FLAG(no_wait),
	  .help = "do not wait for jobs that a killed run left" },
	{ 0, "results", "DIR", TEXT(results),
	  .help = "keep stdout, stderr and meta.json of each job",
	  .elsewhere = "--outdir" },
	{ 0, "events", "FILE", .take = take_events,
	  .help = "write what happens, as JSON lines; fd:3 is one" },
	{ 0, "report", "FILE", .take = take_report, .uses = USE_PAGE,
	  .help = "write a page (HTML) that shows the run" },
	{ 0, "from", "FILE", TEXT(from), .uses = USE_PAGE,
	  .help = "... of what --events wrote, and run nothing" },
	{ 0, "jobserver", "STYLE", .optional = true, .take = take_jobserver,
	  .help = "let make in jobs share -j (STYLE: pipe, fifo)" },
	{ 0, "dry-run", FLAG(dry_run),
	  .help = "print what would run, run nothing" },
	{ 0, "keep-cr", FLAG(keep_cr),
	  .help = "keep a carriage return at the end of a line" },
	{ 0, "shell", "PATH", .take = take_shell,
	  .help = "the shell (default: /bin/sh)" },
	{ 0, "sem", "NAME", .take = take_semaphore, .uses = USE_SEMAPHORE,
	  .help = "become the command, as one of -j N (1) under NAME" },
	{ 'h', "help", FLAG(help), .help = "show this and exit" },
	{ 'V', "version", FLAG(version), .help = "show the version and exit" },
};

static const struct option_missing missing[] = {
	{ "-r --no-run-if-empty",
	  "no such option, nor needed: without input nothing runs" },
	{ "--link", "no such option; write :::+ before the values to pair" },
	{ "--shuf",
	  "no such option; shuffle the input: shuf FILE | bpool ..." },
	{ "--nice", "no such option; write nice -n N before bpool" },
	{ "--pipe --spreadstdin --pipepart",
	  "no such option; jobs read nothing of the input: see split(1)" },
	{ "-S --sshlogin --slf --sshloginfile",
	  "no such option; commands run here, on many machines by bpool-queue" },
};

const struct option_table option_table = {
	.all = table,
	.n = sizeof(table) / sizeof(table[0]),
	.missing = missing,
	.nmissing = sizeof(missing) / sizeof(missing[0]),
};
