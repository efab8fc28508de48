# SPDX-License-Identifier: MIT
set -eu
rc=0
echo '-c "x"' | "$BPOOL" 2>err || rc=$?
grep -E -e '-c.*(not found|Permission denied)' err
