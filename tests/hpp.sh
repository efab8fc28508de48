# SPDX-License-Identifier: MIT
# boundpool.hpp, by each C++ compiler there is and in each language from C++11 on; what
# misuses it does not compile.
set -eu
case ${CC-} in
*musl*)
	echo 'skipped: the C++ compiler is for another libc'
	exit 77
	;;
esac
command -v "${CXX:-c++}" >/dev/null || { echo 'skipped: no C++ compiler'; exit 77; }
compilers=${CXX:-c++}
[ -n "${SAN-}" ] || ! command -v clang++ >/dev/null || compilers="$compilers clang++"
undefined=
case ${SAN-} in
*undefined*) undefined=-DSANITIZED_UNDEFINED ;;
esac
tried=0
for cxx in $compilers; do
	for std in 11 17 20; do
		echo 'int main() { return 0; }' >there.cc
		$cxx -std=c++$std -o there there.cc 2>/dev/null || continue
		# shellcheck disable=SC2086
		$cxx -std=c++$std -Wall -Wextra -Wshadow -Wconversion -Werror -pthread \
			${CXXFLAGS-} $undefined -I"$SRC/include" -o hpp "$SRC/tests/hpp.cc" \
			"$BUILD/libboundpool.a"
		[ "$(./hpp)" = 'all hold' ]
		tried=$((tried + 1))
	done
done
[ $tried -ge 2 ]
echo '#include <boundpool.hpp>
int main() { boundpool::pool p, q(p); }' >copied.cc
rc=0
"${CXX:-c++}" -std=c++11 -I"$SRC/include" -fsyntax-only copied.cc 2>errors || rc=$?
[ $rc != 0 ]
grep -q 'deleted' errors
echo '#include <boundpool.hpp>
#include <fstream>
int main()
{
	boundpool::pool p;
	std::ifstream in("x");
	struct lines {
		std::ifstream &in;
		struct it : std::istream_iterator<int> {
			using std::istream_iterator<int>::istream_iterator;
		};
		it begin() { return it(in); }
		it end() { return it(); }
	} all{in};
	p.map(all, [](int n) { return n; });
}' >passing.cc
rc=0
"${CXX:-c++}" -std=c++11 -I"$SRC/include" -fsyntax-only passing.cc 2>errors || rc=$?
[ $rc != 0 ]
grep -q 'put them into a vector first' errors
