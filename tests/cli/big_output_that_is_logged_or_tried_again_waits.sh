# SPDX-License-Identifier: MIT
# Whose output may be dropped yet, or would be half there without a record if bpool
# were killed, is printed when it has ended.
set -eu
cat >job <<'S'
head -c 3000000 /dev/zero
sleep 0.2
[ ! -s out ] || echo early >seen
[ $BPOOL_ATTEMPT = $LAST ]
S
waits() { # ATTEMPTS OPTION...
	rm -f out seen
	export LAST="$1"
	shift
	echo 1 | "$BPOOL" -k "$@" sh job >out
	[ ! -e seen ]
	[ "$(wc -c <out)" = 3000000 ]
}
waits 1 --joblog log
waits 2 --retries 2 --backoff 1ms
# There is something to see.
rm -f out
echo 1 | LAST=1 "$BPOOL" -k sh job >out
[ -e seen ]
