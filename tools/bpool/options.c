/* SPDX-License-Identifier: MIT */
/* bpool's command line: its options, the command, the help. */
#include "options.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "io.h"
#include "message.h"
#include "option.h"
#include "text.h"

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
	"command is missing or not executable, 124 after --deadline, 1 bpool\n"
	"failed, 2 usage; a signal that stops bpool stops the jobs first.\n";

int options_help(void)
{
	struct text text = { 0 };
	char *all;
	int rc;

	text_say(&text, help_head);
	option_help(&option_table, 0, &text);
	text_say(&text, help_tail);
	all = text_take(&text);
	rc = all ? write_all(STDOUT_FILENO, all, strlen(all)) : -ENOMEM;
	free(all);
	return rc;
}

/* The command, and the values behind it. */
static int parse_command(struct options *options, int argc, char **argv)
{
	int n = 0;

	/* What --sem executes is executed as it is. */
	while (n < argc && (options->semaphore || !sources_begin(argv[n]))) {
		if (!options->semaphore && sources_of_file(argv[n]))
			return usage_error("'::::'",
					   "files are read by -a FILE");
		n++;
	}
	options->argc = n;
	options->argv = argv;
	if (sources_init(&options->sources, argc - n, argv + n)) {
		say("values behind ':::': %s", strerror(ENOMEM));
		return -ENOMEM;
	}
	return 0;
}

int options_parse(struct options *options, int argc, char **argv)
{
	struct option_reader reader = {
		.table = &option_table,
		.options = options,
		.argc = argc,
		.argv = argv,
		.i = argc > 0,
	};
	int rc;

	*options = (struct options){
		.shell = "/bin/sh",
		.delimiter = '\n',
		.grace_ms = 10000,
		.replace = "{}",
	};
	retry_init(&options->retry);
	rc = option_read(&reader);
	options->uses = reader.uses;
	if (!rc)
		rc = parse_command(options, argc - reader.i, argv + reader.i);
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
