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

/* More than this nobody has to say. */
#define FEEDBACK_MAX 4096
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

void feedback_read(int fd, struct feedback *feedback)
{
	char text[FEEDBACK_MAX + 1], *line, *next;
	ssize_t n = pread(fd, text, FEEDBACK_MAX, 0);

	*feedback = (struct feedback){ 0 };
	text[n > 0 ? n : 0] = '\0';
	for (line = text; *line; line = next) {
		size_t len = strcspn(line, "\n");

		next = line + len + (line[len] == '\n');
		line[len] = '\0';
		if (len > 0 && line[len - 1] == '\r')
			line[len - 1] = '\0';
		feedback_line(line, (int64_t)time(NULL), feedback);
	}
}
