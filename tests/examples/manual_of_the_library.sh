#!/bin/sh
# SPDX-License-Identifier: MIT
# The library's pages and its header say the same: each function stands in the
# SYNOPSIS of one page, as it is declared, and in the NAME of that page, in the
# table of boundpool(3) and in the library's map; so do the structs that are not
# private, the constants, and the errors.  No reference leads nowhere.
set -u
man=$SRC/docs/man
header=$SRC/include/boundpool.h
failed=0

same() { # WHAT ONE OTHER: two sorted lists
	[ -s "$2" ] && cmp -s "$2" "$3" && return
	echo "manual: $1 (< $2, > $3):" >&2
	diff "$2" "$3" >&2
	failed=1
}

# section NAME PAGE: its lines.
section() {
	awk -v name=".Sh $1" '/^\.Sh/ { on = $0 == name; next } on' "$2"
}

# ---- The header: one declaration a line, no comments, no directives ----------

awk '{
		line = $0
		out = ""
		while (line != "") {
			i = index(line, comment ? "*/" : "/*")
			if (!comment)
				out = out (i ? substr(line, 1, i - 1) : line)
			line = i ? substr(line, i + 2) : ""
			if (i)
				comment = !comment
		}
		print out
	}' "$header" |
	awk '/^[ \t]*#/ || more { more = /\\$/; next }
		!/^extern "C" \{/ && !/^\} *$/' | tr '\n\t' '  ' | tr -s ' ' |
	awk '{
		for (i = 1; i <= length($0); i++) {
			c = substr($0, i, 1)
			depth += (c == "{") - (c == "}")
			if (c == ";" && depth == 0) {
				sub(/^ /, "", text)
				print text
				text = ""
			} else
				text = text c
		}
	}' >declared
grep -E '[ *]bpool_[a-z_]+\([^()]*\)$' declared >header.prototypes
sed -n 's/^#define BPOOL_TYPED(.*/BPOOL_TYPED(fn, (type, name), ...)/p' \
	"$header" >>header.prototypes
sort -o header.prototypes header.prototypes

# ---- The SYNOPSIS, as C -----------------------------------------------------

synopsis() { # PAGE
	section SYNOPSIS "$1" | awk '
		function show() {
			print type (type == "" || type ~ /\*$/ ? "" : " ") \
				name "(" args ")"
			type = ""
		}
		/^\.Ft/ { type = substr($0, 5) }
		/^\.F[no]/ {
			name = $2
			args = $0
			sub(/^\.F[no] [^ ]+ ?/, "", args)
			gsub(/" "/, ", ", args)
			gsub(/"/, "", args)
		}
		/^\.Fa/ {
			gsub(/^\.Fa "|"$/, "")
			args = args (args == "" ? "" : ", ") $0
		}
		/^\.Fn/ || /^\.Fc/ { show() }'
}

names() { # of prototypes
	sed -nE 's/^.*(bpool|BPOOL)(_[A-Za-z_]+)\(.*/\1\2/p' | sort
}

: >places
for file in "$man"/bpool_*.3; do
	page=$(basename "$file" .3)
	synopsis "$file" >"$page.prototypes"
	names <"$page.prototypes" >"$page.functions"
	sed "s/\$/ $page/" "$page.functions" >>places
	section NAME "$file" | sed -n 's/^\.Nm \([A-Za-z_]*\).*/\1/p' |
		sort >"$page.names"
	same "functions in the SYNOPSIS and the NAME of $page(3)" \
		"$page.functions" "$page.names"
done
sort -o places places
sort bpool_*.prototypes >man.prototypes
same 'functions of boundpool.h and of the pages' header.prototypes \
	man.prototypes

sed -n 's/^\t\(bpool_[a-z_]*\);$/\1/p' "$SRC/lib/boundpool.map" | sort >mapped
grep -v -e ^typedef -e ^BPOOL_ header.prototypes | names >header.functions
same 'functions of boundpool.h and of boundpool.map' header.functions mapped

sed -n 's/^\.It Fn \([A-Za-z_]*\) Ta Xr \([a-z_]*\) 3 Ta .*/\1 \2/p' \
	"$man/boundpool.3" | sort >table
same 'places of the functions and the table of boundpool(3)' places table

# ---- Structs and constants ----------------------------------------------------

# Those that are the caller's memory are private, and what they are made of.
grep '^struct [a-z_]* {' declared |
	grep -vE '^struct bpool_(link|future|group) ' | sort >header.structs
for file in "$man"/bpool_*.3; do
	awk '/^\.Sh/ { on = !/EXAMPLES/ }
		/^\.Ed/ { inside = 0 }
		inside && on && /^struct [a-z_]+ \{/ { text = "" }
		inside && on { text = text $0 " " }
		inside && on && /^\};/ { print text }
		/^\.Bd -literal/ { inside = 1 }' "$file"
done | tr -s '\t ' ' ' | sed 's/; *$//' | sort >man.structs
same 'structs of boundpool.h and of the pages' header.structs man.structs

{
	sed -nE 's/^#define (BPOOL_[A-Z_]*[A-Z]) .*/\1/p' "$header"
	sed -n 's/^enum [a-z_]* {\(.*\)}$/\1/p' declared | grep -o 'BPOOL_[A-Z_]*'
} | sort >header.constants
cat "$man"/bpool_*.3 | sed -nE 's/^\.(It )?Dv (BPOOL_[A-Z_]*).*/\2/p' |
	sort -u >man.constants
same 'constants of boundpool.h and of the pages' header.constants man.constants

# ---- Errors -------------------------------------------------------------------

# "listed F E": the comment above F lists -E; "said F E": the comment has it
# somewhere; "like F G": it speaks of G, whose errors F may have.
awk '/^ *\/\*/ { n = 0 }
	/^ *\/\*/, /\*\// {
		rest = $0
		if (match(rest, /^ \* -E[A-Z0-9]+/))
			what[n++] = "listed " substr(rest, RSTART + 4, RLENGTH - 4)
		while (match(rest, /-E[A-Z0-9]+|bpool_[a-z_]+\(\)/)) {
			found = substr(rest, RSTART, RLENGTH)
			what[n++] = found ~ /^-/ ? "said " substr(found, 2) : \
				"like " substr(found, 1, RLENGTH - 2)
			rest = substr(rest, RSTART + RLENGTH)
		}
		next
	}
	match($0, /^[a-z].*bpool_[a-z_]+\(/) {
		name = $0
		sub(/\(.*/, "", name)
		sub(/.*[ *]/, "", name)
		for (i = 0; i < n; i++) {
			split(what[i], word, " ")
			print word[1], name, word[2]
		}
	}' "$header" >header.errors
for file in "$man"/bpool_*.3; do
	section ERRORS "$file" | awk '
		/^\.Bl/ { list = 1 }
		/^\.El/ { list = n = 0 }
		/^\.Pp/ && !list { n = 0 }
		/^\.Fn/ && !list { name[n++] = $2 }
		/^\.It Bq Er/ {
			for (k = 4; k <= NF; k++)
				for (i = 0; $k ~ /^-E/ && i < n; i++)
					print name[i], substr($k, 2)
		}'
done | sort -u >man.errors
if [ "$(grep -c ^listed header.errors)" -lt 40 ] || ! [ -s man.errors ]; then
	echo 'manual: the errors were not found' >&2
	failed=1
fi
sed -n 's/^listed //p' header.errors | sort -u >header.listed
missing=$(comm -23 header.listed man.errors)
[ -z "$missing" ] || {
	echo "manual: errors of boundpool.h that no page lists: $missing" >&2
	failed=1
}
# Nor any that the header does not speak of, or a function that it names there;
# a deadline that is no time is -EINVAL.
more=$(awk 'FILENAME == "man.errors" { has[$0]; next }
	$1 == "said" { may[$2 " " $3] }
	$1 == "like" { from[++n] = $2; to[n] = $3 }
	END {
		do {
			grew = 0
			for (i = 1; i <= n; i++)
				for (each in may)
					if (split(each, word, " ") &&
					    word[1] == to[i] &&
					    !((from[i] " " word[2]) in may)) {
						add[from[i] " " word[2]]
						grew = 1
					}
			for (each in add)
				may[each]
		} while (grew)
		for (each in has)
			if (!(each in may) && each !~ / EINVAL$/)
				print each
	}' man.errors header.errors)
[ -z "$more" ] || {
	echo "manual: errors that boundpool.h does not have: $more" >&2
	failed=1
}

# ---- References -----------------------------------------------------------------

for file in "$man"/*.[13]; do
	page=$(basename "$file")
	echo "$page"
	[ "${page#bpool_}" = "$page" ] ||
		sed 's/$/.3/' "${page%.3}.names"
done | sort -u >known
nowhere=$(sed -nE 's/^.*Xr ((bpool|BPOOL|boundpool)[A-Za-z_-]*) ([13]).*/\1.\3/p' \
	"$man"/*.[13] | sort -u | comm -23 - known)
[ -z "$nowhere" ] || {
	echo "manual: references to no page: $nowhere" >&2
	failed=1
}
exit $failed
