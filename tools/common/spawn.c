/* SPDX-License-Identifier: MIT */
/* Starting a command, by posix_spawn.  See spawn.h. */
#include "spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <paths.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "argroom.h"
#include "io.h"

/* glibc 2.34; musl has no such action. */
#ifdef __GLIBC__
#define CAN_BE_BARE true
#define actions_close_from posix_spawn_file_actions_addclosefrom_np
#else
#define CAN_BE_BARE false
static int actions_close_from(posix_spawn_file_actions_t *actions, int from)
{
	(void)actions;
	(void)from;
	return ENOTSUP;
}
#endif

/*
 * The C library keeps the signals below SIGRTMIN for itself, and would start
 * jobs with those ignored.  Its sigaddset() does not take them.
 */
static void default_signals(sigset_t *set)
{
	enum {
		WORD = 8 * sizeof(unsigned long)
	};
	unsigned long words[sizeof(*set) / sizeof(unsigned long)] = { 0 };
	int i;

	for (i = 32 - 1; i < SIGRTMIN - 1; i++)
		words[i / WORD] |= 1ul << (i % WORD);
	memcpy(set, words, sizeof(words));
}

int spawner_init(struct spawner *spawner, const char *shell,
		 const sigset_t *mask, enum spawn_how how, struct fds *fds)
{
	sigset_t defaults;
	posix_spawnattr_t *attributes = &spawner->attributes;
	int rc;

	*spawner = (struct spawner){ .shell = shell, .how = how, .fds = fds };
	if (how == SPAWN_BARE && !CAN_BE_BARE)
		return -ENOTSUP;
	spawner->null_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	if (spawner->null_fd < 0)
		return -errno;
	rc = posix_spawnattr_init(attributes);
	if (rc)
		goto close_null;
	/* A group of its own is what it gets where none is named. */
	rc = posix_spawnattr_setflags(
		attributes,
		(short)((how == SPAWN_TTY ? POSIX_SPAWN_SETPGROUP
					  : POSIX_SPAWN_SETSID) |
			POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF));
	default_signals(&defaults);
	if (how == SPAWN_BARE)
		sigaddset(&defaults, SIGPIPE);
	if (!rc)
		rc = posix_spawnattr_setsigdefault(attributes, &defaults);
	if (!rc)
		rc = posix_spawnattr_setsigmask(attributes, mask);
	if (!rc)
		return 0;
	posix_spawnattr_destroy(attributes);
close_null:
	close(spawner->null_fd);
	return -rc;
}

void spawner_fini(struct spawner *spawner)
{
	posix_spawnattr_destroy(&spawner->attributes);
	close(spawner->null_fd);
}

/* Also those that libraries open without a word: all but 0, 1, 2 and `keep`. */
static int actions_close(posix_spawn_file_actions_t *actions, int keep)
{
	int rc = 0, fd;

	for (fd = STDERR_FILENO + 1; !rc && fd < keep; fd++)
		rc = posix_spawn_file_actions_addclose(actions, fd);
	return rc ? rc : actions_close_from(actions, fd + (fd == keep));
}

/* A job's descriptors, as actions of posix_spawnp(); 0 or an errno. */
static int actions_add(posix_spawn_file_actions_t *actions,
		       const struct spawner *spawner,
		       const struct surroundings *around, int out, int err)
{
	int rc;

	/* Opened anew, so that no job finds it non-blocking by another. */
	if (spawner->how == SPAWN_TTY)
		rc = posix_spawn_file_actions_addopen(actions, STDIN_FILENO,
						      _PATH_TTY, O_RDWR, 0);
	else
		rc = posix_spawn_file_actions_adddup2(actions, spawner->null_fd,
						      STDIN_FILENO);
	if (!rc && out >= 0)
		rc = posix_spawn_file_actions_adddup2(actions, out,
						      STDOUT_FILENO);
	if (!rc && err >= 0)
		rc = posix_spawn_file_actions_adddup2(actions, err,
						      STDERR_FILENO);
	/* Onto itself, too: it is not closed at the execution then. */
	if (!rc && around->keep >= 0)
		rc = posix_spawn_file_actions_adddup2(actions, around->keep,
						      around->keep_as);
	if (!rc && spawner->how == SPAWN_BARE)
		rc = actions_close(actions,
				   around->keep < 0 ? -1 : around->keep_as);
	if (!rc && around->directory)
		rc = posix_spawn_file_actions_addchdir_np(actions,
							  around->directory);
	return rc;
}

/* posix_spawnp() with a job's descriptors and limit; 0 or negative errno. */
static int spawn_words(const struct spawner *spawner, char *const *words,
		       const struct surroundings *around, int out, int err,
		       pid_t *pid)
{
	posix_spawn_file_actions_t actions;
	int rc;

	rc = posix_spawn_file_actions_init(&actions);
	if (rc)
		return -rc;
	/* The lock from here: the C library compares with the limit now. */
	fds_lock(spawner->fds);
	rc = actions_add(&actions, spawner, around, out, err);
	if (!rc) {
		fds_lower(spawner->fds);
		rc = posix_spawnp(pid, words[0], &actions, &spawner->attributes,
				  words, around->environment);
		fds_restore(spawner->fds);
	}
	fds_unlock(spawner->fds);
	posix_spawn_file_actions_destroy(&actions);
	return -rc;
}

/* A file in memory with this text, or negative errno. */
static int script_open(const struct spawner *spawner, const char *text)
{
	int fd, rc;

	fds_lock(spawner->fds);
	fd = memfd_create("bpool-script", MFD_CLOEXEC);
	rc = -errno;
	fds_unlock(spawner->fds);
	if (fd < 0)
		return rc;
	rc = write_all(fd, text, strlen(text));
	if (rc) {
		close(fd);
		return rc;
	}
	return fd;
}

/* Where they stand that the shell finds its script in. */
struct script_path {
	char path[64];
};

/*
 * The shell, with the text as a word: `sh -c TEXT sh [VALUE ...]`; or, where
 * no word holds it, as a script: `sh FILE [VALUE ...]`.  The file is ours and
 * the shell opens it through /proc, so no descriptor is handed down and
 * nothing is left in a directory, however all this ends.  How many words it
 * is without the values goes to *n.
 */
static int shell_begin(const struct spawner *spawner, const char *text,
		       char **words, size_t *n, struct script_path *script,
		       struct spawned *spawned)
{
	static char dash_c[] = "-c", dashes[] = "--";
	union {
		const char *from;
		char *to;
	} shell = { .from = spawner->shell }, command = { .from = text };

	words[(*n)++] = shell.to;
	if (strlen(text) < ARGROOM_WORD) {
		words[(*n)++] = dash_c;
		/* So that text is not taken for an option. */
		if (text[0] == '-' || text[0] == '+')
			words[(*n)++] = dashes;
		words[(*n)++] = command.to;
		/* Its $0: what it calls itself in its messages. */
		words[(*n)++] = shell.to;
		return 0;
	}
	spawned->script_fd = script_open(spawner, text);
	if (spawned->script_fd < 0)
		return spawned->script_fd;
	(void)snprintf(script->path, sizeof(script->path), "/proc/%ld/fd/%d",
		       (long)getpid(), spawned->script_fd);
	words[(*n)++] = script->path;
	return 0;
}

#define SHELL_WORDS 5u /* shell_begin() makes no more */

static int spawn_shell(const struct spawner *spawner,
		       const struct command *command,
		       const struct surroundings *around, int out, int err,
		       struct spawned *spawned)
{
	struct script_path script;
	size_t n = 0, nvalues = 0;
	char **words;
	int rc;

	while (command->values && command->values[nvalues])
		if (strlen(command->values[nvalues++]) >= ARGROOM_WORD)
			return -E2BIG;
	words = malloc((SHELL_WORDS + nvalues + 1) * sizeof(*words));
	if (!words)
		return -ENOMEM;
	rc = shell_begin(spawner, command->shell, words, &n, &script, spawned);
	for (size_t i = 0; i < nvalues; i++)
		words[n++] = command->values[i];
	words[n] = NULL;
	if (!rc)
		rc = spawn_words(spawner, words, around, out, err,
				 &spawned->pid);
	free(words);
	if (rc && spawned->script_fd >= 0) {
		close(spawned->script_fd);
		spawned->script_fd = -1;
	}
	return rc;
}

/*
 * A program that the kernel does not know, a script without #!, is sh's, as
 * with execvp(3).  It is left to sh to find the file again.
 */
static int spawn_script(const struct spawner *spawner, char *const *argv,
			const struct surroundings *around, int out, int err,
			pid_t *pid)
{
	static char shell[] = _PATH_BSHELL, dash_c[] = "-c",
		    text[] = "exec \"$0\" \"$@\"";
	char **words;
	size_t n = 0;
	int rc;

	while (argv[n])
		n++;
	words = malloc((n + 4) * sizeof(*words));
	if (!words)
		return -ENOMEM;
	words[0] = shell;
	words[1] = dash_c;
	words[2] = text;
	memcpy(words + 3, argv, (n + 1) * sizeof(*words));
	rc = spawn_words(spawner, words, around, out, err, pid);
	free(words);
	return rc;
}

int spawner_start(const struct spawner *spawner, const struct command *command,
		  const struct surroundings *around, int out, int err,
		  struct spawned *spawned)
{
	int rc = 0;

	*spawned = (struct spawned){ .script_fd = -1 };
	if (command->argv) {
		rc = spawn_words(spawner, command->argv, around, out, err,
				 &spawned->pid);
		if (rc == -ENOEXEC && !command->shell)
			return spawn_script(spawner, command->argv, around, out,
					    err, &spawned->pid);
		if (!rc || !command->shell || rc == -EAGAIN || rc == -ENOMEM)
			return rc;
	}
	spawned->direct_error = rc;
	return spawn_shell(spawner, command, around, out, err, spawned);
}
