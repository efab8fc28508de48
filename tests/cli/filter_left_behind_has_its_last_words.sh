# SPDX-License-Identifier: MIT
# A job that ends before the filter that it prints through, as with
# exec > >(filter) in bash.  It has half a second, which a busy machine may use
# up now and then, but not each time.
set -eu
cat >in <<'E'
mkfifo pipe; { cat pipe; sleep 0.05; echo bye; } & exec >pipe; echo hello
E
for i in 1 2 3 4 5 6 7 8 9 10; do
	"$BPOOL" <in >out 2>err
	rm pipe
	! printf 'hello\nbye\n' | cmp - out || exit 0
done
exit 1
