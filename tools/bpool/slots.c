/* SPDX-License-Identifier: MIT */
#include "slots.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "pace.h"

struct slots {
	struct bpool *pool;
	const struct options *options;
	unsigned workers, now; /* `now` is the thread's */
	int signal_fd, end_fd;
	pthread_t thread;
};

static void slots_change(struct slots *slots, bool more)
{
	struct bpool_limit_options limit =
		pace_of_all(slots->options, slots->workers);

	if (more ? slots->now == slots->workers : slots->now == 1)
		return;
	slots->now += more ? 1 : -1u;
	limit.max_running = slots->now;
	(void)bpool_limit_set(bpool_limit_of(slots->pool), &limit);
}

static void *slots_thread(void *arg)
{
	struct slots *slots = arg;
	struct pollfd fds[] = { { .fd = slots->signal_fd, .events = POLLIN },
				{ .fd = slots->end_fd, .events = POLLIN } };

	for (;;) {
		struct signalfd_siginfo info;

		if (poll(fds, 2, -1) < 0 && errno != EINTR)
			return NULL;
		if (fds[1].revents)
			return NULL;
		if (read(slots->signal_fd, &info, sizeof(info)) ==
		    (ssize_t)sizeof(info))
			slots_change(slots, info.ssi_signo == SIGUSR1);
	}
}

static int slots_open(struct slots *slots, const sigset_t *signals,
		      struct fds *fds)
{
	int error;

	fds_lock(fds);
	slots->signal_fd = signalfd(-1, signals, SFD_CLOEXEC | SFD_NONBLOCK);
	slots->end_fd = eventfd(0, EFD_CLOEXEC);
	error = errno;
	fds_unlock(fds);
	return slots->signal_fd < 0 || slots->end_fd < 0 ? -error : 0;
}

static void slots_free(struct slots *slots)
{
	if (slots->signal_fd >= 0)
		close(slots->signal_fd);
	if (slots->end_fd >= 0)
		close(slots->end_fd);
	free(slots);
}

int slots_create(struct slots **made, const sigset_t *signals,
		 struct bpool *pool, const struct options *options,
		 struct fds *fds)
{
	struct bpool_stats stats = { .size = sizeof(stats) };
	struct slots *slots = malloc(sizeof(*slots));
	int rc;

	*made = NULL;
	if (!slots)
		return -ENOMEM;
	rc = bpool_stats(pool, &stats);
	*slots = (struct slots){ .pool = pool,
				 .options = options,
				 .workers = (unsigned)stats.workers,
				 .now = (unsigned)stats.workers,
				 .signal_fd = -1,
				 .end_fd = -1 };
	if (!rc)
		rc = slots_open(slots, signals, fds);
	if (!rc)
		rc = -pthread_create(&slots->thread, NULL, slots_thread, slots);
	if (rc) {
		slots_free(slots);
		return rc;
	}
	*made = slots;
	return 0;
}

void slots_destroy(struct slots *slots)
{
	const uint64_t one = 1;

	if (!slots)
		return;
	while (write(slots->end_fd, &one, sizeof(one)) < 0 && errno == EINTR)
		;
	pthread_join(slots->thread, NULL);
	slots_free(slots);
}
