/* SPDX-License-Identifier: MIT */
#include "work.h"

#include <boundpool.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "clock.h"
#include "command.h"
#include "cpus.h"
#include "events.h"
#include "expire.h"
#include "guard.h"
#include "message.h"
#include "orphans.h"
#include "puller.h"
#include "presence.h"
#include "pump.h"
#include "report.h"
#include "spawn.h"
#include "spool.h"
#include "stop.h"
#include "starts.h"
#include "tally.h"
#include "terms.h"
#include "workjob.h"

#define WORKER_STACK (256u * 1024)

/* What is left of a job that is stopped is killed after this. */
#define KILL_MS 2000

/* Between looks at what is due: twelve a lease, and no less than this often. */
#define TICK_MAX_MS 500

struct work {
	struct options *options;
	struct fds *fds;
	sigset_t caller_mask;
	int signal_fd;
	struct bus bus;
	struct guard guard;
	struct mark mark;
	struct puller puller;
	struct pump pump;
	struct bpool *pool;
	struct run run;
	struct workplace place;
	struct terms terms;
	struct presence presence;
	int64_t lease_us;
	bool paused;  /* nothing is asked for */
	bool changed; /* the class is not what it was */
	char name[100];
};

/* ---- One after the other, what has to be there ---------------------------------- */

/* Jobs have these of the worker's variables, and those that --env names. */
static bool is_passed(const struct options *o, const char *variable)
{
	static const char *const always[] = {
		"PATH", "HOME", "USER",	  "SHELL",	"LOGNAME",
		"LANG", "TZ",	"TMPDIR", MARK_VARIABLE
	};
	size_t len = strcspn(variable, "="), i;

	for (i = 0; i < sizeof(always) / sizeof(always[0]); i++)
		if (strlen(always[i]) == len &&
		    strncmp(always[i], variable, len) == 0)
			return true;
	for (i = 0; i < o->npass; i++)
		if (strlen(o->pass[i]) == len &&
		    strncmp(o->pass[i], variable, len) == 0)
			return true;
	return strncmp(variable, "LC_", 3) == 0;
}

/* So that what lets the worker in (passwords) is not the jobs'. */
static void work_clear_environment(const struct options *o)
{
	size_t i, to = 0;

	for (i = 0; environ[i]; i++)
		if (is_passed(o, environ[i]))
			environ[to++] = environ[i];
	environ[to] = NULL;
}

/* Its signals are read from a descriptor, by the main thread; what its jobs are to
 * have blocked is what it was started with. */
static int work_signals(struct work *w)
{
	static const int ours[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };
	struct sigaction action;
	sigset_t set;

	(void)signal(SIGCHLD, SIG_DFL);
	sigemptyset(&set);
	pthread_sigmask(SIG_BLOCK, NULL, &w->caller_mask);
	for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
		if (!sigismember(&w->caller_mask, ours[i]) &&
		    sigaction(ours[i], NULL, &action) == 0 &&
		    action.sa_handler != SIG_IGN)
			sigaddset(&set, ours[i]);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	w->signal_fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return w->signal_fd < 0 ? -errno : 0;
}

static void work_name(struct work *w)
{
	char host[64] = "";

	(void)gethostname(host, sizeof(host) - 1);
	host[strspn(host, "abcdefghijklmnopqrstuvwxyz"
			  "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._")] = '\0';
	(void)snprintf(w->name, sizeof(w->name), "%s/%ld", host,
		       (long)getpid());
}

/* ---- At work ---------------------------------------------------------------------- */

static int work_job(void *arg)
{
	struct delivery *d = arg;
	struct puller *puller = d->leases->user;
	struct work *w = puller->user;

	workjob_run(&w->place, d);
	return 0;
}

/* On a thread of the client's. */
static void work_deliver(void *user, struct delivery *d)
{
	struct work *w = user;

	if (bpool_try_submit(w->pool, work_job, d))
		delivery_close(d, DELIVERY_LATER);
}

static unsigned work_held(void *user)
{
	struct work *w = user;

	return puller_held(&w->puller);
}

/* A signal that came, until something else is to be done; 0: none. */
static int work_signal(const struct work *w, int64_t wait_ms)
{
	struct pollfd in[2] = { { .fd = w->signal_fd, .events = POLLIN },
				{ .fd = w->terms.wake_fd, .events = POLLIN } };
	struct signalfd_siginfo info;

	if (poll(in, 2, (int)wait_ms) <= 0 ||
	    read(w->signal_fd, &info, sizeof(info)) != (ssize_t)sizeof(info))
		return 0;
	return (int)info.ssi_signo;
}

/* Ask for jobs, or not, by what holds of the class now; for how long not. */
static int64_t work_pause(struct work *w)
{
	int rc = terms_tick(&w->terms);
	int64_t ms = terms_pause_ms(&w->terms);

	if (rc == -ESTALE)
		w->changed = true;
	/* Also where it is not known. */
	if (rc || terms_drained(&w->terms))
		ms = TICK_MAX_MS;
	if (w->paused != (ms > 0))
		puller_pause(&w->puller, ms > 0);
	w->paused = ms > 0;
	puller_bound(&w->puller, terms_class(&w->terms).bound);
	return ms;
}

/* What is due meanwhile; a signal, or 0. */
static int work_tick(struct work *w)
{
	int64_t ms = w->lease_us / 12000, pause_ms = work_pause(w);

	if (ms > TICK_MAX_MS)
		ms = TICK_MAX_MS;
	if (pause_ms > 0 && pause_ms < ms)
		ms = pause_ms;
	if (!w->changed)
		puller_tick(&w->puller);
	pump_tick(&w->pump);
	orphans_reap();
	return work_signal(w, ms);
}

/* Until the jobs that run have ended, or the grace, or a second signal comes. */
static void work_drain(struct work *w, bool at_once)
{
	int64_t until = now_ms() + w->options->grace_ms;
	unsigned held;

	stop_starts(w->run.stop);
	puller_close(&w->puller);
	while (!at_once && puller_held(&w->puller) > 0 &&
	       !puller_broken(&w->puller))
		at_once = work_tick(w) != 0 || now_ms() >= until;
	held = puller_held(&w->puller);
	if (held > 0) {
		say("stopping %u jobs, which go back to the queue", held);
		atomic_store(&w->place.ending, true);
		stop_jobs(w->run.stop, 0);
	}
	while (puller_held(&w->puller) > 0)
		(void)work_tick(w);
	/* What comes at the last moment does not start, and goes back; what cannot be
	 * stored is not waited for any more. */
	atomic_store(&w->place.ending, true);
	puller_flush(&w->puller);
	while (puller_held(&w->puller) > 0)
		(void)work_tick(w);
}

/* Returns an exit status. */
static int work_until_stopped(struct work *w)
{
	const char *why = NULL;
	int sig = 0;

	while (!sig && !w->changed && !(why = puller_broken(&w->puller)) &&
	       !stop_is_closed(w->run.stop))
		sig = work_tick(w);
	if (!sig && why)
		say("%s", why);
	work_drain(w, sig == SIGQUIT || !sig);
	return sig ? STATUS_OK : STATUS_BPOOL_FAILED;
}

/* The same, while what is to be tried again is moved. */
static int work_pumping(struct work *w)
{
	int status;

	if (pump_init(&w->pump, &w->bus, w->options->class)) {
		bus_end(&w->bus);
		return STATUS_BPOOL_FAILED;
	}
	status = work_until_stopped(w);
	pump_close(&w->pump);
	puller_flush(&w->puller);
	bus_end(&w->bus);
	pump_fini(&w->pump);
	return status;
}

/* The same, heard of by whoever asks who works. */
static int work_present(struct work *w)
{
	int status = STATUS_BPOOL_FAILED;

	if (presence_init(&w->presence, &w->bus, w->options->class,
			  w->options->jobs, work_held, w)) {
		bus_end(&w->bus);
		return status;
	}
	if (terms_watch(&w->terms) == 0)
		status = work_pumping(w);
	bus_end(&w->bus);
	presence_fini(&w->presence);
	return status;
}

static int work_pool(struct work *w)
{
	struct bpool_options options = {
		.size = sizeof(options),
		.workers = w->options->jobs,
		/* A slot is free a moment before its worker is. */
		.max_in_flight = 2 * (size_t)w->options->jobs,
		.stack_size = WORKER_STACK,
	};
	struct puller_options pull = {
		.class = w->options->class,
		.lease_us = w->lease_us,
		.slots = w->options->jobs,
		.bound = terms_class(&w->terms).bound,
		.deliver = work_deliver,
		.user = w,
	};
	int rc, status;

	rc = bpool_create(&w->pool, &options);
	if (rc) {
		say("%s", strerror(-rc));
		return STATUS_BPOOL_FAILED;
	}
	if (puller_init(&w->puller, &w->bus, &w->guard, &pull)) {
		status = STATUS_BPOOL_FAILED;
	} else {
		status = work_present(w);
		puller_fini(&w->puller);
	}
	(void)bpool_destroy(w->pool);
	return status;
}

/* ---- The parts of a run, made and unmade ------------------------------------------- */

static int work_reported(struct work *w)
{
	struct report_options options = { .quiet = true };
	struct run *run = &w->run;
	struct report report;
	struct events events;
	int status = STATUS_BPOOL_FAILED, rc = 0;

	rc = report_init(&report, &options, run->tally, run->stop, run->spool,
			 run->fds);
	if (rc)
		return STATUS_BPOOL_FAILED;
	run->report = &report;
	events_init(&events);
	if (w->options->events)
		rc = events_open(&events, w->options->events, &eventfile_lines,
				 stop_fd(run->stop), run->fds);
	if (!rc) {
		run->events = w->options->events ? &events : NULL;
		rc = expire_create(&run->expire, run, w->options->jobs);
	}
	if (!rc)
		status = work_pool(w);
	expire_destroy(run->expire);
	if (events_fini(&events))
		status = STATUS_BPOOL_FAILED;
	report_fini(&report);
	run->report = NULL;
	run->events = NULL;
	return status;
}

static void work_free(struct worker *workers, unsigned n)
{
	for (unsigned i = 0; workers && i < n; i++) {
		output_fini(&workers[i].printed.out);
		output_fini(&workers[i].printed.err);
		output_fini(&workers[i].printed.log);
	}
	free(workers);
}

static int work_spawner(struct work *w)
{
	struct spawner spawner;
	struct spool spool;
	struct tally tally;
	int rc, status = STATUS_BPOOL_FAILED;

	rc = spawner_init(&spawner, w->options->shell, &w->caller_mask,
			  SPAWN_BARE, w->fds);
	if (rc) {
		say("cannot begin: %s", strerror(-rc));
		return STATUS_BPOOL_FAILED;
	}
	tally_init(&tally);
	w->run.spawner = &spawner;
	w->run.tally = &tally;
	w->run.workers = calloc(w->options->jobs, sizeof(*w->run.workers));
	rc = w->run.workers ? spool_init(&spool, w->fds) : -ENOMEM;
	if (!rc) {
		w->run.spool = &spool;
		status = work_reported(w);
		spool_fini(&spool);
	}
	work_free(w->run.workers, w->options->jobs);
	tally_fini(&tally);
	spawner_fini(&spawner);
	w->run.workers = NULL;
	w->run.spool = NULL;
	w->run.tally = NULL;
	w->run.spawner = NULL;
	return status;
}

static int work_template(struct work *w)
{
	struct stop_options stop = { .grace_ms = KILL_MS };
	struct template_options options = {
		.argc = w->options->argc,
		.argv = w->options->argv,
		.shell = w->options->shell,
		.syntax = { .value = "{}", .numbered = true, .several = true },
	};
	struct template *t;
	int rc, status = command_template(&t, &options);

	if (status != STATUS_OK)
		return status;
	status = STATUS_BPOOL_FAILED;
	w->run.template = t;
	w->run.syntax = template_syntax(t);
	rc = stop_create(&w->run.stop, w->options->jobs, &stop, &w->mark,
			 w->fds);
	if (!rc) {
		status = work_spawner(w);
		stop_destroy(w->run.stop);
	}
	template_destroy(t);
	return status;
}

static int work_connected(struct work *w)
{
	int status;

	w->run = (struct run){
		.mark = &w->mark,
		.fds = w->fds,
		.shell = w->options->shell,
		.grace_ms = KILL_MS,
		.timeout = { .ms = w->options->timeout_ms, .of_jobs = true },
		.minds = true,
		.started = workjob_started,
		.starts = PTHREAD_MUTEX_INITIALIZER,
		.waits_told = ATOMIC_FLAG_INIT,
	};
	w->place = (struct workplace){ .bus = &w->bus,
				       .run = &w->run,
				       .terms = &w->terms,
				       .name = w->name };
	starts_init(&w->place.starts, &w->terms);
	if (terms_init(&w->terms, &w->bus, w->options))
		return STATUS_BPOOL_FAILED;
	w->lease_us = terms_class(&w->terms).lease_us;
	status = work_template(w);
	bus_end(&w->bus);
	terms_fini(&w->terms);
	return status;
}

int work_run(struct options *options, struct fds *fds)
{
	struct fds_need need = { .beside = 32, .job = 7 };
	struct work w = { .options = options, .fds = fds };
	unsigned wanted;
	int rc, status;

	if (!options->jobs)
		options->jobs = (unsigned)cpus_usable();
	if (fds_reserve(fds, &need, &options->jobs, &wanted)) {
		say("-j: %u descriptors are needed (see ulimit -n)", wanted);
		return STATUS_BPOOL_FAILED;
	}
	mark_init(&w.mark);
	work_name(&w);
	rc = work_signals(&w);
	/* The guard, before there are threads: then it may fork. */
	if (!rc)
		rc = guard_create(&w.guard, &w.mark, fds);
	if (rc) {
		say("cannot begin: %s", strerror(-rc));
		return STATUS_BPOOL_FAILED;
	}
	orphans_adopt();
	work_clear_environment(options);
	if (bus_open(&w.bus, options->url, options->stream,
		     &options->identity)) {
		guard_destroy(&w.guard);
		return STATUS_BPOOL_FAILED;
	}
	status = work_connected(&w);
	bus_close(&w.bus);
	guard_destroy(&w.guard);
	return status;
}
