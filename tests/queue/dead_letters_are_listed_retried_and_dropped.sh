# SPDX-License-Identifier: MIT
# What has failed in all its attempts is a dead letter: listed with why, queued again by
# command, with a new result, or forgotten.
. "$SRC/tests/queue/common"
server_start
queue 3
work errors -j3 -- sh -c '[ -e good ] || [ "$1" != bad ] || exit 3; echo $1' x
printf '%s\n' one bad 'two words' | sed '3s/.*/bad/' >lines
rc=0
"$QUEUE" submit --stream S --class c --batch b -q --wait -k --retries 2 \
	--backoff 10ms <lines >out 2>err || rc=$?
[ $rc = 123 ]
[ "$(cat out)" = one ]
[ "$(grep -c 'exit status 3' err)" = 2 ]
printf '%s\n' 'c.d e' | "$QUEUE" submit --stream S --class c --batch other -q --wait >out
# A dead letter is stored after its result.
until_is dead_letters 2
"$QUEUE" dlq list --stream S | sort >list
printf 'c\tb\t%s\texit status 3\tbad\n' 2 3 | cmp - list
[ -z "$("$QUEUE" dlq list --stream S --class other)" ]
[ -z "$("$QUEUE" dlq list --stream S --batch other)" ]
"$QUEUE" dlq list --stream S --class c --batch b | sort | cmp - list
# Once more, in vain: they are there again.
"$QUEUE" dlq retry --stream S --batch b 2>err
grep '^bpool-queue: 2 jobs queued again$' err
rc=0
"$QUEUE" results --stream S --batch b --follow -k >out 2>err || rc=$?
[ $rc = 123 ]
until_is dead_letters 2
"$QUEUE" dlq list --stream S | sort | cmp - list
touch good
"$QUEUE" dlq retry --stream S 2>err
"$QUEUE" results --stream S --batch b --follow -k >out
printf 'one\nbad\nbad\n' | cmp - out
[ -z "$("$QUEUE" dlq list --stream S)" ]
# Forgotten, the result stays.
rm good
echo bad | "$QUEUE" submit --stream S --class c --batch d -q --wait >out || [ $? = 123 ]
until_is dead_letters 1
"$QUEUE" dlq drop --stream S 2>err
grep '^bpool-queue: 1 jobs dropped$' err
[ -z "$("$QUEUE" dlq list --stream S)" ]
rc=0
"$QUEUE" results --stream S --batch d 2>err || rc=$?
[ $rc = 123 ]
kill -TERM $worker
wait $worker
nothing_wrong errors
