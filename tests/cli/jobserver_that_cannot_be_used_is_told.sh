# SPDX-License-Identifier: MIT
# Descriptors that make closed, or that are something else by now, and a
# MAKEFLAGS that says nothing: a remark, which -q hides, and jobs run one at a
# time, or as -j says.
set -eu
echo text >file
mkfifo one other
exec 5<file 6<>one 7<>other 8<one 9>one

# bad AUTH MESSAGE
bad() {
	MAKEFLAGS=" -j4 --jobserver-auth=$1" timeout 60 \
		"$BPOOL" 'sleep 0.01; echo {%}' ::: 1 2 3 >out 2>err
	grep -q "^bpool: .*$2.*; one job at a time\$" err ||
		{ echo "$1:"; cat err; exit 1; }
	[ "$(wc -l <err)" = 1 ]
	[ "$(sort out | uniq -c | tr -d ' ')" = 31 ]
}

plus='put + before its recipe'
for auth in 77,78 -2,-2 6,78 78,6 5,5 6,7 9,8 6,5 0,1 1,2 \
	99999999999999999999,6 6,99999999999999999999 2147483649,6; do
	bad $auth "$plus"
done
for auth in '' x , 3 3, ,3 3,x 3,4x x,4 3,4,5 fifo: fifo pipe:3,4 \
	fifo:"$PWD"/file fifo:/dev/null; do
	bad "$auth" 'not a jobserver'
done
bad fifo:/nowhere/at/all "fifo:/nowhere/at/all: No such file"
for auth in 77,78 x fifo:/nowhere/at/all; do
	MAKEFLAGS=" --jobserver-auth=$auth" "$BPOOL" -q true ::: 1 2 2>err
	[ ! -s err ]
done

# -j says it; those jobs meet.
MAKEFLAGS=' -j --jobserver-auth=77,78' timeout 60 "$BPOOL" -j2 '
	: >here.{}
	until [ -e here.1 ] && [ -e here.2 ]; do sleep 0.01; done' ::: 1 2 2>err
grep "$plus.*; -j2 holds without it" err

# Lines are not taken for tokens.
seq 100 | MAKEFLAGS=' --jobserver-auth=0,0' "$BPOOL" -q -j3 echo >out
[ "$(sort -n out)" = "$(seq 100)" ]
MAKEFLAGS=' --jobserver-auth=0,0' "$BPOOL" echo ::: 1 2 2>err 0<>one
grep "$plus" err

# No jobserver is nothing to talk of.
for flags in '' 'k' ' -j4' ' -j' '-- A=--jobserver-auth=77,78' \
	' -k -Ia\ --jobserver-auth=77,78' ' -- --jobserver-auth=77,78'; do
	MAKEFLAGS=$flags "$BPOOL" -j2 true ::: 1 2 2>err
	[ ! -s err ]
done

# This is what make does to a recipe without +.
cat >Makefile <<'S'
all:
	@$(BPOOL) true ::: 1 2
S
timeout 60 make -j2 2>err
if make --version | grep -q '^GNU Make 4\.[0-3]$'; then
	grep "$plus" err
fi
