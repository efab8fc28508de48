# SPDX-License-Identifier: MIT
# A script without #! is the shell's to run, as it always was.
set -eu
echo 'echo ran "$1"' >script
chmod +x script
[ "$(echo './script x' | "$BPOOL")" = 'ran x' ]
