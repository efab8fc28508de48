/* SPDX-License-Identifier: MIT */
#include "state.h"

#define LOOKS 8
#define PAUSES 50

static inline void pause_cpu(void)
{
#if defined(__x86_64__) || defined(__i386__)
	__builtin_ia32_pause();
#elif defined(__aarch64__) || defined(__arm__)
	__asm__ volatile("yield");
#endif
}

/*
 * Whoever holds the lock holds it for tens of nanoseconds, with the pool's
 * cache lines in its core.  Fetching those costs more than the work under the
 * lock, so two threads that take turns job by job are slower than one alone.
 * Standing back for a microsecond or two lets the other do a run of jobs out
 * of its own cache; going to sleep at once would cost two system calls.
 * Not often, for the holder may be without a CPU, which whoever stands back
 * keeps from it; with many more threads than CPUs that is the rule.
 */
void bp_pool_lock_contended(struct bpool *pool)
{
	for (int look = 0; look < LOOKS; look++) {
		for (int i = 0; i < PAUSES; i++)
			pause_cpu();
		if (pthread_mutex_trylock(&pool->lock) == 0)
			return;
	}
	BP_BUG_ON(pthread_mutex_lock(&pool->lock) != 0);
}
