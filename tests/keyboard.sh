# SPDX-License-Identifier: MIT
# For tests that type: terminal COMMAND STEP ..., see keyboard.py.
python3 -c 'import pty' 2>/dev/null || {
	echo 'no python3'
	exit 77
}
terminal() { python3 "$SRC/tests/keyboard.py" "$@"; }
