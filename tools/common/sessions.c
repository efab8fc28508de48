/* SPDX-License-Identifier: MIT */
/* Signals to all processes of jobs, which are looked up in /proc. */
#include "sessions.h"

#include <dirent.h>
#include <errno.h>
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
	unsigned long long since; /* when it began, in ticks since the boot */
	char state;
	bool ours; /* the signal is for it */
};

/* All that are there, by pid. */
struct processes {
	struct process *all; /* ours */
	size_t n, size;
};

static int pid_compare(pid_t x, pid_t y)
{
	return x < y ? -1 : x > y;
}

static int session_compare(const void *a, const void *b)
{
	return pid_compare(((const struct session *)a)->leader,
			   ((const struct session *)b)->leader);
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
	    sscanf(rest + 1,
		   " %c %ld %ld %ld %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s "
		   "%*s %*s %*s %*s %*s %llu",
		   &process->state, &parent, &group, &session,
		   &process->since) != 5)
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
	return pid_compare(((const struct process *)a)->pid,
			   ((const struct process *)b)->pid);
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

/*
 * Read all of /proc.  Returns it, open, or -1 where it does not say, or there
 * is no memory: the list is empty then.
 */
static int processes_read(struct processes *list)
{
	struct dirent *entry;
	struct process process;
	DIR *proc = opendir("/proc");
	bool ok = proc && proc_is_ours(dirfd(proc));
	int fd;

	*list = (struct processes){ 0 };
	while (ok && (entry = readdir(proc)))
		if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9' &&
		    process_read(dirfd(proc), entry->d_name, &process))
			ok = processes_add(list, process) == 0;
	fd = ok ? fcntl(dirfd(proc), F_DUPFD_CLOEXEC, 3) : -1;
	if (proc)
		closedir(proc);
	if (fd < 0) {
		free(list->all);
		*list = (struct processes){ 0 };
		return -1;
	}
	if (list->n)
		qsort(list->all, list->n, sizeof(*list->all), process_compare);
	return fd;
}

static const struct process *processes_find(const struct processes *list,
					    pid_t pid)
{
	struct process key = { .pid = pid };

	return bsearch(&key, list->all, list->n, sizeof(key), process_compare);
}

/* How far up to look for bpool: parents that are circles do not happen, but
 * /proc is read while they change. */
#define ANCESTORS_MAX 1000

static bool is_descendant(const struct processes *list,
			  const struct process *process)
{
	pid_t self = getpid();
	int i;

	for (i = 0; process && process->pid != self && i < ANCESTORS_MAX; i++)
		process = processes_find(list, process->parent);
	return i > 0 && process && process->pid == self;
}

static bool is_leader(const struct sessions *sessions, pid_t pid)
{
	struct session key = { .leader = pid };

	return bsearch(&key, sessions->all, sessions->n, sizeof(key),
		       session_compare) != NULL;
}

static bool is_job(const struct sessions *sessions, uint64_t job)
{
	for (size_t i = 0; i < sessions->n; i++)
		if (sessions->all[i].job == job)
			return true;
	return false;
}

/* Whether the signal is for a process that left the sessions. */
static bool has_escaped(const struct sessions *sessions, int proc,
			const struct processes *list, const struct process *p)
{
	uint64_t job;
	int marked;

	if (!is_descendant(list, p))
		return false;
	marked = mark_read(proc, p->pid, sessions->mark->run, &job);
	if (marked > 0)
		return is_job(sessions, job);
	/* bpool's process may have had children before it was bpool, also
	 * within the same tick. */
	return sessions->whole && p->since > sessions->mark->since;
}

/* Mark who is of the sessions; returns how many of them live. */
static size_t processes_mark(struct processes *list, int proc,
			     const struct sessions *sessions)
{
	size_t i, alive = 0;

	for (i = 0; i < list->n; i++) {
		struct process *p = &list->all[i];
		bool dead = p->state == 'Z' || p->state == 'X';

		p->ours = is_leader(sessions, p->session) ||
			  is_leader(sessions, p->group) ||
			  (!dead && has_escaped(sessions, proc, list, p));
		alive += p->ours && !dead;
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
			const struct process *parent =
				processes_find(list, p->parent);

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
	if (sig != SIGKILL && sig != SIGSTOP)
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

static void processes_signal(const struct processes *list,
			     const struct sessions *sessions, int sig)
{
	size_t i;

	/* By group where that can be: who forks meanwhile does not escape. */
	for (i = 0; i < sessions->n; i++)
		signal_send(-sessions->all[i].leader, sig);
	for (i = 0; i < list->n; i++)
		if (list->all[i].ours &&
		    !is_leader(sessions, list->all[i].group))
			signal_send(list->all[i].pid, sig);
}

size_t sessions_signal(struct sessions *sessions, int sig, struct fds *fds)
{
	struct processes list = { 0 };
	size_t i, alive = 0;
	int proc;

	qsort(sessions->all, sessions->n, sizeof(*sessions->all),
	      session_compare);
	fds_lock(fds);
	proc = processes_read(&list);
	if (proc >= 0)
		alive = processes_mark(&list, proc, sessions);
	if (proc >= 0)
		close(proc);
	fds_unlock(fds);
	for (i = 0; proc < 0 && i < sessions->n; i++)
		alive += leader_alive(sessions->all[i].leader);
	if (sig == SIGKILL)
		mark_descendants(&list);
	if (sig)
		processes_signal(&list, sessions, sig);
	free(list.all);
	return alive;
}

uint64_t sessions_since(pid_t pid, struct fds *fds)
{
	struct process process = { 0 };
	char name[32];
	int proc;

	(void)snprintf(name, sizeof(name), "%ld", (long)pid);
	fds_lock(fds);
	proc = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (proc >= 0) {
		if (!proc_is_ours(proc) || !process_read(proc, name, &process))
			process.since = 0;
		close(proc);
	}
	fds_unlock(fds);
	return process.since;
}

/*
 * Whether a process is in the past job's session or group.  The kernel gives
 * the number of one to another process only once nobody is left in it: so
 * another's is known by its leader, or by members who began before ours.
 */
static bool past_has(const struct session_past *past,
		     const struct processes *list, const struct process *p)
{
	const struct process *leader;

	if (!past->leader || !past->since || p->since < past->since ||
	    (p->session != past->leader && p->group != past->leader))
		return false;
	leader = processes_find(list, past->leader);
	return !leader || leader->since == past->since;
}

/* Mark who of them is alive of the past jobs, in the /proc open at `proc`, which
 * the list is of; returns how many. */
static size_t past_mark(struct processes *list, int proc,
			const struct session_past *past, size_t n)
{
	size_t i, k, alive = 0;

	for (i = 0; i < list->n; i++) {
		struct process *p = &list->all[i];
		uint64_t job = 0;

		if (p->state == 'Z' || p->state == 'X')
			continue;
		for (k = 0; k < n && !p->ours; k++)
			p->ours = past_has(&past[k], list, p) ||
				  (mark_read(proc, p->pid, past[k].run, &job) >
					   0 &&
				   job == past[k].job);
		alive += p->ours;
	}
	return alive;
}

bool sessions_alive(const struct session_past *past, struct fds *fds)
{
	struct processes list = { 0 };
	bool alive;
	int proc;

	fds_lock(fds);
	proc = processes_read(&list);
	alive = past_mark(&list, proc, past, 1) > 0;
	if (proc >= 0)
		close(proc);
	fds_unlock(fds);
	free(list.all);
	return alive;
}

size_t sessions_kill(const struct session_past *past, size_t n, struct fds *fds)
{
	struct processes list = { 0 };
	size_t i, alive;
	int proc;

	fds_lock(fds);
	proc = processes_read(&list);
	alive = past_mark(&list, proc, past, n);
	if (proc >= 0)
		close(proc);
	fds_unlock(fds);
	mark_descendants(&list);
	for (i = 0; i < list.n; i++)
		if (list.all[i].ours)
			(void)kill(list.all[i].pid, SIGKILL);
	free(list.all);
	return alive;
}
