# SPDX-License-Identifier: MIT
# What is typed while a job runs is its stdin; the list is not.
set -eu
. "$SRC/tests/keyboard.sh"
printf '%s\n' one two three >list
terminal "$BPOOL --tty 'echo ask {}; read -r x; echo {} \$x >>got' <list" \
	'see:ask one' 'type:1\n' 'see:ask two' 'type:2\n' \
	'see:ask three' 'type:3\n'
printf '%s\n' 'one 1' 'two 2' 'three 3' | cmp - got
# In a group of its own, in bpool's session; in the foreground, if not from its
# first moment; /dev/tty too.
cat >job <<'J'
read -r pid _ _ _ group session _ front _ <"/proc/$$/stat"
[ "$pid $group $session" = "$$ $$ $1" ]
tries=0
while [ "$front" != $$ ]; do
	tries=$((tries + 1))
	[ $tries -lt 1000 ]
	sleep 0.01
	read -r _ _ _ _ _ _ _ front _ <"/proc/$$/stat"
done
read -r x </dev/tty
[ "$x" = typed ]
J
# Between the jobs bpool has it back.
terminal "$BPOOL --tty sh -e job ::: \$\$ \$\$; echo status \$?
	read -r _ _ _ _ group _ _ front _ </proc/self/stat
	[ \$group = \$front ] && echo back" 'type:typed\ntyped\n' >out
grep 'status 0' out
grep back out
# Also from what a job started in the foreground and left there.
cat >shell <<'J'
set -m
sh -c 'echo $$ >left; exec sleep 99'
J
terminal "$BPOOL --tty ::: 'sh shell' 'read -r x; echo got \$x'" \
	'until:[ -s left ]' \
	'do:kill -KILL $(sed -n "s/^PPid:.//p" /proc/$(cat left)/status)' \
	'see:killed' 'type:a\n' 'see:got a' || [ $? = 123 ]
kill "$(cat left)"
