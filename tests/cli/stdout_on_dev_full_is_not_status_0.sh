# SPDX-License-Identifier: MIT
set -eu
. "$SRC/tests/process.sh"
[ -c /dev/full ] || { echo "no /dev/full"; exit 77; }
cat >in <<'S'
while [ ! -s pid ]; do sleep 0.01; done; echo x
echo $$ >pid; while :; do sleep 0.01; done
touch new
S
rc=0
"$BPOOL" -j2 <in >/dev/full 2>err || rc=$?
[ $rc = 1 ]
grep '^bpool: stdout: No space left' err
[ ! -e new ]
dead "$(cat pid)"
rc=0
"$BPOOL" --help >/dev/full 2>err || rc=$?
[ $rc = 1 ]
grep '^bpool: stdout: No space left' err
rc=0
echo true | "$BPOOL" --dry-run >/dev/full 2>err || rc=$?
[ $rc = 1 ]
grep '^bpool: stdout: No space left' err
