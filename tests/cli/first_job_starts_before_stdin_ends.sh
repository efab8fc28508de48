# SPDX-License-Identifier: MIT
# The writer of stdin waits for the first job before it goes on.
set -eu
mkfifo in started
"$BPOOL" -j1 -a in >out &
exec 3>in
echo 'echo first; echo >started' >&3
read -r _ <started
echo 'echo second' >&3
exec 3>&-
wait $!
printf 'first\nsecond\n' | cmp - out
