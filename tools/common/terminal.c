/* SPDX-License-Identifier: MIT */
#include "terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <paths.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#define TERMINAL_LOOK_MS 100 /* for a signal to be seen, in the background */

/* Whether SIGTTOU, which stops who is in the background, does nothing. */
static bool is_deaf(void)
{
	struct sigaction action;
	sigset_t mask;

	if (sigaction(SIGTTOU, NULL, &action) || action.sa_handler == SIG_IGN)
		return true;
	return pthread_sigmask(SIG_BLOCK, NULL, &mask) ||
	       sigismember(&mask, SIGTTOU);
}

int terminal_open(struct terminal *terminal, bool lend, struct fds *fds)
{
	struct terminal t = { .lock = PTHREAD_MUTEX_INITIALIZER };
	bool has_it;
	int rc = 0;

	t.own = getpgrp();
	fds_lock(fds);
	t.fd = open(_PATH_TTY, O_RDWR | O_CLOEXEC | O_NOCTTY);
	rc = -errno;
	fds_unlock(fds);
	if (t.fd < 0)
		return rc;
	rc = 0;
	has_it = tcgetpgrp(t.fd) == t.own;
	if (lend && !has_it) {
		/* The kernel lets it go on once it is in the foreground. */
		if (is_deaf() || tcsetpgrp(t.fd, t.own))
			rc = -EIO;
		has_it = true;
	}
	if (!rc && has_it && tcgetattr(t.fd, &t.settings))
		rc = -errno;
	if (rc) {
		close(t.fd);
		return rc;
	}
	t.known = has_it;
	*terminal = t;
	return 0;
}

void terminal_close(struct terminal *terminal)
{
	terminal_take(terminal);
	close(terminal->fd);
	pthread_mutex_destroy(&terminal->lock);
}

/*
 * Whether the group `front` is of a job: it has children of ours, born to us
 * or left to us; or nobody is there any more.
 */
static bool is_of_a_job(pid_t front)
{
	siginfo_t info;

	return front > 1 && (waitid(P_PGID, (id_t)front, &info,
				    WEXITED | WNOHANG | WNOWAIT) == 0 ||
			     (kill(-front, 0) && errno == ESRCH));
}

bool terminal_await(struct terminal *terminal, int stop_fd)
{
	struct pollfd stop = { .fd = stop_fd, .events = POLLIN };
	sigset_t stops;
	pid_t front;

	sigemptyset(&stops);
	sigaddset(&stops, SIGTTOU);
	for (;;) {
		front = tcgetpgrp(terminal->fd);
		/* Where it is gone, nobody waits for it. */
		if (front < 0 || front == terminal->own || is_of_a_job(front))
			return true;
		if (poll(&stop, 1, 0) > 0)
			return false;
		pthread_sigmask(SIG_UNBLOCK, &stops, NULL);
		(void)kill(0, SIGTTOU);
		pthread_sigmask(SIG_BLOCK, &stops, NULL);
		/* Continued, maybe to be ended: whoever sees to that is to come
		 * first. */
		(void)poll(&stop, 1, TERMINAL_LOOK_MS);
	}
}

/* With the lock held: it is bpool's, with its settings. */
static void terminal_reclaim(struct terminal *terminal)
{
	pid_t front = tcgetpgrp(terminal->fd);

	if (front != terminal->own && is_of_a_job(front) &&
	    tcsetpgrp(terminal->fd, terminal->own) == 0)
		front = terminal->own;
	/* Now, not once all is printed: who reads that may have stopped. */
	if (front == terminal->own && terminal->known)
		(void)tcsetattr(terminal->fd, TCSANOW, &terminal->settings);
}

bool terminal_give_again(struct terminal *terminal)
{
	pid_t front, group;
	bool given;

	pthread_mutex_lock(&terminal->lock);
	group = terminal->group;
	front = tcgetpgrp(terminal->fd);
	if (group && front == terminal->own &&
	    tcsetpgrp(terminal->fd, group) == 0)
		front = group;
	given = group && front == group;
	if (given)
		(void)kill(-group, SIGCONT);
	pthread_mutex_unlock(&terminal->lock);
	return given;
}

void terminal_give(struct terminal *terminal, pid_t group)
{
	pthread_mutex_lock(&terminal->lock);
	terminal->group = group;
	terminal->suspended = false;
	pthread_mutex_unlock(&terminal->lock);
	(void)terminal_give_again(terminal);
}

void terminal_take(struct terminal *terminal)
{
	pthread_mutex_lock(&terminal->lock);
	terminal->group = 0;
	terminal_reclaim(terminal);
	pthread_mutex_unlock(&terminal->lock);
}

void terminal_suspend(struct terminal *terminal)
{
	pid_t front;

	pthread_mutex_lock(&terminal->lock);
	front = tcgetpgrp(terminal->fd);
	/* The job's also where a shell that started a pipe around bpool gave
	 * the terminal to all of that once more, late. */
	if (terminal->group &&
	    (front == terminal->group || front == terminal->own))
		terminal->suspended =
			tcgetattr(terminal->fd, &terminal->job_settings) == 0;
	terminal_reclaim(terminal);
	pthread_mutex_unlock(&terminal->lock);
}

bool terminal_resume(struct terminal *terminal)
{
	struct termios now;

	pthread_mutex_lock(&terminal->lock);
	if (tcgetpgrp(terminal->fd) == terminal->own) {
		/* They may have been changed meanwhile, on purpose. */
		if (tcgetattr(terminal->fd, &now) == 0)
			terminal->settings = now;
		if (terminal->group && terminal->suspended)
			(void)tcsetattr(terminal->fd, TCSANOW,
					&terminal->job_settings);
	}
	terminal->suspended = false;
	pthread_mutex_unlock(&terminal->lock);
	return terminal_give_again(terminal);
}
