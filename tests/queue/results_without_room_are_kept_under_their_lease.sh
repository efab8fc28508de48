# SPDX-License-Identifier: MIT
# Where the server has no room for results, that is said, nothing is lost, and the class
# stands still until there is room.
. "$SRC/tests/queue/common"
cat >small.conf <<EOF
listen: 127.0.0.1:-1
jetstream { store_dir: "store", max_file_store: 3MB }
EOF
server_start -c small.conf
sed -i 's/3MB/1GB/; s/:-1/:'"$port/" small.conf
queue 3 --lease 9s --attempts 30
cat >job <<'EOF'
echo $1 >>runs
head -c 700000 /dev/zero | tr '\0' x
echo $1
EOF
work errors -j3 -- sh "$PWD/job"
seq 8 | "$QUEUE" submit --stream S --class c --batch b -q >name
until grep -q 'a result cannot be stored, trying again' errors; do
	sleep 0.05
done
# For longer than a lease.
sleep 11
[ "$("$QUEUE" results --stream S --batch b 2>/dev/null | wc -l)" -lt 8 ]
ran=$(wc -l <runs)
[ "$ran" -le $((8 + $(leases_lost errors))) ]
server_stop TERM
server_start -c small.conf
"$QUEUE" results --stream S --batch b --follow -k >out
python3 -c 'for n in range(1, 9): print("x" * 700000 + str(n))' | cmp - out
[ "$(grep -c 'a result cannot be stored' errors)" -le 8 ]
[ "$(sort -u runs | wc -l)" = 8 ]
# What was held when the server was started anew may have run twice.
[ "$(wc -l <runs)" -le $((11 + $(leases_lost errors))) ]
kill -TERM $worker
wait $worker
