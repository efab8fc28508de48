/* SPDX-License-Identifier: MIT */
/*
 * Templates for the shell: a value is data.  Where one is accepted, what the shell
 * gets does not depend on the value, has it only in double quotes, and is, by
 * shmodel.c, the words of the template with the value's bytes in its place; what
 * is shown is the same.  A real shell has to agree, now and then.
 *
 * The input: 'v' and a value for templates that are known; 't', a template, a NUL
 * and a value; 'p', a value, a NUL and bytes that choose the pieces of a template.
 * Only those of 'v' and 'p' are run.
 */
#include "template.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fuzz.h"
#include "shmodel.h"

#define RUN_ONE_IN 256
#define TEXT_MOST 400

static const struct turn turn = { .job = 7, .slot = 3 };

/* ---- What stands for what -------------------------------------------------- */

static const char *const holes[] = { "{}",   "{.}", "{/}", "{//}",
				     "{/.}", "{#}", "{%}" };

struct parts {
	char *all[COUNT(holes)];
};

/* Without its extension: POSIX sh would say ${x%.*}. */
static char *stem(const char *value)
{
	const char *last = strrchr(value, '/'), *dot = strrchr(value, '.');
	const char *first = last ? last + 1 : value;

	if (!dot || dot <= first || !dot[1])
		return strdup(value);
	return strndup(value, (size_t)(dot - value));
}

static void parts_of(struct parts *parts, const char *value)
{
	char *copy = strdup(value);

	parts->all[0] = strdup(value);
	parts->all[1] = stem(value);
	/* Nothing has no components. */
	parts->all[2] = strdup(*value ? basename(copy) : "");
	strcpy(copy, value);
	parts->all[3] = strdup(dirname(copy));
	/* POSIX leaves it open whether that is the root; dirname(1) says so. */
	if (strcmp(parts->all[3], "//") == 0)
		parts->all[3][1] = '\0';
	parts->all[4] = stem(parts->all[2]);
	parts->all[5] = strdup("7");
	parts->all[6] = strdup("3");
	free(copy);
}

static void parts_free(struct parts *parts)
{
	for (size_t i = 0; i < COUNT(parts->all); i++)
		free(parts->all[i]);
}

static const char *hole_find(const void *user, const char *text, size_t *len)
{
	const struct parts *parts = user;

	for (size_t i = 0; i < COUNT(holes); i++) {
		*len = strlen(holes[i]);
		if (strncmp(text, holes[i], *len) == 0)
			return parts->all[i];
	}
	return NULL;
}

static const char *nothing_find(const void *user, const char *text, size_t *len)
{
	(void)user;
	(void)text;
	(void)len;
	return NULL;
}

/* The variables that the text of a shell begins with. */
struct variables {
	char names[100][24];
	char *const *values;
	size_t n;
};

static const char *variable_find(const void *user, const char *text,
				 size_t *len)
{
	const struct variables *v = user;

	for (size_t i = 0; i < v->n; i++) {
		*len = strlen(v->names[i]) + 3;
		if (strncmp(text, "${", 2) == 0 &&
		    strncmp(text + 2, v->names[i], *len - 3) == 0 &&
		    text[*len - 1] == '}')
			return v->values[i];
	}
	return NULL;
}

/* "bpool_value_1_1=${1}; ... shift 1; ": behind it the template begins. */
static const char *variables_read(struct variables *v,
				  const struct command *command)
{
	const char *text = command->shell;
	char assigned[64];

	v->values = command->values;
	for (v->n = 0; v->n < COUNT(v->names) && command->values[v->n];
	     v->n++) {
		char *name = v->names[v->n];
		size_t len = strcspn(text, "=");

		HOLDS(strncmp(text, "bpool_value_", 12) == 0 && len < 24, "%s",
		      command->shell);
		memcpy(name, text, len);
		name[len] = '\0';
		(void)snprintf(assigned, sizeof(assigned), "=${%zu}", v->n + 1);
		text += len;
		HOLDS(strncmp(text, assigned, strlen(assigned)) == 0, "%s",
		      command->shell);
		text += strlen(assigned);
		text += *text == ';' ? 2 : 1;
	}
	(void)snprintf(assigned, sizeof(assigned), "shift %zu; ", v->n);
	HOLDS(strncmp(text, assigned, strlen(assigned)) == 0, "%s",
	      command->shell);
	return text + strlen(assigned);
}

/* ---- What has to be the same ----------------------------------------------- */

static void same(const struct sh_stream *a, const struct sh_stream *b,
		 const char *text, const char *other)
{
	HOLDS(a->len == b->len &&
		      (a->len == 0 || memcmp(a->items, b->items, a->len) == 0),
	      "<%s> is <%s>", text, other);
}

/* The words of a template that went without the shell. */
static void argv_is(char *const *argv, const struct sh_stream *words,
		    const char *text)
{
	size_t i = 0;

	while (i < words->len && words->items[i] == SH_BLANK)
		i += 2;
	for (; *argv; argv++) {
		for (const char *s = *argv; *s; s++, i += 2)
			HOLDS(i < words->len && words->items[i + 1] == *s &&
				      strchr("lu", words->items[i]),
			      "<%s>: %s", text, *argv);
		while (i < words->len && strchr("be", words->items[i]))
			i += 2;
	}
	HOLDS(i == words->len, "<%s>: more words", text);
}

/* ---- Words that run what is behind them ------------------------------------ */

struct word {
	char text[16]; /* its beginning, without quotes */
	bool value;    /* there is one in it */
	bool quoted;   /* something of it */
};

/* The next word of a command at *at, without its blanks. */
static bool word_next(const struct sh_stream *s, size_t *at, struct word *word)
{
	size_t len = 0;

	*word = (struct word){ 0 };
	while (*at < s->len && s->items[*at] == SH_BLANK)
		*at += 2;
	for (; *at < s->len && strchr("luexXhq", s->items[*at]); *at += 2) {
		word->value = word->value || s->items[*at] == SH_VALUE;
		word->quoted = word->quoted || s->items[*at] == SH_QUOTED;
		if (len + 1 < sizeof(word->text) && strchr("lu", s->items[*at]))
			word->text[len++] = s->items[*at + 1];
	}
	return len > 0 || word->value;
}

static bool is_in(const char *word, const char *const *list, size_t n)
{
	while (n > 0 && strcmp(word, list[n - 1]) != 0)
		n--;
	return n > 0;
}

/* No value stands behind eval and its like. */
static void command_is_harmless(const struct sh_stream *s, size_t at,
				const char *text)
{
	static const char *const openers[] = { "if",   "then",	"else",
					       "elif", "while", "until",
					       "do",   "!",	"{" };
	static const char *const runners[] = { "eval", "trap", "alias", "let" };
	struct word first, second, word;

	do {
		if (!word_next(s, &at, &first))
			return;
	} while (!first.quoted && is_in(first.text, openers, COUNT(openers)));
	if (is_in(first.text, runners, COUNT(runners))) {
		while (word_next(s, &at, &word))
			HOLDS(!word.value, "<%s> is accepted", text);
		return;
	}
	if (strcmp(first.text, "sh") == 0 && word_next(s, &at, &second) &&
	    strcmp(second.text, "-c") == 0 && word_next(s, &at, &word))
		HOLDS(!word.value, "<%s> is accepted", text);
}

static void is_harmless(const struct sh_stream *s, const char *text)
{
	bool begins = true;

	for (size_t at = 0; at < s->len; at += 2) {
		char class = s->items[at], byte = s->items[at + 1];

		if (class == SH_BLANK)
			continue;
		if (begins)
			command_is_harmless(s, at, text);
		begins = class == SH_OPERATOR ||
			 (class == SH_NESTED && byte == '(');
	}
}

/* ---- A template ------------------------------------------------------------ */

static int create(const char *text, struct template **t)
{
	static char *argv[2]; /* outlives it */
	struct template_options options = { .argc = 1,
					    .argv = argv,
					    .shell = "/bin/sh",
					    .syntax = { .value = "{}" } };
	char *why = NULL;
	int err;

	argv[0] = (char *)(uintptr_t)text;
	err = template_create(t, &options, &why);
	HOLDS(err == 0 || err == -EINVAL, "%d", err);
	/* Why says of what, unless there is nothing to be seen. */
	HOLDS(err == 0 || strlen(why) > strlen(text) ||
		      (*why && !text[strspn(text, " \t\n")]),
	      "<%s>", text);
	free(why);
	return err;
}

static void expand(const struct template *t, const char *value,
		   struct command *command)
{
	char *values[] = { (char *)(uintptr_t)value };
	struct record record = { .line = value,
				 .values = values,
				 .nvalues = 1 };

	HOLDS(template_expand(t, &record, turn, command) == 0, "<%s>", value);
}

/* What is expanded has the words of `text`, which has holes. */
static void words_are(const char *text, const struct parts *parts,
		      const struct command *command)
{
	struct variables variables;
	const char *body = variables_read(&variables, command);
	struct sh_world given = { .find = hole_find, .user = parts },
			run = { .find = variable_find,
				.user = &variables,
				.is_variable = 1 },
			shown = { .find = nothing_find }, marked = given;
	struct sh_stream a = { 0 }, b = { 0 }, c = { 0 }, d = { 0 };
	enum sh_verdict verdict = sh_read(text, &given, &a);

	HOLDS(verdict != SH_FORBIDDEN, "<%s> is accepted", text);
	HOLDS(sh_read(body, &run, &b) != SH_FORBIDDEN, "<%s>", body);
	if (verdict == SH_READ) {
		same(&a, &b, text, body);
		HOLDS(sh_read(command->shown, &shown, &c) == SH_READ, "<%s>",
		      command->shown);
		same(&a, &c, text, command->shown);
		if (command->argv)
			argv_is(command->argv, &a, text);
		marked.marks = 1;
		(void)sh_read(text, &marked, &d);
		is_harmless(&d, text);
	}
	free(a.items);
	free(b.items);
	free(c.items);
	free(d.items);
}

/* What is accepted of `text` is good; false: it is refused. */
static bool is_good(const char *text, const char *value)
{
	struct sh_stream count = { 0 };
	struct command command, other;
	struct template *t;
	struct parts parts;
	char *whole = NULL;

	if (create(text, &t) != 0)
		return false;
	parts_of(&parts, value);
	expand(t, value, &command);
	expand(t, "x", &other);
	HOLDS(strcmp(command.shell, other.shell) == 0, "<%s> with <%s>", text,
	      value);
	HOLDS(!command.argv == !other.argv, "<%s> with <%s>", text, value);
	(void)sh_read(text,
		      &(struct sh_world){ .find = hole_find, .user = &parts },
		      &count);
	/* Where there is none the value is at the end. */
	HOLDS(asprintf(&whole, "%s%s", text, count.values ? "" : " {}") > 0,
	      "<%s>", text);
	words_are(whole, &parts, &command);
	free(whole);
	free(count.items);
	command_fini(&command);
	command_fini(&other);
	parts_free(&parts);
	template_destroy(t);
	return true;
}

/* ---- Real shells ----------------------------------------------------------- */

/* Run the template with a value: its exit status, and all that it prints. */
static int run(const char *text, const char *value, char **out, size_t *len)
{
	char path[] = "PATH=/nowhere", name[] = "sh", option[] = "-c";
	char *environment[] = { path, NULL };
	char *argv[64] = { name, option };
	posix_spawn_file_actions_t actions;
	struct command command;
	struct template *t;
	int fd = file_make("", 0), status;
	pid_t pid;

	HOLDS(create(text, &t) == 0, "<%s>", text);
	expand(t, value, &command);
	argv[2] = command.shell;
	argv[3] = argv[0];
	for (size_t i = 0; command.values[i]; i++) {
		HOLDS(i < COUNT(argv) - 5, "%zu values", i);
		argv[i + 4] = command.values[i];
	}
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, fd, 1);
	posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
	HOLDS(posix_spawn(&pid, "/bin/sh", &actions, NULL, argv, environment) ==
		      0,
	      "/bin/sh");
	posix_spawn_file_actions_destroy(&actions);
	/* libFuzzer has an alarm clock. */
	while (waitpid(pid, &status, 0) < 0)
		HOLDS(errno == EINTR, "waitpid");
	*out = file_read(fd, len);
	close(fd);
	command_fini(&command);
	template_destroy(t);
	HOLDS(access("CANARY", F_OK) != 0, "<%s> runs <%s>", text, value);
	return status;
}

/* `text` with `value` for each `from`. */
static char *replaced(const char *text, size_t len, const char *from,
		      const char *value, size_t *to_len)
{
	char *to = fuzz_alloc((len + 1) * (strlen(value) + 1));
	const char *end = text + len;

	for (*to_len = 0; text < end;) {
		if ((size_t)(end - text) >= strlen(from) &&
		    memcmp(text, from, strlen(from)) == 0) {
			memcpy(to + *to_len, value, strlen(value));
			*to_len += strlen(value);
			text += strlen(from);
		} else {
			to[(*to_len)++] = *text++;
		}
	}
	return to;
}

/* It does with the value what it does with a harmless one. */
static void runs_alike(const char *text, const char *value)
{
	static const char harmless[] = "qZ7";
	char *out, *plain, *wanted;
	size_t len, plain_len, wanted_len;
	int status = run(text, value, &out, &len);
	int plain_status = run(text, harmless, &plain, &plain_len);

	wanted = replaced(plain, plain_len, harmless, value, &wanted_len);
	HOLDS(status == plain_status, "<%s> with <%s> exits with %d, not %d",
	      text, value, status, plain_status);
	HOLDS(len == wanted_len && memcmp(out, wanted, len) == 0,
	      "<%s> with <%s> prints <%s>, not <%s>", text, value, out, wanted);
	free(out);
	free(plain);
	free(wanted);
}

/* ---- Templates that are known ---------------------------------------------- */

static void value_comes_through(const char *value, bool runs)
{
	/* What they print, with % for the value. */
	static const struct {
		const char *text, *out;
	} known[] = {
		{ "printf '%s\\0' {}", "%" },
		{ "printf '%s\\0' \"{}\"", "%" },
		{ "printf '%s\\0'", "%" },
		{ "printf '%s\\0' a{}b", "a%b" },
		{ "printf '%s\\0' \"$nothing{}\"{}", "%%" },
		{ "printf '%s\\0' \"a \\\"{}\\\"\" # {}", "a \"%\"" },
		{ "x={}; set -- 1; printf '%s\\0' \"$x\"", "%" },
		{ "f() { printf '%s\\0' \"$1\"; }; f {}", "%" },
		{ "for i in {}; do printf '%s\\0' \"$i\"; done", "%" },
	};

	for (size_t i = 0; i < COUNT(known); i++) {
		char *out, *wanted;
		size_t len, wanted_len;

		HOLDS(is_good(known[i].text, value), "<%s> is refused",
		      known[i].text);
		/* Of a whole corpus two of each value's are enough. */
		if (!runs || (fuzz_replays && i % 4 != strlen(value) % 4))
			continue;
		HOLDS(run(known[i].text, value, &out, &len) == 0, "<%s>: <%s>",
		      known[i].text, value);
		wanted = replaced(known[i].out, strlen(known[i].out), "%",
				  value, &wanted_len);
		HOLDS(len == wanted_len + 1 && memcmp(out, wanted, len) == 0,
		      "<%s>: <%s>", known[i].text, value);
		free(out);
		free(wanted);
	}
}

/* ---- Templates in pieces --------------------------------------------------- */

/*
 * Shapes, where W is a word and C a command.  None looks at what the value is, so
 * they do the same with any; and only builtins that harm nobody are in them.
 */
static void say(struct input *in, const char *shape, int depth, char *text);

static void say_one(struct input *in, const char *const *shapes, size_t n,
		    int depth, char *text)
{
	/* The first half of each nests nothing. */
	say(in, shapes[input_below(in, depth > 0 ? n : n / 2)], depth - 1,
	    text);
}

static void say(struct input *in, const char *shape, int depth, char *text)
{
	/* clang-format off */
	static const char *const words[] = {
		"{}", "\"{}\"", "a{}", "'b c'", "{}{}", "\"$x\"", "\\{}",
		"\"'{}'\"", "\"$none{}\"", "x#{}", "-{}", "\"\\\"{} {}\"",
		"W\"W\"", "WW", "\"W\"", "'W'", "W\\\nW", "\\W", "$(C)",
		"\"$(C)\"", "`C`", "${y:-W}", "$((1+W))", "\"W W\""
	};
	static const char *const commands[] = {
		"printf %s. W", "printf %s. W W", "x=W", ": W",
		"printf '%s.' \"$x\" W", "set -- W W", "eval W",
		"(C)", "{ C; }", "C; C", "C && C", "if C; then C; fi",
		"for z in W W; do printf %s. \"$z\"; C; done",
		"f() { printf %s. \"$@\"; }; f W W", "C # W\nC",
	};
	/* clang-format on */

	for (; *shape; shape++) {
		size_t len = strlen(text);

		if (len > TEXT_MOST)
			return;
		if (*shape == 'W')
			say_one(in, words, COUNT(words), depth, text);
		else if (*shape == 'C')
			say_one(in, commands, COUNT(commands), depth, text);
		else
			memcpy(text + len, (char[]){ *shape, '\0' }, 2);
	}
}

static void pieces_are_good(struct input *in, bool runs)
{
	static const char *const hostile[] = {
		"$(>CANARY)",	 "`>CANARY`",	";>CANARY;",
		"'; >CANARY; '", "\n>CANARY\n", "\"; >CANARY; \"",
		"; exit 7;",	 "*",		"a[$(>CANARY)]",
		"} ; >CANARY",	 "-n",		"",
	};
	size_t which = input_below(in, COUNT(hostile) * 2);
	char *value = input_text(in), text[TEXT_MOST + 40] = "";

	if (which < COUNT(hostile)) {
		free(value);
		value = strdup(hostile[which]);
	}
	say(in, "C", 5, text);
	/* A value that came out of $( ) without quotes is several words. */
	if (is_good(text, value) && runs && !strstr(text, "$("))
		runs_alike(text, value);
	free(value);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, size < 600 ? size : 600 };
	bool runs = input_is_one_in(RUN_ONE_IN, data, size);
	unsigned kind = input_byte(&in);
	char *text, *value;

	if (kind == 'p') {
		pieces_are_good(&in, runs);
		return 0;
	}
	text = input_text(&in);
	value = input_text(&in);
	if (kind == 'v')
		value_comes_through(text, runs);
	else
		(void)is_good(text, value);
	free(text);
	free(value);
	return 0;
}
