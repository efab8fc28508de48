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

/* Each line is an object; the last one may be cut off, where bpool was killed. */
static int page_copy(struct eventfile *page, FILE *in, const char *from)
{
	static const char begin[] = "{\"event\":\"";
	char *line = NULL, why[80], shown[200];
	unsigned long long number = 0;
	size_t size = 0;
	ssize_t len = 0;
	int rc = 0;

	while (!rc && (len = getline(&line, &size, in)) > 0) {
		number++;
		if (line[len - 1] != '\n' && line[len - 1] != '}') {
			say("--from %s: line %llu is cut off and left out",
			    escaped(shown, sizeof(shown), from), number);
			break;
		}
		if (strncmp(line, begin, sizeof(begin) - 1) != 0) {
			(void)snprintf(why, sizeof(why),
				       "line %llu is no event of --events",
				       number);
			rc = from_say(from, why);
		} else {
			rc = eventfile_write(page, line, (size_t)len);
		}
	}
	if (!rc && len < 0 && !feof(in))
		rc = from_say(from, strerror(errno));
	free(line);
	return rc;
}

static int page_write(const char *target, const char *from, struct fds *fds)
{
	struct eventfile page;
	int rc, closed;

	if (eventfile_goes_to(target, fileno(stdin)))
		return from_say(from, "this is the report");
	rc = eventfile_take(target, &page_form);
	if (!rc)
		rc = eventfile_init(&page, target, &page_form, -1, fds);
	if (rc)
		return rc;
	rc = page_copy(&page, stdin, from);
	closed = eventfile_fini(&page);
	return rc ? rc : closed;
}

int page_make(const char *target, const char *from, struct fds *fds)
{
	int rc;

	/* What is read takes the place of stdin, which nobody else reads. */
	if (strcmp(from, "-") != 0 && !freopen(from, "re", stdin))
		rc = from_say(from, strerror(errno));
	else
		rc = page_write(target, from, fds);
	return rc ? STATUS_BPOOL_FAILED : STATUS_OK;
}
