/* SPDX-License-Identifier: MIT */
#include "programs.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "scan.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

/* clang-format off */
#define SHELL(name) \
	{name, CODE_COMMAND, "c", "abefhiklmnprstuvxBCEHP", "oO", "", false}
#define OTHER(name) {name, CODE_BEHIND, "c", "", "", "", false}
#define LATE(name, flags, taking) \
	{name, CODE_BEHIND, "c", flags, taking, "", true}
#define PERL "0123456789acfhlnpstTuUvwWX"

/* An option that is in none of these sets leaves the rest in doubt. */
static const struct program interpreters[] = {
	SHELL("sh"), SHELL("ash"), SHELL("bash"), SHELL("dash"), SHELL("hush"),
	SHELL("ksh"), SHELL("lksh"), SHELL("mksh"), SHELL("oksh"),
	SHELL("pdksh"), SHELL("posh"), SHELL("rbash"), SHELL("rksh"),
	SHELL("yash"), SHELL("zsh"),
	OTHER("csh"), OTHER("elvish"), OTHER("es"), OTHER("fish"),
	OTHER("nu"), OTHER("pwsh"), OTHER("rc"), OTHER("tcsh"),
	OTHER("xonsh"),
	LATE("flock", "neosxuF", "wE"), LATE("runuser", "lmfp", "gGsu"),
	LATE("script", "aefq", "EIBOTmo"), LATE("su", "lmpfP", "gGsw"),
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
	{"sg", CODE_REST, "c", "", "", "", true},
	{"watch", CODE_ALL, "", "bcdegptwx", "nq", "", false},
	{"parallel", CODE_ALL, "", "", "", "", false},
};
/* clang-format on */

const struct program program_shell = SHELL("");

const char *program_base_name(const char *word)
{
	const char *slash = strrchr(word, '/');

	return slash ? slash + 1 : word;
}

bool program_is_unknown(const char *word)
{
	static const char marks[] = { WORD_UNKNOWN, WORD_PATTERN, '\0' };
	const char *name = program_base_name(word);

	return *name && name[strspn(name, marks)] == '\0';
}

/* A match, with what may stand behind a name, and what stands for any. */
static bool may_be(const char *word, const char *name, const char *suffix,
		   const char *any)
{
	for (; !*word || !strchr(any, *word); word++, name++) {
		if (*name == '\0')
			return word[strspn(word, suffix)] == '\0';
		if (*word != *name)
			return false;
	}
	while (word[1] && strchr(any, word[1]))
		word++;
	for (;; name++) {
		if (may_be(word + 1, name, suffix, any))
			return true;
		if (*name == '\0')
			return false;
	}
}

bool program_may_be(const char *word, const char *name)
{
	static const char suffix[] = { WORD_PATTERN, '\0' };
	static const char any[] = { WORD_UNKNOWN, WORD_VALUE, '\0' };

	return may_be(word, name, suffix, any);
}

const struct program *program_next(const char *word, size_t *at)
{
	static const char suffix[] = { '0',	     '1',	   '2', '3',
				       '4',	     '5',	   '6', '7',
				       '8',	     '9',	   '.', '-',
				       WORD_UNKNOWN, WORD_PATTERN, '\0' };
	static const char any[] = { WORD_UNKNOWN, '\0' };
	const char *name = program_base_name(word);

	while (*at < COUNT(interpreters)) {
		const struct program *program = &interpreters[(*at)++];

		if (may_be(name, program->name, suffix, any))
			return program;
	}
	return NULL;
}

bool program_hands_on(const char *word)
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
		if (program_may_be(program_base_name(word), names[i]))
			return true;
	return false;
}

int program_refuse(char **why, const char *word, const char *advice)
{
	char name[80];
	size_t len = 0;

	for (; *word && len + 3 < sizeof(name); word++)
		if (*word == WORD_VALUE) {
			name[len++] = '{';
			name[len++] = '}';
		} else if (*word == WORD_UNKNOWN) {
			name[len] = '*';
			len += len == 0 || name[len - 1] != '*';
		} else if (*word != WORD_PATTERN) {
			name[len++] = *word;
		}
	if (asprintf(why, "%.*s: %s", (int)len, name, advice) < 0)
		return -ENOMEM;
	return -EINVAL;
}
