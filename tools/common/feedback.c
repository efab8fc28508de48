/* SPDX-License-Identifier: MIT */
#include "feedback.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#define LINE_MOST 4096		    /* longer lines say nothing */
#define FEEDBACK_MOST (1024 * 1024) /* nor does what comes after that much */
#define SECONDS_MAX 1e9

int feedback_open(struct fds *fds)
{
	int fd, error;

	/* A pipe would be full one day, and its writer sleep. */
	fds_lock(fds);
	fd = memfd_create("bpool-feedback", MFD_CLOEXEC);
	error = errno;
	fds_unlock(fds);
	return fd < 0 ? -error : fd;
}

/* The three forms of RFC 9110, 5.6.7: "Sun, 06 Nov 1994 08:49:37 GMT" and
 * those that it calls obsolete; -1: it is none. */
static int64_t date_read(const char *text)
{
	static const char *const forms[] = { "%a, %d %b %Y %H:%M:%S GMT",
					     "%a, %d-%b-%y %H:%M:%S GMT",
					     "%a %b %d %H:%M:%S %Y" };

	for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++) {
		struct tm tm = { 0 };
		const char *end = strptime(text, forms[i], &tm);

		if (end && !*end)
			return (int64_t)timegm(&tm);
	}
	return -1;
}

/* Seconds from now; 0: none, none that is to come, or nothing that is known
 * for a time. */
static double seconds_read(const char *text, int64_t now)
{
	char *end;
	double seconds = 0;

	if (text[0] && text[strspn(text, "0123456789.")] == '\0') {
		seconds = strtod(text, &end);
		return *end ? 0 : seconds;
	}
	seconds = (double)(date_read(text) - now);
	return seconds > 0 ? seconds : 0;
}

void feedback_line(const char *line, int64_t now, struct feedback *feedback)
{
	static const char after[] = "retry-after";
	const char *rest = line + sizeof(after) - 1;
	double seconds = 0;

	if (strcasecmp(line, "overloaded") == 0) {
		feedback->overloaded = true;
		return;
	}
	if (strncasecmp(line, after, sizeof(after) - 1) != 0 || !*rest ||
	    !strchr(": \t", *rest))
		return;
	rest += strspn(rest, ": \t");
	seconds = seconds_read(rest, now);
	if (seconds > SECONDS_MAX)
		seconds = SECONDS_MAX;
	feedback->overloaded = true;
	if ((int64_t)(seconds * 1000) > feedback->after_ms)
		feedback->after_ms = (int64_t)(seconds * 1000);
}

/* Without the blanks around it, as in a field of HTTP, and not with a NUL in
 * it. */
static void line_read(char *line, size_t len, int64_t now,
		      struct feedback *feedback)
{
	if (memchr(line, '\0', len))
		return;
	while (len > 0 && strchr(" \t\r", line[len - 1]))
		len--;
	line[len] = '\0';
	feedback_line(line + strspn(line, " \t"), now, feedback);
}

/* The lines that are whole, or all at the end; how many bytes those are. */
static size_t lines_read(char *text, size_t len, bool end, int64_t now,
			 struct feedback *feedback)
{
	size_t done = 0;
	char *nl;

	while ((nl = memchr(text + done, '\n', len - done))) {
		line_read(text + done, (size_t)(nl - text) - done, now,
			  feedback);
		done = (size_t)(nl + 1 - text);
	}
	if (end && done < len) {
		line_read(text + done, len - done, now, feedback);
		done = len;
	}
	return done;
}

void feedback_read(int fd, struct feedback *feedback)
{
	int64_t now = (int64_t)time(NULL);
	char text[LINE_MOST + 1];
	bool torn = false; /* the line that begins here is the rest of one */
	off_t at = 0;
	ssize_t n;

	*feedback = (struct feedback){ 0 };
	while (at < FEEDBACK_MOST && (n = pread(fd, text, LINE_MOST, at)) > 0) {
		size_t len = (size_t)n, done;
		char *nl = torn ? memchr(text, '\n', len) : NULL;

		if (torn && nl) {
			torn = false;
			at += nl + 1 - text;
			continue;
		}
		done = torn ? len
			    : lines_read(text, len, len < LINE_MOST, now,
					 feedback);
		torn = torn || done == 0;
		at += (off_t)(done ? done : len);
	}
}
