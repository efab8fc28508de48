/* SPDX-License-Identifier: MIT */
/*
 * Templates for the shell put together at random: those that are accepted run
 * no value.  TEMPLATE_ROUNDS=N or N:SEED for more of them.
 */
#include "template.h"

#include <fcntl.h>

#include "template_support.h"

/* What {1} is, in front of values or anywhere. */
static const char *const names[] = { "eval",	"command", "val",
				     "builtin", "trap",	   "printf" };

/* Pieces put together at random: what is accepted runs no value. */
START_TEST(random_templates_that_are_accepted_run_no_value)
{
	/* clang-format off */
	static const char *const pieces[] = {
		"echo ",    "{}",     "\"",	    "'",
		" ",	    "$(",     ")",	    "`",
		"${x:-",    "}",      "((",	    "))",
		"$((",	    ";",      "|",	    "&&",
		"eval ",    "sh -c ", "\\",	    "#",
		"\n",	    "x=",     "[[ ",	    " ]]",
		"<<E\n",    "\nE\n",  "$x",	    "a",
		"-eq 1",    "(",      "printf %s ", "case x in x) ",
		" ;; esac", "{ ",     "; }",	    "if ",
		"; then ",  "; fi",   "export ",    "x[",
		"]=1 ",	    "[[ ",    "]]",	    "! ",
		"time -p -- ", "e[v]al ", "{1} ",   "$(echo ",
		"-v ",	    "$x$y eval ", "[ ",	    "]",
	};
	/* clang-format on */
	static const char *const values[] = {
		"$(touch CANARY)",    "`touch CANARY`",
		";touch CANARY;",     "a[$(touch CANARY)]",
		"'; touch CANARY; '", "\"; touch CANARY; \""
	};
	unsigned seed = 20261123;
	int tried = 0;

	for (int round = 0; round < 8000; round++) {
		struct template *t;
		char text[256] = "", out[4096];

		for (int i = 0, n = 2 + rand_r(&seed) % 9; i < n; i++)
			strcat(text,
			       pieces[(size_t)rand_r(&seed) % COUNT(pieces)]);
		if (!strchr(text, '}') || create_named(text, &t) != 0)
			continue;
		for (size_t v = 0; v < COUNT(values); v++) {
			struct command command;

			ck_assert_int_eq(expand_named(t, names[v], values[v],
						      &command),
					 0);
			if (is_run())
				shell_run(shells[v % 2 &&
						 access(shells[1], X_OK) == 0],
					  &command, out, sizeof(out));
			ck_assert_msg(!canary_died(), "%s ran <%s>", text,
				      values[v]);
			command_fini(&command);
			tried++;
		}
		template_destroy(t);
	}
	ck_assert_int_gt(tried, 300);
}
END_TEST

/* Shell commands of all shapes, right ones as a rule. */
struct sentence {
	unsigned seed;
	char text[4096];
};

static size_t chance(struct sentence *s, size_t n)
{
	return (size_t)rand_r(&s->seed) % n;
}

/*
 * Say one of the shapes, where W is a word, C a command and L some, anything
 * else itself.
 */
static void say(struct sentence *s, const char *shape, int depth);

static void say_one(struct sentence *s, const char *const *shapes, size_t n,
		    int depth)
{
	say(s, shapes[chance(s, depth > 0 ? n : n / 2)], depth - 1);
}

static void say(struct sentence *s, const char *shape, int depth)
{
	/*
	 * The first half of each says nothing that nests.  No shape uses a
	 * variable that another gave the value, nor lets a shell read it: what
	 * such a template runs is its own business.
	 */
	/* clang-format off */
	static const char *const words[] = {
		"{}",	     "{}",	 "\"{}\"",  "a",	  "'b c'",
		"y={}",	     "\"$x\"",	 "$x",	    "a{}b",	  "\\{}",
		"-c",	     "PS4={}",	 "eval",    "\"\\\\{}\"", "~{}",
		"{a,W}",     "zz*",	 "[{}]",    "x[{}]",	  "$9",
		"$(C)",	     "\"$(C)\"", "W\"W\"",  "WW",	  "$((1+W))",
		"${x:-W}",   "`C`",	 "<(C)",    "\"W\"",	  "'W'",
		"\"$(C)W\"", "$(L)",	 "W#W",	    "\\W",	  "W\\\nW",
		"W \\\n W",  "$'W'",	 "\"W W\"", "W'W'",	  "W"
	};
	static const char *const commands[] = {
		"echo W W", "printf %s W", "y=W", ": W", "eval W", "{}", "W W",
		"[ W = W ]", "[ W -eq W ]", "test W W", "set -x", "set -- W W",
		"sh -c W W W", "bash s W W", "export W", "read W", "trap W W",
		"printf W W", "env W W", "unset W", "declare W", "let W",
		"$x W", "sh s W", "command W W", "cd W", "$x W W", "y=W W",
		"awk W W", "2>e W W W", "exec W W", "local W", "coproc W",
		"(L)", "{ L; }", "{ L\n}", "if L; then L; fi", "! C", "C && C",
		"for z in W W; do L; done", "while C; do L; break; done",
		"case W in W) L;; W|W) L;; esac", "f() { L; }; f W", "C >W",
		"C 2>&1 <W", "C | C", "C # W\nC", "[[ W == W && W ]]", "C &",
		"function f { L; }; f", "case W in (W) L\nesac", "time C",
		"until C; do L; break; done", "C <<<W",
		"cat <<E\nW\nE\nC", "((W))",
		"for ((i=0;i<1;i++)); do C; break; done", "C &>W", "W() { C; }",
		"f() C\nf W", "(C; C) >W", "{ C; } 2>W", "C || W", "command C",
		"C >&W", "$x -e W W", "{W,W} W", "jobs -x W W",
		"ev${x}al W",
		"env -S W W", "s? -c W", "sh -oc errexit W",
		"e[v]al W", "/bin/s[h] -c W", "[e]v?l W", "e[$x]al W",
		"{1} W", "{1} -v W", "e{1} W", "command {1} W", "[ W W ]",
		"$x$9 eval W", "command $x eval W", "time -p -- C",
		"time -p C", "[[ W && ( W -eq W ) && W ]]",
		"[[ ! ( W -gt W ) ]]", "[[ ( a ) && W -eq W ]]", "eval y=$(C)",
		"[ -v $(C) ]", "sh -c $(C)", "[[ 1 -eq $(C) ]]", "e$(C) W"
	};
	/* clang-format on */
	static const char *const lists[] = { "C",    "C",	  "C; C",
					     "C\nC", "C\n# W\nC", "L; L" };

	for (; *shape; shape++) {
		size_t len = strlen(s->text);

		if (len > 400)
			return;
		if (*shape == 'W')
			say_one(s, words, COUNT(words), depth);
		else if (*shape == 'C')
			say_one(s, commands, COUNT(commands), depth);
		else if (*shape == 'L')
			say_one(s, lists, COUNT(lists), depth);
		else
			memcpy(s->text + len, (char[]){ *shape, '\0' }, 2);
	}
}

START_TEST(random_commands_that_are_accepted_run_no_value)
{
	static const char *const values[] = { "$(touch CANARY)",
					      "`touch CANARY`",
					      ";touch CANARY;",
					      "a[$(touch CANARY)]",
					      "'; touch CANARY; '",
					      "($(touch CANARY))",
					      "\"; touch CANARY; \"",
					      "-va[$(touch CANARY)]",
					      "touch CANARY",
					      "x=$(touch CANARY)",
					      "BEGIN{system(\"touch CANARY\")}",
					      "\ntouch CANARY\n",
					      "-Stouch CANARY",
					      "} ; touch CANARY" };
	const char *rounds = getenv("TEMPLATE_ROUNDS");
	struct sentence s = { .seed = 20261123 };
	int tried = 0, n = rounds ? (int)strtol(rounds, NULL, 10) : 800;

	if (rounds && strchr(rounds, ':'))
		s.seed = (unsigned)strtoul(strchr(rounds, ':') + 1, NULL, 10);
	for (int round = 0; round < n; round++) {
		struct command command;
		struct template *t;
		const char *value = values[chance(&s, COUNT(values))];
		const char *name = names[chance(&s, COUNT(names))];
		char out[4096];

		s.text[0] = '\0';
		say(&s, "L", 4);
		if (!strstr(s.text, "{}") || create_named(s.text, &t) != 0)
			continue;
		ck_assert_int_eq(expand_named(t, name, value, &command), 0);
		for (size_t i = 0; i < COUNT(shells); i++) {
			if (access(shells[i], X_OK) != 0)
				continue;
			if (is_run())
				shell_run(shells[i], &command, out,
					  sizeof(out));
			ck_assert_msg(!canary_died(), "%s: %s ran <%s>",
				      shells[i], s.text, value);
			tried++;
		}
		command_fini(&command);
		template_destroy(t);
	}
	ck_assert_int_gt(tried, n / 20);
	if (rounds)
		printf("%d tried\n", tried);
}
END_TEST

int main(void)
{
	int status;

	scratch_enter();
	/* What a pattern may find. */
	if (close(open("eval", O_CREAT | O_WRONLY, 0600)) != 0)
		return EXIT_FAILURE;
	status = TESTS_RUN("sentences",
			   random_templates_that_are_accepted_run_no_value,
			   random_commands_that_are_accepted_run_no_value);
	scratch_leave();
	return status;
}
