#!/bin/sh
# SPDX-License-Identifier: MIT
#
# The tasks of the file `tasks', done by bpool and, where they are installed,
# by xargs, xe and GNU parallel, each in a new directory; what comes of it is
# compared with what a plain loop does.  From the top of the source tree,
# after make:
#
#	docs/examples/everyday/run.sh [bpool] [xargs] [xe] [parallel]
#
# BUILD is the build directory (default: build), V=1 shows what differs.  Fails
# if bpool's results differ; the others' are told.
set -u

die() {
	echo "everyday/run.sh: $*" >&2
	exit 1
}

here=$(cd "$(dirname "$0")" && pwd) || die "where am I?"
build=$(cd "${BUILD:-build}" && pwd) || die "no build directory"
scratch=$(mktemp -d) || die "no scratch directory"
server=
trap '[ -z "$server" ] || kill "$server"; rm -rf "$scratch"' EXIT
trap 'exit 1' HUP INT TERM
cd "$scratch" || die "cannot enter $scratch"

# What the caller has set up for git, curl or parallel is no matter here.
mkdir bin home
PATH=$scratch/bin:$PATH
export HOME="$scratch/home" LC_ALL=C no_proxy='*' NO_PROXY='*'
export GIT_CONFIG_NOSYSTEM=1 GIT_AUTHOR_NAME=A GIT_COMMITTER_NAME=A
export GIT_AUTHOR_EMAIL=a@example.org GIT_COMMITTER_EMAIL=a@example.org
unset PARALLEL GIT_DIR GIT_WORK_TREE TASK
ln -s "$build/bpool" bin/bpool

# Something else may be called so, or stand in for it.
for convert in convert /usr/bin/convert; do
	echo 'P5 1 1 255 x' >one.pgm
	! "$convert" one.pgm -resize 50% two.pgm 2>/dev/null ||
		ln -sf "$(command -v $convert)" bin/convert
	[ ! -e bin/convert ] || break
done
[ -e bin/convert ] || ln -s /bin/false bin/convert

# A server of four pages, on the loopback device.
if command -v curl >/dev/null && command -v python3 >/dev/null; then
	mkdir www
	for page in 1 2 3 'a b'; do
		echo "this is $page" >"www/page$page"
	done
	python3 -u -m http.server --bind 127.0.0.1 --directory www 0 \
		>server 2>/dev/null &
	server=$!
	until [ -s server ]; do
		kill -0 "$server" 2>/dev/null || die "the server does not start"
		sleep 0.05
	done
	PORT=$(sed 's/.* port \([0-9]*\) .*/\1/' server)
	SERVER=http://127.0.0.1:$PORT
	export PORT SERVER
fi

is_there() {
	case $1 in
	server) [ -n "$server" ] ;;
	convert) [ "$(readlink bin/convert)" != /bin/false ] ;;
	parallel) parallel --version 2>/dev/null | grep -q '^GNU parallel' ;;
	*) command -v "$1" >/dev/null ;;
	esac
}

# field NUMBER KEY: what stands there in that task.
field() {
	awk -v number="$1" -v key="$2:" '
		/^#/ || /^$/ { next }
		/^[^ \t]/ { on = 0 }
		/^task:/ { n++ }
		n != number { next }
		on { sub(/^[ \t]/, ""); print; next }
		index($0, key) == 1 {
			on = 1
			print substr($0, length(key) + 2)
		}' "$here/tasks"
}

# by TOOL NUMBER: the task's result, to TOOL.result.
by() {
	rm -rf work
	mkdir work
	(cd work && field "$2" make >../make && sh ../make) ||
		die "cannot make what there is to work on: $(field "$2" task)"
	field "$2" "$1" >form
	field "$2" show >show
	(
		cd work || exit
		rc=0
		sh ../form >../printed 2>../"$1.errors" </dev/null || rc=$?
		if [ "$(field "$2" order)" = any ]; then
			sort ../printed
		else
			cat ../printed
		fi
		echo "status $rc"
		sh ../show
	) >"$1.result"
}

# tell TOOL: how its result compares.
tell() {
	if cmp -s serial.result "$1.result"; then
		printf ' %s: same.' "$1"
		return
	fi
	printf ' %s: DIFFERS.' "$1"
	[ "$1" != bpool ] || failed=$((failed + 1))
	differs="$differs $1"
}

failed=0
tools=
for tool in ${*:-bpool xargs xe parallel}; do
	if is_there "$tool"; then
		tools="$tools $tool"
	else
		echo "$tool is not here"
	fi
done
n=$(grep -c '^task:' "$here/tasks")
number=0
while [ $number -lt "$n" ]; do
	number=$((number + 1))
	printf '%d. %s:' $number "$(field $number task)"
	for need in $(field $number needs); do
		is_there "$need" || {
			echo " left out, there is no $need"
			continue 2
		}
	done
	by serial $number
	differs=
	for tool in $tools; do
		by "$tool" $number
		tell "$tool"
	done
	echo
	for tool in $differs; do
		[ -n "${V-}" ] || [ "$tool" = bpool ] || continue
		diff serial.result "$tool.result"
		head -n 5 "$tool.errors"
	done
done
[ $failed = 0 ]
