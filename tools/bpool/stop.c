/* SPDX-License-Identifier: MIT */
/* Stopping.  See stop.h. */
#include "stop.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"
#include "sessions.h"

#define STOP_SAME_MS 500    /* in which signals are of one stop */
#define STOP_LOOK_MS 50	    /* between looks at who is left */
#define STOP_PRINT_MS 10000 /* for output, when nobody is left */
#define STOP_KILL_LOOKS 200 /* until those that cannot die are left */

struct stop {
	struct fds *fds;      /* fixed */
	sigset_t caller_mask; /* fixed */
	sigset_t signals;     /* fixed: those waited for */
	bool dies_of_pipe;    /* fixed */
	int64_t grace_ms;     /* fixed */
	int signal_fd;	      /* fixed */
	int request_fd;	      /* fixed; wakes the thread */
	int stopping_fd;      /* fixed; see stop_fd() */
	pthread_t thread;
	pthread_mutex_t lock; /* guards what follows; fds' lock is taken
			       * under it */
	bool stopping;	      /* never false again */
	bool requested;	      /* by stop_jobs() */
	bool printed;	      /* stop_destroy() was called */
	int job_signal;	      /* when stopping: what jobs get */
	int own_signal;	      /* ... and what bpool dies of; 0: nothing */
	int64_t signal_ms;    /* the thread's: when the first was passed on,
			       * or 0 */
	unsigned starting;    /* jobs between may_start and started */
	unsigned running;
	unsigned workers; /* fixed */
	pid_t *pids;	  /* by worker; 0: none */
	pid_t *sids;	  /* the thread's: the same, without 0 */
};

/* An eventfd's write fails only where the count is at its limit. */
static void event_raise(int fd)
{
	uint64_t one = 1;
	ssize_t n;

	do {
		n = write(fd, &one, sizeof(one));
	} while (n < 0 && errno == EINTR);
}

/* ---- The thread -------------------------------------------------------- */

/* Signal all that run (0: only look); returns how many are left. */
static size_t stop_signal_all(struct stop *stop, int sig)
{
	size_t n = 0, alive;
	unsigned i;

	pthread_mutex_lock(&stop->lock);
	for (i = 0; i < stop->workers; i++)
		if (stop->pids[i])
			stop->sids[n++] = stop->pids[i];
	if (sig)
		stop->job_signal = sig;
	alive = stop->starting;
	pthread_mutex_unlock(&stop->lock);
	return alive + (n ? sessions_signal(stop->sids, n, sig, stop->fds) : 0);
}

/*
 * Whether a signal, with others before it, is a second wish to stop.  One stop
 * may send several: timeout(1) signals its child and then its group, a
 * terminal that closes hangs up once by itself and once by the shell.  Only a
 * key that is pressed twice is known to be.
 */
static bool stop_is_second(const struct stop *stop,
			   const struct signalfd_siginfo *info)
{
	bool typed = info->ssi_code == SI_KERNEL && info->ssi_signo != SIGHUP;

	return typed || !stop->signal_ms ||
	       now_ms() - stop->signal_ms >= STOP_SAME_MS;
}

/* Sleep up to `ms`, or less; true if a second signal came. */
static bool stop_sleep(struct stop *stop, int ms)
{
	struct pollfd fds = { .fd = stop->signal_fd, .events = POLLIN };
	struct signalfd_siginfo info;

	return poll(&fds, 1, ms) > 0 &&
	       read(stop->signal_fd, &info, sizeof(info)) > 0 &&
	       stop_is_second(stop, &info);
}

/* Sleep until there is a reason to end or to stop; false: to end. */
static bool stop_wait(struct stop *stop)
{
	struct pollfd fds[] = {
		{ .fd = stop->signal_fd, .events = POLLIN },
		{ .fd = stop->request_fd, .events = POLLIN },
	};
	struct signalfd_siginfo info;
	bool stops = true;

	while (poll(fds, 2, -1) < 0)
		continue; /* interrupted; poll() has no other error here */
	pthread_mutex_lock(&stop->lock);
	if (stop->requested) {
		stop->job_signal = SIGTERM;
	} else if (fds[0].revents &&
		   read(stop->signal_fd, &info, sizeof(info)) > 0) {
		stop->own_signal = (int)info.ssi_signo;
		stop->job_signal = stop->own_signal;
		stop->signal_ms = now_ms();
	} else {
		stops = false;
	}
	stop->stopping = stops;
	pthread_mutex_unlock(&stop->lock);
	return stops;
}

/* Nobody is left: let what they printed out, but not for ever. */
static void stop_wait_printed(struct stop *stop)
{
	int64_t until = now_ms() + STOP_PRINT_MS;
	bool done = false;

	while (!done) {
		pthread_mutex_lock(&stop->lock);
		done = stop->printed;
		pthread_mutex_unlock(&stop->lock);
		/* Without a signal nothing is hurt by waiting. */
		if (!done && stop_sleep(stop, 5))
			break;
		if (stop->own_signal && now_ms() > until)
			break;
	}
}

static void die_of(int sig)
{
	struct rlimit none = { 0, 0 };
	sigset_t set;

	(void)setrlimit(RLIMIT_CORE, &none); /* of QUIT, a dump tells nothing */
	signal(sig, SIG_DFL);
	sigemptyset(&set);
	sigaddset(&set, sig);
	pthread_sigmask(SIG_UNBLOCK, &set, NULL);
	kill(getpid(), sig);
	/* Process 1 of a container does not die of it. */
	_exit(128 + sig);
}

static void *stop_thread(void *arg)
{
	struct stop *stop = arg;
	int64_t until;
	size_t alive;
	int looks;
	bool again = false;

	if (!stop_wait(stop))
		return NULL;
	event_raise(stop->stopping_fd);
	until = now_ms() + stop->grace_ms;
	alive = stop_signal_all(stop, stop->job_signal);
	if (stop->signal_ms)
		stop->signal_ms = now_ms();
	if (alive) {
		while (!again && now_ms() < until) {
			again = stop_sleep(stop, STOP_LOOK_MS);
			if (!again && !stop_signal_all(stop, 0))
				break;
		}
		for (looks = 0; looks < STOP_KILL_LOOKS; looks++) {
			if (!stop_signal_all(stop, SIGKILL))
				break;
			(void)stop_sleep(stop, 5);
		}
	}
	if (!again)
		stop_wait_printed(stop);
	if (stop->own_signal)
		die_of(stop->own_signal);
	return NULL;
}

/* ---- Its life ----------------------------------------------------------- */

/* What to wait for: not what the caller ignores or has blocked. */
static void stop_choose_signals(struct stop *stop)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };
	struct sigaction action;
	size_t i;

	sigemptyset(&stop->signals);
	for (i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		if (sigaction(signals[i], NULL, &action) == 0 &&
		    action.sa_handler != SIG_IGN &&
		    !sigismember(&stop->caller_mask, signals[i]))
			sigaddset(&stop->signals, signals[i]);
	stop->dies_of_pipe = sigaction(SIGPIPE, NULL, &action) == 0 &&
			     action.sa_handler != SIG_IGN;
}

static int stop_open(struct stop *stop)
{
	stop->signal_fd = signalfd(-1, &stop->signals, SFD_CLOEXEC);
	stop->request_fd = eventfd(0, EFD_CLOEXEC);
	stop->stopping_fd = eventfd(0, EFD_CLOEXEC);
	if (stop->signal_fd < 0 || stop->request_fd < 0 ||
	    stop->stopping_fd < 0)
		return -errno;
	return 0;
}

static void stop_close(struct stop *stop)
{
	if (stop->signal_fd >= 0)
		close(stop->signal_fd);
	if (stop->request_fd >= 0)
		close(stop->request_fd);
	if (stop->stopping_fd >= 0)
		close(stop->stopping_fd);
}

static void stop_free(struct stop *stop)
{
	free(stop->pids);
	free(stop->sids);
	free(stop);
}

int stop_create(struct stop **created, unsigned workers, int64_t grace_ms,
		struct fds *fds)
{
	struct stop *stop = calloc(1, sizeof(*stop));
	sigset_t blocked;
	int rc;

	if (!stop)
		return -ENOMEM;
	stop->fds = fds;
	stop->workers = workers;
	stop->grace_ms = grace_ms;
	stop->pids = calloc(workers, sizeof(*stop->pids));
	stop->sids = calloc(workers, sizeof(*stop->sids));
	if (!stop->pids || !stop->sids) {
		stop_free(stop);
		return -ENOMEM;
	}
	pthread_mutex_init(&stop->lock, NULL);
	pthread_sigmask(SIG_BLOCK, NULL, &stop->caller_mask);
	stop_choose_signals(stop);
	blocked = stop->signals;
	/* Those of failed writes: the error is enough. */
	sigaddset(&blocked, SIGPIPE);
	sigaddset(&blocked, SIGXFSZ);
	rc = stop_open(stop);
	if (!rc) {
		pthread_sigmask(SIG_BLOCK, &blocked, NULL);
		rc = -pthread_create(&stop->thread, NULL, stop_thread, stop);
	}
	if (rc) {
		pthread_sigmask(SIG_SETMASK, &stop->caller_mask, NULL);
		stop_close(stop);
		stop_free(stop);
		return rc;
	}
	*created = stop;
	return 0;
}

void stop_destroy(struct stop *stop)
{
	pthread_mutex_lock(&stop->lock);
	stop->printed = true;
	pthread_mutex_unlock(&stop->lock);
	event_raise(stop->request_fd);
	pthread_join(stop->thread, NULL);
	stop_close(stop);
	pthread_mutex_destroy(&stop->lock);
	stop_free(stop);
}

const sigset_t *stop_caller_mask(const struct stop *stop)
{
	return &stop->caller_mask;
}

int stop_fd(const struct stop *stop)
{
	return stop->stopping_fd;
}

bool stop_dies_of_pipe(const struct stop *stop)
{
	return stop->dies_of_pipe;
}

bool stop_requested(struct stop *stop)
{
	bool stopping;

	pthread_mutex_lock(&stop->lock);
	stopping = stop->stopping || stop->requested;
	pthread_mutex_unlock(&stop->lock);
	return stopping;
}

void stop_jobs(struct stop *stop, int sig)
{
	pthread_mutex_lock(&stop->lock);
	if (!stop->stopping && !stop->requested) {
		stop->requested = true;
		stop->own_signal = stop->dies_of_pipe ? sig : 0;
	}
	pthread_mutex_unlock(&stop->lock);
	event_raise(stop->request_fd);
}

/* ---- Jobs ---------------------------------------------------------------- */

bool stop_may_start(struct stop *stop)
{
	bool may;

	pthread_mutex_lock(&stop->lock);
	may = !stop->stopping && !stop->requested;
	if (may)
		stop->starting++;
	pthread_mutex_unlock(&stop->lock);
	return may;
}

void stop_started(struct stop *stop, unsigned worker, pid_t pid)
{
	pthread_mutex_lock(&stop->lock);
	stop->starting--;
	stop->pids[worker] = pid;
	if (pid)
		stop->running++;
	/* Too late for the round that the others got: it gets its own. */
	if (pid && stop->stopping) {
		(void)kill(-pid, stop->job_signal);
		(void)kill(-pid, SIGCONT);
	}
	pthread_mutex_unlock(&stop->lock);
}

unsigned stop_running(struct stop *stop)
{
	unsigned running;

	pthread_mutex_lock(&stop->lock);
	running = stop->running;
	pthread_mutex_unlock(&stop->lock);
	return running;
}

int stop_reap(struct stop *stop, unsigned worker, siginfo_t *info)
{
	id_t pid = (id_t)stop->pids[worker];
	int rc;

	do {
		rc = waitid(P_PID, pid, info, WEXITED | WNOWAIT);
	} while (rc && errno == EINTR);
	if (rc)
		rc = -errno;
	pthread_mutex_lock(&stop->lock);
	stop->running--;
	if (!stop->stopping) {
		stop->pids[worker] = 0;
		if (!rc && waitid(P_PID, pid, info, WEXITED | WNOHANG))
			rc = -errno;
	}
	pthread_mutex_unlock(&stop->lock);
	return rc;
}
