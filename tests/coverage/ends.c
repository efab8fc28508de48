/* SPDX-License-Identifier: MIT */
/*
 * For make coverage alone: counters are written by exit(3) only, so here they
 * are written too where a program ends in another way, or may.  The linker
 * puts these functions in front of libc's (--wrap).  Before an exec gcc does
 * it itself; what SIGKILL ends is lost.
 */
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

/* Of libgcov. */
void __gcov_dump(void);
void __gcov_reset(void);

_Noreturn void __real__exit(int status);
_Noreturn void __wrap__exit(int status);
_Noreturn void __real_abort(void);
_Noreturn void __wrap_abort(void);
int __real_kill(pid_t pid, int sig);
int __wrap_kill(pid_t pid, int sig);

void __wrap__exit(int status)
{
	__gcov_dump();
	__real__exit(status);
}

void __wrap_abort(void)
{
	__gcov_dump();
	__real_abort();
}

/* It may end itself, or go on, and write the rest then. */
int __wrap_kill(pid_t pid, int sig)
{
	if (sig && (pid == 0 || pid == getpid())) {
		__gcov_dump();
		__gcov_reset();
	}
	return __real_kill(pid, sig);
}
