/* SPDX-License-Identifier: MIT */
#include "plain.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/*
 * Builtins and keywords of dash, bash, ksh, zsh and busybox ash, sorted.  A
 * name too many costs that command a shell, one too few changes what it does.
 * true and false stand apart, see plain_words().
 */
/* clang-format off */
static const char *const shell_names[] = {
	"!", ".", ":", "[", "[[", "]]", "alias", "autoload", "bg", "bind",
	"bindkey", "break", "builtin", "bye", "caller", "case", "cd", "chdir",
	"command", "compgen", "complete", "compopt", "continue", "coproc",
	"declare", "dirs", "disable", "disown", "do", "done", "echo", "elif",
	"else", "emulate", "enable", "esac", "eval", "exec", "exit", "export",
	"false", "fc", "fg", "fi", "float", "for", "foreach", "function",
	"functions", "getln", "getopts", "hash", "help", "hist", "history",
	"if", "in", "integer", "jobs", "kill", "let", "limit", "local",
	"logout", "mapfile", "nameref", "nocorrect", "noglob", "popd",
	"print", "printf", "pushd", "pushln", "pwd", "r", "read", "readarray",
	"readonly", "rehash", "repeat", "return", "sched", "select", "set",
	"setopt", "shift", "shopt", "source", "suspend", "test", "then",
	"time", "times", "trap", "true", "ttyctl", "type", "typeset",
	"ulimit", "umask", "unalias", "unfunction", "unhash", "unlimit",
	"unset", "unsetopt", "until", "vared", "wait", "whence", "where",
	"which", "while", "zcompile", "zle", "zmodload", "zparseopts",
	"zstyle",
};
/* clang-format on */

static int name_compare(const void *name, const void *entry)
{
	return strcmp(name, *(const char *const *)entry);
}

#define IS_IN(word, names)                                                     \
	(bsearch(word, names, sizeof(names) / sizeof(*(names)),                \
		 sizeof(*(names)), name_compare) != NULL)

bool plain_is_shells(const char *word)
{
	return IS_IN(word, shell_names);
}

bool plain_allowed(const char *shell)
{
	static const char *const known[] = { "sh", "dash", "ash", "bash" };
	const char *base = strrchr(shell, '/');
	bool found = false;

	base = base ? base + 1 : shell;
	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		found = found || strcmp(base, known[i]) == 0;
	/* bash reads a file before it starts, and options and functions out of
	 * the environment, under the name of sh too. */
	if (!found || getenv("BASH_ENV") || getenv("SHELLOPTS") ||
	    getenv("BASHOPTS"))
		return false;
	for (char **variable = environ; variable && *variable; variable++)
		if (strncmp(*variable, "BASH_FUNC_", 10) == 0)
			return false;
	return true;
}

/* Bytes that mean nothing to any shell, wherever they stand in a word. */
static bool is_safe(unsigned char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
	       (byte >= '0' && byte <= '9') || byte >= 0x80 ||
	       (byte != '\0' && strchr("_@%+:,./-=", byte));
}

/* How many words; -1 where a byte is not safe. */
static int words_count(const char *line)
{
	int n = 0;

	while (*line) {
		size_t blanks = strspn(line, " \t");

		line += blanks;
		if (!*line)
			break;
		n++;
		for (; *line && *line != ' ' && *line != '\t'; line++)
			if (!is_safe((unsigned char)*line))
				return -1;
	}
	return n;
}

int plain_words(const char *line, char ***argv)
{
	int n = words_count(line), i;
	char **words, *text, *rest;

	if (n <= 0)
		return 0;
	words = malloc(((size_t)n + 1) * sizeof(*words) + strlen(line) + 1);
	if (!words)
		return -ENOMEM;
	text = (char *)(words + n + 1);
	strcpy(text, line);
	for (i = 0, rest = text; i < n; i++)
		words[i] = strtok_r(i ? NULL : text, " \t", &rest);
	words[n] = NULL;
	/* The programs true and false do what the builtins do, but for their
	 * options. */
	if (n == 1 &&
	    (strcmp(words[0], "true") == 0 || strcmp(words[0], "false") == 0)) {
		*argv = words;
		return 1;
	}
	/* An assignment; an option, or a job, where the command is looked
	 * for. */
	if (strchr(words[0], '=') || strchr("-+%", words[0][0]) ||
	    IS_IN(words[0], shell_names)) {
		free(words);
		return 0;
	}
	*argv = words;
	return 1;
}
