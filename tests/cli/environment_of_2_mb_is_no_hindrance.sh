# SPDX-License-Identifier: MIT
# The kernel takes a quarter of the stack's limit for words and environment
# together: where the environment fits, so do jobs, and what -m puts into one is
# what is left.  Each job has the environment whole.
set -eu
cat >large <<'S'
pad=$(printf '%099990d' 0)
i=0
while [ $i -lt "$1" ]; do
	export "large_$i=$pad"
	i=$((i + 1))
done
shift
exec "$@"
S
seq 30000 >in
head -n 5 in >few
printf 'env | grep -c "^large_[0-9]*=0*$"\n%.0s' 1 2 3 4 5 >count
check() { # VARIABLES
	sh large "$1" "$BPOOL" -k -j2 echo <few | cmp few -
	sh large "$1" "$BPOOL" -k -j2 'echo {}; :' <few | cmp few -
	[ "$(sh large "$1" "$BPOOL" -j2 <count | sort -u)" = "$1" ]
	sh large "$1" "$BPOOL" -k -j2 -m printf '%s\n' <in | cmp in -
	sh large "$1" "$BPOOL" -k -j2 -m printf '%s\n' {} {} <in >twice
	[ "$(sort -u twice | wc -l)" = 30000 ]
	[ "$(wc -l <twice)" = 60000 ]
	sh large "$1" "$BPOOL" -k -j2 -m 'printf "%s\n" {}; :' <in | cmp in -
}
# With no room to spare, and with much.
(ulimit -Ss 8192) 2>/dev/null || { echo "the stack's limit is low"; exit 77; }
(
	ulimit -Ss 8192
	! sh large 21 true 2>/dev/null || { echo "another limit"; exit 1; }
	check 20
)
if (ulimit -Ss 65536) 2>/dev/null; then
	(
		ulimit -Ss 65536
		check 25
	)
fi
