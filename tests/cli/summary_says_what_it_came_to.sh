# SPDX-License-Identifier: MIT
# Jobs, failures, time, how many ran at once, run times, and the first ten
# that failed; also when the run was stopped.
set -eu
cat >met <<'E2'
: >in.$1
while [ $(ls in.* | wc -l) -lt 3 ]; do sleep 0.01; done
E2
rc=0
{
	printf 'sh met %s\n' 1 2 3
	seq 12 | sed 's/^/exit /'
} | "$BPOOL" -q -j3 --summary 2>err || rc=$?
[ $rc = 123 ]
grep -E '^bpool: 15 jobs, 12 failed, in [0-9.]+ s, up to 3 at once$' err
grep -E '^bpool: run times: half within [0-9.]+ s, 95% within [0-9.]+ s, the longest [0-9.]+ s$' err
[ "$(grep -cE '^bpool: job [0-9]+: exit status [0-9]+: exit [0-9]+$' err)" = 10 ]
grep '^bpool: and 2 more that failed$' err
[ "$(wc -l <err)" = 13 ]
rc=0
printf '%s\n' 'true' 'kill -TERM $PPID; sleep 100' |
	"$BPOOL" -j1 --summary 2>err || rc=$?
[ $rc = 143 ]
grep -E '^bpool: 2 jobs, 0 failed, 1 stopped, in ' err
# A line that a job has not ended is ended for it.
"$BPOOL" --summary 'printf torn >&2; : {}' ::: x 2>err
[ "$(sed 's/,.*//' err | head -n 2)" = "torn
bpool: 1 jobs" ]
"$BPOOL" --summary true </dev/null 2>err
[ "$(sed 's/in [0-9.]* s/in T/' err)" = \
	'bpool: 0 jobs, 0 failed, in T, up to 0 at once' ]
# What a stop left is counted where it is known.
command -v python3 >/dev/null || { echo "no python3"; exit 77; }
rc=0
python3 "$SRC/tests/terminal.py" 80 err "$BPOOL" -j1 --summary --color=never \
	--halt soon,fail=1 'until grep -q "0/2 done" bytes; do sleep 0.01; done
	exit 5; : {}' ::: a b || rc=$?
[ $rc = 5 ]
grep '^bpool: 1 jobs, 1 failed, 1 not run, in ' screen
