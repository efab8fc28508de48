/* SPDX-License-Identifier: MIT */
/* bpool's command line: the table, the parser, the help. */
#include "options.h"

#include <boundpool.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "io.h"
#include "message.h"

/*
 * One option: a flag sets the bool at `flag`; one with an argument hands it
 * to `take`, which returns 0 or negative errno and says what was wrong.
 */
struct option {
	char short_name;	/* 0: none */
	const char *long_name;
	const char *argument;	/* its name in the help; NULL: a flag */
	size_t flag;
	int (*take)(struct options *options, const char *text);
	const char *help;
};

/* Decimal digits alone, from 1 to what a pool takes. */
static int take_jobs(struct options *options, const char *text)
{
	unsigned long n = 0;
	const char *s;

	for (s = text; *s >= '0' && *s <= '9' && n <= BPOOL_WORKERS_MAX; s++)
		n = n * 10 + (unsigned long)(*s - '0');
	if (s == text || (*s && n <= BPOOL_WORKERS_MAX) || n == 0) {
		char shown[80];

		say("-j %s: not a number of jobs (1 to %u)",
		    escaped(shown, sizeof(shown), text), BPOOL_WORKERS_MAX);
		return -EINVAL;
	}
	if (n > BPOOL_WORKERS_MAX) {
		say("-j: at most %u jobs at once", BPOOL_WORKERS_MAX);
		return -EINVAL;
	}
	options->jobs = (unsigned)n;
	return 0;
}

static int take_file(struct options *options, const char *text)
{
	/* Never written through: options_parse() got it as char *. */
	union {
		const char *from;
		char *to;
	} word = { .from = text };
	char **files;

	files = realloc(options->files,
			(options->nfiles + 1) * sizeof(*files));
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

#define FLAG(name) .flag = offsetof(struct options, name)

static const struct option options_table[] = {
	{ 'j', "jobs", "N", .take = take_jobs,
	  .help = "run at most N jobs at once (default: usable CPUs)" },
	{ 'k', "keep-order", FLAG(keep_order),
	  .help = "print outputs in the order of the input" },
	{ '0', "null", FLAG(null),
	  .help = "lines end with NUL, not with newline" },
	{ 'a', "arg-file", "FILE", .take = take_file,
	  .help = "read lines from FILE, - is stdin (may be repeated)" },
	{ 'u', "ungroup", FLAG(ungroup),
	  .help = "pass output through as it comes" },
	{ 'q', "quiet", FLAG(quiet), .help = "do not name jobs that failed; errors stay" },
	{ 'v', "verbose", FLAG(verbose),
	  .help = "show each command on stderr as it starts" },
	{ 0, "dry-run", FLAG(dry_run),
	  .help = "print what would run, run nothing" },
	{ 0, "keep-cr", FLAG(keep_cr),
	  .help = "keep a carriage return at the end of a line" },
	{ 0, "shell", "PATH", .take = take_shell,
	  .help = "the shell (default: /bin/sh)" },
	{ 'h', "help", FLAG(help), .help = "show this and exit" },
	{ 'V', "version", FLAG(version), .help = "show the version and exit" },
};

#define OPTIONS_N (sizeof(options_table) / sizeof(options_table[0]))

static const char help_head[] =
	"Usage: bpool [options] [command [argument ...]]\n"
	"\n"
	"Run a command for each line of stdin, so many at once and no more.\n"
	"\n"
	"  bpool -j5                       each line is a command line\n"
	"  bpool -j5 'cd {} && git pull'   one argument: the shell runs it\n"
	"  bpool -j5 git -C {} pull        several: executed directly\n"
	"\n"
	"{} is the line, always as data; without {} it is appended.\n"
	"\n";

static const char help_tail[] =
	"\n"
	"Exit status: 0 all succeeded, 123 some job failed, 127 or 126 the\n"
	"command is missing or not executable, 1 bpool failed, 2 usage; a\n"
	"signal that stops bpool stops the jobs first.\n";

int options_help(void)
{
	char text[4096];
	size_t len, i;

	len = (size_t)snprintf(text, sizeof(text), "%s", help_head);
	for (i = 0; i < OPTIONS_N; i++) {
		const struct option *o = &options_table[i];
		char names[40];
		char brief[] = "-?, ";

		brief[1] = o->short_name;
		(void)snprintf(names, sizeof(names), "%s--%s%s%s",
			       o->short_name ? brief : "    ", o->long_name,
			       o->argument ? "=" : "",
			       o->argument ? o->argument : "");
		len += (size_t)snprintf(text + len, sizeof(text) - len,
					"  %-23s %s\n", names, o->help);
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
	if (o->argument)
		return o->take(options, argument);
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
	if (!rc && options->keep_order && options->ungroup)
		rc = usage_error("-k -u",
				 "what is passed through has no order");
	return rc;
}

int options_parse(struct options *options, int argc, char **argv)
{
	int i, rc;

	*options = (struct options){ .shell = "/bin/sh" };
	rc = parse_all(options, argc, argv, &i);
	if (rc) {
		options_fini(options);
		return rc;
	}
	options->argc = argc > i ? argc - i : 0;
	options->argv = argv + (argc > i ? i : argc);
	return 0;
}

void options_fini(struct options *options)
{
	free(options->files);
	options->files = NULL;
}
