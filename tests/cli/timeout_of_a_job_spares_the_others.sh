# SPDX-License-Identifier: MIT
# What another job of the run left behind lives on, and so does what a job
# that ended well left, after the run too.
set -eu
. "$SRC/tests/process.sh"
trap 'kill -KILL $(cat ./*.pid) 2>/dev/null || :' EXIT
cat >daemon <<'E2'
setsid sh -c 'echo $$ >daemon.pid; exec sleep 1000' >/dev/null 2>&1 &
until [ -s daemon.pid ]; do sleep 0.01; done
E2
printf '%s\n' 'sh daemon' \
	'until [ -s daemon.pid ]; do sleep 0.01; done; sleep 100' >in
rc=0
"$BPOOL" -j2 --timeout 10 --kill-after 0.3 <in 2>err || rc=$?
[ $rc = 123 ]
grep 'line 2: timed out' err
alive "$(cat daemon.pid)"
