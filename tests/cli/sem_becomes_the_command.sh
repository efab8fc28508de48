# SPDX-License-Identifier: MIT
# With --sem the command is bpool's process: its pid, its stdin and stdout, its
# environment, its signals, its words as they are, its status.
set -eu
name=test-$$
trap 'rm -f "/tmp/bpool-$(id -u)/$name"' EXIT
sem() {
	"$BPOOL" --sem "$name" -j2 "$@"
}
# shellcheck disable=SC2016
sh -c 'echo $$
	exec "$1" --sem "$2" -j2 sh -c "echo \$\$"' sh "$BPOOL" "$name" >pids
[ "$(uniq pids | wc -l)" = 1 ]
[ "$(echo from stdin | sem cat)" = 'from stdin' ]
env | grep -v '^_=' >outside
sem env | grep -v '^_=' | cmp - outside
# Its group, session and terminal.
cut -d' ' -f5-7 /proc/self/stat >outside
sem cut -d' ' -f5-7 /proc/self/stat | cmp - outside
signals='^Sig[BIC]'
grep $signals /proc/self/status >outside
sem grep $signals /proc/self/status | cmp - outside
(
	trap '' INT PIPE CHLD
	grep $signals /proc/self/status >outside
	sem grep $signals /proc/self/status | cmp - outside
)
[ "$(sem printf '%s|' {} '' ' a' ::: 'a;b' -- -j)" = '{}|| a|:::|a;b|--|-j|' ]
(ulimit -n; sem sh -c 'ulimit -n') | uniq | wc -l | grep '^1$'
# Standard descriptors that are closed stay closed.
sem sh -c '[ ! -e /proc/self/fd/0 ] && : >closed' <&-
[ -e closed ]
status() {
	expected=$1 rc=0
	shift
	sem "$@" 2>err || rc=$?
	[ $rc = "$expected" ] || {
		echo "$*: status $rc"
		cat err
		exit 1
	}
}
status 0 true
status 7 sh -c 'exit 7'
status 143 sh -c 'kill $$'
status 127 ./missing
grep '^bpool: ./missing: No such file' err
(PATH=/usr/bin:/bin && status 127 missing-$$)
: >file
status 126 ./file
grep '^bpool: ./file: Permission denied' err
status 126 .
echo 'echo script "$@"' >script
chmod +x script
[ "$(sem ./script "a  b" c)" = "script a  b c" ]
