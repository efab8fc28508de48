# SPDX-License-Identifier: MIT
# Another program may leave the pipe non-blocking; its reader is slow.
set -eu
command -v python3 >/dev/null || { echo "no python3"; exit 77; }
cat >run.py <<'P'
import fcntl, os, subprocess, sys
r, w = os.pipe()
fcntl.fcntl(w, fcntl.F_SETFL, os.O_NONBLOCK)
p = subprocess.Popen([os.environ['BPOOL']], stdin=subprocess.PIPE, stdout=w)
os.close(w)
p.stdin.write(b'head -c 2000000 /dev/zero; :\n')
p.stdin.close()
n = 0
while True:
    data = os.read(r, 65536)
    if not data:
        break
    n += len(data)
sys.exit(not (n == 2000000 and p.wait() == 0))
P
python3 run.py
