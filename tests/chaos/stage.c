/* SPDX-License-Identifier: MIT */
/*
 * stage SCREEN SECONDS GRACE COMMAND [ARGUMENT...]
 *
 * Run COMMAND in a session with a pseudo terminal of its own, what is printed at
 * which goes to the file SCREEN, and look at what it has left behind when it ends:
 *
 *   processes   that descend from it, wherever they went: the leader of the
 *               session is a subreaper; that are in its session; or that have
 *               CHAOS=$CHAOS, as COMMAND has it, in their environment
 *   settings    of the terminal, other than before
 *
 * Each is said on stdout; so is that COMMAND has not ended in SECONDS.  What was
 * killed may take GRACE milliseconds to go; what is left then is killed.  The exit status is COMMAND's if there was nothing to say, and 1 if
 * there was.
 *
 * The parent has the terminal's other end, and the leader does all else.
 */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#define MOST 4096

struct process {
	pid_t pid, parent, session;
	char name[32];
	const char *why; /* it is ours, if it is */
};

struct processes {
	size_t n;
	struct process all[MOST];
};

static void die(const char *what)
{
	fprintf(stderr, "stage: %s: %s\n", what, strerror(errno));
	exit(2);
}

static long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* ---- Who is there -------------------------------------------------------- */

static size_t file_read(const char *path, char *to, size_t size)
{
	size_t len = 0;
	ssize_t n = 1;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return 0;
	while (n > 0 && len < size) {
		n = read(fd, to + len, size - len);
		if (n > 0)
			len += (size_t)n;
	}
	close(fd);
	return len;
}

static bool marked(pid_t pid)
{
	static char text[1 << 20];
	char path[64], mark[256];
	const char *value = getenv("CHAOS");
	size_t len, n;

	if (!value)
		return false;
	n = (size_t)snprintf(mark, sizeof(mark), "%cCHAOS=%s", 0, value) + 1;
	snprintf(path, sizeof(path), "/proc/%d/environ", (int)pid);
	text[0] = 0;
	len = file_read(path, text + 1, sizeof(text) - 2);
	text[len + 1] = 0;
	return memmem(text, len + 2, mark, n) != NULL;
}

/* False for one that has gone, or is a zombie. */
static bool process_read(pid_t pid, struct process *process)
{
	char path[64], text[1024], *end;
	int parent, session;
	char state;
	size_t len;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	len = file_read(path, text, sizeof(text) - 1);
	text[len] = '\0';
	end = strrchr(text, ')');
	if (!end ||
	    sscanf(end + 1, " %c %d %*d %d", &state, &parent, &session) != 3 ||
	    state == 'Z' || state == 'X')
		return false;
	*end = '\0';
	*process = (struct process){ pid, parent, session, "", NULL };
	snprintf(process->name, sizeof(process->name), "%s",
		 strchr(text, '(') + 1);
	return true;
}

static bool descends(const struct processes *processes, size_t i)
{
	pid_t parent = processes->all[i].parent;
	size_t j;

	for (j = 0; j < processes->n; j++)
		if (processes->all[j].pid == parent)
			return processes->all[j].why != NULL;
	return parent == getpid();
}

static void mark_descendants(struct processes *processes)
{
	bool more = true;
	size_t i;

	while (more) {
		more = false;
		for (i = 0; i < processes->n; i++) {
			if (processes->all[i].why || !descends(processes, i))
				continue;
			processes->all[i].why = "a descendant";
			more = true;
		}
	}
}

/* All but this one and its parent, and why they are ours: how many are. */
static size_t look(struct processes *processes)
{
	DIR *dir = opendir("/proc");
	struct dirent *entry;
	size_t i, n = 0;

	if (!dir)
		die("/proc");
	processes->n = 0;
	while ((entry = readdir(dir)) && processes->n < MOST) {
		struct process *process = processes->all + processes->n;
		pid_t pid = (pid_t)atol(entry->d_name);

		if (!isdigit((unsigned char)entry->d_name[0]) ||
		    pid == getpid() || pid == getppid() ||
		    !process_read(pid, process))
			continue;
		if (process->session == getpid())
			process->why = "in the session";
		else if (marked(pid))
			process->why = "marked";
		processes->n++;
	}
	closedir(dir);
	mark_descendants(processes);
	for (i = 0; i < processes->n; i++)
		n += processes->all[i].why != NULL;
	return n;
}

static void tell(const struct processes *processes)
{
	char path[64], text[120];
	size_t i, j, len;

	for (i = 0; i < processes->n; i++) {
		const struct process *process = processes->all + i;

		if (!process->why)
			continue;
		snprintf(path, sizeof(path), "/proc/%d/cmdline",
			 (int)process->pid);
		len = file_read(path, text, sizeof(text) - 1);
		text[len] = '\0';
		for (j = 0; j < len; j++)
			if (!isprint((unsigned char)text[j]))
				text[j] = ' ';
		printf("left, %s: %d, session %d, %s: %s\n", process->why,
		       (int)process->pid, (int)process->session, process->name,
		       text);
	}
}

static void reap(void)
{
	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
}

/* Some may be starting others. */
static void kill_all(struct processes *processes)
{
	int tries;
	size_t i;

	for (tries = 0; tries < 200 && look(processes); tries++) {
		for (i = 0; i < processes->n; i++)
			if (processes->all[i].why)
				kill(processes->all[i].pid, SIGKILL);
		usleep(10000);
		reap();
	}
}

/* ---- The leader ------------------------------------------------------------ */

static struct processes processes;

static pid_t start(char **command)
{
	static const int all[] = { SIGHUP,  SIGINT,  SIGQUIT, SIGTERM, SIGPIPE,
				   SIGTSTP, SIGTTIN, SIGTTOU, SIGCHLD };
	pid_t pid = fork();
	sigset_t none;
	size_t i;

	if (pid)
		return pid;
	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		signal(all[i], SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	execvp(command[0], command);
	die(command[0]);
	return -1;
}

/* Its status; -1 if it has not ended in time, or nobody wants to know. */
static int await(pid_t pid, long until_ms, pid_t parent)
{
	struct timespec while_none = { 0, 20000000 };
	sigset_t child;
	int status;
	pid_t ended;

	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	for (;;) {
		while ((ended = waitpid(-1, &status, WNOHANG)) > 0)
			if (ended == pid)
				return WIFEXITED(status)
					       ? WEXITSTATUS(status)
					       : 128 + WTERMSIG(status);
		if (now_ms() > until_ms || getppid() != parent)
			return -1;
		sigtimedwait(&child, NULL, &while_none);
	}
}

static bool nobody_left(long grace_ms)
{
	long until_ms = now_ms() + grace_ms;

	while (look(&processes) && now_ms() < until_ms) {
		usleep(20000);
		reap();
	}
	if (!look(&processes))
		return true;
	tell(&processes);
	return false;
}

static bool terminal_same(int terminal, const struct termios *before)
{
	struct termios after;

	memset(&after, 0, sizeof(after));
	/* An error: the other end has gone. */
	if (!tcgetattr(terminal, &after) &&
	    !memcmp(before, &after, sizeof(after)))
		return true;
	puts("left: other settings of the terminal");
	return false;
}

static int lead(int terminal, char **how, pid_t parent)
{
	long seconds = atol(how[0]), grace_ms = atol(how[1]);
	struct termios before;
	sigset_t all;
	int status;
	bool good = true;

	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, NULL);
	if (setsid() < 0 || ioctl(terminal, TIOCSCTTY, 0) ||
	    prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0))
		die("session");
	memset(&before, 0, sizeof(before));
	if (tcgetattr(terminal, &before))
		die("terminal");
	status = await(start(how + 2), now_ms() + seconds * 1000, parent);
	if (status < 0) {
		good = false;
		printf("not over after %ld s, or cut off\n", seconds);
		look(&processes);
		tell(&processes);
	} else {
		good = nobody_left(grace_ms);
	}
	good = terminal_same(terminal, &before) && good;
	kill_all(&processes);
	fflush(stdout);
	return good ? status : 1;
}

/* ---- The terminal's other end --------------------------------------------------- */

static void copy(int from, int to)
{
	char data[65536];
	ssize_t n;

	/* -EIO: nobody has the terminal any more. */
	while ((n = read(from, data, sizeof(data))) > 0)
		if (to < 0 || write(to, data, (size_t)n) != n)
			to = -1;
}

int main(int argc, char **argv)
{
	int ours, theirs, screen, status;
	pid_t leader, parent = getpid();

	if (argc < 5) {
		fputs("usage: stage SCREEN SECONDS GRACE COMMAND...\n", stderr);
		return 2;
	}
	screen = open(argv[1], O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	ours = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (screen < 0 || ours < 0 || grantpt(ours) || unlockpt(ours))
		die("terminal");
	theirs = open(ptsname(ours), O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (theirs < 0)
		die("terminal");
	leader = fork();
	if (leader < 0)
		die("fork");
	if (!leader) {
		close(ours);
		return lead(theirs, argv + 2, parent);
	}
	close(theirs);
	copy(ours, screen);
	if (waitpid(leader, &status, 0) != leader || !WIFEXITED(status))
		return 2;
	return WEXITSTATUS(status);
}
