/* SPDX-License-Identifier: MIT */
/*
 * Probes for tracers (USDT): where sys/sdt.h is there, each is a nop and a note in
 * the library, of which bpftrace and others make a breakpoint while they look.  Their
 * names and arguments are docs/observe.md's; all are passed with the lock held.
 */
#ifndef BP_PROBE_H
#define BP_PROBE_H

#if !defined(BP_NO_PROBES) && defined(__has_include)
#if __has_include(<sys/sdt.h>)
#include <sys/sdt.h>
#define BP_PROBE2(name, a, b) DTRACE_PROBE2(boundpool, name, a, b)
#define BP_PROBE3(name, a, b, c) DTRACE_PROBE3(boundpool, name, a, b, c)
#define BP_PROBE4(name, a, b, c, d) DTRACE_PROBE4(boundpool, name, a, b, c, d)
#endif
#endif

#ifndef BP_PROBE2
#define BP_PROBE2(name, a, b) ((void)0)
#define BP_PROBE3(name, a, b, c) ((void)0)
#define BP_PROBE4(name, a, b, c, d) ((void)0)
#endif

#endif
