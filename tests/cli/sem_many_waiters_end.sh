# SPDX-License-Identifier: MIT
# 200 at once for three slots, and for one.
set -eu
name=test-$$
trap 'rm -f "/tmp/bpool-$(id -u)/$name"' EXIT
for slots in 3 1; do
	: >counts
	for i in $(seq 200); do
		"$BPOOL" --sem "$name" -j$slots sh -c "echo $i >>counts" &
	done
	wait
	[ "$(sort -n counts | uniq | wc -l)" = 200 ]
done
