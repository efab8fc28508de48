/* SPDX-License-Identifier: MIT */
/* --sem: a command in a slot of a semaphore, in bpool's own place. */
#ifndef BECOME_H
#define BECOME_H

/*
 * Sleep until there is a slot of the semaphore `name`, and execute the words
 * of `argv`.  What is executed holds the slot, and with it whom it starts.
 * Does not return where that succeeds; else what is wrong has been said, and
 * this is the exit status.
 */
int become(const char *name, unsigned slots, char **argv);

#endif
