/* SPDX-License-Identifier: MIT */
/* bpool's command line: the table, the parser, the help. */
#include "options.h"

#include <boundpool.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "filename.h"
#include "io.h"
#include "message.h"
#include "units.h"

/* Lines a job, at most. */
#define VALUES_MAX 65536u

/*
 * One option: a flag sets the bool at `flag`; one with an argument hands it
 * to `take`, which returns 0 or negative errno and says what was wrong, or
 * keeps it at `text`.
 */
struct option {
	char short_name; /* 0: none */
	const char *long_name;
	const char *argument; /* its name in the help; NULL: a flag */
	bool optional;	      /* ... and it may be left out */
	size_t flag;	      /* of a bool */
	size_t text;	      /* of a const char *, where take is NULL */
	int (*take)(struct options *options, const char *text);
	const char *help;
};

/* Decimal digits alone, from 1 to `most`. */
static int take_number(const char *name, const char *what, const char *text,
		       unsigned most, unsigned *number)
{
	char shown[80];

	if (count_read(text, 1, most, number) == 0)
		return 0;
	say("%s %s: not a number of %s (1 to %u)", name,
	    escaped(shown, sizeof(shown), text), what, most);
	return -EINVAL;
}

static int take_jobs(struct options *options, const char *text)
{
	return take_number("-j", "jobs", text, BPOOL_WORKERS_MAX,
			   &options->jobs);
}

static int take_max_values(struct options *options, const char *text)
{
	return take_number("-n", "lines", text, VALUES_MAX,
			   &options->max_values);
}

/* One byte, or an escape of one. */
static int take_delimiter(struct options *options, const char *text)
{
	static const char letters[] = "abfnrtv0\\",
			  bytes[] = "\a\b\f\n\r\t\v\0\\";
	const char *found = NULL;
	unsigned byte;
	int end = 0;

	if (text[0] && !text[1]) {
		options->delimiter = text[0];
		return 0;
	}
	if (text[0] == '\\' && text[1] && !text[2])
		found = strchr(letters, text[1]);
	if (found) {
		options->delimiter = bytes[found - letters];
	} else if (sscanf(text, "\\x%2x%n", &byte, &end) == 1 && !text[end]) {
		options->delimiter = (char)byte;
	} else {
		char shown[80];

		say("-d %s: not one byte, or an escape such as \\t, \\0 or "
		    "\\x1f",
		    escaped(shown, sizeof(shown), text));
		return -EINVAL;
	}
	options->null = options->delimiter == '\0';
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

static int take_duration(const char *name, const char *text, int64_t *ms)
{
	char shown[80];

	if (duration_read(text, ms) == 0)
		return 0;
	say("%s %s: not a time, such as 1.5s, 300ms or 2m", name,
	    escaped(shown, sizeof(shown), text));
	return -EINVAL;
}

/* One that is not over at once. */
static int take_limit(const char *name, const char *text, int64_t *ms)
{
	int rc = take_duration(name, text, ms);

	if (!rc && *ms == 0) {
		say("%s %s: no time at all", name, text);
		return -EINVAL;
	}
	return rc;
}

static int take_delay(struct options *options, const char *text)
{
	return take_duration("--delay", text, &options->delay_ms);
}

static int take_grace(struct options *options, const char *text)
{
	return take_duration("--kill-after", text, &options->grace_ms);
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

	options->load = strtod(text, &end);
	if (end > text && !*end && options->load > 0 && options->load < 1e6)
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
	int rc;

	if (!equals) {
		say("--limit %s: not NAME=N",
		    escaped(shown, sizeof(shown), text));
		return -EINVAL;
	}
	rc = take_number("--limit", "slots", equals + 1, LIMIT_SLOTS_MAX,
			 &limit.slots);
	if (rc)
		return rc;
	limits = realloc(options->limits,
			 (options->nlimits + 1) * sizeof(*limits));
	if (limits)
		options->limits = limits;
	if (limits)
		limit.name = strndup(text, (size_t)(equals - text));
	if (!limit.name) {
		say("--limit: %s", strerror(ENOMEM));
		return -ENOMEM;
	}
	limits[options->nlimits++] = limit;
	return check_limit(options, limit.name);
}

#define FLAG(name) .flag = offsetof(struct options, name)
#define TEXT(name) .text = offsetof(struct options, name)

static const struct option options_table[] = {
	{ 'j', "jobs", "N", .take = take_jobs,
	  .help = "run at most N jobs at once (default: usable CPUs)" },
	{ 'k', "keep-order", FLAG(keep_order),
	  .help = "print outputs in the order of the input" },
	{ '0', "null", FLAG(null),
	  .help = "lines end with NUL, not with newline" },
	{ 'd', "delimiter", "CHAR", .take = take_delimiter,
	  .help = "lines end with CHAR, which may be \\t, \\0 or \\x1f" },
	{ 'a', "arg-file", "FILE", .take = take_file,
	  .help = "read lines from FILE, - is stdin (may be repeated)" },
	{ 'C', "colsep", "REGEX", TEXT(columns),
	  .help = "what parts the columns {1}, {2} ... of a line" },
	{ 'n', "max-args", "N", .take = take_max_values,
	  .help = "N lines a job: {1}, {2} ...; {} is all of them" },
	{ 'N', "max-replace-args", "N", .take = take_max_values,
	  .help = "the same as -n" },
	{ 'm', "fill", FLAG(fill),
	  .help = "as many lines a job as fit, the end split evenly" },
	{ 'I', "replace", "STR", .take = take_replace,
	  .help = "write STR instead of {}" },
	{ 0, "cwd", "DIR", TEXT(directory),
	  .help = "run each job in DIR, which may hold {}" },
	{ 'u', "ungroup", FLAG(ungroup),
	  .help = "pass output through as it comes" },
	{ 0, "tty", FLAG(tty),
	  .help = "-j1 -u, and the job has the terminal" },
	{ 0, "line-buffer", FLAG(line_buffer),
	  .help = "print whole lines as they come" },
	{ 0, "tag", "TEXT", .optional = true, .take = take_tag,
	  .help = "begin each line with TEXT (default: {}) and a tab" },
	{ 'q', "quiet", FLAG(quiet),
	  .help = "do not name jobs that failed; errors stay" },
	{ 'v', "verbose", FLAG(verbose),
	  .help = "show each command on stderr as it starts" },
	{ 0, "progress", FLAG(progress),
	  .help = "show how far the run is, on stderr" },
	{ 0, "summary", FLAG(summary),
	  .help = "say at the end what it came to" },
	{ 0, "color", "WHEN", .take = take_color,
	  .help = "colour what bpool says: auto, always or never" },
	{ 0, "delay", "TIME", .take = take_delay,
	  .help = "start no job sooner than TIME after another" },
	{ 0, "load", "N", .take = take_load,
	  .help = "start none while the machine's load is N or more" },
	{ 0, "memfree", "SIZE", .take = take_memory,
	  .help = "start none while no more memory than SIZE is free" },
	{ 0, "timeout", "TIME", .take = take_timeout,
	  .help = "stop a job after TIME, or N% of the median so far" },
	{ 0, "deadline", "TIME", .take = take_deadline,
	  .help = "stop everything after TIME" },
	{ 0, "halt", "HALT", .take = take_halt,
	  .help = "end early: now,fail=1, soon,done=50% and so on" },
	{ 0, "limit", "NAME=N", .take = take_named_limit,
	  .help = "N at once of all who share it (may be repeated)" },
	{ 0, "kill-after", "TIME", .take = take_grace,
	  .help = "when stopped, kill what is left after TIME (10s)" },
	{ 0, "joblog", "FILE", TEXT(joblog),
	  .help = "write a line about each job that has ended" },
	{ 0, "resume", FLAG(resume),
	  .help = "run only what the job log does not have" },
	{ 0, "resume-failed", FLAG(resume_failed),
	  .help = "... and what failed" },
	{ 0, "retry-failed", FLAG(retry_failed),
	  .help = "run what failed, from the job log alone" },
	{ 0, "no-wait", FLAG(no_wait),
	  .help = "do not wait for jobs that a killed run left" },
	{ 0, "results", "DIR", TEXT(results),
	  .help = "keep stdout, stderr and meta.json of each job" },
	{ 0, "events", "FILE", TEXT(events),
	  .help = "write what happens, as JSON lines; fd:3 is one" },
	{ 0, "jobserver", "STYLE", .optional = true, .take = take_jobserver,
	  .help = "let make in jobs share -j (STYLE: pipe, fifo)" },
	{ 0, "dry-run", FLAG(dry_run),
	  .help = "print what would run, run nothing" },
	{ 0, "keep-cr", FLAG(keep_cr),
	  .help = "keep a carriage return at the end of a line" },
	{ 0, "shell", "PATH", .take = take_shell,
	  .help = "the shell (default: /bin/sh)" },
	{ 0, "sem", "NAME", .take = take_semaphore,
	  .help = "become the command, as one of -j N (1) under NAME" },
	{ 'h', "help", FLAG(help), .help = "show this and exit" },
	{ 'V', "version", FLAG(version), .help = "show the version and exit" },
};

#define OPTIONS_N (sizeof(options_table) / sizeof(options_table[0]))

static const char help_head[] =
	"Usage: bpool [options] [command [argument ...]]\n"
	"       bpool --sem=NAME [-j N] command [argument ...]\n"
	"\n"
	"Run a command for each line of stdin, so many at once and no more.\n"
	"\n"
	"  bpool -j5                       each line is a command line\n"
	"  bpool -j5 'cd {} && git pull'   one argument: the shell runs it\n"
	"  bpool -j5 git -C {} pull        several: executed directly\n"
	"  bpool gzip ::: a.log b.log      values instead of lines\n"
	"\n"
	"{} is the line, always as data; without {} it is appended.  {.} is it\n"
	"without extension, {/} its last component, {//} its directory, {/.} its\n"
	"last component without extension, {#} the job's number, {%} its slot.\n"
	"\n";

static const char help_tail[] =
	"\n"
	"Exit status: 0 all succeeded, 123 some job failed, 127 or 126 the\n"
	"command is missing or not executable, 1 bpool failed, 2 usage; a\n"
	"signal that stops bpool stops the jobs first.\n";

int options_help(void)
{
	char text[8192];
	size_t len, i;

	len = (size_t)snprintf(text, sizeof(text), "%s", help_head);
	for (i = 0; i < OPTIONS_N; i++) {
		const struct option *o = &options_table[i];
		char names[40];
		char brief[] = "-?, ";

		brief[1] = o->short_name;
		(void)snprintf(names, sizeof(names), "%s--%s%s%s%s%s",
			       o->short_name ? brief : "    ", o->long_name,
			       o->optional ? "[" : "", o->argument ? "=" : "",
			       o->argument ? o->argument : "",
			       o->optional ? "]" : "");
		len += (size_t)snprintf(text + len, sizeof(text) - len,
					"  %-26s %s\n", names, o->help);
	}
	len += (size_t)snprintf(text + len, sizeof(text) - len, "%s",
				help_tail);
	return write_all(STDOUT_FILENO, text, len);
}

static int usage_error(const char *what, const char *why)
{
	char shown[200];

	say("%s: %s (see bpool --help)", escaped(shown, sizeof(shown), what),
	    why);
	return -EINVAL;
}

static int option_set(struct options *options, const struct option *o,
		      const char *argument)
{
	if (o->take != take_semaphore && o->take != take_jobs)
		options->beside_semaphore = true;
	if (o->argument && o->take)
		return o->take(options, argument);
	if (o->argument)
		*(const char **)((char *)options + o->text) = argument;
	else
		*(bool *)((char *)options + o->flag) = true;
	return 0;
}

/* "--name", "--name=argument" or "--name argument"; *i moves past it. */
static int parse_long(struct options *options, int argc, char **argv, int *i)
{
	const char *word = argv[*i] + 2;
	size_t len = strcspn(word, "=");
	const struct option *o = options_table;

	while (o < options_table + OPTIONS_N &&
	       (strncmp(o->long_name, word, len) || o->long_name[len]))
		o++;
	if (o == options_table + OPTIONS_N)
		return usage_error(argv[*i], "no such option");
	if (!o->argument && word[len])
		return usage_error(argv[*i], "takes no argument");
	if (o->optional && !word[len])
		return option_set(options, o, NULL);
	if (!o->argument || word[len])
		return option_set(options, o, word + len + 1);
	if (*i + 1 >= argc)
		return usage_error(argv[*i], "needs an argument");
	return option_set(options, o, argv[++*i]);
}

/* "-k", "-kv", "-j5", "-kj5" or "-j 5"; *i moves past it. */
static int parse_short(struct options *options, int argc, char **argv, int *i)
{
	const char *letter;

	for (letter = argv[*i] + 1; *letter; letter++) {
		const struct option *o = options_table;
		char name[] = "-?";
		int rc;

		name[1] = *letter;
		while (o < options_table + OPTIONS_N &&
		       o->short_name != *letter)
			o++;
		if (o == options_table + OPTIONS_N)
			return usage_error(name, "no such option");
		if (o->argument && letter[1])
			return option_set(options, o, letter + 1);
		if (o->argument && *i + 1 >= argc)
			return usage_error(name, "needs an argument");
		rc = option_set(options, o, o->argument ? argv[++*i] : NULL);
		if (rc || o->argument)
			return rc;
	}
	return 0;
}

/* The options of argv, up to the first word that is none: *i. */
static int parse_all(struct options *options, int argc, char **argv, int *i)
{
	int rc = 0;

	for (*i = 1; !rc && *i < argc && argv[*i][0] == '-' && argv[*i][1];
	     ++*i) {
		if (strcmp(argv[*i], "--") == 0) {
			++*i;
			break;
		}
		if (argv[*i][1] == '-')
			rc = parse_long(options, argc, argv, i);
		else
			rc = parse_short(options, argc, argv, i);
	}
	return rc;
}

/* The command, and the values behind it. */
static int parse_command(struct options *options, int argc, char **argv)
{
	int n = 0;

	/* What --sem executes is executed as it is. */
	while (n < argc && (options->semaphore || !sources_begin(argv[n])))
		n++;
	options->argc = n;
	options->argv = argv;
	if (sources_init(&options->sources, argc - n, argv + n)) {
		say(":::: %s", strerror(ENOMEM));
		return -ENOMEM;
	}
	return 0;
}

/* --tty: one at a time, and nothing stands between it and the terminal. */
static int check_tty(struct options *o)
{
	static const char through[] = "the job itself prints to the terminal";
	bool reads_stdin = !o->retry_failed && !o->nfiles && !o->sources.n;
	size_t i;

	if (!o->tty)
		return 0;
	if (o->jobs > 1)
		return usage_error("-j --tty", "one job at a time has it");
	if (o->keep_order)
		return usage_error("-k --tty", through);
	if (o->line_buffer)
		return usage_error("--line-buffer --tty", through);
	if (o->tag)
		return usage_error("--tag --tty", through);
	if (o->progress)
		return usage_error("--progress --tty", through);
	if (o->results)
		return usage_error("--results --tty", through);
	for (i = 0; i < o->nfiles; i++)
		reads_stdin |= strcmp(o->files[i], "-") == 0;
	if (reads_stdin && !o->dry_run && isatty(STDIN_FILENO))
		return usage_error("--tty", "the jobs get the terminal, so the "
					    "list cannot: use -a or :::");
	o->jobs = 1;
	o->ungroup = true;
	return 0;
}

/* What makes no sense together. */
static int check_together(const struct options *o)
{
	static const char several_are_columns[] =
		"several ::: are a job's columns already";
	bool columns = o->columns != NULL, values = o->max_values > 0;
	bool several = o->sources.n > 1;
	const struct {
		bool given;
		const char *what, *why;
	} wrong[] = {
		{ o->keep_order && o->ungroup, "-k -u",
		  "what is passed through has no order" },
		{ o->line_buffer && o->ungroup, "--line-buffer -u",
		  "one of them" },
		{ o->tag && o->ungroup, "--tag -u",
		  "what is passed through is not looked at" },
		{ o->progress && o->ungroup, "--progress -u",
		  "what is passed through would be mixed with it" },
		{ o->results && o->ungroup, "--results -u",
		  "what is passed through is not looked at" },
		{ options_resume(o) && !o->joblog, "--resume",
		  "needs --joblog" },
		{ o->no_wait && !options_resume(o), "--no-wait",
		  "needs --resume" },
		{ o->retry_failed &&
			  (o->argc > 0 || o->nfiles > 0 || o->sources.n > 0),
		  "--retry-failed", "the job log has all there is to run" },
		{ columns && values, "-C -n", "columns are of one line" },
		{ columns && o->fill, "-C -m", "columns are of one line" },
		{ values && o->fill, "-n -m", "one of them" },
		{ o->sources.n > 0 && o->nfiles > 0, "-a :::", "one of them" },
		{ several && values, "-n :::", several_are_columns },
		{ several && o->fill, "-m :::", several_are_columns },
		{ several && columns, "-C :::", several_are_columns },
		{ o->argc == 0 && columns, "-C", "needs a command" },
		{ o->argc == 0 && values, "-n", "needs a command" },
		{ o->argc == 0 && o->fill, "-m", "needs a command" },
		{ o->argc == 0 && several,
		  ":::", "several of them need a command" },
	};
	size_t i;

	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		if (wrong[i].given)
			return usage_error(wrong[i].what, wrong[i].why);
	return 0;
}

/* --sem is another program, almost. */
static int check_semaphore(const struct options *o)
{
	if (!o->semaphore || o->help || o->version)
		return 0;
	if (o->beside_semaphore)
		return usage_error("--sem", "takes no other option than -j");
	if (o->argc == 0)
		return usage_error("--sem", "needs a command");
	if (o->jobs > LIMIT_SLOTS_MAX)
		return usage_error("--sem -j", "4096 slots are the most");
	return 0;
}

int options_parse(struct options *options, int argc, char **argv)
{
	int i, rc;

	*options = (struct options){
		.shell = "/bin/sh",
		.delimiter = '\n',
		.grace_ms = 10000,
		.replace = "{}",
	};
	rc = parse_all(options, argc, argv, &i);
	if (!rc)
		rc = parse_command(options, argc > i ? argc - i : 0,
				   argv + (argc > i ? i : argc));
	if (!rc)
		rc = check_semaphore(options);
	if (!rc)
		rc = check_tty(options);
	if (!rc)
		rc = check_together(options);
	if (rc)
		options_fini(options);
	return rc;
}

bool options_resume(const struct options *options)
{
	return options->resume || options->resume_failed ||
	       options->retry_failed;
}

void options_fini(struct options *options)
{
	while (options->nlimits)
		free(options->limits[--options->nlimits].name);
	free(options->limits);
	options->limits = NULL;
	free(options->files);
	options->files = NULL;
	sources_fini(&options->sources);
}
