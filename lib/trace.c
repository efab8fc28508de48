/* SPDX-License-Identifier: MIT */
#include "trace.h"

#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "key.h"
#include "utf8.h"

/* A line: a key of which each byte is escaped, and the rest. */
#define LINE_MAX_BYTES (6 * BPOOL_KEY_MAX + 512)

struct line {
	char text[LINE_MAX_BYTES];
	size_t len;
};

__attribute__((format(printf, 2, 3))) static void
line_add(struct line *line, const char *format, ...)
{
	size_t room = sizeof(line->text) - line->len;
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(line->text + line->len, room, format, args);
	va_end(args);
	BP_BUG_ON(n < 0 || (size_t)n >= room);
	line->len += (size_t)n;
}

static void line_add_string(struct line *line, const char *text)
{
	const unsigned char *s = (const unsigned char *)text;

	line_add(line, "\"");
	while (*s) {
		size_t len = bp_utf8_length(s);

		if (len == 0)
			line_add(line, "\\ufffd");
		else if (*s == '"' || *s == '\\')
			line_add(line, "\\%c", *s);
		else if (*s < 0x20 || *s == 0x7f)
			line_add(line, "\\u%04x", *s);
		else
			line_add(line, "%.*s", (int)len, (const char *)s);
		s += len ? len : 1;
	}
	line_add(line, "\"");
}

static void line_begin(struct line *line, const char *event)
{
	struct timespec now;
	struct tm tm;
	char day[32];

	BP_BUG_ON(clock_gettime(CLOCK_REALTIME, &now) != 0);
	if (!gmtime_r(&now.tv_sec, &tm) ||
	    strftime(day, sizeof(day), "%Y-%m-%dT%H:%M:%S", &tm) == 0)
		day[0] = '\0';
	line->len = 0;
	line_add(line, "{\"event\":\"%s\",\"time\":\"%s.%06ldZ\"", event, day,
		 now.tv_nsec / 1000);
}

static void line_add_job(struct line *line, const struct bp_traced *traced)
{
	line_add(line, ",\"job\":%llu,\"slot\":%u,\"command\":",
		 (unsigned long long)traced->number, traced->worker + 1);
	line_add_string(line, traced->key);
}

static int fd_write(int fd, const char *data, size_t len)
{
	while (len > 0) {
		ssize_t n = write(fd, data, len);

		if (n > 0) {
			data += n;
			len -= (size_t)n;
		} else if (n == 0) {
			return -EIO;
		} else if (errno == EAGAIN) {
			struct pollfd room = { .fd = fd, .events = POLLOUT };

			(void)poll(&room, 1, -1);
		} else if (errno != EINTR) {
			return -errno;
		}
	}
	return 0;
}

/* Its lock is held, or nobody else knows of it: the line ends, and is written. */
static void trace_write(struct bp_trace *trace, struct line *line)
{
	line_add(line, "}\n");
	if (trace->fd >= 0 && !trace->error)
		trace->error = fd_write(trace->fd, line->text, line->len);
}

/* A thread that is cancelled as it writes would keep the lock. */
static int trace_lock(struct bp_trace *trace)
{
	int state;

	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &state);
	BP_BUG_ON(pthread_mutex_lock(&trace->lock) != 0);
	return state;
}

static void trace_unlock(struct bp_trace *trace, int state)
{
	BP_BUG_ON(pthread_mutex_unlock(&trace->lock) != 0);
	pthread_setcancelstate(state, NULL);
}

static void trace_told(struct bp_trace *trace)
{
	if (atomic_fetch_sub(&trace->telling, 1) == 1)
		bp_sem_post(&trace->told);
}

/* NULL: *err says why. */
static struct bp_trace *trace_new(int fd, int *err)
{
	struct bp_trace *trace = malloc(sizeof(*trace));

	*err = -ENOMEM;
	if (!trace)
		return NULL;
	*trace = (struct bp_trace){ .refs = 1, .telling = 1, .fd = fd };
	*err = bp_sem_init(&trace->told);
	if (*err)
		goto free_trace;
	*err = -pthread_mutex_init(&trace->lock, NULL);
	if (*err)
		goto fini_told;
	return trace;

fini_told:
	bp_sem_fini(&trace->told);
free_trace:
	free(trace);
	return NULL;
}

/* With the pool's lock held. */
static void trace_drop(struct bp_trace *trace)
{
	if (--trace->refs > 0)
		return;
	BP_BUG_ON(pthread_mutex_destroy(&trace->lock) != 0);
	bp_sem_fini(&trace->told);
	free(trace);
}

/* ---- Attempts ------------------------------------------------------------------ */

static void traced_describe(struct bp_traced *traced, const struct bpool *pool,
			    uint32_t id, uint32_t worker,
			    const struct bp_frame *frame)
{
	const char *key = frame->terms ? bp_gate_name(frame->terms->ticket.key)
				       : NULL;

	traced->number = pool->records[id].seq;
	traced->worker = worker;
	traced->attempt = frame->terms ? frame->terms->attempt : 1;
	(void)snprintf(traced->key, sizeof(traced->key), "%s", key ? key : "");
}

void bp_traced_begin(struct bp_traced *traced, const struct bpool *pool,
		     uint32_t id, uint32_t worker, const struct bp_frame *frame)
{
	traced_describe(traced, pool, id, worker, frame);
	traced->trace = pool->trace;
	traced->trace->refs++;
	atomic_fetch_add(&traced->trace->telling, 1);
}

void bp_traced_find(struct bp_traced *traced, struct bp_trace *trace,
		    uint64_t began, const struct bpool *pool, uint32_t id,
		    uint32_t worker, const struct bp_frame *frame)
{
	traced_describe(traced, pool, id, worker, frame);
	traced->trace = trace;
	traced->began = began;
}

void bp_traced_settle(struct bp_traced *traced, const struct bpool *pool)
{
	/* Who has turned it off does not wait for what ran then. */
	traced->tells = pool->trace == traced->trace;
	if (traced->tells)
		atomic_fetch_add(&traced->trace->telling, 1);
}

void bp_traced_finish(const struct bp_traced *traced)
{
	trace_drop(traced->trace);
}

void bp_traced_tell_start(struct bp_traced *traced)
{
	struct bp_trace *trace = traced->trace;
	struct line line;
	int state;

	line_begin(&line, "start");
	line_add_job(&line, traced);
	state = trace_lock(trace);
	trace->retried += traced->attempt > 1;
	trace_write(trace, &line);
	trace_unlock(trace, state);
	trace_told(trace);
	traced->began = bp_clock_ns();
}

void bp_traced_tell_end(const struct bp_traced *traced, int result,
			const struct bp_frame *frame, bool again)
{
	uint64_t ran = bp_clock_ns() - traced->began;
	struct bp_trace *trace = traced->trace;
	/* Without terms nobody judged it. */
	bool ok = frame->terms ? frame->outcome == BPOOL_OK : result >= 0;
	bool overloaded = frame->outcome == BPOOL_OVERLOADED;
	struct line line;
	int state;

	if (!traced->tells)
		return;
	line_begin(&line, again ? "retry" : "end");
	line_add_job(&line, traced);
	line_add(&line, ",\"attempt\":%u", traced->attempt);
	if (again)
		line_add(&line, ",\"overloaded\":%s",
			 overloaded ? "true" : "false");
	line_add(&line,
		 ",\"outcome\":\"%s\",\"result\":%d,\"seconds\":%llu.%09llu",
		 ok ? "ok" : "failed", result,
		 (unsigned long long)(ran / BP_NS_PER_S),
		 (unsigned long long)(ran % BP_NS_PER_S));
	state = trace_lock(trace);
	trace->succeeded += ok && !again;
	trace->failed += !ok && !again;
	trace->overloaded += overloaded;
	trace_write(trace, &line);
	trace_unlock(trace, state);
	trace_told(trace);
}

/* ---- The whole ----------------------------------------------------------------- */

static void trace_begin(struct bp_trace *trace, const struct bpool *pool)
{
	struct line line;
	int state;

	line_begin(&line, "begin");
	line_add(&line, ",\"version\":\"%s\",\"pool\":", BPOOL_VERSION);
	line_add_string(&line, pool->name);
	line_add(&line, ",\"limit\":%u", pool->nworkers);
	state = trace_lock(trace);
	trace_write(trace, &line);
	trace_unlock(trace, state);
}

/* What the events since the first line told of, and those that had none. */
static void trace_summary(struct bp_trace *trace, uint64_t cancelled)
{
	uint64_t stopped = cancelled - trace->cancelled;
	uint64_t jobs = trace->succeeded + trace->failed + stopped;
	struct line line;

	line_begin(&line, "summary");
	line_add(&line,
		 ",\"jobs\":%llu,\"succeeded\":%llu,\"failed\":%llu,"
		 "\"stopped\":%llu,\"retried\":%llu,\"overloaded\":%llu",
		 (unsigned long long)jobs, (unsigned long long)trace->succeeded,
		 (unsigned long long)trace->failed, (unsigned long long)stopped,
		 (unsigned long long)trace->retried,
		 (unsigned long long)trace->overloaded);
	trace_write(trace, &line);
}

/* It is the pool's no more: what is to be written still, and what went wrong. */
static int trace_end(struct bp_trace *trace, uint64_t cancelled)
{
	int state, err;

	trace_told(trace);
	(void)bp_sem_rest(&trace->told, NULL);
	state = trace_lock(trace);
	trace_summary(trace, cancelled);
	trace->fd = -1;
	err = trace->error;
	trace_unlock(trace, state);
	return err;
}

int bpool_trace(struct bpool *pool, int fd)
{
	struct bp_trace *before, *now = NULL;
	uint64_t cancelled;
	int begun = 0, err = pool_check(pool);

	if (err)
		return err;
	if (fd < -1)
		return -EINVAL;
	if (fd >= 0) {
		now = trace_new(fd, &err);
		if (!now)
			return err;
		trace_begin(now, pool);
		begun = now->error;
	}
	pool_lock(pool);
	before = pool->trace;
	pool->trace = now;
	cancelled = pool->cancelled;
	if (now)
		now->cancelled = cancelled;
	pool_unlock(pool);
	if (before) {
		err = trace_end(before, cancelled);
		pool_lock(pool);
		trace_drop(before);
		pool_unlock(pool);
	}
	return err ? err : begun;
}

void bp_trace_free(struct bpool *pool)
{
	if (!pool->trace)
		return;
	(void)trace_end(pool->trace, pool->cancelled);
	trace_drop(pool->trace);
}
