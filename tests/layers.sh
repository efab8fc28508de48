#!/bin/sh
# SPDX-License-Identifier: MIT
# The layers of docs/DESIGN.md, held: a file of lib/, tools/common/ or a command's
# directory includes its own header and headers of strictly lower layers there; a
# command any of tools/common/; nobody outside lib/ one of lib's.
cd "$(dirname "$0")/.." || exit 1

# The rows of the table below a heading: "FILE LAYER", a line each.
table() {
	awk -F '|' -v heading="$1" '
		index($0, heading) == 1 { inside = 1; next }
		!/^\|/ { inside = 0 }
		inside && $2 ~ /^ *[0-9]+ *$/ {
			n = split($3, names, /[ ,]+/)
			for (i = 1; i <= n; i++)
				if (names[i] != "")
					print names[i], $2 + 0
		}' docs/DESIGN.md
}
lib_layers=$(table '| layer | files | what they know')
common_layers=$(table '| layer | files of tools/common |')
bpool_layers=$(table '| layer | files of tools/bpool |')
queue_layers=$(table '| layer | files of tools/bpool-queue |')

includes() {
	sed -n 's/^#include "\([a-z0-9_]*\)\.h".*/\1/p' "$1"
}

bad=0
complain() {
	echo "layers: $1" >&2
	bad=$((bad + 1))
}

# held DIRECTORY TABLE [BELOW]: every file there includes what is below it, and
# all that has a layer in the table BELOW is.
held() {
	{
		echo "$2" | sed 's/^/layer /'
		echo "${3-}" | sed -n 's/ .*/ -1/; s/^/layer /p'
		echo 'layer boundpool -1'
		for file in "$1"/*.[ch]; do
			own=$(basename "$file")
			echo "file $file ${own%.*}"
			includes "$file" | sed "s|^|include $file ${own%.*} |"
		done
	} | awk -v directory="$1" '
		$1 == "layer" { layer[$2] = $3; n[$2]++ }
		$1 == "file" { here[$3] = 1; files[$2] = $3 }
		$1 == "include" { from[++i] = $2; own[i] = $3; to[i] = $4 }
		END {
			for (f in files)
				if (n[files[f]] != 1)
					print f ": has no layer, or several, in docs/DESIGN.md"
			for (f in layer)
				if (layer[f] >= 0 && !(f in here))
					print directory "/" f ": has a layer and is not there"
			for (k = 1; k <= i; k++)
				if (own[k] != to[k] && n[own[k]] == 1 &&
				    (!(to[k] in layer) ||
				     layer[to[k]] + 0 >= layer[own[k]] + 0))
					print from[k] " includes " to[k] ".h, no lower"
		}'
}

# What includes() would not see: a path, a macro, blanks in other places.
for file in $(find lib include tools docs/examples -name '*.[ch]'); do
	odd=$(grep '^[ 	]*#[ 	]*include' "$file" |
		grep -v -e '^#include "[a-z0-9_]*\.h"$' \
			-e '^#include <[a-z]*/*[a-z0-9_]*\.h>$')
	[ -z "$odd" ] || complain "$file: $odd: write #include \"name.h\""
done
broken=$(
	held lib "$lib_layers"
	held tools/common "$common_layers"
	held tools/bpool "$bpool_layers" "$common_layers"
	held tools/bpool-queue "$queue_layers" "$common_layers"
)
[ -z "$broken" ] || complain "$broken"
for file in $(find tools docs/examples -name '*.[ch]'); do
	for other in $(includes "$file"); do
		[ ! -f "lib/$other.h" ] ||
			[ -f "$(dirname "$file")/$other.h" ] ||
			[ -f "tools/common/$other.h" ] ||
			complain "$file includes lib's $other.h"
	done
done
[ $bad -eq 0 ] && echo 'layers: held'
