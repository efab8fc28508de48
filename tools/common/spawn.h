/* SPDX-License-Identifier: MIT */
/*
 * Starting a command: in a session of its own, with stdin from /dev/null, or
 * (--tty) in a group of its own, with stdin from the terminal; signals and
 * descriptors are those of bpool's caller, or none.
 */
#ifndef SPAWN_H
#define SPAWN_H

#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <sys/types.h>

#include "fds.h"
#include "template.h"

enum spawn_how {
	SPAWN_PLAIN,
	SPAWN_TTY, /* with the terminal */
	SPAWN_BARE /* nothing of ours: no descriptor but 0, 1, 2 and what it is
		    * given, and SIGPIPE as it is at first */
};

/* Fixed once made; any thread may use it. */
struct spawner {
	const char *shell;
	struct fds *fds;
	posix_spawnattr_t attributes;
	int null_fd;
	enum spawn_how how;
};

/* Where a command runs. */
struct surroundings {
	char *const *environment;
	const char *directory; /* NULL: bpool's own */
	int keep, keep_as;     /* a descriptor of ours that it gets, and its
			    * number there; -1: none */
};

struct spawned {
	pid_t pid;
	int script_fd;	  /* what the shell reads; the caller's to close
			   * when the command has ended; -1: none */
	int direct_error; /* where direct execution failed and the shell
			   * was tried: that (negative) error; else 0 */
};

/*
 * `shell` must outlive it; `mask` is what jobs have blocked.  0 or negative
 * errno; -ENOTSUP where the C library cannot do it so.
 */
int spawner_init(struct spawner *spawner, const char *shell,
		 const sigset_t *mask, enum spawn_how how, struct fds *fds);
void spawner_fini(struct spawner *spawner);

/*
 * Start `command`, with its stdout and stderr to `out` and `err` (-1: to
 * bpool's own).  Sleeps until it is executed.
 *
 * -E2BIG   a word, or all of them, are more than the kernel takes
 * -EAGAIN, -ENOMEM, -EMFILE, -ENFILE   may go better later
 * others   are those of execve(2): the command cannot be executed
 */
int spawner_start(const struct spawner *spawner, const struct command *command,
		  const struct surroundings *around, int out, int err,
		  struct spawned *spawned);

#endif
