# SPDX-License-Identifier: MIT
set -eu
mkdir -p 'a b/c' d
"$BPOOL" -k --cwd {//} 'pwd; echo {/}' ::: 'a b/c' d >out
printf '%s\n' "$PWD/a b" c "$PWD" d | cmp - out
"$BPOOL" --cwd d pwd ::: x | grep -x "$PWD/d"
printf '#!/bin/sh\npwd\n' >d/script
chmod +x d/script
"$BPOOL" --cwd d ./script ::: x | grep -x "$PWD/d x" ||
	"$BPOOL" --cwd d ./script ::: x | grep -x "$PWD/d"
rc=0
"$BPOOL" -k --cwd {} pwd ::: d missing 2>err >out || rc=$?
[ $rc = 123 ]
echo "$PWD/d" | cmp - out
grep '^bpool: job 2: missing: No such file or directory: ' err
# With a shell or without one, PWD says so too, and once.
mkdir 'sub dir'
ln -s 'sub dir' link
for line in env 'env; :'; do
	echo "$line" | "$BPOOL" --cwd=link | grep -a '^PWD=' >out
	echo "PWD=$(pwd -P)/sub dir" | cmp - out
done
