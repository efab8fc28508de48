#!/bin/sh
# SPDX-License-Identifier: MIT
#
# 200 requests to a server that answers 429 above five at a time
# (server.py): five at a time by the library (get.c) and by the command, and
# none is refused; sixty-four at a time by both, and some are; and so by the
# command with bpool-curl, which tries again what was refused, until all are
# served; and with -j auto, which finds out what the server takes.  From the top of the source tree, after make check or make
# build/examples/http-get:
#
#	docs/examples/http/run.sh [library] [command] [retries] [auto]
#
# BUILD is the build directory (default: build).  Exits with 0 if all went
# well, 77 if something it needs is missing.
set -u

die() {
	echo "http/run.sh: $*" >&2
	exit 1
}

build=$(cd "${BUILD:-build}" && pwd) || die "no build directory"
here=$(cd "$(dirname "$0")" && pwd) || die "where am I?"
for needed in python3 curl; do
	command -v $needed >/dev/null || {
		echo "http/run.sh: skipped: there is no $needed" >&2
		exit 77
	}
done

server= port=
scratch=$(mktemp -d) || die "no scratch directory"
trap 'server_stop; rm -rf "$scratch"' EXIT
trap 'exit 1' HUP INT TERM
cd "$scratch" || die "cannot enter $scratch"
mkfifo port || die "cannot make a fifo"

# server_start GATE: until so many requests have come, none is answered.
server_start() {
	python3 "$here/server.py" "$1" >port &
	server=$!
	read -r port <port || die "the server does not start"
}

server_stop() {
	[ -z "$server" ] && return
	kill "$server" 2>/dev/null
	wait "$server" 2>/dev/null
	server=
}

by_library() { # AT_ONCE
	"$build/examples/http-get" -j "$1" -n 200 "$port"
}

by_command() { # AT_ONCE
	seq 200 | "$build/bpool" -j"$1" curl -sSf --noproxy '*' \
		-o /dev/null "http://127.0.0.1:$port/{}"
}

by_retries() { # AT_ONCE
	seq 200 | "$build/bpool" -j"$1" --retries 1 --backoff 20ms..1s \
		"$here/bpool-curl" "http://127.0.0.1:$port/{}" /dev/null \
		--noproxy '*'
}

by_auto() { # AT_ONCE, at most
	seq 200 | "$build/bpool" -j"auto:$1" --retries 1 --summary \
		"$here/bpool-curl" "http://127.0.0.1:$port/{}" /dev/null \
		--noproxy '*'
}

# expect STATUS RUN AT_ONCE GATE PEAK REFUSED SERVED: run it against a new server;
# PEAK and REFUSED are conditions on what the server counted; SERVED is the
# least.
expect() {
	server_start "$4"
	"$2" "$3" >out 2>err
	status=$?
	stats=$(curl -sS --noproxy '*' "http://127.0.0.1:$port/stats") ||
		die "the server does not answer"
	server_stop
	peak=$(printf '%s' "$stats" | sed 's/.*"peak": \([0-9]*\).*/\1/')
	refused=$(printf '%s' "$stats" | sed 's/.*"refused": \([0-9]*\).*/\1/')
	served=$(printf '%s' "$stats" | sed 's/.*"served": \([0-9]*\).*/\1/')
	echo "$2 -j$3: peak $peak, served $served, refused $refused," \
		"exit status $status"
	# shellcheck disable=SC2086 # two words each
	[ "$status" -eq "$1" ] && [ "$peak" $5 ] && [ "$refused" $6 ] &&
		[ "$served" -ge "$7" ] && return
	cat out err >&2
	die "should be: exit status $1, peak $5, refused $6, served $7 at least"
}

for by in ${*:-library command retries auto}; do
	case $by in
	library) some_fail=1 ;;
	command) some_fail=123 ;;
	retries)
		expect 0 by_retries 64 6 '-gt 5' '-gt 0' 200
		continue
		;;
	auto)
		expect 0 by_auto 64 1 '-ge 1' '-lt 50' 200
		grep 'j auto: [0-9]* at once in the end' err ||
			die "it does not say what it found"
		continue
		;;
	*) die "$by: neither library nor command nor retries nor auto" ;;
	esac
	expect 0 "by_$by" 5 5 '-eq 5' '-eq 0' 200
	expect $some_fail "by_$by" 64 6 '-gt 5' '-gt 0' 6
done
