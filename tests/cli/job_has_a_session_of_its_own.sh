# SPDX-License-Identifier: MIT
# In /proc/PID/stat the sixth is the session.
set -eu
echo 'read -r _ _ _ _ _ sid _ </proc/$$/stat; [ $sid = $$ ]' | "$BPOOL"
