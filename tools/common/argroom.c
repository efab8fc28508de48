/* SPDX-License-Identifier: MIT */
#include "argroom.h"

#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

/* Linux takes no more than this, whatever the stack may grow to, and no less
 * than that. */
#define ARGROOM_MAX (6u * 1024 * 1024)
#define ARGROOM_MIN (128u * 1024)

/* For the job's own variables, the program's name and what the kernel puts
 * beside them. */
#define ARGROOM_RESERVE (16u * 1024)

size_t argroom_limit(void)
{
	struct rlimit stack;

	/* Not by sysconf(_SC_ARG_MAX), which musl knows the least of alone. */
	if (getrlimit(RLIMIT_STACK, &stack) || stack.rlim_cur / 4 > ARGROOM_MAX)
		return ARGROOM_MAX;
	if (stack.rlim_cur / 4 < ARGROOM_MIN)
		return ARGROOM_MIN;
	return (size_t)(stack.rlim_cur / 4);
}

static size_t words_bytes(char *const *words)
{
	size_t nbytes = 0;

	for (; *words; words++)
		nbytes += strlen(*words) + 1 + ARGROOM_POINTER;
	return nbytes;
}

/* In how many places of the text values may stand: no fewer than do. */
static size_t places(const char *text, const char *value)
{
	size_t n = 0;

	for (; *text; text++)
		n += *text == '{' || strncmp(text, value, strlen(value)) == 0;
	return n;
}

size_t argroom_values(char *const *argv, const char *value)
{
	size_t room = argroom_limit(), used, copies = 0;

	used = ARGROOM_RESERVE + words_bytes(environ) + words_bytes(argv);
	if (used >= room)
		return 0;
	room -= used;
	for (char *const *word = argv; *word; word++)
		copies += places(*word, value);
	if (!copies)
		copies = 1;
	/*
	 * In a shell's command a value is an argument for each kind of
	 * placeholder, and the text names it; as a word it has to fit, too
	 * large it goes to a file.  A name is ten times a short value.
	 */
	if (argv[0] && !argv[1])
		room = room > 4 * ARGROOM_WORD ? room - ARGROOM_WORD
					       : room / 10;
	return room / copies;
}
