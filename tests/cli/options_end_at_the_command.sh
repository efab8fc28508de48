# SPDX-License-Identifier: MIT
# What follows is the command's, and so is all after --.
set -eu
[ "$(echo x | "$BPOOL" -k echo -k --help -j)" = '-k --help -j x' ]
[ "$(echo x | "$BPOOL" -k -- echo --)" = '-- x' ]
[ "$(echo 'echo x' | "$BPOOL" -k --)" = x ]
rc=0
echo x | "$BPOOL" -- -k y 2>err || rc=$?
[ $rc = 127 ]
