# SPDX-License-Identifier: MIT
# With few descriptors all jobs run, one after the other; with fewer none does,
# at once.  How many the message says is just enough.
set -eu
name=test-$$
trap 'rm -f "/tmp/bpool-$(id -u)/$name"' EXIT
seq 3 >in

# run DESCRIPTORS OPTION...
run() {
	rm -rf log results events
	(
		ulimit -n "$1"
		shift
		exec "$BPOOL" -j50 -q "$@" echo
	) <in >out 2>err
}

# fits OPTION...
fits() {
	rc=0
	run 12 "$@" || rc=$?
	[ $rc = 1 ]
	[ ! -s out ]
	[ ! -e log ]
	[ ! -e results ]
	[ "$(wc -l <err)" = 1 ]
	n=$(sed -n 's/^bpool: no room for a job: \([0-9]*\) desc.*/\1/p' err)
	rc=0
	run $((n - 1)) "$@" || rc=$?
	[ $rc = 1 ]
	grep "^bpool: no room for a job: $n descriptors are needed" err
	run "$n" "$@"
	sort out | cmp in -
	[ ! -s err ]
}

all="--results results --joblog log --events events --limit $name=30"
for how in '' -k -u --retries=2 '--key {} --per-key 2' '--joblog log' \
	'--results results' '--events events' "--limit $name=30" \
	'--joblog log --resume' "-k --retries 2 --key {} --per-key 2 $all"; do
	echo "with: $how"
	fits $how
	# Those that are open already count.
	fits $how 3<in 4<in 7<in
done
