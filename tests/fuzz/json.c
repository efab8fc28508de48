/* SPDX-License-Identifier: MIT */
/*
 * Events: each is one line and one JSON object (RFC 8259) of harmless bytes, and
 * its strings and numbers say what they were made of.  The input is events: a byte
 * for the kind, numbers, and texts up to a NUL.
 */
#include "json.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "events.h"
#include "fuzz.h"

/* ---- Reading JSON ---------------------------------------------------------- */

struct reader {
	const char *at;
	char *text; /* of the last string, decoded */
	size_t len;
};

static void expect(struct reader *r, char byte)
{
	HOLDS(*r->at == byte, "'%c' at: %s", byte, r->at);
	r->at++;
}

static void code_put(struct reader *r, uint32_t code)
{
	static const unsigned char lead[] = { 0, 0xc0, 0xe0, 0xf0 };
	int more = code < 0x80 ? 0 : code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;

	r->text[r->len++] = (char)(lead[more] | code >> 6 * more);
	while (more-- > 0)
		r->text[r->len++] = (char)(0x80 | (code >> 6 * more & 0x3f));
}

/* Behind a backslash. */
static void read_escape(struct reader *r)
{
	static const char letters[] = "\"\\/bfnrt", bytes[] = "\"\\/\b\f\n\r\t";
	const char *found = strchr(letters, *r->at);
	char digits[5] = "";

	HOLDS(*r->at, "it ends");
	if (*r->at != 'u') {
		HOLDS(found, "\\%s", r->at);
		r->text[r->len++] = bytes[found - letters];
		r->at++;
		return;
	}
	for (int i = 0; i < 4; i++) {
		digits[i] = *++r->at;
		HOLDS(digits[i] && strchr("0123456789abcdefABCDEF", digits[i]),
		      "\\u%s", digits);
	}
	r->at++;
	code_put(r, (uint32_t)strtoul(digits, NULL, 16));
}

static void read_string(struct reader *r)
{
	expect(r, '"');
	free(r->text);
	/* \u0001 is more than what it stands for. */
	r->text = fuzz_alloc(strlen(r->at) + 1);
	r->len = 0;
	while (*r->at != '"') {
		HOLDS((unsigned char)*r->at >= 0x20, "in a string: %s", r->at);
		if (*r->at == '\\') {
			r->at++;
			read_escape(r);
		} else {
			r->text[r->len++] = *r->at++;
		}
	}
	r->at++;
	r->text[r->len] = '\0';
}

static void read_digits(struct reader *r)
{
	size_t n = strspn(r->at, "0123456789");

	HOLDS(n > 0, "no digit at: %s", r->at);
	r->at += n;
}

static void read_number(struct reader *r)
{
	r->at += *r->at == '-';
	if (*r->at == '0')
		r->at++;
	else
		read_digits(r);
	if (*r->at == '.') {
		r->at++;
		read_digits(r);
	}
}

static void read_value(struct reader *r);

static void read_array(struct reader *r)
{
	expect(r, '[');
	while (*r->at != ']') {
		read_value(r);
		if (*r->at != ']')
			expect(r, ',');
		HOLDS(r->at[-1] != ',' || *r->at != ']', "a last comma");
	}
	r->at++;
}

static void read_value(struct reader *r)
{
	if (strncmp(r->at, "true", 4) == 0)
		r->at += 4;
	else if (strncmp(r->at, "false", 5) == 0)
		r->at += 5;
	else if (*r->at == '"')
		read_string(r);
	else if (*r->at == '[')
		read_array(r);
	else
		read_number(r);
}

/* ---- What has to be in it -------------------------------------------------- */

/* How many bytes of `s` are one code of UTF-8 by the table of RFC 3629; 0: they
 * are none. */
static size_t code_len(const unsigned char *s)
{
	static const struct {
		unsigned char first[2], second[2];
		size_t len;
	} rows[] = {
		{ { 0x01, 0x7f }, { 0x00, 0xff }, 1 },
		{ { 0xc2, 0xdf }, { 0x80, 0xbf }, 2 },
		{ { 0xe0, 0xe0 }, { 0xa0, 0xbf }, 3 },
		{ { 0xe1, 0xec }, { 0x80, 0xbf }, 3 },
		{ { 0xed, 0xed }, { 0x80, 0x9f }, 3 },
		{ { 0xee, 0xef }, { 0x80, 0xbf }, 3 },
		{ { 0xf0, 0xf0 }, { 0x90, 0xbf }, 4 },
		{ { 0xf1, 0xf3 }, { 0x80, 0xbf }, 4 },
		{ { 0xf4, 0xf4 }, { 0x80, 0x8f }, 4 },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		size_t n = 2;

		if (s[0] < rows[i].first[0] || s[0] > rows[i].first[1])
			continue;
		if (rows[i].len == 1)
			return 1;
		if (s[1] < rows[i].second[0] || s[1] > rows[i].second[1])
			return 0;
		while (n < rows[i].len && (s[n] & 0xc0) == 0x80)
			n++;
		return n == rows[i].len ? n : 0;
	}
	return 0;
}

/* The text as JSON may say it: malloc'd. */
static char *as_utf8(const char *text)
{
	char *to = fuzz_alloc(strlen(text) * 3 + 1);
	size_t len = 0;

	while (*text) {
		size_t n = code_len((const unsigned char *)text);

		memcpy(to + len, n ? text : "\xef\xbf\xbd", n ? n : 3);
		len += n ? n : 3;
		text += n ? n : 1;
	}
	return to;
}

/* What an event was made of: members that it has to have. */
struct wanted {
	const char *name;
	const char *text; /* a string, or NULL: ... */
	char number[24];  /* ... a number, as it is written */
};

static void number_is(struct wanted *wanted, const char *name, int64_t number)
{
	*wanted = (struct wanted){ .name = name };
	(void)snprintf(wanted->number, sizeof(wanted->number), "%" PRId64,
		       number);
}

static void member_is(const struct reader *r, const char *value,
		      const struct wanted *wanted)
{
	size_t len = (size_t)(r->at - value);

	if (wanted->text) {
		char *text = as_utf8(wanted->text);

		HOLDS(*value == '"' && strcmp(r->text, text) == 0,
		      "%s: <%s>, not <%s>", wanted->name, r->text, text);
		free(text);
	} else {
		HOLDS(len == strlen(wanted->number) &&
			      memcmp(value, wanted->number, len) == 0,
		      "%s is %s, not %s", wanted->name, value, wanted->number);
	}
}

/* See that an object stands there, with these members among its own. */
static void object_is(struct reader *r, const struct wanted *wanted, size_t n)
{
	size_t found = 0;

	expect(r, '{');
	for (;;) {
		const char *value;
		char *name;

		read_string(r);
		name = r->text;
		r->text = NULL;
		expect(r, ':');
		value = r->at;
		read_value(r);
		for (size_t i = 0; i < n; i++) {
			if (strcmp(name, wanted[i].name) != 0)
				continue;
			member_is(r, value, &wanted[i]);
			found++;
		}
		free(name);
		if (*r->at != ',')
			break;
		r->at++;
	}
	expect(r, '}');
	HOLDS(found == n, "%zu of %zu members", found, n);
}

/* No byte of it does anything to a terminal. */
static void is_harmless(const char *json, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		unsigned char byte = (unsigned char)json[i];
		bool c1 = byte == 0xc2 && (unsigned char)json[i + 1] < 0xa0;

		HOLDS(byte >= 0x20 && byte != 0x7f && !c1, "byte %u at %zu",
		      byte, i);
	}
}

/* ---- Events ---------------------------------------------------------------- */

static uint64_t number_of(struct input *in)
{
	static const uint64_t numbers[] = { 0,	       1,
					    9,	       1000000,
					    INT32_MAX, UINT64_C(1) << 53 };
	unsigned byte = input_byte(in);

	return byte % 8 < COUNT(numbers) ? numbers[byte % 8]
					 : (uint64_t)byte * byte * 7919;
}

static struct ending ending_of(struct input *in)
{
	struct ending ending = {
		.outcome = (enum outcome)input_below(in, OUTCOME_DROPPED + 1),
		.status = (int)input_below(in, 256),
		.signal = (int)input_below(in, 2) * 9,
		.timed_out = input_below(in, 2),
		.ran_us = (int64_t)number_of(in),
		.nout = number_of(in),
		.nerr = number_of(in),
	};

	return ending;
}

/* Tell of one event: how many members are in `wanted` then. */
static size_t tell(struct events *events, struct input *in, const char *text,
		   struct wanted *wanted)
{
	static const char *const names[] = { "start", "timeout", "end", "retry",
					     "halt" };
	unsigned kind = input_byte(in) % COUNT(names);
	struct event_job job = { .number = number_of(in),
				 .slot = (unsigned)input_below(in, 256) + 1,
				 .pid = (pid_t)input_below(in, 3),
				 .command = text };
	struct ending ending = ending_of(in);
	struct tail tail = { 0 };
	size_t n = 0;
	int rc = 0;

	wanted[n++] = (struct wanted){ .name = "event", .text = names[kind] };
	wanted[n++] = (struct wanted){ .name = kind == 4 ? "why" : "command",
				       .text = text };
	if (kind != 4)
		number_is(&wanted[n++], "job", (int64_t)job.number);
	if (kind != 4 && job.pid)
		number_is(&wanted[n++], "pid", job.pid);
	if (kind == 2 || kind == 3)
		number_is(&wanted[n++], "stdout_bytes", (int64_t)ending.nout);
	if (kind == 3)
		number_is(&wanted[n++], "attempt", 4);
	tail_add(&tail, text, strlen(text));
	job.tail = &tail;
	if ((kind == 2 || kind == 3) && tail.len < TAIL_MAX)
		wanted[n++] = (struct wanted){ .name = "output", .text = text };
	if (kind == 0)
		rc = events_start(events, &job, (int64_t)number_of(in));
	else if (kind == 1)
		rc = events_timeout(events, &job);
	else if (kind == 2)
		rc = events_end(events, &job, &ending);
	else if (kind == 3)
		rc = events_retry(events, &job, &ending, 4, ending.timed_out);
	else
		rc = events_halt(events, text);
	HOLDS(rc == 0, "%d", rc);
	return n;
}

/* Any bytes as names and values of members. */
static void members_are_json(char *const *texts, size_t n)
{
	struct text text = { 0 };
	struct reader r = { 0 };
	struct wanted wanted[4];
	char *json, *name = as_utf8(texts[0]);

	wanted[0] = (struct wanted){ .name = name, .text = texts[n - 1] };
	json_begin(&text);
	json_string(&text, texts[0], texts[n - 1]);
	json_end(&text);
	json = text_take(&text);
	r.at = json;
	object_is(&r, wanted, 1);
	HOLDS(!*r.at, "behind it: %s", r.at);
	free(json);
	text = (struct text){ 0 };
	json_begin(&text);
	json_strings(&text, "all", texts, n);
	json_seconds(&text, "s", (int64_t)strlen(name) * 500000);
	json_end(&text);
	json = text_take(&text);
	is_harmless(json, strlen(json));
	r.at = json;
	object_is(&r, wanted, 0);
	HOLDS(!*r.at, "behind it: %s", r.at);
	free(json);
	free(name);
	free(r.text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static int fd = -1;
	struct events events;
	struct input in = { data, size };
	struct wanted wanted[3][8];
	char *texts[3], *all;
	size_t n[3], events_n, len;
	struct reader r = { 0 };

	if (fd < 0)
		fd = file_make("", 0);
	HOLDS(ftruncate(fd, 0) == 0 && lseek(fd, 0, SEEK_SET) == 0, "file");
	events_init(&events);
	events.files[events.n++] = (struct eventfile){
		.form = &eventfile_lines,
		.target = "file",
		.fd = fd,
	};
	for (events_n = 0; events_n < 3 && in.left; events_n++) {
		texts[events_n] = input_text(&in);
		n[events_n] =
			tell(&events, &in, texts[events_n], wanted[events_n]);
	}
	all = file_read(fd, &len);
	r.at = all;
	for (size_t i = 0; i < events_n; i++) {
		const char *line = r.at;

		object_is(&r, wanted[i], n[i]);
		is_harmless(line, (size_t)(r.at - line));
		expect(&r, '\n');
	}
	HOLDS(r.at == all + len, "more than that");
	if (events_n > 0)
		members_are_json(texts, events_n);
	for (size_t i = 0; i < events_n; i++)
		free(texts[i]);
	free(r.text);
	free(all);
	return 0;
}
