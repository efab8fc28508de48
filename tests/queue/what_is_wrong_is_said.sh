# SPDX-License-Identifier: MIT
# Names that are not there, a server that is not, and what makes no sense.
. "$SRC/tests/queue/common"
server_start
queue 3
# fails STATUS MESSAGE ARGUMENT...
fails() {
	expected=$1 message=$2
	shift 2
	rc=0
	"$QUEUE" "$@" </dev/null >out 2>err || rc=$?
	[ $rc = "$expected" ] || { echo "$*: $rc"; cat err; exit 1; }
	grep -F -- "bpool-queue: $message" err || { echo "$*"; cat err; exit 1; }
	[ "$(wc -l <err)" = 1 ]
	[ ! -s out ]
}
none='there is no such queue (see bpool-queue init)'
fails 1 "T: $none" status --stream T
fails 1 "c: $none" limit --stream T --class c -N 2
fails 1 "T: $none" submit --stream T --class c
fails 1 "T: $none" work --stream T --class c -- true
fails 1 'd: no such class (see bpool-queue limit)' submit --stream S --class d
fails 1 'd: no such class (see bpool-queue limit)' work --stream S --class d -- true
fails 1 'batch b: there is none of this name' results --stream S --batch b
fails 1 'nats://127.0.0.1:1: No server available for connection' \
	status --stream S --nats nats://127.0.0.1:1
help='(see bpool-queue --help)'
fails 2 "--stream: is needed $help" status
fails 2 "a b: a queue's name has" status --stream 'a b'
fails 2 "--class: is needed $help" work --stream S -- true
fails 2 "--class: takes 1 to 64 bytes $help" work --stream S --class '' -- true
fails 2 "work: needs a command $help" work --stream S --class c
fails 2 "--batch: is needed $help" results --stream S
fails 2 "-N: is needed $help" limit --stream S --class c
fails 2 '-N 0: not a number of jobs' limit --stream S --class c -N 0
fails 2 "--lease: 300ms is the least $help" limit --stream S --class c -N 1 --lease 1ms
fails 2 "--follow: no such option $help" work --stream S --class c --follow -- true
fails 2 "x: no such argument $help" status --stream S x
fails 2 "frob: no such command $help" frob
fails 2 'what is to be done?' --stream S
# A password on the command line is everybody's.
fails 2 '--nats: others see a password there; put it into $NATS_URL' \
	status --stream S --nats nats://u:secret@127.0.0.1:1
fails 2 '--nats: others see a password there; put it into $NATS_URL' \
	status --stream S --nats nats://127.0.0.1:1,u:secret@127.0.0.1:1/x
NATS_URL=nats://u:secret@127.0.0.1:1 fails 1 '127.0.0.1:1: ' status --stream S
! grep secret err || exit 1
# The lease is what workers know it as.
work errors -j1 -- true
until_is waiting 1
fails 1 '--lease: workers of this class know another; stop them first' \
	limit --stream S --class c -N 3 --lease 1m
"$QUEUE" limit --stream S --class c -N 4
[ "$(status_of bound)" = 4 ]
kill -TERM $worker
wait $worker
"$QUEUE" limit --stream S --class c -N 4 --lease 1m
[ "$(status_of lease)" = 60 ]
