/* SPDX-License-Identifier: MIT */
/* The index of outputs that wait for their turn. */
#include "waiting.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "io.h"

/* Bytes passed before they are given back. */
#define WAITING_STEP (UINT64_C(1) << 20)

/* `place` tells an entry from a hole and from one of an earlier use. */
struct entry {
	uint64_t place; /* + 1 */
	struct kept kept;
};

void waiting_init(struct waiting *waiting, struct fds *fds)
{
	*waiting = (struct waiting){ .fds = fds, .fd = -1 };
}

void waiting_fini(struct waiting *waiting)
{
	if (waiting->fd >= 0)
		close(waiting->fd);
	waiting->fd = -1;
}

static off_t entry_at(const struct waiting *waiting, uint64_t place)
{
	return (off_t)((place - waiting->base) * sizeof(struct entry));
}

int waiting_put(struct waiting *waiting, uint64_t turn, uint64_t place,
		const struct kept *kept)
{
	struct entry entry = { place + 1, *kept };
	int rc;

	if (waiting->fd < 0) {
		rc = spool_tempfile(waiting->fds);
		if (rc < 0)
			return rc;
		waiting->fd = rc;
	}
	if (!waiting->n) {
		if (waiting->punched && ftruncate(waiting->fd, 0))
			return -errno;
		waiting->base = turn;
		waiting->punched = 0;
	}
	rc = pwrite_all(waiting->fd, &entry, sizeof(entry),
			entry_at(waiting, place));
	if (rc)
		return rc;
	waiting->n++;
	if (place >= waiting->end)
		waiting->end = place + 1;
	return 0;
}

int waiting_take(struct waiting *waiting, uint64_t place, struct kept *kept)
{
	struct entry entry;
	uint64_t passed;
	ssize_t n;

	if (!waiting->n || place >= waiting->end)
		return 0;
	do {
		n = pread(waiting->fd, &entry, sizeof(entry),
			  entry_at(waiting, place));
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	if ((size_t)n < sizeof(entry) || entry.place != place + 1)
		return 0;
	waiting->n--;
	*kept = entry.kept;
	passed = (uint64_t)entry_at(waiting, place) & ~(WAITING_STEP - 1);
	if (passed > waiting->punched) {
		/* Where this cannot be, the space is kept until the end. */
		(void)fallocate(waiting->fd,
				FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0,
				(off_t)passed);
		waiting->punched = passed;
	}
	return 1;
}
