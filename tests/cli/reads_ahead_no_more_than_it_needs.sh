# SPDX-License-Identifier: MIT
# When job k starts, few more than k lines of 16 KiB have been taken.
set -eu
pad=$(printf '%016384d' 0)
mkfifo in
"$BPOOL" -j1 -a in 'x={}; cat written; sleep 0.02' >seen &
exec 3>in
i=0
while [ $i -lt 100 ]; do
	echo $i >written.new
	mv written.new written
	echo "$pad" >&3
	i=$((i + 1))
done
exec 3>&-
wait $!
k=0
while read -r written; do
	ahead=$((written - k))
	[ $ahead -le 25 ] || {
		echo "job $k started when $written lines were written"
		exit 1
	}
	k=$((k + 1))
done <seen
[ $k = 100 ]
