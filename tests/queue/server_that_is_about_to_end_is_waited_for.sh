# SPDX-License-Identifier: MIT
# A server that ends says for a while that it has no JetStream, as one does that has it
# taken away: who is in the middle of a batch asks again until a server is there that
# has it, with the queue.
. "$SRC/tests/queue/common"
port=-1
# conf HOW: the account of all of them has JetStream enabled, or disabled.
conf() {
	cat >a.conf <<EOF
listen: 127.0.0.1:$port
jetstream { store_dir: "store" }
accounts { A: { jetstream: $1, users: [ { user: a, password: a } ] } }
no_auth_user: a
trace: true
EOF
}
conf enabled
server_start -c a.conf
queue 3
seq 5 | "$QUEUE" submit --stream S --class c --batch b -q >name
mkfifo lines
"$QUEUE" submit --stream S --class c --batch b -q <lines >name 2>err &
submit=$!
exec 3>lines
seq 6 >&3
until_is queued 6
conf disabled
kill -HUP $server
until grep -q 'Reloaded server configuration' server/log; do
	sleep 0.05
done
seq 7 8 >&3
# It is asked for 7, and once more after what it said to that.
until [ "$(grep -c 'MSG_PAYLOAD.*S\.res\.b\.7\.' server/log)" -ge 2 ]; do
	kill -0 $submit || { cat err; exit 1; }
	sleep 0.05
done
# Given back to this one, JetStream would be without its streams for a moment, and who
# is told that there is no queue ends.
server_stop KILL
conf enabled
server_start -c a.conf 3>&-
exec 3>&-
wait $submit || { cat err; exit 1; }
[ ! -s err ]
[ "$(status_of queued)" = 8 ]
