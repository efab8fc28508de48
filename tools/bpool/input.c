/* SPDX-License-Identifier: MIT */
#include "input.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "argroom.h"
#include "message.h"

/* What -m puts into a job, in bytes with their pointers: what xargs does. */
#define FILL_MAX ARGROOM_WORD

/* ---- Columns ------------------------------------------------------------- */

/* \t is a tab to those who write it, and nothing to regcomp(3). */
static char *with_tabs(const char *pattern)
{
	char *text = strdup(pattern), *to = text;

	for (; text && *pattern; pattern++) {
		if (pattern[0] == '\\' && pattern[1] == 't') {
			*to++ = '\t';
			pattern++;
		} else {
			if (pattern[0] == '\\' && pattern[1])
				*to++ = *pattern++;
			*to++ = *pattern;
		}
	}
	if (text)
		*to = '\0';
	return text;
}

static int columns_init(struct input *input, const char *pattern)
{
	char *text = with_tabs(pattern);
	char why[200], shown[200];
	int rc;

	if (!text)
		return -ENOMEM;
	rc = regcomp(&input->columns, text, REG_EXTENDED);
	free(text);
	if (rc == 0)
		return 0;
	regerror(rc, &input->columns, why, sizeof(why));
	say("-C %s: %s", escaped(shown, sizeof(shown), pattern), why);
	return -EINVAL;
}

/* The next that parts columns, from `at` on; what matches nothing parts
 * nothing.  Is there one? */
static bool columns_next(const struct input *input, const char *text,
			 const char *at, const char **begin, const char **end)
{
	regmatch_t match;

	while (*at && regexec(&input->columns, at, 1, &match,
			      at > text ? REG_NOTBOL : 0) == 0) {
		*begin = at + match.rm_so;
		*end = at + match.rm_eo;
		if (*end > *begin)
			return true;
		at = *begin + (**begin != '\0');
	}
	return false;
}

/* The line, then its columns, as pieces. */
static int columns_split(struct input *input, const char *line, size_t len)
{
	const char *rest, *begin, *end;
	int rc = pieces_add(&input->pieces, line, len);
	char *text = rc ? NULL : strndup(line, len);

	if (!text)
		return -ENOMEM;
	for (rest = text; !rc && columns_next(input, text, rest, &begin, &end);
	     rest = end)
		rc = pieces_add(&input->pieces, rest, (size_t)(begin - rest));
	if (!rc)
		rc = pieces_add(&input->pieces, rest, strlen(rest));
	free(text);
	return rc;
}

/* ---- Lines --------------------------------------------------------------- */

int input_init(struct input *input, struct options *options, unsigned slots,
	       int stop_fd, struct fds *fds)
{
	int rc;

	*input = (struct input){ .options = options, .slots = slots };
	if (options->fill) {
		input->fill_max =
			argroom_values(options->argv, options->replace);
		if (input->fill_max > FILL_MAX)
			input->fill_max = FILL_MAX;
	}
	if (options->sources.n > 0) {
		input->sources = &options->sources;
		input->combination =
			calloc(options->sources.n, sizeof(*input->combination));
		if (!input->combination)
			return -ENOMEM;
	}
	rc = lines_init(&input->lines, options->files, options->nfiles,
			options->delimiter,
			options->delimiter == '\n' && !options->keep_cr,
			stop_fd, fds);
	if (!rc && options->columns) {
		rc = columns_init(input, options->columns);
		if (rc)
			lines_fini(&input->lines);
	}
	if (rc)
		free(input->combination);
	return rc;
}

void input_fini(struct input *input)
{
	if (input->options->columns)
		regfree(&input->columns);
	free(input->combination);
	pieces_fini(&input->pieces);
	lines_fini(&input->lines);
}

/* A line, or a value that stands for one: as lines_next(). */
static int next_line(struct input *input, struct line *line)
{
	if (!input->sources)
		return lines_next(&input->lines, line);
	if (!sources_next(input->sources, input->combination))
		return 0;
	*line = (struct line){ .text = input->combination[0],
			       .len = strlen(input->combination[0]) };
	return 1;
}

static int record_take(struct input *input, size_t line, size_t first, size_t n,
		       struct record **record)
{
	*record = record_create(&input->pieces, line, first, n);
	if (!*record)
		return -ENOMEM;
	(*record)->file = input->file;
	(*record)->number = input->number;
	return 1;
}

/* A record of one line, and its columns. */
static int next_single(struct input *input, struct record **record)
{
	bool columns = input->options->columns != NULL;
	struct line line;
	int rc = next_line(input, &line);

	if (rc <= 0)
		return rc;
	input->file = line.file;
	input->number = line.number;
	pieces_clear(&input->pieces);
	rc = columns ? columns_split(input, line.text, line.len)
		     : pieces_add(&input->pieces, line.text, line.len);
	if (rc)
		return rc;
	return record_take(input, 0, columns, input->pieces.n - columns,
			   record);
}

/* ---- Several values a job ------------------------------------------------ */

/* What the pieces take that wait for their job. */
static size_t group_bytes(const struct input *input)
{
	return input->pieces.len + input->pieces.n * ARGROOM_POINTER;
}

/* They are enough for a job. */
static bool is_full(const struct input *input)
{
	size_t n = input->pieces.n;

	if (input->options->fill)
		return n > 0 && group_bytes(input) >= input->fill_max;
	return n >= input->options->max_values;
}

/* With -m: they are too much for it with this line. */
static bool is_beyond(const struct input *input, const struct line *line)
{
	size_t nbytes = group_bytes(input) + line->len + 1 + ARGROOM_POINTER;

	return input->options->fill && input->pieces.n > 0 &&
	       nbytes > input->fill_max;
}

/*
 * The line that was held, or the next, goes into the group; where it is too
 * much it is held.  1; or 0 or an error where no more come.
 */
static int group_add(struct input *input)
{
	struct line *line = &input->held;
	int rc = input->holds ? 1 : next_line(input, line);

	input->holds = false;
	if (rc <= 0)
		return rc;
	if (is_beyond(input, line)) {
		input->holds = true;
		return 1;
	}
	if (input->pieces.n == 0) {
		input->file = line->file;
		input->number = line->number;
	}
	rc = pieces_add(&input->pieces, line->text, line->len);
	return rc ? rc : 1;
}

/*
 * Read lines until they are enough, or the last.  One that is too much begins
 * the next job: so one that no job has room for is alone in its own.
 */
static void read_group(struct input *input)
{
	int rc = 1;

	pieces_clear(&input->pieces);
	input->taken = 0;
	do {
		rc = group_add(input);
	} while (rc > 0 && !input->holds && !is_full(input));
	input->ended = rc <= 0;
	input->error = rc < 0 ? rc : 0;
	/* The end of it is for all slots. */
	input->shares = input->options->fill && input->ended ? input->slots : 1;
}

static int next_group(struct input *input, struct record **record)
{
	size_t left, n, first;

	if (input->taken == input->pieces.n && !input->ended)
		read_group(input);
	left = input->pieces.n - input->taken;
	if (left == 0)
		return input->error;
	n = (left + input->shares - 1) / input->shares;
	first = input->taken;
	input->taken += n;
	input->shares -= input->shares > 1;
	return record_take(input, RECORD_SEVERAL, first, n, record);
}

static int next_combination(struct input *input, struct record **record)
{
	if (!sources_next(input->sources, input->combination))
		return 0;
	pieces_clear(&input->pieces);
	for (size_t i = 0; i < input->sources->n; i++) {
		const char *value = input->combination[i];

		if (pieces_add(&input->pieces, value, strlen(value)))
			return -ENOMEM;
	}
	return record_take(input, RECORD_SEVERAL, 0, input->sources->n, record);
}

int input_next(struct input *input, struct record **record)
{
	if (input->sources && input->sources->n > 1)
		return next_combination(input, record);
	if (input->options->fill || input->options->max_values > 0)
		return next_group(input, record);
	return next_single(input, record);
}
