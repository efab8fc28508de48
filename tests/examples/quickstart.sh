#!/bin/sh
# SPDX-License-Identifier: MIT
# The quickstart: results in order, the error of a file that is not there,
# and five files at once, the sixth not before one of them is done.
set -u
quickstart=$BUILD/examples/quickstart

die() {
	echo "quickstart: $*" >&2
	exit 1
}

printf 'a\nb\nc\n' >three
: >none
"$quickstart" three none three >out || die "exit status $? for good files"
printf 'three: 3\nnone: 0\nthree: 3\n' | cmp - out || die "wrong results"

"$quickstart" three missing none >out
[ $? -eq 1 ] || die "a missing file is not exit status 1"
printf 'three: 3\nmissing: -2\nnone: 0\n' | cmp - out || die "wrong results"

# A fifo opens for writing once somebody reads it: when all five are open,
# five jobs are running, and they run until the writer closes.  dd does not
# wait: it is refused where nobody reads.
mkfifo 1 2 3 4 5 6 || die "cannot make fifos"
cat >five <<'END'
"$1" 1 2 3 4 5 6 >out &
job=$!
trap 'kill $job 2>/dev/null' EXIT
trap 'exit 1' TERM
exec 3>5 4>4 5>3 6>2 7>1
read_now() {
	dd if=/dev/null of=$1 oflag=nonblock conv=notrunc 2>/dev/null
}
read_now 5 || { echo "the check itself does not work" >&2; exit 2; }
read_now 6 && { echo "six at once" >&2; exit 3; }
printf 'x\nx\n' >&5
exec 3>&- 4>&- 5>&- 6>&- 7>&-
exec 3>6
echo x >&3
exec 3>&-
wait $job
END
timeout 60 sh five "$quickstart" || die "five files at once: status $?"
printf '1: 0\n2: 0\n3: 2\n4: 0\n5: 0\n6: 1\n' | cmp - out ||
	die "wrong results of fifos"
