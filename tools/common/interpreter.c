/* SPDX-License-Identifier: MIT */
#include "interpreter.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "programs.h"
#include "scan.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static bool has_value(const char *word)
{
	return strchr(word, WORD_VALUE) != NULL;
}

/* How far the words of one interpreter have been read. */
struct reading {
	const struct program *program;
	bool next_is_code;  /* by a code option right before */
	bool next_is_taken; /* by an option that takes a word */
	bool brought;	    /* a code option was seen */
	bool doubt;	    /* what follows may be other than it seems */
	bool dash;	    /* a value may have been an option */
	bool strange;	    /* an option that its row does not list was */
	bool ended;	    /* "--" was: the rest are operands */
	bool done;	    /* no code can follow */
	unsigned operands;
};

static const char *advice_for(const struct reading *r, bool doubt)
{
	if (doubt && r->strange)
		return "might run {} as code, behind an option that bpool does "
		       "not know; write it as --option=value, or put the "
		       "command into a script and call that with {}";
	if (doubt)
		return "might run {} as code; write -- before the first "
		       "operand";
	switch (r->program->rule) {
	case CODE_FIRST:
		return strstr(r->program->name, "sed")
			       ? "would run {} as code; sed --sandbox ... "
				 "runs none"
			       : "would run {} as code; hand it over as data: "
				 "awk -v x={} ...";
	case CODE_REST:
		return "the shell there would run {} as code; let it read: "
		       "printf '%s\\n' {} | ssh host 'IFS= read -r x; ...'";
	default:
		return "would run {} as code; hand it over as an argument, "
		       "as in: sh -c 'echo \"$1\"' sh {}";
	}
}

static bool is_in(const char *word, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(word, list[i]) == 0)
			return true;
	return false;
}

/* A long option of what is no shell: does it leave no doubt? */
static bool read_long_alone(struct reading *r, const char *word)
{
	static const char *const flags[] = {
		"--binary",	     "--enable-source-maps",
		"--expose-gc",	     "--follow-symlinks",
		"--in-place",	     "--inspect",
		"--inspect-brk",     "--no-deprecation",
		"--no-warnings",     "--null-data",
		"--regexp-extended", "--separate",
		"--trace-warnings",  "--unbuffered",
		"--zero-terminated",
	};

	/* env --split-string=, and what it may be cut down to. */
	if (r->program->code[0] == 'S' && word[2] == 's')
		return false;
	/* An awk may pass over what it does not know. */
	if (strstr(r->program->name, "sed") &&
	    (strncmp(word, "--expression=", 13) == 0 ||
	     strncmp(word, "--file=", 7) == 0))
		r->brought = true;
	/* A variable without quotes may be several words. */
	return is_in(word, flags, COUNT(flags)) ||
	       (strchr(word, '=') && !strchr(word, WORD_UNKNOWN));
}

/* A long option: not known, but for a few, bash's among them. */
static void read_long(struct reading *r, const char *word)
{
	static const char *const flags[] = {
		"--debug",	"--debugger", "--login",  "--noediting",
		"--noprofile",	"--norc",     "--posix",  "--pretty-print",
		"--restricted", "--quiet",    "--silent", "--verbose",
	};
	bool command = strncmp(word, "--c", 3) == 0 ||
		       strncmp(word, "--session-c", 11) == 0;

	if (is_in(word, flags, COUNT(flags)))
		return;
	/* GNU sed: no command of the script runs a program. */
	if (strcmp(word, "--sandbox") == 0 && r->program->rule == CODE_FIRST)
		r->done = true;
	if (r->program->anywhere)
		r->next_is_code = command && !strchr(word, '=');
	else if (r->program->rule == CODE_COMMAND || !read_long_alone(r, word))
		r->doubt = r->strange = true;
}

/* Letters behind a '-'.  False: a value in it is code, or may be. */
static bool read_letters(struct reading *r, const char *letters)
{
	const struct program *program = r->program;

	for (; *letters; letters++) {
		if (*letters == 'f' && program->rule == CODE_FIRST) {
			r->done = true;
			return true;
		}
		if (strchr(program->code, *letters)) {
			r->brought = true;
			/* env -S: a whole command, whose end this is. */
			r->doubt = r->doubt || *letters == 'S';
			if (program->rule == CODE_COMMAND)
				continue;
			r->next_is_code = letters[1] == '\0';
			return !has_value(letters);
		}
		if (strchr(program->taking, *letters)) {
			r->next_is_taken = letters[1] == '\0';
			if (program->rule != CODE_COMMAND || r->next_is_taken)
				return true;
			/* `-oc x y`: -o x -c y to one shell, not to another. */
			r->doubt = true;
			r->brought = r->brought || strchr(letters, 'c');
			return !has_value(letters);
		}
		if (strchr(program->glued, *letters))
			return true;
		if (!strchr(program->flags, *letters)) {
			r->doubt = r->strange = true;
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
		/* env takes what begins with -S for a whole command. */
		code = r->program->code[0] == 'S' && *word == WORD_VALUE &&
		       !r->ended;
		r->dash = code;
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
static int check_one(const struct program *program, char *const *words,
		     size_t n, size_t *skip, char **why)
{
	struct reading r = { .program = program };
	size_t i;

	for (i = 1; i < n && !r.done; i++) {
		bool doubt = r.doubt;

		if (!read_word(&r, words[i]))
			return program_refuse(why, program_base_name(words[0]),
					      advice_for(&r, doubt || r.dash));
	}
	/* sh -c CODE NAME: the name is only what the code calls itself. */
	*skip = 0;
	if (r.done && r.brought && program->rule == CODE_COMMAND && i < n)
		*skip = i;
	return 0;
}

/* "$SHELL" -c: nobody knows what it is, but it may be one. */
static int check_unknown(char *const *words, size_t n, char **why)
{
	struct reading r = { .program = &program_shell };

	for (size_t i = 1; i < n && !r.strange; i++) {
		bool option = *words[i] == '-' || *words[i] == '+';

		if (!option && !r.next_is_taken && !r.brought)
			return 0;
		if (!read_word(&r, words[i]))
			return program_refuse(
				why, "what the variable names",
				"might be a shell and run {} as code; "
				"write the name of the program");
	}
	return 0;
}

/* As each of those that the first word may name. */
static int check_named(char *const *words, size_t n, bool any, size_t *skip,
		       char **why)
{
	const struct program *program;
	size_t at = 0;
	int err = 0;

	while (!err && (program = program_next(words[0], &at)))
		if (any || program->rule == CODE_COMMAND)
			err = check_one(program, words, n, skip, why);
	return err;
}

int interpreter_check(char *const *words, size_t n, char **why)
{
	bool anywhere = n > 0 && (program_hands_on(words[0]) ||
				  program_is_unknown(words[0]));
	int err = 0;

	for (size_t i = 0, skip; !err && i < n; i += 1 + skip) {
		bool any = i == 0 || anywhere;

		skip = 0;
		if (!program_is_unknown(words[i]))
			err = check_named(words + i, n - i, any, &skip, why);
		else if (any)
			err = check_unknown(words + i, n - i, why);
	}
	return err;
}
