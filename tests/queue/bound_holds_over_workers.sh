# SPDX-License-Identifier: MIT
# Three workers of eight slots run five at once, as the class has it, and all of them
# where it has a thousand: so it is the server that holds the bound.
. "$SRC/tests/queue/common"
server_start

# Jobs wait for each other, until so many have met.
cat >job <<'EOF'
: >met.$2/$1
until [ -e met.$2/all ]; do
	if [ "$(ls met.$2 | wc -l)" -ge $3 ]; then
		: >met.$2/all
	fi
	sleep 0.02
done
sleep 0.05
echo $1
EOF
# run N MEET: the peak of 150 jobs goes to $most.
run() {
	mkdir met.$1
	queue "$1"
	workers=
	for i in 1 2 3; do
		work errors -j8 --events events.$i -- sh "$PWD/job" {} $1 $2
		workers="$workers $worker"
	done
	until_is workers 3
	seq 150 | "$QUEUE" submit --stream S --class c --wait -q >out
	kill -TERM $workers
	for pid in $workers; do
		wait "$pid"
	done
	sort -n out | cmp - expected
	most=$(peak events.1 events.2 events.3)
	nothing_wrong errors
}
seq 150 >expected
run 5 5
[ "$most" = 5 ]
run 1000 24
[ "$most" = 24 ]
[ "$(status_of in_flight)" = 0 ]
[ "$(status_of queued)" = 0 ]
