/* SPDX-License-Identifier: MIT */
/* The thread that waits for signals and for the deadline.  See stop.h. */
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"
#include "stopstate.h"

#define STOP_SAME_MS 500    /* in which signals are of one stop */
#define STOP_LOOK_MS 50	    /* between looks at who is left */
#define STOP_PRINT_MS 10000 /* for output, when nobody is left */
#define STOP_KILL_LOOKS 200 /* until those that cannot die are left */
#define STOP_STARTED_MS 2   /* between looks at jobs that are starting */

/* Signal all that run (0: only look); returns how many are left. */
static size_t stop_signal_all(struct stop *stop, int sig)
{
	struct sessions those = {
		.all = stop->chosen,
		.mark = stop->mark,
		/* Going on later must not touch what was left behind. */
		.whole = stop->stopping,
	};
	size_t alive;
	unsigned i;

	pthread_mutex_lock(&stop->lock);
	for (i = 0; i < stop->workers; i++)
		if (stop->sessions[i].leader)
			those.all[those.n++] = stop->sessions[i];
	if (sig && stop->stopping)
		stop->job_signal = sig;
	alive = stop->starting;
	pthread_mutex_unlock(&stop->lock);
	return alive + sessions_signal(&those, sig, stop->fds);
}

static void stop_tell(struct stop *stop, enum stop_event event)
{
	pthread_mutex_lock(&stop->hearing);
	if (stop->listener)
		stop->listener(stop->listener_user, event);
	pthread_mutex_unlock(&stop->hearing);
}

/* ---- Suspending ---------------------------------------------------------- */

/*
 * Let TSTP, which is pending, do what it does by default: suspend, unless
 * nobody could continue this process group, as the kernel has it.  Nobody has
 * read it, so that where CONT came meanwhile it is pending no more.
 */
static void stop_let_suspend(const struct stop *stop)
{
	sigset_t set;

	if (!sigismember(&stop->signals, SIGTSTP))
		return;
	sigemptyset(&set);
	sigaddset(&set, SIGTSTP);
	pthread_sigmask(SIG_UNBLOCK, &set, NULL);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
}

/*
 * A job that had the terminal was suspended: so is bpool, as if the key had
 * met it too.  A group that nobody could bring back is not, as the kernel has
 * it, and the job just goes on.  True: it does; false: it has not got the
 * terminal again, or a signal is to be read first.
 */
static bool stop_without_terminal(struct stop *stop)
{
	terminal_suspend(stop->terminal);
	if (sigismember(&stop->signals, SIGTSTP))
		(void)kill(0, SIGTSTP);
	stop_let_suspend(stop);
	(void)terminal_await(stop->terminal, stop->signal_fd);
	return terminal_resume(stop->terminal);
}

/*
 * Jobs are not in bpool's group: what suspends that is passed on to them.  Not
 * to what a job that was suspended by itself, by a key, has in groups of its
 * own: that is its own business.
 */
static void stop_suspend(struct stop *stop, bool by_itself)
{
	int64_t since = now_ms();
	bool starting = true, goes_on = false;

	pthread_mutex_lock(&stop->lock);
	stop->suspended = true;
	pthread_mutex_unlock(&stop->lock);
	while (starting) {
		(void)poll(NULL, 0, STOP_STARTED_MS);
		pthread_mutex_lock(&stop->lock);
		starting = stop->starting > 0;
		pthread_mutex_unlock(&stop->lock);
	}
	if (!by_itself)
		(void)stop_signal_all(stop, SIGSTOP);
	stop_tell(stop, STOP_SUSPENDS);
	if (stop->lent)
		goes_on = stop_without_terminal(stop);
	else
		stop_let_suspend(stop);
	stop_tell(stop, STOP_RESUMES);
	if (!by_itself || !goes_on)
		(void)stop_signal_all(stop, SIGCONT);
	pthread_mutex_lock(&stop->lock);
	stop->suspended_ms += now_ms() - since;
	stop->suspended = false;
	pthread_cond_broadcast(&stop->resumed);
	pthread_mutex_unlock(&stop->lock);
}

/* Somebody ended, or the job that has the terminal was stopped. */
static void stop_see_child(struct stop *stop)
{
	struct signalfd_siginfo which; /* tells of one of them alone */
	siginfo_t info = { 0 };
	pid_t leader;

	if (read(stop->child_fd, &which, sizeof(which)) < 0)
		return;
	pthread_mutex_lock(&stop->lock);
	leader = stop->sessions[0].leader;
	pthread_mutex_unlock(&stop->lock);
	if (!leader || waitid(P_PID, (id_t)leader, &info, WSTOPPED | WNOHANG) ||
	    !info.si_pid)
		return;
	/* Where it read before it had it, it has it now. */
	if ((info.si_status == SIGTTIN || info.si_status == SIGTTOU) &&
	    terminal_give_again(stop->terminal))
		return;
	stop_suspend(stop, true);
}

/* ---- Slots --------------------------------------------------------------- */

static void stop_see_slots(struct stop *stop)
{
	struct signalfd_siginfo info;

	if (read(stop->slot_fd, &info, sizeof(info)) != (ssize_t)sizeof(info))
		return;
	pthread_mutex_lock(&stop->hearing);
	if (stop->slots)
		stop->slots(stop->slots_arg, info.ssi_signo == SIGUSR1);
	pthread_mutex_unlock(&stop->hearing);
}

/* ---- Waiting ------------------------------------------------------------- */

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

/* Sleep up to `ms`, or less; true if a second signal came.  The first may come
 * here too, where it was none that stopped the jobs. */
static bool stop_sleep(struct stop *stop, int ms)
{
	struct pollfd fds = { .fd = stop->signal_fd, .events = POLLIN };
	struct signalfd_siginfo info;

	if (poll(&fds, 1, ms) <= 0 ||
	    read(stop->signal_fd, &info, sizeof(info)) <= 0)
		return false;
	if (stop->own_signal)
		return stop_is_second(stop, &info);
	stop->own_signal = (int)info.ssi_signo;
	stop->signal_ms = now_ms();
	return false;
}

/* How long poll(2) may sleep until the deadline. */
static int stop_patience(const struct stop *stop)
{
	int64_t left = stop->deadline_ms - now_ms();

	if (!stop->deadline_ms)
		return -1;
	return left < 0 ? 0 : left < INT_MAX ? (int)left : INT_MAX;
}

/* With the lock held: the jobs are to be stopped, with `sig`. */
static void stop_begin(struct stop *stop, int sig)
{
	stop->stopping = true;
	stop->job_signal = sig;
	stop_close(stop);
}

static void stop_begin_late(struct stop *stop)
{
	pthread_mutex_lock(&stop->lock);
	stop->late = true;
	stop_begin(stop, SIGTERM);
	pthread_mutex_unlock(&stop->lock);
}

static void stop_begin_signal(struct stop *stop, int sig)
{
	pthread_mutex_lock(&stop->lock);
	stop->own_signal = sig;
	stop->signal_ms = now_ms();
	stop_begin(stop, sig);
	pthread_mutex_unlock(&stop->lock);
}

/* Somebody raised request_fd; false: stop_destroy(). */
static bool stop_begin_request(struct stop *stop)
{
	bool requested;

	pthread_mutex_lock(&stop->lock);
	requested = stop->requested;
	if (requested)
		stop_begin(stop, stop->job_signal);
	pthread_mutex_unlock(&stop->lock);
	return requested;
}

/* Sleep until there is a reason to end or to stop; false: to end. */
static bool stop_wait(struct stop *stop)
{
	struct pollfd fds[] = {
		{ .fd = stop->request_fd, .events = POLLIN },
		{ .fd = stop->signal_fd, .events = POLLIN },
		{ .fd = stop->child_fd, .events = POLLIN },
		{ .fd = stop->suspend_fd, .events = POLLIN },
		{ .fd = stop->slot_fd, .events = POLLIN },
	};
	struct signalfd_siginfo info;

	for (;;) {
		int n = poll(fds, 5, stop_patience(stop));

		if (n > 0 && fds[0].revents)
			return stop_begin_request(stop);
		/* Signals that were there may be gone when that returns. */
		if (n > 0 && fds[2].revents) {
			stop_see_child(stop);
			continue;
		}
		if (n > 0 && fds[1].revents &&
		    read(stop->signal_fd, &info, sizeof(info)) > 0) {
			stop_begin_signal(stop, (int)info.ssi_signo);
			return true;
		}
		if (n > 0 && fds[4].revents)
			stop_see_slots(stop);
		if (n > 0 && fds[3].revents) {
			stop_suspend(stop, false);
			continue;
		}
		if (stop->deadline_ms && stop_patience(stop) == 0) {
			stop_begin_late(stop);
			return true;
		}
	}
}

/* Nobody is left: let what they printed out, but not for ever. */
static void stop_wait_printed(struct stop *stop)
{
	int64_t until = now_ms() + STOP_PRINT_MS;
	bool done = false;

	while (!done) {
		/* Without a signal nothing is hurt by waiting. */
		if (!stop->own_signal)
			until = now_ms() + STOP_PRINT_MS;
		pthread_mutex_lock(&stop->lock);
		done = stop->printed;
		pthread_mutex_unlock(&stop->lock);
		if (!done && (stop_sleep(stop, 5) || now_ms() > until))
			break;
	}
}

static void stop_die(struct stop *stop)
{
	struct rlimit none = { 0, 0 };
	int sig = stop->own_signal;
	void (*last)(void *arg);
	void *arg;
	sigset_t set;

	if (stop->terminal)
		terminal_take(stop->terminal);
	pthread_mutex_lock(&stop->lock);
	last = stop->last;
	arg = stop->last_arg;
	pthread_mutex_unlock(&stop->lock);
	if (last)
		last(arg);
	(void)setrlimit(RLIMIT_CORE, &none); /* of QUIT, a dump tells nothing */
	(void)signal(sig, SIG_DFL);
	sigemptyset(&set);
	sigaddset(&set, sig);
	pthread_sigmask(SIG_UNBLOCK, &set, NULL);
	kill(getpid(), sig);
	/* Process 1 of a container does not die of it. */
	_exit(128 + sig);
}

/* What is left after the grace, or at a second signal, is killed; true: at
 * that. */
static bool stop_see_end(struct stop *stop)
{
	int64_t until = now_ms() + stop->grace_ms;
	bool again = false;
	int looks;

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
	return again;
}

void *stop_thread(void *arg)
{
	struct stop *stop = arg;
	bool again = false;

	size_t left;

	if (!stop_wait(stop))
		return NULL;
	left = stop_signal_all(stop, stop->job_signal);
	if (stop->late)
		stop_tell(stop, STOP_LATE);
	if (left) {
		if (stop->signal_ms)
			stop->signal_ms = now_ms();
		again = stop_see_end(stop);
	}
	if (!again)
		stop_wait_printed(stop);
	if (stop->own_signal) {
		stop_tell(stop, STOP_DIES);
		stop_die(stop);
	}
	return NULL;
}
