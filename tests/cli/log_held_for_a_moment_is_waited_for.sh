# SPDX-License-Identifier: MIT
# What a killed run had just forked has the lock of its log until its program runs:
# the next run waits for that, and is not refused.  (It waits for half a second: where
# the lock was held for longer, as it is now and then on a busy machine, once more.)
set -eu
mkfifo held
for i in 1 2 3 4 5 6 7 8 9 10; do
	rm -f over
	: >log
	python3 - <<'PYTHON' &
import fcntl, struct, time
log = open("log", "r+")
begin = time.monotonic()
fcntl.fcntl(log, fcntl.F_OFD_SETLK,
            struct.pack("hhqqi4x", fcntl.F_WRLCK, 0, 0, 0, 0))
open("held", "w").write("\n")
time.sleep(0.2)
open("over", "w")
log.close()
open("long", "w").write("long\n" if time.monotonic() - begin > 0.4 else "")
PYTHON
	read -r line <held
	rc=0
	"$BPOOL" --joblog log ::: 'test -e over' || rc=$?
	wait $!
	if [ $rc = 0 ]; then
		[ "$(wc -l <log)" = 2 ]
		exit 0
	fi
	[ -s long ]
done
exit 1
