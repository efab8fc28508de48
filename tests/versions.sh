# SPDX-License-Identifier: MIT
# One version: VERSION, the header, what the programs and the library say, the first
# heading of CHANGELOG.md, Debian's changelog, the soname and the map.
set -eu
cd "$SRC"
version=$(cat VERSION)
is() { # WHERE WHAT
	[ "$2" = "$version" ] || { echo "$1: $2, and VERSION says $version"; exit 1; }
}
is 'boundpool.h' "$(sed -n 's/^#define BPOOL_VERSION "\(.*\)"/\1/p' include/boundpool.h)"
is 'the parts in boundpool.h' "$(sed -n 's/^#define BPOOL_VERSION_[MP][A-Z]* //p' include/boundpool.h |
	paste -sd.)"
is 'bpool --version' "$("$BPOOL" --version | sed -n '1s/^bpool //p')"
is CHANGELOG.md "$(sed -n 's/^## \([0-9.]*\).*/\1/p' CHANGELOG.md | head -n 1)"
is "Debian's changelog" "$(sed -n '1s/^boundpool (\(.*\)-[0-9]*) .*/\1/p' \
	tools/packaging/debian/changelog)"
is boundpool.pc "$(sed -n 's/^Version: //p' "$BUILD/boundpool.pc")"
# The soname is a number that changes with what programs rely on.
soname=$(sed -n 's/^SOVERSION := //p' Makefile)
readelf -d "$BUILD/libboundpool.so" | grep -q "SONAME.*\[libboundpool.so.$soname\]"
[ "$(readlink "$BUILD/libboundpool.so.$soname")" = "libboundpool.so.$version" ]
grep -q "^Package: libboundpool$soname\$" tools/packaging/debian/control
grep -q "soname='libboundpool.so.$soname'" lib/boundpool.abi
# Each function of the map is in what Debian and abidiff are told, from the version in
# which it came.
for function in $(sed -n 's/^	\(bpool_[a-z_]*\);/\1/p' lib/boundpool.map); do
	grep -q "^ $function@BOUNDPOOL_" "tools/packaging/debian/libboundpool$soname.symbols" ||
		{ echo "$function: not in Debian's symbols"; exit 1; }
	grep -q "elf-symbol name='$function'" lib/boundpool.abi ||
		{ echo "$function: not in lib/boundpool.abi"; exit 1; }
done
