# SPDX-License-Identifier: MIT
# On 32 bits the library needs no libatomic, and works.
set -eu
if [ "$SAN" ]; then
	echo 'skipped: not under sanitizers'
	exit 77
fi
case $CC in
*musl*)
	echo 'skipped: the 32-bit libc is another'
	exit 77
	;;
esac
echo 'int main(void) { return 0; }' >empty.c
if ! $CC -m32 -o empty empty.c; then
	echo 'skipped: no compiler for 32 bits'
	exit 77
fi
mkdir objects
for file in "$SRC"/lib/*.c; do
	$CC -m32 -O2 -std=c11 -D_GNU_SOURCE -pthread -Wall -Wextra -Werror \
		-I"$SRC/include" -c -o "objects/$(basename "$file").o" "$file"
done
nm -u objects/*.o >undefined
grep -q pthread_create undefined
if grep __atomic undefined; then
	exit 1
fi
$CC -m32 -O2 -std=c11 -D_GNU_SOURCE -pthread -I"$SRC/include" -o quickstart \
	"$SRC/docs/examples/quickstart.c" objects/*.o
# Some kernels of 64 bits run no other programs.
if ./empty; then
	"$BUILD/examples/quickstart" "$SRC"/lib/*.c >long
	./quickstart "$SRC"/lib/*.c >short
	[ -s long ]
	cmp long short
fi
# So does the command.
mkdir command
for file in "$SRC"/tools/common/*.c "$SRC"/tools/bpool/*.c "$BUILD/page_parts.c"; do
	$CC -m32 -O1 -std=c11 -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 -pthread -Wall -Wextra \
		-Werror -Wno-psabi -I"$SRC/include" -iquote "$SRC/tools/common" \
		-iquote "$SRC/tools/bpool" -c -o "command/$(basename "$file").o" "$file"
done
$CC -m32 -pthread -o bpool command/*.o objects/*.o
if ./empty; then
	seq 9 | ./bpool -j3 -k --joblog log --events events --report page 'echo {}' >out
	seq 9 | cmp - out
	[ "$(wc -l <log)" = 10 ]
	[ "$(grep -c '"event":"end"' events)" = 9 ]
fi
