# SPDX-License-Identifier: MIT
# Four jobs hold three tokens when bpool is stopped: by a signal, by two, by a
# stdout that is full or that has lost its reader.
set -eu
mkfifo tokens
exec 3<>tokens
MAKEFLAGS=' -j4 --jobserver-auth=3,3'
export MAKEFLAGS

left() {
	dd if=tokens iflag=nonblock bs=100 2>/dev/null | fold -w 1 | sort |
		tr -d '\n'
}

cat >job <<'S'
: >here.$1
until [ -e here.4 ] && [ -e here.3 ] && [ -e here.2 ] && [ -e here.1 ]; do
	sleep 0.01
done
: >met
S
begin() {
	rm -f here.* met
	printf abc >&3
}

for sig in TERM INT HUP QUIT; do
	begin
	seq 4 | env --default-signal=INT,QUIT "$BPOOL" -j8 \
		'sh job {}; sleep 100' >out 2>err &
	pid=$!
	while [ ! -e met ]; do sleep 0.01; done
	kill -$sig $pid
	wait $pid && exit 1
	[ "$(left)" = abc ] || { echo "$sig: tokens"; exit 1; }
done

# Nobody reads its output, so its workers are stuck in what they print: at the
# second signal bpool dies without them.  A job that has printed more than a
# pipe holds has been read from.
mkfifo stdout
exec 4<>stdout
while dd if=/dev/zero of=stdout oflag=nonblock bs=4096 count=1 2>dd; do :; done
begin
seq 4 | "$BPOOL" -j8 --line-buffer --kill-after=1h '
	yes | head -c 66000
	sh job {}
	exec sleep 100' >stdout 2>err &
pid=$!
while [ ! -e met ]; do sleep 0.01; done
(while [ ! -e over ]; do kill -TERM $pid; sleep 0.1; done 2>/dev/null) &
rc=0
wait $pid || rc=$?
: >over
wait
[ $rc = 143 ]
[ "$(left)" = abc ] || { echo "twice: tokens"; exit 1; }

if [ -c /dev/full ]; then
	begin
	rc=0
	seq 4 | timeout 60 "$BPOOL" -j8 'sh job {}
		[ {} = 1 ] || sleep 100; echo x' >/dev/full 2>err || rc=$?
	[ $rc = 1 ]
	[ "$(left)" = abc ] || { echo "full: tokens"; exit 1; }
fi
begin
{
	seq 4 | timeout 60 "$BPOOL" -j8 'sh job {}
		[ {} -gt 2 ] && sleep 100; seq 100000' 2>err || echo $? >status
} | head -n 1
[ "$(cat status)" = 141 ]
[ "$(left)" = abc ] || { echo "reader gone: tokens"; exit 1; }
