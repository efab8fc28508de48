/* SPDX-License-Identifier: MIT */
/* bpool's command line: the parser, the help. */
#include "options.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "io.h"
#include "message.h"
#include "option.h"

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
	for (i = 0; i < option_table_n; i++) {
		const struct option *o = &option_table[i];
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

static int option_set(struct options *options, const struct option *o,
		      const char *argument)
{
	if (!o->beside_semaphore)
		options->beside_semaphore = true;
	if (o->take)
		return o->take(options, argument);
	if (o->argument)
		*(const char **)(void *)((char *)options + o->text) = argument;
	else
		*(bool *)((char *)options + o->flag) = true;
	return 0;
}

/* "--name", "--name=argument" or "--name argument"; *i moves past it. */
static int parse_long(struct options *options, int argc, char **argv, int *i)
{
	const char *word = argv[*i] + 2;
	size_t len = strcspn(word, "=");
	const struct option *o = option_table;

	while (o < option_table + option_table_n &&
	       (strncmp(o->long_name, word, len) != 0 || o->long_name[len]))
		o++;
	if (o == option_table + option_table_n)
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
		const struct option *o = option_table;
		char name[] = "-?";
		int rc;

		name[1] = *letter;
		while (o < option_table + option_table_n &&
		       o->short_name != *letter)
			o++;
		if (o == option_table + option_table_n)
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

int options_parse(struct options *options, int argc, char **argv)
{
	int i, rc;

	*options = (struct options){
		.shell = "/bin/sh",
		.delimiter = '\n',
		.grace_ms = 10000,
		.replace = "{}",
	};
	retry_init(&options->retry);
	rc = parse_all(options, argc, argv, &i);
	if (!rc)
		rc = parse_command(options, argc > i ? argc - i : 0,
				   argv + (argc > i ? i : argc));
	if (!rc)
		rc = option_check(options);
	if (rc)
		options_fini(options);
	return rc;
}

bool options_mind(const struct options *options)
{
	return options->jobs_auto || options->retry.attempts > 0 ||
	       options->rate.starts > 0 || options->key || options->key_host;
}

bool options_resume(const struct options *options)
{
	return options->resume || options->resume_failed ||
	       options->retry_failed;
}

bool options_list_is_typed(const struct options *options)
{
	bool stdin_is_read = !options->retry_failed && !options->nfiles &&
			     !options->sources.n;
	size_t i;

	for (i = 0; i < options->nfiles; i++)
		stdin_is_read |= strcmp(options->files[i], "-") == 0;
	return stdin_is_read && isatty(STDIN_FILENO);
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
