#!/bin/sh
# SPDX-License-Identifier: MIT
# The comparison of clients has a line for each: five at a time none is refused,
# all at once some are, and what is tried again is served in the end.
set -u
for needed in python3 curl; do
	command -v $needed >/dev/null || {
		echo "skipped: there is no $needed"
		exit 77
	}
done
rows=library,command
bounded=2 lines=8
if python3 -c 'import aiohttp' 2>/dev/null; then
	rows=$rows,python
	bounded=3 lines=10
fi

compare() { # OPTION...: to `table`
	python3 "$SRC/docs/examples/http/compare.py" --rounds 1 "$@" >table
}

compare --requests 60 --rows $rows || {
	cat table
	echo "compare: exit status $?"
	exit 1
}
# Its columns are two blanks apart, and "group  title" is two of them.
awk -F '   *' -v lines=$lines -v bounded=$bounded '
	$1 !~ /^(library|command|python)$/ { next }
	{ n++; title = $2; refused = $3; served = $4; peak = $5; status = $NF }
	NF != 13 || refused served peak !~ /^[0-9]+$/ { bad = bad "\n" $0 }
	title ~ /at once/ {
		unbounded++
		if (refused < 1 || peak < 6 || refused + served != 60 ||
		    status == 0)
			bad = bad "\n" $0
		next
	}
	served != 60 || status != 0 { bad = bad "\n" $0 }
	title ~ /-j5|Semaphore/ {
		five++
		if (refused != 0 || peak != 5)
			bad = bad "\n" $0
	}
	END {
		if (n == lines && five == bounded && unbounded == bounded &&
		    !bad)
			exit 0
		print n " lines, " five " with five at a time" bad
		exit 1
	}' table || {
	cat table
	exit 1
}

# A client that is not there is said.
BUILD=$PWD compare --requests 5 --rows library 2>err
[ $? -eq 1 ] || {
	echo "compare: no client is no failure"
	exit 1
}
grep -q '^MISSING: library -j5: round 1: ' table || exit 1
