/* SPDX-License-Identifier: MIT */
/* Slots that processes share.  See semaphore.h. */
#include "semaphore.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "io.h"
#include "limit.h"
#include "message.h"
#include "ownfile.h"

/* The bytes that are locked.  But for the first they are past the text. */
#define TEXT 0
#define USERS ((off_t)1 << 16)
#define SLOTS ((off_t)1 << 20)
#define LINE ((off_t)1 << 32)

#define TICKET_MAX ((uint64_t)1 << 60)

/* Between two looks: an eighth of the time that it has waited. */
#define NAP_LEAST_MS 1
#define NAP_MOST_MS 50

/* ---- Locks --------------------------------------------------------------- */

static struct flock lock_of(short type, off_t start, off_t len)
{
	return (struct flock){
		.l_type = type,
		.l_whence = SEEK_SET,
		.l_start = start,
		.l_len = len,
	};
}

/* 0, -EAGAIN where another's lock is in the way, or what fcntl(2) says. */
static int lock_try(int fd, short type, off_t start, off_t len)
{
	struct flock lock = lock_of(type, start, len);

	if (fcntl(fd, F_OFD_SETLK, &lock) == 0)
		return 0;
	return errno == EACCES ? -EAGAIN : -errno;
}

/* What is unlocked is whole locks, which the kernel can do without memory. */
static void lock_drop(int fd, off_t start, off_t len)
{
	(void)lock_try(fd, F_UNLCK, start, len);
}

/* Sleep for a while that grows; -ECANCELED because of stop_fd. */
static int lock_nap(int64_t since_ms, int stop_fd)
{
	struct pollfd stop = { .fd = stop_fd, .events = POLLIN };
	int64_t ms = (now_ms() - since_ms) / 8;

	if (ms < NAP_LEAST_MS)
		ms = NAP_LEAST_MS;
	if (ms > NAP_MOST_MS)
		ms = NAP_MOST_MS;
	return poll(&stop, 1, (int)ms) > 0 ? -ECANCELED : 0;
}

static int lock_wait(int fd, short type, off_t start, off_t len, int stop_fd)
{
	struct flock lock = lock_of(type, start, len);
	int64_t since = now_ms();
	int rc;

	if (stop_fd < 0) {
		do {
			rc = fcntl(fd, F_OFD_SETLKW, &lock) ? -errno : 0;
		} while (rc == -EINTR);
		return rc;
	}
	while ((rc = lock_try(fd, type, start, len)) == -EAGAIN) {
		rc = lock_nap(since, stop_fd);
		if (rc)
			break;
	}
	return rc;
}

/* ---- The text ------------------------------------------------------------- */

#define TEXT_FORMAT "bpool semaphore: %10u slots, next ticket %20" PRIu64 "\n"

/* 0; -EBADMSG where it is none of ours; or an error of pread(2). */
static int text_read(int fd, unsigned *slots, uint64_t *ticket)
{
	char text[128];
	ssize_t len = pread(fd, text, sizeof(text) - 1, 0);
	uint64_t next = 0;
	unsigned n = 0;

	if (len < 0)
		return -errno;
	text[len] = '\0';
	if (sscanf(text, "bpool semaphore: %u slots, next ticket %" SCNu64, &n,
		   &next) != 2 ||
	    n > LIMIT_SLOTS_MAX || next > TICKET_MAX)
		return -EBADMSG;
	*slots = n;
	*ticket = next;
	return 0;
}

/* It has the same length each time. */
static int text_write(int fd, unsigned slots, uint64_t ticket)
{
	char text[128];
	int len = snprintf(text, sizeof(text), TEXT_FORMAT, slots, ticket);

	return pwrite_all(fd, text, (size_t)len, 0);
}

/* ---- Users ------------------------------------------------------------------ */

/*
 * Be a user, with the text locked, so that nobody else tries to be the only
 * one.  -EBUSY, and the number of the others' slots.
 */
static int users_enter(const struct semaphore *sem, unsigned *theirs)
{
	uint64_t ticket;
	int rc = lock_try(sem->fd, F_WRLCK, USERS, 1);

	if (!rc) {
		rc = text_write(sem->fd, sem->slots, 0);
		/* From exclusive to shared there is no moment of neither. */
		return rc ? rc : lock_try(sem->fd, F_RDLCK, USERS, 1);
	}
	if (rc == -EAGAIN)
		rc = lock_try(sem->fd, F_RDLCK, USERS, 1);
	if (!rc)
		rc = text_read(sem->fd, theirs, &ticket);
	return !rc && *theirs != sem->slots ? -EBUSY : rc;
}

int semaphore_open(struct semaphore *sem, const char *name, unsigned slots,
		   int stop_fd)
{
	char shown[200];
	unsigned theirs = 0;
	int rc, fd = ownfile_open(name);

	if (fd < 0)
		return fd;
	*sem = (struct semaphore){ .fd = fd, .slots = slots };
	rc = lock_wait(fd, F_WRLCK, TEXT, 1, stop_fd);
	if (!rc) {
		rc = users_enter(sem, &theirs);
		lock_drop(fd, TEXT, 1);
	}
	if (!rc)
		return 0;
	(void)escaped(shown, sizeof(shown), name);
	if (rc == -EBUSY)
		say("semaphore %s: in use with %u slots, not %u", shown, theirs,
		    slots);
	else if (rc == -EBADMSG)
		say("semaphore %s: its file was overwritten", shown);
	else if (rc != -ECANCELED)
		say("semaphore %s: %s", shown, strerror(-rc));
	semaphore_close(sem);
	return rc;
}

void semaphore_close(struct semaphore *sem)
{
	/* A process that is just being started has a copy for a moment. */
	lock_drop(sem->fd, 0, 0);
	close(sem->fd);
	sem->fd = -1;
}

/* ---- The line ---------------------------------------------------------------- */

/*
 * Draw a ticket and lock its byte.  If the text does not count right (it was
 * restored from somewhere), tickets that others have are passed over.
 */
static int line_enter(const struct semaphore *sem, uint64_t *ticket,
		      int stop_fd)
{
	unsigned slots;
	int rc = lock_wait(sem->fd, F_WRLCK, TEXT, 1, stop_fd);

	if (rc)
		return rc;
	rc = text_read(sem->fd, &slots, ticket);
	if (!rc) {
		while ((rc = lock_try(sem->fd, F_WRLCK, LINE + (off_t)*ticket,
				      1)) == -EAGAIN)
			++*ticket;
	}
	if (!rc)
		rc = text_write(sem->fd, sem->slots, *ticket + 1);
	lock_drop(sem->fd, TEXT, 1);
	return rc;
}

/*
 * Sleep until nobody is before this one.  First for the one just before: so
 * each that goes wakes one.  That one may have gone before its turn; then for
 * all the others.
 */
static int line_wait(const struct semaphore *sem, uint64_t ticket, int stop_fd)
{
	off_t before = (off_t)ticket;
	int rc = 0;

	if (before)
		rc = lock_wait(sem->fd, F_RDLCK, LINE + before - 1, 1, stop_fd);
	if (!rc && before)
		rc = lock_wait(sem->fd, F_RDLCK, LINE, before, stop_fd);
	return rc;
}

/* The first that is free; -EAGAIN: none is. */
static int slots_try(const struct semaphore *sem)
{
	int rc = -EAGAIN;
	unsigned i;

	for (i = 0; i < sem->slots && rc == -EAGAIN; i++)
		rc = lock_try(sem->fd, F_WRLCK, SLOTS + (off_t)i, 1);
	return rc;
}

static int slots_wait(const struct semaphore *sem, int stop_fd)
{
	int64_t since = now_ms();
	int rc;

	/* Where there is one only, it can be slept for. */
	if (sem->slots == 1)
		return lock_wait(sem->fd, F_WRLCK, SLOTS, 1, stop_fd);
	while ((rc = slots_try(sem)) == -EAGAIN) {
		rc = lock_nap(since, stop_fd);
		if (rc)
			break;
	}
	return rc;
}

int semaphore_wait(struct semaphore *sem, int stop_fd)
{
	uint64_t ticket = 0;
	int rc = line_enter(sem, &ticket, stop_fd);

	if (!rc)
		rc = line_wait(sem, ticket, stop_fd);
	if (!rc)
		rc = slots_wait(sem, stop_fd);
	lock_drop(sem->fd, LINE, 0);
	return rc;
}

void semaphore_leave(struct semaphore *sem)
{
	lock_drop(sem->fd, SLOTS, (off_t)sem->slots);
}
