/* SPDX-License-Identifier: MIT */
/*
 * queue_worker STREAM CLASS SLOTS MICROSECONDS RESULTS: a worker of bpool-queue that
 * starts no process: a job is to sleep for so long (0: nothing), and its result is
 * stored or not (1, 0).  At TERM it prints how many it had, when the first began and
 * when the last ended, in seconds since 1970.
 *
 * queue_worker STREAM CLASS 0 N: queues N jobs, each when the one before has begun, on
 * itself, and prints for each, in microseconds, how long it took to be stored and to
 * begin.
 *
 * The server is $NATS_URL.
 */
#include <boundpool.h>
#include <errno.h>
#include <poll.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "bus.h"
#include "classes.h"
#include "clock.h"
#include "fds.h"
#include "guard.h"
#include "jobmessage.h"
#include "jobresult.h"
#include "mark.h"
#include "puller.h"
#include "spool.h"

/* What is due is looked at so often; a lease is longer than six of them. */
#define TICK_MS 100

struct bench {
	struct options options;
	struct fds fds;
	struct bus bus;
	struct guard guard;
	struct mark mark;
	struct puller puller;
	struct spool spool;
	struct bpool *pool;
	unsigned slots;
	int64_t us;
	bool results;
	sem_t begun;	      /* one more has */
	pthread_mutex_t lock; /* guards what follows */
	uint64_t jobs;
	int64_t first_us, last_us;
};

static void fail(const char *what, int error)
{
	fprintf(stderr, "queue_worker: %s: %s\n", what, strerror(error));
	exit(1);
}

static bool go_on(void *user)
{
	(void)user;
	return true;
}

static void store(struct bench *b, const struct job_message *message)
{
	struct ending ending = { .outcome = OUTCOME_OK, .started = true };
	struct outputs printed = { 0 };
	struct job_result_of of = { .batch = message->batch,
				    .id = message->id,
				    .run = b->mark.run,
				    .worker = "bench",
				    .command = "true",
				    .ending = &ending,
				    .spool = &b->spool,
				    .go_on = go_on };

	if (job_result_store(&b->bus, &of, &printed))
		fail("a result", EIO);
}

static int bench_job(void *arg)
{
	struct delivery *d = arg;
	struct puller *puller = d->leases->user;
	struct bench *b = puller->user;
	int64_t begin_us = wall_us();
	struct job_message message;

	if (!delivery_begin(d) || job_message_read(d->message, &message))
		fail("a job", EINVAL);
	sem_post(&b->begun);
	if (b->us)
		(void)usleep((useconds_t)b->us);
	if (b->results)
		store(b, &message);
	(void)delivery_end(d);
	delivery_close(d, DELIVERY_DONE);
	pthread_mutex_lock(&b->lock);
	if (b->jobs++ == 0 || begin_us < b->first_us)
		b->first_us = begin_us;
	b->last_us = wall_us();
	pthread_mutex_unlock(&b->lock);
	return 0;
}

static void bench_deliver(void *user, struct delivery *d)
{
	struct bench *b = user;

	if (bpool_try_submit(b->pool, bench_job, d))
		fail("the pool", EAGAIN);
}

/* Until TERM comes. */
static void bench_work(struct bench *b, int signal_fd)
{
	struct pollfd in = { .fd = signal_fd, .events = POLLIN };

	do
		puller_tick(&b->puller);
	while (poll(&in, 1, TICK_MS) <= 0);
	printf("%llu %.6f %.6f\n", (unsigned long long)b->jobs,
	       (double)b->first_us / 1e6, (double)b->last_us / 1e6);
}

/* Queue the n-th: how long until it was stored, in microseconds. */
static int64_t bench_queue(struct bench *b, unsigned n)
{
	struct job_message job = { .stream = b->bus.stream,
				   .batch = "latency",
				   .id = { .number = n, .hash = n },
				   .arguments = "",
				   .len = 1,
				   .attempts = 1,
				   .attempt = 1 };
	natsMsg *message = NULL;
	int64_t begin = now_us();

	memcpy(job.class, b->options.class, sizeof(job.class));
	if (job_message_make(&message, "jobs", &job) != NATS_OK ||
	    js_PublishMsg(NULL, b->bus.js, message, NULL, NULL) != NATS_OK)
		fail("a job", EIO);
	natsMsg_Destroy(message);
	return now_us() - begin;
}

static void bench_latency(struct bench *b, unsigned n)
{
	puller_tick(&b->puller);
	for (unsigned i = 1; i <= n; i++) {
		int64_t begin = now_us(), stored_us;

		stored_us = bench_queue(b, i);
		while (sem_wait(&b->begun))
			;
		/* A start that came before the answer is seen after it. */
		printf("%lld %lld\n", (long long)stored_us,
		       (long long)(now_us() - begin));
		puller_tick(&b->puller);
		(void)poll(NULL, 0, 2);
	}
}

static void bench_open(struct bench *b, int argc, char **argv)
{
	static const struct identity nobody;
	const char *url = getenv("NATS_URL");
	jsConsumerInfo *info;
	struct class_terms terms;
	int rc;

	if (argc < 5 || !url)
		fail("usage", EINVAL);
	b->options.stream = argv[1];
	b->options.class_name = argv[2];
	if (token_of(b->options.class, argv[2]))
		fail(argv[2], EINVAL);
	b->slots = (unsigned)strtoul(argv[3], NULL, 10);
	b->us = b->slots ? strtoll(argv[4], NULL, 10) : 0;
	b->results = argc > 5 && strcmp(argv[5], "1") == 0;
	mark_init(&b->mark);
	rc = guard_create(&b->guard, &b->mark, &b->fds);
	if (rc)
		fail("guard", -rc);
	if (spool_init(&b->spool, &b->fds) ||
	    bus_open(&b->bus, url, b->options.stream, &nobody) ||
	    classes_find(&b->bus, &b->options, &info))
		exit(1);
	classes_terms(info, &terms);
	jsConsumerInfo_Destroy(info);
	if (!b->slots)
		b->slots = 1;
	struct bpool_options pool = { .size = sizeof(pool),
				      .workers = b->slots,
				      .max_in_flight = 2 * (size_t)b->slots };
	struct puller_options pull = { .class = b->options.class,
				       .lease_us = terms.lease_us,
				       .slots = b->slots,
				       .bound = terms.bound,
				       .deliver = bench_deliver,
				       .user = b };
	if (bpool_create(&b->pool, &pool) ||
	    puller_init(&b->puller, &b->bus, &b->guard, &pull))
		fail("puller", EIO);
}

int main(int argc, char **argv)
{
	static struct bench b = { .lock = PTHREAD_MUTEX_INITIALIZER };
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	sem_init(&b.begun, 0, 0);
	if (fds_init(&b.fds))
		fail("/dev/null", errno);
	bench_open(&b, argc, argv);
	if (strcmp(argv[3], "0") == 0)
		bench_latency(&b, (unsigned)strtoul(argv[4], NULL, 10));
	else
		bench_work(&b, signalfd(-1, &set, SFD_CLOEXEC));
	puller_close(&b.puller);
	puller_flush(&b.puller);
	while (puller_held(&b.puller) > 0)
		(void)poll(NULL, 0, 1);
	(void)natsConnection_FlushTimeout(b.bus.nc, BUS_WAIT_MS);
	bus_end(&b.bus);
	(void)bpool_destroy(b.pool);
	puller_fini(&b.puller);
	bus_close(&b.bus);
	spool_fini(&b.spool);
	guard_destroy(&b.guard);
	return fflush(stdout) ? 1 : 0;
}
