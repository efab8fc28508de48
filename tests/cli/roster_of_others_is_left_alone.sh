# SPDX-License-Identifier: MIT
# What stands where bpool notes who runs, and is not bpool's, stays; what a
# crash of the machine made of a file of bpool's stops no run.
set -eu
echo precious >log.running
rc=0
"$BPOOL" --joblog log echo ::: a 2>err || rc=$?
[ $rc = 1 ]
grep 'log.running: this is not what bpool left there' err
echo precious | cmp - log.running
rm log.running
mkfifo log.running
rc=0
"$BPOOL" --joblog log echo ::: a 2>err || rc=$?
[ $rc = 1 ]
grep 'log.running: this is not what bpool left there' err
rm log.running
head -c 200 /dev/zero >log.running
[ "$("$BPOOL" --joblog log echo ::: a)" = a ]
[ ! -e log.running ]
head -c 200 /dev/zero >log.running
[ "$("$BPOOL" --joblog log --resume echo ::: a b)" = b ]
