# SPDX-License-Identifier: MIT
# It keeps the outputs open, and prints for ever.
set -eu
printf '%s\n' \
	'while sleep 1; do :; done & echo $! >pid; echo done' \
	'yes & echo $! >pid2' | "$BPOOL" -j1 2>err | tail -n 1 >/dev/null
grep . pid pid2
kill "$(cat pid)"
kill "$(cat pid2)" 2>/dev/null || :
# What becomes of them is told, once a job, unless -q; not where nobody holds it.
[ "$(grep -c 'open; when it prints it fails or dies of SIGPIPE' err)" = 2 ]
[ "$(wc -l <err)" = 2 ]
echo 'sleep 600 & echo $! >pid3' | "$BPOOL" -q 2>err
# Nor for long where nothing says whose it is.
echo 'env -i setsid sh -c "echo \$$ >pid6; exec sleep 600" &
until [ -s pid6 ]; do sleep 0.01; done' >in
timeout 60 "$BPOOL" -0 -a in 2>cleared
[ "$(grep -c 'open; when it prints it fails or dies of SIGPIPE' cleared)" = 1 ]
kill "$(cat pid6)"
# Of a job that was not over soon, too.
echo 'sleep 0.2; sleep 600 & echo $! >pid5' | "$BPOOL" -q 2>err
kill "$(cat pid5)"
# Once it has let go of the outputs.
echo 'sh -c ": >up; exec sleep 600" >file 2>&1 & echo $! >pid4
until [ -e up ]; do sleep 0.01; done' >in
"$BPOOL" -0 -a in 2>>err
[ ! -s err ]
kill "$(cat pid3)" "$(cat pid4)"
# And it is so: nobody stops who is left behind, and nobody reads what he prints.
cat >late <<'E'
(
	until [ -e over ]; do sleep 0.05; done
	rc=0
	env printf late 2>/dev/null || rc=$?
	echo $rc >status
) &
E
echo 'sh ./late' | "$BPOOL" -q >out
touch over
until [ -s status ]; do sleep 0.05; done
[ "$(cat status)" = 141 ]
[ ! -s out ]
