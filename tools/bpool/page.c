/* SPDX-License-Identifier: MIT */
#include "page.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "message.h"
#include "report.h"

const struct eventfile_form page_form = { .option = "--report",
					  .head = page_head,
					  .tail = page_tail };

static int from_say(const char *from, const char *why)
{
	char shown[200];

	say("--from %s: %s", escaped(shown, sizeof(shown), from), why);
	return -EINVAL;
}

/* What --from names, line by line. */
struct lines_from {
	const char *from;
	FILE *in;
	char *line;
	size_t size;
	ssize_t len; /* 0: there is none more */
	unsigned long long number;
};

/* Each line is an object; the last one may be cut off, where bpool was killed. */
static int from_next(struct lines_from *lines)
{
	static const char begin[] = "{\"event\":\"";
	char why[80], shown[200];
	ssize_t len = getline(&lines->line, &lines->size, lines->in);

	lines->len = 0;
	if (len < 0)
		return feof(lines->in) ? 0
				       : from_say(lines->from, strerror(errno));
	lines->number++;
	if (lines->line[len - 1] != '\n' && lines->line[len - 1] != '}') {
		say("--from %s: line %llu is cut off and left out",
		    escaped(shown, sizeof(shown), lines->from), lines->number);
		return 0;
	}
	if (strncmp(lines->line, begin, sizeof(begin) - 1) != 0) {
		(void)snprintf(why, sizeof(why),
			       "line %llu is no event of --events",
			       lines->number);
		return from_say(lines->from, why);
	}
	lines->len = len;
	return 0;
}

static int page_copy(struct eventfile *page, struct lines_from *lines)
{
	int rc = 0;

	while (!rc && lines->len > 0) {
		rc = eventfile_write(page, lines->line, (size_t)lines->len);
		if (!rc)
			rc = from_next(lines);
	}
	return rc;
}

static int page_write(const char *target, struct lines_from *lines,
		      struct fds *fds)
{
	struct eventfile page;
	int rc, closed;

	if (eventfile_goes_to(target, fileno(lines->in)))
		return from_say(lines->from, "this is the report");
	rc = eventfile_take(target, &page_form);
	/* A page that is there stays as it is where this cannot be read. */
	if (!rc)
		rc = from_next(lines);
	if (!rc)
		rc = eventfile_init(&page, target, &page_form, -1, fds);
	if (rc)
		return rc;
	rc = page_copy(&page, lines);
	closed = eventfile_fini(&page);
	return rc ? rc : closed;
}

int page_make(const char *target, const char *from, struct fds *fds)
{
	struct lines_from lines = { .from = from, .in = stdin };
	int rc;

	/* What is read takes the place of stdin, which nobody else reads. */
	if (strcmp(from, "-") != 0 && !freopen(from, "re", stdin))
		rc = from_say(from, strerror(errno));
	else
		rc = page_write(target, &lines, fds);
	free(lines.line);
	return rc ? STATUS_BPOOL_FAILED : STATUS_OK;
}
