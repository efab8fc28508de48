# SPDX-License-Identifier: MIT
set -eu
printf '\n   \n# touch x\n\t# touch x\necho one\n\n' |
	"$BPOOL" -v >out 2>err
echo one | cmp - out
echo 'echo one' | cmp - err
[ ! -e x ]
