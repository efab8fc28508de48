/* SPDX-License-Identifier: MIT */
/* --sem.  See become.h. */
#include "become.h"

#include <errno.h>
#include <fcntl.h>
#include <paths.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "message.h"
#include "semaphore.h"

/* Exit statuses, as the manual lists them. */
enum {
	BECOME_FAILED = 125, /* the command was not tried */
	BECOME_NOT_EXECUTABLE = 126,
	BECOME_MISSING = 127
};

/*
 * A descriptor of the slot for the command: not one of the low numbers, which
 * scripts use as they like.  0 or negative errno.
 */
static int become_hand_over(const struct semaphore *sem)
{
	static const int least[] = { 100, 10, 3 };
	size_t i;

	for (i = 0; i < sizeof(least) / sizeof(least[0]); i++)
		if (fcntl(sem->fd, F_DUPFD, least[i]) >= 0)
			return 0;
	return -errno;
}

/*
 * Execute it.  A program that the kernel does not know, a script without #!, is
 * sh's, who finds it again; not every execvp() does that.  Negative errno.
 */
static int become_execute(char **argv)
{
	static char shell[] = _PATH_BSHELL, dash_c[] = "-c",
		    text[] = "exec \"$0\" \"$@\"";
	char **words;
	size_t n = 0;
	int rc;

	execvp(argv[0], argv);
	if (errno != ENOEXEC)
		return -errno;
	while (argv[n])
		n++;
	words = malloc((n + 4) * sizeof(*words));
	if (!words)
		return -ENOMEM;
	words[0] = shell;
	words[1] = dash_c;
	words[2] = text;
	memcpy(words + 3, argv, (n + 1) * sizeof(*words));
	execv(shell, words);
	rc = -errno;
	free(words);
	return rc;
}

int become(const char *name, unsigned slots, char **argv)
{
	struct semaphore sem;
	char shown[200];
	int rc;

	if (semaphore_open(&sem, name, slots, -1))
		return BECOME_FAILED;
	rc = semaphore_wait(&sem, -1);
	if (!rc)
		rc = become_hand_over(&sem);
	if (rc) {
		say("semaphore %s: %s", escaped(shown, sizeof(shown), name),
		    strerror(-rc));
		return BECOME_FAILED;
	}
	rc = become_execute(argv);
	say("%s: %s", escaped(shown, sizeof(shown), argv[0]), strerror(-rc));
	return rc == -ENOENT || rc == -ENOTDIR ? BECOME_MISSING
					       : BECOME_NOT_EXECUTABLE;
}
