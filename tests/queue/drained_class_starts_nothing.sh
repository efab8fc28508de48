# SPDX-License-Identifier: MIT
# A class that is drained ends what runs and starts nothing, on no worker, not even on
# one that comes, until it is resumed; no job is lost over it, nor an attempt of it.
. "$SRC/tests/queue/common"
server_start
queue 3 --attempts 2
cat >job <<'EOF'
: >>runs/$1.$BPOOL_ATTEMPT
while [ ! -e go ]; do
	sleep 0.02
done
echo $1
EOF
mkdir runs
workers=
for w in 1 2 3; do
	work errors -j4 -- sh "$PWD/job"
	workers="$workers $worker"
done
seq 100 | "$QUEUE" submit --stream S --class c --batch b -q >name
until [ "$(ls runs | wc -l)" = 3 ]; do
	sleep 0.02
done
"$QUEUE" drain --stream S --class c &
drain=$!
until "$QUEUE" status --stream S --json | grep '"drained":true'; do
	sleep 0.05
done
# It waits for those that run.
sleep 0.3
kill -0 $drain
: >go
wait $drain
ran=$(ls runs | wc -l)
[ $ran -lt 100 ]
[ "$(status_of in_flight)" = 0 ]
work errors -j4 -- sh "$PWD/job"
workers="$workers $worker"
until_is workers 4
sleep 1
[ "$(ls runs | wc -l)" = $ran ]
# What is queued meanwhile waits; a second drain has nothing to wait for.
echo 101 | "$QUEUE" submit --stream S --class c --batch more -q >name
"$QUEUE" drain --stream S --class c
[ "$(status_of queued)" = $((101 - ran)) ]
"$QUEUE" resume --stream S --class c
"$QUEUE" results --stream S --batch b --follow -k >out
seq 100 | cmp - out
[ "$("$QUEUE" results --stream S --batch more --follow)" = 101 ]
[ "$(ls runs | wc -l)" = 101 ]
[ "$(ls runs | grep -c '\.1$')" = 101 ]
nothing_wrong errors
rc=0
"$QUEUE" drain --stream S --class none 2>err || rc=$?
[ $rc = 1 ]
grep 'none: no such class' err
kill -TERM $workers
wait $workers
