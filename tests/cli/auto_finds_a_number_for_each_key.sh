# SPDX-License-Identifier: MIT
# With keys -j auto looks for the number of each: one that is refused slows down
# no other.
set -eu
{
	for i in 1 2 3 4 5 6 7 8; do
		echo "bad $i"
	done
	for i in 1 2 3 4; do
		echo "good $i"
	done
} >in
# All that are good run beside each other, after the bad have been refused.
"$BPOOL" -j auto:12 -a in -C ' ' --key '{1}' --backoff 10ms --summary '
	if [ {1} = bad ]; then
		[ -e met ] || { touch was; exit 75; }
	else
		until [ -s refused ]; do sleep 0.05; done
		echo {2} >>in.good
		until [ "$(wc -l <in.good)" = 4 ]; do sleep 0.05; done
		touch met
	fi' 2>err &
pid=$!
until [ -e was ]; do sleep 0.05; done
# For more refusals.
sleep 0.5
echo yes >refused
wait $pid
grep ' 0 failed' err
grep -E ', [1-9][0-9]* after a refusal' err
# Each finds its own; what all have together nobody looked for.
if grep 'j auto' err; then
	exit 1
fi
