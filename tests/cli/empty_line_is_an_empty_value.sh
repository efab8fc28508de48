# SPDX-License-Identifier: MIT
# With a command, blank lines are values like others.
set -eu
printf 'a\n\n#b\n' | "$BPOOL" -k printf '<%s>\n' >out
printf '<a>\n<>\n<#b>\n' | cmp - out
