# SPDX-License-Identifier: MIT
# The first signal after --halt now or --deadline is a first one: jobs keep
# their grace, and bpool dies of it; the second kills at once.
set -eu
pending() { # PID MASK
	[ $((0x$(sed -n 's/^ShdPnd:.//p' "/proc/$1/status") & $2)) != 0 ]
}
cat >cleans <<'E2'
trap ': >cleaning; until [ -e go ]; do sleep 0.01; done; : >cleaned; exit 1' TERM
: >ready
while :; do sleep 0.05; done
E2
printf '%s\n' 'sh cleans' 'until [ -e ready ]; do sleep 0.01; done; exit 3' |
	"$BPOOL" -j2 -q --halt now,fail=1 --kill-after 60 &
bpool=$!
until [ -e cleaning ]; do sleep 0.01; done
kill -HUP $bpool
while pending $bpool 1; do sleep 0.01; done
: >go
rc=0
wait $bpool || rc=$?
[ $rc = 129 ]
[ -e cleaned ]

# Also where nobody reads what was printed.
rm cleaning cleaned ready
mkfifo unread
exec 7<>unread
printf '%s\n' 'head -c 300000 /dev/zero' 'sh cleans' |
	"$BPOOL" -j2 --deadline 10 >unread &
bpool=$!
until [ -e cleaned ]; do sleep 0.01; done
kill -HUP $bpool
while pending $bpool 1; do sleep 0.01; done
sleep 0.6
kill -HUP $bpool
rc=0
wait $bpool || rc=$?
[ $rc = 129 ]
