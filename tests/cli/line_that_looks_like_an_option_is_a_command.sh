# SPDX-License-Identifier: MIT
set -eu
rc=0
echo '-c "x"' | "$BPOOL" 2>err || rc=$?
grep -e '-c.*not found' err
