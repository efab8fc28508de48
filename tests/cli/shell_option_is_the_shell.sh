# SPDX-License-Identifier: MIT
set -eu
printf '#!/bin/sh\necho "$1" with\n' >shell
chmod +x shell
[ "$(echo 'a; b' | "$BPOOL" --shell ./shell)" = '-c with' ]
[ "$(echo 'a; b' | "$BPOOL" --shell=./shell)" = '-c with' ]
rc=0
echo 'a; b' | "$BPOOL" --shell ./nosuch 2>err || rc=$?
[ $rc = 127 ]
grep './nosuch: No such file' err
