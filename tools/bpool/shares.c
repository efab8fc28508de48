/* SPDX-License-Identifier: MIT */
/* The limits of a run.  See shares.h. */
#include "shares.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "message.h"

#define SHARES_AGAIN_MS 1000 /* after an error */

static int shares_compare(const void *a, const void *b)
{
	const struct limit *one = a, *other = b;

	return strcmp(one->name, other->name);
}

int shares_init(struct shares *shares, const struct limit *wanted, size_t n,
		unsigned workers, int stop_fd)
{
	size_t i, of = n * workers;
	int rc = 0;

	*shares = (struct shares){ .stop_fd = stop_fd, .n = n };
	if (!n)
		return 0;
	shares->wanted = malloc(n * sizeof(*wanted));
	shares->semaphores = calloc(of, sizeof(*shares->semaphores));
	if (!shares->wanted || !shares->semaphores) {
		say("--limit: %s", strerror(ENOMEM));
		shares_fini(shares);
		return -ENOMEM;
	}
	memcpy(shares->wanted, wanted, n * sizeof(*wanted));
	/* All take them in this order, so that no two wait for each other. */
	qsort(shares->wanted, n, sizeof(*wanted), shares_compare);
	for (i = 0; !rc && i < of; i++) {
		const struct limit *limit = &shares->wanted[i % n];

		rc = semaphore_open(&shares->semaphores[i], limit->name,
				    limit->slots, stop_fd);
		shares->opened += !rc;
	}
	if (rc)
		shares_fini(shares);
	return rc;
}

void shares_fini(struct shares *shares)
{
	while (shares->opened)
		semaphore_close(&shares->semaphores[--shares->opened]);
	free(shares->semaphores);
	free(shares->wanted);
}

/*
 * One of them; false: stopped.  An error is the kernel's, which has no memory
 * for a lock, or the disk's: it may go, and no job runs without its slot.
 */
static bool shares_take_one(struct shares *shares, size_t i,
			    struct semaphore *sem)
{
	struct pollfd stop = { .fd = shares->stop_fd, .events = POLLIN };
	char shown[200];
	int rc;

	while ((rc = semaphore_wait(sem, shares->stop_fd)) != 0) {
		if (rc == -ECANCELED)
			return false;
		if (!shares->failing)
			say("semaphore %s: %s; trying again",
			    escaped(shown, sizeof(shown),
				    shares->wanted[i].name),
			    strerror(-rc));
		shares->failing = true;
		if (poll(&stop, 1, SHARES_AGAIN_MS) > 0)
			return false;
	}
	shares->failing = false;
	return true;
}

bool shares_take(struct shares *shares, unsigned worker)
{
	struct semaphore *own = shares->semaphores + worker * shares->n;
	size_t i;

	for (i = 0; i < shares->n; i++) {
		if (shares_take_one(shares, i, &own[i]))
			continue;
		while (i)
			semaphore_leave(&own[--i]);
		return false;
	}
	return true;
}

void shares_leave(struct shares *shares, unsigned worker)
{
	struct semaphore *own = shares->semaphores + worker * shares->n;
	size_t i = shares->n;

	while (i)
		semaphore_leave(&own[--i]);
}
