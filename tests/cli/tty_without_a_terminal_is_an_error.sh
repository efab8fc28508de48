# SPDX-License-Identifier: MIT
# Nothing runs.
set -eu
. "$SRC/tests/keyboard.sh"
python3 -c 'import os, sys
os.fork() and sys.exit(os.WEXITSTATUS(os.wait()[1]))
os.setsid()
os.execvp(sys.argv[1], sys.argv[1:])' "$BPOOL" --tty 'echo ran {}' ::: 1 \
	>out 2>err && exit 1
[ $? = 1 ]
[ ! -s out ]
grep '^bpool: --tty: there is no controlling terminal$' err
