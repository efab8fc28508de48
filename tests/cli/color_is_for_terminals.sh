# SPDX-License-Identifier: MIT
# auto: at a terminal, unless NO_COLOR is set and not empty or the terminal is
# dumb; always and never are what they say.
set -eu
command -v python3 >/dev/null || { echo "no python3"; exit 77; }
unset NO_COLOR || :
run() { "$@" || :; }
colored() { grep -q "$(printf '\033\[31mexit status 3\033\[0m')" "$1"; }
echo 'exit 3' >in
run "$BPOOL" -a in 2>err
! colored err || exit 1
run "$BPOOL" -a in --color=always 2>err
colored err
NO_COLOR=1 run "$BPOOL" -a in --color=always 2>err
colored err
t() { run python3 "$SRC/tests/terminal.py" 80 both "$@"; }
t "$BPOOL" -a in
colored bytes
NO_COLOR= t "$BPOOL" -a in
colored bytes
NO_COLOR=1 t "$BPOOL" -a in
! colored bytes || exit 1
t env TERM=dumb "$BPOOL" -a in
! colored bytes || exit 1
t "$BPOOL" -a in --color=never
! colored bytes || exit 1
# The tag is a name too, and -v shows one.
t "$BPOOL" -v --tag echo ::: x
grep -q "$(printf '\033\[35mx\033\[0m\tx')" bytes
grep -q "$(printf '\033\[35mecho x\033\[0m')" bytes
# Of two outputs the one that is a terminal.
t sh -c '"$0" --tag "echo out; echo err >&2; : {}" ::: x >out' "$BPOOL"
printf 'x\tout\n' | cmp - out
grep -q "$(printf '\033\[35mx\033\[0m\terr')" bytes
# Of the progress what failed, of the summary too.
t "$BPOOL" --progress --summary -j1 -q 'case {} in a) exit 3;; esac
	until grep -q "/2 done, 1 running, .*1 failed" bytes; do sleep 0.01; done' ::: a b
grep -q "$(printf '/2 done, 1 running, \033\[31m1 failed\033\[0m, ')" bytes
grep -q "$(printf ' jobs, \033\[31m1 failed\033\[0m, in ')" bytes
colored bytes
rc=0
"$BPOOL" --color=sometimes true </dev/null 2>err || rc=$?
[ $rc = 2 ]
grep -e '--color sometimes: not auto, always or never' err
