/* SPDX-License-Identifier: MIT */
/* Standard descriptors and the limit on descriptors. */
#include "fds.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

/* What several jobs leave free. */
#define FDS_AIR 16u

#define SPARE_MOST 1024

/* A number that the caller has not open, of one digit if there is one: shells
 * need to take no others after >&.  -1: none. */
static int fds_spare(rlim_t limit)
{
	int fd;

	for (fd = 9; fd > 2; fd--)
		if ((rlim_t)fd < limit && fcntl(fd, F_GETFD) < 0)
			return fd;
	for (fd = 10; (rlim_t)fd < limit && fd < SPARE_MOST; fd++)
		if (fcntl(fd, F_GETFD) < 0)
			return fd;
	return -1;
}

int fds_init(struct fds *fds)
{
	struct rlimit limit;
	int fd;

	*fds = (struct fds){
		.kept = { -1, -1 },
		.lock = PTHREAD_MUTEX_INITIALIZER,
	};
	for (fd = 0; fd <= 2; fd++) {
		/* The wrong way round, so that using it is EBADF. */
		int flags = (fd ? O_RDONLY : O_WRONLY) | O_CLOEXEC;

		if (fcntl(fd, F_GETFD) >= 0)
			continue;
		/* The lowest free number is this one. */
		if (open("/dev/null", flags) < 0)
			return -errno;
	}
	if (getrlimit(RLIMIT_NOFILE, &limit))
		return -errno;
	fds->spare = fds_spare(limit.rlim_cur);
	return 0;
}

/* The lowest free numbers, which are never higher than before. */
static void fds_keep(struct fds *fds)
{
	int i;

	for (i = 0; i < FDS_KEPT; i++)
		if (fds->kept[i] < 0)
			fds->kept[i] = open("/dev/null", O_RDONLY | O_CLOEXEC);
}

static void fds_give(struct fds *fds)
{
	int i;

	for (i = 0; i < FDS_KEPT; i++) {
		if (fds->kept[i] >= 0)
			close(fds->kept[i]);
		fds->kept[i] = -1;
	}
}

/* Raise the limit to `need` or what may be. */
static void fds_raise(struct fds *fds, rlim_t need)
{
	if (fds->theirs.rlim_cur >= need ||
	    fds->theirs.rlim_max <= fds->theirs.rlim_cur)
		return;
	fds->ours.rlim_cur = need < fds->theirs.rlim_max ? need
							 : fds->theirs.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &fds->ours)) {
		fds->ours = fds->theirs;
		return;
	}
	fds->raised = true;
}

/* How many below the limit are open, counted until `need` are not. */
static rlim_t fds_used(rlim_t limit, rlim_t need)
{
	rlim_t fd, used = 0;

	for (fd = 0; fd < limit && fd - used < need; fd++)
		used += fcntl((int)fd, F_GETFD) >= 0;
	return used;
}

int fds_reserve(struct fds *fds, const struct fds_need *need, unsigned *jobs,
		unsigned *wanted)
{
	rlim_t one = need->beside + need->job + FDS_KEPT, used, left;
	rlim_t all = one + FDS_AIR + (rlim_t)(*jobs - 1) * need->job;

	if (getrlimit(RLIMIT_NOFILE, &fds->theirs))
		return 0;
	fds->ours = fds->theirs;
	/* Some may have been opened below a higher limit. */
	fds_raise(fds, fds_used(fds->theirs.rlim_max, all) + all);
	if (!fds->raised)
		one -= FDS_KEPT;
	used = fds_used(fds->ours.rlim_cur, all);
	left = fds->ours.rlim_cur > used ? fds->ours.rlim_cur - used : 0;
	if (left < one) {
		*wanted = (unsigned)(used + one);
		return -EMFILE;
	}
	if (left < all)
		*jobs = left < one + FDS_AIR
				? 1
				: 1 + (unsigned)((left - one - FDS_AIR) /
						 need->job);
	if (fds->raised)
		fds_keep(fds);
	return 0;
}

void fds_lock(struct fds *fds)
{
	if (fds->raised)
		pthread_mutex_lock(&fds->lock);
}

void fds_unlock(struct fds *fds)
{
	if (fds->raised)
		pthread_mutex_unlock(&fds->lock);
}

void fds_lower(struct fds *fds)
{
	if (!fds->raised)
		return;
	fds_give(fds);
	/* Between two values that the system has taken before. */
	(void)setrlimit(RLIMIT_NOFILE, &fds->theirs);
}

void fds_restore(struct fds *fds)
{
	if (!fds->raised)
		return;
	(void)setrlimit(RLIMIT_NOFILE, &fds->ours);
	fds_keep(fds);
}
