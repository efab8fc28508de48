# SPDX-License-Identifier: MIT
# As sh, xargs and execvp(3) do, in all three forms.
set -eu
printf 'echo "$0 $# <$1>"\n' >script
chmod +x script
echo 'a  b' >in
"$BPOOL" ./script {} <in >out
echo './script 1 <a  b>' | cmp - out
"$BPOOL" ./script <in >out
echo './script 1 <a  b>' | cmp - out
echo './script x' | "$BPOOL" >out
echo './script 1 <x>' | cmp - out
PATH=$PWD:$PATH
echo x | "$BPOOL" script {} y >out
echo "$PWD/script 2 <x>" | cmp - out
