/* SPDX-License-Identifier: MIT */
#include "interpreter.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "shellword.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

/* Which words are code. */
enum rule {
	CODE_BEHIND,  /* what is in, or right behind, a code option */
	CODE_COMMAND, /* the first operand, where a code option was given */
	CODE_FIRST,   /* the first operand, unless an option brought it */
	CODE_REST,    /* all operands but the first: a host, say */
	CODE_ALL,     /* all operands */
};

struct interpreter {
	const char *name; /* digits, dots and dashes may follow */
	enum rule rule;
	const char *code;   /* option letters that bring code */
	const char *flags;  /* those that take no argument */
	const char *taking; /* those that take one, here or behind */
	const char *glued;  /* those that take one, here or not at all */
	bool anywhere;	    /* code options may follow operands */
};

/* clang-format off */
#define SHELL(name) \
	{name, CODE_COMMAND, "c", "abefhiklmnprstuvxBCEHP", "oO", "", false}
#define OTHER(name) {name, CODE_BEHIND, "c", "", "", "", false}
#define LATE(name, flags, taking) \
	{name, CODE_BEHIND, "c", flags, taking, "", true}
#define PERL "0123456789acfhlnpstTuUvwWX"

/* An option that is in none of these sets leaves the rest in doubt. */
static const struct interpreter interpreters[] = {
	SHELL("sh"), SHELL("ash"), SHELL("bash"), SHELL("dash"), SHELL("hush"),
	SHELL("ksh"), SHELL("lksh"), SHELL("mksh"), SHELL("oksh"),
	SHELL("pdksh"), SHELL("posh"), SHELL("rbash"), SHELL("rksh"),
	SHELL("yash"), SHELL("zsh"),
	OTHER("csh"), OTHER("elvish"), OTHER("es"), OTHER("fish"),
	OTHER("nu"), OTHER("pwsh"), OTHER("rc"), OTHER("tcsh"),
	OTHER("xonsh"),
	LATE("flock", "neosxuF", "wE"), LATE("runuser", "lmfp", "gGsu"),
	LATE("script", "aefq", "EIBOTmo"), LATE("sg", "", ""),
	LATE("su", "lmpfP", "gGsw"),
	{"env", CODE_BEHIND, "S", "i0v", "uC", "", false},
	{"python", CODE_BEHIND, "c", "bBdEhiIOPqRsSuvVx", "WX", "", false},
	{"pypy", CODE_BEHIND, "c", "bBdEhiIOPqRsSuvVx", "WX", "", false},
	{"perl", CODE_BEHIND, "eEMm", PERL, "I", "iCdDFx", false},
	{"ruby", CODE_BEHIND, "e", "acdlnpsSvwWy", "IrCE", "iFx0KTW", false},
	{"node", CODE_BEHIND, "ep", "i", "r", "", false},
	{"nodejs", CODE_BEHIND, "ep", "i", "r", "", false},
	{"php", CODE_BEHIND, "rBRE", "anqsw", "cdfz", "", false},
	{"lua", CODE_BEHIND, "e", "ivEW", "l", "", false},
	{"luajit", CODE_BEHIND, "e", "iv", "l", "", false},
	{"Rscript", CODE_BEHIND, "e", "", "", "", false},
	{"awk", CODE_FIRST, "e", "", "Fv", "", false},
	{"gawk", CODE_FIRST, "e", "bcCghIkLMnNOPrsStV", "Fv", "", false},
	{"mawk", CODE_FIRST, "", "", "Fv", "", false},
	{"nawk", CODE_FIRST, "", "", "Fv", "", false},
	{"sed", CODE_FIRST, "e", "nErsuz", "l", "i", false},
	{"gsed", CODE_FIRST, "e", "nErsuz", "l", "i", false},
	{"ssh", CODE_REST, "o", "46AaCfGgKkMNnqsTtVvXxYy",
	 "BbcDEeFIiJLlmOpPQRSWw", "", false},
	{"watch", CODE_ALL, "", "bcdegptwx", "nq", "", false},
	{"parallel", CODE_ALL, "", "", "", "", false},
};
/* clang-format on */

static bool has_value(const char *word)
{
	return strchr(word, WORD_VALUE) != NULL;
}

static int refuse(char **why, const char *program, const char *advice)
{
	if (asprintf(why, "%s: %s", program, advice) < 0)
		return -ENOMEM;
	return -EINVAL;
}

static const char *advice_for(enum rule rule, bool doubt)
{
	if (doubt)
		return "might run {} as code; write -- before the first "
		       "operand, or leave out what bpool does not know";
	switch (rule) {
	case CODE_FIRST:
		return "would run {} as code; hand it over as data: "
		       "awk -v x={} ..., or sed --sandbox ...";
	case CODE_REST:
		return "the shell there would run {} as code; write "
		       "printf '%s\\n' {} | ssh host 'IFS= read -r x; ...'";
	default:
		return "would run {} as code; hand it over as an argument, "
		       "as in: sh -c 'echo \"$1\"' sh {}";
	}
}

static const char *base_name(const char *word)
{
	const char *slash = strrchr(word, '/');

	return slash ? slash + 1 : word;
}

static const struct interpreter *interpreter_named(const char *word)
{
	const char *name = base_name(word);

	for (size_t i = 0; i < COUNT(interpreters); i++) {
		const char *known = interpreters[i].name;
		size_t len = strlen(known);

		if (strncmp(name, known, len) == 0 &&
		    strspn(name + len, "0123456789.-") == strlen(name + len))
			return &interpreters[i];
	}
	return NULL;
}

/* Programs that start the program that their words name. */
static bool hands_on(const char *word)
{
	static const char *const names[] = {
		"bpool",   "builtin",	"busybox", "chroot",	  "chrt",
		"command", "doas",	"docker",  "env",	  "exec",
		"find",	   "flock",	"ionice",  "kubectl",	  "ltrace",
		"nice",	   "nocorrect", "noglob",  "nohup",	  "nsenter",
		"podman",  "runuser",	"setsid",  "ssh",	  "stdbuf",
		"strace",  "su",	"sudo",	   "systemd-run", "taskset",
		"time",	   "timeout",	"toybox",  "unshare",	  "xargs",
	};

	for (size_t i = 0; i < COUNT(names); i++)
		if (strcmp(base_name(word), names[i]) == 0)
			return true;
	return false;
}

/* How far the words of one interpreter have been read. */
struct reading {
	const struct interpreter *program;
	bool next_is_code;  /* by a code option right before */
	bool next_is_taken; /* by an option that takes a word */
	bool brought;	    /* a code option was seen */
	bool doubt;	    /* an option that nobody knows was */
	bool ended;	    /* "--" was: the rest are operands */
	bool done;	    /* no code can follow */
	unsigned operands;
};

/* A long option: not known, but for a few. */
static void read_long(struct reading *r, const char *word)
{
	bool command = strncmp(word, "--c", 3) == 0 ||
		       strncmp(word, "--session-c", 11) == 0;

	static const char *const flags[] = { "--norc",	  "--noprofile",
					     "--posix",	  "--login",
					     "--verbose", "--quiet",
					     "--silent" };

	for (size_t i = 0; i < COUNT(flags); i++)
		if (strcmp(word, flags[i]) == 0)
			return;
	/* GNU sed: no command of the script runs a program. */
	if (strcmp(word, "--sandbox") == 0 && r->program->rule == CODE_FIRST)
		r->done = true;
	if (r->program->anywhere)
		r->next_is_code = command && !strchr(word, '=');
	else
		r->doubt = true;
}

/* Letters behind a '-'.  False: a value in it is code, or may be. */
static bool read_letters(struct reading *r, const char *letters)
{
	const struct interpreter *program = r->program;

	for (; *letters; letters++) {
		if (*letters == 'f' && program->rule == CODE_FIRST) {
			r->done = true;
			return true;
		}
		if (strchr(program->code, *letters)) {
			r->brought = true;
			if (program->rule == CODE_COMMAND)
				continue;
			r->next_is_code = letters[1] == '\0';
			return !has_value(letters);
		}
		if (strchr(program->taking, *letters)) {
			r->next_is_taken = letters[1] == '\0';
			return true;
		}
		if (strchr(program->glued, *letters))
			return true;
		if (!strchr(program->flags, *letters)) {
			r->doubt = true;
			return !has_value(letters);
		}
	}
	return true;
}

static bool read_operand(struct reading *r, const char *word)
{
	bool code = false;

	switch (r->program->rule) {
	case CODE_BEHIND:
		r->done = !r->doubt && !r->program->anywhere;
		break;
	case CODE_COMMAND:
		code = r->brought;
		r->done = !r->doubt;
		break;
	case CODE_FIRST:
		code = !r->brought;
		r->done = !r->doubt;
		break;
	case CODE_REST:
		code = r->operands > 0;
		break;
	case CODE_ALL:
		code = true;
		break;
	}
	r->operands++;
	/* A variable, or the value, may have been an option instead. */
	if (r->ended)
		return !code || !has_value(word);
	if (*word == WORD_UNKNOWN || *word == WORD_VALUE) {
		r->doubt = r->doubt || !r->program->anywhere;
		r->done = false;
	}
	return !code || !has_value(word);
}

/* False: a value in this word is code, or may be. */
static bool read_word(struct reading *r, const char *word)
{
	if (r->next_is_code) {
		r->next_is_code = false;
		return !has_value(word);
	}
	if (r->next_is_taken) {
		r->next_is_taken = false;
		return true;
	}
	if (r->doubt && has_value(word))
		return false;
	if (r->ended)
		return read_operand(r, word);
	/* To a shell, a lone - ends the options too. */
	if ((strcmp(word, "--") == 0 ||
	     (r->program->rule == CODE_COMMAND &&
	      (strcmp(word, "-") == 0 || strcmp(word, "+") == 0))) &&
	    !r->doubt) {
		r->ended = true;
		return true;
	}
	if (strncmp(word, "--", 2) == 0) {
		read_long(r, word);
		return r->done || !has_value(word);
	}
	if ((*word == '-' || *word == '+') && word[1] != '\0')
		return read_letters(r, word + 1);
	/* env's own assignments, and its "-", are no operands. */
	if (r->program->code[0] == 'S' &&
	    (strchr(word, '=') || strcmp(word, "-") == 0))
		return true;
	return read_operand(r, word);
}

/* *skip: how many words behind the first are known to name no program. */
static int check_one(const struct interpreter *program, char *const *words,
		     size_t n, size_t *skip, char **why)
{
	struct reading r = { .program = program };
	size_t i;

	*skip = 0;
	for (i = 1; i < n && !r.done; i++) {
		bool doubt = r.doubt;

		if (!read_word(&r, words[i]))
			return refuse(why, base_name(words[0]),
				      advice_for(program->rule, doubt));
	}
	/* sh -c CODE NAME: the name is only what the code calls itself. */
	if (r.done && r.brought && program->rule == CODE_COMMAND && i < n)
		*skip = i;
	return 0;
}

/* "$SHELL" -c: nobody knows what it is, but it may be one. */
static int check_unknown(char *const *words, size_t n, char **why)
{
	const char *option = n > 2 ? words[1] : "";
	size_t len = strlen(option);

	if (len < 2 || (*option != '-' && *option != '+') ||
	    strspn(option + 1, "cabefhiklmnprstuvxBCEHP") != len - 1 ||
	    !strchr(option, 'c') || !has_value(words[2]))
		return 0;
	return refuse(why, "what the variable names",
		      "might be a shell and run {} as code; write the name of "
		      "the program");
}

int interpreter_check(char *const *words, size_t n, char **why)
{
	bool anywhere = n > 0 &&
			(hands_on(words[0]) || *words[0] == WORD_UNKNOWN);
	int err = 0;

	for (size_t i = 0, skip = 0; !err && i < n; i += 1 + skip) {
		const struct interpreter *program = interpreter_named(words[i]);

		skip = 0;
		if (program &&
		    (i == 0 || anywhere || program->rule == CODE_COMMAND))
			err = check_one(program, words + i, n - i, &skip, why);
		else if (*words[i] == WORD_UNKNOWN && (i == 0 || anywhere))
			err = check_unknown(words + i, n - i, why);
	}
	return err;
}
