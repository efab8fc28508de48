#!/bin/sh
# SPDX-License-Identifier: MIT
# The header serves C++, and an exception that leaves a job stops the process
# with a message, also where a frame below would have caught it.  A typed call
# takes only what can be copied as bytes.
if ! command -v "${CXX:-c++}" >/dev/null 2>&1; then
	echo 'skipped: no C++ compiler'
	exit 77
fi
case ${CC-} in
*musl*)
	echo 'skipped: the C++ compiler is for another libc'
	exit 77
	;;
esac
set -e
# shellcheck disable=SC2086
"${CXX:-c++}" -std=c++11 -Wall -Wextra -Wshadow -Werror -pthread ${CXXFLAGS-} \
	-I"$SRC/include" -o cxx "$SRC/tests/cxx.cc" "$BUILD/libboundpool.a"
./cxx
cat >string.cc <<'END'
#include <boundpool.h>
#include <string>
static int length(std::string s) { return (int)s.size(); }
BPOOL_TYPED(length, (std::string, s));
END
if "${CXX:-c++}" -std=c++11 -I"$SRC/include" -fsyntax-only string.cc 2>errors
then
	echo 'an argument that bytes cannot copy compiles'
	exit 1
fi
grep -q 'more than its bytes' errors
for how in plain nested; do
	status=0
	./cxx $how >out 2>&1 || status=$?
	[ $status -eq 134 ] || {
		echo "$how: ended with $status, not by SIGABRT"
		cat out
		exit 1
	}
	grep -q 'terminat' out
done
