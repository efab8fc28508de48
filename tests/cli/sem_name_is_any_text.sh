# SPDX-License-Identifier: MIT
# It stays one file in the directory, whatever it says; two names are two.
set -eu
directory=/tmp/bpool-$(id -u)
mine=test-$$.
trap 'rm -f "$directory"/*"$mine"*' EXIT
mkfifo hold
n=0 holders=
for name in "../$mine" "/$mine" "../../tmp/$mine/x" ". $mine" ".$mine" \
	"a b	$mine" "-j$mine" "$mine%2F" "$mine/" "$mine
x" "$mine*" "$mine\\" "$mine=" "$mine$(printf '\377\303\244')"; do
	"$BPOOL" --sem="$name" sh -c ': >in; exec cat hold' &
	holders="$holders $!"
	while [ ! -e in ]; do
		sleep 0.01
	done
	rm in
	n=$((n + 1))
	find "$directory" -name "*$mine*" -type f | sed 's|.*/||' >files
	[ "$(wc -l <files)" = $n ]
	[ "$(grep -c '^[A-Za-z0-9_%-][A-Za-z0-9_%.-]*$' files)" = $n ]
done
[ ! -e "/tmp/$mine" ]
# So do those of limits.
seq 1 | "$BPOOL" --limit "../$mine.l=2=3" true
grep -q ' 3 slots' "$directory/%2E.%2F$mine.l%3D2"
# shellcheck disable=SC2086
kill $holders
long=$(printf '%0255d' 7)
for wrong in '' "${long}1" "%$long"; do
	rc=0
	"$BPOOL" --sem "$wrong" true 2>err || rc=$?
	[ $rc = 2 ]
	grep '^bpool: --sem ' err
	rc=0
	"$BPOOL" --limit "$wrong=1" true 2>err || rc=$?
	[ $rc = 2 ]
	grep '^bpool: --limit ' err
done
