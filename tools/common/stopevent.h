/* SPDX-License-Identifier: MIT */
/* What the thread of stopper.c tells of. */
#ifndef STOPEVENT_H
#define STOPEVENT_H

enum stop_event {
	STOP_LATE,     /* the deadline has passed */
	STOP_SUSPENDS, /* bpool is about to be suspended */
	STOP_RESUMES,  /* ... and goes on */
	STOP_DIES      /* it is about to die of a signal */
};

typedef void stop_listener(void *user, enum stop_event event);

#endif
