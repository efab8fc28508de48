/* SPDX-License-Identifier: MIT */
#include "orphans.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>

/* Linux: of the calling thread's own children alone.  Not in every header. */
#ifndef __WNOTHREAD
#define __WNOTHREAD 0x20000000
#endif

void orphans_adopt(void)
{
	(void)prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
}

void orphans_reap(void)
{
	siginfo_t info;

	/*
	 * The kernel hands orphans to the first thread, and jobs are children
	 * of the workers that started them: none is taken from its worker.
	 */
	do {
		info.si_pid = 0;
	} while (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | __WNOTHREAD) ==
			 0 &&
		 info.si_pid);
}
