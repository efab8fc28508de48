/* SPDX-License-Identifier: MIT */
/*
 * Before each file of lib/, unchanged: how often its lock is taken and how long it
 * is held, counted under it.  held.c has the counts.
 */
#ifndef HELD_H
#define HELD_H

#include <pthread.h>

int held_trylock(pthread_mutex_t *lock);
int held_lock(pthread_mutex_t *lock);
int held_unlock(pthread_mutex_t *lock);

#define pthread_mutex_trylock held_trylock
#define pthread_mutex_lock held_lock
#define pthread_mutex_unlock held_unlock

#endif
