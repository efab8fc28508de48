# SPDX-License-Identifier: MIT
# One that is stopped by --timeout and exits with 0 has failed.
set -eu
cat >job <<'E2'
trap 'exit 0' TERM
while :; do sleep 0.05; done
E2
rc=0
"$BPOOL" --halt now,fail=1 --timeout 10 sh ::: job || rc=$?
[ $rc = 124 ]
