# SPDX-License-Identifier: MIT
set -eu
"$BPOOL" --version | grep -E '^bpool [0-9]+\.[0-9]+\.[0-9]+$'
