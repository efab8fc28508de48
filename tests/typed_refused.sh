#!/bin/sh
# SPDX-License-Identifier: MIT
# What a typed call must not take does not compile: a wrong type, too few or
# too many arguments, more than BPOOL_ARGS_MAX bytes of them.
cc=${CC:-cc}
compiles() {
	{
		echo '#include <boundpool.h>'
		echo 'struct big { char bytes[BPOOL_ARGS_MAX]; };'
		echo 'struct bigger { char bytes[BPOOL_ARGS_MAX + 1]; };'
		echo 'static int f(const char *s, long n) { return !s + (int)n; }'
		echo 'static int g(struct big b) { return b.bytes[0]; }'
		echo 'static int h(struct bigger b) { return b.bytes[0]; }'
		echo 'BPOOL_TYPED(f, (const char *, s), (long, n));'
		echo 'BPOOL_TYPED(g, (struct big, b));'
		echo "$1"
		echo "int main(void) { struct bpool *pool = 0; $2; (void)h; return 0; }"
	} >t.c
	$cc -Werror -I"$SRC/include" -fsyntax-only t.c >errors 2>&1
}
fail() {
	echo "$*"
	cat errors
	exit 1
}
compiles '' 'return f_submit(pool, "url", 3)' || fail 'the right call'
compiles '' 'return f_submit(pool, 3, 3)' && fail 'a wrong type compiles'
compiles '' 'return f_submit(pool, "url")' && fail 'too few compile'
compiles '' 'return f_submit(pool, "url", 3, 4)' && fail 'too many compile'
compiles 'BPOOL_TYPED(h, (struct bigger, b));' ';' && fail 'too large compiles'
grep -q 'BPOOL_ARGS_MAX' errors || fail 'the message does not say why'
n8='(int, a), (int, b), (int, c), (int, d), (int, e), (int, g), (int, i), (int, j)'
compiles "int m(int a, int b, int c, int d, int e, int g, int i, int j);
BPOOL_TYPED(m, $n8);" ';' || fail 'eight arguments'
compiles "int m(void); BPOOL_TYPED(m, $n8, (int, k));" ';' &&
	fail 'nine arguments compile'
grep -q 'takes at most 8 arguments: m' errors || fail 'not told: at most 8'
exit 0
