/* SPDX-License-Identifier: MIT */
/*
 * library [CASE...]: each case with each of its calls to libc failing, that one
 * alone and with all that follow.
 *
 * The runs of a case follow each other in one process, so that none pays for a
 * start under the sanitizers.  What ends that process is one run's failure, and
 * another goes on behind it.  A run is over within 5 s, has met its fault
 * (otherwise it does not count), leaves no memory, no lock and no thread behind,
 * and the sanitizers have nothing to say; what leaks is looked for as the process
 * ends.
 */
#include "library.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <sanitizer/lsan_interface.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boundpool.h>

#include "faults.h"

#define RUN_S 5
#define REPORTED 99 /* the exit status that a sanitizer ends with */

/* Where a case is; of the process that runs it and the one that waits. */
struct progress {
	unsigned calls[FAULTS]; /* of the run without faults */
	int call;   /* that fails in this run, or is to fail next ... */
	unsigned n; /* ... the n-th of them ... */
	bool later; /* ... and all that follow */
	bool over;
	unsigned runs, missed;
};

static struct progress *at;
static atomic_uint refusals;

const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "exitcode=99:leak_check_at_exit=0";
}

const char *__ubsan_default_options(void);
const char *__ubsan_default_options(void)
{
	return "exitcode=99:print_stacktrace=1";
}

void wrong(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	_exit(1);
}

bool refused(const char *call, int err, ...)
{
	va_list args;
	int may;

	if (err == 0)
		return false;
	va_start(args, err);
	do
		may = va_arg(args, int);
	while (may != 0 && may != err);
	va_end(args);
	if (may == 0)
		wrong("%s: %s", call, strerror(-err));
	if (faults_met() == 0)
		wrong("%s: %s, and nothing has failed", call, strerror(-err));
	if (at->later)
		return false;
	if (atomic_fetch_add(&refusals, 1) > 0)
		wrong("%s: %s, the second refused for one fault", call,
		      strerror(-err));
	return true;
}

bool clock_fails(void)
{
	return at->call == FAULT_CLOCK;
}

/* ---- In the process that runs a case --------------------------------------------- */

/* A thread that was joined is in the kernel's list a moment longer. */
static void threads_await(void)
{
	static const char key[] = "\nThreads:\t";
	char status[4096];
	const char *threads;

	do {
		int fd = open("/proc/self/status", O_RDONLY | O_CLOEXEC);
		ssize_t n = read(fd, status, sizeof(status) - 1);

		close(fd);
		if (n <= 0)
			wrong("/proc/self/status: %s", strerror(errno));
		status[n] = '\0';
		threads = strstr(status, key);
		sched_yield();
	} while (!threads || atoi(threads + sizeof(key) - 1) != 1);
}

/* One run: whether it met its fault. */
static bool run(const struct torture_case *this, unsigned n)
{
	alarm(RUN_S);
	atomic_store(&refusals, 0);
	faults_begin((enum fault)at->call, n, at->later);
	this->fn();
	threads_await();
	if (faults_held() != 0)
		wrong("%ld things were not given back", faults_held());
	alarm(0);
	return faults_met() > 0;
}

/* Let what the run says stand alone in the file. */
static void said_nothing(void)
{
	if (lseek(STDERR_FILENO, 0, SEEK_SET) != 0 ||
	    ftruncate(STDERR_FILENO, 0) != 0)
		_exit(1);
}

static void run_counted(const struct torture_case *this)
{
	said_nothing();
	if (run(this, at->n))
		at->runs++;
	else
		at->missed++;
}

/* Each n of one call: as many as there were, and on while there are more. */
static void run_call(const struct torture_case *this)
{
	unsigned missed;

	do {
		missed = at->missed;
		if (!at->later)
			run_counted(this);
		at->later = true;
		run_counted(this);
		at->later = false;
		at->n++;
	} while (at->n <= at->calls[at->call] || at->missed == missed);
}

_Noreturn static void run_case(const struct torture_case *this)
{
	for (; at->call < FAULTS; at->call++, at->n = 1)
		if (at->calls[at->call] > 0)
			run_call(this);
	said_nothing();
	at->over = true;
	_exit(__lsan_do_recoverable_leak_check() ? REPORTED : 0);
}

_Noreturn static void count_case(const struct torture_case *this)
{
	run(this, 0);
	for (int i = 0; i < FAULTS; i++)
		at->calls[i] = faults_calls((enum fault)i);
	_exit(0);
}

/* ---- In the process that waits ----------------------------------------------------- */

/* Run `fn` in a process of its own, which says what it has to say into `said`: the
 * status of waitpid(). */
static int apart(void (*fn)(const struct torture_case *),
		 const struct torture_case *this, FILE *said)
{
	int status;
	pid_t pid;

	rewind(said);
	if (ftruncate(fileno(said), 0) != 0)
		abort();
	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		dup2(fileno(said), STDERR_FILENO);
		fn(this);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid) {
		perror("torture");
		exit(1);
	}
	return status;
}

/* What the process said, cut to the first lines. */
static void tell(FILE *said)
{
	char line[512];

	rewind(said);
	for (int n = 0; n < 20 && fgets(line, sizeof(line), said); n++)
		fprintf(stderr, "    %s", line);
}

static bool has_said(FILE *said, const char *what)
{
	char text[4096];
	size_t n;

	rewind(said);
	n = fread(text, 1, sizeof(text) - 1, said);
	text[n] = '\0';
	return strstr(text, what) != NULL;
}

static void tell_failure(const struct torture_case *this, int status,
			 FILE *said)
{
	const char *what = WIFSIGNALED(status) ? strsignal(WTERMSIG(status))
					       : "exit status";

	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM)
		what = "hangs";
	if (at->n == 0)
		fprintf(stderr, "torture: %s, without a fault: ", this->name);
	else if (at->over)
		fprintf(stderr, "torture: %s, in the end: ", this->name);
	else
		fprintf(stderr, "torture: %s, %s:%u%s: ", this->name,
			fault_names[at->call], at->n, at->later ? "+" : "");
	fprintf(stderr, "%s %d\n", what,
		WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status));
	tell(said);
}

/* The header says that the process may end like this. */
static bool may_end(const struct torture_case *this, int status, FILE *said)
{
	return this->stops && at->call == FAULT_CREATE && WIFSIGNALED(status) &&
	       WTERMSIG(status) == SIGABRT && has_said(said, this->stops);
}

/* The run behind the one that ended its process. */
static void go_on(void)
{
	at->runs++;
	if (at->later) {
		at->n++;
		if (at->n > at->calls[at->call]) {
			at->call++;
			at->n = 1;
		}
	}
	at->later = !at->later;
}

/* How many runs failed. */
static unsigned torture(const struct torture_case *this, FILE *said)
{
	unsigned failed = 0;
	int status;

	*at = (struct progress){ 0 };
	status = apart(count_case, this, said);
	if (status != 0) {
		tell_failure(this, status, said);
		at->runs++;
		return 1;
	}
	at->n = 1;
	while (!at->over && at->call < FAULTS) {
		status = apart(run_case, this, said);
		if (status == 0)
			break;
		if (!may_end(this, status, said)) {
			tell_failure(this, status, said);
			failed++;
		}
		if (!at->over)
			go_on();
	}
	printf("%-24s %5u runs, %u more met no fault\n", this->name, at->runs,
	       at->missed);
	return failed;
}

/* Without pthread_atfork(), which the library calls as it is loaded. */
static int create_is_refused(void)
{
	struct bpool *pool;

	return bpool_create(&pool, NULL) == -ENOMEM ? 0 : 1;
}

_Noreturn static void exec_without_atfork(const struct torture_case *unused)
{
	char name[] = "library", *argv[] = { name, NULL };

	(void)unused;
	setenv("TORTURE_ATFORK", "1", 1);
	execv("/proc/self/exe", argv);
	_exit(1);
}

static unsigned torture_atfork(FILE *said)
{
	bool ok = apart(exec_without_atfork, NULL, said) == 0;

	if (!ok) {
		fprintf(stderr, "torture: pthread_atfork:\n");
		tell(said);
	}
	printf("%-24s %5u runs\n", "loading", 1);
	return !ok;
}

static bool wanted(const struct torture_case *this, char **names)
{
	if (!*names)
		return true;
	while (*names && strcmp(*names, this->name) != 0)
		names++;
	return *names != NULL;
}

int main(int argc, char **argv)
{
	FILE *said = tmpfile();
	unsigned runs = 0, failed = 0;
	char **names;

	if (getenv("TORTURE_ATFORK"))
		return create_is_refused();
	names = argv + (argc > 0);
	at = mmap(NULL, sizeof(*at), PROT_READ | PROT_WRITE,
		  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (!said || at == MAP_FAILED) {
		perror("torture");
		return 1;
	}
	for (unsigned i = 0; i < ncases; i++) {
		if (!wanted(&cases[i], names))
			continue;
		failed += torture(&cases[i], said);
		runs += at->runs;
	}
	if (!*names) {
		failed += torture_atfork(said);
		runs++;
	}
	printf("torture, the library: %u runs\n", runs);
	printf("%u passed, %u failed\n", runs - failed, failed);
	return failed > 0 || runs == 0;
}
