# SPDX-License-Identifier: MIT
# bpool-curl tells what a service answers: by a curl that answers as it is told.
set -eu
mkdir bin
cat >bin/curl <<'EOF'
#!/bin/sh
# curl [OPTION...] -D HEAD -o BODY ... URL: its first answer is in the file
# `first`, each later one is 200.
while [ $# -gt 1 ]; do
	case $1 in
	-D) head=$2 ;;
	-o) body=$2 ;;
	esac
	shift
done
date +%s%N | cut -c1-13 >>at
if [ "$(wc -l <at)" -gt 1 ]; then
	echo fine >"$body"
	printf 'HTTP/1.1 200 OK\r\n\r\n' >"$head"
	printf 200
	exit
fi
sed 's/$/\r/' first >"$head"
sed -n 's/^HTTP[^ ]* \([0-9]*\).*/\1/p' first | tail -n 1 | tr -d '\n'
EOF
chmod +x bin/curl
PATH=$PWD/bin:$PATH
curl=$SRC/docs/examples/http/bpool-curl
# waited ANSWER...: how long, in ms, between the first attempt and the second.
waited() {
	printf '%s\n' "$@" >first
	rm -f at out
	echo http://one.example/ |
		"$BPOOL" --retries 2 --backoff 1ms "$curl" {} out
	[ "$(cat out)" = fine ]
	[ "$(wc -l <at)" = 2 ]
	echo $(($(tail -n 1 at) - $(head -n 1 at)))
}
[ "$(waited 'HTTP/1.1 429 Too Many Requests' 'Retry-After: 1')" -ge 1000 ]
[ "$(waited 'HTTP/2 503 ' 'retry-after: 1 ')" -ge 1000 ]
date=$(LC_ALL=C date -u -d '3 seconds' '+%a, %d %b %Y %H:%M:%S GMT')
waited 'HTTP/1.1 429 Too Many Requests' "Retry-After: $date" >/dev/null
[ "$(tail -n 1 at)" -ge "$(date -d "$date" +%s)000" ]
waited 'HTTP/1.1 503 Unavailable' >/dev/null
# What another answer says, which led to this one, is not meant.
[ "$(waited 'HTTP/1.1 302 Found' 'Retry-After: 250' '' \
	'HTTP/1.1 429 Too Many Requests')" -lt 250000 ]
# Anything else is a failure, and costs an attempt.
echo 'HTTP/1.1 404 Not Found' >first
rm -f at
rc=0
echo http://one.example/ | "$BPOOL" --retries 1 "$curl" {} out 2>err || rc=$?
[ $rc = 123 ]
grep 'http://one.example/: 404' err
# Without bpool it says so itself.
rm -f at
echo 'HTTP/1.1 429 Too Many Requests' >first
rc=0
"$curl" http://one.example/ out 2>err || rc=$?
[ $rc = 75 ]
grep 429 err
