# SPDX-License-Identifier: MIT
# A credentials file, which has a user's JWT and its seed, lets in whom an account of the
# server's operator has signed, and nobody else.
. "$SRC/tests/queue/common"
if ! command -v openssl >/dev/null; then
	echo 'skipped: openssl is not installed'
	exit 77
fi
for name in operator system account user stranger; do
	openssl genpkey -algorithm ed25519 -out $name.pem
done
# An operator signs an account, which signs users; keys as in key_lets_in.
cat >sign <<'EOF'
import base64, binascii, json, subprocess

def text(data):
    return base64.b32encode(data + binascii.crc_hqx(data, 0).to_bytes(2, "little")
                            ).decode().rstrip("=")

class Key:
    def __init__(self, name, prefix):
        def der(*options):
            return subprocess.run(
                ["openssl", "pkey", "-in", name + ".pem", "-outform", "DER", *options],
                check=True, stdout=subprocess.PIPE).stdout[-32:]
        self.name = name
        self.public = text(bytes([prefix]) + der("-pubout"))
        self.seed = text(bytes([18 << 3 | prefix >> 5, (prefix & 31) << 3]) + der())

    def jwt(self, of, nats):
        """What this says of that one."""
        def part(data):
            return base64.urlsafe_b64encode(data).rstrip(b"=")
        claims = {"jti": "x", "iat": 1700000000, "iss": self.public, "sub": of.public,
                  "name": of.name, "nats": dict(nats, version=2)}
        body = (part(b'{"typ":"JWT","alg":"ed25519-nkey"}') + b"." +
                part(json.dumps(claims).encode()))
        with open("body", "wb") as file:
            file.write(body)
        signature = subprocess.run(
            ["openssl", "pkeyutl", "-sign", "-inkey", self.name + ".pem", "-rawin",
             "-in", "body"], check=True, stdout=subprocess.PIPE).stdout
        return (body + b"." + part(signature)).decode()

operator = Key("operator", 14 << 3)
system, account = Key("system", 0), Key("account", 0)
user, stranger = Key("user", 20 << 3), Key("stranger", 20 << 3)
base = dict(dict.fromkeys(["subs", "data", "payload", "imports", "exports", "conn",
                           "leaf"], -1), wildcards=True)
stores = dict.fromkeys(["mem_storage", "disk_storage", "streams", "consumer"], -1)
with open("nats-server.conf", "w") as file:
    file.write('listen: 127.0.0.1:-1\njetstream { store_dir: "server" }\n'
               'authorization { timeout: 30 }\n'
               f'operator: {operator.jwt(operator, {"type": "operator"})}\n'
               f"system_account: {system.public}\nresolver: MEMORY\nresolver_preload: {{\n"
               + "".join(f"{a.public}: {operator.jwt(a, what)}\n" for a, what in (
                   (system, {"type": "account", "limits": base}),
                   (account, {"type": "account", "limits": dict(base, **stores)})))
               + "}\n")

def creds(name, signer, of, seed):
    with open(name, "w") as file:
        file.write("-----BEGIN NATS USER JWT-----\n" +
                   signer.jwt(of, {"type": "user", "subs": -1, "data": -1,
                                   "payload": -1}) +
                   "\n------END NATS USER JWT------\n\n"
                   "-----BEGIN USER NKEY SEED-----\n" + seed +
                   "\n------END USER NKEY SEED------\n")
creds("user.creds", account, user, user.seed)
creds("forged.creds", stranger, stranger, stranger.seed)
creds("stolen.creds", account, user, stranger.seed)
EOF
python3 sign
chmod 600 *.creds
server_start -c nats-server.conf
"$QUEUE" init --stream S --creds user.creds
"$QUEUE" limit --stream S --class c -N 2 --creds user.creds
"$QUEUE" work --stream S --class c --creds user.creds -- echo &
worker=$!
[ "$(echo hello | "$QUEUE" submit --stream S --class c --wait -q \
	--creds user.creds)" = hello ]
kill -TERM $worker
wait $worker
for creds in '' '--creds forged.creds' '--creds stolen.creds'; do
	rc=0
	# shellcheck disable=SC2086
	"$QUEUE" status --stream S $creds >out 2>err || rc=$?
	[ $rc = 1 ]
	grep -i 'authorization' err || { cat err; exit 1; }
done
chmod 644 user.creds
rc=0
"$QUEUE" status --stream S --creds user.creds 2>err || rc=$?
[ $rc = 1 ]
grep 'user.creds: others can read it' err
rc=0
"$QUEUE" status --stream S --creds none.creds 2>err || rc=$?
[ $rc = 1 ]
grep 'none.creds: No such file' err
