# SPDX-License-Identifier: MIT
# A clock that is set moves no deadline: the library asks CLOCK_MONOTONIC alone,
# and calls nothing that goes by another.
set -eu
nm -u "$BUILD/libboundpool.a" >undefined
grep -q pthread_create undefined
! grep -E ' (sem_timedwait|pthread_mutex_timedlock|gettimeofday|time|nanosleep|pthread_cond_clockwait|timespec_get)(@|$)' undefined || exit 1
grep -ho 'CLOCK_[A-Z_]*' "$SRC"/lib/*.c "$SRC"/lib/*.h | sort | uniq >clocks
grep -v -x -e CLOCK_H -e CLOCK_MONOTONIC -e CLOCK_REALTIME clocks && exit 1
# A comment in lib/sem.h says why not; and events have the time of day.
[ "$(grep -l CLOCK_REALTIME "$SRC"/lib/*)" = "$SRC/lib/sem.h
$SRC/lib/trace.c" ]
[ "$(grep -c CLOCK_REALTIME "$SRC/lib/sem.h")" = 1 ]
[ "$(grep -c CLOCK_REALTIME "$SRC/lib/trace.c")" = 1 ]
grep -q 'clock_gettime(CLOCK_REALTIME, &now)' "$SRC/lib/trace.c"
# Condition variables, where libc has no sem_clockwait, are told the clock.
! grep -q pthread_cond_timedwait "$SRC/lib/sem.c" ||
	grep -q 'pthread_condattr_setclock(&attr, CLOCK_MONOTONIC)' "$SRC/lib/sem.c"
