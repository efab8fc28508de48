# SPDX-License-Identifier: MIT
# What was built is as hard to exploit as the compiler can make it, and says in its
# own headers that it is: not which flags were meant.
set -eu
if [ "$SAN" ]; then
	echo 'skipped: not under sanitizers'
	exit 77
fi
taken=$(cat "$BUILD/hardening")
for flag in -D_FORTIFY_SOURCE=3 -fstack-protector-strong -fstack-clash-protection \
	-Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack; do
	case " $taken " in
	*" $flag "*) ;;
	*)
		echo "skipped: the compiler takes no $flag"
		exit 77
		;;
	esac
done

# has FILE PATTERN, hasnt FILE PATTERN: in what readelf says of FILE.
has() {
	readelf -W -hld "$1" >said
	grep -q "$2" said || { echo "$1: no $2"; exit 1; }
}
hasnt() {
	readelf -W -hld "$1" >said
	if grep "$2" said; then
		echo "$1: $2"
		exit 1
	fi
}

for file in "$BUILD/bpool" "$BUILD/libboundpool.so"; do
	has "$file" 'Type: *DYN'
	has "$file" 'GNU_RELRO'
	has "$file" 'FLAGS).*BIND_NOW'
	has "$file" 'GNU_STACK .* RW  *0x'
	hasnt "$file" 'TEXTREL\|RPATH\|RUNPATH'
	hasnt "$file" ' RWE '
done
has "$BUILD/bpool" 'FLAGS_1.*PIE'

# bpool has arrays on its stack and copies into them.
nm -D -u "$BUILD/bpool" >calls
grep -q '__stack_chk_fail' calls
case $CC in
*musl*) ;; # whose headers know no such functions
*) grep -q '__snprintf_chk' calls ;;
esac
