# SPDX-License-Identifier: MIT
# Of three tokens that differ, none is lost or changed, however jobs end and
# whatever way the jobserver is told of.  Four jobs meet each time.
set -eu
mkfifo tokens
exec 3<>tokens

left() {
	dd if=tokens iflag=nonblock bs=100 2>/dev/null | fold -w 1 | sort |
		tr -d '\n'
}

cat >job <<'S'
: >here.$1
until [ -e here.4 ] && [ -e here.3 ] && [ -e here.2 ] && [ -e here.1 ]; do
	sleep 0.01
done
S

# with MAKEFLAGS STATUS COMMAND...: four jobs.
with() {
	flags=$1 want=$2
	shift 2
	rm -f here.*
	printf abc >&3
	rc=0
	seq 4 | MAKEFLAGS=$flags timeout 60 "$BPOOL" -j8 "$@" >out 2>err ||
		rc=$?
	[ $rc = $want ] || { echo "$flags: $*: $rc"; cat err; exit 1; }
	[ "$(left)" = abc ] || { echo "$flags: $*: tokens"; exit 1; }
}

auth=--jobserver-auth
with " -j4 $auth=3,3" 0 'sh job {}'
[ ! -s err ]
with "kn $auth=77,78 $auth=3,3 -- A=$auth=77,78" 0 'sh job {}'
[ ! -s err ]
with " -j $auth=3,3 --jobserver-fds=77,78" 0 'sh job {}'
with ' -j --jobserver-fds=3,3' 0 'sh job {}'
with " -j4 $auth=fifo:$PWD/tokens" 0 'sh job {}'
[ ! -s err ]
with " -j4 $auth=3,3" 0 -k 'sh job {}; echo {}'
with " -j4 $auth=3,3" 0 -u 'sh job {}; echo {}'
with " -j4 $auth=3,3" 123 'sh job {}; exit 3'
with " -j4 $auth=3,3" 123 'sh job {}; kill -9 $$'
with " -j4 $auth=3,3" 127 ./missing
with " -j4 $auth=3,3" 126 ./tokens
with " -j4 $auth=3,3" 0 --delay=1ms true
# A blank in the name has a backslash before it.
mkdir 'a b'
ln -s ../tokens 'a b/tokens'
with " $auth=fifo:$PWD/a\\ b/tokens -j4" 0 'sh job {}'
[ ! -s err ]
# The inherited descriptor still blocks: nobody made it otherwise.
grep '^flags:' /proc/self/fdinfo/3
[ "$(sed -n 's/^flags:.*\(.\)...$/\1/p' /proc/self/fdinfo/3)" = 0 ]
