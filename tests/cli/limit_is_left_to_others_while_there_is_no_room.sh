# SPDX-License-Identifier: MIT
# A run with --memfree that waits for memory has no slot meanwhile.
set -eu
name=test-$$
file=/tmp/bpool-$(id -u)/$name
trap 'rm -f "$file"' EXIT
echo never >lines
"$BPOOL" --limit "$name=1" --memfree=8000T touch <lines &
run=$!
until [ -s "$file" ] && ! grep -q ' [01]$' "$file"; do
	sleep 0.01
done
"$BPOOL" --sem "$name" touch got
[ -e got ]
rc=0
kill $run
wait $run || rc=$?
[ $rc = 143 ]
[ ! -e never ]
