/* SPDX-License-Identifier: MIT */
/*
 * So many slots that all processes of this user share under a name.
 *
 * They are locks on bytes of a file of that name (see ownfile.h), whose text
 * says how many there are.  The locks belong to an open file description
 * (F_OFD_SETLK), not to a process: one is held until the last descriptor of its
 * open() is closed.  So whatever becomes of a process, the kernel gives back
 * what it held; and whom it left its descriptor holds on.
 *
 *	TEXT		exclusive: reads or changes the text
 *	USERS		shared: waits, holds, or is about to; exclusive: is the
 *			only one, and may change the number of slots
 *	SLOTS + i	exclusive: has the i-th slot
 *	LINE + t	exclusive: is in line with ticket t
 *	LINE .. + t - 1	shared: is next
 *
 * Who wants a slot draws a ticket, which the text counts, locks its byte, and
 * waits until all bytes before that can be locked: all who came earlier have
 * a slot then, or have gone.  The one at the head of the line looks for a
 * free slot; the others sleep.  So slots go to those who wait in the order in
 * which they drew tickets, exactly, and to nobody else.
 *
 * Lost: one lock that all but the head wait for.  The kernel wakes who waits
 * for it and leaves it free meanwhile, so that a newcomer may pass; and who
 * cannot sleep in the kernel, because something else may end the wait, would
 * find it free only by luck.
 */
#ifndef SEMAPHORE_H
#define SEMAPHORE_H

#include <stdint.h>

/* One that may wait and hold a slot; one thread's at a time. */
struct semaphore {
	int fd; /* -1: not open; what inherits it holds what this holds */
	unsigned slots;
};

/*
 * Where a function takes a `stop_fd`, it sleeps until that becomes readable,
 * and looks at the locks now and then; with -1 it sleeps in the kernel, until
 * a signal ends the process.  Both wait in the same line.
 */

/*
 * Become a user of the semaphore `name`, which has `slots` slots from then on
 * if there is no other user.  0, or negative errno, which has been said:
 *
 * -EBUSY       others use it, with another number of slots
 * -ECANCELED   because of stop_fd; nothing was said
 * others       the file cannot be made, is not to be trusted, or the like
 */
int semaphore_open(struct semaphore *sem, const char *name, unsigned slots,
		   int stop_fd);
void semaphore_close(struct semaphore *sem);

/*
 * Sleep until it is this one's turn and there is a slot, and take it.
 *
 * -ECANCELED   because of stop_fd
 * others       the file cannot be read, or locked: the kernel has no memory
 */
int semaphore_wait(struct semaphore *sem, int stop_fd);

/* Give the slot back. */
void semaphore_leave(struct semaphore *sem);

#endif
