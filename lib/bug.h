/* SPDX-License-Identifier: MIT */
/*
 * Invariants of our own, checked in every build.  A broken one, or a lock
 * that fails where it cannot, stops the process: going on would lose jobs.
 */
#ifndef BP_BUG_H
#define BP_BUG_H

/* Say what broke on stderr and abort. */
_Noreturn void bp_bug(const char *what, const char *file, int line);

#define BP_BUG_ON(broken)                                                      \
	do {                                                                   \
		if (__builtin_expect(!!(broken), 0))                           \
			bp_bug(#broken, __FILE__, __LINE__);                   \
	} while (0)

#endif
