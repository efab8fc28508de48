# SPDX-License-Identifier: MIT
# --sem and the jobs of runs, however they wait: each gets in after all who
# were in line before.
set -eu
name=test-$$
file=/tmp/bpool-$(id -u)/$name
trap 'rm -f "$file"' EXIT
: >order
for i in 1 2 3 4 5 6 7 8 9 10; do
	mkfifo hold$i
	code="echo $i >>order; cat hold$i"
	if [ $((i % 2)) = 0 ]; then
		"$BPOOL" --sem "$name" -j2 sh -c "$code" &
	else
		echo "$code" | "$BPOOL" --limit "$name=2" &
	fi
	# It is in line when it has a ticket; the first two get in.
	until grep -q " $i\$" "$file" 2>/dev/null; do
		sleep 0.01
	done
done
for i in 1 2 3 4 5 6 7 8 9 10; do
	# Two are in: one goes, one comes.
	while [ $i -lt 10 ] && [ "$(wc -l <order)" -le $i ]; do
		sleep 0.01
	done
	[ $i -lt 3 ] || [ "$(sed -n ${i}p order)" = $i ]
	: >hold$i
done
wait
[ "$(wc -l <order)" = 10 ]
