/* SPDX-License-Identifier: MIT */
/* bpool-queue's command line. */
#include "options.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "io.h"
#include "message.h"

static const struct {
	const char *word;
	unsigned use;
	const char *usage, *help;
} uses[] = {
	{ "init", USE_INIT, "--stream S [--max-queued N]",
	  "Make a queue, or change how much it holds." },
	{ "limit", USE_LIMIT, "--stream S --class C -N 5 [--lease 30s]",
	  "Make a class of jobs, or change how many of it run at once." },
	{ "submit", USE_SUBMIT, "--stream S --class C [--batch ID] <lines",
	  "Queue a job for each line of stdin, its argument." },
	{ "work", USE_WORK, "--stream S --class C -j 8 -- command {}",
	  "Run jobs of the class by this command, until stopped." },
	{ "results", USE_RESULTS, "--stream S --batch ID [--follow] [-k]",
	  "Print what the jobs of a batch printed." },
	{ "status", USE_STATUS, "--stream S [--json]",
	  "Print what waits and what runs, for each class." },
	{ "dlq list", USE_DLQ_LIST, "--stream S [--class C] [--batch ID]",
	  "Print the jobs that have failed, and why." },
	{ "dlq retry", USE_DLQ_RETRY, "--stream S [--class C] [--batch ID]",
	  "Queue them again; their results are those of before no more." },
	{ "dlq drop", USE_DLQ_DROP, "--stream S [--class C] [--batch ID]",
	  "Forget them; their results stay." },
	{ "drain", USE_DRAIN, "--stream S --class C",
	  "Start nothing more of the class, and wait until nothing of it runs." },
	{ "resume", USE_RESUME, "--stream S --class C",
	  "Start jobs of the class again." },
	{ "janitor", USE_JANITOR, "--stream S",
	  "Remove what a server that was killed kept of jobs that are done." },
};

#define NUSES (sizeof(uses) / sizeof(uses[0]))

int options_help(const struct options *options)
{
	struct text text = { 0 };
	char *all, line[200];
	size_t i;
	int rc;

	for (i = 0; i < NUSES; i++) {
		if (options->use && uses[i].use != options->use)
			continue;
		(void)snprintf(line, sizeof(line), "%s bpool-queue %-9s %s\n",
			       text.len ? "      " : "Usage:", uses[i].word,
			       uses[i].usage);
		text_say(&text, line);
	}
	text_say(&text, "\n");
	for (i = 0; i < NUSES; i++) {
		if (uses[i].use != options->use)
			continue;
		text_say(&text, uses[i].help);
		text_say(&text, "\n\n");
		option_help(&option_table, options->use, &text);
	}
	if (!options->use)
		text_say(&text,
			 "The same bound over many machines, held by a NATS "
			 "server.  What each takes says\n"
			 "bpool-queue WORD --help.\n");
	all = text_take(&text);
	rc = all ? write_all(STDOUT_FILENO, all, strlen(all)) : -ENOMEM;
	free(all);
	return rc;
}

/* Whoever lists processes sees the command line. */
static bool has_secret(const char *urls)
{
	bool found = false;

	while (*urls && !found) {
		size_t len = strcspn(urls, ",");
		const char *at = memchr(urls, ':', len);

		/* Behind "://", up to a path. */
		at = at && strncmp(at, "://", 3) == 0 ? at + 3 : urls;
		found = memchr(at, '@', strcspn(at, "/,")) != NULL;
		urls += len + (urls[len] == ',');
	}
	return found;
}

static int check_names(struct options *o)
{
	if (!o->stream)
		return usage_error("--stream", "is needed");
	if (stream_check(o->stream))
		return usage_error(o->stream,
				   "a queue's name has up to 32 letters, "
				   "digits and -");
	if (o->class_name && token_of(o->class, o->class_name))
		return usage_error("--class", "takes 1 to 64 bytes");
	if (o->batch && token_of(o->batch_token, o->batch))
		return usage_error("--batch", "takes 1 to 64 bytes");
	if (!o->class_name && (o->use & (USE_LIMIT | USE_SUBMIT | USE_WORK |
					 USE_DRAIN | USE_RESUME)))
		return usage_error("--class", "is needed");
	if (!o->batch && o->use == USE_RESULTS)
		return usage_error("--batch", "is needed");
	return 0;
}

static int options_check(struct options *o)
{
	const char *wrong;
	int rc;

	if (o->help || o->version)
		return 0;
	if (!o->use)
		return usage_error("bpool-queue", "what is to be done?");
	if (o->url && has_secret(o->url))
		return usage_error("--nats",
				   "others see a password there; put it into "
				   "$NATS_URL");
	wrong = identity_why_wrong(&o->identity);
	if (wrong)
		return usage_error("bpool-queue", wrong);
	rc = check_names(o);
	if (rc)
		return rc;
	if (o->use == USE_LIMIT && !o->bound)
		return usage_error("-N", "is needed");
	if (o->use == USE_WORK && o->argc == 0)
		return usage_error("work", "needs a command");
	if (o->use != USE_WORK && o->argc > 0)
		return usage_error(o->argv[0], "no such argument");
	return 0;
}

/* What is to be done: of how many words that is; 0: nothing that is known. */
static int options_word(struct options *options, int argc, char **argv)
{
	char two[40];

	(void)snprintf(two, sizeof(two), "%.15s %.15s", argc > 1 ? argv[1] : "",
		       argc > 2 ? argv[2] : "");
	for (size_t i = 0; i < NUSES; i++) {
		bool one = argc > 1 && strcmp(uses[i].word, argv[1]) == 0;

		if (one || strcmp(uses[i].word, two) == 0) {
			options->use = uses[i].use;
			return one ? 1 : 2;
		}
	}
	return 0;
}

static const char *url_default(void)
{
	const char *url = getenv("NATS_URL");

	return url && *url ? url : "nats://127.0.0.1:4222";
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
	const char *word = argc > 1 ? argv[1] : "";
	int rc;

	*options = (struct options){
		.delimiter = '\n',
		.grace_ms = 30000,
		.shell = "/bin/sh",
	};
	retry_init(&options->retry);
	reader.i += options_word(options, argc, argv);
	if (!options->use && *word && *word != '-')
		return usage_error(word, "no such command");
	reader.use = options->use ? options->use : USE_ALL;
	rc = option_read(&reader);
	options->argc = argc - reader.i;
	options->argv = argv + reader.i;
	if (!rc)
		rc = options_check(options);
	if (!options->url)
		options->url = url_default();
	if (rc)
		options_fini(options);
	return rc;
}

void options_fini(struct options *options)
{
	free(options->pass);
	options->pass = NULL;
}
