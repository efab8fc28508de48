# SPDX-License-Identifier: MIT
# With the configuration of docs/examples/queue: over TLS each of the three roles does
# its part, and what it may not do says so, and not that time has run out.  A server
# that is not who it should be is told, and so is a password that others can read.
. "$SRC/tests/queue/common"
if ! command -v openssl >/dev/null; then
	echo 'skipped: openssl is not installed'
	exit 77
fi
case ${SAN-} in
*thread*)
	# The client reads and writes on two threads, and OpenSSL is not made for that.
	echo 'skipped: not under sanitizers of threads, which see into the client'"'"'s TLS'
	exit 77
	;;
esac
# A certificate for localhost alone, of an authority of its own.
openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.crt -days 2 \
	-subj '/CN=test authority' 2>log
openssl req -newkey rsa:2048 -nodes -keyout server.key -out server.csr \
	-subj '/CN=localhost' 2>log
echo 'subjectAltName=DNS:localhost' >names
openssl x509 -req -in server.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 2 \
	-extfile names -out server.crt 2>log
# Whoever is slow to say who it is has time for that.
sed 's/^listen: .*/listen: 127.0.0.1:-1/; s/^\(tls\|authorization\) {$/&\n\ttimeout: 30/' "$SRC/docs/examples/queue/nats-server.conf" \
	>nats-server.conf
export ADMIN_PASSWORD=a SUBMIT_PASSWORD=s WORK_PASSWORD=w
server_start -c nats-server.conf
unset NATS_URL ADMIN_PASSWORD SUBMIT_PASSWORD WORK_PASSWORD
url=nats://localhost:$port
for role in admin submit work; do
	echo ${role%${role#?}} >$role.password
done
chmod 600 *.password
# as ROLE WORD OPTION...
as() {
	role=$1 word=$2
	shift 2
	# shellcheck disable=SC2086 # "dlq list" are two
	"$QUEUE" $word --nats "$url" --ca ca.crt --stream Q --user $role \
		--password-file $role.password --inbox "_$(echo $role | tr a-z A-Z)" "$@"
}
again as admin init
again as admin limit --class c -N 2 --rate 100/s
again as admin limit --class pauses -N 1
"$QUEUE" work --nats "$url" --ca ca.crt --stream Q --user work --inbox _WORK \
	--password-file work.password --class c -j2 -- \
	sh -c '[ $1 != 3 ] || exit 3; seq $(($1 * 150000))' x 2>errors &
worker=$!
rc=0
seq 4 | as submit submit --class c --batch b -q --wait -k --retries 2 --backoff 1ms \
	>out 2>err || rc=$?
[ $rc = 123 ]
for n in 1 2 4; do
	seq $((n * 150000))
done | cmp - out
grep 'line 3: exit status 3: ' err
[ "$(wc -l <err)" = 1 ] || { cat err; exit 1; }
nothing_wrong errors
# Submitted again, all is found.
seq 4 | as submit submit --class c --batch b 2>err
grep '0 queued, 0 queued before, 4 done before' err
until as admin status --json >out && grep '"workers":1,.*"dead_letters":1,' out; do
	sleep 0.05
done
# A drain over roles too.
as admin drain --class c
as admin status | grep drained
as admin resume --class c
[ "$(as admin 'dlq list' | cut -f 1-3)" = "$(printf 'c\tb\t3')" ]
as admin 'dlq retry' 2>err
as submit results --batch b --follow >out 2>err || [ $? = 123 ]
# It is stored after its result.
until [ "$(as admin 'dlq list' | wc -l)" = 1 ]; do
	sleep 0.1
done
as admin 'dlq drop' 2>err
as admin janitor
# refused ROLE WHAT COMMAND...
refused() {
	who=$1 what=$2
	shift 2
	rc=0
	as $who "$@" </dev/null >out 2>err || rc=$?
	[ $rc = 1 ]
	grep -i "permissions violation for publish to .*$what" err || {
		cat err
		exit 1
	}
}
refused submit 'STREAM.INFO' init
refused submit 'STREAM.INFO' limit --class c -N 50
refused work 'STREAM.INFO' limit --class c -N 50
refused work 'Q.batch.x' submit --class c --batch x
refused submit 'CONSUMER' 'dlq drop'
refused submit 'Q.class.c.drain' drain --class c
refused work 'Q.class.c.drain' drain --class c
[ "$(as admin status --json | sed -n '/"class":"c"/s/.*"bound":\([0-9]*\).*/\1/p')" = 2 ]
# A pause that a job asks for over roles.
"$QUEUE" work --nats "$url" --ca ca.crt --stream Q --user work --inbox _WORK \
	--password-file work.password --class pauses -j1 -- \
	sh -c 'echo retry-after 100 >&$BPOOL_FEEDBACK; exit 1' x 2>other &
other=$!
echo once | as submit submit --class pauses -q >name
until as admin status | grep 'pauses  (paused for'; do
	sleep 0.05
done
kill -TERM $other
wait $other
kill -TERM $worker
wait $worker
nothing_wrong errors other
# Whoever it is not.
fails() {
	why=$1
	shift
	rc=0
	"$@" >out 2>err || rc=$?
	[ $rc = 1 ]
	grep -i "$why" err || { cat err; exit 1; }
}
echo wrong >submit.password
fails 'authorization' as submit results --batch b
echo s >submit.password
chmod 644 submit.password
fails 'others can read it' as submit results --batch b
chmod 600 submit.password
url=nats://127.0.0.1:$port
fails 'ssl\|certificate\|hostname' as submit results --batch b
url=nats://localhost:$port
openssl req -x509 -newkey rsa:2048 -nodes -keyout other.key -out ca.crt -days 2 \
	-subj '/CN=another' 2>log
fails 'ssl\|certificate' as submit results --batch b
