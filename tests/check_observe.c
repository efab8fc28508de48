/* SPDX-License-Identifier: MIT */
/* What a pool tells of itself: its trace, and its counts for Prometheus. */
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sys/stat.h>

#include "support.h"

/* ---- Counts ------------------------------------------------------------------ */

static char *counts_of(struct bpool *pool)
{
	ssize_t n = bpool_stats_prometheus(pool, NULL, 0);
	char *text = malloc((size_t)n + 1);

	ck_assert_int_gt(n, 0);
	ck_assert_ptr_nonnull(text);
	ck_assert_int_eq(bpool_stats_prometheus(pool, text, (size_t)n + 1), n);
	ck_assert_uint_eq(strlen(text), (size_t)n);
	return text;
}

/* Each metric stands there once: what it is for, its type, its value. */
static void has_metric(const char *text, const char *name, const char *label,
		       const char *value)
{
	char line[200];
	const char *found;

	(void)snprintf(line, sizeof(line), "\nboundpool_%s{pool=\"%s\"} %s\n",
		       name, label, value);
	found = strstr(text, line);
	ck_assert_msg(found, "no %s in %s", line, text);
	(void)snprintf(line, sizeof(line), "# HELP boundpool_%s ", name);
	found = strstr(text, line);
	ck_assert_msg(found && !strstr(found + 1, line), "%s", line);
	(void)snprintf(line, sizeof(line), "# TYPE boundpool_%s %s\n", name,
		       strstr(name, "_total") ? "counter" : "gauge");
	ck_assert_msg(strstr(text, line), "%s", line);
}

START_TEST(counts_are_in_the_text_format)
{
	struct bpool_options options = { .size = sizeof(options),
					 .workers = 3,
					 .name = "a \"b\\c",
					 .limit = LIMIT(.max_running = 2) };
	int five = 5, fails = -5;
	atomic_int runs = 0;
	struct bpool *pool;
	char *text;

	ck_assert_int_eq(bpool_create(&pool, &options), 0);
	ck_assert_int_eq(bpool_submit(pool, count_job, &runs), 0);
	ck_assert_int_eq(bpool_submit(pool, value_job, &five), 0);
	ck_assert_int_eq(bpool_submit(pool, value_job, &fails), 0);
	ck_assert_int_eq(bpool_wait(pool, NULL), 0);
	text = counts_of(pool);
	has_metric(text, "jobs_submitted_total", "a \\\"b\\\\c", "3");
	has_metric(text, "jobs_finished_total", "a \\\"b\\\\c", "3");
	has_metric(text, "jobs_failed_total", "a \\\"b\\\\c", "1");
	has_metric(text, "jobs_cancelled_total", "a \\\"b\\\\c", "0");
	has_metric(text, "retries_total", "a \\\"b\\\\c", "0");
	has_metric(text, "refused_total", "a \\\"b\\\\c", "0");
	has_metric(text, "pauses_total", "a \\\"b\\\\c", "0");
	has_metric(text, "jobs_ready", "a \\\"b\\\\c", "0");
	has_metric(text, "jobs_in_flight", "a \\\"b\\\\c", "0");
	has_metric(text, "workers", "a \\\"b\\\\c", "3");
	has_metric(text, "limit", "a \\\"b\\\\c", "2");
	has_metric(text, "producers_slept_seconds_total", "a \\\"b\\\\c",
		   "0.000000000");
	/* Nothing but lines of three kinds. */
	for (const char *at = text; *at; at = strchr(at, '\n') + 1)
		ck_assert(strncmp(at, "# HELP boundpool_", 17) == 0 ||
			  strncmp(at, "# TYPE boundpool_", 17) == 0 ||
			  strncmp(at, "boundpool_", 10) == 0);
	free(text);
	ck_assert_int_eq(bpool_destroy(pool), 0);
}
END_TEST

START_TEST(counts_are_cut_where_there_is_no_room)
{
	struct bpool *pool = pool_of(1, 1);
	char *text = counts_of(pool), some[100];
	ssize_t n = (ssize_t)strlen(text);

	ck_assert_ptr_null(strstr(text, "boundpool_limit"));
	for (size_t room = 0; room <= sizeof(some); room++) {
		memset(some, '#', sizeof(some));
		ck_assert_int_eq(bpool_stats_prometheus(pool, some, room), n);
		if (room > 0) {
			ck_assert_uint_eq(strlen(some), room - 1);
			ck_assert_mem_eq(some, text, room - 1);
		}
		if (room < sizeof(some))
			ck_assert_int_eq(some[room], '#');
	}
	ck_assert_int_eq(bpool_stats_prometheus(NULL, some, 1), -EINVAL);
	ck_assert_int_eq(bpool_stats_prometheus(pool, NULL, 1), -EINVAL);
	free(text);
	ck_assert_int_eq(bpool_destroy(pool), 0);
}
END_TEST

START_TEST(name_cut_in_a_character_is_a_label_all_the_same)
{
	/* 15 bytes of it are kept: the last is half of an e acute. */
	struct bpool_options options = {
		.size = sizeof(options),
		.workers = 1,
		.name = "na\377me-\303\251-12345\303\251"
	};
	struct bpool *pool;
	char *text;

	ck_assert_int_eq(bpool_create(&pool, &options), 0);
	text = counts_of(pool);
	has_metric(text, "workers",
		   "na\357\277\275me-\303\251-12345\357\277\275", "1");
	free(text);
	ck_assert_int_eq(bpool_destroy(pool), 0);
}
END_TEST

/* ---- Events -------------------------------------------------------------------- */

static int file_new(void)
{
	char name[] = "/tmp/check_observe.XXXXXX";
	int fd = mkstemp(name);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(unlink(name), 0);
	return fd;
}

static char *file_text(int fd)
{
	struct stat is;
	char *text;

	ck_assert_int_eq(fstat(fd, &is), 0);
	text = calloc(1, (size_t)is.st_size + 1);
	ck_assert_ptr_nonnull(text);
	ck_assert_int_eq(pread(fd, text, (size_t)is.st_size, 0), is.st_size);
	return text;
}

static unsigned times(const char *text, const char *words)
{
	unsigned n = 0;

	while ((text = strstr(text, words))) {
		n++;
		text++;
	}
	return n;
}

static int refused_once_job(void *arg)
{
	atomic_int *runs = arg;

	if (atomic_fetch_add(runs, 1) == 0)
		(void)bpool_job_overloaded(NULL);
	return 7;
}

START_TEST(a_trace_has_each_attempt_once)
{
	const struct bpool_retry retry = { .attempts = 2, .base_ns = 1 };
	struct bpool_options options = { .size = sizeof(options),
					 .workers = 4,
					 .name = "traced" };
	int fd = file_new(), fails = -5;
	struct bpool_limit *limit;
	atomic_int runs = 0, refused = 0;
	struct bpool *pool;
	char *text;

	ck_assert_int_eq(bpool_create(&pool, &options), 0);
	limit = limit_of(pool, LIMIT(.max_running = 2, .pause_ns = 1));
	ck_assert_int_eq(bpool_submit(pool, count_job, &runs), 0);
	ck_assert_int_eq(bpool_wait(pool, NULL), 0);
	ck_assert_int_eq(bpool_trace(pool, fd), 0);
	for (int i = 0; i < 50; i++)
		ck_assert_int_eq(bpool_submit(pool, count_job, &runs), 0);
	with(pool, value_job, &fails,
	     TERMS(.limit = limit, .key = "a\"\\\n\177\303\251\377",
		   .retry = &retry));
	with(pool, refused_once_job, &refused,
	     TERMS(.limit = limit, .key = "other", .retry = &retry));
	ck_assert_int_eq(bpool_wait(pool, NULL), 0);
	ck_assert_int_eq(bpool_destroy(pool), 0);
	text = file_text(fd);
	ck_assert_uint_eq(times(text, "\n"), times(text, "{\"event\":\""));
	ck_assert_uint_eq(times(text, "}\n"), times(text, "\n"));
	ck_assert_ptr_eq(strstr(text, "{\"event\":\"begin\",\"time\":\"2"),
			 text);
	ck_assert_uint_eq(times(text, "\",\"pool\":\"traced\",\"limit\":4}\n"),
			  1);
	/* Two were tried twice; the one before was not seen. */
	ck_assert_uint_eq(times(text, "{\"event\":\"start\","), 54);
	ck_assert_uint_eq(times(text, "{\"event\":\"end\","), 52);
	ck_assert_uint_eq(times(text, "{\"event\":\"retry\","), 2);
	ck_assert_uint_eq(times(text, "\"job\":1,"), 0);
	ck_assert_uint_eq(times(text, "\"job\":2,"), 2);
	ck_assert_uint_eq(times(text, "\"slot\":5,"), 0);
	ck_assert_uint_eq(
		times(text,
		      "\"command\":\"a\\\"\\\\\\u000a\\u007f\303\251\\ufffd\""),
		4);
	ck_assert_uint_eq(times(text, "\"attempt\":1,\"overloaded\":false,"
				      "\"outcome\":\"failed\",\"result\":-5,"),
			  1);
	ck_assert_uint_eq(times(text, "\"attempt\":2,\"outcome\":\"failed\","
				      "\"result\":-5,"),
			  1);
	ck_assert_uint_eq(times(text, "\"attempt\":1,\"overloaded\":true,"
				      "\"outcome\":\"failed\",\"result\":7,"),
			  1);
	ck_assert_uint_eq(
		times(text, "\"attempt\":2,\"outcome\":\"ok\",\"result\":7,"),
		1);
	ck_assert_uint_eq(times(text, "{\"event\":\"summary\","), 1);
	ck_assert_uint_eq(times(text,
				"\"jobs\":52,\"succeeded\":51,\"failed\":1,"
				"\"stopped\":0,\"retried\":2,"
				"\"overloaded\":1}\n"),
			  1);
	free(text);
	close(fd);
}
END_TEST

static enum bpool_outcome negative_is_ok(int result)
{
	return result < 0 ? BPOOL_OK : BPOOL_PERMANENT;
}

static int sum_up(struct bpool *pool)
{
	const struct bpool_retry retry = { .outcome = negative_is_ok };
	int less = -5, more = 7;

	with(pool, value_job, &less, TERMS(.retry = &retry));
	with(pool, value_job, &more, TERMS(.retry = &retry));
	with(pool, value_job, &more, TERMS(.retry = &retry));
	return bpool_wait(pool, NULL);
}

START_TEST(a_trace_sums_up_outcomes_of_its_own_events)
{
	struct bpool *pool = pool_of(1, 4);
	int fd = file_new();
	char *text;

	ck_assert_int_eq(sum_up(pool), 0);
	ck_assert_int_eq(bpool_trace(pool, fd), 0);
	ck_assert_int_eq(sum_up(pool), 0);
	ck_assert_int_eq(bpool_destroy(pool), 0);
	text = file_text(fd);
	ck_assert_uint_eq(times(text, "\"outcome\":\"ok\",\"result\":-5,"), 1);
	ck_assert_uint_eq(times(text, "\"outcome\":\"failed\",\"result\":7,"),
			  2);
	ck_assert_uint_eq(
		times(text, "\"jobs\":3,\"succeeded\":1,\"failed\":2,"), 1);
	free(text);
	close(fd);
}
END_TEST

static int exit_job(void *arg)
{
	(void)arg;
	pthread_exit(NULL);
}

struct nesting {
	struct bpool *pool;
	atomic_int runs;
};

static int nesting_job(void *arg)
{
	struct nesting *nesting = arg;
	struct bpool_future future = { 0 };

	/* The one worker is here: it runs inside. */
	if (bpool_async(nesting->pool, &future, count_job, &nesting->runs) != 0)
		return -1;
	return bpool_await(&future, NULL, NULL);
}

START_TEST(jobs_inside_others_and_those_that_end_their_thread_are_traced)
{
	struct nesting both = { 0 };
	int fd = file_new();
	char *text;

	both.pool = pool_of(1, 4);
	ck_assert_int_eq(bpool_trace(both.pool, fd), 0);
	ck_assert_int_eq(bpool_submit(both.pool, exit_job, NULL), 0);
	ck_assert_int_eq(bpool_submit(both.pool, nesting_job, &both), 0);
	ck_assert_int_eq(bpool_wait(both.pool, NULL), 0);
	ck_assert_int_eq(bpool_destroy(both.pool), 0);
	text = file_text(fd);
	ck_assert_int_eq(both.runs, 1);
	ck_assert_uint_eq(times(text, "{\"event\":\"start\","), 3);
	ck_assert_uint_eq(times(text, "{\"event\":\"end\","), 3);
	ck_assert_uint_eq(times(text, "\"job\":1,\"slot\":1,\"command\":\"\","
				      "\"attempt\":1,\"outcome\":\"failed\","
				      "\"result\":-130,"),
			  1);
	ck_assert_int_eq(EOWNERDEAD, 130);
	ck_assert_uint_eq(times(text, "\"failed\":1,"), 1);
	free(text);
	close(fd);
}
END_TEST

START_TEST(a_trace_ends_when_told_and_says_what_went_wrong)
{
	int fd = file_new(), other = file_new(), full;
	struct bpool *pool = pool_of(2, 8);
	atomic_int runs = 0;
	char *text;

	ck_assert_int_eq(bpool_trace(NULL, 1), -EINVAL);
	ck_assert_int_eq(bpool_trace(pool, -2), -EINVAL);
	ck_assert_int_eq(bpool_trace(pool, -1), 0);
	ck_assert_int_eq(bpool_trace(pool, fd), 0);
	ck_assert_int_eq(bpool_submit(pool, count_job, &runs), 0);
	ck_assert_int_eq(bpool_wait(pool, NULL), 0);
	/* Another from here on, which begins anew; each has its summary. */
	ck_assert_int_eq(bpool_trace(pool, other), 0);
	ck_assert_int_eq(bpool_trace(pool, -1), 0);
	ck_assert_int_eq(bpool_submit(pool, count_job, &runs), 0);
	ck_assert_int_eq(bpool_wait(pool, NULL), 0);
	text = file_text(fd);
	ck_assert_uint_eq(times(text, "\n"), 4);
	ck_assert_uint_eq(times(text, "\"summary\""), 1);
	free(text);
	text = file_text(other);
	ck_assert_uint_eq(times(text, "\n"), 2);
	ck_assert_uint_eq(times(text, "\"begin\""), 1);
	free(text);
	full = open("/dev/full", O_WRONLY);
	if (full >= 0) {
		ck_assert_int_eq(bpool_trace(pool, full), -ENOSPC);
		ck_assert_int_eq(bpool_submit(pool, count_job, &runs), 0);
		ck_assert_int_eq(bpool_trace(pool, -1), -ENOSPC);
		ck_assert_int_eq(bpool_trace(pool, -1), 0);
		close(full);
	}
	ck_assert_int_eq(bpool_destroy(pool), 0);
	ck_assert_int_eq(runs, full >= 0 ? 3 : 2);
	close(fd);
	close(other);
}
END_TEST

/* Whole lines, from many workers, through a pipe that is full and does not
 * block. */
static void *pipe_read(void *arg)
{
	static char text[4 << 20];
	size_t len = 0;
	ssize_t n;

	while ((n = read(*(int *)arg, text + len, sizeof(text) - len - 1)) > 0)
		len += (size_t)n;
	text[len] = '\0';
	return text;
}

START_TEST(what_was_waited_for_is_in_a_trace_as_it_ends)
{
	struct bpool *pool = pool_of(4, 64);
	int fd = -1, next;
	atomic_int runs = 0;
	char *text;

	for (int round = 0; round < 300; round++) {
		next = file_new();
		ck_assert_int_eq(bpool_trace(pool, next), 0);
		if (fd >= 0) {
			/* Of a round that was: all of it, and no more. */
			text = file_text(fd);
			ck_assert_uint_eq(times(text, "\"start\""), 8);
			ck_assert_uint_eq(times(text, "\"end\""), 8);
			ck_assert_uint_eq(times(text, "{\"event\":\"summary\""),
					  1);
			ck_assert_uint_eq(times(text, "\"jobs\":8,"), 1);
			ck_assert_uint_eq(times(text, "\n"), 18);
			free(text);
			close(fd);
		}
		fd = next;
		for (int i = 0; i < 8; i++)
			ck_assert_int_eq(bpool_submit(pool, count_job, &runs),
					 0);
		ck_assert_int_eq(bpool_wait(pool, NULL), 0);
	}
	ck_assert_int_eq(bpool_destroy(pool), 0);
	close(fd);
}
END_TEST

START_TEST(what_runs_on_has_no_end_in_another_trace)
{
	int fd = file_new(), other = file_new();
	struct bpool *pool = pool_of(2, 8);
	struct gate gate;
	atomic_int runs = 0;
	char *text;

	gate_init(&gate, 0);
	ck_assert_int_eq(bpool_trace(pool, fd), 0);
	ck_assert_int_eq(bpool_submit(pool, gate_job, &gate), 0);
	gate_await(&gate, 1);
	ck_assert_int_eq(bpool_trace(pool, other), 0);
	/* Nor does a file of which the caller has no more use. */
	close(fd);
	ck_assert_int_eq(bpool_submit(pool, count_job, &runs), 0);
	gate_open(&gate, 1);
	ck_assert_int_eq(bpool_destroy(pool), 0);
	text = file_text(other);
	ck_assert_uint_eq(times(text, "\"start\""), 1);
	ck_assert_uint_eq(times(text, "\"end\""), 1);
	ck_assert_uint_eq(times(text, "\"job\":2,"), 2);
	free(text);
	close(other);
}
END_TEST

START_TEST(who_reads_a_trace_slowly_loses_nothing)
{
	struct bpool *pool = pool_of(4, 64);
	atomic_int runs = 0;
	pthread_t reader;
	void *text;
	int ends[2];

	ck_assert_int_eq(pipe(ends), 0);
	ck_assert_int_eq(fcntl(ends[1], F_SETFL, O_NONBLOCK), 0);
	ck_assert_int_eq(bpool_trace(pool, ends[1]), 0);
	for (int i = 0; i < 32; i++)
		ck_assert_int_eq(bpool_submit(pool, count_job, &runs), 0);
	ck_assert_int_eq(pthread_create(&reader, NULL, pipe_read, &ends[0]), 0);
	for (int i = 0; i < MANY(5000); i++)
		ck_assert_int_eq(bpool_submit(pool, count_job, &runs), 0);
	ck_assert_int_eq(bpool_destroy(pool), 0);
	close(ends[1]);
	ck_assert_int_eq(pthread_join(reader, &text), 0);
	close(ends[0]);
	ck_assert_uint_eq(times(text, "{\"event\":\"start\","),
			  32 + MANY(5000));
	ck_assert_uint_eq(times(text, "{\"event\":\"end\","), 32 + MANY(5000));
	ck_assert_uint_eq(times(text, "}\n"), 66 + 2 * MANY(5000));
	ck_assert_uint_eq(times(text, "\n"), 66 + 2 * MANY(5000));
}
END_TEST

int main(void)
{
	return TESTS_RUN(
		"observe", counts_are_in_the_text_format,
		counts_are_cut_where_there_is_no_room,
		name_cut_in_a_character_is_a_label_all_the_same,
		a_trace_has_each_attempt_once,
		a_trace_sums_up_outcomes_of_its_own_events,
		jobs_inside_others_and_those_that_end_their_thread_are_traced,
		a_trace_ends_when_told_and_says_what_went_wrong,
		what_was_waited_for_is_in_a_trace_as_it_ends,
		what_runs_on_has_no_end_in_another_trace,
		who_reads_a_trace_slowly_loses_nothing);
}
