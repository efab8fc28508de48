/* SPDX-License-Identifier: MIT */
/* What options mean together, and what makes no sense. */
#include "option.h"
#include "options.h"

/* One of what makes no sense. */
struct wrong {
	bool given;
	const char *what, *why;
};

static int check(const struct wrong *wrong, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (wrong[i].given)
			return usage_error(wrong[i].what, wrong[i].why);
	return 0;
}

#define CHECK(wrong) check(wrong, sizeof(wrong) / sizeof((wrong)[0]))

/* --tty: one at a time, and nothing stands between it and the terminal. */
static int check_tty(struct options *o)
{
	static const char through[] = "the job itself prints to the terminal";
	const struct wrong wrong[] = {
		{ o->jobs > 1, "-j --tty", "one job at a time has it" },
		{ o->keep_order, "-k --tty", through },
		{ o->line_buffer, "--line-buffer --tty", through },
		{ o->tag, "--tag --tty", through },
		{ o->progress, "--progress --tty", through },
		{ o->results, "--results --tty", through },
		{ !o->dry_run && options_list_is_typed(o), "--tty",
		  "the jobs get the terminal, so the list cannot: use -a or "
		  ":::" },
	};

	if (!o->tty)
		return 0;
	o->ungroup = true;
	if (!o->jobs)
		o->jobs = 1;
	return CHECK(wrong);
}

/* What makes no sense together. */
static int check_together(const struct options *o)
{
	static const char several_are_columns[] =
		"several ':::' are a job's columns already";
	static const char needs_log[] = "needs --joblog";
	static const char needs_retries[] = "needs --retries";
	bool columns = o->columns != NULL, values = o->max_values > 0;
	bool several = o->sources.n > 1;
	bool retries = o->retry.attempts > 0;
	const struct wrong wrong[] = {
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
		{ o->jobs_auto && (o->semaphore || o->tty), "-j auto",
		  "needs jobs beside each other" },
		{ o->retry.all_attempts && o->ungroup, "--all-attempts -u",
		  "what is passed through is printed already" },
		{ o->key && o->key_host, "--key --key-host", "one of them" },
		{ (o->key || o->key_host) && !o->per_key &&
			  !o->key_rate.starts && !o->jobs_auto,
		  "--key", "needs --per-key, --key-rate or -j auto" },
		{ o->retry.only && !retries, "--retry-on", needs_retries },
		{ o->retry.budgeted && !retries, "--retry-budget",
		  needs_retries },
		{ o->retry.all_attempts && !options_mind(o), "--all-attempts",
		  needs_retries },
		{ o->retry.backed_off && !options_mind(o), "--backoff",
		  needs_retries },
		{ o->per_key && !o->key && !o->key_host, "--per-key",
		  "needs --key or --key-host" },
		{ o->key_rate.starts && !o->key && !o->key_host, "--key-rate",
		  "needs --key or --key-host" },
		{ o->resume && !o->joblog, "--resume", needs_log },
		{ o->resume_failed && !o->joblog, "--resume-failed",
		  needs_log },
		{ o->retry_failed && !o->joblog, "--retry-failed", needs_log },
		{ o->no_wait && !options_resume(o), "--no-wait",
		  "needs --resume" },
		{ o->retry_failed &&
			  (o->argc > 0 || o->nfiles > 0 || o->sources.n > 0),
		  "--retry-failed", "the job log has all there is to run" },
		{ columns && values, "-C -n", "columns are of one line" },
		{ columns && o->fill, "-C -m", "columns are of one line" },
		{ values && o->fill, "-n -m", "one of them" },
		{ o->sources.n > 0 && o->nfiles > 0, "-a",
		  "the values stand behind ':::' already" },
		{ several && values, "-n", several_are_columns },
		{ several && o->fill, "-m", several_are_columns },
		{ several && columns, "-C", several_are_columns },
		{ o->argc == 0 && columns, "-C", "needs a command" },
		{ o->argc == 0 && values, "-n", "needs a command" },
		{ o->argc == 0 && o->fill, "-m", "needs a command" },
		{ o->argc == 0 && several, "several ':::'", "need a command" },
	};

	return CHECK(wrong);
}

/* --sem is another program, almost. */
static int check_semaphore(const struct options *o)
{
	if (!o->semaphore || o->help || o->version)
		return 0;
	if (!(o->uses & USE_SEMAPHORE))
		return usage_error("--sem", "takes no other option than -j");
	if (o->argc == 0)
		return usage_error("--sem", "needs a command");
	if (o->jobs > LIMIT_SLOTS_MAX)
		return usage_error("--sem -j", "4096 slots are the most");
	return 0;
}

/* --from runs nothing. */
static int check_page(const struct options *o)
{
	if (!o->from || o->help || o->version)
		return 0;
	if (!o->report)
		return usage_error("--from", "needs --report");
	if (!(o->uses & USE_PAGE))
		return usage_error("--from",
				   "takes no other option than --report");
	if (o->argc > 0 || o->sources.n > 0)
		return usage_error("--from", "takes no command");
	return 0;
}

int option_check(struct options *options)
{
	int rc = check_semaphore(options);

	if (!rc)
		rc = check_page(options);
	if (!rc)
		rc = check_tty(options);
	if (!rc)
		rc = check_together(options);
	return rc;
}
