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
	pid_t pid, parent, group, session;
	char state;
	bool ours; /* the signal is for it */
};

/* All that are there, by pid. */
struct processes {
	struct process *all; /* ours */
	size_t n, size;
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
	process->parent = (pid_t)parent;
	process->group = (pid_t)group;
	process->session = (pid_t)session;
	process->ours = false;
	return true;
}

static int process_compare(const void *a, const void *b)
{
	return pid_compare(&((const struct process *)a)->pid,
			   &((const struct process *)b)->pid);
}

static int processes_add(struct processes *list, struct process process)
{
	if (list->n == list->size) {
		size_t size = list->size ? list->size * 2 : 256;
		struct process *all = realloc(list->all, size * sizeof(*all));

		if (!all)
			return -1;
		list->all = all;
		list->size = size;
	}
	list->all[list->n++] = process;
	return 0;
}

/* A /proc of another pid namespace would tell of strangers. */
static bool proc_is_ours(int proc)
{
	char self[32];
	ssize_t len = readlinkat(proc, "self", self, sizeof(self) - 1);

	if (len <= 0)
		return false;
	self[len] = '\0';
	return strtol(self, NULL, 10) == (long)getpid();
}

/* Read all of /proc; false where it does not say, or there is no memory. */
static bool processes_read(struct processes *list, struct fds *fds)
{
	struct dirent *entry;
	struct process process;
	DIR *proc;
	bool ok;

	*list = (struct processes){ 0 };
	fds_lock(fds);
	proc = opendir("/proc");
	ok = proc && proc_is_ours(dirfd(proc));
	while (ok && (entry = readdir(proc)))
		if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9' &&
		    process_read(dirfd(proc), entry->d_name, &process))
			ok = processes_add(list, process) == 0;
	if (proc)
		closedir(proc);
	fds_unlock(fds);
	if (ok)
		qsort(list->all, list->n, sizeof(*list->all), process_compare);
	return ok;
}

/* Mark the members of the sessions; returns how many of them live. */
static size_t mark_sessions(struct processes *list, const pid_t *sids, size_t n)
{
	size_t i, alive = 0;

	for (i = 0; i < list->n; i++) {
		struct process *p = &list->all[i];

		if (!bsearch(&p->session, sids, n, sizeof(*sids), pid_compare))
			continue;
		p->ours = true;
		alive += p->state != 'Z' && p->state != 'X';
	}
	return alive;
}

/* Mark who descends from those that are marked. */
static void mark_descendants(struct processes *list)
{
	bool more = true;
	size_t i;

	while (more) {
		more = false;
		for (i = 0; i < list->n; i++) {
			struct process *p = &list->all[i];
			struct process key = { .pid = p->parent };
			const struct process *parent =
				bsearch(&key, list->all, list->n, sizeof(key),
					process_compare);

			if (p->ours || !parent || !parent->ours)
				continue;
			p->ours = true;
			more = true;
		}
	}
}

static void signal_send(pid_t to, int sig)
{
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

size_t sessions_signal(pid_t *sids, size_t n, int sig, struct fds *fds)
{
	struct processes list;
	size_t i, alive = 0;
	bool known;

	qsort(sids, n, sizeof(*sids), pid_compare);
	known = processes_read(&list, fds);
	if (known)
		alive = mark_sessions(&list, sids, n);
	for (i = 0; !known && i < n; i++)
		alive += leader_alive(sids[i]);
	if (sig == SIGKILL && known)
		mark_descendants(&list);
	/* By group where that can be: who forks meanwhile does not escape. */
	for (i = 0; sig && i < n; i++)
		signal_send(-sids[i], sig);
	for (i = 0; sig && known && i < list.n; i++)
		if (list.all[i].ours && !bsearch(&list.all[i].group, sids, n,
						 sizeof(*sids), pid_compare))
			signal_send(list.all[i].pid, sig);
	free(list.all);
	return alive;
}
