/* SPDX-License-Identifier: MIT */
#include "words.h"

#include <string.h>

/* Programs that take code as a word, and the option letters that say so. */
struct interpreter {
	const char *name;	/* a version at its end does not count */
	const char *letters;
};

static const struct interpreter interpreters[] = {
	{"sh", "c"},	    {"ash", "c"},     {"bash", "c"},  {"dash", "c"},
	{"ksh", "c"},	    {"mksh", "c"},    {"pdksh", "c"}, {"rbash", "c"},
	{"zsh", "c"},	    {"yash", "c"},    {"csh", "c"},   {"tcsh", "c"},
	{"fish", "c"},	    {"posh", "c"},    {"busybox", "c"}, {"su", "c"},
	{"runuser", "c"},   {"script", "c"},  {"flock", "c"}, {"sg", "c"},
	{"python", "c"},    {"pypy", "c"},    {"perl", "eE"}, {"ruby", "e"},
	{"node", "ep"},	    {"nodejs", "ep"}, {"lua", "e"},   {"luajit", "e"},
	{"php", "rBRE"},    {"rscript", "e"}, {"guile", "c"},
};

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* The option letters of a word that may name an interpreter, or NULL. */
static const char *code_letters(const struct word *word)
{
	const char *name = base_name(word->text);

	/* "$SHELL" is whatever it is. */
	if (word->dynamic)
		return "c";
	for (size_t i = 0; i < COUNT(interpreters); i++) {
		size_t len = strlen(interpreters[i].name);

		if (strncmp(name, interpreters[i].name, len) == 0 &&
		    strspn(name + len, "0123456789.-") == strlen(name + len))
			return interpreters[i].letters;
	}
	return NULL;
}

/* "-c", "-xc", "--command", "--eval" ... */
static bool says_code(const char *option, const char *letters)
{
	if (option[0] != '-' && option[0] != '+')
		return false;
	if (strncmp(option, "--", 2) == 0)
		return strncmp(option, "--c", 3) == 0 ||
		       strncmp(option, "--e", 3) == 0 ||
		       strncmp(option, "--session-c", 11) == 0;
	return strpbrk(option + 1, letters) != NULL;
}

/*
 * Of the words behind the interpreter at `from`: is words[n] the code?  It is
 * the first after the option that is no option itself, or holds the option
 * and the code in one ("-e{}", "--command={}").
 */
static bool is_code(const struct word *words, size_t from, size_t n,
		    const char *letters)
{
	bool said = false;

	for (size_t i = from + 1; i < n; i++) {
		const char *text = words[i].text;
		bool option = text[0] == '-' || text[0] == '+';

		if (says_code(text, letters) || (option && words[i].dynamic))
			said = true;
		else if (said && !option && i > from + 1 &&
			 !strchr("oO", words[i - 1].text[1]))
			return false;
	}
	return said || says_code(words[n].text, letters);
}

static bool is_one_of(const char *name, const char *const *names, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

static bool is_assignment(const char *text)
{
	size_t len = strspn(text, "abcdefghijklmnopqrstuvwxyz_"
				  "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");

	return len > 0 && (text[len] == '=' || text[len] == '[' ||
			   strncmp(text + len, "+=", 2) == 0);
}

const char *words_name(const struct word *words, size_t n)
{
	static const char *const before[] = {
		"!",	"{",  "builtin", "command", "do",  "elif",
		"else", "if", "exec",	 "nocorrect", "noglob", "then",
		"time", "-p", "until",	 "while", "-"};

	for (size_t i = 0; i < n; i++)
		if (!is_assignment(words[i].text) &&
		    !is_one_of(words[i].text, before, COUNT(before)))
			return words[i].text;
	return NULL;
}

/* Builtins that run, evaluate or subscript by what they are given. */
static bool builtin_runs(const char *name, const struct word *words, size_t n)
{
	static const char *const runs[] = {
		"eval",	   "trap",     "alias",	  "let",      "declare",
		"typeset", "local",    "export",  "readonly", "unset",
		"read",	   "mapfile",  "readarray", "getopts", "wait",
		"bind",	   "complete", "compgen", "enable",   "fc",
		"watch",   "parallel", "sem",	  "integer",  "float",
		"hash",	   "coproc",   "function", "print",    "bpool"};
	static const char *const by_option[] = {"printf", "test", "["};

	if (is_one_of(name, runs, COUNT(runs)))
		return true;
	if (!is_one_of(name, by_option, COUNT(by_option)))
		return false;
	for (size_t i = 0; i < n; i++)
		if (strncmp(words[i].text, "-v", 2) == 0 ||
		    strcmp(words[i].text, "-R") == 0)
			return true;
	return false;
}

const char *words_run(const struct word *words, size_t n)
{
	const char *name = words_name(words, n);

	/* name[...]= evaluates what is between. */
	if (!name && strchr(words[n].text, '[') &&
	    is_assignment(words[n].text))
		return words[n].text;
	if (name && builtin_runs(base_name(name), words, n))
		return name;
	for (size_t i = 0; i < n; i++) {
		const char *letters = code_letters(&words[i]);

		if (letters && is_code(words, i, n, letters))
			return words[i].text;
	}
	return NULL;
}
