# SPDX-License-Identifier: MIT
# What has been let in by the limits, and then waits for --delay, another run or
# a token, starts neither in a pause that came meanwhile nor faster than the rate.
set -eu
name=test-$$
trap 'rm -f "/tmp/bpool-$(id -u)/$name".?' EXIT
# paused OPTION...: after the refusal of the first nobody before the time that it
# was told.
paused() {
	rm -f at first
	seq 2 | "$BPOOL" -j2 --retries 1 "$@" '
		date +%s%N | cut -c1-13 >>at
		if mkdir first 2>/dev/null; then
			date +%s%N | cut -c1-13 >>refused
			echo retry-after 12 >&$BPOOL_FEEDBACK
			exit 1
		fi; : {}'
	[ "$(wc -l <at)" = 3 ]
	rmdir first
	awk 'NR == FNR { told = $1; next }
		FNR > 1 && $1 < told + 12000 { print "early by", told + 12000 - $1; bad = 1 }
		END { exit bad }' refused at
	rm refused
}
paused --delay 10s
paused --limit "$name.p=1"
paused --jobserver=pipe --delay 10s
# As many as wait there come at once when it opens: not faster than the rate.
seq 5 | "$BPOOL" -j5 --limit="$name.b=5" 'touch in.{}
	until [ -e met ]; do sleep 0.05; done' &
for i in 1 2 3 4 5; do
	until [ -e in.$i ]; do sleep 0.05; done
done
seq 5 | "$BPOOL" -j5 --limit="$name.b=5" --rate 4/s --joblog log true &
sleep 2
touch met
wait
# Four are let go in the second that begins with the first of them.
awk -F'\t' '$3 + 0 > 0 { print $3 }' log | sort -n |
	awk '{ last = $1 } NR == 1 { first = $1 }
		END { exit !(NR == 5 && last - first >= 0.5) }'
