/* SPDX-License-Identifier: MIT */
/*
 * The job log.  Of a valid one that is torn anywhere exactly those jobs are read
 * whose records are whole, also where others were appended to the torn one; what
 * they are is what was written; and resume.c takes just them for done.  Of any
 * bytes nothing is read but lines that are records, and once they are mended the
 * same is read again.
 *
 * The input: 'r' and the bytes of a file; or, after one that says where it is
 * torn, jobs: a byte for how it ended, and its command up to a NUL.
 */
#include "joblog.h"

#include <errno.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fuzz.h"
#include "logread.h"
#include "resume.h"

#define JOBS_MOST 8
#define NUMBER "[ ]*-?([0-9]+\\.?[0-9]*|\\.[0-9]+)"

static const char header[] = "Seq\tHost\tStarttime\tJobRuntime\tSend\tReceive\t"
			     "Exitval\tSignal\tCommand\n";

struct job {
	uint64_t number;
	bool failed;
	char *command; /* as it stands in a record */
	size_t len;
	size_t begin, end; /* in the log */
	bool hidden;	   /* it looks as if another record stood in it */
};

struct jobs {
	struct job *all;
	size_t n, size;
};

static void jobs_add(struct jobs *jobs, struct job job)
{
	if (jobs->n == jobs->size) {
		jobs->size = jobs->size * 2 + 8;
		jobs->all = fuzz_realloc(jobs->all,
					 jobs->size * sizeof(*jobs->all));
	}
	jobs->all[jobs->n++] = job;
}

static void jobs_fini(struct jobs *jobs)
{
	for (size_t i = 0; i < jobs->n; i++)
		free(jobs->all[i].command);
	free(jobs->all);
}

/* ---- Reading --------------------------------------------------------------- */

static int job_take(void *user, const struct joblog_record *record, off_t at)
{
	struct job job = { .number = record->number,
			   .failed = record->failed,
			   .command = fuzz_alloc(record->command_len + 1),
			   .len = record->command_len,
			   .begin = (size_t)at };

	memcpy(job.command, record->command, job.len);
	jobs_add(user, job);
	return 0;
}

/* What is read of a file with these bytes: 0 or -EINVAL. */
static int log_read(int fd, size_t len, struct jobs *jobs)
{
	struct joblog log = { .path = "log",
			      .fd = fd,
			      .reads = true,
			      .end = (off_t)len };
	struct fds fds = { 0 };
	int rc = logread(&log, job_take, jobs, &fds);

	HOLDS(rc == 0 || rc == -EINVAL, "%d", rc);
	return rc;
}

static bool matches(regex_t *regex, const char *pattern, const char *text)
{
	if (!regex->re_nsub)
		HOLDS(regcomp(regex, pattern, REG_EXTENDED) == 0, "%s",
		      pattern);
	return regexec(regex, text, 0, NULL, 0) == 0;
}

/* ---- A valid log ----------------------------------------------------------- */

/* What `eval "$(printf %b '...')"` is of; the text itself where it is none. */
static char *line_decoded(const char *line)
{
	static const char before[] = "eval \"$(printf %b '", behind[] = "')\"";
	size_t len = strlen(line), from = sizeof(before) - 1, n = 0;
	char *text;

	if (strncmp(line, before, from) != 0)
		return strdup(line);
	text = fuzz_alloc(len);
	HOLDS(strcmp(line + len - 3, behind) == 0, "<%s>", line);
	while (from < len - 3) {
		char byte = line[from++];

		if (byte == '\'') {
			HOLDS(strncmp(line + from, "\\''", 3) == 0, "<%s>",
			      line);
			from += 3;
		} else if (byte == '\\') {
			HOLDS(strchr("\\n", line[from]), "<%s>", line);
			byte = '\\';
			if (line[from++] == 'n')
				byte = '\n';
		}
		text[n++] = byte;
	}
	return text;
}

static char *command_make(struct input *in)
{
	char *text = input_text(in), *line, *same;

	if (!*text) {
		free(text);
		text = strdup("x");
	}
	line = joblog_command(text, NULL);
	HOLDS(line && !strchr(line, '\n'), "<%s>", text);
	if (strchr(text, '\n') || strncmp(text, "eval", 4) != 0) {
		same = line_decoded(line);
		HOLDS(strcmp(same, text) == 0, "<%s> is <%s>", text, same);
		free(same);
	}
	free(text);
	return line;
}

static void log_make(struct text *log, struct jobs *jobs, struct input *in)
{
	static regex_t inside;
	uint64_t number = 0;

	text_say(log, header);
	while (jobs->n < JOBS_MOST && in->left) {
		unsigned how = input_byte(in);
		struct ending ending = { .status = how % 4 == 1,
					 .signal = how % 4 == 2 ? 9 : 0,
					 .timed_out = how % 4 == 3,
					 .started_us = (int64_t)how * 7919001,
					 .ran_us = how * INT64_C(104729001),
					 .nout = how };
		struct job job = { .number = number += 1 + how / 100,
				   .failed = how % 4 != 0,
				   .command = command_make(in),
				   .begin = log->len };

		job.len = strlen(job.command);
		joblog_add_record(log, job.number, &ending, job.command);
		job.end = log->len;
		/* Its own first column may be the host of that. */
		job.hidden = matches(&inside, "\t:\t(" NUMBER "\t){6}",
				     log->data + job.end - job.len - 2);
		jobs_add(jobs, job);
	}
}

static void job_is(const struct job *is, const struct job *wanted, size_t cut)
{
	HOLDS(is->failed == wanted->failed && is->len == wanted->len &&
		      memcmp(is->command, wanted->command, is->len) == 0,
	      "torn at %zu: <%s>, not <%s>", cut, is->command, wanted->command);
}

/* ---- Torn ------------------------------------------------------------------ */

/* Of the log up to `cut` those jobs are read that are whole. */
static void torn_is_read(int fd, size_t cut, const struct jobs *jobs)
{
	struct jobs read = { 0 };
	size_t n = 0;

	HOLDS(log_read(fd, cut, &read) == 0, "torn at %zu", cut);
	for (size_t i = 0; i < jobs->n && jobs->all[i].end <= cut; i++) {
		if (jobs->all[i].hidden)
			continue;
		HOLDS(n < read.n, "torn at %zu: %zu jobs", cut, read.n);
		job_is(&read.all[n], &jobs->all[i], cut);
		HOLDS(read.all[n].number == jobs->all[i].number,
		      "torn at %zu: number %llu", cut,
		      (unsigned long long)read.all[n].number);
		n++;
	}
	HOLDS(read.n == n, "torn at %zu: %zu jobs, not %zu", cut, read.n, n);
	jobs_fini(&read);
}

/* Behind what is torn at `cut` those from the job `next` on were written. */
static void joined_is_read(const struct text *log, size_t cut,
			   const struct jobs *jobs, size_t next)
{
	size_t from = jobs->all[next].begin, n = 0, line = cut;
	struct jobs read = { 0 };
	struct text joined = { 0 };
	int fd;

	text_add(&joined, log->data, cut);
	text_add(&joined, log->data + from, log->len - from);
	fd = file_make(joined.data, joined.len);
	HOLDS(log_read(fd, joined.len, &read) == 0, "torn at %zu", cut);
	close(fd);
	while (log->data[line - 1] != '\n')
		line--;
	for (size_t i = 0; i < jobs->n; i++) {
		bool whole = jobs->all[i].end <= cut, joint = i == next;

		if ((!whole && i < next) || jobs->all[i].hidden)
			continue;
		/* The one that goes on in the torn line may be lost, but only
		 * its number may be another. */
		if (joint && !whole && line < cut &&
		    memchr(log->data + line, '\t', cut - line))
			continue;
		HOLDS(n < read.n, "torn at %zu, then %zu: %zu jobs", cut, next,
		      read.n);
		job_is(&read.all[n++], &jobs->all[i], cut);
	}
	HOLDS(read.n == n, "torn at %zu, then %zu: %zu jobs, not %zu: <%s>",
	      cut, next, read.n, n, read.n > n ? read.all[n].command : "");
	jobs_fini(&read);
	free(text_take(&joined));
}

/* ---- Resuming -------------------------------------------------------------- */

static void done_are(int fd, size_t cut, const struct jobs *jobs, bool again)
{
	struct joblog log = { .path = "log",
			      .fd = fd,
			      .reads = true,
			      .end = (off_t)cut };
	struct fds fds = { 0 };
	struct resume resume;

	HOLDS(resume_init(&resume, &log, again, &fds) == 0, "at %zu", cut);
	for (size_t i = 0; i < jobs->n; i++) {
		const struct job *job = &jobs->all[i];
		bool there = job->end <= cut && !job->hidden;
		uint64_t number = 0;
		int rc = resume_take(&resume, job->command, i + 1, &number);

		HOLDS(rc == (there && !(again && job->failed)),
		      "torn at %zu: job %zu is %d", cut, i, rc);
		if (there && rc == 0)
			HOLDS(number == job->number, "job %zu is %llu", i,
			      (unsigned long long)number);
		for (size_t k = 0; !there && k < jobs->n; k++)
			HOLDS(jobs->all[k].end > cut || jobs->all[k].hidden ||
				      jobs->all[k].number != number,
			      "%llu is two jobs", (unsigned long long)number);
	}
	resume_fini(&resume);
}

static void torn(struct input *in, unsigned where)
{
	struct text log = { 0 };
	struct jobs jobs = { 0 };
	size_t step, first = sizeof(header) - 1;
	int fd;

	log_make(&log, &jobs, in);
	fd = file_make(log.data, log.len);
	/* Replayed it is torn at many places, else at a few. */
	step = 1 + log.len / (fuzz_replays ? 60 : 5);
	if (!fuzz_replays && where / 32)
		step = 1 + step * (where / 32) / 8;
	for (size_t cut = log.len; cut <= log.len; cut -= step) {
		HOLDS(ftruncate(fd, (off_t)cut) == 0, "ftruncate");
		torn_is_read(fd, cut, &jobs);
		if (cut / step % 4 == where % 4)
			done_are(fd, cut, &jobs, where & 8);
		if (jobs.n && cut > first) {
			size_t next = 0;

			while (next < jobs.n && jobs.all[next].end <= cut)
				next++;
			next += where / 16 % 2;
			if (next < jobs.n)
				joined_is_read(&log, cut, &jobs, next);
		}
	}
	close(fd);
	jobs_fini(&jobs);
	free(text_take(&log));
}

/* ---- Any bytes ------------------------------------------------------------- */

/* A job that was read is a whole line that looks like a record. */
static void job_is_line(const struct job *job, const char *data, size_t len)
{
	static regex_t record;
	size_t line = job->begin;
	char *columns;

	HOLDS(job->begin + job->len < len &&
		      data[job->begin + job->len] == '\n',
	      "%zu is no whole line", job->begin);
	HOLDS(memcmp(data + job->begin, job->command, job->len) == 0,
	      "%zu is not <%s>", job->begin, job->command);
	while (line > 0 && data[line - 1] != '\n')
		line--;
	HOLDS(line > 0, "the header is a record");
	columns = strndup(data + line, job->begin - line);
	HOLDS(strlen(columns) == job->begin - line, "a NUL in %s", columns);
	HOLDS(matches(&record, "^[0-9]+\t[^\t]*\t(" NUMBER "\t){6}$", columns),
	      "<%s>", columns);
	HOLDS(job->number == strtoull(columns, NULL, 10), "<%s> is %llu",
	      columns, (unsigned long long)job->number);
	HOLDS(job->failed ==
		      !(strlen(columns) > 5 &&
			strcmp(columns + strlen(columns) - 5, "\t0\t0\t") == 0),
	      "<%s>", columns);
	free(columns);
}

/* The same from a file that may be mended. */
static void is_mended(const uint8_t *data, size_t len, const struct jobs *jobs)
{
	struct fds fds = { 0 };
	struct joblog log;

	(void)unlink("log");
	for (int round = 0; round < 2; round++) {
		struct jobs read = { 0 };
		char *text;
		size_t n;

		HOLDS(joblog_open(&log, "log", JOBLOG_MAKE, &fds) == 0, "log");
		if (round == 0) {
			HOLDS(write(log.fd, data, len) == (ssize_t)len, "log");
			log.end = (off_t)len;
		}
		HOLDS(logread(&log, job_take, &read, &fds) == 0, "log");
		HOLDS(read.n == jobs->n, "%zu jobs, not %zu", read.n, jobs->n);
		for (size_t i = 0; i < read.n; i++)
			job_is(&read.all[i], &jobs->all[i], 0);
		text = file_read(log.fd, &n);
		HOLDS(n > 0 && text[n - 1] == '\n', "<%s>", text);
		HOLDS(strncmp(text, header, sizeof(header) - 1) == 0, "<%s>",
		      text);
		HOLDS((size_t)log.end == n, "%zu bytes", n);
		free(text);
		jobs_fini(&read);
		HOLDS(joblog_close(&log) == 0, "log");
	}
	(void)unlink("log");
}

static void any(struct input *in)
{
	const char *data = (const char *)in->at;
	struct jobs jobs = { 0 };
	int fd = file_make(in->at, in->left);
	int rc = log_read(fd, in->left, &jobs);

	for (size_t i = 0; i < jobs.n; i++)
		job_is_line(&jobs.all[i], data, in->left);
	if (rc == 0 && input_is_one_in(4, in->at, in->left))
		is_mended(in->at, in->left, &jobs);
	close(fd);
	jobs_fini(&jobs);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, size < 1000 ? size : 1000 };
	unsigned first = input_byte(&in);

	if (first == 'r')
		any(&in);
	else
		torn(&in, first);
	return 0;
}
