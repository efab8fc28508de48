# SPDX-License-Identifier: MIT
# In all forms: {.} {/} {//} {/.}, as basename and dirname have them.
set -eu
cat >expected <<'E'
[d/a.tar.gz] [d/a.tar] [a.tar.gz] [d] [a.tar]
[plain] [plain] [plain] [.] [plain]
[/x.y/z] [/x.y/z] [z] [/x.y] [z]
[dir.d/] [dir.d/] [dir.d] [.] [dir]
[d/.rc] [d/.rc] [.rc] [d] [.rc]
[end.] [end.] [end.] [.] [end.]
[/] [/] [/] [/] [/]
[] [] [] [.] []
[a b/c d.e f] [a b/c d] [c d.e f] [a b] [c d]
E
sed 's/^\[\([^]]*\)\].*/\1/' expected >in
set -- '[{}] [{.}] [{/}] [{//}] [{/.}]'
"$BPOOL" -k printf '%s\n' "$1" <in | cmp - expected
"$BPOOL" -k "printf '%s\n' \"$1\"" <in | cmp - expected
"$BPOOL" -k "x={}; y={.}; printf '[%s] [%s] [%s] [%s] [%s]\n' \"\$x\" \"\$y\" {/} {//} {/.}" <in | cmp - expected
"$BPOOL" -k -I @ printf '%s\n' '[@] [{.}] [{/}] [{//}] [{/.}] {}' <in |
	sed 's/ {}$//' | cmp - expected
# Where lines are commands, nothing stands for anything.
echo 'echo {} {/} {#}' | "$BPOOL" | grep -xF '{} {/} {#}'
