# SPDX-License-Identifier: MIT
# What runs is stopped, nothing more starts, even where the input has no end;
# a run that is done before it is not touched.
set -eu
mkfifo never
exec 3<>never
rc=0
printf '%s\n' 'sleep 1000' 'sleep 1001' 'echo too late' >in
"$BPOOL" -j2 --deadline 1 -a in -a never >out 2>err || rc=$?
[ $rc = 124 ]
[ ! -s out ]
[ "$(cat err)" = 'bpool: --deadline: the time is over: stopping' ]
# Also when the input was read long ago.
rc=0
echo 'sleep 1000' | "$BPOOL" --deadline 1 2>err || rc=$?
[ $rc = 124 ]
[ "$(cat err)" = 'bpool: --deadline: the time is over: stopping' ]
[ "$(echo 'echo in time' | "$BPOOL" --deadline 1h)" = 'in time' ]
