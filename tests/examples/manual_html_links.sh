#!/bin/sh
# SPDX-License-Identifier: MIT
# make html: a file of each page and an index of them, and no link between them
# leads nowhere; without mandoc it says so.
set -u
failed=0

if PATH=$PWD/nowhere /bin/sh "$SRC/tools/manhtml" none "$SRC/docs/man.css" 1 \
	"$SRC/docs/man/bpool.1" 2>said || ! grep -q 'mandoc is missing' said; then
	echo "html: without mandoc: $(cat said)" >&2
	failed=1
fi
command -v mandoc >/dev/null || {
	echo 'skipped: no mandoc'
	[ $failed = 0 ] && exit 77
	exit 1
}
"$SRC/tools/manhtml" html "$SRC/docs/man.css" 1.2.3 "$SRC"/docs/man/*.[13] || {
	echo "html: exit status $?" >&2
	exit 1
}
for page in "$SRC"/docs/man/*.[13]; do
	file=$(basename "$page").html
	[ -s "html/$file" ] && grep -q "href=\"$file\"" html/index.html && continue
	echo "html: $file is not there" >&2
	failed=1
done
left=$(find html/* ! -name '*.html' ! -name man.css)
[ -z "$left" ] || {
	echo "html: something is left: $left" >&2
	failed=1
}

cd html || exit 1
for page in *.html; do
	tr '<' '\n' <"$page" | sed -n 's/^a .*href="\([^"]*\)".*/\1/p' | sort -u
done | sort -u | grep -v ^https: | grep -v '^#' >../links
grep -q '^bpool_submit.3.html#bpool_await$' ../links || {
	echo 'html: no link to bpool_await' >&2
	failed=1
}
while IFS='#' read -r file place; do
	[ -f "$file" ] && { [ -z "$place" ] ||
		grep -q "id=\"$place\"" "$file"; } && continue
	echo "html: a link leads nowhere: $file#$place" >&2
	failed=1
done <../links
away=$(grep -ho 'https://man7[^"]*/\(bpool\|BPOOL\|boundpool\)[^"]*' ./*.html)
[ -z "$away" ] || {
	echo "html: a page of ours is elsewhere: $away" >&2
	failed=1
}
exit $failed
