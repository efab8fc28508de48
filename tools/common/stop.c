/* SPDX-License-Identifier: MIT */
/* Stopping.  See stop.h. */
#include "stop.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "stopstate.h"

/* An eventfd's write fails only where the count is at its limit. */
void stop_raise_event(int fd)
{
	uint64_t one = 1;
	ssize_t n;

	do {
		n = write(fd, &one, sizeof(one));
	} while (n < 0 && errno == EINTR);
}

/* ---- Its life ----------------------------------------------------------- */

/* Of some signals: not those that the caller ignores or has blocked. */
static void stop_choose(const struct stop *stop, const int *signals, size_t n,
			sigset_t *set)
{
	struct sigaction action;

	sigemptyset(set);
	for (size_t i = 0; i < n; i++)
		if (sigaction(signals[i], NULL, &action) == 0 &&
		    action.sa_handler != SIG_IGN &&
		    !sigismember(&stop->caller_mask, signals[i]))
			sigaddset(set, signals[i]);
}

/* What to wait for. */
static void stop_choose_signals(struct stop *stop)
{
	static const int ends[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP };
	static const int slots[] = { SIGUSR1, SIGUSR2 };
	struct sigaction action;

	stop_choose(stop, ends, sizeof(ends) / sizeof(ends[0]), &stop->signals);
	stop_choose(stop, slots, sizeof(slots) / sizeof(slots[0]),
		    &stop->slot_signals);
	stop->dies_of_pipe = sigaction(SIGPIPE, NULL, &action) == 0 &&
			     action.sa_handler != SIG_IGN;
}

/* What is blocked besides: failed writes tell by an error; and writing to the
 * terminal while a job has it stops nobody. */
static void stop_block(const struct stop *stop)
{
	sigset_t blocked;

	sigorset(&blocked, &stop->signals, &stop->slot_signals);
	sigaddset(&blocked, SIGPIPE);
	sigaddset(&blocked, SIGXFSZ);
	if (stop->lent) {
		sigaddset(&blocked, SIGTTOU);
		sigaddset(&blocked, SIGCHLD);
	}
	pthread_sigmask(SIG_BLOCK, &blocked, NULL);
}

static int stop_signalfd(int sig)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, sig);
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

static int stop_open(struct stop *stop)
{
	sigset_t ends = stop->signals;

	sigdelset(&ends, SIGTSTP);
	stop->suspend_fd = stop->child_fd = stop->slot_fd = -1;
	stop->signal_fd = signalfd(-1, &ends, SFD_CLOEXEC);
	stop->request_fd = eventfd(0, EFD_CLOEXEC);
	stop->closed_fd = eventfd(0, EFD_CLOEXEC);
	if (stop->signal_fd < 0 || stop->request_fd < 0 || stop->closed_fd < 0)
		return -errno;
	if (!sigisemptyset(&stop->slot_signals)) {
		stop->slot_fd = signalfd(-1, &stop->slot_signals,
					 SFD_CLOEXEC | SFD_NONBLOCK);
		if (stop->slot_fd < 0)
			return -errno;
	}
	if (sigismember(&stop->signals, SIGTSTP)) {
		stop->suspend_fd = stop_signalfd(SIGTSTP);
		if (stop->suspend_fd < 0)
			return -errno;
	}
	if (stop->lent) {
		stop->child_fd = stop_signalfd(SIGCHLD);
		if (stop->child_fd < 0)
			return -errno;
	}
	return 0;
}

static void stop_close_fds(struct stop *stop)
{
	if (stop->signal_fd >= 0)
		close(stop->signal_fd);
	if (stop->request_fd >= 0)
		close(stop->request_fd);
	if (stop->closed_fd >= 0)
		close(stop->closed_fd);
	if (stop->suspend_fd >= 0)
		close(stop->suspend_fd);
	if (stop->slot_fd >= 0)
		close(stop->slot_fd);
	if (stop->child_fd >= 0)
		close(stop->child_fd);
}

static void stop_free(struct stop *stop)
{
	free(stop->sessions);
	free(stop->chosen);
	free(stop);
}

int stop_create(struct stop **created, unsigned workers,
		const struct stop_options *options, const struct mark *mark,
		struct fds *fds)
{
	struct stop *stop = calloc(1, sizeof(*stop));
	int rc;

	if (!stop)
		return -ENOMEM;
	stop->fds = fds;
	stop->workers = workers;
	stop->mark = mark;
	stop->grace_ms = options->grace_ms;
	stop->deadline_ms = options->deadline_ms;
	stop->terminal = options->terminal;
	stop->lent = options->lend;
	stop->sessions = calloc(workers, sizeof(*stop->sessions));
	stop->chosen = calloc(workers, sizeof(*stop->chosen));
	if (!stop->sessions || !stop->chosen) {
		stop_free(stop);
		return -ENOMEM;
	}
	pthread_mutex_init(&stop->hearing, NULL);
	pthread_mutex_init(&stop->lock, NULL);
	pthread_cond_init(&stop->resumed, NULL);
	pthread_sigmask(SIG_BLOCK, NULL, &stop->caller_mask);
	stop_choose_signals(stop);
	rc = stop_open(stop);
	if (!rc) {
		stop_block(stop);
		rc = -pthread_create(&stop->thread, NULL, stop_thread, stop);
	}
	if (rc) {
		pthread_sigmask(SIG_SETMASK, &stop->caller_mask, NULL);
		stop_close_fds(stop);
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
	stop_raise_event(stop->request_fd);
	pthread_join(stop->thread, NULL);
	stop_close_fds(stop);
	pthread_cond_destroy(&stop->resumed);
	pthread_mutex_destroy(&stop->lock);
	pthread_mutex_destroy(&stop->hearing);
	stop_free(stop);
}

void stop_listen(struct stop *stop, stop_listener *listener, void *user)
{
	pthread_mutex_lock(&stop->hearing);
	stop->listener = listener;
	stop->listener_user = user;
	pthread_mutex_unlock(&stop->hearing);
}

void stop_at_slots(struct stop *stop, void (*fn)(void *arg, bool more),
		   void *arg)
{
	pthread_mutex_lock(&stop->hearing);
	stop->slots = fn;
	stop->slots_arg = arg;
	pthread_mutex_unlock(&stop->hearing);
}

const sigset_t *stop_caller_mask(const struct stop *stop)
{
	return &stop->caller_mask;
}

void stop_at_death(struct stop *stop, void (*fn)(void *arg), void *arg)
{
	pthread_mutex_lock(&stop->lock);
	stop->last = fn;
	stop->last_arg = arg;
	pthread_mutex_unlock(&stop->lock);
}

void stop_at_close(struct stop *stop, void (*fn)(void *arg), void *arg)
{
	pthread_mutex_lock(&stop->lock);
	stop->ending = fn;
	stop->ending_arg = arg;
	if (fn && stop->closed)
		fn(arg);
	pthread_mutex_unlock(&stop->lock);
}

int stop_dies_of(struct stop *stop)
{
	int sig;

	pthread_mutex_lock(&stop->lock);
	sig = stop->own_signal;
	pthread_mutex_unlock(&stop->lock);
	return sig;
}

int stop_fd(const struct stop *stop)
{
	return stop->closed_fd;
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

bool stop_is_closed(struct stop *stop)
{
	bool closed;

	pthread_mutex_lock(&stop->lock);
	closed = stop->closed;
	pthread_mutex_unlock(&stop->lock);
	return closed;
}

bool stop_is_late(struct stop *stop)
{
	bool late;

	pthread_mutex_lock(&stop->lock);
	late = stop->late;
	pthread_mutex_unlock(&stop->lock);
	return late;
}

void stop_close(struct stop *stop)
{
	stop->closed = true;
	stop_raise_event(stop->closed_fd);
	if (stop->ending)
		stop->ending(stop->ending_arg);
}

void stop_starts(struct stop *stop)
{
	pthread_mutex_lock(&stop->lock);
	stop_close(stop);
	pthread_mutex_unlock(&stop->lock);
}

/* The thread is to stop the jobs with one signal, and to die of the other. */
static void stop_request(struct stop *stop, int job_signal, int own_signal)
{
	pthread_mutex_lock(&stop->lock);
	if (!stop->stopping && !stop->requested) {
		stop->requested = true;
		stop->job_signal = job_signal;
		stop->own_signal = own_signal;
		stop_close(stop);
	}
	pthread_mutex_unlock(&stop->lock);
	stop_raise_event(stop->request_fd);
}

void stop_jobs(struct stop *stop, int sig)
{
	stop_request(stop, SIGTERM, stop->dies_of_pipe ? sig : 0);
}

/* ---- Jobs ---------------------------------------------------------------- */

bool stop_may_start(struct stop *stop)
{
	bool may;

	if (stop->lent && !terminal_await(stop->terminal, stop->closed_fd))
		return false;
	pthread_mutex_lock(&stop->lock);
	while (stop->suspended && !stop->closed)
		pthread_cond_wait(&stop->resumed, &stop->lock);
	may = !stop->closed;
	if (may)
		stop->starting++;
	pthread_mutex_unlock(&stop->lock);
	return may;
}

void stop_started(struct stop *stop, unsigned worker, pid_t pid, uint64_t job)
{
	pthread_mutex_lock(&stop->lock);
	stop->starting--;
	stop->sessions[worker] = (struct session){ pid, job };
	if (pid)
		stop->running++;
	/* Here, for the thread is not to find it stopped before it got it. */
	if (pid && stop->lent)
		terminal_give(stop->terminal, pid);
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

bool stop_suspended(struct stop *stop, int64_t *ms)
{
	bool suspended;

	pthread_mutex_lock(&stop->lock);
	suspended = stop->suspended;
	*ms = stop->suspended_ms;
	pthread_mutex_unlock(&stop->lock);
	return suspended;
}

/* So many at a time, each look through /proc. */
#define STOP_SLOTS 64u

size_t stop_signal_slots(struct stop *stop, const unsigned *workers, unsigned n,
			 int sig)
{
	struct session chosen[STOP_SLOTS];
	struct sessions those = { .all = chosen, .mark = stop->mark };
	size_t alive = 0;
	unsigned i = 0;

	while (i < n) {
		pthread_mutex_lock(&stop->lock);
		for (those.n = 0; i < n && those.n < STOP_SLOTS; i++)
			chosen[those.n++] = stop->sessions[workers[i]];
		pthread_mutex_unlock(&stop->lock);
		alive += sessions_signal(&those, sig, stop->fds);
	}
	return alive;
}

/* A job that had the terminal has ended: of what was meant for bpool too? */
static void stop_end_lent(struct stop *stop, const siginfo_t *info)
{
	int sig = info->si_code == CLD_EXITED ? 0 : info->si_status;

	terminal_take(stop->terminal);
	if ((sig == SIGINT || sig == SIGQUIT || sig == SIGHUP) &&
	    sigismember(&stop->signals, sig))
		stop_request(stop, sig, sig);
}

int stop_reap(struct stop *stop, unsigned worker, siginfo_t *info)
{
	id_t pid = (id_t)stop->sessions[worker].leader;
	int rc;

	do {
		rc = waitid(P_PID, pid, info, WEXITED | WNOWAIT);
	} while (rc && errno == EINTR);
	if (rc)
		rc = -errno;
	if (!rc && stop->lent)
		stop_end_lent(stop, info);
	pthread_mutex_lock(&stop->lock);
	stop->running--;
	if (!stop->stopping && !stop->requested) {
		stop->sessions[worker].leader = 0;
		if (!rc && waitid(P_PID, pid, info, WEXITED | WNOHANG))
			rc = -errno;
	}
	pthread_mutex_unlock(&stop->lock);
	return rc;
}
