# SPDX-License-Identifier: MIT
# However many lines there are, submit holds no more of them than are on their way.
. "$SRC/tests/queue/common"
case ${SAN-} in
?*)
	echo 'skipped: sanitizers keep freed memory'
	exit 77
	;;
esac
server_start
queue 5
# most_kb COMMAND...: VmHWM, when it has ended.
cat >most_kb <<'EOF'
import re, subprocess, sys, time
process = subprocess.Popen(sys.argv[1:], stdin=sys.stdin, stdout=subprocess.DEVNULL)
most = 0
while process.poll() is None:
    try:
        with open(f"/proc/{process.pid}/status") as file:
            most = max([most] + [int(kb) for kb in
                                 re.findall(r"VmHWM:\s+(\d+)", file.read())])
    except OSError:
        pass
    time.sleep(0.002)
assert process.returncode == 0
print(most)
EOF
# Of each its message, 154 bytes and more, would be 60 MB besides; the client's library lets
# go of them when it comes to it, which on a machine with other work is late now and then,
# but not each time.
for i in 1 2 3 4 5; do
	many=$(seq 400000 | python3 most_kb "$QUEUE" submit --stream S --class c -q)
	echo "$many KiB for 400,000 lines"
	[ "$many" -gt 1000 ]
	[ "$many" -ge 56000 ] || exit 0
done
exit 1
