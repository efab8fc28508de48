# SPDX-License-Identifier: MIT
# Tables of figures in the README and in docs/bench/README.md say what make bench
# and make bench-cli found: where the first cell of a table's head is what a column
# of their TSV calls it, each cell is the median of its row and its peer, and what
# stands behind that in brackets how often that of the first peer it is.  A table
# with ours in its first column has to be one of those.
set -eu
cd "$SRC"
awk '
function trim(text) {
	gsub(/^[ *]+|[ *]+$/, "", text)
	return text
}
function shown(value) {
	return sprintf(value >= 100 ? "%.0f" : "%.3g", value)
}
FILENAME ~ /\.tsv$/ {
	split($0, field, "\t")
	median[field[1], field[2], field[3]] = field[4]
	known[field[3]] = 1
	next
}
!/^\|/ {
	what = ""
	next
}
{
	n = split($0, cell, "|")
	for (i = 2; i < n; i++)
		cell[i] = trim(cell[i])
}
what == "" {
	what = cell[2] == "" ? "?" : cell[2]
	for (i = 3; i < n; i++)
		peer[i] = cell[i]
	if (peer[3] ~ /^(bpool|boundpool)$/ && !(what in known)) {
		printf "%s: %s: no column of a TSV\n", FILENAME, what
		wrong++
	}
	next
}
what in known && cell[2] !~ /^--/ {
	for (i = 3; i < n; i++) {
		says = cell[i]
		if (!((cell[2], peer[i], what) in median))
			is = "–"
		else {
			value = median[cell[2], peer[i], what]
			first = median[cell[2], peer[3], what]
			is = shown(value)
			if (says ~ /\(/)
				is = is sprintf(" (%.2g)", value / first)
		}
		if (says != is) {
			printf "%s: %s, %s, %s: says %s, is %s\n", FILENAME,
				what, cell[2], peer[i], says, is
			wrong++
		}
		checked[FILENAME]++
	}
}
END {
	for (i = 1; i < ARGC; i++)
		if (ARGV[i] ~ /\.md$/) {
			printf "%s: %d figures looked at\n", ARGV[i],
				checked[ARGV[i]]
			wrong += checked[ARGV[i]] < 18
		}
	exit wrong > 0
}' docs/bench/*.tsv README.md docs/bench/README.md
