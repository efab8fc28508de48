# SPDX-License-Identifier: MIT
set -eu
"$BPOOL" </dev/null >out 2>&1
"$BPOOL" -0 echo </dev/null >>out 2>&1
[ ! -s out ]
