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

/* Bytes of the character of UTF-8 (RFC 3629) that stands there; 0: none does. */
static size_t character(const unsigned char *s)
{
	unsigned char least = 0x80, most = 0xbf;
	size_t len = s[0] < 0x80 ? 1 : s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 : 4;

	if (len == 1)
		return 1;
	if (s[0] < 0xc2 || s[0] > 0xf4)
		return 0;
	/* What a shorter one says, halves of pairs, and what is beyond. */
	if (s[0] == 0xe0)
		least = 0xa0;
	else if (s[0] == 0xf0)
		least = 0x90;
	else if (s[0] == 0xed)
		most = 0x9f;
	else if (s[0] == 0xf4)
		most = 0x8f;
	if (s[1] < least || s[1] > most)
		return 0;
	for (size_t i = 2; i < len; i++)
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	return len;
}

static void line_add_string(struct line *line, const char *text)
{
	const unsigned char *s = (const unsigned char *)text;

	line_add(line, "\"");
	while (*s) {
		size_t len = character(s);

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

/* With its lock held: the line ends, and is written. */
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

static void trace_tell(struct bp_trace *trace, struct line *line)
{
	int state = trace_lock(trace);

	trace_write(trace, line);
	trace_unlock(trace, state);
}

void bp_traced_take(struct bp_traced *traced, const struct bpool *pool,
		    uint32_t id, uint32_t worker, const struct bp_frame *frame)
{
	const char *key = frame->terms ? bp_gate_name(frame->terms->ticket.key)
				       : NULL;

	traced->number = pool->records[id].seq;
	traced->worker = worker;
	traced->attempt = frame->terms ? frame->terms->attempt : 1;
	(void)snprintf(traced->key, sizeof(traced->key), "%s", key ? key : "");
}

void bp_trace_start(struct bp_trace *trace, struct bp_traced *traced)
{
	struct line line;

	line_begin(&line, "start");
	line_add_job(&line, traced);
	trace_tell(trace, &line);
	traced->began = bp_clock_ns();
}

void bp_trace_end(struct bp_trace *trace, const struct bp_traced *traced,
		  int result, const struct bp_frame *frame, bool again)
{
	uint64_t ran = bp_clock_ns() - traced->began;
	/* Without terms nobody judged it. */
	bool ok = frame->terms ? frame->outcome == BPOOL_OK : result >= 0;
	struct line line;

	line_begin(&line, again ? "retry" : "end");
	line_add_job(&line, traced);
	line_add(&line, ",\"attempt\":%u", traced->attempt);
	if (again)
		line_add(&line, ",\"overloaded\":%s",
			 frame->outcome == BPOOL_OVERLOADED ? "true" : "false");
	line_add(&line,
		 ",\"outcome\":\"%s\",\"result\":%d,\"seconds\":%llu.%09llu",
		 ok ? "ok" : "failed", result,
		 (unsigned long long)(ran / BP_NS_PER_S),
		 (unsigned long long)(ran % BP_NS_PER_S));
	trace_tell(trace, &line);
}

static void trace_begin(struct bp_trace *trace, const struct bpool *pool)
{
	struct line line;

	line_begin(&line, "begin");
	line_add(&line, ",\"version\":\"%s\",\"pool\":", BPOOL_VERSION);
	line_add_string(&line, pool->name);
	line_add(&line, ",\"limit\":%u", pool->nworkers);
	trace_write(trace, &line);
}

static void trace_summary(struct bp_trace *trace, const struct bpool_stats *now)
{
	struct line line;

	line_begin(&line, "summary");
	line_add(&line,
		 ",\"jobs\":%llu,\"succeeded\":%llu,\"failed\":%llu,"
		 "\"stopped\":%llu,\"retried\":%llu,\"overloaded\":%llu",
		 (unsigned long long)now->submitted,
		 (unsigned long long)(now->finished - now->failed),
		 (unsigned long long)now->failed,
		 (unsigned long long)now->cancelled,
		 (unsigned long long)now->retried,
		 (unsigned long long)now->refused);
	trace_write(trace, &line);
}

static int trace_make(struct bp_trace **made)
{
	struct bp_trace *trace = malloc(sizeof(*trace));
	int err;

	if (!trace)
		return -ENOMEM;
	*trace = (struct bp_trace){ .fd = -1 };
	err = -pthread_mutex_init(&trace->lock, NULL);
	if (err)
		free(trace);
	else
		*made = trace;
	return err;
}

static void trace_unmake(struct bp_trace *trace)
{
	if (!trace)
		return;
	BP_BUG_ON(pthread_mutex_destroy(&trace->lock) != 0);
	free(trace);
}

/* Where it is written from now on, and what went wrong until then. */
static int trace_turn(struct bp_trace *trace, struct bpool *pool, int fd)
{
	struct bpool_stats now = { .size = sizeof(now) };
	int state, err = bpool_stats(pool, &now);

	BP_BUG_ON(err != 0);
	state = trace_lock(trace);
	trace_summary(trace, &now);
	err = trace->error;
	trace->error = 0;
	trace->fd = fd;
	if (fd >= 0) {
		trace_begin(trace, pool);
		err = trace->error;
	}
	trace_unlock(trace, state);
	return err;
}

int bpool_trace(struct bpool *pool, int fd)
{
	struct bp_trace *trace, *made = NULL;
	int err = pool_check(pool);

	if (err)
		return err;
	if (fd < -1)
		return -EINVAL;
	if (fd >= 0)
		err = trace_make(&made);
	if (err)
		return err;
	pool_lock(pool);
	if (!pool->trace) {
		pool->trace = made;
		made = NULL;
	}
	trace = pool->trace;
	pool_unlock(pool);
	trace_unmake(made);
	return trace ? trace_turn(trace, pool, fd) : 0;
}

void bp_trace_free(struct bpool *pool)
{
	if (!pool->trace)
		return;
	(void)trace_turn(pool->trace, pool, -1);
	trace_unmake(pool->trace);
}
