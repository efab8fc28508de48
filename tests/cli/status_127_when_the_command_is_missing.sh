# SPDX-License-Identifier: MIT
# As words, as a template, as lines; with one that ran it is 123.
set -eu
rc=0; seq 3 | "$BPOOL" ./nosuch {} 2>err || rc=$?
[ $rc = 127 ]
grep '^bpool: line 2: ./nosuch: No such file' err
rc=0; seq 3 | "$BPOOL" nosuch-command 2>err || rc=$?
[ $rc = 127 ]
rc=0; printf 'nosuch-a\nnosuch-b x\n' | "$BPOOL" 2>err || rc=$?
[ $rc = 127 ]
rc=0; printf 'nosuch-a\ntrue\n' | "$BPOOL" 2>err || rc=$?
[ $rc = 123 ]
rc=0; printf 'exit 127\n' | "$BPOOL" 2>err || rc=$?
[ $rc = 123 ]
# What is missing is said: the command, the file, or what the file itself needs.
printf '#!/no/such\n' >lost-interpreter
chmod +x lost-interpreter
told() { # COMMAND WHY
	rc=0
	echo 1 | PATH="$PATH:$PWD" "$BPOOL" "$1" {} 2>err || rc=$?
	[ $rc = 127 ]
	[ "$(cat err)" = "bpool: line 1: $1: $2: $1 1" ] || { cat err; exit 1; }
}
told nosuch 'command not found'
told ./nosuch 'No such file or directory'
told ./lost-interpreter 'its interpreter, in its first line, is missing'
told lost-interpreter 'its interpreter, in its first line, is missing'
# Also where a directory of PATH is closed to us, which none is to root.
mkdir open open/closed
cp "$BPOOL" open/bpool
chmod 777 open
chmod 0 open/closed
cd open
user() {
	if [ "$(id -u)" = 0 ]; then
		setpriv --reuid=65534 --regid=65534 --clear-groups env TMPDIR=. "$@"
	else
		"$@"
	fi
}
user ./bpool --version || { echo "cannot be another user"; exit 77; }
PATH=$PWD/closed:$PATH
rc=0; user ./bpool -- -nosuch y ::: x 2>err || rc=$?
[ $rc = 127 ]
grep 'command not found' err
rc=0; echo nosuch-a | user ./bpool 2>err || rc=$?
[ $rc = 127 ]
