/* SPDX-License-Identifier: MIT */
/* Signals to whole sessions, which are looked up in /proc. */
#include "sessions.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

struct process {
	pid_t pid, group, session;
	char state;
};

static int pid_compare(const void *a, const void *b)
{
	pid_t x = *(const pid_t *)a, y = *(const pid_t *)b;

	return x < y ? -1 : x > y;
}

/* Read /proc/NAME/stat; false where there is no such process (any more). */
static bool process_read(int proc, const char *name, struct process *process)
{
	char path[300], text[1024];
	long pid, parent, group, session;
	const char *rest;
	ssize_t len;
	int fd;

	(void)snprintf(path, sizeof(path), "%s/stat", name);
	fd = openat(proc, path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	len = read(fd, text, sizeof(text) - 1);
	close(fd);
	if (len <= 0)
		return false;
	text[len] = '\0';
	/* "12 (a name (with anything)) S 1 12 12 ..." */
	rest = strrchr(text, ')');
	if (!rest || sscanf(text, "%ld", &pid) != 1 ||
	    sscanf(rest + 1, " %c %ld %ld %ld", &process->state, &parent,
		   &group, &session) != 4)
		return false;
	process->pid = (pid_t)pid;
	process->group = (pid_t)group;
	process->session = (pid_t)session;
	return true;
}

static void signal_send(pid_t to, int sig)
{
	if (!sig)
		return;
	/* It may have ended, and what is another user's is not ours to stop. */
	(void)kill(to, sig);
	if (sig != SIGKILL)
		(void)kill(to, SIGCONT);
}

/* Whether a leader, which is our child, still runs. */
static bool leader_alive(pid_t pid)
{
	siginfo_t info = { 0 };

	return waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) ==
		       0 &&
	       info.si_pid == 0;
}

size_t sessions_signal(const pid_t *sids, size_t n, int sig, struct fds *fds)
{
	struct dirent *entry;
	size_t i, alive = 0;
	DIR *proc;

	/* Groups at once first: who forks meanwhile does not escape. */
	for (i = 0; i < n; i++)
		signal_send(-sids[i], sig);
	fds_lock(fds);
	proc = opendir("/proc");
	while (proc && (entry = readdir(proc))) {
		struct process process;

		if (entry->d_name[0] < '1' || entry->d_name[0] > '9' ||
		    !process_read(dirfd(proc), entry->d_name, &process) ||
		    !bsearch(&process.session, sids, n, sizeof(*sids),
			     pid_compare))
			continue;
		if (process.state != 'Z' && process.state != 'X')
			alive++;
		if (process.group != process.session)
			signal_send(process.pid, sig);
	}
	if (proc)
		closedir(proc);
	fds_unlock(fds);
	for (i = 0; !proc && i < n; i++)
		alive += leader_alive(sids[i]);
	return alive;
}
