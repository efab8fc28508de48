# SPDX-License-Identifier: MIT
# What a killed run had just forked has the lock of its log until its program runs:
# the next run waits for that, and is not refused.
set -eu
mkfifo held
: >log
python3 - <<'PYTHON' &
import fcntl, struct, time
log = open("log", "r+")
fcntl.fcntl(log, fcntl.F_OFD_SETLK,
            struct.pack("hhqqi4x", fcntl.F_WRLCK, 0, 0, 0, 0))
open("held", "w").write("\n")
time.sleep(0.2)
open("over", "w")
PYTHON
read -r line <held
"$BPOOL" --joblog log ::: 'test -e over'
wait $!
[ "$(wc -l <log)" = 2 ]
