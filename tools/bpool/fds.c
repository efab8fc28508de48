/* SPDX-License-Identifier: MIT */
/* Standard descriptors and the limit on descriptors. */
#include "fds.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

/* What a job takes at most: two pipes while it starts, a pidfd, a script. */
#define FDS_A_JOB 6u

/* The rest: 0-2, input, spool and index, eventfds, /proc; and some air. */
#define FDS_BESIDE 40u

int fds_init(struct fds *fds)
{
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
	for (fds->spare = 9; fds->spare > 2; fds->spare--)
		if (fcntl(fds->spare, F_GETFD) < 0)
			return 0;
	fds->spare = -1;
	return 0;
}

/* The lowest free numbers, which are never higher than before. */
static void fds_keep(struct fds *fds)
{
	int i;

	for (i = 0; i < 2; i++)
		if (fds->kept[i] < 0)
			fds->kept[i] = open("/dev/null", O_RDONLY | O_CLOEXEC);
}

static void fds_give(struct fds *fds)
{
	int i;

	for (i = 0; i < 2; i++) {
		if (fds->kept[i] >= 0)
			close(fds->kept[i]);
		fds->kept[i] = -1;
	}
}

unsigned fds_reserve(struct fds *fds, unsigned jobs, unsigned more)
{
	rlim_t each = FDS_A_JOB + more;
	rlim_t need = (rlim_t)jobs * each + FDS_BESIDE;
	rlim_t have;

	if (getrlimit(RLIMIT_NOFILE, &fds->theirs))
		return jobs;
	fds->ours = fds->theirs;
	have = fds->theirs.rlim_cur;
	if (have < need && fds->theirs.rlim_max > have) {
		fds->ours.rlim_cur = need < fds->theirs.rlim_max
					     ? need
					     : fds->theirs.rlim_max;
		if (setrlimit(RLIMIT_NOFILE, &fds->ours) == 0) {
			fds->raised = true;
			fds_keep(fds);
			have = fds->ours.rlim_cur;
		}
	}
	if (have >= need)
		return jobs;
	if (have < FDS_BESIDE + each)
		return 1;
	return (unsigned)((have - FDS_BESIDE) / each);
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
