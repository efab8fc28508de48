/* SPDX-License-Identifier: MIT */
#include "codeword.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "interpreter.h"
#include "programs.h"
#include "scan.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))
#define NAME_BYTES                                                             \
	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_"                \
	"0123456789"

struct builtin {
	const char *name;
	/* -EINVAL with *why, where a value may not stand. */
	int (*check)(char *const *words, size_t n, char **why);
};

static bool has_value(const char *word)
{
	return strchr(word, WORD_VALUE) != NULL;
}

/* ---- Assignments --------------------------------------------------------- */

bool codeword_is_assignment(const char *word)
{
	const char *end = word + strspn(word, NAME_BYTES);

	if (end == word || (*word >= '0' && *word <= '9'))
		return false;
	if (*end == '[' || *end == WORD_UNKNOWN)
		return strchr(end, '=') != NULL;
	return *end == '=' || (end[0] == '+' && end[1] == '=');
}

bool codeword_is_code_variable(const char *name, size_t len)
{
	/* Expanded before they are shown or read, or arithmetic. */
	static const char *const names[] = {
		"BASHPID",	 "BASH_ARGV0",
		"BASH_ENV",	 "ENV",
		"EPOCHREALTIME", "EPOCHSECONDS",
		"HISTCMD",	 "LINENO",
		"OPTIND",	 "PROMPT_COMMAND",
		"PS0",		 "PS1",
		"PS2",		 "PS3",
		"PS4",		 "RANDOM",
		"RPROMPT",	 "RPS1",
		"SECONDS",	 "SRANDOM",
	};

	for (size_t i = 0; i < COUNT(names); i++)
		if (strlen(names[i]) == len &&
		    strncmp(name, names[i], len) == 0)
			return true;
	return false;
}

/* Also as the arguments of env, export and their like. */
static int check_assignments(char *const *words, size_t n, char **why)
{
	for (size_t i = 0; i < n; i++) {
		size_t len = strspn(words[i], NAME_BYTES);

		if (!has_value(words[i]) ||
		    !codeword_is_code_variable(words[i], len))
			continue;
		if (words[i][len] == '=' || words[i][len] == '+')
			return program_refuse(
				why, "assigning {} to this variable",
				"the shell runs or evaluates what it "
				"holds; use another name");
	}
	return 0;
}

/* ---- Builtins ------------------------------------------------------------ */

static int check_none(char *const *words, size_t n, char **why)
{
	for (size_t i = 1; i < n; i++)
		if (has_value(words[i]))
			return program_refuse(
				why, words[0],
				"this builtin would run or evaluate {} "
				"as code; leave {} out of it, or hand it "
				"over as an argument: "
				"sh -c 'echo \"$1\"' sh {}");
	return 0;
}

static int check_never(char *const *words, size_t n, char **why)
{
	(void)n;
	return program_refuse(
		why, words[0],
		"this changes what later words of the command mean; put "
		"it into a script and call that with {}");
}

/*
 * -i makes each later assignment arithmetic, -n a name, -a a list; and bash's
 * declare reads what it assigns to a list as code.
 */
static int check_declare(char *const *words, size_t n, char **why)
{
	for (size_t i = 1; i < n; i++) {
		const char *word = words[i];
		size_t name = strspn(word, NAME_BYTES);

		if (*word == WORD_UNKNOWN)
			return check_never(words, n, why);
		if ((*word == '-' || *word == '+') &&
		    word[1 + strspn(word + 1, "xrgp-")] != '\0')
			return check_never(words, n, why);
		if (!has_value(word))
			continue;
		if (name == 0 || word[name] != '=' || *words[0] == 'd' ||
		    *words[0] == 't')
			return program_refuse(
				why, words[0],
				"{} would be a name or code here; write "
				"NAME={} as a command by itself");
	}
	return 0;
}

/* -v takes the name of a variable, whose subscript is evaluated. */
static int check_test(char *const *words, size_t n, char **why)
{
	for (size_t i = 2; i < n; i++) {
		const char *before = words[i - 1];

		if (has_value(words[i]) &&
		    (strcmp(before, "-v") == 0 || strcmp(before, "-R") == 0 ||
		     strchr(before, WORD_UNKNOWN) || has_value(before)))
			return program_refuse(
				why, words[0],
				"{} behind this would be, or could be, "
				"evaluated as a name; put {} first: "
				"[ {} = \"$x\" ], and write "
				"x=$(command {}) before it");
	}
	return 0;
}

/* printf -v NAME: the name's index is evaluated, and some names are code. */
static bool printf_assigns(char *const *words, size_t n)
{
	const char *name = n > 1 ? words[1] : "";

	if (strncmp(name, "-v", 2) != 0)
		return false;
	name += 2;
	if (*name == '\0' && n > 2)
		name = words[2];
	return strchr(name, WORD_UNKNOWN) ||
	       codeword_is_code_variable(name, strcspn(name, "["));
}

static int check_printf(char *const *words, size_t n, char **why)
{
	bool name = n > 1 && strncmp(words[1], "-v", 2) == 0 &&
		    (has_value(words[1]) ||
		     (words[1][2] == '\0' && n > 2 && has_value(words[2])));
	bool option = n > 1 && (*words[1] == WORD_VALUE ||
				(*words[1] == WORD_UNKNOWN && n > 2 &&
				 has_value(words[2])));

	if (printf_assigns(words, n))
		return check_none(words, n, why);
	if (name || option)
		return program_refuse(
			why, words[0],
			"{} could be taken for the name of a variable; "
			"write printf '%s\\n' {}");
	return 0;
}

/* clang-format off */
static const struct builtin builtins[] = {
	{"[", check_test}, {"alias", check_never}, {"autoload", check_none},
	{"bind", check_none}, {"bindkey", check_none},
	{"compadd", check_none}, {"compgen", check_none},
	{"complete", check_none}, {"compopt", check_none},
	{"coproc", check_never}, {"declare", check_declare},
	{"emulate", check_none}, {"enable", check_none}, {"eval", check_none},
	{"export", check_declare}, {"fc", check_none},
	{"float", check_never}, {"foreach", check_never},
	{"functions", check_none}, {"getopts", check_none},
	{"hist", check_none}, {"history", check_none},
	{"integer", check_never}, {"jobs", check_none}, {"let", check_none},
	{"local", check_declare}, {"mapfile", check_none},
	{"nameref", check_never}, {"printf", check_printf},
	{"read", check_none}, {"readarray", check_none},
	{"readonly", check_declare}, {"repeat", check_none},
	{"sched", check_none}, {"test", check_test},
	{"trap", check_none}, {"typeset", check_declare},
	{"unset", check_none}, {"vared", check_none}, {"wait", check_none},
	{"zle", check_none}, {"zmodload", check_none},
	{"zparseopts", check_none}, {"zstyle", check_none},
};
/* clang-format on */

/* What the shell looks behind for the builtin's name. */
static bool may_be_prefix(const char *word)
{
	static const char *const prefixes[] = { "builtin", "command",	"exec",
						"noglob",  "nocorrect", "-",
						"time" };

	for (size_t i = 0; i < COUNT(prefixes); i++)
		if (program_may_be(word, prefixes[i]))
			return true;
	return false;
}

/* A builtin's name may come out of what the first word is. */
static int check_hidden(char *const *words, size_t n, char **why)
{
	for (size_t i = 1; i < n; i++)
		if (has_value(words[i]))
			return program_refuse(
				why, words[0],
				"might name a builtin that runs {} "
				"behind it as code; for a program, write "
				"env -- before its name");
	return 0;
}

/* Executed, it is a program that knows nothing of the shell's variables. */
static bool is_program_too(const struct builtin *builtin)
{
	return builtin->check == check_test || builtin->check == check_printf;
}

/* What may come before a command in a shell, and whether that is one. */
struct before {
	bool shell;
	bool prefix;   /* "command" or the like */
	bool variable; /* one by itself, which may be the command's name */
};

/* As each builtin that the first word may be.  A variable by itself is none. */
static int check_builtin(char *const *words, size_t n,
			 const struct before *before, char **why)
{
	bool value = has_value(words[0]);
	bool unknown = program_is_unknown(words[0]);
	bool hidden = value ? before->shell && !before->variable
			    : unknown && strchr(words[0], WORD_PATTERN);
	int err = 0;

	for (size_t i = 0; !err && i < COUNT(builtins); i++)
		if (!program_may_be(words[0], builtins[i].name) ||
		    (!before->shell && is_program_too(&builtins[i])))
			continue;
		else if (hidden)
			err = check_hidden(words, n, why);
		else if (!value && !unknown)
			err = builtins[i].check(words, n, why);
	return err;
}

/* The builtin, behind assignments and "command", "builtin" ... */
static int check_builtins(char *const *words, size_t n, bool shell, char **why)
{
	struct before before = { .shell = shell };
	int err = 0;

	for (size_t at = 0; !err && at < n; at++) {
		if (before.prefix ? *words[at] == '-'
				  : codeword_is_assignment(words[at]))
			continue;
		err = check_builtin(words + at, n - at, &before, why);
		/* "$sudo eval": what is empty is no word at all. */
		if (!has_value(words[at]) && program_is_unknown(words[at]))
			before.variable = true;
		else if (may_be_prefix(words[at]))
			before.prefix = true;
		else
			break;
	}
	return err;
}

int codeword_check(char *const *words, size_t n, bool shell, char **why)
{
	size_t first = 0;
	int err = check_assignments(words, n, why);

	if (!err)
		err = check_builtins(words, n, shell, why);
	if (err)
		return err;
	while (shell && first < n && codeword_is_assignment(words[first]))
		first++;
	return interpreter_check(words + first, n - first, why);
}
