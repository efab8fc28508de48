/* SPDX-License-Identifier: MIT */
/* What is written into a job log is read back, also where it was torn. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fds.h"
#include "joblog.h"
#include "json.h"
#include "resume.h"
#include "support.h"

static char *record_text(uint64_t number, const struct ending *ending,
			 const char *command)
{
	struct text text = { 0 };

	joblog_add_record(&text, number, ending, command);
	return text_take(&text);
}

START_TEST(a_record_is_read_back_as_it_was_written)
{
	static const char *const commands[] = {
		"true", "a\tb", " ", "\xff\xfe", "echo 'x'  y", "9\t:\t1",
	};
	struct joblog_record r;
	size_t i;

	for (i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		struct ending ending = { .status = (int)i % 2,
					 .signal = i == 2 ? 9 : 0,
					 .started_us =
						 INT64_C(1795740160019000),
					 .ran_us = 1234567 };
		char *line = record_text(i + 1, &ending, commands[i]);
		size_t len = strlen(line);

		ck_assert_int_eq(line[len - 1], '\n');
		ck_assert_int_eq(joblog_parse(line, len - 1, &r),
				 JOBLOG_RECORD);
		ck_assert_uint_eq(r.number, i + 1);
		ck_assert(r.failed == (i % 2 == 1 || i == 2));
		ck_assert_uint_eq(r.command_len, strlen(commands[i]));
		ck_assert_mem_eq(r.command, commands[i], r.command_len);
		free(line);
	}
}
END_TEST

START_TEST(a_beginning_of_a_record_is_no_record_of_another_command)
{
	struct ending ending = { .started_us = 1, .ran_us = 1 };
	char *line = record_text(7, &ending, "echo one");
	size_t command = strlen(line) - strlen("echo one\n"), len;
	struct joblog_record r;

	/* Torn inside its command it is a record of less: that is why it
	 * counts only with its newline. */
	for (len = 0; len <= command; len++)
		ck_assert_int_ne(joblog_parse(line, len, &r), JOBLOG_RECORD);
	free(line);
}
END_TEST

START_TEST(what_is_no_record_is_told_from_what_was_one)
{
	static const struct {
		const char *line;
		enum joblog_kind kind;
	} lines[] = {
		{ "", JOBLOG_FOREIGN },
		{ "hello", JOBLOG_FOREIGN },
		{ "Seq\tHost", JOBLOG_FOREIGN },
		{ "0\t:\t1.0\t1.0\t0\t0\t0\t0\ttrue", JOBLOG_FOREIGN },
		{ "-1\t:\t1.0\t1.0\t0\t0\t0\t0\ttrue", JOBLOG_FOREIGN },
		{ "99999999999999999999\t:\t1\t1\t0\t0\t0\t0\ttrue",
		  JOBLOG_FOREIGN },
		{ "1\t:\t1.0\t1.0\t0\t0\t0\t0\t", JOBLOG_DAMAGED },
		{ "1\t:\t1.0\t1.0\t0\t0\t0\ttrue", JOBLOG_DAMAGED },
		{ "1\t:\t1.0\tx\t0\t0\t0\t0\ttrue", JOBLOG_DAMAGED },
		{ "1\t:\t1.0\t   1.0\t0\t0\t-1\t15\ttrue", JOBLOG_RECORD },
		/* Torn inside its command, and the next behind it. */
		{ "1\t:\t1.0\t   1.0\t0\t0\t1\t0\techo rm /3\t:\t1.0\t"
		  "   1.0\t0\t0\t0\t0\tsleep 1",
		  JOBLOG_DAMAGED },
		{ "1\t:\t1.0\t   1.0\t0\t0\t1\t0\t3\t:\t1.0\t   1.0\t0\t0\t"
		  "-1\t15\t:\t1",
		  JOBLOG_DAMAGED },
		{ "1\t:\t1.0\t1.0\t0\t0\t1\t0\tx\t:\t9\t:\t1.0\t1.0\t0\t0"
		  "\t0\t0\ty",
		  JOBLOG_DAMAGED },
		/* Torn inside its signal. */
		{ "1\t:\t1.0\t   1.0\t0\t0\t0\t02\t:\t1.0\t   1.0\t0\t0\t0\t0\ty",
		  JOBLOG_DAMAGED },
		/* These are commands with tabs. */
		{ "1\t:\t1.0\t1.0\t0\t0\t1\t0\tx\t:\t1.0\t1.0\t0\t0\t0\t0",
		  JOBLOG_RECORD },
		{ "1\t:\t1.0\t1.0\t0\t0\t1\t0\tx\t:\t1.0\t1.0\t0\t0\t0\ty\tz",
		  JOBLOG_RECORD },
		{ "1\t:\t1.0\t1.0\t0\t0\t1\t0\tx:\t1.0\t1.0\t0\t0\t0\t0\tz",
		  JOBLOG_RECORD },
		/* GNU parallel's own, with a host. */
		{ "12\tweb1\t1795740160.019\t     0.154\t0\t2\t1\t0\tls",
		  JOBLOG_RECORD },
	};
	struct joblog_record r;
	size_t i;

	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		ck_assert_msg(joblog_parse(lines[i].line, strlen(lines[i].line),
					   &r) == lines[i].kind,
			      "%s", lines[i].line);
}
END_TEST

START_TEST(nul_in_a_command_is_a_newline_and_elsewhere_damage)
{
	static const char record[] =
		"1\t:\t1.0\t   1.0\t0\t0\t1\t0\techo a\0echo b";
	static const char damaged[] = "1\t:\t1.0\0\t   1.0\t0\t0\t1\t0\techo a";
	struct joblog_record r;
	char *command, *same = joblog_command("echo a\necho b", NULL);

	ck_assert_int_eq(joblog_parse(damaged, sizeof(damaged) - 1, &r),
			 JOBLOG_DAMAGED);
	ck_assert_int_eq(joblog_parse(record, sizeof(record) - 1, &r),
			 JOBLOG_RECORD);
	command = joblog_restore(r.command, r.command_len);
	ck_assert_str_eq(command, same);
	free(command);
	free(same);
}
END_TEST

START_TEST(a_command_of_several_lines_is_one_that_does_the_same)
{
	char *line = joblog_command("echo 'a\\n'\necho b\\\\", NULL);

	ck_assert_str_eq(line, "eval \"$(printf %b 'echo "
			       "'\\''a\\\\n'\\''\\necho b\\\\\\\\')\"");
	free(line);
	line = joblog_command("make", "a dir");
	ck_assert_str_eq(line, "cd 'a dir' || exit; make");
	free(line);
}
END_TEST

/* A log in a file without a name, with this text. */
static void log_make(struct joblog *log, const char *text)
{
	char path[] = "/tmp/check_joblog.XXXXXX";

	*log = (struct joblog){ .path = "log", .fd = mkstemp(path) };
	ck_assert_int_ge(log->fd, 0);
	unlink(path);
	ck_assert_int_eq(write(log->fd, text, strlen(text)),
			 (ssize_t)strlen(text));
	log->end = (off_t)strlen(text);
}

#define HEADER                                                                 \
	"Seq\tHost\tStarttime\tJobRuntime\tSend\tReceive\tExitval\tSignal\t"   \
	"Command\n"
#define RECORD(seq, status, command)                                           \
	seq "\t:\t1.000\t1.000\t0\t0\t" status "\t0\t" command "\n"

static int take(struct resume *resume, const char *command, uint64_t position)
{
	uint64_t number = 0;
	int rc = resume_take(resume, command, position, &number);

	ck_assert_int_ge(rc, 0);
	return rc ? -1 : (int)number;
}

START_TEST(what_is_done_goes_by_text_and_occurrence)
{
	struct fds fds;
	struct joblog log;
	struct resume resume;

	ck_assert_int_eq(fds_init(&fds), 0);
	log_make(&log, HEADER RECORD("2", "0", "a") RECORD("1", "0", "b")
			       RECORD("3", "1", "a"));
	ck_assert_int_eq(resume_init(&resume, &log, false, &fds), 0);
	ck_assert_int_eq(take(&resume, "a", 1), -1);
	ck_assert_int_eq(take(&resume, "new", 2), 4); /* 2 is another's */
	ck_assert_int_eq(take(&resume, "a", 3), -1);
	ck_assert_int_eq(take(&resume, "a", 4), 5);
	ck_assert_int_eq(take(&resume, "b", 5), -1);
	ck_assert_int_eq(take(&resume, "b", 9), 9);
	resume_fini(&resume);
	close(log.fd);
}
END_TEST

/* What of the log is to be tried again: "NUMBERCOMMAND " for each. */
static void failed_are(struct joblog *log, struct fds *fds, const char *want)
{
	struct resume resume;
	struct text text = { 0 };
	char all[100] = "";
	uint64_t number;

	ck_assert_int_eq(resume_init(&resume, log, true, fds), 0);
	while (resume_next_failed(&resume, &text, &number) == 1) {
		char *command = text_take(&text);
		size_t len = strlen(all);

		text = (struct text){ 0 };
		ck_assert_ptr_nonnull(command);
		(void)snprintf(all + len, sizeof(all) - len, "%u%s ",
			       (unsigned)number, command);
		free(command);
	}
	ck_assert_str_eq(all, want);
	resume_fini(&resume);
}

START_TEST(a_later_record_counts_instead_of_one_with_its_number)
{
	struct fds fds;
	struct joblog log;
	struct resume resume;

	ck_assert_int_eq(fds_init(&fds), 0);
	log_make(&log, HEADER RECORD("1", "1", "a") RECORD("2", "1", "b")
			       RECORD("3", "1", "a") RECORD("1", "0", "a"));
	ck_assert_int_eq(resume_init(&resume, &log, true, &fds), 0);
	ck_assert_int_eq(take(&resume, "a", 1), -1);
	ck_assert_int_eq(take(&resume, "a", 2), 3);
	ck_assert_int_eq(take(&resume, "a", 4), 4);
	resume_fini(&resume);
	failed_are(&log, &fds, "2b 3a ");
	close(log.fd);
}
END_TEST

START_TEST(records_of_other_commands_with_its_number_count_too)
{
	struct fds fds;
	struct joblog log;
	struct resume resume;

	ck_assert_int_eq(fds_init(&fds), 0);
	log_make(&log, HEADER RECORD("1", "0", "a") RECORD("2", "0", "b")
			       RECORD("1", "1", "c") RECORD("2", "0", "d")
				       RECORD("1", "1", "c"));
	ck_assert_int_eq(resume_init(&resume, &log, false, &fds), 0);
	ck_assert_int_eq(take(&resume, "a", 1), -1);
	ck_assert_int_eq(take(&resume, "b", 2), -1);
	ck_assert_int_eq(take(&resume, "c", 3), -1);
	ck_assert_int_eq(take(&resume, "d", 4), -1);
	ck_assert_int_eq(take(&resume, "c", 5), 5);
	resume_fini(&resume);
	failed_are(&log, &fds, "1c ");
	close(log.fd);
}
END_TEST

START_TEST(json_strings_are_valid_whatever_they_hold)
{
	struct text text = { 0 };
	char *json;

	json_begin(&text);
	json_string(&text, "a\"b",
		    "\\\x01\x7f\xc2\x85\xff\xed\xa0\x80\xc3\xa9");
	json_number(&text, "n", -5);
	json_seconds(&text, "s", 1000001);
	json_time(&text, "t", INT64_C(951782400000001));
	json_end(&text);
	json = text_take(&text);
	ck_assert_str_eq(json, "{\"a\\\"b\":\"\\\\\\u0001\\u007f\\u0085\\ufffd"
			       "\\ufffd\\ufffd\\ufffd\xc3\xa9\",\"n\":-5,"
			       "\"s\":1.000001,"
			       "\"t\":\"2000-02-29T00:00:00.000001Z\"}");
	free(json);
}
END_TEST

int main(void)
{
	return TESTS_RUN(
		"joblog", a_record_is_read_back_as_it_was_written,
		a_beginning_of_a_record_is_no_record_of_another_command,
		what_is_no_record_is_told_from_what_was_one,
		nul_in_a_command_is_a_newline_and_elsewhere_damage,
		a_command_of_several_lines_is_one_that_does_the_same,
		what_is_done_goes_by_text_and_occurrence,
		a_later_record_counts_instead_of_one_with_its_number,
		records_of_other_commands_with_its_number_count_too,
		json_strings_are_valid_whatever_they_hold);
}
