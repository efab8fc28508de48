# SPDX-License-Identifier: MIT
set -eu
mkfifo in out
"$BPOOL" -k -j1 -a in >out &
exec 4<out
exec 3>in
echo 'echo first' >&3
read -r line <&4
[ "$line" = first ]
exec 3>&-
wait $!
