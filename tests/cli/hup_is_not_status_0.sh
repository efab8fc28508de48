# SPDX-License-Identifier: MIT
# When the terminal is closed, the jobs that were not run are not forgotten: no
# status says that all went well.  While jobs run and others wait; while the
# input waits; when the last one runs.  A job takes it, says so and succeeds.
set -eu
cat >job <<'S'
trap 'echo stopped; exit 0' HUP
: >"ready.$1"
while :; do sleep 0.01; done
S
started() {
	until [ -e ready.1 ]; do sleep 0.01; done
	rm ready.1
}
ended() { # PID
	rc=0
	wait $1 || rc=$?
	[ $rc = 129 ] || { echo "status $rc"; exit 1; }
}
for how in -k -u --line-buffer; do
	seq 20 | sed '1!s/.*/touch new/; 1s/^/sh job /' >in
	"$BPOOL" $how -j1 <in >out 2>err &
	started
	kill -HUP $!
	ended $!
	[ ! -e new ]
	echo stopped | cmp - out

	rm -f lines
	mkfifo lines
	"$BPOOL" $how -j2 -a lines >out 2>err &
	bpool=$!
	exec 3>lines
	echo 'sh job 1' >&3
	started
	kill -HUP $bpool
	ended $bpool
	exec 3>&-

	echo 'sh job 1' >in
	"$BPOOL" $how -j2 <in >out 2>err &
	started
	kill -HUP $!
	ended $!
done
