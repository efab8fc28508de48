# SPDX-License-Identifier: MIT
# Of KILL too, and so does one who waits in line go: the next gets in.
set -eu
name=test-$$
file=/tmp/bpool-$(id -u)/$name
trap 'rm -f "$file"' EXIT
tickets() {
	until [ "$(sed 's/.* //' "$file")" = "$1" ]; do
		sleep 0.01
	done
}
sem() {
	exec "$BPOOL" --sem "$name" "$@"
}
mkfifo hold
sem sh -c ': >in; exec cat hold' &
holder=$!
while [ ! -e in ]; do
	sleep 0.01
done
# In line: first, second, third; the second is killed, and nobody minds.
sem sh -c 'echo first >>order; exec cat hold' &
first=$!
tickets 2
sem sh -c 'echo second >>order' &
second=$!
tickets 3
sem sh -c 'echo third >>order' &
third=$!
tickets 4
rc=0
kill -KILL $second
wait $second || rc=$?
[ $rc = 137 ]
[ ! -e order ]
kill -KILL $holder
until [ -s order ]; do
	sleep 0.01
done
[ "$(cat order)" = first ]
kill -KILL $first
wait $third
[ "$(tr '\n' ' ' <order)" = 'first third ' ]
# Waiting ends by what ends any program.
rm in
sem sh -c ': >in; exec cat hold' &
holder=$!
while [ ! -e in ]; do
	sleep 0.01
done
sem true &
waiter=$!
tickets 2
rc=0
kill $waiter
wait $waiter || rc=$?
[ $rc = 143 ]
kill $holder
