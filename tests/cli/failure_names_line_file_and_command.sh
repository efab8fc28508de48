# SPDX-License-Identifier: MIT
set -eu
printf '\n# x\nexit 3; :\n' >in
"$BPOOL" <in 2>err && exit 1
echo 'bpool: line 3: exit status 3: exit 3; :' | cmp - err
"$BPOOL" -a in 2>err && exit 1
echo 'bpool: in: line 3: exit status 3: exit 3; :' | cmp - err
