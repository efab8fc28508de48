# SPDX-License-Identifier: MIT
# A public key, and its seed in a file, let in whom the server knows by that key.
. "$SRC/tests/queue/common"
if ! command -v openssl >/dev/null; then
	echo 'skipped: openssl is not installed'
	exit 77
fi
# As https://github.com/nats-io/nkeys writes keys: base 32 of a prefix, the key and a
# checksum.
for name in mine other; do
	openssl genpkey -algorithm ed25519 -outform DER -out $name.der
	openssl pkey -inform DER -in $name.der -pubout -outform DER -out $name.pub
	python3 - $name <<-'EOF'
	import base64, binascii, sys
	def write(name, prefix, key):
	    data = bytes(prefix) + key
	    check = binascii.crc_hqx(data, 0)
	    text = base64.b32encode(data + check.to_bytes(2, "little"))
	    open(name, "w").write(text.decode().rstrip("=") + "\n")
	name = sys.argv[1]
	USER, SEED = 20 << 3, 18 << 3
	write(name + ".nkey", [USER], open(name + ".pub", "rb").read()[-32:])
	write(name + ".seed", [SEED | USER >> 5, (USER & 31) << 3],
	      open(name + ".der", "rb").read()[-32:])
	EOF
	chmod 600 $name.seed
done
cat >nats-server.conf <<EOF
listen: 127.0.0.1:-1
jetstream { store_dir: "server" }
authorization { timeout: 30, users: [ { nkey: $(cat mine.nkey) } ] }
EOF
server_start -c nats-server.conf
"$QUEUE" init --stream S --nkey "$(cat mine.nkey)" --nkey-seed mine.seed
"$QUEUE" status --stream S --nkey "$(cat mine.nkey)" --nkey-seed mine.seed >out
for key in '' "--nkey $(cat other.nkey) --nkey-seed other.seed" \
	"--nkey $(cat mine.nkey) --nkey-seed other.seed"; do
	rc=0
	# shellcheck disable=SC2086
	"$QUEUE" status --stream S $key >out 2>err || rc=$?
	[ $rc = 1 ]
	grep -i 'authorization' err || { cat err; exit 1; }
done
rc=0
"$QUEUE" status --stream S --nkey "$(cat mine.nkey)" 2>err || rc=$?
[ $rc = 2 ]
grep -e '--nkey and --nkey-seed belong together' err
