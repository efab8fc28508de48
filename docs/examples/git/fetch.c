/* SPDX-License-Identifier: MIT */
/*
 * git fetch in many repositories, five at a time: fetch [DIR ...]
 *
 * The directories are the arguments or, without any, the lines of stdin.
 * Says which failed, and exits with 1 if one did.  Memory does not grow with
 * the number of directories: each path is its job's, and bpool_submit()
 * sleeps while enough of them are waiting.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/wait.h>

#include <boundpool.h>

#define WORKERS 5
#define READ_AHEAD 15

extern char **environ;

/*
 * How every git is started: stdin from /dev/null, and with the signal mask
 * that main had, because a worker's own has everything blocked.
 */
struct start {
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
};

/* Filled before the pool is made, only read by its jobs. */
static struct start start;

/* Returns a positive errno, as posix_spawn(3) and its kin do. */
static int start_init(void)
{
	sigset_t mask;
	int err;

	err = pthread_sigmask(SIG_SETMASK, NULL, &mask);
	if (err)
		return err;
	err = posix_spawn_file_actions_init(&start.actions);
	if (err)
		return err;
	err = posix_spawnattr_init(&start.attr);
	if (err)
		goto fini_actions;
	err = posix_spawn_file_actions_addopen(&start.actions, 0, "/dev/null",
					       O_RDONLY, 0);
	if (!err)
		err = posix_spawnattr_setsigmask(&start.attr, &mask);
	if (!err)
		err = posix_spawnattr_setflags(&start.attr,
					       POSIX_SPAWN_SETSIGMASK);
	if (!err)
		return 0;
	posix_spawnattr_destroy(&start.attr);
fini_actions:
	posix_spawn_file_actions_destroy(&start.actions);
	return err;
}

static void start_fini(void)
{
	posix_spawnattr_destroy(&start.attr);
	posix_spawn_file_actions_destroy(&start.actions);
}

/* Sleeps until the process ended.  Its status, or a negative errno. */
static int process_wait(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0) {
		if (errno != EINTR)
			return -errno;
	}
	return status;
}

/* The job.  `arg` is a path from malloc(), which it frees. */
static int fetch(void *arg)
{
	char *dir = arg;
	char *argv[] = { (char[]){ "git" },   (char[]){ "-C" }, dir,
			 (char[]){ "fetch" }, (char[]){ "-q" }, NULL };
	pid_t pid;
	int status;

	status = -posix_spawnp(&pid, argv[0], &start.actions, &start.attr, argv,
			       environ);
	if (status == 0)
		status = process_wait(pid);
	if (status < 0)
		fprintf(stderr, "fetch: %s: cannot run git: %s\n", dir,
			strerror(-status));
	else if (WIFSIGNALED(status))
		fprintf(stderr, "fetch: %s: git died of signal %d\n", dir,
			WTERMSIG(status));
	else if (status != 0)
		fprintf(stderr, "fetch: %s: git exited with %d\n", dir,
			WEXITSTATUS(status));
	free(dir);
	return status == 0 ? 0 : -EIO;
}

/* Returns a negative errno if the job was not accepted. */
static int fetch_submit(struct bpool *pool, const char *dir)
{
	char *copy = strdup(dir);
	int err = copy ? bpool_submit(pool, fetch, copy) : -ENOMEM;

	if (err)
		free(copy);
	return err;
}

static int submit_lines(struct bpool *pool, FILE *file)
{
	char *line = NULL;
	size_t size = 0;
	ssize_t len;
	int err = 0;

	while (err == 0 && (len = getline(&line, &size, file)) >= 0) {
		if (len > 0 && line[len - 1] == '\n')
			line[--len] = '\0';
		if (len > 0)
			err = fetch_submit(pool, line);
	}
	if (err == 0 && ferror(file))
		err = -EIO;
	free(line);
	return err;
}

/* Fetch in all of them.  1 if some failed, or a negative errno. */
static int fetch_all(struct bpool *pool, char **dirs)
{
	struct bpool_stats stats = { .size = sizeof(stats) };
	int err = 0, wait_err;

	if (!*dirs)
		err = submit_lines(pool, stdin);
	for (; err == 0 && *dirs; dirs++)
		err = fetch_submit(pool, *dirs);
	wait_err = bpool_wait(pool, NULL);
	if (err == 0)
		err = wait_err;
	if (err == 0)
		err = bpool_stats(pool, &stats);
	return err ? err : stats.failed > 0;
}

int main(int argc, char **argv)
{
	struct bpool_options options = {
		.size = sizeof(options),
		.workers = WORKERS,
		.max_in_flight = WORKERS + READ_AHEAD,
		.name = "fetch",
	};
	struct bpool *pool;
	int err = -start_init();

	if (err)
		goto out;
	err = bpool_create(&pool, &options);
	if (err == 0) {
		err = fetch_all(pool, argv + (argc > 0));
		bpool_destroy(pool);
	}
	start_fini();
out:
	if (err < 0)
		fprintf(stderr, "fetch: %s\n", strerror(-err));
	return err ? 1 : 0;
}
