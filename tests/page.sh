# SPDX-License-Identifier: MIT
# For tests that run what a page in docs/ shows: `. "$SRC/tests/page.sh"` in the
# test's empty directory.  It puts bpool, and a cc and a pkg-config that know the
# library as it was built, into PATH.
page_top=$PWD

page_cc=${CC:-cc}
page_path=$(command -v "${page_cc%% *}") || exit 1
page_cc="$page_path${page_cc#"${page_cc%% *}"}"
mkdir bin
cat >bin/cc <<END
#!/bin/sh
exec $page_cc -Wall -Wextra -Werror ${SAN:+-fsanitize=$SAN -fno-sanitize-recover=all} "\$@"
END
cat >bin/pkg-config <<END
#!/bin/sh
[ "\$*" = '--cflags --libs boundpool' ] || exit 1
echo '-pthread -I$SRC/include $BUILD/libboundpool.a'
END
chmod +x bin/cc bin/pkg-config
PATH=$page_top/bin:$BUILD:$PATH
export PATH LC_ALL=C GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1

# page_needs PROGRAM...: each is there, or nothing can be shown.
page_needs() {
	for page_program; do
		command -v "$page_program" >/dev/null || {
			echo "skipped: there is no $page_program"
			exit 77
		}
	done
}

# page_steps PAGE DIR [FROM]: what it shows below the line FROM, in order, as files
# whose names begin with the number of their line: N.sh, what is to be run, with
# N.expected, what it prints (nothing, if it stands in a block for sh); N.c and N.py,
# listings.
page_steps() {
	mkdir -p "$2"
	awk -v dir="$2" -v from="${3-}" '
		function begin(kind) {
			name = sprintf("%s/%05d", dir, NR)
			file = name "." kind
			printf "" >file
			if (kind == "sh")
				printf "" >(name ".expected")
		}
		from != "" { if ($0 == from) from = ""; next }
		/^```/ && lang != "" { lang = ""; next }
		/^```/ { lang = substr($0, 4)
			if (lang == "sh")
				begin("sh")
			if (lang == "c")
				begin("c")
			if (lang == "python")
				begin("py")
			if (lang == "")
				lang = "text"
			next
		}
		lang == "console" && /^\$ / { begin("sh"); print substr($0, 3) >file
			command = 1; next }
		lang == "console" && /^> / && command { print substr($0, 3) >file; next }
		lang == "console" { command = 0; print >(name ".expected"); next }
		lang == "sh" || lang == "c" || lang == "python" { print >file }' "$1"
}

# page_same EXPECTED GOT: they are the same, but that "..." in the first stands for
# any text within a line, and for any lines where it stands alone.
page_same() {
	awk '
		function line(want, have, at) {
			if ((at = index(want, "...")) == 0)
				return want == have
			if (substr(want, 1, at - 1) != substr(have, 1, at - 1))
				return 0
			want = substr(want, at + 3)
			for (have = substr(have, at); ; have = substr(have, 2)) {
				if (line(want, have))
					return 1
				if (have == "")
					return 0
			}
		}
		function lines(i, j) {
			for (; i <= n; i++) {
				if (w[i] == "...") {
					for (; j <= m + 1; j++)
						if (lines(i + 1, j))
							return 1
					return 0
				}
				if (j > m || !line(w[i], h[j++]))
					return 0
			}
			return j > m
		}
		FILENAME == ARGV[1] { w[++n] = $0; next }
		{ h[++m] = $0 }
		END { exit !lines(1, 1) }' "$1" "$2"
}
