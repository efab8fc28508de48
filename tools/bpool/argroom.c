/* SPDX-License-Identifier: MIT */
#include "argroom.h"

#include <string.h>
#include <unistd.h>

/* Linux takes no more than this, whatever the stack may grow to. */
#define ARGROOM_MAX (6u * 1024 * 1024)

/* For the job's own variables, the program's name and what the kernel puts
 * beside them. */
#define ARGROOM_RESERVE (16u * 1024)

static size_t words_bytes(char *const *words)
{
	size_t nbytes = 0;

	for (; *words; words++)
		nbytes += strlen(*words) + 1 + sizeof(*words);
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
	long limit = sysconf(_SC_ARG_MAX);
	size_t room = ARGROOM_MAX, used, copies = 0;

	if (limit > 0 && (size_t)limit < room)
		room = (size_t)limit;
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
